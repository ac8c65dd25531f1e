// The demo, loaded anew in the middle of a transfer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openDemo, useChromium } from "./support/demo-page.mjs";

const browser = useChromium();
const kept = (page) => page.evaluate(() => sessionStorage.getItem("post-session-transfer"));

test("loaded anew with the question open: it is asked again, and answered once", async (t) => {
  const demo = await openDemo(t, browser());
  await demo.say("Where is my order?");
  await demo.agentEnds();
  await demo.button("Yes").waitFor();
  const text = await kept(demo.page);
  assert.match(text, /"phase":"asking"/);
  assert.doesNotMatch(text, /HP-20417|Kim|c0ffee/);

  await demo.page.reload();
  await demo.button("Yes").click();
  await demo.hears("Was your problem solved?");
  assert.equal(demo.handoffs.length, 1);
  assert.deepEqual(Object.keys(demo.handoffs[0].body.data_parameters), [
    "survey_kind",
    "queueId",
    "queueLanguage",
    "order_id",
  ]);
});

test("loaded anew during the conversation: it goes on, and nothing is handed off again", async (t) => {
  const demo = await openDemo(t, browser());
  await demo.agentEnds();
  await demo.button("Yes").click();
  await demo.hears("Was your problem solved?");
  await demo.page.reload();
  await demo.page.locator("html[data-transfer]").waitFor();
  await demo.say("yes");
  await demo.hears("How easy was it");
  await demo.button("End chat").click();
  await demo.sees(demo.outcome, "ended_by_end_user");
  assert.equal(demo.postedKeys.length, 1);
  assert.equal(await kept(demo.page), null);
});

test("loaded anew after No: nothing is asked again, and a new chat begins", async (t) => {
  const demo = await openDemo(t, browser());
  await demo.agentEnds();
  await demo.button("No").click();
  await demo.sees(demo.outcome, "opt_in_declined");
  assert.equal(await kept(demo.page), null);
  await demo.page.reload();
  await demo.chat.getByText("Kim has joined").waitFor();
  await demo.page.locator("html[data-transfer]").waitFor();
  assert.equal(await demo.button("Yes").count(), 0);
});
