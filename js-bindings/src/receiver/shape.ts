/** Small judges of JSON values, for the shapes that a receiver is sent. All reading goes through own keys. */
import type { Json } from "../types.js";

/** What is wrong with a body, and where: a stable name, and a JSON Pointer to the value (`""` for the whole). */
export interface Problem {
  readonly error: string;
  readonly pointer: string;
}

export type JsonObject = { readonly [key: string]: Json };
export type Judge = (value: unknown) => boolean;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const isBoolean: Judge = (value) => typeof value === "boolean";
export const isScalar: Judge = (value) => ["string", "number", "boolean"].includes(typeof value);
export const isNull: Judge = (value) => value === null;
export const isString: Judge = (value) => typeof value === "string";
export const orNull =
  (judge: Judge): Judge =>
  (value) =>
    value === null || judge(value);
export const optional =
  (judge: Judge): Judge =>
  (value) =>
    value === undefined || judge(value);

/** A text of 1 to `most` characters (code points, as JSON Schema counts). */
export const text =
  (most = Number.POSITIVE_INFINITY): Judge =>
  (value) =>
    typeof value === "string" && value !== "" && (value.length <= most || [...value].length <= most);

const TIME = /^(?:\d{4}|[+-]\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
export const isTime: Judge = (value) => typeof value === "string" && TIME.test(value);

const HANDOFF_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** A UUID of version 8, in lower case. */
export const isHandoffId = (value: unknown): value is string => typeof value === "string" && HANDOFF_ID.test(value);

/** The value at a JSON Pointer without escapes; `undefined` where nothing stands. */
export function at(value: unknown, pointer: string): unknown {
  let found = value;
  for (const key of pointer.split("/").slice(1)) {
    found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }
  return found;
}

/** The pointer to a key that may be anything. */
export const below = (pointer: string, key: string) => `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;

export type Fields = readonly (readonly [pointer: string, fits: Judge])[];

/** The first field that does not fit. */
export function misfit(value: unknown, fields: Fields): Problem | null {
  for (const [pointer, fits] of fields) {
    if (!fits(at(value, pointer))) return { error: "missing_or_wrong_type", pointer };
  }
  return null;
}

/** What hand-offs and records have in common: an object of version 1, with its id. */
export function headProblem(value: unknown): Problem | null {
  if (!isObject(value)) return { error: "not_an_object", pointer: "" };
  if (at(value, "/schema") !== 1) return { error: "schema_unknown", pointer: "/schema" };
  return isHandoffId(at(value, "/handoff_id")) ? null : { error: "not_a_uuid", pointer: "/handoff_id" };
}
