// What the product writes has the shape that its schemas promise: decisions, and the hand-offs of real flows.

import assert from "node:assert/strict";
import test from "node:test";
import { loadPolicy } from "post-session-transfer";
import { groups } from "../exhaustive/combinations.mjs";
import { reply, startServer } from "../node/support/server.mjs";
import { settingsFor, webChat } from "../node/support/settings.mjs";
import { places, seeded } from "./support/near-misses.mjs";
import { closed, compile, compilePublished, complaints, readSchema } from "./support/schemas.mjs";

/** The published schema, and the same with no field allowed that it does not describe. */
const validators = (name) => [compilePublished(name), compile(closed(readSchema(name)))];

function validates(name, value) {
  for (const validate of validators(name))
    assert.ok(validate(value), `${complaints(validate)}\n${JSON.stringify(value)}`);
}

test("decisions over a sample of all combinations have the shape of a decision", async (t) => {
  const [open, strict] = validators("decision");
  const random = seeded(20260103);
  const reasons = new Set();
  const checks = new Set();
  let decisions = 0;
  for (const { settings, combinations } of groups()) {
    const policy = await loadPolicy(settings);
    for (const { session } of combinations()) {
      if (random() >= 0.04) continue;
      const decision = policy.evaluate(session);
      if (!open(decision) || !strict(decision))
        assert.fail(`${complaints(open)} ${complaints(strict)}\n${JSON.stringify({ settings, session, decision })}`);
      reasons.add(decision.reason);
      for (const { check } of decision.trace) checks.add(check);
      decisions += 1;
    }
    policy.dispose();
  }
  t.diagnostic(`${decisions} decisions`);
  assert.ok(decisions >= 20_000);
  const { properties, $defs } = readSchema("decision");
  // A policy is not told what the host allows: that comes with a run.
  assert.deepEqual(
    properties.reason.enum.filter((reason) => !reasons.has(reason)),
    ["endpoint_not_allowed"],
  );
  assert.deepEqual(
    $defs.row.properties.check.enum.filter((check) => !checks.has(check)),
    ["endpoint_allowed"],
  );
});

test("decisions that derive who ended a chat have the shape of a decision", async () => {
  const policy = await loadPolicy(settingsFor("https://bots.example.com"));
  const { ended_by: _, ...unsaid } = webChat;
  for (const signal of [
    "finishChat",
    "noti.chatEnded",
    "chat.memberLeft",
    "chat.timeout",
    "chat.dismissed",
    "exited",
  ]) {
    const decision = policy.evaluate({ ...unsaid, signals: [{ signal, at: 1 }, { signal: "chat.ended" }] });
    assert.deepEqual(decision.trace.find(({ check }) => check === "ended_by").because, [signal]);
    validates("decision", decision);
  }
  validates("decision", policy.evaluate({ ...unsaid, signals: [] }));
  policy.dispose();
});

/** Runs a session against a real endpoint, and answers with what it was sent. */
async function handOff({
  chat,
  call,
  session = webChat,
  answers = [200],
  endpoint = {},
  endpoints = (origin) => [origin],
  expected = "transferred",
}) {
  const statuses = [...answers];
  const server = await startServer((_, response) => reply(response, statuses.shift() ?? 200));
  const settings = settingsFor(server.origin, chat);
  Object.assign(settings.virtual_agents[0].endpoint, endpoint);
  if (call !== undefined) {
    settings.virtual_agents[0].channels.push("call");
    settings.call = call;
  }
  const policy = await loadPolicy(settings);
  try {
    const result = await policy.run(session, {
      endpoints: endpoints(server.origin),
      act: () => "yes",
      random: () => 0,
    });
    assert.equal(result.outcome, expected, JSON.stringify(result));
    validates("decision", result.decision);
    return { result, bodies: server.requests.map(({ body }) => JSON.parse(body)) };
  } finally {
    policy.dispose();
    await server.close();
  }
}

const RECORDS = { in_metadata: true, in_crm_record: false };
const ITEMS = {
  text: "plain",
  number: { value: 3.5, type: "number" },
  flag: { value: false },
  day: { value: 1767225600000, type: "date" },
  strange: { value: '𝔘 \u2028 \u0007 " \\' },
  empty: "",
  list: [1],
};
const unsigned = Object.keys(ITEMS).map((key) => ({
  type: "dynamic",
  field: key,
  source: "unsigned",
  source_field: key,
  sensitive: key === "text",
}));

const FLOWS = {
  "after a Yes": {},
  "when nobody is asked": { chat: { opt_in: false, data_records: RECORDS } },
  "without data parameters": { chat: { data_parameters_enabled: false } },
  "with values of every type": {
    chat: { data_parameters: unsigned },
    session: { ...webChat, custom_data: { unsigned: ITEMS } },
  },
  "with 100 data parameters": {
    chat: { data_parameters: Array.from({ length: 100 }, (_, i) => ({ type: "fixed", field: `f${i}`, value: i })) },
  },
  "of a session that knows little": {
    session: {
      id: 7,
      channel: "chat",
      sdk: { platform: "web", version: "3.0.0" },
      chat_type: "web",
      ended_by: "end_user",
    },
  },
  "of a queue whose id is text": { session: { ...webChat, queue: { id: "north" }, lang: "de-CH" } },
  "when the platform asks for the question": {
    chat: { opt_in: false },
    session: { ...webChat, post_session: { opt_in_required: true } },
  },
  "of a call": {
    call: { enabled: true, call_types: ["voice_inbound"], virtual_agent: "orders" },
    session: { id: 98765, channel: "call", call_type: "voice_inbound", ended_by: "agent" },
  },
};

for (const [about, flow] of Object.entries(FLOWS)) {
  test(`the hand-off ${about} has the shape of a hand-off`, async () => {
    const { bodies } = await handOff(flow);
    assert.equal(bodies.length, 1);
    validates("handoff", bodies[0]);
  });
}

test("each attempt of a hand-off has the shape of a hand-off", async () => {
  const { bodies } = await handOff({ answers: [503, 429, 200] });
  assert.equal(bodies.length, 3);
  for (const body of bodies) validates("handoff", body);
});

test("what Dialogflow CX is sent is a hand-off in two parts: payload and parameters", async () => {
  const { bodies } = await handOff({
    endpoint: { kind: "dialogflow_cx", agent: "projects/p/locations/l/agents/a", event: "POST_SESSION" },
  });
  assert.equal(bodies.length, 1);
  const { payload, parameters } = bodies[0].queryParams;
  validates("handoff", { ...payload, data_parameters: parameters });
});

test("the decision about an endpoint that the host has not allowed has the shape of a decision", async () => {
  const { result } = await handOff({ endpoints: () => ["https://elsewhere.example.com"], expected: "skipped" });
  assert.equal(result.decision.reason, "endpoint_not_allowed");
});

test("a hand-off or a decision with a field of another type, or without one, is found", async () => {
  const { result, bodies } = await handOff({});
  for (const [name, value] of [
    ["handoff", bodies[0]],
    ["decision", result.decision],
  ]) {
    const validate = compilePublished(name);
    // Null is what a field holds that is not known, and data parameters come and go.
    const fixed = [...places(value)].filter(({ path }) => path.length > 0 && path[0] !== "data_parameters");
    let found = 0;
    for (const { path } of fixed) {
      const copy = structuredClone(value);
      const parent = path.slice(0, -1).reduce((node, key) => node[key], copy);
      parent[path.at(-1)] = { not: "this" };
      assert.ok(!validate(copy), `${name} ${path.join("/")}`);
      found += 1;
      if (Array.isArray(parent)) continue;
      delete parent[path.at(-1)];
      assert.ok(!validate(copy), `${name} without ${path.join("/")}`);
    }
    assert.ok(found >= 15);
  }
});

test("a hand-off that cannot be is found", async () => {
  const { bodies } = await handOff({});
  const validate = compilePublished("handoff");
  const { opt_in } = bodies[0];
  const wrong = {
    "handed off after a No": { opt_in: { ...opt_in, selected: "No" } },
    "handed off without the answer that is required": { opt_in: { ...opt_in, selected: null } },
    "an answer without a question": { opt_in: { ...opt_in, required: false } },
    "another version of UUID": { handoff_id: `${bodies[0].handoff_id.slice(0, 14)}4${bodies[0].handoff_id.slice(15)}` },
    "a UUID in capitals": { handoff_id: "6F2C1D0E-3B4A-8C5D-9E6F-708192A3B4C5" },
    "a time without a zone": { decided_at: "2026-01-01T10:00:00.000" },
    "a time that is a number": { decided_at: 1767225600000 },
    "a parameter that is null": { data_parameters: { a: null } },
    "a parameter that is a list": { data_parameters: { a: [] } },
    "a parameter with a name that is not allowed": { data_parameters: { "a b": 1 } },
    "a queue's number": { session: { ...bodies[0].session, queue_id: 502 } },
    "another format": { schema: 2 },
  };
  for (const [about, change] of Object.entries(wrong)) assert.ok(!validate({ ...bodies[0], ...change }), about);
  assert.ok(validate({ ...bodies[0], dry_run: true }), "a dry run");
  assert.ok(validate({ ...bodies[0], added_later: 1 }), "a field that is added in a later release");
});
