/** JSON text that the core takes, whatever stands in the data. */
import { wellFormed } from "./plain.js";

/** As deep as a session may be, and may be once more inside of what a flow is told. */
const DEPTH = 32;
/** NUL, a lone surrogate, and digits that may be beyond 2^53: the core refuses a text that has them. */
const REFUSED = /\\u0000|\\ud[89a-f]|\d{16}/;

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
    if (!REFUSED.test(text) && depthOf(text) <= DEPTH) return text;
  } catch {
    // A bigint, or a cycle. What was thrown by the data itself is thrown again below.
  }
  return written(value, DEPTH + extra, []) ?? "null";
}

/** How deep JSON text is nested. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text[at]) {
      case '"':
        at = endOfString(text, at + 1);
        break;
      case "{":
      case "[":
        depth += 1;
        deepest = Math.max(deepest, depth);
        break;
      case "}":
      case "]":
        depth -= 1;
        break;
    }
  }
  return deepest;
}

/** Where the quotation mark after a string stands. */
function endOfString(text: string, start: number): number {
  let at = start;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at;
}

/** What JSON.stringify writes in its place. */
function replaced(value: unknown): unknown {
  const own = value !== null && typeof value === "object" && "toJSON" in value ? value.toJSON : undefined;
  const given: unknown = typeof own === "function" ? own.call(value) : value;
  return given instanceof String || given instanceof Number || given instanceof Boolean ? given.valueOf() : given;
}

/** Nothing for what JSON has no word for. */
function written(given: unknown, depth: number, around: readonly object[]): string | undefined {
  const value = replaced(given);
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
  if (depth === 0 || around.includes(value)) return "null";
  const inside = [...around, value];
  const member = (one: unknown) => written(one, depth - 1, inside);
  if (Array.isArray(value)) return `[${Array.from(value, (item: unknown) => member(item) ?? "null").join(",")}]`;
  // By the name that is written: two may become one.
  const members = new Map<string | undefined, string>();
  for (const [name, item] of Object.entries(value)) {
    const text = member(item);
    if (text !== undefined) members.set(written(name, 0, []), text);
  }
  return `{${Array.from(members, ([name, text]) => `${name}:${text}`).join(",")}}`;
}
