import assert from "node:assert/strict";
import { test } from "node:test";
import { openDemo, useChromium } from "./support/demo-page.mjs";

const browser = useChromium();
const failed500 = [/status of 500/];
const failedConnection = [/net::ERR_EMPTY_RESPONSE|net::ERR_CONNECTION|net::ERR_FAILED|CORS/];

test("the endpoint answers 500: stalled with its reason; when it works again, try again delivers one hand-off under the same key", async (t) => {
  const demo = await openDemo(t, browser(), { scenario: "endpoint-500", fast: true, expectedErrors: failed500 });
  await demo.agentEnds();
  await demo.button("Yes").click();
  await demo.button("Try again").waitFor();
  assert.equal((await demo.prompts()).at(-1), "stalled · server_error");
  assert.equal(demo.handoffs.length, 0);
  assert.ok(demo.postedKeys.length > 1, "it was tried more than once");

  const switched = demo.page.waitForResponse((response) => response.url().endsWith("/qa/fault"));
  await demo.page.getByRole("radio", { name: "as it should" }).check();
  await switched;
  await demo.button("Try again").click();
  await demo.hears("Was your problem solved?");
  assert.equal(demo.handoffs.length, 1);
  assert.deepEqual(new Set(demo.postedKeys), new Set([demo.handoffs[0].key]));
});

test("the endpoint cannot be reached: stalled, and “not now” ends it; the shop's rating takes over", async (t) => {
  const demo = await openDemo(t, browser(), {
    scenario: "endpoint-unreachable",
    fast: true,
    expectedErrors: failedConnection,
  });
  await demo.agentEnds();
  await demo.button("Yes").click();
  await demo.button("Not now").waitFor();
  assert.equal((await demo.prompts()).at(-1), "stalled · network_or_cors");
  await demo.button("Not now").click();
  await demo.sees(demo.outcome, "failed");
  await demo.sees(demo.outcome, "network_or_cors");
  assert.equal(demo.handoffs.length, 0);
  await demo.csat.waitFor();
  assert.ok(!(await demo.focus()).lost);
});

test("a message to the virtual agent that was not sent comes back into the field", async (t) => {
  const demo = await openDemo(t, browser(), { fast: true, expectedErrors: failed500 });
  await demo.agentEnds();
  await demo.button("Yes").click();
  await demo.hears("Was your problem solved?");
  demo.demo.endpoint.setFault("500");
  await demo.say("yes");
  await demo.hears("Your message was not sent");
  assert.equal(await demo.message.inputValue(), "yes");
  demo.demo.endpoint.setFault("none");
  await demo.message.press("Enter");
  await demo.hears("How easy was it");
});
