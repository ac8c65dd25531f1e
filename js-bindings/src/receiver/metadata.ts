import { ConfigurationError } from "../errors.js";
import type { Json } from "../types.js";
import { below, isObject, type JsonObject } from "./shape.js";

/** What has come of a merge. */
export interface MergedMetadata {
  /** A new object; what was given is not changed. */
  readonly metadata: JsonObject;
  /** JSON Pointers to what stood there already, with another value than the fragment's, and was left as it is. */
  readonly kept: readonly string[];
}

/** Merged key by key; whatever else a fragment brings is added whole, or not at all. */
const SHARED = ["data_parameters", "post_session_transfer"];

/**
 * Adds a record's fragment to the platform's metadata of a session, without overwriting anything: who handled the session, and the parameters that
 * are there already, stay. Merging the same fragment again changes nothing. Throws `ConfigurationError` (`metadata_invalid`) when one of them is no object.
 */
export function mergeMetadata(metadata: object, fragment: object): MergedMetadata {
  if (!isObject(metadata) || !isObject(fragment))
    throw new ConfigurationError("metadata_invalid", "Metadata and fragment have to be objects.");
  const kept: string[] = [];
  const merge = (into: JsonObject, from: JsonObject, pointer: string): JsonObject => {
    const merged = new Map(Object.entries(into));
    for (const [key, value] of Object.entries(from)) {
      const there = merged.get(key);
      const place = below(pointer, key);
      // Harmless here, but not to whoever copies the result by assignment.
      if (key === "__proto__") kept.push(place);
      else if (pointer === "" && SHARED.includes(key) && isObject(there ?? {}) && isObject(value))
        merged.set(key, merge((there ?? {}) as JsonObject, value, place));
      else if (!merged.has(key)) merged.set(key, value);
      else if (!same(there, value)) kept.push(place);
    }
    return Object.fromEntries(merged);
  };
  return { metadata: merge(metadata, fragment, ""), kept };
}

/** Equal as JSON, whatever the order of keys. */
function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => same(item, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
}
