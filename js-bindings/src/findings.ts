/** The core finds what is wrong; here it is put into words, and into errors that can be thrown. */
import { SessionError, SettingsError } from "./errors.js";
import { ERROR_CODES, WARNING_CODES } from "./name-lists.js";
import { nearest } from "./nearest.js";
import type { Finding, Warning } from "./types.js";

/** As the core reports it: without a text for people. */
export type RawFinding = Omit<Finding, "message">;
export type RawWarning = Omit<Warning, "message">;

/** An object that JSON.stringify throws at: cyclic, or with a BigInt. */
export const NOT_JSON: readonly RawFinding[] = [{ code: "json_syntax", pointer: "", found: "", expected: [] }];

const TEXTS = new Map<string, { means: string; do: string }>(
  [...ERROR_CODES, ...WARNING_CODES].map((entry) => [entry.name, entry]),
);
/** A list longer than this helps nobody. */
const NAMED = 12;

/** Texts of a document are hostile: control characters and direction marks in them are written out. */
export function harmless(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu,
    (character) => `\\u${character.codePointAt(0)?.toString(16).padStart(4, "0")}`,
  );
}

/** What is wrong, and what to write instead. */
function message(finding: RawFinding | RawWarning): string {
  const { code, found = "", expected = [], limit, unit } = finding;
  const shown = harmless(found);
  if (limit !== undefined) return `This is too long: at most ${limit} ${unit} are allowed here.`;
  switch (code) {
    case "field_unknown":
      return `There is no field "${shown}" here. ${suggestion(found, expected, "Fields here")}`;
    case "field_missing":
      return `The field "${shown}" is required here. Add it.`;
    case "type_mismatch":
      return `This must be ${expected.map(withArticle).join(" or ")}, but it is ${shown}.`;
    case "value_invalid":
      // Only for a text another text may be meant.
      return `${shown} is not allowed here. ${suggestion(found.startsWith('"') ? found.replaceAll('"', "") : "", expected, "Possible here")}`;
    default: {
      const text = TEXTS.get(code);
      // Of a list or an object it is enough to know where it stands.
      const subject = shown === "" || finding.code.startsWith("list_") ? "" : ` Found ${shown}.`;
      return text === undefined ? code : `${text.means}${subject} ${text.do}`;
    }
  }
}

export function suggestion(typed: string, known: readonly string[], title: string): string {
  const meant = nearest(typed, known);
  if (meant !== undefined) return `Did you mean "${meant}"?`;
  return known.length === 0 ? "" : `${title}: ${known.slice(0, NAMED).join(", ")}${known.length > NAMED ? ", …" : ""}.`;
}

const withArticle = (type: string): string =>
  type.includes(" ") ? type : `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`;

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
  const place = first.line === undefined ? harmless(first.pointer) : `line ${first.line}, column ${first.column ?? 1}`;
  const where = place === "" ? "" : `${place}: `;
  const others = more.length > 0 ? ` (and ${more.length} more)` : "";
  return `The ${what} cannot be used: ${where}${first.message} [${first.code}]${others}`;
}
