/** The host's own texts: read, judged one by one, and laid over a catalogue. */
import { ENGLISH, type MessageKey } from "../messages-en.js";
import { wellFormed } from "../plain.js";
import type { Diagnostic } from "../types.js";
import type { Catalogue } from "./catalogue.js";
import { fold } from "./match.js";

/** The most UTF-16 units that a text may have. */
const LONGEST_TEXT = 1000;

/** In the SDK's own `messages` texts are in groups; ours may be in this one. */
const GROUP = "post_session";

type Texts = Partial<Record<MessageKey, string>>;

/** The texts that were accepted, by folded tag. Each has at least one. */
export type Overrides = ReadonlyMap<string, Texts>;

/**
 * Reads `{ [language]: { [key]: text } }`, or with the texts in a group `post_session`. Other groups are the SDK's. A text that cannot be used is
 * left out, with a diagnostic `message_ignored`.
 */
export function readOverrides(messages: unknown, diagnostic: (said: Diagnostic) => void): Overrides {
  const overrides = new Map<string, Texts>();
  for (const [locale, value] of entries(messages)) {
    const tag = fold(locale);
    const ignored = (key: string, message: string) =>
      diagnostic({ code: "message_ignored", locale, key, message: `messages.${locale}: ${message}` });
    if (tag === undefined) {
      ignored("", "This is no language tag.");
      continue;
    }
    const texts: Texts = overrides.get(tag) ?? {};
    for (const [key, given] of ungrouped(value)) {
      const text = isBlank(given) ? "" : given;
      const fault = faultOf(key, text);
      if (fault === undefined) texts[key as MessageKey] = wellFormed(text as string);
      else ignored(key, fault);
    }
    if (Object.keys(texts).length > 0) overrides.set(tag, texts);
  }
  return overrides;
}

/** Keys and texts of one language; those in our group come last, so that they win. */
function* ungrouped(value: unknown): Generator<[string, unknown]> {
  const grouped: [string, unknown][] = [];
  for (const [key, given] of entries(value)) {
    if (key === GROUP) grouped.push(...entries(given));
    else if (given !== undefined && (typeof given !== "object" || given === null)) yield [key, given];
  }
  for (const [key, given] of grouped) if (given !== undefined) yield [key, given];
}

function faultOf(key: string, text: unknown): string | undefined {
  if (!Object.hasOwn(ENGLISH, key)) return `There is no text "${key.slice(0, 80)}".`;
  if (typeof text !== "string") return `"${key}" is not a string.`;
  if (text.length > LONGEST_TEXT) return `"${key}" has more than ${LONGEST_TEXT} characters.`;
  if (text === "") return maySuppress(key) ? undefined : `"${key}" must not be empty.`;
  const wanted = placeholders(ENGLISH[key as MessageKey]);
  const found = placeholders(text);
  const lost = wanted.find((placeholder) => !found.includes(placeholder));
  if (lost !== undefined) return `"${key}" has lost its ${lost}.`;
  const foreign = found.find((placeholder) => !wanted.includes(placeholder));
  return foreign === undefined ? undefined : `"${key}" has no value for ${foreign}.`;
}

/** A title and a label must say something; the text below a title may be left away. */
const maySuppress = (key: string): boolean => key.endsWith("_body") || key.startsWith("reason_");

/** The SDK too takes `null` for "say nothing". */
const isBlank = (given: unknown): boolean => given === null || (typeof given === "string" && given.trim() === "");

const placeholders = (text: string): string[] => text.match(/\{\d\}/g) ?? [];

function entries(value: unknown): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  try {
    return Object.entries(value);
  } catch {
    return [];
  }
}

/** The catalogue with the host's texts in it, the most general ones first; `null` where they change nothing. */
export function overlaid(base: Catalogue, layers: readonly Texts[]): Catalogue | null {
  const texts: Record<MessageKey, string> = { ...base.texts };
  for (const layer of layers) Object.assign(texts, layer);
  const keys = Object.keys(ENGLISH) as MessageKey[];
  if (keys.every((key) => texts[key] === base.texts[key])) return null;
  const effective = JSON.stringify(keys.map((key) => texts[key]));
  return { ...base, version: `${base.version}+${fnv1a(effective)}`, texts };
}

/** FNV-1a, 32 bits, of the text's UTF-8: eight hex digits. It tells wordings apart and proves nothing. */
function fnv1a(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
