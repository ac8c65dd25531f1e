// Writes the enumerations of the JSON Schemas from wasm/names.json. A `$comment` beside an `enum` says which table it is:
// `names.json: Source` holds all of the table's names (and null, where it stands there), `names.json: some of Reason` only some of them, and those
// are checked. Everything else in the schemas is written by hand.
// `--check` writes nothing and fails when an enumeration is out of date.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { isDeepStrictEqual } from "node:util";

const root = new URL("../", import.meta.url);
const folder = new URL("js-bindings/schemas/", root);
const { tables } = JSON.parse(readFileSync(new URL("wasm/names.json", root), "utf8"));
const namesOf = new Map(tables.map(({ type, entries }) => [type, entries.map(({ name }) => name)]));
const check = process.argv.includes("--check");

/** Brings the enumerations of a schema up to date, in place; answers with what cannot be mended here. */
export function updateEnumerations(schema, names = namesOf, path = "") {
  if (schema === null || typeof schema !== "object") return [];
  const [, some, type] = /^names\.json: (some of )?(\w+)$/.exec(schema.$comment ?? "") ?? [];
  const problems = [];
  if (type !== undefined) {
    const all = names.get(type);
    const strangers = (schema.enum ?? []).filter((name) => name !== null && !all?.includes(name));
    if (all === undefined || !Array.isArray(schema.enum))
      problems.push(`${path}: there is no table or no enum for ${type}`);
    else if (some === undefined) schema.enum = schema.enum.includes(null) ? [...all, null] : [...all];
    else if (strangers.length > 0) problems.push(`${path}: ${strangers.join(", ")}: not in ${type}`);
  }
  for (const [key, value] of Object.entries(schema))
    problems.push(...updateEnumerations(value, names, `${path}/${key}`));
  return problems;
}

function main() {
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
    const url = new URL(file, folder);
    const current = JSON.parse(readFileSync(url, "utf8"));
    const updated = structuredClone(current);
    const problems = updateEnumerations(updated).map((problem) => `${file}${problem}`);
    // Compared as values: the layout is the formatter's.
    const stale = !isDeepStrictEqual(updated, current);
    if (check && stale) problems.push(`${file} is out of date: run node tools/generate-schemas.mjs and npm run format`);
    for (const problem of problems) console.error(problem);
    if (problems.length > 0) process.exitCode = 1;
    if (check || !stale) continue;
    writeFileSync(url, `${JSON.stringify(updated, null, 2)}\n`);
    console.log(`wrote js-bindings/schemas/${file}`);
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) main();
