import assert from "node:assert/strict";
import { test } from "node:test";
import { SdkError } from "../src/index.js";
import { chatting, listen, options, setUp } from "../support/set-up.mjs";

const refused = (status) => (error) => error instanceof SdkError && error.status === status;

test("company, menus, direct menus", async () => {
  const menus = [
    { id: 502, name: "Billing" },
    { id: 503, name: "VIP", key: "vip" },
  ];
  const { client } = setUp({ menus, company: { name: "Acme" } });
  const company = await client.getCompany();
  assert.equal(company.name, "Acme");
  assert.deepEqual(
    Object.keys(company).sort(),
    [
      "name",
      "subdomain",
      "support_email",
      "languages",
      "action_tracking",
      "email_transcripts",
      "message_preview",
      "email_enhancement",
    ].sort(),
  );
  const all = await client.getMenus();
  assert.deepEqual(
    all.menus.map(({ id }) => id),
    [502, 503],
  );
  assert.deepEqual(all.direct, { key: false, user: false });
  const direct = await client.getMenus("vip", "en");
  assert.deepEqual(direct.menus, [{ id: 503, name: "VIP", enabled: true, channels: ["chat"] }]);
  assert.deepEqual(direct.direct, { key: true, user: false });
});

test("wait times and time slots of a menu", async () => {
  const { client } = setUp({ now: () => Date.UTC(2023, 4, 31, 11, 31), waitTimes: { chat: 5, voice_call: 7 } });
  assert.deepEqual(await client.getWaitTimes(502, "en"), { chat: 5, voice_call: 7 });
  const slots = await client.getTimeSlots(502, { lang: "en" });
  assert.equal(slots.length, 10);
  assert.deepEqual(slots.slice(0, 2), ["2023-05-31 11:45 +0000", "2023-05-31 12:00 +0000"]);
  assert.deepEqual(await client.fetchTimeSlotAvailability(502), { menu_id: 502, available: true });
  for (const call of ["getWaitTimes", "getTimeSlots", "fetchTimeSlotAvailability"]) {
    await assert.rejects(client[call](1), refused(404), call);
  }
});

test("trigger, message after hours, feature flags", async () => {
  const plain = setUp();
  assert.equal(await plain.client.getTrigger(), null);
  const { client } = setUp({ trigger: { id: 4 }, afterHourMessage: "Closed", featureFlags: { check_in: true } });
  assert.deepEqual(await client.getTrigger(), { id: 4 });
  assert.equal(await client.getAfterHourMessage("en"), "Closed");
  assert.deepEqual(await client.getFeatureFlags(), { check_in: true });
});

test("the logs name the calls and the events, and are bounded", async () => {
  const { simulator, client } = setUp();
  await client.createChat(502);
  await simulator.idle();
  const logs = await client.getLogs();
  assert.deepEqual(logs.slice(0, 3), ["call createChat", "event ready", "event authenticated"]);
  assert.ok(logs.includes("event chat.updated"));
  for (let count = 0; count < 600; count++) await client.getTrigger();
  assert.equal((await client.getLogs()).length, 500);
});

test("a file is sent as a message that carries it", async () => {
  const { simulator, client } = await chatting();
  const heard = [];
  client.on("chat.message", (message) => heard.push(message));
  const file = { name: "invoice.pdf", type: "application/pdf" };
  await client.sendFileMessage(file);
  await simulator.idle();
  assert.equal(heard[0].file, file);
  assert.equal(heard[0].$userType, "end_user");
});

test("drafts, typing and raw messages reach the platform", async () => {
  const { simulator, client, seen } = await chatting();
  await client.sendPreviewMessage("I wa");
  assert.deepEqual(simulator.previews, ["I wa"]);
  await client.chat.startTyping();
  await client.chat.stopTyping();
  await client.chat.sendMessage({ type: "noti", event: "formCompleted", form_name: "Address" });
  simulator.agent.send({ type: "form", form: { name: "Address" } });
  simulator.notice("formRequested");
  await simulator.idle();
  assert.deepEqual(seen, [
    "chat.typingStarted",
    "chat.typingEnded",
    "chat.message formCompleted",
    "chat.message form",
    "chat.message formRequested",
  ]);
  assert.equal((await client.fetchMessages())[0].form_name, "Address");
});

test("earlier chats are the history, newest first, ten to a page", async () => {
  const { simulator, client } = setUp();
  for (let count = 0; count < 12; count++) {
    await client.createChat(502);
    await client.sendTextMessage(`text ${count}`);
    await client.finishChat();
    await client.destroyChat();
  }
  await simulator.idle();
  const { chats } = await client.getChatHistory(1);
  assert.equal(chats.length, 10);
  assert.equal(chats[0].id, 12355, "the chat after it is the current one");
  assert.equal(chats[0].entries[0].content, "text 10");
  assert.equal((await client.getChatHistory(2)).chats.length, 1);
});

test("a virtual agent first, then a human", async () => {
  const { simulator, client, seen } = setUp();
  await client.createChat(502);
  simulator.virtualAgent.join();
  simulator.virtualAgent.typing();
  simulator.virtualAgent.typing(false);
  simulator.virtualAgent.say("Hello");
  simulator.virtualAgent.escalate();
  await simulator.idle();
  assert.equal(client.chat.state.status, "queued");
  simulator.agent.join();
  await simulator.idle();
  assert.deepEqual(seen.slice(4), [
    "chat.updated va_assigned",
    "chat.memberJoined virtual_agent",
    "chat.typingStarted",
    "chat.typingEnded",
    "chat.message Hello",
    "chat.message escalationStarted",
    "chat.updated queued",
    "chat.message escalationAccepted",
    "chat.message memberLeft",
    "chat.updated queued",
    "chat.memberLeft virtual_agent",
    "chat.updated assigned",
    "chat.memberJoined agent",
  ]);
  assert.throws(() => simulator.virtualAgent.escalate(), /No virtual agent/);
});

test("a chat that nobody takes", async () => {
  for (const status of ["no_response", "failed", "canceled"]) {
    const { simulator, client, seen } = setUp({ postSession: { required: true, optInRequired: false } });
    await client.createChat(502);
    simulator.abandonQueue(status);
    await simulator.idle();
    assert.deepEqual(seen.slice(-3), ["chat.message chatEnded", `chat.updated ${status}`, "chat.ended"]);
    assert.equal(client.chat.state.post_session_required, undefined, "there was no session to follow");
    assert.throws(() => simulator.abandonQueue(), /not in the queue/);
  }
});

test("check-in: in time", async () => {
  const { simulator, client, seen } = setUp();
  await client.createChat(502);
  await assert.rejects(client.checkIn(), refused(409));
  simulator.checkIn.require();
  await simulator.idle();
  assert.equal(seen.at(-1), "chat.message checkInRequired");
  await client.notifyCheckInState();
  assert.equal((await client.checkIn()).status, "queued");
  assert.deepEqual(simulator.checkIn.answers, ["notified", "checked in"]);
  assert.throws(() => simulator.checkIn.timeOut(), /No check-in is required/);
});

test("check-in: missed, and back into the queue", async () => {
  const { simulator, client, seen } = setUp();
  await client.createChat(502);
  await assert.rejects(client.rejoinChat(), refused(409));
  simulator.checkIn.require();
  simulator.checkIn.timeOut();
  await client.rejoinChat();
  await simulator.idle();
  assert.deepEqual(seen.slice(-3), [
    "chat.message checkInRequired",
    "chat.message checkInTimedOut",
    "chat.updated queued",
  ]);
  assert.deepEqual(simulator.checkIn.answers, ["rejoined"]);
});

test("a dismissed chat is resumed, or makes room for a new one", async () => {
  const { simulator, client, seen } = await chatting();
  simulator.dismiss();
  await simulator.idle();
  assert.deepEqual(seen, ["chat.updated dismissed", "chat.dismissed"]);
  await client.resumeChat(12345);
  await assert.rejects(client.resumeChat(12345), refused(409));
  await assert.rejects(client.resumeChat(1), refused(404));
  await assert.rejects(client.createChat(502), refused(409));
  simulator.dismiss();
  await client.destroyChat();
  assert.equal((await client.createChat(502)).state.id, 12346);

  simulator.virtualAgent.join();
  simulator.dismiss();
  assert.equal(simulator.state.status, "va_dismissed");
});

test("cobrowsing: asked for by the agent, shared, ended by either side", async () => {
  const { simulator, client, seen } = await chatting();
  simulator.cobrowse.request();
  const code = await client.createCobrowseCode();
  assert.match(code, /^\d{6}$/);
  assert.throws(() => simulator.cobrowse.join(), /has not started/);
  const session = await client.startCobrowse();
  assert.equal(session.code, code);
  assert.equal(session.state, "pending");
  simulator.cobrowse.join();
  await simulator.idle();
  assert.equal(session.state, "active");
  await session.end();
  await simulator.idle();
  assert.equal(session.state, "ended");
  assert.deepEqual(seen, [
    "chat.message cobrowseRequestedFromAgent",
    "cobrowse.request",
    "cobrowse.loaded",
    "cobrowse.updated",
    "cobrowse.ended",
  ]);
  await assert.rejects(session.end(), refused(409));

  const next = await client.startCobrowse();
  assert.notEqual(next.id, session.id);
  simulator.cobrowse.end();
  assert.equal(next.state, "ended");
  assert.throws(() => simulator.cobrowse.end(), /no cobrowse session/);
});

test("a cobrowse session is found again after a reload", async () => {
  const { simulator, client } = await chatting();
  assert.equal(await client.restoreCobrowseSession(), null);
  const session = await client.startCobrowse();
  client.destroy();
  const again = simulator.createClient(options);
  const seen = listen(again);
  assert.equal(await again.restoreCobrowseSession(), session);
  await simulator.idle();
  assert.ok(seen.includes("cobrowse.loaded"));
});

test("while the network is down nothing arrives and nothing can be sent; afterwards all arrives, late", async () => {
  const { simulator, client, seen } = await chatting();
  simulator.network.down();
  simulator.network.down();
  simulator.agent.say("Are you there?");
  simulator.agent.end();
  await assert.rejects(client.sendTextMessage("Yes"), refused(0));
  await simulator.idle();
  assert.deepEqual(seen, ["chat.disconnected"]);
  assert.equal(client.chat.state.status, "assigned");

  simulator.network.up();
  simulator.network.up();
  await simulator.idle();
  assert.deepEqual(seen.slice(1, 4), ["chat.connected", "chat.typingEnded", "chat.message Are you there?"]);
  assert.equal(seen.at(-1), "chat.ended");
  assert.equal(client.chat.state.status, "finished");
});

test("disconnect and reconnect are told of alone", async () => {
  const { simulator, seen } = await chatting();
  simulator.disconnect();
  simulator.agent.say("Still here");
  simulator.reconnect();
  await simulator.idle();
  assert.deepEqual(seen, ["chat.disconnected", "chat.typingEnded", "chat.message Still here", "chat.connected"]);
});

test("two tabs: both hear the chat once it is loaded, and neither hears another one", async () => {
  const { simulator, client, seen } = await chatting();
  const tab = simulator.createClient(options);
  const seenInTab = listen(tab);
  simulator.agent.say("One");
  await simulator.idle();
  assert.deepEqual(seenInTab, ["ready", "authenticated"], "it takes no part yet");
  assert.notEqual(await tab.loadOngoingChat(), client.chat);
  await tab.sendTextMessage("Two");
  await simulator.idle();
  assert.deepEqual(seenInTab.slice(2), ["chat.ongoing", "chat.message Two"]);
  assert.equal(seen.at(-1), "chat.message Two");

  await tab.finishChat();
  await tab.destroyChat();
  await tab.createChat(502);
  await simulator.idle();
  assert.ok(!seen.includes("chat.updated queued"), "the first tab has the old chat");
});

test("a client that was destroyed hears nothing, and its calls fail", async () => {
  const { simulator, client, seen } = await chatting();
  assert.equal(client.listenerCount("chat.message"), 1);
  client.destroy();
  assert.equal(client.listenerCount(), 0);
  simulator.agent.say("Hello?");
  await simulator.idle();
  assert.deepEqual(seen, []);
  await assert.rejects(client.fetchMessages(), refused(410));
});

test("a token that is refused fails every call", async () => {
  const { simulator } = setUp();
  const client = simulator.createClient({ ...options, authenticate: async () => ({ token: "" }) });
  await assert.rejects(client.getMenus(), refused(401));
});

test("a handler that throws stops neither the others nor the events", async (context) => {
  const errors = context.mock.method(console, "error", () => {});
  const { simulator, client, seen } = await chatting();
  client.on("chat.message", () => {
    throw new Error("a page's own mistake");
  });
  client.on("chat.message", () => seen.push("the next handler"));
  simulator.agent.send({ type: "text", content: "Hi" });
  simulator.agent.send({ type: "text", content: "Ho" });
  await simulator.idle();
  assert.deepEqual(seen, ["chat.message Hi", "the next handler", "chat.message Ho", "the next handler"]);
  assert.equal(errors.mock.callCount(), 2);
});
