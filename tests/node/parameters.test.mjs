// docs/parameters.md, "What becomes of a value": each cell of the table is a test. The table is read from the page.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { loadPolicy, SettingsError } from "post-session-transfer";
import { reply, startServer } from "./support/server.mjs";

const page = readFileSync(new URL("../../docs/parameters.md", import.meta.url), "utf8");
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .map((line) => line.slice(2, -2).split(" | "));
const [columns, ...table] = rows.slice(0, 9);

const LONG = "x".repeat(3 * 1024);
/** What stands in the session, for each column: as session facts have it, and as an entry of any other source. */
const GIVEN = {
  "a value": [
    { given: "<b>=1+1", reaches: "<b>=1+1" },
    { given: 1.5, reaches: 1.5 },
    { given: false, reaches: false },
    { given: { value: 0 }, reaches: 0, item: true },
    { given: { value: 0, type: "date" }, reaches: "1970-01-01T00:00:00.000Z", item: true },
  ],
  "nothing there": [{ given: undefined, reason: "not_found" }],
  "`null`": [
    { given: null, reason: "is_null" },
    { given: { value: null }, reason: "is_null", item: true },
  ],
  "an object or a list": [
    { given: { a: 1 }, reason: "not_a_value" },
    { given: [1], reason: "not_a_value" },
    { given: { value: [1] }, reason: "not_a_value", item: true },
    { given: { label: "L" }, reason: "not_a_value", item: true },
  ],
  "another `type` declared": [
    { given: { value: "5", type: "number" }, reaches: "5", item: true },
    { given: { value: 5, type: "string" }, reaches: 5, item: true },
    { given: { value: "tomorrow", type: "date" }, reaches: "tomorrow", item: true },
  ],
  "a date out of range": [{ given: { value: 8.65e15, type: "date" }, reason: "date_out_of_range", item: true }],
  "empty text": [
    { given: "", reaches: "" },
    { given: { value: "" }, reaches: "", item: true },
  ],
  "more than 2 KiB": [{ given: LONG, reaches: LONG }],
  "more than 32 KiB": [{ given: "x".repeat(33 * 1024), tooLarge: true }],
};

let server;
before(async () => {
  server = await startServer((_, response) => reply(response, 200));
});
after(() => server.close());

const settings = (parameter, isCall) => {
  const block = {
    enabled: true,
    virtual_agent: "a",
    data_parameters_enabled: true,
    data_parameters: [{ field: "p", type: "dynamic", source_field: "k", ...parameter }],
  };
  return {
    version: 1,
    virtual_agents: [
      {
        id: "a",
        name: "A",
        channels: ["chat", "call"],
        endpoint: { kind: "webhook", url: `${server.origin}/handoff` },
      },
    ],
    ...(isCall ? { call: { ...block, call_types: ["voice_inbound"] } } : { chat: { ...block, chat_types: ["web"] } }),
  };
};

function session(source, given) {
  const entries = given === undefined ? {} : { k: given };
  const call = source === "sip_headers";
  return {
    id: "s",
    ended_by: "agent",
    ...(call
      ? { channel: "call", call_type: "voice_inbound" }
      : { channel: "chat", chat_type: "web", sdk: { platform: "web", version: "3.44.2" } }),
    ...(source === "ujet_metadata" ? entries : {}),
    ...(source === "unsigned" || source === "signed" ? { custom_data: { [source]: entries } } : {}),
    ...(source === "session_variables" || call ? { [source]: entries } : {}),
  };
}

/** What is previewed and what arrives. */
async function passed(source, given, more = {}) {
  const policy = await loadPolicy(settings({ source, ...more }, source === "sip_headers"));
  const facts = session(source, given);
  const [row] = policy.preview(facts);
  const before = server.requests.length;
  const { outcome, reason, events } = await policy.run(facts, { endpoints: [server.origin] });
  policy.dispose();
  const sent = server.requests.slice(before).map(({ body }) => JSON.parse(body).data_parameters);
  const said = events.filter(({ event }) => event === "diagnostic").map(({ data }) => `${data.code} ${data.detail}`);
  return { row, ended: `${outcome}/${reason}`, sent, said };
}

async function reaches(source, { given, reaches: value }) {
  const { row, ended, sent, said } = await passed(source, given, { default: "another", required: true });
  assert.deepEqual([row.value, row.from, row.reason], [value, "source", null]);
  assert.equal(ended, "transferred/accepted");
  assert.deepEqual([sent, said], [[{ p: value }], []]);
}

async function isMissing(source, { given, reason }) {
  const plain = await passed(source, given);
  assert.deepEqual([plain.row.value, plain.row.from, plain.row.reason], [null, null, reason]);
  assert.deepEqual([plain.ended, plain.sent], ["transferred/accepted", [{}]]);
  assert.deepEqual(plain.said, ["parameter_omitted p"]);
  const defaulted = await passed(source, given, { default: 0, required: true });
  assert.deepEqual([defaulted.row.value, defaulted.row.from, defaulted.row.reason], [0, "default", reason]);
  assert.deepEqual([defaulted.sent, defaulted.said], [[{ p: 0 }], []]);
  const required = await passed(source, given, { required: true });
  assert.deepEqual([required.ended, required.sent], ["failed/parameter_missing", []]);
}

async function isTooLarge(source, { given }) {
  const { row, ended, sent } = await passed(source, given);
  assert.equal(row.value, given);
  assert.deepEqual([ended, sent], ["failed/payload_too_large", []]);
}

const HOLDS = { value: reaches, missing: isMissing, "`payload_too_large`": isTooLarge };

test("the table has each source and each way", () => {
  assert.deepEqual(columns.slice(1), Object.keys(GIVEN));
  assert.deepEqual(
    table.map(([source]) => source),
    ["fixed", "`ujet_metadata`", "`unsigned`", "`signed`", "`session_variables`", "`sip_headers`", "`form`", "`host`"],
  );
});

for (const [name, ...cells] of table.slice(1, 6)) {
  const source = name.replaceAll("`", "");
  describe(source, () => {
    for (const [i, cell] of cells.entries()) {
      const column = columns[i + 1];
      const cases = GIVEN[column].filter(({ item }) => !item || source !== "ujet_metadata");
      if (cell === "–") {
        test(`${column}: session facts have no items`, () => assert.deepEqual(cases, []));
        continue;
      }
      test(`${column}: ${cell}`, async () => {
        assert.ok(cases.length > 0);
        for (const one of cases) await HOLDS[cell](source, one);
      });
    }
  });
}

test("session facts are no items: an object with a value is missing", () =>
  isMissing("ujet_metadata", { given: { value: "x" }, reason: "not_a_value" }));

describe("fixed", () => {
  const [, ...cells] = table[0];
  const given = Object.values(GIVEN).map(([first]) => first.given);
  for (const [i, cell] of cells.entries()) {
    if (cell === "–") continue;
    test(`${columns[i + 1]}: ${cell}`, async () => {
      const value = given[i];
      const loading = loadPolicy(
        settings({ type: "fixed", source_field: undefined, ...(value === undefined ? {} : { value }) }),
      );
      if (cell === "value") {
        const policy = await loading;
        assert.deepEqual(
          policy.preview(session("unsigned")).map((row) => [row.value, row.from, row.reason]),
          [[value, "fixed", null]],
        );
        policy.dispose();
      } else {
        await assert.rejects(
          loading,
          (error) => error instanceof SettingsError && `\`${error.errors[0].code}\`` === cell,
        );
      }
    });
  }
});

describe("those that are asked for", () => {
  for (const [source, reason] of [
    ["form", "asked_of_consumer"],
    ["host", "asked_of_page"],
  ])
    test(`${source}: the preview says so, and shows the default`, async () => {
      for (const [more, value, from] of [
        [{}, null, null],
        [{ default: "d" }, "d", "default"],
      ]) {
        const policy = await loadPolicy(settings({ source, ...more }));
        const [row] = policy.preview(session(source));
        assert.deepEqual([row.value, row.from, row.reason], [value, from, reason]);
        policy.dispose();
      }
    });
});

test("reserved names: what custom data carries is passed, and the preview says why", async () => {
  const policy = await loadPolicy(settings({ field: "reserved_bad_actor", source: "session_variables" }));
  const facts = {
    ...session("session_variables", false),
    custom_data: { signed: { reserved_bad_actor: { value: true } }, unsigned: { reserved_bad_actor: false } },
  };
  const [row] = policy.preview(facts);
  assert.deepEqual([row.value, row.from, row.reason], [true, "source", "reserved"]);
  const before = server.requests.length;
  await policy.run(facts, { endpoints: [server.origin] });
  assert.deepEqual(JSON.parse(server.requests[before].body).data_parameters, { reserved_bad_actor: true });
  policy.dispose();
});
