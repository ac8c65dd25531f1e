// A page is loaded anew at every step of every flow: docs/life.md, "A page loads, and something was kept".
import assert from "node:assert/strict";
import { test } from "node:test";
import { EndedClient, FACTS, OWN, settingsWith, unsealed, World } from "./support.mjs";

const MINUTES = 60_000;
const KEPT = 30 * MINUTES;
const GRACE = 300;

/** Steps in turn; each is given the page and the world. */
const yes = async (page, world) => {
  page.act("yes");
  await world.run(0);
};
const no = async (page, world) => {
  page.act("no");
  await world.run(0);
};
const tryAgain = async (page, world) => {
  page.act("try_again");
  await world.run(0);
};
const pass = (ms) => async (_, world) => world.run(ms);
const goOffline = async (page, world) => {
  page.navigator.onLine = false;
  page.dispatch("window", "offline");
  await world.run(0);
};
const goOnline = async (page, world) => {
  page.navigator.onLine = true;
  page.dispatch("window", "online");
  await world.run(0);
};

const hangs = () => "hang";
const conversation = { conversation: { id: "c1" } };
const notIdempotent = settingsWith("dialogflow", { endpoint: { idempotent: false } });

const FLOWS = {
  "asked, yes, taken": { steps: [yes, pass(100)] },
  "asked, yes, under way": { plan: hangs, steps: [yes, pass(3000)] },
  "asked, no": { steps: [no] },
  "nobody asked": { settings: settingsWith("webhook", { optIn: false }), steps: [] },
  "nobody asked, under way": { settings: settingsWith("webhook", { optIn: false }), plan: hangs, steps: [pass(3000)] },
  "a conversation": { answer: conversation, steps: [yes, pass(1000)] },
  dialogflow: { settings: settingsWith("dialogflow"), steps: [yes, pass(1000)] },
  "dialogflow, under way": { settings: settingsWith("dialogflow"), plan: hangs, steps: [yes, pass(3000)] },
  "dialogflow, not idempotent": { settings: notIdempotent, steps: [yes, pass(1000)] },
  "dialogflow, not idempotent, under way": { settings: notIdempotent, plan: hangs, steps: [yes, pass(3000)] },
  "dialogflow, not idempotent, taken but lost": {
    settings: notIdempotent,
    plan: () => "lost",
    steps: [yes, pass(100)],
  },
  "taken, but the answer is lost": { plan: (n) => (n < 3 ? "lost" : "ok"), steps: [yes, pass(100), pass(5000)] },
  "failing, then well": { plan: (n) => (n < 4 ? 503 : "ok"), steps: [yes, pass(300), pass(800), pass(5000)] },
  "unreachable for long": { plan: () => "error", steps: [yes, pass(10_000), pass(25_000), tryAgain, pass(1000)] },
  refused: { plan: () => 403, steps: [yes, pass(100)] },
  offline: { steps: [goOffline, yes, pass(MINUTES), goOnline, pass(100)] },
  "through the platform": { client: true, settings: settingsWith("ccaip"), steps: [yes, pass(1000)] },
  "through the platform, under way": {
    client: true,
    settings: settingsWith("ccaip"),
    answerOfPlatform: () => new Promise(() => {}),
    steps: [yes, pass(3000)],
  },
};

async function begin(flow, { locks = true } = {}) {
  const world = new World({ locks });
  if (flow.plan) world.receiver.plan = flow.plan;
  if (flow.answer) world.receiver.answer = flow.answer;
  world.platform = { status: undefined, answer: flow.answerOfPlatform };
  const page = await world.open(optionsOf(flow, world));
  await page.end();
  await world.run(200);
  return { world, page };
}

const optionsOf = (flow, world) => ({
  settings: flow.settings ?? settingsWith(),
  ...(flow.client && { client: new EndedClient(world.platform) }),
});

/** Where a page that is loaded anew is to be, by where the page before it was. */
function expectedAfter(before, flow) {
  if (before === "handing_off") return flow.settings === notIdempotent ? "stalled" : "handing_off";
  return before;
}

for (const locks of [true, false]) {
  for (const word of [true, false]) {
    const how = `${word ? "reloaded" : "crashed"}, ${locks ? "locks" : "a lease"}`;
    for (const [name, flow] of Object.entries(FLOWS)) {
      test(`${name}: at every step, ${how}`, async () => {
        for (let at = 0; at <= flow.steps.length; at += 1) {
          const { world, page } = await begin(flow, { locks });
          for (const step of flow.steps.slice(0, at)) await step(page, world);
          const before = { state: page.state, asked: page.questions, sent: world.receiver.requests.length };
          const consents = page.all("consent").length;
          const { onLine } = page.navigator;
          // The receiver is well again from here on.
          world.receiver.plan = () => "ok";
          world.platform.answer = undefined;
          const outcomes = page.outcomes;
          const next = await page.reload(optionsOf(flow, world), { word, onLine });
          // Nothing, until the SDK has had its time to speak.
          await world.run(GRACE - 1);
          assert.equal(next.said.length, 0, `step ${at}: before the SDK had its time`);
          await world.run(word || locks ? 1000 : 8000);
          const place = `step ${at}, ${before.state}`;
          if (outcomes.length > 0) {
            assert.equal(next.said.length, 0, `${place}: what is over is over`);
            assert.equal(page.session.has(OWN), false, place);
          } else {
            const delivered = next.all("handoff").length > 0 || next.state === "in_conversation";
            const expected = expectedAfter(before.state, flow);
            if (expected === "handing_off" && onLine) assert.ok(delivered, `${place}: nothing was handed off`);
            else assert.equal(next.state, expected, place);
            assert.equal(next.questions, before.state === "asking" ? 1 : 0, place);
            if (expected === "stalled")
              assert.deepEqual(
                next.prompt.actions.map(({ action }) => action),
                ["try_again", "not_now"],
              );
          }
          if (next.state === "asking") next.act("yes");
          await world.run(1000);
          if (next.state === "stalled") next.act("try_again");
          await world.run(1000);
          next.dispatch("window", "online");
          await world.run(40_000);
          assert.deepEqual(world.faults, [], place);
          assert.ok(consents + next.all("consent").length <= 1, `${place}: asked again after an answer`);
          assert.deepEqual(next.errors, [], place);
          const connects =
            world.receiver.accepted.size === 1 || flow.client || name === "asked, no" || name === "refused";
          if (!(name === "asked, no" && at > 0)) assert.ok(connects, `${place}: the hand-off is lost`);
          next.transfer.dispose();
          await world.run(0);
          assert.deepEqual(next.left, { timers: 0, listeners: 0, locks: 0 }, place);
        }
      });
    }
  }
}

test("a page may be loaded anew again and again: still one question, one hand-off, one body", async () => {
  const { world, page } = await begin({});
  let last = page;
  for (let i = 0; i < 5; i += 1) {
    last = await last.reload({});
    await world.run(1000);
    assert.equal(last.state, "asking");
  }
  world.receiver.plan = hangs;
  await yes(last, world);
  for (let i = 0; i < 5; i += 1) {
    last = await last.reload({}, { word: i % 2 === 0 });
    await world.run(2000);
    assert.equal(last.state, "handing_off");
    assert.equal(last.questions, 0);
  }
  world.receiver.plan = () => "ok";
  last = await last.reload({});
  await world.run(2000);
  assert.deepEqual(last.outcomes, ["transferred/accepted"]);
  assert.equal(world.total("consent"), 1);
  assert.deepEqual(world.faults, []);
  assert.equal(world.receiver.requests.length, 7);
});

test("what was accepted before the page went is accepted once", async () => {
  const { world, page } = await begin({ plan: () => "lost" });
  await yes(page, world);
  assert.equal(world.receiver.accepted.size, 1);
  world.receiver.plan = () => "ok";
  const next = await page.reload({});
  await world.run(1000);
  assert.deepEqual(next.outcomes, ["transferred/accepted"]);
  assert.deepEqual(world.faults, []);
});

test("a status that the platform has taken is not set again after a reload", async () => {
  const flow = { client: true, settings: settingsWith("ccaip") };
  const { world, page } = await begin(flow);
  // The call reaches the platform, and its answer does not reach us.
  world.platform.answer = async (status) => {
    world.platform.status = status;
    return new Promise(() => {});
  };
  await yes(page, world);
  assert.deepEqual(world.platform.updates, ["ready true"]);
  world.platform.answer = undefined;
  const next = await page.reload(optionsOf(flow, world));
  await world.run(2000);
  assert.equal(next.state, "in_conversation");
  assert.deepEqual(world.platform.updates, ["ready true", "in_progress true"], "each status is set once");
});

// ── Age ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

const PLACES = {
  asking: { steps: [], late: "no_answer/saved_expired" },
  handing_off: { plan: hangs, steps: [yes], late: "cancelled/saved_expired" },
  stalled: { plan: () => "error", steps: [yes, pass(31_000)], late: "cancelled/saved_expired" },
  in_conversation: { answer: conversation, steps: [yes], late: "cancelled/saved_expired" },
};

for (const [state, flow] of Object.entries(PLACES)) {
  for (const late of [false, true]) {
    test(`${state}, ${late ? "a little more" : "a little less"} than 30 minutes ago`, async () => {
      const { world, page } = await begin(flow);
      for (const step of flow.steps) await step(page, world);
      assert.equal(page.state, state);
      const { at } = unsealed(page.session.get(OWN));
      page.close(false);
      world.receiver.plan = hangs;
      await world.run(at + KEPT + (late ? 1 : 0) - GRACE - world.time);
      const next = await page.reload(optionsOf(flow, world), { word: false });
      await world.run(1000);
      assert.equal(next.state, late ? "done" : state);
      assert.deepEqual(next.outcomes, late ? [flow.late] : []);
      if (!late) return;
      assert.equal(world.receiver.requests.length, state === "asking" ? 0 : world.receiver.requests.length);
      assert.equal(next.questions, 0);
      assert.equal(page.session.has(OWN), false, "the session is done: the tab's own state goes");
      // The outcome is told once, not at every page load from now on.
      const again = await next.reload(optionsOf(flow, world));
      await world.run(1000);
      assert.deepEqual(again.outcomes, []);
    });
  }
}

test("a clock that was put back does not make a kept answer younger than it is for ever", async () => {
  const { world, page } = await begin({ plan: hangs });
  await yes(page, world);
  page.close(false);
  // The computer's clock had been a year ahead.
  world.time -= 365 * 24 * 60 * MINUTES;
  const next = await page.reload({}, { word: false });
  await world.run(10_000);
  assert.notEqual(next.state, "idle", "the session does not go on");
  assert.deepEqual(world.faults, []);
});

// ── Other settings ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

for (const [state, flow] of Object.entries(PLACES)) {
  test(`${state}, and the settings name another agent now`, async () => {
    const { world, page } = await begin(flow);
    for (const step of flow.steps) await step(page, world);
    assert.equal(page.state, state);
    const sent = world.receiver.requests.length;
    const next = await page.reload({ settings: settingsWith("webhook", { agent: "other" }) });
    await world.run(2000);
    if (state === "asking") assert.equal(next.state, "asking");
    else {
      assert.deepEqual(next.outcomes, ["cancelled/settings_changed"]);
      assert.equal(page.session.has(OWN), false, "the session is done: the tab's own state goes");
    }
    assert.equal(world.receiver.requests.length, sent, "nothing is sent on a Yes for another agent");
  });

  test(`${state}, and it is switched off now`, async () => {
    const { world, page } = await begin(flow);
    for (const step of flow.steps) await step(page, world);
    const sent = world.receiver.requests.length;
    const next = await page.reload({ settings: settingsWith("webhook", { chat: { enabled: false } }) });
    await world.run(2000);
    assert.equal(next.state, "done");
    assert.equal(next.outcomes.length, 1);
    assert.equal(world.receiver.requests.length, sent);
    const again = await next.reload({ settings: settingsWith("webhook", { chat: { enabled: false } }) });
    await world.run(2000);
    assert.deepEqual(again.outcomes, [], "the outcome is told once");
  });
}

test("who was not asked is asked where the settings ask now", async () => {
  const { world, page } = await begin({ settings: settingsWith("webhook", { optIn: false }), plan: hangs });
  assert.equal(page.state, "handing_off");
  const next = await page.reload({});
  await world.run(2000);
  assert.equal(next.state, "asking");
  assert.equal(world.receiver.requests.length, 1, "only what was sent before");
});

test("fewer statuses in the settings after the reload", async () => {
  const settings = settingsWith("ccaip", { endpoint: { statuses: ["ready", "in_progress"] } });
  const world = new World();
  world.platform = { status: undefined };
  const page = await world.open({ settings, client: new EndedClient(world.platform) });
  await page.end();
  await world.run(200);
  world.platform.answer = (status) => (status === "in_progress" ? new Promise(() => {}) : undefined);
  await yes(page, world);
  assert.deepEqual(world.platform.updates, ["ready true", "in_progress true"]);
  world.platform.answer = undefined;
  const fewer = settingsWith("ccaip", { endpoint: { statuses: ["in_progress"] } });
  const next = await page.reload({ settings: fewer, client: new EndedClient(world.platform) });
  await world.run(2000);
  for (const update of world.platform.updates) assert.match(update, /^(ready|in_progress) true$/);
  assert.notEqual(next.outcomes[0], "failed/core_trapped");
  assert.equal(next.state, "in_conversation");
});

// ── The SDK ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

test("another chat in the client: the session is cancelled, and forgotten", async () => {
  for (const flow of Object.values(PLACES)) {
    const { world, page } = await begin(flow);
    for (const step of flow.steps) await step(page, world);
    const client = new EndedClient();
    client.chat.state.id = 999;
    const next = await page.reload({ client });
    await world.run(2000);
    assert.equal(next.outcomes.length, 1);
    assert.equal(next.all("outcome")[0].outcome, "cancelled");
    assert.equal(page.session.has(OWN), false);
  }
});

test("nothing is kept of a chat that was only observed, nor where the widget leads", async () => {
  for (const options of [{ mode: "observe" }, { prompt: "platform" }]) {
    const world = new World();
    const page = await world.open({ ...options, settings: settingsWith("ccaip") });
    await page.end({ ...FACTS, post_session: { required: true } });
    await world.run(1000);
    assert.deepEqual([...page.session.keys(), ...world.local.keys()], []);
  }
});
