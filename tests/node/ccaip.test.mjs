// The hand-off through the platform: client.updatePostSession, with SDKs that take it, refuse it, forget to answer or do not have it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createPostSessionTransfer } from "post-session-transfer";
import { MiniClient } from "./support/client.mjs";
import { fastClock } from "./support/fast-clock.mjs";

const settings = (optIn) => ({
  version: 1,
  virtual_agents: [{ id: "survey", name: "Survey bot", channels: ["chat"], endpoint: { kind: "ccaip" } }],
  chat: { enabled: true, chat_types: ["web"], virtual_agent: "survey", opt_in: optIn },
});

/** A chat that the agent ends, beside an SDK whose updatePostSession is `update`. */
async function ended(update, { optIn = true, ...options } = {}) {
  const client = new MiniClient();
  const calls = [];
  if (update !== undefined)
    client.updatePostSession = (...args) => {
      calls.push(args);
      return update(calls.length, client, ...args);
    };
  await client.createChat(502);
  const transfer = await createPostSessionTransfer({
    client,
    settings: settings(optIn),
    session: { sdk: { version: "3.44.2" } },
    clock: fastClock(),
    ...options,
  });
  const outcomes = [];
  const diagnostics = [];
  transfer.on("outcome", (outcome) => outcomes.push(`${outcome.outcome}/${outcome.reason}`));
  transfer.on("diagnostic", ({ code }) => diagnostics.push(code));
  client.notice("chatEnded");
  const until = async (state) => {
    const end = Date.now() + 10_000;
    while (transfer.state !== state) {
      if (Date.now() > end) assert.fail(`waited in vain for ${state}, still ${transfer.state}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  return { client, calls, transfer, outcomes, diagnostics, until };
}

test("Yes goes through the statuses in their order, and the conversation begins", async () => {
  const { calls, transfer, outcomes, until } = await ended(async () => {});
  await until("asking");
  transfer.act("yes");
  await until("in_conversation");
  assert.deepEqual(calls, [
    ["ready", true],
    ["in_progress", true],
  ]);
  transfer.conversationEnded("virtual_agent");
  assert.deepEqual(outcomes, ["completed/ended_by_virtual_agent"]);
  transfer.dispose();
});

test("nobody was asked: the SDK gets the status alone", async () => {
  const { calls, until, transfer } = await ended(async () => {}, { optIn: false });
  await until("in_conversation");
  assert.deepEqual(calls, [["ready"], ["in_progress"]]);
  transfer.dispose();
});

test("No is told to the platform once, and nothing else", async () => {
  const { calls, transfer, outcomes, until } = await ended(async () => {});
  await until("asking");
  transfer.act("no");
  assert.deepEqual(outcomes, ["declined/opt_in_declined"]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(calls, [["ready", false]]);
  transfer.dispose();
});

test("a platform that does not take the No changes nothing but a diagnostic", async () => {
  const { transfer, outcomes, diagnostics, until } = await ended(() => Promise.reject(new Error("no")));
  await until("asking");
  transfer.act("no");
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(outcomes, ["declined/opt_in_declined"]);
  assert.deepEqual(diagnostics, ["refusal_untold"]);
  transfer.dispose();
});

test("a rejection is tried again", async () => {
  const { calls, transfer, until } = await ended(async (call) => {
    if (call === 1) throw new Error("busy");
  });
  await until("asking");
  transfer.act("yes");
  await until("in_conversation");
  assert.deepEqual(
    calls.map(([status]) => status),
    ["ready", "ready", "in_progress"],
  );
  transfer.dispose();
});

test("a status that the chat has reached all the same is not sent again", async () => {
  const { calls, transfer, until } = await ended(async (call, client) => {
    client.chat.state.post_session_transfer_status = "ready";
    if (call === 1) throw new Error("the answer got lost");
  });
  await until("asking");
  transfer.act("yes");
  await until("in_conversation");
  assert.deepEqual(
    calls.map(([status]) => status),
    ["ready", "in_progress"],
  );
  transfer.dispose();
});

test("an SDK that throws or rejects for ever stalls, with the reason", async () => {
  const { transfer, outcomes, until } = await ended(() => {
    throw new TypeError("broken");
  });
  await until("asking");
  transfer.act("yes");
  await until("stalled");
  transfer.act("not_now");
  assert.deepEqual(outcomes, ["failed/sdk_rejected"]);
  transfer.dispose();
});

test("a promise that never settles is given up in bounded time", async () => {
  // Here the time-out of an attempt is what is tested.
  const clock = { now: Date.now, setTimeout: (callback, ms) => setTimeout(callback, ms / 400), clearTimeout };
  const { transfer, until } = await ended(() => new Promise(() => {}), { clock });
  await until("asking");
  transfer.act("yes");
  await until("stalled");
  transfer.dispose();
});

test("an SDK without the method is refused before anybody is asked", async () => {
  const { outcomes, until, transfer } = await ended(undefined);
  await until("done");
  assert.deepEqual(outcomes, ["rejected/sdk_cannot_hand_off"]);
  transfer.dispose();
});
