// Damages a schema in every place where it constrains something, one place at a time: what a person could get wrong.

const ANNOTATIONS = new Set(["$schema", "$id", "$comment", "title", "description", "default", "examples", "format"]);
const REMOVED = new Set([
  "type",
  "enum",
  "const",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "minimum",
  "maximum",
  "pattern",
  "additionalProperties",
  "items",
  "anyOf",
  "oneOf",
  "not",
  "if",
  "then",
  "else",
  "$ref",
  "propertyNames",
  "maxProperties",
  "format",
]);
/** Keywords whose value is a map of schemas, and no schema itself. */
const MAPS = new Set(["properties", "$defs"]);

function* damagesOf(schema, path, isMap) {
  if (schema === null || typeof schema !== "object") return;
  for (const [key, value] of Object.entries(schema)) {
    const here = [...path, key];
    if (isMap) {
      yield { what: `${here.join("/")}: gone`, path: here };
      if (value === false) yield { what: `${here.join("/")}: allowed`, path: here, value: true };
      else yield* damagesOf(value, here, false);
      continue;
    }
    if (Array.isArray(schema)) {
      if (typeof value === "string") yield { what: `${path.join("/")}: without ${value}`, path: here };
      else {
        yield { what: `${here.join("/")}: gone`, path: here };
        yield* damagesOf(value, here, false);
      }
      continue;
    }
    if (ANNOTATIONS.has(key)) continue;
    if (REMOVED.has(key)) yield { what: `${here.join("/")}: gone`, path: here };
    if (typeof value === "number" && key !== "const") {
      for (const step of [-1, 1]) yield { what: `${here.join("/")}: ${value + step}`, path: here, value: value + step };
    }
    yield* damagesOf(value, here, MAPS.has(key));
  }
}

/** Every damage to a schema as `{what, schema}`. */
export function* damages(schema) {
  for (const { what, path, value } of damagesOf(schema, [], false)) {
    const copy = structuredClone(schema);
    const parent = path.slice(0, -1).reduce((node, key) => node[key], copy);
    const key = path.at(-1);
    if (value !== undefined) parent[key] = value;
    else if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
    yield { what, schema: copy };
  }
}
