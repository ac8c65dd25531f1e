// An event log of the demo page: what happened in a browser happens again, there and in Node.
import assert from "node:assert/strict";
import { test } from "node:test";
import { replayLog } from "post-session-transfer/replay";
import { openDemo, useChromium } from "./support/demo-page.mjs";
import { logOf, watchTransfers } from "./support/transfers.mjs";

const browser = useChromium();

test("the page's log replays in the page, and in Node, and has no word of the conversation", async (t) => {
  const demo = await openDemo(t, browser(), { prepare: watchTransfers });
  await demo.say("Where is my order?");
  await demo.hears("should reach you on Thursday");
  await demo.agentEnds();
  await demo.button("Yes").click();
  await demo.hears("Was your problem solved?");
  const log = await logOf(demo.page);
  assert.doesNotMatch(JSON.stringify(log), /HP-20417|Where is|Thursday|solved|halden-pine|Kim/);
  const expected = { type: "success", entries: log.length - 1, sessions: 1, incomplete: [] };
  assert.equal(log.at(-1).phase, "in_conversation");
  assert.deepEqual(await replayLog(log), expected);
  const there = await demo.page.evaluate(async (entries) => {
    const { replayLog: replay } = await import("/package/replay.js");
    return replay(entries);
  }, log);
  assert.deepEqual(there, expected);
});
