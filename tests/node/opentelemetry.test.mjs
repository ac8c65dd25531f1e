// Spans of real runs, as the real SDK exports them.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { createPostSessionTransfer } from "post-session-transfer";
import { traceTransfer } from "post-session-transfer/opentelemetry";
import { MiniClient } from "./support/client.mjs";
import { fastClock } from "./support/fast-clock.mjs";
import { reply, startServer } from "./support/server.mjs";
import { settingsFor, webChat } from "./support/settings.mjs";

const OK = 0;
const ERROR = 2;

const closing = [];
after(() => Promise.all(closing.map((close) => close())));

async function until(holds, what) {
  const end = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > end) assert.fail(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A server that answers one request after the other: a status, `later` (than anybody waits), `drop` or `silence`. The last answer stays. */
async function serve(...answers) {
  const server = await startServer((_request, response) => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer === "drop") response.destroy();
    else if (answer === "later") reply(response, 503, {}, { "retry-after": "60" });
    else if (answer !== "silence") reply(response, answer);
  });
  closing.push(() => server.close());
  return server;
}

function tracing() {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const spans = () => exporter.getFinishedSpans();
  return {
    tracer: provider.getTracer("test"),
    spans,
    named: (name) => spans().filter((span) => span.name === `post_session.${name}`),
  };
}

const EVENTS = ["decision", "prompt", "consent", "handoff", "record", "hold", "release", "outcome", "diagnostic"];
/** What the runs below have told and traced: `event.field`, and the spans. */
const told = new Set();
const exporters = [];

const namesIn = ({ name, attributes, events }) =>
  [{ name, attributes }, ...events].flatMap((one) => [one.name, ...Object.keys(one.attributes)]);

/** A transfer that is traced. */
async function open(server, { chat, trace: traceOptions, ...options } = {}) {
  const transfer = await createPostSessionTransfer({
    settings: settingsFor(server.origin, chat),
    endpoints: [server.origin],
    clock: fastClock(),
    storage: null,
    random: () => 0,
    ...options,
  });
  closing.push(() => transfer.dispose());
  for (const event of EVENTS)
    transfer.on(event, (data) => {
      told.add(event);
      for (const field of Object.keys(data ?? {})) told.add(`${event}.${field}`);
    });
  const { tracer, ...exported } = tracing();
  exporters.push(exported);
  const stop = traceTransfer(transfer, tracer, traceOptions);
  return { transfer, stop, done: () => until(() => transfer.state === "done", "the end"), ...exported };
}

const noQuestion = { opt_in: false };

/** The SDK tells each span's time by a clock that the span starts with: they differ by less than this. */
const DRIFT_NS = 5e6;

/** Every span is a child of the session's, within its time. */
function checkTree(spans) {
  const root = spans.find(({ name }) => name === "post_session.transfer");
  const time = ([seconds, nanoseconds]) => seconds * 1e9 + nanoseconds;
  for (const span of spans) {
    assert.ok(span.ended);
    if (span === root) continue;
    assert.equal(span.parentSpanContext?.spanId, root.spanContext().spanId);
    assert.equal(span.spanContext().traceId, root.spanContext().traceId);
    assert.ok(time(span.startTime) >= time(root.startTime) - DRIFT_NS, `${span.name} starts before its session`);
    assert.ok(time(span.endTime) <= time(root.endTime) + DRIFT_NS, `${span.name} ends after its session`);
  }
  return root;
}

describe("what a session leaves", () => {
  test("accepted at once: one attempt below one session", async () => {
    const server = await serve(200);
    const { transfer, done, spans, named } = await open(server, { chat: noQuestion });
    await transfer.sessionEnded(webChat);
    await done();
    const root = checkTree(spans());
    const { handoff_id } = JSON.parse(server.requests[0].body);
    assert.equal(root.parentSpanContext, undefined);
    assert.deepEqual(root.attributes, {
      "post_session.decision": "transfer",
      "post_session.decision_reason": "eligible",
      "post_session.level": "global",
      "post_session.virtual_agent": "orders",
      "post_session.opt_in": false,
      "post_session.handoff_id": handoff_id,
      "post_session.endpoint": "webhook",
      "post_session.outcome": "transferred",
      "post_session.reason": "accepted",
      "post_session.attempts": 1,
    });
    assert.equal(root.status.code, OK);
    const [attempt] = named("attempt");
    assert.deepEqual(attempt.attributes, {
      "post_session.handoff_id": handoff_id,
      "post_session.endpoint": "webhook",
      "post_session.attempt": 1,
      "post_session.state": "delivered",
      "http.response.status_code": 200,
    });
    assert.equal(attempt.kind, 2);
    assert.equal(spans().length, 2);
  });

  test("records: a span for each step into a sink", async () => {
    const server = await serve(200);
    const { transfer, named } = await open(server, {
      chat: { ...noQuestion, data_records: { in_metadata: true, in_crm_record: true } },
      records: { metadata: `${server.origin}/metadata`, crm: () => {} },
    });
    await transfer.sessionEnded(webChat);
    const written = () => named("record").filter(({ attributes }) => attributes["post_session.state"] === "delivered");
    await until(() => written().length === 2, "two records");
    assert.deepEqual(
      written()
        .map(({ attributes }) => attributes["post_session.record"])
        .sort(),
      ["crm", "metadata"],
    );
    const traces = server.requests.map(({ headers }) => headers.traceparent.split("-")[1]);
    assert.equal(traces.length, 2, "the hand-off and its record");
    assert.equal(new Set(traces).size, 1, "are in one trace");
  });

  test("the question: from when it is asked to its answer", async () => {
    const server = await serve(200);
    const { transfer, done, spans, named } = await open(server);
    await transfer.sessionEnded(webChat);
    assert.equal(named("question").length, 0);
    await new Promise((resolve) => setTimeout(resolve, 30));
    transfer.act("yes");
    const [question] = named("question");
    assert.deepEqual(question.attributes, { "post_session.answer": "Yes" });
    const [seconds, nanoseconds] = question.duration;
    assert.ok(seconds * 1000 + nanoseconds / 1e6 >= 20);
    await done();
    checkTree(spans());
  });

  test("No: the question and its answer, no attempt", async () => {
    const server = await serve(200);
    const { transfer, spans, named } = await open(server);
    await transfer.sessionEnded(webChat);
    transfer.act("no");
    const root = checkTree(spans());
    assert.equal(root.attributes["post_session.outcome"], "declined");
    assert.equal(root.attributes["post_session.attempts"], 0);
    assert.equal(root.status.code, OK);
    assert.deepEqual(named("question")[0].attributes, { "post_session.answer": "No" });
    assert.equal(named("attempt").length, 0);
  });

  test("nobody answers: a question without an answer", async () => {
    const server = await serve(200);
    const { transfer, spans, named } = await open(server);
    await transfer.sessionEnded(webChat);
    transfer.cancel();
    checkTree(spans());
    assert.deepEqual(named("question")[0].attributes, {});
  });

  test("retries: each attempt with its status and reason", async () => {
    const server = await serve(503, "drop", 429, 201);
    const { transfer, done, spans, named } = await open(server, { chat: noQuestion });
    await transfer.sessionEnded(webChat);
    await done();
    const root = checkTree(spans());
    assert.equal(root.attributes["post_session.attempts"], 4);
    assert.deepEqual(
      named("attempt").map(({ attributes, status }) => [
        attributes["post_session.attempt"],
        attributes["post_session.state"],
        attributes["http.response.status_code"],
        attributes["error.type"],
        status,
      ]),
      [
        [1, "backing_off", 503, "server_error", { code: ERROR, message: "server_error" }],
        [2, "backing_off", undefined, "network_or_cors", { code: ERROR, message: "network_or_cors" }],
        [3, "backing_off", 429, "rate_limited", { code: ERROR, message: "rate_limited" }],
        [4, "delivered", 201, undefined, { code: OK }],
      ],
    );
  });

  test("stalled, tried again, given up: a session that failed", async () => {
    const server = await serve("later");
    const { transfer, spans, named } = await open(server, { chat: noQuestion });
    await transfer.sessionEnded(webChat);
    await until(() => transfer.state === "stalled", "the stall");
    assert.equal(named("transfer").length, 0);
    transfer.act("try_again");
    await until(() => transfer.state === "stalled" && server.requests.length === 2, "the second stall");
    transfer.act("not_now");
    const root = checkTree(spans());
    assert.equal(root.attributes["post_session.outcome"], "failed");
    assert.deepEqual(root.status, { code: ERROR, message: "server_error" });
    const stalls = root.events.filter(({ name }) => name === "post_session.stalled");
    assert.deepEqual(
      stalls.map(({ attributes }) => attributes),
      [{ "post_session.reason": "server_error" }, { "post_session.reason": "server_error" }],
    );
    assert.deepEqual(
      named("attempt").map(({ attributes }) => attributes["post_session.state"]),
      ["given_up", "given_up"],
    );
  });

  test("two sessions: two traces", async () => {
    const server = await serve(200);
    const { transfer, done, named } = await open(server, { chat: noQuestion });
    await transfer.sessionEnded(webChat);
    await done();
    await transfer.sessionEnded({ ...webChat, id: "another" });
    await done();
    const [first, second] = named("transfer").map((span) => span.spanContext().traceId);
    assert.notEqual(first, second);
    assert.equal(named("transfer").length, 2);
  });

  test("a session that is overtaken by the next one ends", async () => {
    const server = await serve(200);
    const { transfer, named } = await open(server);
    await transfer.sessionEnded(webChat);
    await transfer.sessionEnded({ ...webChat, id: "another" });
    assert.deepEqual(
      named("transfer").map(({ attributes }) => attributes["post_session.reason"]),
      ["new_conversation"],
    );
  });

  test("rejected and observed: a session, and nothing below it", async () => {
    const server = await serve(200);
    for (const [options, session, outcome] of [
      [{}, { ...webChat, sdk: { platform: "ios", version: "2.0.0" } }, "rejected"],
      [{ mode: "observe", chat: noQuestion }, webChat, "skipped"],
    ]) {
      const { transfer, spans } = await open(server, options);
      await transfer.sessionEnded(session);
      assert.deepEqual(
        spans().map(({ attributes }) => attributes["post_session.outcome"]),
        [outcome],
      );
    }
    assert.equal(server.requests.length, 0);
  });

  test("diagnostics: codes, with names out of the settings", async () => {
    const server = await serve(200);
    const gone = { type: "dynamic", field: "gone", source: "unsigned", source_field: "gone" };
    const { transfer, done, named } = await open(server, {
      chat: { ...noQuestion, data_parameters: [gone] },
      authorize: ({ attempt }) => {
        if (attempt === 1) throw new Error("secret");
      },
    });
    await transfer.sessionEnded(webChat);
    await done();
    assert.deepEqual(
      named("transfer")[0]
        .events.filter(({ name }) => name === "post_session.diagnostic")
        .map(({ attributes }) => attributes),
      [
        { "post_session.code": "parameter_omitted", "post_session.detail": "gone" },
        { "post_session.code": "authorize_failed" },
      ],
    );
  });

  test("through the platform: an attempt for each status, none with a status of HTTP", async () => {
    const client = Object.assign(new MiniClient(), { updatePostSession: async () => {} });
    const ccaip = [{ id: "survey", name: "Survey", channels: ["chat"], endpoint: { kind: "ccaip" } }];
    const chat = { enabled: true, chat_types: ["web"], virtual_agent: "survey" };
    const { transfer, named, spans } = await open(await serve(200), {
      client,
      settings: { version: 1, virtual_agents: ccaip, chat },
      session: { sdk: { platform: "web", version: "3.44.2", can: ["update_post_session"] } },
    });
    await client.createChat(502);
    await client.finishChat();
    await until(() => transfer.state === "in_conversation", "the conversation");
    assert.equal(named("transfer").length, 0, "the conversation goes on");
    transfer.conversationEnded("virtual_agent");
    checkTree(spans());
    assert.deepEqual(
      named("attempt").map(({ attributes }) => [
        attributes["post_session.endpoint"],
        attributes["post_session.state"],
        attributes["http.response.status_code"],
      ]),
      [
        ["ccaip", "delivered", undefined],
        ["ccaip", "delivered", undefined],
      ],
    );
    assert.equal(named("transfer")[0].attributes["post_session.outcome"], "completed");
  });
});

describe("events one by one", () => {
  /** What tells events, and nothing else. */
  function teller() {
    const handlers = new Map();
    return {
      on: (name, handler) => {
        handlers.set(name, handler);
        return () => handlers.delete(name);
      },
      dispose: () => {},
      tell: (name, data) => handlers.get(name)?.(data),
    };
  }

  test("records: spans of their session, also when it is over", () => {
    const transfer = teller();
    const { tracer, named } = tracing();
    traceTransfer(transfer, tracer);
    const record = {
      handoff_id: "a",
      record: "crm",
      state: "given_up",
      attempt: 3,
      status: 500,
      reason: "server_error",
      text: "MARKED",
    };
    transfer.tell("record", record);
    transfer.tell("decision", { outcome: "transfer" });
    transfer.tell("outcome", { outcome: "transferred", reason: "accepted", handoff_id: "a" });
    transfer.tell("record", record);
    const [span, ...more] = named("record");
    assert.equal(more.length, 0, "without a session there is nothing to belong to");
    assert.equal(span.parentSpanContext.spanId, named("transfer")[0].spanContext().spanId);
    assert.deepEqual(span.attributes, {
      "post_session.record": "crm",
      "post_session.state": "given_up",
      "post_session.attempt": 3,
      "post_session.reason": "server_error",
      "error.type": "server_error",
      "http.response.status_code": 500,
    });
    assert.equal(span.status.code, ERROR);
  });

  test("records: spans of their own session, also when the next one has begun", () => {
    const transfer = teller();
    const { tracer, named } = tracing();
    traceTransfer(transfer, tracer);
    const tell = (handoff_id, state, more = {}) =>
      transfer.tell("record", { handoff_id, record: "crm", state, ...more });
    const spanIds = () => named("transfer").map((span) => span.spanContext().spanId);
    const parents = (state) =>
      named("record")
        .filter(({ attributes }) => attributes["post_session.state"] === state)
        .map(({ parentSpanContext }) => parentSpanContext.spanId);
    transfer.tell("decision", { outcome: "transfer" });
    transfer.tell("handoff", { handoff_id: "a", state: "sending", attempt: 1 });
    tell("a", "sending");
    transfer.tell("outcome", { outcome: "transferred", reason: "accepted", handoff_id: "a" });
    transfer.tell("decision", { outcome: "ask" });
    // The next one is asked, and says No, which alone names it.
    tell("a", "backing_off");
    tell("unknown", "lost", { record: "consent" });
    transfer.tell("consent", { selected: "No" });
    tell("b", "sending", { record: "consent" });
    tell("a", "delivered");
    transfer.tell("outcome", { outcome: "declined", reason: "consent_declined", handoff_id: "b" });
    tell("b", "delivered", { record: "consent" });
    const [a, b] = spanIds();
    assert.deepEqual(parents("sending"), [a, b]);
    assert.deepEqual(parents("backing_off"), [a]);
    assert.deepEqual(parents("delivered"), [a, b]);
    assert.deepEqual(parents("lost"), [], "of a session that was never seen");
  });

  test("in any order, with anything in them: no span is left open, and only scalars get in", () => {
    const transfer = teller();
    const { tracer, spans } = tracing();
    let open = 0;
    const counting = {
      startSpan: (...args) => {
        const span = tracer.startSpan(...args);
        const { end } = span;
        open += 1;
        span.end = () => {
          open -= 1;
          end.call(span);
        };
        return span;
      },
    };
    const stop = traceTransfer(transfer, counting);
    let seed = 7;
    const random = (below) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const values = [
      null,
      undefined,
      "",
      "sending",
      "delivered",
      "opt_in",
      "stalled",
      "failed",
      1,
      Number.NaN,
      true,
      {},
      [],
    ];
    const fields = ["outcome", "reason", "state", "attempt", "status", "handoff_id", "kind", "selected", "code"];
    for (let i = 0; i < 5000; i += 1) {
      const data = Object.fromEntries(fields.map((field) => [field, values[random(values.length)]]));
      const event = EVENTS[random(EVENTS.length)];
      transfer.tell(event, event === "prompt" && random(3) === 0 ? null : data);
      assert.ok(open <= 3);
    }
    stop();
    assert.equal(open, 0);
    for (const { attributes } of spans())
      for (const value of Object.values(attributes)) assert.ok(["string", "number", "boolean"].includes(typeof value));
  });
});

describe("joined with the endpoint's trace", () => {
  const told = ({ headers }) => headers.traceparent.split("-").slice(1, 3);

  test("each attempt links to what the endpoint was told", async () => {
    const server = await serve(503, 200);
    const { transfer, done, named } = await open(server, { chat: noQuestion });
    await transfer.sessionEnded(webChat);
    await done();
    assert.deepEqual(
      named("attempt").map(({ links }) => links.map(({ context }) => [context.traceId, context.spanId])),
      server.requests.map((request) => [told(request)]),
    );
    assert.equal(server.requests.length, 2);
  });

  test("or is within it, with a link to the session", async () => {
    const server = await serve(503, 200);
    const { transfer, done, named } = await open(server, { chat: noQuestion, trace: { attempts: "handoff" } });
    await transfer.sessionEnded(webChat);
    await done();
    const [root] = named("transfer");
    for (const [at, attempt] of named("attempt").entries()) {
      const [traceId, parent] = told(server.requests[at]);
      assert.equal(attempt.spanContext().traceId, traceId);
      assert.equal(attempt.parentSpanContext.spanId, parent);
      assert.deepEqual(
        attempt.links.map(({ context }) => context.spanId),
        [root.spanContext().spanId],
      );
    }
  });

  test("a parent of the host's: everything is below it", async () => {
    const server = await serve(200);
    const page = new BasicTracerProvider().getTracer("page").startSpan("page");
    const { transfer, done, named } = await open(server, {
      chat: noQuestion,
      trace: { parent: trace.setSpan(ROOT_CONTEXT, page) },
    });
    await transfer.sessionEnded(webChat);
    await done();
    assert.equal(named("transfer")[0].parentSpanContext.spanId, page.spanContext().spanId);
    assert.equal(named("attempt")[0].spanContext().traceId, page.spanContext().traceId);
  });
});

describe("cut off", () => {
  const inFlight = async (options) => {
    const server = await serve("silence");
    const opened = await open(server, { chat: noQuestion, ...options });
    await opened.transfer.sessionEnded(webChat);
    await until(() => server.requests.length === 1, "the request");
    assert.equal(opened.spans().length, 0);
    return opened;
  };
  const interrupted = (spans) => spans.map(({ name, attributes }) => [name, attributes["post_session.interrupted"]]);
  const both = [
    ["post_session.attempt", true],
    ["post_session.transfer", true],
  ];

  test("dispose() in mid-flight ends the spans", async () => {
    const { transfer, spans } = await inFlight();
    transfer.dispose();
    checkTree(spans());
    assert.deepEqual(interrupted(spans()), both);
    transfer.dispose();
    assert.equal(spans().length, 2);
  });

  test("stopping does too, once, and gives dispose() back", async () => {
    const { transfer, stop, spans } = await inFlight();
    stop();
    stop();
    assert.deepEqual(interrupted(spans()), both);
    transfer.cancel();
    assert.equal(spans().length, 2);
    assert.equal(transfer.dispose, Object.getPrototypeOf(transfer).dispose);
  });

  test("an aborted signal cancels: the session ends with its outcome", async () => {
    const controller = new AbortController();
    const { spans, named } = await inFlight({ signal: controller.signal });
    controller.abort();
    assert.equal(spans().length, 2);
    assert.equal(named("transfer")[0].attributes["post_session.outcome"], "cancelled");
  });

  test("while a question is open", async () => {
    const { transfer, spans } = await open(await serve(200));
    await transfer.sessionEnded(webChat);
    transfer.dispose();
    assert.deepEqual(
      spans().map(({ name }) => name),
      ["post_session.question", "post_session.transfer"],
    );
  });

  test("two that trace the same transfer do not get into each other's way", async () => {
    const server = await serve("silence");
    const { transfer, stop, spans } = await open(server, { chat: noQuestion });
    const second = tracing();
    traceTransfer(transfer, second.tracer);
    await transfer.sessionEnded(webChat);
    stop();
    transfer.dispose();
    assert.equal(spans().length, 2);
    assert.equal(second.spans().length, 2);
  });
});

test("a tracer that fails disturbs nothing", async (t) => {
  const reported = [];
  const report = globalThis.reportError;
  globalThis.reportError = (error) => reported.push(error);
  t.after(() => {
    globalThis.reportError = report;
  });
  const server = await serve(200);
  const transfer = await createPostSessionTransfer({
    settings: settingsFor(server.origin),
    endpoints: [server.origin],
    clock: fastClock(),
    storage: null,
  });
  t.after(() => transfer.dispose());
  const failing = () => {
    throw new Error("no exporter");
  };
  const stop = traceTransfer(transfer, { startSpan: failing });
  await transfer.sessionEnded(webChat);
  transfer.act("yes");
  await until(() => transfer.state === "done", "the end");
  assert.equal(transfer.outcome.outcome, "transferred");
  assert.ok(reported.length > 0);
  stop();
});

test("no personal data in any span", async () => {
  const MARK = "MARKED";
  const marked = (name) => `${MARK}-${name}`;
  const server = await startServer((request, response) => {
    const { length } = server.requests;
    if (length === 1) return reply(response, 503, { error: marked("error") });
    assert.match(request.body, new RegExp(marked("value")), "the mark is in play");
    return reply(response, 200, {
      conversation: { id: marked("conversation"), url: `${server.origin}/${marked("url")}` },
      messages: [marked("said")],
    });
  });
  closing.push(() => server.close());
  const session = {
    ...webChat,
    id: marked("session"),
    tenant: marked("tenant"),
    agent: { id: marked("agent-id"), name: marked("agent") },
    end_user: { id: marked("user-id"), identifier: marked("user") },
    queue: { id: marked("queue-id"), name: marked("queue"), path: marked("path") },
    custom_data: { unsigned: { order_id: { label: marked("label"), value: marked("value") } } },
    session_variables: { a: marked("variable") },
  };
  const { transfer, spans } = await open(server, {
    authorize: ({ attempt }) => {
      if (attempt === 1) return { Authorization: marked("token") };
      if (attempt === 2) throw new Error(marked("authorize"));
      return {};
    },
  });
  await transfer.sessionEnded(session);
  transfer.act("yes", { form: marked("form") });
  await until(() => transfer.state === "in_conversation", "the conversation");
  transfer.conversationEnded("end_user");
  assert.ok(spans().length >= 5);
  const everything = JSON.stringify(
    spans().map(({ name, attributes, events, links, status, resource }) => [
      name,
      attributes,
      events,
      links,
      status,
      resource?.attributes,
    ]),
  );
  assert.match(everything, /authorize_failed/);
  assert.doesNotMatch(everything, new RegExp(MARK, "i"));
});

describe("docs/observability.md", () => {
  const page = readFileSync(new URL("../../docs/observability.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^\| `(\w+)` \|[^|]*\| (.*) \|$/gm)].map(([, event, fields]) => [
    event,
    [...fields.matchAll(/`(\w+)`/g)].map(([, field]) => field),
  ]);

  test("has every event with every field, and no other", () => {
    // Of a session without a fault; the rest of a diagnostic depends on its code.
    const documented = rows.flatMap(([event, fields]) => [event, ...fields.map((field) => `${event}.${field}`)]);
    assert.deepEqual(documented.filter((name) => !name.startsWith("diagnostic.")).sort(), [
      ...[...told].filter((name) => !name.startsWith("diagnostic.")).sort(),
    ]);
    const inDiagnostics = [...told].filter((name) => name.startsWith("diagnostic."));
    assert.ok(inDiagnostics.length > 1);
    for (const name of inDiagnostics) assert.ok(documented.includes(name), name);
  });

  test("the sample listens to all that has no texts and is not for other experiences", () => {
    const [, names] = /for \(const name of (\[.*\])\)/.exec(page);
    const others = ["prompt", "hold", "release"];
    assert.deepEqual(
      JSON.parse(names).sort(),
      rows
        .map(([event]) => event)
        .filter((event) => EVENTS.includes(event) && !others.includes(event))
        .sort(),
    );
  });

  test("has every name that a span carries", () => {
    const names = new Set(exporters.flatMap(({ spans }) => spans().flatMap(namesIn)));
    assert.ok(names.size > 15);
    for (const name of names)
      assert.ok(page.includes(`\`${name}\``) || page.includes(`\`.${name.split(".").at(-1)}\``), name);
  });
});

test("the API's own types fit", async () => {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const compiler = `${root}node_modules/typescript/bin/tsc`;
  const check = (file) =>
    promisify(execFile)(process.execPath, [
      ...[compiler, "--noEmit", "--strict", "--skipLibCheck", "--module", "esnext"],
      ...["--moduleResolution", "bundler", "--target", "es2022", "--types", "", "--ignoreConfig", file],
    ]);
  await check(`${root}tests/node/support/types-that-fit.ts`);
  await assert.rejects(check(`${root}tests/node/support/types-that-do-not.ts`), ({ stdout }) => /TS2353/.test(stdout));
});
