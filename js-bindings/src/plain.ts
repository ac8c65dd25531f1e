/** Makes plain JSON data of anything, for what comes from the SDK, the network or a page: it may be of any type, cyclic, or throw when read. */
import type { Json } from "./types.js";

const DEPTH = 12;
const NODES = 10_000;
const TEXT = 64 * 1024;

/** Replaces lone surrogates with U+FFFD: they are no text, and nothing downstream takes them. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\uFFFD");
}

/** A copy as JSON; functions, symbols and what cannot be read become `undefined` (left out). Bounded in depth and size. */
export function plain(value: unknown): Json | undefined {
  let nodes = 0;
  const copy = (from: unknown, depth: number): Json | undefined => {
    nodes += 1;
    if (nodes > NODES) return undefined;
    switch (typeof from) {
      case "string":
        return wellFormed(from.length > TEXT ? from.slice(0, TEXT) : from);
      case "boolean":
        return from;
      case "number":
        return Number.isFinite(from) ? from : null;
      case "object":
        if (from === null) return null;
        return depth >= DEPTH ? undefined : copyObject(from, depth);
      default:
        return undefined;
    }
  };
  const copyObject = (from: object, depth: number): Json | undefined => {
    try {
      if (from instanceof Date) return Number.isNaN(from.getTime()) ? null : from.toISOString();
      if (Array.isArray(from))
        return Array.from(from.slice(0, NODES), (item: unknown) => copy(item, depth + 1) ?? null);
      const entries: [string, Json][] = [];
      for (const key of Object.keys(from)) {
        if (nodes > NODES) break;
        let item: unknown;
        try {
          item = (from as Record<string, unknown>)[key];
        } catch {
          continue;
        }
        const made = copy(item, depth + 1);
        if (made !== undefined) entries.push([wellFormed(key), made]);
      }
      // Also safe for a key that is `__proto__`.
      return Object.fromEntries(entries);
    } catch {
      return undefined;
    }
  };
  return copy(value, 0);
}

/** The same for what must be an object; anything else is an empty one. */
export function plainObject(value: unknown): { readonly [key: string]: Json } {
  const made = plain(value);
  return made !== null && typeof made === "object" && !Array.isArray(made)
    ? (made as { readonly [key: string]: Json })
    : {};
}
