import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MiniClient } from "./support/client.mjs";
import { importSource } from "./support/source.mjs";

const { listen } = await importSource("adapter/listen.ts");
const { sessionFacts } = await importSource("adapter/facts.ts");
const { Adapter } = await importSource("adapter/adapter.ts");

/** Everything that the adapter reported, from a client that `drive` drives. */
function watch(client, host) {
  const ear = listen(client);
  const seen = [];
  const diagnostics = [];
  const adapter = new Adapter(ear, {
    ended: (end, signals) =>
      seen.push(sessionFacts(ear, end, signals, host, (diagnostic) => diagnostics.push(diagnostic.code))),
    more: () => seen.push("again"),
    signal: () => {},
    newConversation: () => seen.push("new"),
  });
  adapter.start();
  return { ear, adapter, seen, diagnostics };
}

describe("recognising what we are given", () => {
  test("a headless client and a widget, by what they offer", () => {
    const client = new MiniClient();
    assert.equal(listen(client).recognised, true);
    assert.equal(listen(client).widget, undefined);
    const widget = { client, mount() {}, on: client.on.bind(client), off: client.off.bind(client), VERSION: "3.50.1" };
    assert.equal(listen(widget).recognised, true);
    assert.equal(listen(widget).widget, widget);
    assert.equal(listen(widget).client(), client);
  });

  test("anything else is not recognised, and nothing throws", () => {
    const hostile = new Proxy(
      {},
      {
        get() {
          throw new Error("no");
        },
      },
    );
    for (const value of [undefined, null, 7, "client", {}, [], { client: null }, hostile]) {
      const ear = listen(value);
      assert.equal(ear.recognised, false);
      ear.stop();
    }
  });
});

describe("listening", () => {
  test("unhooks everything, and leaves the host's handlers alone", async () => {
    const client = new MiniClient();
    let heard = 0;
    client.on("chat.ended", () => {
      heard += 1;
    });
    const finish = client.finishChat;
    const ear = listen(client);
    assert.ok(client.listeners > 10);
    assert.notEqual(client.finishChat, finish);
    ear.stop();
    ear.stop();
    assert.equal(client.listeners, 1);
    assert.equal(client.finishChat, finish);
    assert.equal(Object.hasOwn(client, "finishChat"), false);
    await client.createChat(502);
    client.emit("chat.ended");
    assert.equal(heard, 1);
    assert.equal(ear.heard.length, 0);
  });

  test("finishChat keeps its this, its arguments and its promise", async () => {
    const client = new MiniClient();
    await client.createChat(502);
    listen(client);
    assert.equal(await client.finishChat("now"), "finished");
    assert.deepEqual(client.finishedWith, { self: client, args: ["now"] });
    assert.equal(client.finished, 1);
  });

  test("an own finishChat is put back as it was, and a later wrapper stays", () => {
    const client = new MiniClient();
    const own = () => Promise.resolve();
    client.finishChat = own;
    listen(client).stop();
    assert.equal(client.finishChat, own);
    const ear = listen(client);
    const ours = client.finishChat;
    const theirs = () => ours.call(client);
    client.finishChat = theirs;
    ear.stop();
    assert.equal(client.finishChat, theirs);
    client.finishChat();
    assert.equal(ear.heard.length, 0);
  });

  test("a frozen client is still listened to", () => {
    const client = Object.freeze(new MiniClient());
    const ear = listen(client);
    assert.equal(ear.recognised, true);
    client.emit("chat.timeout");
    assert.equal(ear.heard.length, 1);
    ear.stop();
  });

  test("keeps at most 100 signals, and never a message's text", async () => {
    const client = new MiniClient();
    const ear = listen(client);
    await client.createChat(502);
    for (let i = 0; i < 500; i += 1) client.emit("chat.disconnected");
    client.emit("chat.message", { type: "text", content: "my card number" });
    assert.equal(ear.heard.length, 100);
    assert.doesNotMatch(JSON.stringify(ear.heard), /card/);
  });

  test("payloads of any kind disturb nothing", () => {
    const client = new MiniClient();
    const ear = listen(client);
    const getter = {
      get state() {
        throw new Error("no");
      },
    };
    for (const name of ["chat.updated", "chat.message", "chat.memberLeft", "chat.ended"]) {
      for (const payload of [
        undefined,
        null,
        7,
        "x",
        [],
        Symbol("s"),
        getter,
        { state: 3 },
        { type: "noti", event: {} },
      ]) {
        client.emit(name, payload);
      }
    }
    ear.stop();
  });

  test("a widget that gets its client late is wrapped then", async () => {
    const client = new MiniClient();
    const widget = { client: undefined, mount() {}, on: client.on.bind(client), off: client.off.bind(client) };
    const { seen } = watch(widget);
    widget.client = client;
    await client.createChat(502);
    await client.finishChat();
    assert.ok(seen[0].signals.some(({ signal }) => signal === "finishChat"));
  });
});

describe("the beginning: the first sign that a session has ended", () => {
  test("chatEnded notice, then chat.ended: one end", async () => {
    const client = new MiniClient();
    const { seen } = watch(client);
    await client.createChat(502);
    client.agentLeaves();
    client.notice("chatEnded");
    client.emit("chat.ended");
    assert.deepEqual(seen.slice(1), ["again"]);
    assert.equal(seen[0].id, 77);
  });

  test("chat.updated with the platform's flag counts only after the human has left, under both spellings", async () => {
    for (const flag of ["post_session_required", "postSessionRequired"]) {
      const client = new MiniClient();
      const { seen } = watch(client);
      await client.createChat(502, { [flag]: true });
      client.emit("chat.updated", client.chat);
      assert.equal(seen.length, 0);
      client.emit("chat.memberLeft", { type: "virtual_agent" });
      client.emit("chat.updated", client.chat);
      assert.equal(seen.length, 0);
      client.agentLeaves();
      client.emit("chat.updated", client.chat);
      assert.equal(seen.length, 1);
      assert.equal(seen[0].post_session.required, true);
    }
  });

  test("dismissed, timeout warnings and lost connections are no ends", async () => {
    const client = new MiniClient();
    const { seen } = watch(client);
    await client.createChat(502);
    for (const name of ["chat.dismissed", "chat.timeout", "chat.disconnected", "chat.updated"]) client.emit(name);
    client.notice("checkInTimedOut");
    assert.deepEqual(seen, []);
  });

  test("what ended before anybody asked is not lost, even when the chat object is gone", async () => {
    const client = new MiniClient();
    const ear = listen(client);
    await client.createChat(502);
    client.emit("chat.ended");
    client.chat = null;
    client.emit("chat.destroyed");
    await ear.ended;
    const ended = [];
    new Adapter(ear, {
      ended: (end) => ended.push(end.state.id),
      more() {},
      signal() {},
      newConversation() {},
    }).start();
    assert.deepEqual(ended, [77]);
  });

  test("a new chat is a new conversation, and its end is another end", async () => {
    const client = new MiniClient();
    const { seen } = watch(client);
    await client.createChat(502);
    client.emit("chat.ended");
    await client.createChat(503, { id: 78 });
    client.emit("chat.memberJoined", { type: "agent" });
    client.emit("chat.ended");
    assert.deepEqual(
      seen.map((one) => one.id ?? one),
      [77, "new", 78],
    );
    assert.equal(seen[2].queue.id, 503);
  });
});

describe("the session facts", () => {
  test("from the chat's state", async () => {
    const client = new MiniClient();
    client.updatePostSession = async () => {};
    const { seen, diagnostics } = watch(client);
    await client.createChat(502, {
      status: "finished",
      menus: [
        { id: 7, name: "Support" },
        { id: 502, name: "Billing" },
      ],
      agent: { id: 9, name: "Kim", email: "kim@example.com" },
      end_user: { id: 4, identifier: "c0ffee" },
      created_at: "2026-01-01T10:00:00.000Z",
      post_session_transfer_status: "ready",
      post_session_opt_in_required: false,
    });
    client.emit("chat.ended");
    const { ended_at, signals, ...facts } = seen[0];
    assert.match(ended_at, /^\d{4}-.*Z$/);
    assert.deepEqual(facts, {
      id: 77,
      channel: "chat",
      chat_type: "web",
      status: "finished",
      lang: "en",
      queue: { id: 502, name: "Billing", path: "7/502" },
      agent: { id: 9, name: "Kim" },
      end_user: { id: 4, identifier: "c0ffee" },
      created_at: "2026-01-01T10:00:00.000Z",
      post_session: { required: null, opt_in_required: false, status: "ready" },
      sdk: { platform: "web", name: "headless", version: "3.0.0", can: ["update_post_session"] },
    });
    assert.deepEqual(signals.at(-1), { signal: "chat.ended", at: Date.parse(ended_at) });
    assert.deepEqual(diagnostics, ["sdk_version_assumed"]);
  });

  test("the host's facts are laid over: an object, or a function of what is known", async () => {
    for (const session of [
      { tenant: "acme", sdk: { version: "3.44.2" } },
      (facts) => ({ tenant: "acme", sdk: { version: facts.id === 77 ? "3.44.2" : "0" } }),
    ]) {
      const client = new MiniClient();
      const { seen, diagnostics } = watch(client, session);
      await client.createChat(502);
      client.emit("chat.ended");
      assert.equal(seen[0].tenant, "acme");
      assert.deepEqual(seen[0].sdk, { platform: "web", name: "headless", version: "3.44.2", can: [] });
      assert.deepEqual(diagnostics, []);
    }
  });

  test("the widget tells its version", async () => {
    const client = new MiniClient();
    const widget = { client, mount() {}, on: client.on.bind(client), off: client.off.bind(client), VERSION: "3.50.1" };
    const { seen } = watch(widget);
    await client.createChat(502);
    client.emit("chat.ended");
    assert.equal(seen[0].sdk.name, "widget");
    assert.equal(seen[0].sdk.version, "3.50.1");
  });

  test("a client without V3's methods gets no version from us", async () => {
    const handlers = new Map();
    const { seen, diagnostics } = watch({
      on: (name, handler) => handlers.set(name, handler),
      off() {},
      chat: { state: { id: 1 } },
    });
    handlers.get("chat.ended")();
    assert.equal(seen[0].sdk.version, null);
    assert.deepEqual(diagnostics, []);
  });

  test("hostile values become harmless, and nothing throws", async () => {
    const client = new MiniClient();
    const cyclic = {};
    cyclic.self = cyclic;
    const session = () => {
      throw new Error("host bug with secrets");
    };
    const { seen, diagnostics } = watch(client, session);
    await client.createChat(502, {
      status: 7,
      lang: "e\ud800n",
      menus: [null, 7, { id: {} }, { id: 502, name: "B\udfff" }],
      agent: cyclic,
      end_user: "x",
      created_at: new Date(Number.NaN),
    });
    client.emit("chat.ended");
    const [facts] = seen;
    assert.equal(facts.status, null);
    assert.equal(facts.lang, "e\ufffdn");
    assert.deepEqual(facts.queue, { id: 502, name: "B\ufffd", path: "502" });
    assert.equal(facts.agent, null);
    assert.deepEqual(diagnostics, ["session_option_failed", "sdk_version_assumed"]);
    assert.doesNotThrow(() => JSON.stringify(facts));
  });
});
