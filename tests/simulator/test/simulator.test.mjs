import assert from "node:assert/strict";
import { test } from "node:test";
import { SdkError, Simulator } from "../src/index.js";

const events = [
  "ready",
  "authenticated",
  "chat.ongoing",
  "chat.updated",
  "chat.message",
  "chat.memberJoined",
  "chat.memberLeft",
  "chat.typingStarted",
  "chat.typingEnded",
  "chat.connected",
  "chat.disconnected",
  "chat.dismissed",
  "chat.timeout",
  "chat.ended",
  "chat.destroyed",
];

/** A client whose events are written down as short texts. */
function setUp(options = {}) {
  const simulator = new Simulator(options);
  const client = simulator.createClient({ companyId: "acme", authenticate: async () => ({ token: "token" }) });
  const seen = listen(client);
  return { simulator, client, seen };
}

function listen(client) {
  const seen = [];
  for (const event of events) {
    client.on(event, (value) => {
      if (event === "chat.updated") seen.push(`${event} ${value.state.status}`);
      else if (event === "chat.message") seen.push(`${event} ${value.content ?? value.event}`);
      else seen.push(event);
    });
  }
  return seen;
}

test("a chat from its first event to an end by the agent", async () => {
  const { simulator, client, seen } = setUp();
  const chat = await client.createChat(502, { lang: "de" });
  assert.equal(chat, client.chat);
  assert.equal(chat.state.lang, "de");
  simulator.agent.join();
  simulator.agent.typing();
  simulator.agent.say("Hello");
  await client.sendTextMessage("Hi");
  simulator.agent.end();
  await simulator.idle();

  assert.deepEqual(seen, [
    "ready",
    "authenticated",
    "chat.connected",
    "chat.updated queued",
    "chat.updated assigned",
    "chat.memberJoined",
    "chat.typingStarted",
    "chat.typingEnded",
    "chat.message Hello",
    "chat.message Hi",
    "chat.message memberLeft",
    "chat.updated assigned",
    "chat.memberLeft",
    "chat.message chatEnded",
    "chat.updated finished",
    "chat.ended",
  ]);
  assert.equal(client.chat.state.status, "finished");
});

test("messages carry index, sid, time and sender, and one's own come back", async () => {
  const { simulator, client } = setUp({ now: () => Date.UTC(2026, 0, 1) });
  const messages = [];
  client.on("chat.message", (message) => messages.push(message));
  await client.createChat(502);
  await client.sendTextMessage("Hi");
  await simulator.idle();
  assert.deepEqual(messages, [
    {
      type: "text",
      content: "Hi",
      $index: 0,
      $sid: "IM12345-0",
      $timestamp: new Date(Date.UTC(2026, 0, 1)),
      $userType: "end_user",
      $userId: 31,
    },
  ]);
  assert.deepEqual(await client.fetchMessages(), messages);
});

test("the end user ends it; a second end does nothing; a new chat has a new id", async () => {
  const { simulator, client, seen } = setUp();
  await client.createChat(502);
  await client.finishChat();
  await client.finishChat();
  await simulator.idle();
  assert.equal(seen.filter((event) => event === "chat.ended").length, 1);
  await client.destroyChat();
  assert.equal(client.chat, null);
  const next = await client.createChat(502);
  assert.equal(next.state.id, 12346);
});

test("a time-out is announced before the end; a dismissal is no end", async () => {
  const { simulator, client, seen } = setUp();
  await client.createChat(502);
  simulator.agent.join();
  simulator.dismiss();
  await simulator.idle();
  assert.equal(client.chat.state.status, "dismissed");
  assert.ok(!seen.includes("chat.ended"));

  await client.resumeChat(12345);
  await assert.rejects(client.resumeChat(12345), (error) => error instanceof SdkError && error.status === 409);
  simulator.timeout();
  await simulator.idle();
  assert.ok(seen.indexOf("chat.timeout") < seen.indexOf("chat.ended"));
});

test("events come after the call that caused them, and a handler that is taken off hears nothing", async () => {
  const { simulator, client } = setUp();
  await client.createChat(502);
  await simulator.idle();
  const heard = [];
  const handler = (message) => heard.push(message.content);
  client.on("chat.message", handler);
  simulator.agent.say("one");
  assert.deepEqual(heard, []);
  await simulator.idle();
  client.off("chat.message", handler);
  simulator.agent.say("two");
  await simulator.idle();
  assert.deepEqual(heard, ["one"]);
});

test("after a reload the chat is found again, with its messages", async () => {
  const { simulator, client } = setUp();
  await client.createChat(502);
  simulator.agent.say("Hello");
  await simulator.idle();
  client.destroy();

  const again = simulator.createClient({ companyId: "acme", authenticate: async () => ({ token: "token" }) });
  const seen = listen(again);
  assert.equal((await again.loadOngoingChat()).state.id, 12345);
  await simulator.idle();
  assert.ok(seen.includes("chat.ongoing"));
  assert.deepEqual(
    (await again.fetchMessages()).map(({ content }) => content),
    ["Hello"],
  );
  await again.finishChat();
  assert.equal(await again.loadOngoingChat(), null);
});

test("post-session flags and updates, under both spellings and in SDKs with fewer arguments", async () => {
  const { simulator, client } = setUp({
    postSession: { required: true, optInRequired: true },
    quirks: { flagSpelling: "camel" },
  });
  await client.createChat(502);
  await client.finishChat();
  await client.updatePostSession("ready", true);
  await simulator.idle();
  assert.equal(client.chat.state.postSessionRequired, true);
  assert.equal(client.chat.state.postSessionTransferStatus, "ready");
  assert.deepEqual(simulator.postSessionUpdates, [{ status: "ready", optIn: true }]);

  const one = setUp({ quirks: { updatePostSessionArguments: 1 } });
  await one.client.createChat(502);
  await one.client.updatePostSession("ready", true);
  assert.deepEqual(one.simulator.postSessionUpdates, [{ status: "ready", optIn: undefined }]);

  const none = setUp({ quirks: { updatePostSessionArguments: 0 } });
  assert.equal(none.client.updatePostSession, undefined);
});

test("misuse is refused", async () => {
  assert.throws(() => new Simulator({ quirks: { nonsense: true } }), /no quirk "nonsense"/);
  const { simulator, client } = setUp();
  assert.throws(() => simulator.createClient({ companyId: "acme" }), /authenticate is required/);
  await assert.rejects(client.createChat(1), /no such menu/);
  await assert.rejects(client.sendTextMessage("Hi"), /no ongoing chat/);
  client.destroy();
  await assert.rejects(client.createChat(502), /destroyed/);
});
