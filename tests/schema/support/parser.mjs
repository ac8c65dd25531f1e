// What the product's parser says about a document, next to what a schema can say.

import { readFileSync } from "node:fs";
import { loadPolicy, SessionError, SettingsError } from "post-session-transfer";

const { tables } = JSON.parse(readFileSync(new URL("../../../wasm/names.json", import.meta.url), "utf8"));
export const ERROR_CODES = tables.find(({ type }) => type === "ErrorCode").entries;
const IN_SCHEMA = new Map(ERROR_CODES.map(({ name, schema }) => [name, schema]));

/** The names of a table. */
export const namesOf = (table) => tables.find(({ type }) => type === table).entries.map(({ name }) => name);

/** The parser's errors; none for a document that loads. */
export async function settingsErrors(text) {
  try {
    (await loadPolicy(Buffer.from(text))).dispose();
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.errors;
    throw error;
  }
}

/** The same for sessions, of a policy that is loaded once. */
export function sessionErrors(policy, text) {
  try {
    policy.evaluate(text);
    return [];
  } catch (error) {
    if (error instanceof SessionError) return error.errors;
    throw error;
  }
}

function at(document, pointer) {
  return pointer
    .split("/")
    .slice(1)
    .reduce((value, token) => value?.[token.replaceAll("~1", "/").replaceAll("~0", "~")], document);
}

/** A schema counts characters: it cannot say that a text with characters of several bytes has too many bytes. */
const isAboutBytes = ({ pointer, unit, limit }, document) =>
  unit === "bytes" && [...at(document, pointer)].length <= limit;

/** Something about the text itself: the schema sees only what JSON.parse makes of it. */
const isAboutText = ({ code }) => code.startsWith("json_");

/** Whether a schema can say this: the table tells for each code, and there is one exception. */
const isExpressible = (error, document) => IN_SCHEMA.get(error.code) && !isAboutBytes(error, document);

/** What a schema must answer to a document with these errors: `true` = accept, `false` = refuse, `null` = either. */
export function shouldAccept(document, errors) {
  if (errors.some((error) => isExpressible(error, document))) return false;
  // Of one value the parser reports one error. One that no schema can express may stand in front of another.
  return errors.some((error) => isAboutText(error) || isAboutBytes(error, document)) ? null : true;
}
