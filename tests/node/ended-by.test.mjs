// Who ended a chat: the core derives it from the signals that the adapter hears, in any order of their arrival.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { loadPolicy } from "post-session-transfer";
import { settingsFor } from "./support/settings.mjs";

let policy;
before(async () => {
  policy = await loadPolicy(settingsFor("https://bots.example.com"));
});
after(() => policy.dispose());

const agentLeft = "chat.memberLeft";
const botLeft = { signal: "chat.memberLeft", human: false };

/** [who, the signals in the order of their times, what the trace names] */
const cases = [
  ["end_user", ["finishChat", "noti.chatEnded", "chat.ended"], ["finishChat"]],
  ["end_user", ["finishChat", agentLeft, "noti.chatEnded", "chat.ended"], ["finishChat"]],
  ["end_user", [agentLeft, "finishChat", "chat.ended"], ["finishChat"]],
  ["agent", ["noti.chatEnded", "finishChat", "chat.ended"], ["noti.chatEnded"]],
  ["agent", ["finishChat", "finishChat.failed", "noti.chatEnded"], ["noti.chatEnded"]],
  ["timeout", ["chat.timeout", "noti.chatEnded", "chat.ended"], ["chat.timeout"]],
  ["agent", ["noti.chatEnded", "chat.ended"], ["noti.chatEnded"]],
  ["agent", [agentLeft, "chat.ended"], ["chat.memberLeft"]],
  ["agent", ["chat.ended", "exited"], ["exited"]],
  ["dismissed", ["chat.dismissed", "chat.ended"], ["chat.dismissed"]],
  ["unknown", [botLeft, "chat.ended"], undefined],
  ["unknown", [agentLeft, "chat.memberJoined", "chat.ended"], undefined],
  ["unknown", ["noti.checkInRequired", "chat.ended"], undefined],
  ["unknown", ["chat.ended"], undefined],
];

function* orders(list) {
  if (list.length < 2) yield list;
  for (const [i, first] of list.entries())
    for (const rest of orders([...list.slice(0, i), ...list.slice(i + 1)]))
      yield list.length < 2 ? list : [first, ...rest];
}

function ender(signals) {
  const { trace } = policy.evaluate({
    id: "1",
    channel: "chat",
    sdk: { platform: "web", version: "3.44.2" },
    chat_type: "web",
    signals,
  });
  return trace.find(({ check }) => check === "ended_by");
}

for (const [expected, names, because] of cases) {
  const title = names.map((name) => name.signal ?? name).join(", ");
  test(`${title}: ${expected}, in whatever order they arrive`, () => {
    const signals = names.map((name, at) => ({ ...(typeof name === "string" ? { signal: name } : name), at }));
    for (const arrived of orders(signals)) {
      const row = ender(arrived);
      assert.equal(row.value, expected);
      assert.deepEqual(row.because, because);
    }
  });
}

test("what a back end says plainly is taken, and nothing is derived", () => {
  const { trace } = policy.evaluate({
    id: "1",
    channel: "chat",
    sdk: { platform: "web", version: "3.44.2" },
    ended_by: "agent",
    signals: [{ signal: "finishChat" }],
  });
  assert.deepEqual(
    trace.find(({ check }) => check === "ended_by"),
    { check: "ended_by", passed: true, value: "agent", pointer: "/rules/ended_by" },
  );
});
