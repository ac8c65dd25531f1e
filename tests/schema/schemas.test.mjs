// The published schemas by themselves, and against the golden corpus.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { loadPolicy } from "post-session-transfer";
import { updateEnumerations } from "../../tools/generate-schemas.mjs";
import { readCorpus, sessionBytes, settingsBytes } from "../golden/corpus.mjs";
import { settingsDocuments } from "./support/documents.mjs";
import { namesOf, settingsErrors, shouldAccept } from "./support/parser.mjs";
import { closed, compile, compilePublished, complaints, NAMES, readSchema } from "./support/schemas.mjs";

for (const name of NAMES) {
  test(`${name}: a valid schema of 2020-12 with an id, a title and examples that validate`, () => {
    const schema = readSchema(name);
    assert.equal(schema.$schema, "https://json-schema.org/draft/2020-12/schema");
    assert.equal(schema.$id, `urn:post-session-transfer:schema:${name}:1`);
    assert.ok(schema.title.length > 0 && schema.description.length > 0);
    assert.ok(schema.examples.length > 0);
    const validate = compile(schema);
    for (const example of schema.examples) assert.ok(validate(example), complaints(validate));
  });

  test(`${name}: the package has it, under its public path`, () => {
    const url = new URL(import.meta.resolve(`post-session-transfer/schemas/${name}.schema.json`));
    assert.deepEqual(JSON.parse(readFileSync(url, "utf8")), readSchema(name));
  });

  test(`${name}: its enumerations are those of the table of names`, () => {
    const schema = readSchema(name);
    assert.deepEqual(updateEnumerations(structuredClone(schema)), []);
    const updated = structuredClone(schema);
    updateEnumerations(updated);
    assert.deepEqual(updated, schema);
    for (const place of enumerationsWithoutTable(schema))
      assert.match(place, /^\/properties\/opt_in\/properties\/selected$/);
  });

  test(`${name}: each field has a title, and each example below it validates`, () => {
    for (const { path, schema } of fields(readSchema(name))) {
      if (schema.$ref !== undefined) continue;
      assert.equal(typeof schema.title, "string", `${path} has no title`);
      const { $defs } = readSchema(name);
      const validate = compile({ ...schema, $defs });
      for (const example of schema.examples ?? []) assert.ok(validate(example), `${path}: ${complaints(validate)}`);
      if (schema.default !== undefined) assert.ok(validate(schema.default), `${path}: ${complaints(validate)}`);
    }
  });
}

/** What `properties` and `$defs` describe; not the conditions, which speak of the same fields again. */
function* fields(schema, path = "") {
  for (const keyword of ["properties", "$defs"]) {
    for (const [name, field] of Object.entries(schema[keyword] ?? {})) {
      yield { path: `${path}/${name}`, schema: field };
      yield* fields(field, `${path}/${name}`);
    }
  }
}

function* enumerationsWithoutTable(schema, path = "") {
  if (schema === null || typeof schema !== "object") return;
  if (Array.isArray(schema.enum) && !schema.$comment?.startsWith("names.json: ")) yield path;
  for (const [key, value] of Object.entries(schema)) {
    if (!["examples", "default"].includes(key)) yield* enumerationsWithoutTable(value, `${path}/${key}`);
  }
}

test("an enumeration that has fallen behind the table is brought up to date, or reported", () => {
  const names = new Map([["Channel", ["chat", "call", "fax"]]]);
  const schema = {
    properties: {
      all: { $comment: "names.json: Channel", enum: ["chat", "call", null] },
      some: { $comment: "names.json: some of Channel", enum: ["chat", "telex"] },
      none: { $comment: "names.json: Colour", enum: ["red"] },
    },
  };
  const problems = updateEnumerations(schema, names);
  assert.deepEqual(schema.properties.all.enum, ["chat", "call", "fax", null]);
  assert.equal(problems.length, 2);
  assert.match(problems[0], /\/properties\/some: telex: not in Channel/);
  assert.match(problems[1], /no table or no enum for Colour/);
});

test("decision: the reasons are those of decisions, each under one outcome", () => {
  const { properties, allOf } = readSchema("decision");
  const byOutcome = allOf
    .filter((rule) => rule.then.properties.reason !== undefined)
    .flatMap(
      ({
        then: {
          properties: { reason },
        },
      }) => reason.enum ?? [reason.const],
    );
  assert.deepEqual([...byOutcome].sort(), [...properties.reason.enum].sort());
  // The table lists the reasons of decisions first, and those of flows after `observed`.
  const table = namesOf("Reason");
  assert.deepEqual(properties.reason.enum, table.slice(0, table.indexOf("observed")));
});

test("settings: the parser takes every example", async () => {
  for (const example of readSchema("settings").examples)
    assert.deepEqual(await settingsErrors(JSON.stringify(example)), []);
});

test("settings: parser and schema take the documents that near misses are made of", async () => {
  const validate = compilePublished("settings");
  for (const document of settingsDocuments) {
    assert.ok(validate(document), complaints(validate));
    assert.deepEqual(await settingsErrors(JSON.stringify(document)), []);
  }
});

const corpus = readCorpus();
/** The document of a case as JSON.parse reads it; nothing where it does not. */
function parsed(bytes) {
  try {
    return { document: JSON.parse(bytes.toString("utf8")) };
  } catch {
    return null;
  }
}

test("golden corpus: the schema accepts all settings that load", (t) => {
  const validate = compilePublished("settings");
  const loading = corpus.filter(
    ({ kind, settings }) => kind === "settings_success" || (kind === "decision" && settings),
  );
  for (const golden of loading)
    assert.ok(
      validate(parsed(settingsBytes(golden)).document),
      `${golden.file}: ${golden.name}: ${complaints(validate)}`,
    );
  t.diagnostic(`${loading.length} cases`);
  assert.ok(loading.length >= 100);
});

test("golden corpus: the schema refuses settings with an error that it can express, and no others", async (t) => {
  const validate = compilePublished("settings");
  const counts = { refused: 0, accepted: 0, either: 0 };
  // The parser gives up on these before it has seen the shape.
  const unread = ["json_syntax", "json_encoding", "json_too_deep", "json_too_large"];
  for (const golden of corpus.filter(({ kind }) => kind === "settings_failure")) {
    const bytes = settingsBytes(golden);
    const read = parsed(bytes);
    if (read === null) continue;
    // The case may name a part of an error only; what the product says is compared with the case elsewhere.
    const errors = await settingsErrors(bytes);
    const expressible = shouldAccept(read.document, errors) === false;
    const readable = errors.every(({ code }) => !unread.includes(code));
    const accepted = validate(read.document);
    const about = `${golden.file}: ${golden.name}: ${JSON.stringify(golden.errors.map(({ code }) => code)).slice(0, 200)} ${complaints(validate)}`;
    if (expressible) assert.equal(accepted, false, about);
    else if (readable) assert.equal(accepted, true, about);
    counts[expressible ? "refused" : readable ? "accepted" : "either"] += 1;
  }
  t.diagnostic(JSON.stringify(counts));
  assert.ok(counts.refused >= 100 && counts.accepted >= 20);
});

test("golden corpus: the schema of sessions refuses those that are none, and accepts all others", (t) => {
  const validate = compilePublished("session");
  const shape = ["type_mismatch", "field_missing", "value_invalid"];
  let refused = 0;
  for (const golden of corpus.filter(({ kind }) => kind === "session_failure")) {
    const read = parsed(sessionBytes(golden));
    if (read === null || !shape.includes(golden.error.code)) continue;
    assert.equal(validate(read.document), false, `${golden.file}: ${golden.name}`);
    refused += 1;
  }
  const accepted = corpus.filter(({ session }) => session !== undefined);
  for (const golden of accepted)
    assert.ok(validate(golden.session), `${golden.file}: ${golden.name}: ${complaints(validate)}`);
  t.diagnostic(`${refused} refused, ${accepted.length} accepted`);
  assert.ok(refused >= 5 && accepted.length >= 100);
});

test("golden corpus: every expected decision has the shape of a decision, and nothing more", () => {
  const validate = compile(closed(readSchema("decision")));
  for (const golden of corpus.filter(({ kind }) => kind === "decision"))
    assert.ok(validate(golden.expected), `${golden.file}: ${golden.name}: ${complaints(validate)}`);
});

test("sessions: the policy takes every example", async () => {
  const policy = await loadPolicy();
  for (const example of readSchema("session").examples) assert.equal(typeof policy.evaluate(example).outcome, "string");
  policy.dispose();
});
