// The published schemas, and what the tests do with them.

import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";

export const NAMES = ["settings", "session", "decision", "handoff"];

export const readSchema = (name) =>
  JSON.parse(readFileSync(new URL(`../../../js-bindings/schemas/${name}.schema.json`, import.meta.url), "utf8"));

const OPTIONS = {
  allowUnionTypes: true,
  // Formats are annotations here, as the specification has it by default; every constraint is in a pattern.
  validateFormats: false,
  // JSON.parse makes Infinity of 1e400. That is for the parser to refuse: a schema does not see the text.
  strictNumbers: false,
};

/** Compiles a schema; one that a person mistyped (an unknown keyword, a constraint that cannot apply) throws. */
export const compile = (schema) =>
  new Ajv2020({
    ...OPTIONS,
    strict: true,
    // Conditions speak of fields that are described elsewhere, and what tolerates every type names none.
    strictRequired: false,
    strictTypes: false,
  }).compile(schema);

/** The same for a schema that a test has damaged; there are hundreds, so that compiling counts more than checking. */
export const compileDamaged = (schema) =>
  new Ajv2020({
    ...OPTIONS,
    strict: false,
    validateSchema: false,
    inlineRefs: false,
    code: { optimize: false },
  }).compile(schema);

export const compilePublished = (name) => compile(readSchema(name));

/** A copy in which every object with listed properties takes no others: what we write must have no field that the schema does not describe. */
export function closed(schema) {
  if (Array.isArray(schema)) return schema.map(closed);
  if (schema === null || typeof schema !== "object") return schema;
  const copy = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, key === "examples" ? value : closed(value)]),
  );
  // Conditions and their consequences list only the fields that they are about: these have no `type`.
  return copy.type === "object" && copy.properties !== undefined ? { ...copy, additionalProperties: false } : copy;
}

/** What ajv has to say, in one line. */
export const complaints = (validate) =>
  (validate.errors ?? [])
    .map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`)
    .join("; ");
