// Google's published v3 types, and what its JSON mapping makes of a document: strictly, an unknown name or a wrong type is a finding.

import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
// Google's client brings its own JSON mapping; the one that it uses is the one to be measured by.
const gax = createRequire(require.resolve("@google-cloud/dialogflow-cx"))("google-gax");
const root = gax.protobuf.Root.fromJSON(require("@google-cloud/dialogflow-cx/build/protos/protos.json"));
root.resolveAll();

const PACKAGE = "google.cloud.dialogflow.cx.v3";

/** @param {string} name such as `DetectIntentRequest` */
export const typeNamed = (name) => root.lookupType(`${PACKAGE}.${name}`);

const detectIntent = root.lookupService(`${PACKAGE}.Sessions`).methods.DetectIntent;

/** The path templates that Google publishes for the method, as patterns with the session's name as `session`. */
export const detectIntentPaths = detectIntent.parsedOptions
  .flatMap((option) => option["(google.api.http)"] ?? [])
  .flatMap((rule) => [rule, ...[rule.additional_bindings ?? []].flat()])
  .map(({ post }) => pathPattern(post));

function pathPattern(template) {
  const [, before, name, inside, after] = /^(.*)\{(\w+)=([^}]*)\}(.*)$/.exec(template);
  const segments = inside
    .split("/")
    .map((segment) => (segment === "*" ? "[^/]+" : segment))
    .join("/");
  return new RegExp(`^${before}(?<${name}>${segments})${after}$`);
}

/** The message that a JSON document stands for. Throws where the mapping refuses it. */
export const fromJson = (type, json) => gax.serializer.fromProto3JSON(type, json);

/** @param {{numericEnums?: boolean}} [options] enumerations as numbers, as Google's clients ask for */
export const toJson = (message, options) => gax.serializer.toProto3JSON(message, options);

const INTEGER = /^u?int(32|64)$|^s?fixed(32|64)$|^sint(32|64)$/;

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/** What a strict reader has against `json` as a message of `type`: `[{path, problem}]`, empty where it has nothing. */
export function problemsOf(type, json, path = "") {
  const problems = [];
  checkMessage(type, json, path, (at, problem) => problems.push({ path: at, problem }));
  return problems;
}

const WELL_KNOWN = {
  ".google.protobuf.Struct": (json, path, say) => isObject(json) || say(path, "is no object"),
  ".google.protobuf.Value": () => {},
  ".google.protobuf.ListValue": (json, path, say) => Array.isArray(json) || say(path, "is no array"),
  ".google.protobuf.Duration": (json, path, say) =>
    (typeof json === "string" && /^-?\d+(\.\d{1,9})?s$/.test(json)) || say(path, "is no duration"),
  ".google.protobuf.Timestamp": (json, path, say) =>
    (typeof json === "string" && !Number.isNaN(Date.parse(json))) || say(path, "is no timestamp"),
  ".google.protobuf.FieldMask": (json, path, say) => typeof json === "string" || say(path, "is no field mask"),
};

function checkMessage(type, json, path, say) {
  const known = WELL_KNOWN[type.fullName];
  if (known !== undefined) return void known(json, path, say);
  if (!isObject(json)) return say(path, `is no ${type.name}`);
  const taken = new Map();
  for (const [name, value] of Object.entries(json)) {
    const at = path === "" ? name : `${path}.${name}`;
    const field = Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
    if (field === undefined) {
      say(at, `unknown name in ${type.name}`);
      continue;
    }
    const union = field.partOf?.name;
    if (union !== undefined && taken.has(union)) say(at, `${union} is set already, by ${taken.get(union)}`);
    taken.set(union, name);
    checkField(field, value, at, say);
  }
  return undefined;
}

function checkField(field, value, path, say) {
  if (field.map) {
    if (!isObject(value)) return say(path, "is no object");
    for (const [key, item] of Object.entries(value)) checkSingle(field, item, `${path}.${key}`, say);
  } else if (field.repeated) {
    if (!Array.isArray(value)) return say(path, "is no array");
    for (const [at, item] of value.entries()) checkSingle(field, item, `${path}[${at}]`, say);
  } else checkSingle(field, value, path, say);
  return undefined;
}

function checkSingle(field, value, path, say) {
  const { resolvedType, type } = field;
  if (resolvedType !== null && "fields" in resolvedType) return checkMessage(resolvedType, value, path, say);
  if (resolvedType !== null) {
    const known = Object.hasOwn(resolvedType.values, value) || Object.values(resolvedType.values).includes(value);
    return known ? undefined : say(path, `is no ${resolvedType.name}`);
  }
  const right =
    type === "bool"
      ? typeof value === "boolean"
      : type === "string" || type === "bytes"
        ? typeof value === "string"
        : INTEGER.test(type)
          ? /^-?\d+$/.test(String(value))
          : typeof value === "number" || ["NaN", "Infinity", "-Infinity"].includes(value);
  return right ? undefined : say(path, `is no ${type}`);
}
