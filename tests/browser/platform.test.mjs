// A hand-off through the platform: the conversation goes on in the same chat, and nothing goes over the network of ours.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openDemo, useChromium } from "./support/demo-page.mjs";

const browser = useChromium();
const greeting = "Did Kim solve your problem?";

for (const scenario of ["through-platform", "server-driven"]) {
  test(`${scenario}: asked once, handed off, and followed until the virtual agent ends it`, async (t) => {
    const demo = await openDemo(t, browser(), { scenario });
    await demo.agentEnds();
    await demo.button("Yes").click();
    await demo.hears(greeting);
    await demo.say("Very good");
    await demo.hears("Anything else?");
    await demo.say("bye");
    await demo.sees(demo.outcome, "ended_by_virtual_agent");
    assert.deepEqual((await demo.prompts()).filter((prompt) => prompt === "opt_in").length, 1);
    assert.equal(await demo.csat.count(), 0, "no rating beside the virtual agent");
    demo.assertNothingSent();
  });
}

test("the person pressed End, says Yes, and leaves the virtual agent by pressing End again", async (t) => {
  const demo = await openDemo(t, browser(), { scenario: "through-platform" });
  await demo.button("End chat").click();
  await demo.button("Yes").click();
  await demo.hears(greeting);
  await demo.button("End chat").click();
  await demo.sees(demo.outcome, "ended_by_end_user");
});

test("No is told to the platform, and the shop's own rating takes over", async (t) => {
  const demo = await openDemo(t, browser(), { scenario: "through-platform" });
  await demo.agentEnds();
  await demo.button("No").click();
  await demo.sees(demo.outcome, "opt_in_declined");
  await demo.csat.waitFor();
  assert.equal(await demo.chat.getByText(greeting).count(), 0);
});

test("the stock widget asks: its question is the only one", async (t) => {
  const demo = await openDemo(t, browser(), { scenario: "widget-asks" });
  await demo.agentEnds();
  await demo.button("Yes, continue").click();
  await demo.hears(greeting);
  await demo.say("bye");
  await demo.sees(demo.outcome, "ended_by_virtual_agent");
  assert.deepEqual(await demo.prompts(), ["away"], "nothing of ours was ever shown");
});

test("the stock widget asks, and is told No", async (t) => {
  const demo = await openDemo(t, browser(), { scenario: "widget-asks" });
  await demo.agentEnds();
  await demo.button("No, thanks").click();
  await demo.sees(demo.outcome, "opt_in_declined");
  await demo.csat.waitFor();
  assert.deepEqual(await demo.prompts(), []);
});
