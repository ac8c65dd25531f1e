// docs/api.md: complete against the types, its samples run, and what it says of answers and of run() holds.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { loadPolicy } from "post-session-transfer";
import { codesIn, page, rows, samples, section } from "./support/pages.mjs";

const api = page("api");
const types = readFileSync(new URL("../../js-bindings/src/types.ts", import.meta.url), "utf8");

/** The members of an interface, those of inline types left out. */
function members(name) {
  const [, body] = new RegExp(`^export interface ${name} \\{\\n(.*?)^\\}`, "ms").exec(types);
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??[:<(]/gm)].map(([, member]) => member);
}

const ORIGIN = "https://bots.example.com";
const settings = (kind = "webhook", more = {}) => {
  const endpoint =
    kind === "webhook"
      ? { kind, url: `${ORIGIN}/handoff` }
      : { kind, url: ORIGIN, agent: "projects/p/locations/us-central1/agents/a", event: "E" };
  return {
    version: 1,
    virtual_agents: [{ id: "orders", name: "Order status", channels: ["chat", "call"], endpoint }],
    chat: { enabled: true, chat_types: ["web"], virtual_agent: "orders", ...more },
    call: { enabled: true, call_types: ["voice_inbound"], virtual_agent: "orders" },
  };
};
const chat = {
  id: "12345",
  channel: "chat",
  sdk: { platform: "web", version: "3.44.2" },
  chat_type: "web",
  ended_by: "agent",
};
const call = { id: 98765, channel: "call", call_type: "voice_inbound", ended_by: "end_user" };

/** Delays that are not waited for. */
const clock = {
  now: () => Date.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms / 500),
  clearTimeout: (timer) => clearTimeout(timer),
};

async function run(session, answer, { kind, more, ...options } = {}) {
  const policy = await loadPolicy(settings(kind, more));
  const result = await policy.run(session, {
    endpoints: [ORIGIN],
    clock,
    random: () => 0,
    fetch: async () => (answer instanceof Response ? answer.clone() : new Response(answer)),
    ...options,
  });
  policy.dispose();
  return result;
}

const AsyncFunction = (async () => {}).constructor;
/** Runs a sample, with what it takes for granted. */
const play = (code, given) =>
  new AsyncFunction(...Object.keys(given), code.replace(/^import .*$/gm, ""))(...Object.values(given));

// ── Complete ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

for (const [name, heading] of [
  ["TransferOptions", "createPostSessionTransfer(options)"],
  ["PostSessionTransfer", "What it offers"],
  ["AuthorizeRequest", "authorize"],
  ["Policy", "loadPolicy(settings, options)"],
  ["PolicyOptions", "loadPolicy(settings, options)"],
  ["RunOptions", "run"],
  ["RunResult", "run"],
  ["Clock", "What can be injected"],
  ["StorageLike", "What can be injected"],
  ["PreviewRow", "The preview"],
])
  test(`every member of ${name} is named under "${heading}"`, () => {
    const text = section(api, heading);
    const named = new Set(codesIn(text).flatMap((code) => code.match(/\w+/g) ?? []));
    assert.deepEqual(
      members(name).filter((member) => !named.has(member)),
      [],
    );
  });

test("every field of the option wasm is on the page about serving", () => {
  const fields = rows(section(page("serving"), "The option `wasm`")).map(([field]) => codesIn(field)[0]);
  assert.deepEqual(fields, members("WasmOptions"));
});

test("every event is named, and every way in which an event is ignored", () => {
  const text = section(api, "What it offers");
  for (const event of members("EventData")) assert.ok(text.includes(`\`${event}\``), event);
});

// ── Samples ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

test("authorize is given what the page lists, and its headers are sent", async () => {
  const given = [];
  const sent = [];
  const [sample] = samples(section(api, "authorize"), "js");
  let options;
  await play(sample, {
    createPostSessionTransfer: (passed) => {
      options = passed;
    },
    myToken: async (about) => {
      given.push(about);
      return "t";
    },
    client: null,
    settings: null,
  });
  const requests = [];
  await run(chat, "", {
    authorize: (request) => {
      requests.push(request);
      return options.authorize(request);
    },
    fetch: async (_, { headers }) => {
      sent.push(headers.get("authorization"));
      return new Response("", { status: sent.length === 1 ? 401 : 200 });
    },
  });
  const listed = rows(section(api, "authorize")).flatMap(([fields]) => codesIn(fields));
  assert.deepEqual(Object.keys(requests[0]).sort(), [...listed].sort());
  assert.deepEqual(
    requests.map(({ again }) => again),
    [false, true],
  );
  assert.deepEqual(sent, ["Bearer t", "Bearer t"]);
  assert.equal(given[0].audience, ORIGIN);
});

test("the sample of loadPolicy decides, and disposes of the policy", async () => {
  const [sample] = samples(section(api, "loadPolicy(settings, options)"), "js");
  const printed = [];
  const warned = [];
  let policy;
  await play(sample, {
    loadPolicy: async (...args) => {
      policy = await loadPolicy(...args);
      return policy;
    },
    settings: "https://shop.example.com/settings.json",
    fetch: async () => new Response(JSON.stringify(settings("webhook", { chat_types: ["web", "sms"] }))),
    signal: new AbortController().signal,
    wasm: {},
    session: chat,
    console: { log: (...words) => printed.push(...words), warn: (pointer) => warned.push(pointer) },
  });
  assert.deepEqual([printed, warned], [["transfer"], ["/chat/chat_types/1"]]);
  assert.throws(() => policy.evaluate(chat), { code: "disposed" });
});

test("the sample of an answer is shown by the sample of a page", async () => {
  const text = section(api, "What an endpoint answers");
  const [answer] = samples(text, "json");
  const [sample] = samples(text, "js");
  const { events } = await run(chat, answer);
  const { document } = new JSDOM('<div id="conversation"></div>').window;
  const said = [];
  const handlers = [];
  await play(sample, {
    transfer: { on: (_, handler) => handlers.push(handler) },
    say: (line) => said.push(line),
    document,
  });
  for (const { event, data } of events) if (event === "handoff") handlers[0](data);
  // Anything may stand among the messages.
  handlers[0]({ state: "delivered", conversation: null, messages: [null, 5, "x", { text: {} }, {}] });
  assert.deepEqual(said, ["Hello! How did it go?"]);
  const [link, ...more] = document.querySelectorAll("#conversation a");
  assert.equal(link.href, "https://bots.example.com/chat/c-77");
  assert.deepEqual(more, []);
});

// ── What an endpoint answers ────────────────────────────────────────────────────────────────────────────────────────────────────────

const refused = "conversation_link_refused";
const nested = (depth) => "[".repeat(depth) + "]".repeat(depth);
for (const [what, body, conversation, messages, codes = []] of [
  ["nothing", "", null, []],
  ["no JSON", "<html>", null, []],
  ["a list", "[1]", null, []],
  ["wrong types", '{"conversation":"c","messages":"m"}', null, []],
  ["an empty conversation", '{"conversation":{}}', null, []],
  ["an id that is no text", '{"conversation":{"id":7,"url":"/c"}}', { id: null, url: `${ORIGIN}/c` }, []],
  [
    "a foreign link",
    '{"conversation":{"id":"c","url":"https://evil.example/"}}',
    { id: "c", url: null },
    [],
    [refused],
  ],
  ["only a foreign link", '{"conversation":{"url":"https://evil.example/"}}', null, [], [refused]],
  ["a script as a link", '{"conversation":{"id":"c","url":"javascript:1"}}', { id: "c", url: null }, [], [refused]],
  [
    "a name in a link",
    `{"conversation":{"id":"c","url":"https://a@bots.example.com"}}`,
    { id: "c", url: null },
    [],
    [refused],
  ],
  ["any entries", '{"messages":[null,5,"x",{"a":{"b":1}}],"other":1}', null, [null, 5, "x", { a: { b: 1 } }]],
  ["what is too long", `{"messages":[{"text":"${"y".repeat(65_536)}"}]}`, null, []],
  ["what is too deep", `{"messages":${nested(20)}}`, null, JSON.parse(nested(11).replace("[]", "[null]"))],
])
  test(`an answer with ${what}`, async () => {
    const { outcome, events } = await run(chat, body);
    assert.equal(outcome, "transferred");
    const { data } = events.filter(({ event }) => event === "handoff").at(-1);
    assert.deepEqual({ conversation: data.conversation, messages: data.messages }, { conversation, messages });
    assert.deepEqual(
      events.filter(({ event }) => event === "diagnostic").map((one) => one.data.code),
      codes,
    );
  });

// ── run() ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

const told = ({ events }) => events.map(({ event }) => event);

test("run: without a conversation the outcome is told; with one the run ends accepted, and none is", async () => {
  const without = await run(chat, "");
  assert.ok(told(without).includes("outcome"));
  for (const result of [
    await run(chat, '{"conversation":{"id":"c"}}'),
    await run(chat, "{}", { kind: "dialogflow_cx" }),
  ]) {
    assert.deepEqual([result.outcome, result.reason], ["transferred", "accepted"]);
    assert.ok(!told(result).includes("outcome"));
  }
  assert.deepEqual([without.outcome, without.reason], ["transferred", "accepted"]);
});

test("run: a call asks nothing; only a delivery that has failed is put to act()", async () => {
  const asked = [];
  const act = (prompt) => {
    asked.push(prompt.kind);
    return "not_now";
  };
  const accepted = await run(call, "", { act });
  const kinds = accepted.events.filter(({ event }) => event === "prompt").map(({ data }) => data?.kind);
  assert.deepEqual([kinds, asked], [["connecting", "connected"], []]);
  const failed = await run(call, new Response("", { status: 500 }), { act });
  assert.deepEqual([failed.outcome, failed.reason, asked], ["failed", "server_error", ["stalled"]]);
});

test("run: called again it hands off again, under the same key", async () => {
  const keys = [];
  const fetch = async (_, { headers }) => {
    keys.push(headers.get("idempotency-key"));
    return new Response("");
  };
  await run(chat, "", { fetch });
  await run(chat, "", { fetch });
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
});

test("run: what is running is cancelled by dispose() and by signal; an aborted signal rejects", async () => {
  const policy = await loadPolicy(settings());
  const hanging = { endpoints: [ORIGIN], fetch: () => new Promise(() => {}) };
  const stop = new AbortController();
  const bySignal = policy.run(chat, { ...hanging, signal: stop.signal });
  const byDispose = policy.run(chat, hanging);
  await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  policy.dispose();
  for (const { outcome, reason } of await Promise.all([bySignal, byDispose]))
    assert.deepEqual([outcome, reason], ["cancelled", "host_cancelled"]);
  await assert.rejects(loadPolicy(settings(), { signal: stop.signal }), { name: "AbortError" });
});

test("a decision has conflicts where the platform hands off in another way", async () => {
  const policy = await loadPolicy(settings());
  const flags = { ...chat, sdk: { ...chat.sdk, can: ["update_post_session"] }, post_session: { required: true } };
  assert.deepEqual(policy.evaluate(flags).conflicts, ["endpoint_conflict"]);
  assert.equal(policy.evaluate(chat).conflicts, undefined);
  policy.dispose();
});
