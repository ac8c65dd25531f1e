// Sensitive values and credentials, marked so that they can be found again: they reach the endpoint and the sinks, and nothing else that comes out.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { loadPolicy } from "post-session-transfer";
import { folderOf, ndjson, pst } from "../cli/pst.mjs";
import { readCorpus } from "../golden/corpus.mjs";
import { FACTS, ORIGIN, settingsWith, World } from "./life/support.mjs";
import { field, host } from "./support/services.mjs";

const MARK = "KWYJIBO";
const NUMBER = 4_111_222_233;
const PATTERN = /k.?w.?y.?j.?i.?b.?o|4111222233|S1dZSklCT/i;

let count = 0;
const marked = (what) => `${MARK}-${what}-${++count}`;

const token = (claims) => {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "HS256" })}.${part(claims)}.${Buffer.from(MARK).toString("base64url")}`;
};

const from = (source, name, more = {}) => ({
  ...{ type: "dynamic", field: `${source}_${name}`.replaceAll(".", "_"), source, source_field: name, sensitive: true },
  ...more,
});

/** Every source has something to hide. */
const PARAMETERS = [
  { type: "fixed", field: "plain", value: "csat" },
  { type: "fixed", field: "key", value: marked("fixed"), sensitive: true },
  { type: "fixed", field: "number", value: NUMBER, sensitive: true },
  from("unsigned", "card"),
  from("unsigned", "none", { default: marked("default") }),
  from("signed", "account"),
  from("session_variables", "intent"),
  from("ujet_metadata", "end_user.identifier"),
];
const FORM = { ...field("callback", { required: true, input: "tel", label: "Callback" }), sensitive: true };
const NOTE = { ...field("note", { label: "Note" }), sensitive: true };
const HOST = { ...host("tier"), sensitive: true };

const HIDDEN = {
  custom_data: {
    unsigned: { card: { label: "Card", value: marked("card"), type: "string" } },
    signed: token({ custom_data: { account: marked("account") } }),
  },
  session_variables: { intent: marked("intent") },
  end_user: { id: 5, identifier: marked("identifier") },
  sip_headers: { "X-Pin": marked("pin") },
};

/** What was written to the console, or thrown at it. */
const printed = [];
const streams = [process.stdout, process.stderr];
const writes = streams.map((stream) => stream.write);
const consoles = ["log", "info", "warn", "error", "debug"].map((name) => [name, console[name]]);
for (const [name] of consoles) console[name] = (...args) => printed.push(args.map(String).join(" "));
after(() => {
  for (const [name, method] of consoles) console[name] = method;
  streams.forEach((stream, index) => {
    stream.write = writes[index];
  });
});

/** A value as text, errors and what they carry included. */
function textOf(value) {
  const own = (_key, one) =>
    one instanceof Error
      ? { ...Object.fromEntries(Object.getOwnPropertyNames(one).map((name) => [name, one[name]])), cause: one.cause }
      : one instanceof Map
        ? [...one]
        : one;
  return JSON.stringify(value, own) ?? "";
}

function leaksIn(value) {
  const text = textOf(value);
  const at = text.search(PATTERN);
  return at < 0 ? null : text.slice(Math.max(0, at - 120), at + 80);
}

const assertClean = (what, value) => assert.equal(leaksIn(value), null, what);

test("the search finds a value that leaks, wherever it is", () => {
  for (const planted of [
    { log: [{ event: { values: { a: marked("x") } } }] },
    [new Error(marked("x"))],
    new Error("outer", { cause: new Error(marked("x")) }),
    { entries: new Map([["key", marked("x")]]) },
    { value: NUMBER },
    { token: token({}) },
    marked("x").toLowerCase(),
    [...marked("x")].join("\u200b"),
  ])
    assert.notEqual(leaksIn(planted), null);
  assertClean("nothing", { all: "well", n: 411 });
  console.log(marked("printed"));
  assert.notEqual(leaksIn(printed.splice(0)), null);
});

describe("in a page", () => {
  const settings = (more = [], chat = {}) =>
    settingsWith("webhook", {
      chat: {
        data_parameters: [...PARAMETERS, ...more],
        data_records: { in_metadata: true, in_crm_record: true },
        ...chat,
      },
      endpoint: { url: `${ORIGIN}/handoff?key=${marked("url")}` },
    });
  const VALUES = { callback: "+1 411 122 2233 99", note: marked("note") };
  const fail = () => {
    throw new Error(marked("error"));
  };

  const flows = {
    accepted: {},
    declined: { play: (page) => page.act("no") },
    "asked for values": { settings: settings([FORM, NOTE]), values: VALUES },
    "values refused, then accepted": {
      settings: settings([FORM, NOTE]),
      play: async (page, world) => {
        page.transfer.act("yes", { callback: marked("callback"), note: VALUES.note });
        await world.run(100);
        page.transfer.act("yes", VALUES);
      },
    },
    "a form without a question": {
      settings: settings([FORM, NOTE], { opt_in: false }),
      play: (page) => page.transfer.act("continue", VALUES),
    },
    "the host gives": { settings: settings([HOST]), options: { provide: () => marked("host") } },
    "the host fails": { settings: settings([HOST]), options: { provide: fail } },
    "the host gives too late": { settings: settings([HOST]), options: { provide: () => new Promise(() => {}) } },
    "what is required is missing": {
      settings: settings([{ ...HOST, required: true }]),
      options: { provide: () => ({ what: marked("host") }) },
    },
    "authorize fails": { options: { authorize: fail } },
    "the endpoint fails": { plan: () => 500 },
    "the endpoint refuses": { plan: () => 403 },
    "nobody is there": { plan: () => "error" },
    "never answered": { plan: () => "hang" },
    "the record sinks fail": { options: { records: { metadata: fail, crm: `${ORIGIN}/crm?key=${marked("sink")}` } } },
    "redact fails": { options: { redact: (content, { kind }) => (kind === "log" ? content : fail()) } },
    "no origin is allowed": { options: { endpoints: [] } },
    "looking on": { options: { mode: "observe" } },
    "the body is too large": { facts: { session_variables: { intent: MARK.repeat(10_000) } } },
    cancelled: { play: (page) => page.transfer.cancel() },
  };

  for (const [name, flow] of Object.entries(flows)) {
    test(name, async () => {
      const world = new World();
      if (flow.plan) world.receiver.plan = flow.plan;
      const sunk = [];
      const options = {
        settings: flow.settings ?? settings(),
        session: HIDDEN,
        authorize: () => ({ Authorization: `Bearer ${marked("token")}` }),
        records: { metadata: (record) => void sunk.push(record), crm: (record) => void sunk.push(record) },
        ...flow.options,
      };
      const page = await world.open(options);
      const stored = [];
      const look = () => stored.push([...page.session, ...world.local]);
      await page.end({ ...FACTS, ...HIDDEN, ...flow.facts });
      await world.run(1000, look);
      const play = flow.play ?? ((one) => one.transfer.act("yes", flow.values));
      await play(page, world);
      await world.run(15_000, look);
      const next = await page.reload(options);
      await world.run(60_000, look);
      const out = [page, next].map((one) => ({
        said: one.said,
        errors: one.errors,
        log: one.transfer.log(),
        outcome: one.transfer.outcome,
        warnings: one.transfer.warnings,
        state: one.transfer.state,
      }));
      assertClean("what it said", out);
      assertClean("storage", stored);
      assertClean("the console", printed);
      assert.ok(out[0].said.length > 0);
      // And those who are to have the values have them.
      if (name === "accepted" || name === "asked for values") {
        assert.match(world.receiver.requests[0].body, new RegExp(MARK));
        assert.equal(sunk.length, 2);
        assert.match(textOf(sunk), new RegExp(MARK));
      }
    });
  }
});

/** Golden cases, with what is to be hidden put into each. */
const corpus = readCorpus().filter(
  ({ kind, settings, session }) =>
    ["decision", "parameters"].includes(kind) && settings && session && typeof session === "object",
);
const MARKED = corpus.map((golden) => {
  const sip = [from("sip_headers", "X-Pin")];
  const over = (block, more = []) =>
    block && { ...block, data_parameters_enabled: true, data_parameters: [...PARAMETERS, ...more] };
  const { chat, call, queues, ...rest } = structuredClone(golden.settings);
  const settings = {
    ...rest,
    ...(chat && { chat: over(chat) }),
    ...(call && { call: over(call, sip) }),
    ...(queues && { queues: queues.map((queue) => (queue.chat_routing === true ? over(queue) : queue)) }),
  };
  return { name: `${golden.file}: ${golden.name}`, settings, session: { ...golden.session, ...HIDDEN } };
});

test("every golden scenario: decision, preview, run", async () => {
  let sent = 0;
  for (const { name, settings, session } of MARKED) {
    const policy = await loadPolicy(settings);
    const before = sent;
    const result = await policy.run(session, {
      act: () => "yes",
      endpoints: [ORIGIN, "https://bots.example.com", "https://a.example"],
      authorize: () => ({ Authorization: marked("token") }),
      random: () => 0,
      clock: { now: () => 0, setTimeout: (call, ms) => setTimeout(call, ms / 1000), clearTimeout },
      fetch: async () => new Response(null, { status: sent++ - before < 1 ? 503 : 200 }),
    });
    assertClean(name, [policy.warnings, policy.evaluate(session), policy.preview(session), result]);
    policy.dispose();
  }
  assert.ok(MARKED.length > 100 && sent > 50, `${MARKED.length} cases, ${sent} requests`);
  assertClean("the console", printed);
});

test("errors in settings and sessions", async () => {
  const secrets = [
    { type: "fixed", field: "a", value: { deep: marked("x") }, sensitive: true },
    { type: "fixed", field: "a", value: marked("x").repeat(500), sensitive: true },
    { type: "fixed", sensitive: true, field: "a", value: [marked("x")] },
    { ...from("unsigned", "a"), default: [marked("x")] },
  ];
  for (const parameter of secrets) {
    const settings = settingsWith("webhook", { chat: { data_parameters: [parameter] } });
    await loadPolicy(settings).then(assert.fail, (error) => assertClean("an error of the settings", error));
  }
  const policy = await loadPolicy(settingsWith("webhook", { chat: { data_parameters: PARAMETERS } }));
  for (const session of [{ ...HIDDEN }, { ...HIDDEN, id: [] }, `{"id": 1, "custom_data": "${marked("x")}`]) {
    assert.throws(
      () => policy.evaluate(session),
      (error) => leaksIn(error) === null,
    );
    await assert.rejects(policy.run(session), (error) => leaksIn(error) === null);
  }
  policy.dispose();
});

describe("on the command line", () => {
  const chat = { data_parameters: [...PARAMETERS, FORM, HOST], opt_in: true };
  const settings = settingsWith("webhook", { chat });
  const changed = structuredClone(settings);
  changed.chat.data_parameters[1].value = marked("changed");
  changed.chat.data_parameters[4].default = marked("changed");
  const session = { ...FACTS, ...HIDDEN };

  test("validate, explain, simulate, diff, test, replay, fmt's errors", async (t) => {
    const policy = await loadPolicy(settings);
    const act = () => ({ action: "yes", values: { callback: "+1 411 122 2233 99" } });
    const { log } = await policy.run(session, { act, endpoints: [ORIGIN], fetch: async () => new Response("{}") });
    policy.dispose();
    const cwd = folderOf(t, {
      "old.json": settings,
      "new.json": changed,
      "session.json": session,
      "sessions.ndjson": ndjson(session, { ...session, id: "2", lang: null }, { ...session, id: null }),
      "log.json": log,
      "bad.json": { ...settings, chat: { ...chat, data_parameters: [{ ...PARAMETERS[1], value: [marked("x")] }] } },
      "a_test.json": {
        settings,
        cases: [
          { name: "right", session, expect: { outcome: "ask" } },
          { name: "wrong", session, expect: { outcome: "skip", data_parameters: { key: "other" } } },
        ],
      },
    });
    const commands = [
      ["validate", "old.json"],
      ["validate", "bad.json"],
      ["explain", "old.json", "session.json"],
      ["explain", "log.json"],
      ["simulate", "old.json", "sessions.ndjson"],
      ["diff", "old.json", "new.json"],
      ["diff", "old.json", "new.json", "sessions.ndjson"],
      ["test", "."],
      ["replay", "log.json"],
    ];
    for (const command of commands)
      for (const format of ["text", "json"]) {
        const { stdout, stderr } = pst([...command, "--format", format], { cwd });
        assert.ok(stdout.length + stderr.length > 0, command.join(" "));
        assertClean(`pst ${command.join(" ")} --format ${format}`, [stdout, stderr]);
      }
  });
});
