import { ConfigurationError } from "../errors.js";
import type { Json } from "../types.js";
import { below, isObject, type JsonObject } from "./shape.js";

/** What has come of a merge. Both lists hold JSON Pointers. */
export interface MergedMetadata {
  /** A new object; what was given is not changed. */
  readonly metadata: JsonObject;
  /** To what stood there already, with another value than the fragment's (`null` is one, too), and was left as it is. */
  readonly kept: readonly string[];
  /** To what no fragment has, and was not added: keys beside `data_parameters` and `post_session_transfer`, or one of these that is no object. */
  readonly ignored: readonly string[];
}

/**
 * Adds a record's fragment to the platform's metadata of a session, without overwriting anything: `data_parameters` key by key, so that those that are
 * there stay, `post_session_transfer` whole or not at all, so that it never tells half of one transfer and half of another. Nothing else is added.
 * Merging the same fragment again changes nothing. Throws `ConfigurationError` (`metadata_invalid`) when one of them is no object.
 */
export function mergeMetadata(metadata: object, fragment: object): MergedMetadata {
  if (!isObject(metadata) || !isObject(fragment))
    throw new ConfigurationError("metadata_invalid", "Metadata and fragment have to be objects.");
  const kept: string[] = [];
  const ignored: string[] = [];
  const merged = new Map(Object.entries(metadata));
  for (const [key, value] of Object.entries(fragment)) {
    const place = below("", key);
    const there = merged.get(key);
    if ((key !== "data_parameters" && key !== "post_session_transfer") || !isObject(value)) ignored.push(place);
    else if (!merged.has(key) || (key === "data_parameters" && isObject(there)))
      merged.set(key, key === "data_parameters" ? added(isObject(there) ? there : {}, value, place, kept) : value);
    else if (!same(there, value)) kept.push(place);
  }
  return { metadata: Object.fromEntries(merged), kept, ignored };
}

/** What is there, and what is not there yet. */
function added(there: JsonObject, more: JsonObject, pointer: string, kept: string[]): JsonObject {
  const all = new Map(Object.entries(there));
  for (const [key, value] of Object.entries(more)) {
    // Harmless here, but not to whoever copies the result by assignment.
    if (key === "__proto__") kept.push(below(pointer, key));
    else if (!all.has(key)) all.set(key, value);
    else if (!same(all.get(key), value)) kept.push(below(pointer, key));
  }
  return Object.fromEntries(all);
}

/** Equal as JSON, whatever the order of keys. */
function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => same(item, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
}
