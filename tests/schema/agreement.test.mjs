// Schema and parser agree on shape: over thousands of near misses, the parser has an error that a schema can express exactly where ajv refuses.

import assert from "node:assert/strict";
import test from "node:test";
import { loadPolicy } from "post-session-transfer";
import { damages } from "./support/damage.mjs";
import { misplacedSettings, sessionDocuments, settingsDocuments } from "./support/documents.mjs";
import { nearMisses } from "./support/near-misses.mjs";
import { ERROR_CODES, namesOf, sessionErrors, settingsErrors, shouldAccept } from "./support/parser.mjs";
import { compileDamaged, compilePublished, complaints, readSchema } from "./support/schemas.mjs";

const ENUMERATIONS = [
  "Channel",
  "ChatType",
  "CallType",
  "EndedBy",
  "ParameterType",
  "Source",
  "FormInput",
  "EndpointKind",
];
const SHOWN = 5;

const settings = judged(
  nearMisses(settingsDocuments, {
    names: ENUMERATIONS.flatMap(namesOf),
    seed: 20260101,
    pairs: 500,
    extra: misplacedSettings,
  }),
  settingsErrors,
);

const sessions = loadPolicy().then(async (policy) => {
  const texts = nearMisses(sessionDocuments, { names: ENUMERATIONS.flatMap(namesOf), seed: 20260102, pairs: 2000 });
  const all = await judged(texts, (text) => sessionErrors(policy, text));
  policy.dispose();
  return all;
});

/** Documents with what the parser says about them, and what a schema should. A few at a time: starting a core is mostly waiting. */
async function judged(texts, errorsOf) {
  const judge = async (text) => {
    const document = JSON.parse(text);
    const errors = await errorsOf(text);
    return {
      document,
      expected: shouldAccept(document, errors),
      found: errors.map(({ code, pointer }) => `${code} ${pointer}`),
    };
  };
  const all = [];
  for (let i = 0; i < texts.length; i += 8) all.push(...(await Promise.all(texts.slice(i, i + 8).map(judge))));
  return all;
}

const differs = ({ document, expected }, validate) => expected !== null && validate(document) !== expected;

function disagreements(near, validate) {
  return near
    .filter((one) => differs(one, validate))
    .map(({ document, found }) => {
      const ajv = validate(document) ? "accepts" : complaints(validate);
      return `${JSON.stringify(document).slice(0, 600)}\n  parser ${found.join("; ") || "accepts"}\n  ajv    ${ajv}`;
    });
}

const count = (near, expected) => near.filter((one) => one.expected === expected).length;

test("settings: schema and parser agree on every near miss", async (t) => {
  const started = performance.now();
  const near = await settings;
  t.diagnostic(
    `${near.length} near misses in ${((performance.now() - started) / 1000).toFixed(1)} s: ${count(near, false)} of a wrong shape, ${count(near, true)} of a right one, ${count(near, null)} that may be either`,
  );
  const found = disagreements(near, compilePublished("settings"));
  assert.equal(found.length, 0, found.slice(0, SHOWN).join("\n"));
  assert.ok(near.length >= 5000 && count(near, false) >= 2000 && count(near, true) >= 1000);
});

test("settings: the near misses meet every code that is not about the text", async () => {
  const codes = new Set((await settings).flatMap(({ found }) => found.map((one) => one.split(" ")[0])));
  const missed = ERROR_CODES.map(({ name }) => name).filter((name) => !name.startsWith("json_") && !codes.has(name));
  assert.deepEqual(missed, []);
});

test("sessions: schema and parser agree on every near miss", async (t) => {
  const near = await sessions;
  t.diagnostic(`${near.length} near misses: ${count(near, false)} of a wrong shape`);
  const found = disagreements(near, compilePublished("session"));
  assert.equal(found.length, 0, found.slice(0, SHOWN).join("\n"));
  assert.ok(near.length >= 2000 && count(near, false) >= 50);
});

// Damage that changes nothing, and so cannot be found.
const HARMLESS = [
  // Where an enumeration or a constant stands beside it, the type only helps editors.
  /\/(kind|type|source|input|channels\/items|chat_types\/items|call_types\/items|ended_by\/items)\/type: gone$/,
  // What is no object has neither path, or both, and so not exactly one.
  /^\$defs\/endpoint\/type: gone$/,
  // A field that is needed anyway: without this the message would be about the wrong thing.
  /\/if\/required/,
  // Two steps beyond what a number holds exactly are the same number, and the parser does not come to the shape.
  /imum: -?9007199254740\d+$/,
];

for (const [name, near, constrains] of [
  ["settings", settings, () => true],
  // All but the id is tolerated; what the schema says of the rest is for people and editors.
  ["session", sessions, (what) => /^(type|required|properties\/id)\b/.test(what)],
]) {
  test(`${name}: the near misses find damage to the schema, wherever it is`, async (t) => {
    const all = await near;
    const hidden = [];
    let made = 0;
    for (const { what, schema } of damages(readSchema(name))) {
      if (!constrains(what) || HARMLESS.some((pattern) => pattern.test(what))) continue;
      made += 1;
      let validate;
      try {
        validate = compileDamaged(schema);
      } catch {
        continue; // No schema any more: found.
      }
      if (!all.some((one) => differs(one, validate))) hidden.push(what);
    }
    t.diagnostic(`${made} damaged copies`);
    assert.deepEqual(hidden, []);
  });
}
