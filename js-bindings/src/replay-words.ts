import type { Compared, ReplayDifference } from "./replay-log.js";
import { VERSION } from "./version.js";

/** The first difference, in one sentence or a few. */
export function inWords({ at, session, entry, fields, expected, actual, recorded_with }: ReplayDifference): string {
  const what = entry.type === "begin" ? "the decision" : `the answer to "${entry.event.type}"`;
  const sides = fields.map((field) => sideBySide(field, expected, actual)).join("; ");
  const versions =
    recorded_with === VERSION ? "" : ` The log was recorded with version ${recorded_with}, and this is ${VERSION}.`;
  return `Entry ${at} (session ${session}, ${entry.at}): ${what} differs: ${sides}.${versions}`;
}

function sideBySide(field: string, expected: Compared, actual: Compared): string {
  if (field !== "effects") return `${field} was ${shown(expected[field])}, is ${shown(actual[field])}`;
  return `effects were ${listed(expected.effects)}, are ${listed(actual.effects)}`;
}

const shown = (value: unknown): string => (value === null || value === undefined ? "none" : String(value));
const listed = (value: unknown): string => (value as readonly string[]).join(", ") || "none";
