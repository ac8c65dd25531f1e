import assert from "node:assert/strict";
import { test } from "node:test";
import { openDemo, useChromium } from "./support/demo-page.mjs";

const browser = useChromium();
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("by mouse: a chat, its end by the agent, Yes, and the survey to its end", async (t) => {
  const demo = await openDemo(t, browser());
  await demo.say("Where is my order?");
  await demo.hears("should reach you on Thursday");
  await demo.agentEnds();
  await demo.sees(demo.decision, "opt_in_required");
  demo.assertNothingSent();

  await demo.button("Yes").click();
  await demo.hears("Was your problem solved?");
  assert.equal(demo.handoffs.length, 1);
  const { key, body } = demo.handoffs[0];
  assert.match(key, uuid);
  assert.equal(body.schema, 1);
  assert.equal(body.handoff_id, key);
  assert.match(body.session.id, /^\d+$/);
  assert.deepEqual({ ...body.session, id: "" }, { id: "", lang: "en", queue_id: "502", ended_by: "agent" });
  assert.deepEqual(body.virtual_agent, { id: "survey", name: "Survey bot" });
  assert.equal(body.opt_in.required, true);
  assert.equal(body.opt_in.selected, "Yes");
  assert.ok(body.opt_in.text_version);
  assert.ok(!Number.isNaN(Date.parse(body.opt_in.at)));
  assert.deepEqual(Object.entries(body.data_parameters), [
    ["survey_kind", "csat"],
    ["queueId", 502],
    ["queueLanguage", "en"],
    ["order_id", "HP-20417"],
  ]);
  assert.deepEqual(body.data_records, { in_metadata: true, in_crm_record: false });

  await demo.say("yes");
  await demo.hears("How easy was it");
  await demo.say("six");
  await demo.hears("one number from 1 to 5");
  await demo.say("5");
  await demo.hears("Last question");
  await demo.say("Thank you, Kim");
  await demo.hears("Thank you for your time!");
  await demo.sees(demo.outcome, "completed");
  await demo.sees(demo.outcome, "ended_by_virtual_agent");
  await demo.atItsEnd();

  assert.equal(demo.handoffs.length, 1);
  assert.deepEqual(demo.postedKeys, [key]);
  assert.deepEqual(demo.handoffs[0].survey, {
    state: "completed",
    answers: { solved: true, ease: 5, comment: "Thank you, Kim" },
  });
  assert.equal(await demo.csat.count(), 0, "one post-session experience: no rating beside the virtual agent");
});

test("by keyboard alone: the other branch, and the focus is always somewhere one can see", async (t) => {
  const demo = await openDemo(t, browser());
  const { keyboard } = demo.page;
  await demo.tabTo(({ text }) => text === "Skip to the chat");
  await keyboard.press("Enter");
  await demo.tabTo(({ on }) => on === "message");
  await keyboard.type("Where is my order?");
  await keyboard.press("Enter");
  await demo.hears("should reach you on Thursday");
  await demo.tabTo(({ on }) => on === "end-chat", { key: "Shift+Tab" });
  await keyboard.press("Enter");
  await demo.button("Yes").waitFor();
  assert.equal((await demo.focus()).on, "end-chat", "the prompt comes in politely");

  await demo.tabTo(({ text }) => text === "Yes");
  await keyboard.press("Space");
  await demo.hears("Was your problem solved?");
  assert.equal((await demo.focus()).on, "message", "the person can answer at once");
  for (const [answer, then] of [
    ["no", "What is still open?"],
    ["The parcel went to the wrong door", "Last question"],
    ["no", "Thank you for your time!"],
  ]) {
    await keyboard.type(answer);
    await keyboard.press("Enter");
    await demo.hears(then);
    const focus = await demo.focus();
    assert.ok(!focus.lost && focus.seen, `focus on ${focus.on} after "${answer}"`);
  }
  await demo.sees(demo.outcome, "completed");
  await demo.tabTo(({ on }) => on === "new-chat");

  assert.equal(demo.handoffs.length, 1);
  assert.equal(demo.handoffs[0].body.session.ended_by, "end_user");
  assert.deepEqual(demo.handoffs[0].survey.answers, {
    solved: false,
    open: "The parcel went to the wrong door",
    comment: "",
  });
});

test("No: nothing at all is sent, and the shop's own rating takes over", async (t) => {
  const demo = await openDemo(t, browser());
  await demo.agentEnds();
  await demo.button("No").waitFor();
  assert.equal(await demo.csat.count(), 0, "the rating waits for the answer");
  await demo.button("No").click();
  await demo.sees(demo.outcome, "declined");
  await demo.csat.waitFor();
  assert.equal(await demo.button("Yes").count(), 0);
  assert.ok(!(await demo.focus()).lost);
  demo.assertNothingSent();
});

test("the person ends the chat and leaves the virtual agent again", async (t) => {
  const demo = await openDemo(t, browser());
  await demo.button("End chat").click();
  await demo.button("Yes").click();
  await demo.hears("Was your problem solved?");
  assert.equal(demo.handoffs[0].body.session.ended_by, "end_user");
  await demo.button("End chat").click();
  await demo.sees(demo.outcome, "completed");
  await demo.sees(demo.outcome, "ended_by_end_user");
});

test("a chat that timed out is not transferred, and the page says why", async (t) => {
  const demo = await openDemo(t, browser());
  await demo.button("Chat times out").click();
  await demo.sees(demo.decision, "ended_by_not_eligible");
  await demo.sees(demo.outcome, "skipped");
  await demo.csat.waitFor();
  assert.equal(await demo.button("Yes").count(), 0);
  demo.assertNothingSent();
});

test("the iOS SDK is refused by name: no prompt, nothing sent", async (t) => {
  const demo = await openDemo(t, browser(), { scenario: "ios" });
  await demo.agentEnds();
  await demo.sees(demo.decision, "reject");
  await demo.sees(demo.decision, "mobile_sdk_unsupported");
  await demo.sees(demo.outcome, "rejected");
  assert.equal(await demo.button("Yes").count(), 0);
  assert.deepEqual(await demo.prompts(), []);
  demo.assertNothingSent();
});

test("a queue without transfers: skipped, with the setting that decided", async (t) => {
  const demo = await openDemo(t, browser(), { scenario: "queue-off" });
  await demo.agentEnds();
  await demo.sees(demo.decision, "queue_disabled");
  await demo.sees(demo.decision, "/queues/0/chat_routing");
  await demo.csat.waitFor();
  demo.assertNothingSent();
});

test("without opt-in the hand-off starts at once", async (t) => {
  const demo = await openDemo(t, browser(), { scenario: "no-opt-in" });
  await demo.agentEnds();
  await demo.hears("Was your problem solved?");
  assert.ok(!(await demo.prompts()).includes("opt_in"));
  assert.equal(demo.handoffs.length, 1);
  assert.equal(demo.handoffs[0].body.opt_in.required, false);
  assert.equal(demo.handoffs[0].body.opt_in.selected, null);
});

test("a double click on Yes is one Yes: one POST", async (t) => {
  const demo = await openDemo(t, browser());
  await demo.agentEnds();
  await demo.button("Yes").dblclick();
  await demo.hears("Was your problem solved?");
  await demo.say("yes");
  await demo.hears("How easy was it");
  assert.equal(demo.handoffs.length, 1);
  assert.equal(demo.postedKeys.length, 1);
});

test("a new chat starts at once while the question is open, and is asked about in its own right", async (t) => {
  const demo = await openDemo(t, browser());
  await demo.agentEnds();
  await demo.button("Yes").waitFor();
  await demo.button("Start a new chat").click();
  await demo.hears("Kim here from Orders");
  await demo.button("Yes").waitFor({ state: "detached" });
  assert.ok(!(await demo.focus()).lost);
  demo.assertNothingSent();

  await demo.agentEnds();
  await demo.button("Yes").click();
  await demo.hears("Was your problem solved?");
  assert.equal(demo.handoffs.length, 1);
});
