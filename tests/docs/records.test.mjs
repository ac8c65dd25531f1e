// docs/records.md: the samples run, the shapes are what is written, and a record's session can be found in both ways.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPolicy } from "post-session-transfer";
import { codesIn, page, rows, samples, section } from "./support/pages.mjs";
import { Project } from "./support/project.mjs";

const records = page("records");
const ORIGIN = "https://bots.example.com";
const settings = {
  version: 1,
  virtual_agents: [
    {
      id: "orders",
      name: "Order status",
      channels: ["chat"],
      endpoint: { kind: "webhook", url: `${ORIGIN}/handoff` },
    },
  ],
  chat: {
    enabled: true,
    chat_types: ["web"],
    virtual_agent: "orders",
    opt_in: true,
    data_parameters_enabled: true,
    data_parameters: [
      { type: "dynamic", field: "queueId", source: "ujet_metadata", source_field: "queue.id" },
      { type: "dynamic", field: "order_id", source: "unsigned", source_field: "order_id" },
    ],
    data_records: { in_metadata: true, in_crm_record: true },
  },
};
const session = {
  id: "12345",
  tenant: "acme",
  channel: "chat",
  sdk: { platform: "web", version: "3.44.2" },
  chat_type: "web",
  ended_by: "agent",
  queue: { id: 502 },
  custom_data: { unsigned: { order_id: "A-1" } },
};

/** All records of a session, by the sink that got them. */
async function written(answer, facts = session, options = {}) {
  const got = {};
  const policy = await loadPolicy(settings);
  const result = await policy.run(facts, {
    act: () => answer,
    endpoints: [ORIGIN],
    fetch: async () => new Response(""),
    records: {
      metadata: (record) => {
        got.metadata = record;
      },
      crm: (record) => {
        got.crm = record;
      },
    },
    ...options,
  });
  policy.dispose();
  return { ...got, result };
}

/** Paths of all fields, below the objects that the table names as a whole. */
function paths(value, under = "") {
  const whole = ["data_parameters", "post_session_transfer.virtual_agent", "post_session_transfer.opt_in"];
  return Object.entries(value).flatMap(([key, member]) => {
    const path = under === "" ? key : `${under}.${key}`;
    return typeof member !== "object" || whole.includes(path) ? [path] : paths(member, path);
  });
}

const timeless = (value) =>
  JSON.parse(JSON.stringify(value).replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "2026-01-01T10:09:00.000Z"));

test("the fragment is the example's, and the table has each of its fields", async () => {
  const text = section(records, "The fragment for the metadata");
  const [example] = samples(text, "json").map((json) => JSON.parse(json));
  const { metadata } = await written("yes");
  assert.deepEqual(timeless(metadata.fragment), timeless(example));
  const table = rows(text);
  assert.deepEqual(
    table.map(([field]) => codesIn(field)[0]),
    paths(metadata.fragment),
  );
  const consent = await written("no");
  const inConsent = table.filter(([, what]) => !what.includes("not in a consent")).map(([field]) => codesIn(field)[0]);
  assert.deepEqual(inConsent, paths(consent.metadata.fragment));
  assert.deepEqual(codesIn(table.find(([field]) => field.includes("opt_in"))[1]), [
    ...Object.keys(metadata.fragment.post_session_transfer.opt_in),
  ]);
});

test("the texts for the CRM are the examples'", async () => {
  const [parameters, consent] = samples(section(records, "The text for the CRM"), "text");
  const yes = await written("yes");
  const no = await written("no");
  assert.equal(`${yes.crm.text}\n`, parameters);
  assert.deepEqual(timeless([`${no.crm.text}\n`]), timeless([consent]));
});

test("what a sink gets has the fields of the example, and one content", async () => {
  const [example] = samples(section(records, "Sinks"), "json").map((json) => JSON.parse(json));
  const { metadata, crm } = await written("yes");
  const { metadata: consent, crm: consentText } = await written("no");
  assert.deepEqual(Object.keys(metadata).sort(), Object.keys(example).sort());
  const kinds = rows(section(records, "Sinks")).filter(([kind]) => /^`(metadata|crm|consent)`$/.test(kind));
  assert.deepEqual(
    kinds.map(([kind]) => codesIn(kind)[0]),
    [metadata, crm, consent].map(({ record }) => record),
  );
  for (const record of [metadata, crm, consent, consentText])
    assert.notEqual("fragment" in record, "text" in record, record.record);
  assert.equal(consentText.record, "consent");
});

test("a back end computes a session's id, and finds its record", async (t) => {
  const [, sample] = samples(section(records, "Which session a record belongs to"), "js");
  const project = new Project({ "id.js": sample });
  t.after(() => project.remove());
  const { handoffId } = await import(`file://${project.path("id.js")}`);
  const decided = await loadPolicy(settings);
  for (const [tenant, id] of [
    ["acme", "12345"],
    [undefined, 12345],
    ["", "12345"],
    ['"ä\\\n\u2028\u0001\u007f', "日本 <&>/\t"],
    ["acme", Number.MAX_SAFE_INTEGER],
    ["acme", -7],
  ]) {
    const facts = { ...session, tenant, id };
    const { crm } = await written("no", facts);
    const agent = decided.evaluate(facts).virtual_agent;
    assert.equal(crm.handoff_id, handoffId(tenant ?? null, id, agent), JSON.stringify([tenant, id]));
  }
  decided.dispose();
});

test("a back end remembers the session from the hand-off", async (t) => {
  const [sample] = samples(section(records, "Which session a record belongs to"), "js");
  const project = new Project({ "receivers.js": sample });
  t.after(() => project.remove());
  const comments = [];
  globalThis.addComment = (id, text) => comments.push([id, text.split("\n")[0]]);
  t.after(() => {
    delete globalThis.addComment;
  });
  const { receiveHandoff, receiveCrm } = await import(`file://${project.path("receivers.js")}`);
  const fetch = (url, init) =>
    (url.endsWith("/crm") ? receiveCrm : receiveHandoff)(new Request(url, { ...init, keepalive: false, mode: "cors" }));
  const { result } = await written("yes", session, { fetch, records: { metadata: () => {}, crm: `${ORIGIN}/crm` } });
  assert.equal(result.outcome, "transferred");
  assert.deepEqual(comments, [["12345", "Data parameters passed to Order status"]]);
});
