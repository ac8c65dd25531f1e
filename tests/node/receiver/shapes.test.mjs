// What is taken: the receiver's check says yes where the published schema does, over many near misses.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createReceiver, createRecordReceiver, memoryStore } from "post-session-transfer/receiver";
import { damages } from "../../schema/support/damage.mjs";
import { nearMisses } from "../../schema/support/near-misses.mjs";
import { compileDamaged, compilePublished, complaints, readSchema } from "../../schema/support/schemas.mjs";
import { importSource } from "../support/source.mjs";
import { envelope, KEY, PAGE, record, request, told } from "./support.mjs";

const { handoffProblem } = await importSource("receiver/handoff.ts");
const schema = readSchema("handoff");

const fullest = envelope({
  dry_run: false,
  data_parameters: Object.fromEntries(
    Array.from({ length: 100 }, (_, i) => [`f.${i}`, [i, `${i}`, i % 3 === 0][i % 3]]),
  ),
  virtual_agent: { id: "😀".repeat(128), name: "😀".repeat(256) },
});
const documents = [envelope(), fullest, ...schema.examples];
const extra = [
  ["dry_run", true],
  ["9", "x"],
  ["f.100", 1],
  ["x".repeat(128), 1],
  ["x".repeat(129), 1],
];
const [, notAsked] = schema.examples;
const halfAsked = Object.entries(envelope().opt_in).map(([field, value]) =>
  JSON.stringify({ ...notAsked, opt_in: { ...notAsked.opt_in, [field]: value } }),
);
const misses = nearMisses(documents, {
  names: ["Yes", "No", "yes", "2026-01-01T10:09:00Z", "+012026-01-01T10:09:00.000Z", "-00001-01-01T10:09:00.000Z"],
  seed: 20260104,
  pairs: 3000,
  extra,
});
const near = [...misses, ...halfAsked].map((text) => {
  const document = JSON.parse(text);
  // Which key it comes under is not the schema's business.
  return { document, problem: handoffProblem(document, document?.handoff_id) };
});

test("the receiver's check and the schema agree on every near miss", (t) => {
  const validate = compilePublished("handoff");
  const found = near
    .filter(({ document, problem }) => validate(document) !== (problem === null))
    .map(
      ({ document, problem }) =>
        `${JSON.stringify(document).slice(0, 400)}\n  ${JSON.stringify(problem)}\n  ${complaints(validate)}`,
    );
  assert.equal(found.length, 0, found.slice(0, 5).join("\n"));
  const wrong = near.filter(({ problem }) => problem !== null);
  t.diagnostic(`${near.length} near misses, ${wrong.length} of them refused`);
  assert.ok(near.length > 3000 && wrong.length > 1000 && near.length - wrong.length > 300);
});

test("the near misses find damage to the schema, and so to the check, wherever it is", () => {
  const harmless = [
    // Where a constant or an enumeration stands beside it, the type only helps editors.
    /\/(schema|selected)\/type: gone$/,
    /\/if\//,
    // Said again, and more narrowly, in what follows from `required`.
    /^properties\/opt_in\/properties\/(selected|text_version|locale)(\/(enum|type))?: gone$/,
    /^\$defs\/time\/type: gone$/,
  ];
  const hidden = [];
  for (const { what, schema: damaged } of damages(schema)) {
    if (harmless.some((pattern) => pattern.test(what))) continue;
    let validate;
    try {
      validate = compileDamaged(damaged);
    } catch {
      continue;
    }
    if (!near.some(({ document, problem }) => validate(document) !== (problem === null))) hidden.push(what);
  }
  assert.deepEqual(hidden, []);
});

test("each refusal has its name and its place", () => {
  const parameters = (data_parameters) => envelope({ data_parameters });
  const many = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`f${i}`, i]));
  for (const [document, error, pointer] of [
    [null, "not_an_object", ""],
    [envelope({ schema: 2 }), "schema_unknown", "/schema"],
    [envelope({ handoff_id: KEY.toUpperCase() }), "not_a_uuid", "/handoff_id"],
    [envelope({ handoff_id: KEY.replace("0e", "1e") }), "idempotency_key_differs", "/handoff_id"],
    [envelope({ decided_at: "today" }), "missing_or_wrong_type", "/decided_at"],
    [envelope({ opt_in: { ...envelope().opt_in, selected: "No" } }), "no_consent", "/opt_in/selected"],
    [envelope({ opt_in: { ...envelope().opt_in, required: false } }), "missing_or_wrong_type", "/opt_in/selected"],
    [parameters(many), "too_many_parameters", "/data_parameters"],
    [parameters({ "a/b~c": 1 }), "parameter_name_invalid", "/data_parameters/a~1b~0c"],
    [parameters(JSON.parse('{"__proto__":1}')), "parameter_name_invalid", "/data_parameters/__proto__"],
    [parameters({ a: null }), "not_a_scalar", "/data_parameters/a"],
  ]) {
    assert.deepEqual(handoffProblem(document, KEY), { error, pointer });
  }
  assert.equal(handoffProblem(envelope(), KEY), null);
});

test("nothing is read through prototypes", async (t) => {
  Object.prototype.session = { id: "1", lang: null, queue_id: null, ended_by: null };
  t.after(() => {
    delete Object.prototype.session;
  });
  const { session: _, ...without } = envelope();
  assert.deepEqual(handoffProblem(without, KEY), { error: "missing_or_wrong_type", pointer: "/session" });
});

test("both checks are asked of what arrives", async () => {
  const handle = createReceiver({ store: memoryStore(), origins: [PAGE], accept: () => null });
  assert.equal((await handle(request(fullest))).status, 200);
  assert.equal((await told(await handle(request({ ...fullest, schema: "1" })))).body.error, "schema_unknown");
});

test("one URL for both sinks: a consent's fragment and its text are two records under one key", async () => {
  const written = [];
  const handle = createRecordReceiver({
    store: memoryStore(),
    origins: [PAGE],
    write: (given, { key }) => {
      written.push([key, given]);
    },
  });
  const key = `${KEY}:consent`;
  const send = async (body) => told(await handle(request(body, { "Idempotency-Key": key })));
  const { fragment: _, ...bare } = record({ record: "consent" });
  const fragment = { ...bare, fragment: { post_session_transfer: { outcome: "declined" } } };
  const text = { ...bare, text: "Virtual agent declined" };
  assert.deepEqual(
    (await Promise.all([send(fragment), send(text)])).map(({ status }) => status),
    [200, 200],
  );
  for (const body of [fragment, text]) assert.equal((await send(body)).headers["idempotency-replayed"], "true");
  for (const body of [
    { ...text, text: "forged" },
    { ...fragment, text: "x" },
  ])
    assert.equal((await send(body)).status, 422);
  // Both were there at once: either may be the first.
  const inOrder = written.sort(([, a]) => (a.text === undefined ? -1 : 1));
  assert.deepEqual(inOrder, [
    [key, fragment],
    [key, text],
  ]);
});

test("records: their keys, and what each has to hold", async () => {
  const written = [];
  const handle = createRecordReceiver({
    store: memoryStore(),
    origins: [PAGE],
    write: (given) => {
      written.push(given);
    },
  });
  const send = async (body, key = `${body.handoff_id}:${body.record}`) =>
    told(await handle(request(body, { "Idempotency-Key": key })));
  const { fragment: _, ...bare } = record();
  const crm = { ...bare, record: "crm", text: "Data parameters passed to Survey bot\nqueueId: 502" };
  const consent = { ...bare, record: "consent", fragment: { post_session_transfer: { opt_in: "No" } } };
  for (const body of [record(), crm, consent]) assert.deepEqual((await send(body)).status, 200);
  for (const body of [record(), crm, consent]) assert.equal((await send(body)).headers["idempotency-replayed"], "true");
  assert.deepEqual(written, [record(), crm, consent]);
  assert.equal((await send({ ...crm, written_at: "2026-01-01T10:11:00.000Z" })).status, 422);
  assert.equal((await send(record({ dry_run: true, handoff_id: KEY.replace("0e", "1e") }))).status, 200);
  assert.equal(written.length, 3, "a dry run is not written");

  for (const [body, error, pointer, key] of [
    [record(), "idempotency_key_differs", "/handoff_id", KEY],
    [record(), "idempotency_key_differs", "/handoff_id", `${KEY}:crm`],
    [record({ schema: 2 }), "schema_unknown", "/schema"],
    [record({ handoff_id: 7 }), "not_a_uuid", "/handoff_id"],
    [record({ record: "other" }), "missing_or_wrong_type", "/record"],
    [record({ written_at: "now" }), "missing_or_wrong_type", "/written_at"],
    [record({ fragment: [] }), "missing_or_wrong_type", "/fragment"],
    [record({ fragment: { data_parameters: 1 } }), "missing_or_wrong_type", "/fragment/data_parameters"],
    [record({ fragment: { post_session_transfer: 1 } }), "missing_or_wrong_type", "/fragment/post_session_transfer"],
    [record({ dry_run: "yes" }), "missing_or_wrong_type", "/dry_run"],
    [{ ...bare, text: "x" }, "nothing_to_write", "/fragment"],
    [record({ record: "crm" }), "nothing_to_write", "/text"],
    [record({ record: "crm", text: "" }), "missing_or_wrong_type", "/text"],
    [{ ...bare, record: "consent" }, "nothing_to_write", ""],
  ]) {
    const { status, body: answer } = await send(body, key);
    assert.deepEqual([status, answer], [400, { error, pointer }], JSON.stringify(body));
  }
  assert.equal(written.length, 3);
});
