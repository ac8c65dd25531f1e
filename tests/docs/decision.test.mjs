// docs/decision.md: who ended a session, example by example, and the list of signals that docs/session.md gives.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { loadPolicy } from "post-session-transfer";
import { codesIn, page, rows, section } from "./support/pages.mjs";

let policy;
before(async () => {
  policy = await loadPolicy({ version: 1, virtual_agents: [] });
});
after(() => policy.dispose());

function ended(signals, more = {}) {
  const { trace } = policy.evaluate({
    id: "1",
    channel: "chat",
    sdk: { platform: "web", version: "3.44.2" },
    chat_type: "web",
    signals: signals.map((signal, at) => ({ at, ...signal })),
    ...more,
  });
  return trace.find(({ check }) => check === "ended_by");
}

const text = section(page("decision"), "Who ended it");
const examples = rows(text).filter((cells) => cells.length === 3);

for (const [signals, by, because] of examples)
  test(`${signals.replaceAll("`", "")}: ${by}`, () => {
    const heard = signals.split(", ").map((cell) => {
      const [signal] = codesIn(cell);
      return cell.endsWith("(bot)") ? { signal, human: false } : { signal };
    });
    const row = ended(heard);
    assert.equal(row.value, codesIn(by)[0]);
    assert.deepEqual(row.because ?? [], codesIn(because));
  });

test("there are examples of each end", () => {
  const ends = new Set(examples.map(([, by]) => codesIn(by)[0]));
  assert.deepEqual([...ends].sort(), ["agent", "dismissed", "end_user", "timeout", "unknown"]);
});

test("where no human agent can have been there", () => {
  const notice = { signal: "noti.chatEnded" };
  const bot = { signal: "chat.memberJoined", human: false };
  const listed = codesIn(text.split("\n").find((line) => line.includes("never_connected")));
  const statuses = listed.filter((code) => code !== "never_connected");
  assert.equal(statuses.length, 4);
  for (const status of statuses) {
    assert.deepEqual(ended([notice], { status }).because, ["noti.chatEnded", "never_connected"]);
    assert.equal(ended([{ signal: "exited" }], { status }).value, "unknown");
    assert.equal(ended([notice], { status, agent: { id: 9 } }).value, "agent");
    assert.equal(ended([{ signal: "chat.memberLeft" }], { status }).value, "agent");
  }
  assert.equal(ended([notice], { status: "finished" }).value, "agent");
  assert.equal(ended([bot, notice], { agent: { id: 9 } }).value, "agent");
  assert.equal(ended([bot, { signal: "chat.memberJoined" }, notice]).value, "agent");
});

test("what a session says of itself is taken", () => {
  const row = ended([{ signal: "finishChat" }], { ended_by: "agent" });
  assert.deepEqual([row.value, row.because], ["agent", undefined]);
});
