import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { createPostSessionTransfer, loadPolicy, PostSessionError } from "post-session-transfer";
import { MiniClient } from "./support/client.mjs";
import { fastClock } from "./support/fast-clock.mjs";
import { reply, startServer, unreachableOrigin } from "./support/server.mjs";
import { settingsFor, webChat } from "./support/settings.mjs";

const servers = [];
const transfers = [];
after(async () => {
  for (const transfer of transfers) transfer.dispose();
  await Promise.all(servers.map((server) => server.close()));
});

async function serve(answer = (_request, response) => reply(response, 200)) {
  const server = await startServer(answer);
  servers.push(server);
  return server;
}

/** A transfer, and everything it says. */
async function open(origin, { chat, ...options } = {}) {
  const transfer = await createPostSessionTransfer({
    settings: settingsFor(origin, chat),
    endpoints: [origin],
    clock: fastClock(),
    ...options,
  });
  transfers.push(transfer);
  const said = [];
  for (const name of ["decision", "prompt", "consent", "handoff", "hold", "release", "outcome", "diagnostic"]) {
    transfer.on(name, (data) => said.push([name, data]));
  }
  return {
    transfer,
    said,
    last: (name) => said.findLast(([one]) => one === name)?.[1],
    prompts: () => said.filter(([name]) => name === "prompt").map(([, prompt]) => prompt?.kind ?? null),
    until: (state) => until(() => transfer.state === state, `state ${state}, which is ${transfer.state}`),
  };
}

async function until(holds, what, ms = 10_000) {
  const end = Date.now() + ms;
  while (!holds()) {
    if (Date.now() > end) assert.fail(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 50));

describe("Yes, No and what is sent", () => {
  test("Yes: exactly one hand-off, with the envelope", async () => {
    const server = await serve((_request, response) => reply(response, 200));
    const { transfer, last, prompts, until } = await open(server.origin);
    assert.equal(transfer.state, "idle");
    assert.deepEqual(await transfer.sessionEnded(webChat), { accepted: true });
    assert.equal(transfer.state, "asking");
    assert.equal(last("prompt").kind, "opt_in");
    assert.deepEqual(
      last("prompt").actions.map(({ action }) => action),
      ["yes", "no"],
    );
    assert.equal(server.requests.length, 0);
    assert.deepEqual(transfer.act("yes"), { accepted: true });
    await until("done");
    assert.equal(transfer.outcome.outcome, "transferred");
    assert.deepEqual(prompts(), ["opt_in", "connecting", "connected"]);
    await settle();
    assert.equal(server.requests.length, 1);
    const [request] = server.requests;
    const envelope = JSON.parse(request.body);
    assert.equal(request.headers["content-type"], "application/json");
    assert.equal(request.headers["idempotency-key"], envelope.handoff_id);
    assert.match(envelope.handoff_id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(envelope.schema, 1);
    assert.deepEqual(envelope.session, { id: "12345", lang: "en", queue_id: "502", ended_by: "agent" });
    assert.deepEqual(envelope.virtual_agent, { id: "orders", name: "Order status" });
    assert.equal(envelope.opt_in.required, true);
    assert.equal(envelope.opt_in.selected, "Yes");
    assert.deepEqual(envelope.data_parameters, { survey_kind: "csat", queueId: 502, order_id: "A-1" });
    assert.deepEqual(envelope.data_records, { in_metadata: false, in_crm_record: false });
  });

  test("the same session has the same key, whoever computes it", async () => {
    const server = await serve();
    const keys = [];
    for (let i = 0; i < 2; i += 1) {
      const { transfer, until } = await open(server.origin, { chat: { opt_in: false } });
      await transfer.sessionEnded(webChat);
      await until("done");
      keys.push(server.requests.at(-1).headers["idempotency-key"]);
    }
    assert.equal(keys[0], keys[1]);
  });

  test("No: no request, no parameter", async () => {
    const server = await serve();
    const { transfer } = await open(server.origin);
    await transfer.sessionEnded(webChat);
    assert.deepEqual(transfer.act("no"), { accepted: true });
    assert.equal(transfer.state, "done");
    assert.equal(transfer.outcome.outcome, "declined");
    assert.equal(transfer.act("yes").accepted, false);
    await settle();
    assert.equal(server.requests.length, 0);
  });

  test("pressing Yes twice sends once", async () => {
    const server = await serve((_request, response) => setTimeout(() => reply(response, 200), 30));
    const { transfer, until } = await open(server.origin);
    await transfer.sessionEnded(webChat);
    assert.equal(transfer.act("yes").accepted, true);
    assert.deepEqual(transfer.act("yes"), { accepted: false, ignored: "not_expected" });
    await until("done");
    assert.equal(transfer.act("yes").accepted, false);
    await settle();
    assert.equal(server.requests.length, 1);
  });

  test("the end of a session, told twice, begins once", async () => {
    const server = await serve();
    const { transfer, until } = await open(server.origin, { chat: { opt_in: false } });
    await Promise.all([transfer.sessionEnded(webChat), transfer.sessionEnded(webChat)]);
    await until("done");
    assert.equal((await transfer.sessionEnded(webChat)).accepted, false);
    await settle();
    assert.equal(server.requests.length, 1);
  });

  test("the end of another session takes the old question away, and asks its own", async () => {
    const server = await serve();
    const { transfer, said, prompts } = await open(server.origin);
    await transfer.sessionEnded(webChat);
    await transfer.sessionEnded({ ...webChat, id: "12346" });
    assert.equal(transfer.state, "asking");
    assert.deepEqual(
      said
        .filter(([name]) => name === "outcome")
        .map(([, { outcome, reason, session_id }]) => [outcome, reason, session_id]),
      [["cancelled", "new_conversation", "12345"]],
    );
    assert.deepEqual(prompts(), ["opt_in", null, "opt_in"]);
    assert.equal(transfer.outcome, null);
  });

  test("without opt-in the hand-off is made at once, and says that nobody was asked", async () => {
    const server = await serve();
    const { transfer, prompts, until } = await open(server.origin, { chat: { opt_in: false } });
    await transfer.sessionEnded(webChat);
    await until("done");
    assert.ok(!prompts().includes("opt_in"));
    const { opt_in } = JSON.parse(server.requests[0].body);
    assert.equal(opt_in.required, false);
    assert.equal(opt_in.selected, null);
  });

  test("a mobile SDK is refused by name: no prompt, no request", async () => {
    const server = await serve();
    const { transfer, prompts, last } = await open(server.origin);
    await transfer.sessionEnded({ ...webChat, sdk: { platform: "iOS", version: "2.13.0" } });
    assert.equal(transfer.state, "done");
    assert.equal(transfer.outcome.outcome, "rejected");
    assert.equal(transfer.outcome.reason, "mobile_sdk_unsupported");
    assert.equal(last("decision").outcome, "reject");
    assert.deepEqual(prompts(), []);
    assert.equal(transfer.act("yes").accepted, false);
    assert.equal(server.requests.length, 0);
  });

  test("an origin that the host has not allowed gets nothing", async () => {
    const server = await serve();
    for (const endpoints of [undefined, [], ["https://elsewhere.example"]]) {
      const { transfer } = await open(server.origin, { endpoints, chat: { opt_in: false } });
      await transfer.sessionEnded(webChat);
      assert.equal(transfer.outcome.reason, "endpoint_not_allowed");
    }
    assert.equal(server.requests.length, 0);
  });

  test("observe mode decides, and does nothing else", async () => {
    const server = await serve();
    const { transfer, prompts, last } = await open(server.origin, { mode: "observe" });
    await transfer.sessionEnded(webChat);
    assert.equal(last("decision").outcome, "ask");
    assert.equal(transfer.state, "done");
    assert.deepEqual(prompts(), []);
    assert.equal(server.requests.length, 0);
  });

  test("an answer with a conversation is followed until it ends", async () => {
    const server = await serve((_request, response) =>
      reply(response, 200, { conversation: { id: "c1", url: "/c1" }, messages: [{ text: "Hello" }] }),
    );
    const { transfer, said, until } = await open(server.origin, { chat: { opt_in: false } });
    await transfer.sessionEnded(webChat);
    await until("in_conversation");
    assert.match(JSON.stringify(said.filter(([name]) => name === "handoff")), /"id":"c1"/);
    assert.deepEqual(transfer.conversationEnded("virtual_agent"), { accepted: true });
    assert.equal(transfer.outcome.outcome, "completed");
  });
});

describe("delivery", () => {
  test("a server that fails ends in stalled with its reason, and try again uses the same key", async () => {
    let healthy = false;
    const server = await serve((_request, response) => reply(response, healthy ? 200 : 500));
    const { transfer, last, until } = await open(server.origin);
    await transfer.sessionEnded(webChat);
    transfer.act("yes");
    await until("stalled");
    assert.equal(last("prompt").kind, "stalled");
    assert.equal(last("prompt").reason, "server_error");
    assert.deepEqual(
      last("prompt").actions.map(({ action }) => action),
      ["try_again", "not_now"],
    );
    assert.equal(transfer.outcome, null);
    const attempts = server.requests.length;
    assert.ok(attempts > 1 && attempts <= 10, String(attempts));
    healthy = true;
    assert.equal(transfer.act("try_again").accepted, true);
    await until("done");
    assert.equal(transfer.outcome.outcome, "transferred");
    assert.equal(server.requests.length, attempts + 1);
    assert.equal(new Set(server.requests.map(({ headers }) => headers["idempotency-key"])).size, 1);
    assert.equal(new Set(server.requests.map(({ body }) => body)).size, 1);
  });

  test("nobody there: stalled with network_or_cors, and the person can leave", async () => {
    const { transfer, last, until } = await open(await unreachableOrigin());
    await transfer.sessionEnded(webChat);
    transfer.act("yes");
    await until("stalled");
    assert.equal(last("prompt").reason, "network_or_cors");
    transfer.act("not_now");
    assert.equal(transfer.state, "done");
    assert.equal(transfer.outcome.outcome, "failed");
  });

  test("an endpoint that never answers is bounded in time", async () => {
    const server = await serve(() => {});
    const { transfer, last, until } = await open(server.origin, { chat: { opt_in: false } });
    await transfer.sessionEnded(webChat);
    await until("stalled");
    assert.equal(last("prompt").reason, "attempt_timeout");
    // An attempt that was given up is not reported as failed, too.
    assert.ok(!transfer.log().some(({ event }) => event?.type === "network_error"));
    await until("done");
    assert.equal(transfer.outcome.outcome, "failed");
  });

  test("401 asks authorize once more, with fresh credentials", async () => {
    const server = await serve((request, response) =>
      reply(response, request.headers.authorization === "Bearer 2" ? 200 : 401),
    );
    const asked = [];
    const authorize = ({ again }) => {
      asked.push(again);
      return { Authorization: `Bearer ${asked.length}` };
    };
    const { transfer, until } = await open(server.origin, { chat: { opt_in: false }, authorize });
    await transfer.sessionEnded(webChat);
    await until("done");
    assert.deepEqual(asked, [false, true]);
    assert.equal(transfer.outcome.outcome, "transferred");
  });

  test("a final refusal is not repeated", async () => {
    const server = await serve((_request, response) => reply(response, 403));
    const { transfer, until } = await open(server.origin, { chat: { opt_in: false } });
    await transfer.sessionEnded(webChat);
    await until("done");
    assert.equal(transfer.outcome.outcome, "failed");
    assert.equal(transfer.outcome.reason, "refused");
    assert.equal(server.requests.length, 1);
  });

  test("a failing authorize sends nothing, says so, and stalls", async () => {
    const server = await serve();
    const authorize = () => Promise.reject(new Error("no token"));
    const { transfer, last, until } = await open(server.origin, { chat: { opt_in: false }, authorize });
    await transfer.sessionEnded(webChat);
    await until("stalled");
    assert.equal(last("diagnostic").code, "authorize_failed");
    assert.equal(server.requests.length, 0);
  });
});

describe("misuse, and what comes twice", () => {
  test("a misspelt mode is refused, and nothing is sent", async () => {
    const server = await serve();
    for (const mode of ["obsrve", "Observe", null, 5])
      await assert.rejects(open(server.origin, { mode }), { name: "ConfigurationError", code: "mode_unknown" });
    await assert.rejects(open(server.origin, { prompt: "zzz" }), { code: "prompt_unknown" });
    assert.equal(server.requests.length, 0);
  });

  test("a session told again after another one is neither asked nor handed off again", async () => {
    const server = await serve();
    const { transfer, said, until } = await open(server.origin);
    await transfer.sessionEnded(webChat);
    transfer.act("no");
    await transfer.sessionEnded({ ...webChat, id: "other" });
    transfer.act("yes");
    await until("done");
    const before = said.length;
    assert.deepEqual(await transfer.sessionEnded(webChat), { accepted: false, ignored: "not_expected" });
    assert.equal(transfer.act("yes").accepted, false);
    assert.equal(said.length, before);
    assert.equal(server.requests.length, 1);
  });
});

describe("the link in an endpoint's answer", () => {
  const linked = async (url) => {
    const server = await serve((_request, response) => reply(response, 200, { conversation: { id: "c1", url } }));
    const { last, said, until, transfer } = await open(server.origin, { chat: { opt_in: false } });
    await transfer.sessionEnded(webChat);
    await until("in_conversation");
    const codes = said.filter(([name]) => name === "diagnostic").map(([, { code }]) => code);
    return { url: last("handoff").conversation.url, codes, origin: server.origin };
  };

  test("leads to an allowed origin, and is absolute then", async () => {
    const { url, codes, origin } = await linked("/c1");
    assert.equal(url, `${origin}/c1`);
    assert.deepEqual(codes, []);
  });

  test("anything else is taken out, and said", async () => {
    for (const hostile of [
      "javascript:alert(1)",
      "https://evil.example/",
      "data:text/html,x",
      "//evil.example/c",
      "http://[",
    ])
      assert.deepEqual(
        (({ url, codes }) => ({ url, codes }))(await linked(hostile)),
        { url: null, codes: ["conversation_link_refused"] },
        hostile,
      );
  });
});

test("a log that redact() spoils is told of once, also to one who reads the log then", async () => {
  const server = await serve();
  const { transfer, said } = await open(server.origin, {
    redact: (content, { kind }) => (kind === "log" ? null : content),
  });
  transfer.on("diagnostic", () => transfer.log());
  await transfer.sessionEnded(webChat);
  assert.deepEqual([transfer.log(), transfer.log()], [[], []]);
  const codes = said.filter(([name]) => name === "diagnostic").map(([, { code }]) => code);
  assert.deepEqual(codes, ["redact_failed"]);
});

describe("what an endpoint says in its first answer", () => {
  const first = async (url, options = {}) => {
    const answer = {
      conversation: { id: "c1", url },
      messages: ["Hello", { text: "How are you?" }, { image: "x.png" }],
    };
    const server = await serve((_request, response) => reply(response, 200, answer));
    const { last, until, transfer } = await open(server.origin, { chat: { opt_in: false }, ...options });
    await transfer.sessionEnded(webChat);
    await until("in_conversation");
    const { kind, messages, link } = last("prompt");
    assert.equal(kind, "connected");
    assert.equal(last("handoff").messages.length, 3);
    return { messages, link, origin: server.origin };
  };

  test("is on the card, with a link", async () => {
    const { messages, link, origin } = await first("/c1", { locale: "de" });
    assert.deepEqual(messages, ["\u2068Hello\u2069", "\u2068How are you?\u2069"]);
    assert.deepEqual(link, { url: `${origin}/c1`, label: "Gespräch öffnen" });
  });

  test("a link that leads elsewhere is not", async () => {
    for (const hostile of ["javascript:alert(1)", "https://evil.example/"])
      assert.equal((await first(hostile)).link, null, hostile);
  });

  test("is the host's to show where it says so", async () => {
    const { messages, link } = await first("/c1", { conversation: "host" });
    assert.deepEqual([messages, link], [[], null]);
  });
});

describe("with an SDK client", () => {
  test("from the end of the chat to the hand-off, with handlers registered after the await", async () => {
    const server = await serve();
    const client = new MiniClient();
    await client.createChat(502);
    const opening = open(server.origin, { client, session: { tenant: "acme" } });
    // The chat ends while the module is still being loaded.
    await client.finishChat();
    const { transfer, said, last, until } = await opening;
    assert.equal(said.length, 0);
    await until("asking");
    assert.equal(last("decision").reason, "opt_in_required");
    // Said first of all, in the very turn in which the past is delivered.
    assert.deepEqual([said[0][0], said[0][1].code], ["diagnostic", "sdk_version_assumed"]);
    transfer.act("yes");
    await until("done");
    const { session } = JSON.parse(server.requests[0].body);
    assert.deepEqual(session, { id: "77", lang: "en", queue_id: "502", ended_by: "end_user" });
    transfer.dispose();
    assert.equal(client.listeners, 0);
  });

  test("a new chat is never blocked: the old question goes, and its own end is asked about", async () => {
    const server = await serve();
    const client = new MiniClient();
    const { transfer, said, prompts, until } = await open(server.origin, { client });
    await settle();
    await client.createChat(502);
    client.notice("chatEnded");
    await until("asking");
    await client.createChat(502, { id: 78 });
    assert.equal(transfer.state, "done");
    assert.equal(transfer.outcome.outcome, "cancelled");
    assert.equal(transfer.outcome.reason, "new_conversation");
    assert.equal(prompts().at(-1), null);
    client.notice("chatEnded");
    await until("asking");
    assert.equal(transfer.outcome, null);
    assert.equal(said.filter(([name]) => name === "decision").length, 2);
  });

  test("what is no client is refused, and a chat without an id is a diagnostic", async () => {
    await assert.rejects(createPostSessionTransfer({ client: {} }), {
      name: "ConfigurationError",
      code: "client_unrecognised",
    });
    const server = await serve();
    const client = new MiniClient();
    const { transfer, last } = await open(server.origin, { client });
    await settle();
    await client.createChat(502, { id: null });
    client.emit("chat.ended");
    await settle();
    assert.equal(last("diagnostic").code, "session_invalid");
    assert.equal(transfer.state, "idle");
  });
});

describe("the host's part", () => {
  test("handlers that throw disturb nothing, and act() from a handler is answered", async () => {
    const server = await serve();
    const { transfer, until } = await open(server.origin);
    const errors = [];
    const { error } = console;
    console.error = (thrown) => errors.push(thrown.message);
    try {
      const answers = [];
      transfer.on("decision", () => {
        throw new Error("host bug");
      });
      transfer.on("prompt", (prompt) => {
        if (prompt?.kind === "opt_in") answers.push(transfer.act("yes"), transfer.state);
      });
      const later = [];
      transfer.on("prompt", (prompt) => later.push(prompt?.kind));
      await transfer.sessionEnded(webChat);
      await until("done");
      // Every handler has heard of the question before any hears of what the answer led to.
      assert.deepEqual(later, ["opt_in", "connecting", "connected"]);
      assert.deepEqual(answers, [{ accepted: true }, "handing_off"]);
      assert.deepEqual(errors, ["host bug"]);
    } finally {
      console.error = error;
    }
  });

  test("on() returns what unsubscribes", async () => {
    const { transfer } = await open("http://127.0.0.1:9");
    const heard = [];
    const unsubscribe = transfer.on("decision", () => heard.push("a"));
    const b = () => heard.push("b");
    transfer.on("decision", b);
    unsubscribe();
    transfer.off("decision", b);
    await transfer.sessionEnded(webChat);
    assert.deepEqual(heard, []);
  });

  test("before a session has ended there is nothing to answer", async () => {
    const { transfer } = await open("http://127.0.0.1:9");
    for (const answered of [transfer.act("yes"), transfer.cancel(), transfer.conversationEnded("end_user")]) {
      assert.deepEqual(answered, { accepted: false, ignored: "no_session" });
    }
  });

  test("cancel() ends it, and nothing is sent", async () => {
    const server = await serve();
    const { transfer } = await open(server.origin);
    await transfer.sessionEnded(webChat);
    assert.equal(transfer.cancel().accepted, true);
    assert.equal(transfer.outcome.outcome, "cancelled");
    assert.equal(transfer.act("yes").accepted, false);
    assert.equal(server.requests.length, 0);
  });

  test("the log has every event and its answer, with values masked", async () => {
    const server = await serve((_request, response) => reply(response, 200, { secret: "told" }));
    const { transfer, until } = await open(server.origin);
    await transfer.sessionEnded(webChat);
    transfer.act("try_again");
    transfer.act("yes", { callback: "+49 30 1234" });
    await until("done");
    const log = transfer.log().filter(({ type }) => type === "event");
    assert.deepEqual(
      log.map(({ event, accepted, phase }) => [event.type, accepted, phase]),
      [
        ["session_ended", true, "asking"],
        ["action", false, "asking"],
        ["action", true, "handing_off"],
        ["response", true, "done"],
      ],
    );
    assert.equal(log[1].ignored, "not_expected");
    assert.match(log[0].hash, /^[0-9a-f]{16}$/);
    assert.doesNotMatch(JSON.stringify(log), /1234"|told/);
  });

  test("dispose() while a request is under way aborts it, and everything later is ignored", async () => {
    const server = await serve(() => {});
    const { transfer, said } = await open(server.origin, { chat: { opt_in: false } });
    await transfer.sessionEnded(webChat);
    await until(() => server.requests.length === 1, "the request");
    const before = said.length;
    transfer.dispose();
    transfer.dispose();
    await settle();
    assert.equal(said.length, before);
    assert.deepEqual(transfer.act("yes"), { accepted: false, ignored: "disposed" });
    assert.deepEqual(transfer.cancel(), { accepted: false, ignored: "disposed" });
    assert.throws(() => transfer.on("outcome", () => {}), { name: "DisposedError", code: "disposed" });
    await assert.rejects(transfer.sessionEnded(webChat), { code: "disposed" });
  });

  test("an aborted signal cancels and disposes; one that was aborted before opens nothing", async () => {
    const server = await serve();
    const controller = new AbortController();
    const { transfer, last } = await open(server.origin, { signal: controller.signal });
    await transfer.sessionEnded(webChat);
    controller.abort();
    assert.equal(last("outcome").outcome, "cancelled");
    assert.deepEqual(transfer.act("yes"), { accepted: false, ignored: "disposed" });
    await assert.rejects(open(server.origin, { signal: AbortSignal.abort() }), { name: "AbortError" });
  });
});

describe("bad input starts nothing", () => {
  const good = settingsFor("https://bots.example.com");
  const bad = [
    ["no JSON", "{ not json", "json_syntax", ""],
    ["no document at all", "hello", "json_syntax", ""],
    ["an unknown field", { ...good, colour: "red" }, "field_unknown", "/colour"],
    ["a missing field", { version: 1 }, "field_missing", "/virtual_agents"],
    [
      "an agent that does not exist",
      { ...good, chat: { ...good.chat, virtual_agent: "nobody" } },
      "agent_unknown",
      "/chat/virtual_agent",
    ],
    ["a wrong type", { ...good, chat: { ...good.chat, opt_in: null } }, "type_mismatch", "/chat/opt_in"],
    ["an unknown version", { ...good, version: 2 }, "version_unsupported", "/version"],
    ["an insecure URL", settingsFor("http://bots.example.com"), "url_insecure", "/virtual_agents/0/endpoint/url"],
    ["no URL", settingsFor("bots"), "url_invalid", "/virtual_agents/0/endpoint/url"],
    ["too large", `${" ".repeat(4 * 1024 * 1024)}{}`, "json_too_large", ""],
    ["too large by far", "x".repeat(20 * 1024 * 1024), "json_too_large", ""],
    ["too deep", "[".repeat(40) + "]".repeat(40), "json_too_deep", undefined],
    ["a duplicate key", '{"version":1,"version":1}', "json_duplicate_key", undefined],
    ["a byte-order mark", new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x7d]), "json_encoding", undefined],
    ["invalid UTF-8", new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]), "json_encoding", undefined],
    ["a lone surrogate", '{"version":"\ud800"}', "json_encoding", undefined],
    ["an object that is no JSON", { version: 1n }, "json_syntax", ""],
  ];
  for (const [what, settings, code, pointer] of bad) {
    test(`settings: ${what}`, async () => {
      for (const open of [() => createPostSessionTransfer({ settings }), () => loadPolicy(settings)]) {
        await assert.rejects(open, (error) => {
          assert.ok(error instanceof PostSessionError);
          assert.equal(error.name, "SettingsError");
          assert.equal(error.code, "settings_invalid");
          assert.equal(error.errors[0].code, code);
          if (pointer !== undefined) assert.equal(error.errors[0].pointer, pointer);
          assert.ok(error.message.includes(code));
          return true;
        });
      }
    });
  }

  test("a client is let go when the settings are bad", async () => {
    const client = new MiniClient();
    await assert.rejects(createPostSessionTransfer({ client, settings: "{" }), { code: "settings_invalid" });
    assert.equal(client.listeners, 0);
    assert.equal(Object.hasOwn(client, "finishChat"), false);
  });

  test("all errors are there, and the message says how many", async () => {
    await assert.rejects(loadPolicy({ ...good, one: 1, two: 2, three: 3 }), (error) => {
      assert.equal(error.errors.length, 3);
      assert.match(error.message, /\/one: .*2 more/);
      return true;
    });
  });

  test("settings from a URL, and what cannot be fetched", async () => {
    const server = await serve((request, response) =>
      reply(response, request.path === "/settings.json" ? 200 : 404, good),
    );
    for (const source of [`${server.origin}/settings.json`, new URL(`${server.origin}/settings.json`)]) {
      const policy = await loadPolicy(source);
      assert.equal(policy.evaluate(webChat).outcome, "ask");
      policy.dispose();
    }
    const marked = await serve((_request, response) => reply(response, 200, `\ufeff${JSON.stringify(good)}`));
    await assert.rejects(
      loadPolicy(`${marked.origin}/settings.json`),
      (error) => error.errors[0].code === "json_encoding",
    );
    await assert.rejects(loadPolicy(`${server.origin}/nothing`), {
      name: "SettingsError",
      code: "settings_unavailable",
    });
    await assert.rejects(loadPolicy(`${await unreachableOrigin()}/x`), { code: "settings_unavailable" });
  });

  test("a session that is none", async () => {
    const { transfer, said } = await open("http://127.0.0.1:9");
    const policy = await loadPolicy(good);
    for (const session of [
      "",
      "{",
      "[]",
      "null",
      {},
      { id: "" },
      { id: null },
      { id: 1.5 },
      null,
      undefined,
      { id: 1n },
    ]) {
      const misuse = { name: "SessionError", code: "session_invalid" };
      assert.throws(() => policy.evaluate(session), misuse, String(session));
      await assert.rejects(policy.run(session), misuse);
      await assert.rejects(transfer.sessionEnded(session), misuse);
    }
    assert.equal(transfer.state, "idle");
    assert.deepEqual(said, []);
    policy.dispose();
  });

  test("the core's bytes", async () => {
    await assert.rejects(loadPolicy(good, { wasm: { bytes: new Uint8Array([1, 2, 3]) } }), {
      name: "CoreLoadError",
      code: "wasm_unavailable",
    });
    await assert.rejects(loadPolicy(good, { wasm: { url: "/nowhere/pst.wasm" } }), { code: "wasm_unavailable" });
    const wrong = `sha256-${Buffer.alloc(32).toString("base64")}`;
    await assert.rejects(loadPolicy(good, { wasm: { integrity: wrong } }), { code: "wasm_integrity" });
    await assert.rejects(loadPolicy(good, { wasm: { integrity: "md5-x" } }), { code: "wasm_integrity" });
  });
});

describe("a policy without a page", () => {
  test("evaluates objects and text alike", async () => {
    const policy = await loadPolicy(JSON.stringify(settingsFor("https://bots.example.com")));
    const decision = policy.evaluate(webChat);
    assert.equal(decision.outcome, "ask");
    assert.equal(decision.reason, "opt_in_required");
    assert.equal(decision.virtual_agent, "orders");
    assert.ok(decision.trace.length > 5);
    assert.deepEqual(policy.evaluate(JSON.stringify(webChat)), decision);
    assert.deepEqual(policy.warnings, []);
    policy.dispose();
    policy.dispose();
    assert.throws(() => policy.evaluate(webChat), { name: "DisposedError", code: "disposed" });
    await assert.rejects(policy.run(webChat), { code: "disposed" });
  });

  test("without settings the platform's flags decide", async () => {
    const policy = await loadPolicy();
    assert.equal(policy.evaluate(webChat).reason, "not_configured");
    policy.dispose();
  });

  test("run(): without somebody to answer there is no answer, and nothing is sent", async () => {
    const server = await serve();
    const policy = await loadPolicy(settingsFor(server.origin));
    for (const act of [undefined, () => null, () => Promise.reject(new Error("no"))]) {
      const result = await policy.run(webChat, { endpoints: [server.origin], ...(act && { act }) });
      assert.equal(result.outcome, "no_answer");
      assert.equal(result.decision.outcome, "ask");
    }
    assert.equal(server.requests.length, 0);
    policy.dispose();
  });

  test("run(): a Yes is handed off, a No is not, and a failing endpoint is not waited for", async () => {
    let status = 200;
    const server = await serve((_request, response) => reply(response, status));
    const policy = await loadPolicy(settingsFor(server.origin));
    const options = { endpoints: [server.origin], clock: fastClock() };
    assert.equal((await policy.run(webChat, { ...options, act: async () => "no" })).outcome, "declined");
    assert.equal(server.requests.length, 0);
    assert.equal((await policy.run(webChat, { ...options, act: () => ({ action: "yes" }) })).outcome, "transferred");
    assert.equal(server.requests.length, 1);
    status = 500;
    const failed = await policy.run(webChat, { ...options, act: ({ kind }) => (kind === "opt_in" ? "yes" : null) });
    assert.equal(failed.outcome, "failed");
    assert.equal(failed.reason, "server_error");
    policy.dispose();
  });

  test("run(): an aborted signal cancels", async () => {
    const policy = await loadPolicy(settingsFor("https://bots.example.com"));
    const controller = new AbortController();
    const act = () => {
      controller.abort();
      return new Promise(() => {});
    };
    const result = await policy.run(webChat, {
      endpoints: ["https://bots.example.com"],
      act,
      signal: controller.signal,
    });
    assert.equal(result.outcome, "cancelled");
    policy.dispose();
  });
});
