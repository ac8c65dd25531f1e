import assert from "node:assert/strict";
import { test } from "node:test";
import { SdkError } from "../src/index.js";
import { chatting, ended, listen, options, withVirtualAgent } from "../support/set-up.mjs";

test("the virtual agent comes once the status is in_progress", async () => {
  const { simulator, client, seen } = await ended();
  seen.length = 0;
  await client.updatePostSession("ready", true);
  await simulator.idle();
  assert.deepEqual(seen, ["chat.updated finished"]);
  assert.equal(client.chat.state.post_session_transfer_status, "ready");
  await client.updatePostSession("in_progress", true);
  await simulator.idle();
  assert.deepEqual(seen.slice(1), [
    "chat.updated finished",
    "chat.updated va_assigned",
    "chat.memberJoined virtual_agent",
    "chat.message Hello! How did we do?",
  ]);
  assert.deepEqual(client.chat.state.virtual_agent, { id: 77, name: "Survey bot" });
  assert.equal(client.chat.state.id, 12345);
  assert.equal((await client.fetchMessages()).at(-1).$userType, "virtual_agent");
});

test("it also comes where the platform has put no flags on the chat", async () => {
  const { simulator, client } = await ended({ postSession: null });
  assert.equal(client.chat.state.post_session_required, undefined);
  await client.updatePostSession("in_progress");
  assert.equal(simulator.state.status, "va_assigned");
});

test("it does not come after a No, nor while a human is there, nor twice", async () => {
  const no = await ended();
  await no.client.updatePostSession("ready", false);
  await no.client.updatePostSession("in_progress");
  assert.equal(no.simulator.state.status, "finished");

  const early = await chatting();
  await early.client.updatePostSession("in_progress", true);
  assert.equal(early.simulator.state.status, "assigned");

  const twice = await withVirtualAgent();
  twice.simulator.virtualAgent.end();
  await twice.client.updatePostSession("in_progress", true);
  assert.equal(twice.simulator.state.status, "finished");
});

test("it has a name, a greeting and answers of its own", async () => {
  const turns = [];
  const { simulator, client, seen } = await withVirtualAgent({
    postSessionVirtualAgent: {
      id: 5,
      name: "Ada",
      greeting: "Hi",
      replies: (text, turn) => {
        turns.push([text, turn]);
        if (turn === 0) return "How many stars?";
        if (turn === 1) return [{ type: "inline_button", buttons: [{ title: "Yes" }] }, "Anything else?"];
        return null;
      },
    },
  });
  for (const text of ["Hello", "5", "Bye"]) await client.sendTextMessage(text);
  await simulator.idle();
  assert.deepEqual(turns, [
    ["Hello", 0],
    ["5", 1],
    ["Bye", 2],
  ]);
  assert.deepEqual(seen, [
    "chat.message Hello",
    "chat.message How many stars?",
    "chat.message 5",
    "chat.message inline_button",
    "chat.message Anything else?",
    "chat.message Bye",
  ]);
  assert.deepEqual(client.chat.state.virtual_agent, { id: 5, name: "Ada" });
});

test("it ends with the documented action", async () => {
  const { simulator, client, seen } = await withVirtualAgent();
  simulator.virtualAgent.end();
  await simulator.idle();
  assert.deepEqual(seen, [
    "chat.message custom",
    "chat.message memberLeft",
    "chat.updated va_assigned",
    "chat.memberLeft virtual_agent",
    "chat.updated finished",
  ]);
  const action = (await client.fetchMessages()).at(-2);
  assert.deepEqual(action.ujet, { type: "action", action: "end" });
  await assert.rejects(client.sendTextMessage("Hello?"), SdkError);
  assert.throws(() => simulator.virtualAgent.end(), /No virtual agent/);
});

test("finishChat during its part ends that part", async () => {
  const { simulator, client, seen } = await withVirtualAgent();
  await client.finishChat();
  await simulator.idle();
  assert.deepEqual(seen.slice(-2), ["chat.memberLeft virtual_agent", "chat.updated finished"]);
  assert.equal(await client.loadOngoingChat(), null);
});

test("a time-out ends its part, too", async () => {
  const { simulator, seen } = await withVirtualAgent();
  simulator.timeout();
  simulator.timeout();
  await simulator.idle();
  assert.equal(seen.filter((event) => event === "chat.timeout").length, 1);
  assert.equal(seen.at(-1), "chat.updated finished");
});

test("it hands over to another virtual agent without an action", async () => {
  const { simulator, client, seen } = await withVirtualAgent();
  simulator.virtualAgent.leave();
  simulator.virtualAgent.join({ id: 78, name: "Second bot" });
  simulator.virtualAgent.say("I take over");
  await simulator.idle();
  assert.deepEqual(seen, [
    "chat.message memberLeft",
    "chat.updated va_assigned",
    "chat.memberLeft virtual_agent",
    "chat.updated va_assigned",
    "chat.memberJoined virtual_agent",
    "chat.message I take over",
  ]);
  assert.equal(client.chat.state.virtual_agent.id, 78);
  assert.deepEqual(
    client.chat.state.all_virtual_agents.map(({ id }) => id),
    [77, 78],
  );
});

test("it escalates to a human; when that human ends the chat there is no second virtual agent", async () => {
  const { simulator, client, seen } = await withVirtualAgent();
  simulator.virtualAgent.escalate();
  simulator.agent.join();
  simulator.agent.say("I am Kim again");
  await client.sendTextMessage("Hi");
  simulator.agent.end();
  await simulator.idle();
  assert.deepEqual(seen.slice(0, 8), [
    "chat.message escalationStarted",
    "chat.updated queued",
    "chat.message escalationAccepted",
    "chat.message memberLeft",
    "chat.updated queued",
    "chat.memberLeft virtual_agent",
    "chat.updated assigned",
    "chat.memberJoined agent",
  ]);
  assert.equal(seen.at(-1), "chat.ended");
  await client.updatePostSession("in_progress", true);
  assert.equal(simulator.state.status, "finished");
});

test("a reload while it talks finds the chat again", async () => {
  const { simulator, client } = await withVirtualAgent();
  client.destroy();
  const again = simulator.createClient(options);
  const seen = listen(again);
  const chat = await again.loadOngoingChat();
  assert.equal(chat.state.status, "va_assigned");
  simulator.virtualAgent.say("Still there?");
  await simulator.idle();
  assert.equal(seen.at(-1), "chat.message Still there?");
});

test("a new chat takes its place", async () => {
  const { client } = await withVirtualAgent();
  await client.destroyChat();
  const chat = await client.createChat(502);
  assert.equal(chat.state.id, 12346);
  assert.equal(chat.state.post_session_required, undefined);
});

test("calls are counted, also those that are not taken", async () => {
  const { simulator, client } = await ended({ quirks: { updatePostSession: "rejects" } });
  await assert.rejects(client.updatePostSession("ready", true));
  assert.equal(simulator.postSessionCalls, 1);
  assert.deepEqual(simulator.postSessionUpdates, []);
});
