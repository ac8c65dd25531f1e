import assert from "node:assert/strict";
import { test } from "node:test";
import { Client } from "../src/index.js";
import { options, setUpWidget } from "../support/set-up.mjs";

const flags = { required: true, optInRequired: true };

/** A chat in the widget that an agent has taken. */
async function chatting(settings = {}) {
  const all = setUpWidget(settings);
  await all.widget.start();
  all.simulator.agent.join();
  await all.simulator.idle();
  all.seen.length = 0;
  return all;
}

async function endedByAgent(settings = {}) {
  const all = await chatting(settings);
  all.simulator.agent.end();
  await all.simulator.idle();
  return all;
}

test("version, client, mounting", () => {
  const { simulator, widget } = setUpWidget();
  assert.match(widget.VERSION, /^\d+\.\d+\.\d+$/);
  assert.ok(widget.client instanceof Client);
  assert.equal(widget.mounted, true);
  widget.unmount();
  assert.equal(widget.mounted, false);
  assert.throws(() => widget.mount(""), /no element/);
  assert.throws(() => simulator.createWidget({ companyId: "acme" }), /authenticate is required/);
});

test("on and off are those of the client", async () => {
  const { simulator, widget } = setUpWidget();
  const heard = [];
  const handler = (chat) => heard.push(chat.state.status);
  widget.client.on("chat.updated", handler);
  const before = widget.listenerCount("chat.updated");
  await widget.start();
  await simulator.idle();
  assert.deepEqual(heard, ["queued"]);
  widget.off("chat.updated", handler);
  assert.equal(widget.client.listenerCount("chat.updated"), before - 1);
});

test("show and hide tell of a change, and only then", () => {
  const { widget, seen } = setUpWidget();
  widget.show();
  widget.show();
  assert.equal(widget.visible, true);
  widget.hide();
  widget.hide();
  assert.deepEqual(seen, ["visible true", "visible false"]);
});

test("start shows the widget and begins a chat with what it was configured and called with", async () => {
  const menus = [
    { id: 502, name: "Billing" },
    { id: 503, name: "VIP", key: "vip" },
  ];
  const { simulator, widget } = setUpWidget({ menus });
  widget.config({ accent: "green", customData: { order: { label: "Order", value: "A-1" } } });
  const chat = await widget.start({ menuKey: "vip", ticketId: "T-7" });
  assert.equal(widget.visible, true);
  assert.deepEqual(chat.state.menus, [{ id: 503, name: "VIP" }]);
  assert.deepEqual(simulator.chats, [
    {
      menuId: 503,
      options: { ticket_id: "T-7", custom_data: { unsigned: { order: { label: "Order", value: "A-1" } } } },
    },
  ]);
  assert.equal(await widget.start(), widget.client.chat, "the chat goes on");
  assert.equal(simulator.chats.length, 1);
  assert.deepEqual(widget.configuration.accent, "green");

  const signed = setUpWidget({ menus });
  signed.widget.config({ customData: "header.payload.signature", menuKey: "vip" });
  await signed.widget.start();
  assert.equal(signed.simulator.chats[0].menuId, 503);
  assert.deepEqual(signed.simulator.chats[0].options, { custom_data: { signed: "header.payload.signature" } });

  const other = setUpWidget({ menus });
  assert.equal(await other.widget.start({ preferredChannel: "voice_call" }), null);
  await assert.rejects(other.widget.start({ menuKey: "nonsense" }), /no such menu/);
});

test("unread messages are counted while it is hidden", async () => {
  const { simulator, widget, seen } = await chatting();
  widget.hide();
  simulator.agent.send({ type: "text", content: "One" });
  simulator.agent.send({ type: "text", content: "Two" });
  simulator.notice("formRequested");
  await widget.client.sendTextMessage("Mine");
  await simulator.idle();
  assert.equal(widget.unread, 2);
  widget.show();
  assert.deepEqual(
    seen.filter((event) => event.startsWith("chat.unread")),
    ["chat.unread 1", "chat.unread 2", "chat.unread 0"],
  );
});

test("End finishes the chat through the client, whoever has wrapped that", async () => {
  const { simulator, widget, seen } = await chatting();
  let calls = 0;
  const finish = widget.client.finishChat;
  widget.client.finishChat = (...args) => {
    calls += 1;
    return finish.apply(widget.client, args);
  };
  await widget.pressEnd();
  await simulator.idle();
  assert.equal(calls, 1);
  assert.equal(seen.at(-1), "chat.ended");
  assert.equal(widget.visible, true);
});

test("leaving is told of after an agent-ended chat, and only then", async () => {
  const byAgent = await chatting();
  byAgent.widget.leave();
  byAgent.simulator.agent.end();
  await byAgent.simulator.idle();
  byAgent.widget.leave();
  assert.equal(byAgent.seen.filter((event) => event === "exited").length, 1);
  assert.equal(byAgent.seen.at(-1), "exited");

  const byUser = await chatting();
  await byUser.widget.pressEnd();
  await byUser.simulator.idle();
  byUser.widget.leave();
  assert.ok(!byUser.seen.includes("exited"));

  // The next chat starts afresh.
  await byUser.widget.client.destroyChat();
  await byUser.widget.start();
  byUser.simulator.agent.join();
  byUser.simulator.agent.end();
  await byUser.simulator.idle();
  byUser.widget.leave();
  assert.equal(byUser.seen.at(-1), "exited");
});

test("its own question, answered with Yes", async () => {
  const { simulator, widget } = await endedByAgent({ postSession: flags, quirks: { asksPostSession: true } });
  assert.deepEqual(widget.question, { optIn: true });
  await widget.answerPostSession(true);
  assert.equal(widget.question, null);
  assert.deepEqual(simulator.postSessionUpdates, [
    { status: "ready", optIn: true },
    { status: "in_progress", optIn: true },
  ]);
  await simulator.idle();
  assert.equal(widget.client.chat.state.status, "va_assigned");
  await assert.rejects(widget.answerPostSession(true), /asks nothing/);
});

test("its own question, answered with No", async () => {
  const { simulator, widget } = await endedByAgent({ postSession: flags, quirks: { asksPostSession: true } });
  await widget.answerPostSession(false);
  await simulator.idle();
  assert.deepEqual(simulator.postSessionUpdates, [{ status: "ready", optIn: false }]);
  assert.equal(widget.client.chat.state.status, "finished");
  assert.equal(widget.question, null, "it does not ask again");
});

test("without an opt-in it starts by itself; where nothing is said it asks", async () => {
  const quirks = { asksPostSession: true };
  const none = await endedByAgent({ postSession: { required: true, optInRequired: false }, quirks });
  assert.equal(none.widget.question, null);
  await none.simulator.idle();
  assert.deepEqual(none.simulator.postSessionUpdates, [
    { status: "ready", optIn: undefined },
    { status: "in_progress", optIn: undefined },
  ]);

  const silent = await endedByAgent({ postSession: { required: true, optInRequired: null }, quirks });
  assert.deepEqual(silent.widget.question, { optIn: false });
  const refused = await endedByAgent({
    postSession: { required: true, optInRequired: false },
    quirks: { ...quirks, updatePostSession: "rejects" },
  });
  assert.equal(refused.simulator.postSessionCalls, 1);
});

test("the question goes when somebody else has answered it, or the chat is dropped", async () => {
  const settings = { postSession: flags, quirks: { asksPostSession: true, flagSpelling: "camel" } };
  const answered = await endedByAgent(settings);
  assert.deepEqual(answered.widget.question, { optIn: true });
  await answered.widget.client.updatePostSession("ready", true);
  await answered.simulator.idle();
  assert.equal(answered.widget.question, null);

  const dropped = await endedByAgent(settings);
  await dropped.widget.client.destroyChat();
  await dropped.simulator.idle();
  assert.equal(dropped.widget.question, null);
});

test("after destroy nothing is heard", async () => {
  const { simulator, widget, seen } = await chatting();
  widget.destroy();
  assert.deepEqual(seen, ["visible false"]);
  assert.equal(widget.listenerCount(), 0);
  simulator.agent.say("Hello?");
  await simulator.idle();
  assert.deepEqual(seen, ["visible false"]);
});

test("two widgets of one simulator are two tabs", async () => {
  const { simulator, widget } = await chatting();
  const tab = simulator.createWidget(options);
  tab.mount("#ccaas");
  const chat = await tab.start();
  assert.equal(chat.state.id, widget.client.chat.state.id);
});
