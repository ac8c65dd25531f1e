/** JSON text that the core takes, whatever stands in the data. */
import { wellFormed } from "./plain.js";

/** As deep as a session may be, and may be once more inside of what a flow is told. */
const DEPTH = 32;
/** NUL, a lone surrogate, and digits that may be beyond 2^53: the core refuses a text that has them. */
const REFUSED = /\\u0000|\\ud[89a-f]|\d{16}/;
const OPENING = /[[{]/g;

/**
 * What no text can carry does not make the rest unreadable: NUL and lone surrogates become U+FFFD, integers beyond 2^53 are written with an exponent,
 * and what is nested too deeply, or in itself, becomes `null`. Throws what reading the data throws.
 *
 * @param extra how much deeper it may be
 */
export function coreText(value: unknown, extra = 0): string {
  try {
    // What JSON.stringify makes nothing of (a function) is of no type that anything could be.
    const text = JSON.stringify(value) ?? "null";
    if (!REFUSED.test(text) && (text.match(OPENING)?.length ?? 0) <= DEPTH) return text;
  } catch {
    // A bigint, or a cycle. What was thrown by the data itself is thrown again below.
  }
  return written(value, DEPTH + extra, []) ?? "null";
}

/** Nothing for what JSON has no word for. */
function written(value: unknown, depth: number, around: readonly object[]): string | undefined {
  switch (typeof value) {
    case "string":
      return JSON.stringify(wellFormed(value).replaceAll("\0", "\uFFFD"));
    case "number":
      return Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : JSON.stringify(value);
    case "boolean":
      return String(value);
    case "object":
      break;
    default:
      return undefined;
  }
  if (value === null) return "null";
  if ("toJSON" in value && typeof value.toJSON === "function")
    return written(value.toJSON(), depth, [...around, value]);
  if (depth === 0 || around.includes(value)) return "null";
  const inside = [...around, value];
  const member = (one: unknown) => written(one, depth - 1, inside);
  if (Array.isArray(value)) return `[${Array.from(value, (item: unknown) => member(item) ?? "null").join(",")}]`;
  const members = Object.entries(value).flatMap(([name, item]) => {
    const text = member(item);
    return text === undefined ? [] : [`${written(name, 0, [])}:${text}`];
  });
  return `{${members.join(",")}}`;
}
