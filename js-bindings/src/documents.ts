/** Where settings and sessions come from: an object, text, bytes, or a place to fetch them from. */
import type { CoreText } from "./core.js";
import { coreText } from "./core-text.js";
import { SettingsError } from "./errors.js";
import { NOT_JSON, sessionError, settingsError } from "./findings.js";
import type { Platform } from "./platform.js";
import type { FetchLike, SessionFacts, SettingsSource } from "./types.js";

/** Twice what the core takes, so that it is the core that refuses a document for its size. */
const MOST_BYTES = 8 * 1024 * 1024;

/** The settings document as text. Rejects with `SettingsError` (`settings_unavailable`, or `settings_invalid` for an object that is no JSON). */
export async function settingsText(
  source: SettingsSource | undefined,
  platform: Platform,
  options: { readonly fetch?: FetchLike | undefined; readonly signal?: AbortSignal | undefined },
): Promise<CoreText | undefined> {
  if (source === undefined || source instanceof Uint8Array) return source;
  const url = settingsUrl(source);
  if (url !== null) return fetchDocument(url, platform, options);
  if (typeof source === "string") return source;
  try {
    // What JSON.stringify makes nothing of (a function) becomes a document of the wrong type.
    return JSON.stringify(source) ?? "null";
  } catch (error) {
    throw settingsError(NOT_JSON, error);
  }
}

/** Text that is a document is never taken for an address: a relative one must look like a path. Throws `SettingsError` where it leads nowhere. */
function settingsUrl(source: object | string): URL | null {
  if (source instanceof URL) return source;
  if (typeof source !== "string" || /[\s{}"<>]/.test(source.trim())) return null;
  const text = source.trim();
  if (!/^(https?:|\.{0,2}\/)/i.test(text)) return null;
  const base = typeof document === "object" ? document.baseURI : globalThis.location?.href;
  try {
    return new URL(text, base);
  } catch {
    throw unavailable(
      base === undefined && !/^https?:/i.test(text)
        ? 'a relative URL has no base here. Pass an absolute one, such as new URL("./settings.json", import.meta.url)'
        : "this is no URL",
    );
  }
}

async function fetchDocument(
  url: URL,
  platform: Platform,
  options: { readonly fetch?: FetchLike | undefined; readonly signal?: AbortSignal | undefined },
): Promise<CoreText> {
  const place = `${url.origin === "null" ? url.protocol : url.origin}${url.pathname}`;
  try {
    const file = platform.readFile?.(url);
    if (file) return await file;
    const get = options.fetch ?? ((to: string, init: RequestInit) => globalThis.fetch(to, init));
    const response = await get(url.href, { credentials: "same-origin", signal: options.signal ?? null });
    if (!response.ok) throw unavailable(`${place} answered ${response.status}`);
    // As bytes: the core judges the encoding.
    const bytes = new Uint8Array(await response.arrayBuffer());
    return bytes.subarray(0, MOST_BYTES);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof SettingsError) throw error;
    // Not the runtime's text: it may repeat the whole URL, with what stands in it.
    throw unavailable(`${place}: ${error instanceof Error ? error.name : typeof error}`, error);
  }
}

function unavailable(why: string, cause?: unknown): SettingsError {
  return new SettingsError("settings_unavailable", `The settings document could not be loaded: ${why}.`, [], cause);
}

/**
 * A session as text for the core, which judges it. A text is judged as it is; in an object nothing but the id can be wrong. Throws `SessionError` for
 * one that cannot be read.
 */
export function sessionText(session: SessionFacts | string): string {
  if (typeof session === "string") return session;
  try {
    return coreText(session);
  } catch (error) {
    throw sessionError(NOT_JSON, error);
  }
}
