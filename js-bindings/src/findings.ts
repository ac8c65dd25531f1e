/** The core finds what is wrong; here it is put into words, and into errors that can be thrown. */
import { SessionError, SettingsError } from "./errors.js";
import { ERROR_CODES, WARNING_CODES } from "./name-lists.js";
import type { Finding, Warning } from "./types.js";

/** As the core reports it: without a text for people. */
export type RawFinding = Omit<Finding, "message">;
export type RawWarning = Omit<Warning, "message">;

/** An object that JSON.stringify throws at: cyclic, or with a BigInt. */
export const NOT_JSON: readonly RawFinding[] = [{ code: "json_syntax", pointer: "", found: "", expected: [] }];

const MEANS = new Map<string, string>([...ERROR_CODES, ...WARNING_CODES].map(({ name, means }) => [name, means]));
/** A list longer than this helps nobody. */
const NAMED = 12;

/** Texts of a document are hostile: control characters and direction marks in them are written out. */
function harmless(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu,
    (character) => `\\u${character.codePointAt(0)?.toString(16).padStart(4, "0")}`,
  );
}

function message({ code, found, expected = [], limit, unit }: RawFinding | RawWarning): string {
  const parts = [MEANS.get(code) ?? code];
  if (found !== undefined && found !== "") parts.push(`Found ${harmless(found)}.`);
  if (expected.length > 0) {
    const names = expected.slice(0, NAMED).map(harmless).join(", ");
    parts.push(`Possible here: ${names}${expected.length > NAMED ? ", …" : ""}.`);
  }
  if (limit !== undefined) parts.push(`The limit is ${limit} ${unit ?? ""}`.trim().concat("."));
  return parts.join(" ");
}

export function worded(raw: readonly RawFinding[]): readonly Finding[] {
  return raw.map((finding) => ({ ...finding, message: message(finding) }));
}

export function wordedWarnings(raw: readonly RawWarning[]): readonly Warning[] {
  return raw.map((warning) => ({ ...warning, message: message(warning) }));
}

export function settingsError(raw: readonly RawFinding[], cause?: unknown): SettingsError {
  const errors = worded(raw);
  return new SettingsError("settings_invalid", summary("settings document", errors), errors, cause);
}

export function sessionError(raw: readonly RawFinding[], cause?: unknown): SessionError {
  const errors = worded(raw);
  return new SessionError(summary("session", errors), errors, cause);
}

/** Names the first error, and how many more there are. */
function summary(what: string, errors: readonly Finding[]): string {
  const [first, ...more] = errors;
  if (first === undefined) return `The ${what} cannot be used.`;
  const place = first.line === undefined ? first.pointer : `line ${first.line}, column ${first.column ?? 1}`;
  const where = place === "" ? "" : `${place}: `;
  const others = more.length > 0 ? ` (and ${more.length} more)` : "";
  return `The ${what} cannot be used: ${where}${first.message} [${first.code}]${others}`;
}
