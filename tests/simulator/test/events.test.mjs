import assert from "node:assert/strict";
import { test } from "node:test";
import { clientEvents, Simulator, widgetEvents } from "../src/index.js";
import { listen, options } from "../support/set-up.mjs";

/**
 * What Google's public examples subscribe to. `widget`: ccaas-web-sdk-v3-examples, demos/event-listeners.html; `headless`:
 * ccaas-web-headless-sdk-sample, client/src/chat/chat-logic.js; `reference`: the page "API reference" of web SDK V3, where no example has it.
 */
const subscriptions = {
  ready: ["widget", "headless"],
  authenticated: ["widget", "headless"],
  visible: ["widget"],
  "chat.ongoing": ["widget", "headless"],
  "chat.updated": ["widget", "headless"],
  "chat.message": ["widget", "headless"],
  "chat.memberJoined": ["widget", "headless"],
  "chat.memberLeft": ["widget", "headless"],
  "chat.typingStarted": ["widget", "headless"],
  "chat.typingEnded": ["widget", "headless"],
  "chat.connected": ["widget", "headless"],
  "chat.disconnected": ["widget"],
  "chat.dismissed": ["widget"],
  "chat.timeout": ["widget", "headless"],
  "chat.ended": ["widget", "headless"],
  "chat.destroyed": ["widget", "headless"],
  "cobrowse.request": ["widget", "headless"],
  "cobrowse.loaded": ["widget", "headless"],
  "cobrowse.updated": ["widget", "headless"],
  "cobrowse.ended": ["widget", "headless"],
  "chat.unread": ["reference"],
  exited: ["reference"],
};

/** The notices that the headless sample looks for in `chat.message`. */
const notices = [
  "escalationStarted",
  "escalationAccepted",
  "memberLeft",
  "chatEnded",
  "formRequested",
  "cobrowseRequestedFromAgent",
  "checkInRequired",
  "checkInTimedOut",
];

/** Which of two comes first, wherever both happen. */
const order = [
  ["ready", "authenticated"],
  ["authenticated", "chat.connected"],
  ["chat.connected", "chat.memberJoined"],
  ["chat.connected", "chat.message"],
  ["chat.memberJoined", "chat.typingStarted"],
  ["chat.typingStarted", "chat.typingEnded"],
  ["chat.memberJoined", "chat.memberLeft"],
  ["chat.connected", "chat.disconnected"],
  ["cobrowse.request", "cobrowse.loaded"],
  ["cobrowse.loaded", "cobrowse.updated"],
  ["cobrowse.updated", "cobrowse.ended"],
  ["chat.dismissed", "chat.timeout"],
  ["chat.timeout", "chat.ended"],
  ["chat.memberLeft", "chat.ended"],
  ["chat.ended", "chat.destroyed"],
  ["visible", "chat.unread"],
  ["chat.ended", "exited"],
  ["exited", "chat.destroyed"],
];

/** A chat with everything that can happen to one. `widget` is absent for a bare client. */
async function wholeLife(simulator, client, widget) {
  await (widget ? widget.start() : client.createChat(502));
  simulator.virtualAgent.join();
  simulator.virtualAgent.say("I am a bot");
  simulator.virtualAgent.escalate();
  simulator.checkIn.require();
  simulator.checkIn.timeOut();
  await client.rejoinChat();
  simulator.agent.join();
  simulator.agent.typing();
  widget?.hide();
  simulator.agent.say("I am a human");
  simulator.notice("formRequested");
  await client.loadOngoingChat();
  simulator.network.down();
  simulator.network.up();
  simulator.cobrowse.request();
  const session = await client.startCobrowse();
  simulator.cobrowse.join();
  await session.end();
  simulator.agent.leave();
  simulator.dismiss();
  await client.resumeChat(client.chat.state.id);
  simulator.timeout();
  await simulator.idle();
  widget?.leave();
  await client.destroyChat();
  await simulator.idle();
}

const names = (seen) => seen.map((text) => text.split(" ")[0]);

function check(seen, expected) {
  const heard = names(seen);
  for (const event of expected) assert.ok(heard.includes(event), `${event} did not fire`);
  for (const [first, then] of order) {
    if (!expected.includes(first) || !expected.includes(then)) continue;
    assert.ok(heard.indexOf(first) < heard.indexOf(then), `${first} before ${then}`);
  }
  for (const notice of notices) assert.ok(seen.includes(`chat.message ${notice}`), `no notice ${notice}`);
  assert.equal(heard.filter((event) => event !== "visible")[0], "ready");
  assert.equal(heard.at(-1), "chat.destroyed");
}

test("every event that Google's public V3 examples subscribe to exists and fires in a sensible order", async (context) => {
  await context.test("on the widget", async () => {
    const simulator = new Simulator();
    const widget = simulator.createWidget(options);
    const seen = listen(widget);
    widget.mount("#ccaas-widget");
    await wholeLife(simulator, widget.client, widget);
    check(seen, Object.keys(subscriptions));
  });
  await context.test("on the headless client", async () => {
    const simulator = new Simulator();
    const client = simulator.createClient(options);
    const seen = listen(client);
    await wholeLife(simulator, client);
    const ofWidgetOnly = new Set(widgetEvents);
    check(
      seen,
      Object.keys(subscriptions).filter((event) => !ofWidgetOnly.has(event)),
    );
    assert.ok(!names(seen).some((event) => ofWidgetOnly.has(event)));
  });
});

test("the lists of events are those of the examples and the reference, no more and no less", () => {
  assert.deepEqual([...clientEvents, ...widgetEvents].sort(), Object.keys(subscriptions).sort());
});

test("the payloads are those that the reference names", async () => {
  const simulator = new Simulator();
  const client = simulator.createClient(options);
  const payloads = new Map();
  for (const event of clientEvents) client.on(event, (...args) => payloads.set(event, args));
  await client.createChat(502);
  const { chat } = client;
  simulator.agent.join();
  simulator.agent.typing();
  simulator.agent.say("Hi");
  simulator.cobrowse.request();
  const session = await client.startCobrowse();
  simulator.cobrowse.join();
  simulator.agent.leave();
  simulator.dismiss();
  await simulator.idle();
  assert.equal(payloads.get("chat.updated")[0], chat);
  await session.end();
  simulator.disconnect();
  simulator.timeout();
  await simulator.idle();
  await client.destroyChat();
  await simulator.idle();

  const without = ["ready", "authenticated", "chat.connected", "chat.disconnected", "chat.dismissed"];
  for (const event of [...without, "chat.timeout", "chat.ended", "chat.destroyed"]) {
    assert.deepEqual(payloads.get(event), [], event);
  }
  const kim = { type: "agent", id: 9, name: "Kim" };
  for (const event of ["memberJoined", "memberLeft", "typingStarted", "typingEnded"]) {
    assert.deepEqual(payloads.get(`chat.${event}`), [kim], event);
  }
  assert.deepEqual(payloads.get("cobrowse.request"), [kim]);
  for (const event of ["loaded", "updated", "ended"]) assert.equal(payloads.get(`cobrowse.${event}`)[0], session);
});

test("the same run gives the same events, also with every disorder at once", async () => {
  const run = async () => {
    const quirks = { duplicates: 1, reorder: { seed: 3, window: 5 }, eventsBeforeReady: true, chatEnded: "both" };
    const simulator = new Simulator({ quirks, now: () => 0, postSession: { required: true, optInRequired: false } });
    const client = simulator.createClient(options);
    const seen = listen(client);
    await wholeLife(simulator, client);
    return { seen, history: simulator.state };
  };
  assert.deepEqual(await run(), await run());
});

test("nothing is left that would keep a process alive", async () => {
  const before = process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
  const simulator = new Simulator({ quirks: { latencyMs: 5, updatePostSession: "hangs" } });
  const client = simulator.createClient(options);
  await client.createChat(502);
  simulator.agent.join();
  simulator.agent.end();
  void client.updatePostSession("ready");
  await simulator.idle();
  simulator.network.down();
  simulator.reconnect();
  await simulator.idle();
  const after = process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
  assert.ok(after <= before, `${after} timers, ${before} before`);
});
