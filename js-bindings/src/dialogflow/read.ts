/** Reads hostile JSON: each function takes what is right and answers `null` to everything else. */
import { plain } from "../plain.js";

const TEXT = 8192;
const LIST = 50;
const URL_CHARACTERS = 2048;
const KEY = 128;
const PROTOTYPE_NAMES = ["__proto__", "constructor", "prototype"];

type Fields = Readonly<Record<string, unknown>>;

export function object(value: unknown): Fields | null {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Fields) : null;
}

/** A member of the object's own; `undefined` where it has none. */
export function own(from: Fields, name: string): unknown {
  return Object.hasOwn(from, name) ? from[name] : undefined;
}

/** Not empty; cut where it is too long. */
export function text(value: unknown): string | null {
  if (typeof value !== "string" || value === "") return null;
  if (value.length <= TEXT) return value;
  // Half a surrogate pair is no character.
  return `${value.slice(0, TEXT - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** Short, and safe as a name of anything. */
export function key(value: unknown): string | null {
  const usable = typeof value === "string" && value !== "" && value.length <= KEY && !PROTOTYPE_NAMES.includes(value);
  return usable ? value : null;
}

export function oneOf<T extends string>(value: unknown, names: readonly T[]): T | null {
  return names.find((name) => name === value) ?? null;
}

/** A name, or an address in numbers. The URL standard lets quotes into a host, which would end an attribute in markup. */
const HOST = /^([\w.-]+|\[[\da-f:.]+\])$/;

/** Where it is safe to lead a person to. */
export function url(value: unknown): string | null {
  if (typeof value !== "string" || value.length > URL_CHARACTERS) return null;
  try {
    const { protocol, hostname, username, password, href } = new URL(value);
    const safe = /^https?:$/.test(protocol) && HOST.test(hostname) && username === "" && password === "";
    // The other quote that the standard leaves as it is.
    return safe ? href.replaceAll("'", "%27") : null;
  } catch {
    return null;
  }
}

/** The items that `read` takes, the first fifty of them, and how many it does not. */
export function items<T>(
  value: unknown,
  read: (item: unknown) => T | null,
): { readonly taken: readonly T[]; readonly dropped: number } {
  if (!Array.isArray(value)) return { taken: [], dropped: 0 };
  const taken: T[] = [];
  for (const item of value.slice(0, LIST)) {
    const made = read(item);
    if (made !== null) taken.push(made);
  }
  return { taken, dropped: value.length - taken.length };
}

/** A copy of an object whose members have names that nothing can be done with but to read them. */
export function data(value: unknown): Fields | null {
  const copy = object(plain(object(value)));
  return copy === null || namesPrototype(copy) ? null : copy;
}

function namesPrototype(value: unknown): boolean {
  if (value === null || typeof value !== "object") return false;
  return Object.entries(value).some(([name, item]) => PROTOTYPE_NAMES.includes(name) || namesPrototype(item));
}
