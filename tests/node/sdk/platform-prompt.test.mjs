// The stock widget asks by itself: with prompt "platform" we follow it, with "module" we give way to it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { open, settingsWith, under } from "./support.mjs";

const quirks = [
  ["nothing odd", {}],
  ["latency", { latencyMs: 120 }],
  ["everything twice", { duplicates: 1 }],
  ["flags with the notice", { flagsWith: "notice" }],
  ["flags late", { flagsWith: "late" }],
  ["flags late, latency", { flagsWith: "late", latencyMs: 200 }],
  ["camel case", { flagSpelling: "camel" }],
  ["no notice", { chatEndedNotice: false, chatEnded: "before" }],
  ["chat.ended after", { chatEnded: "after" }],
  ["chat.ended both", { chatEnded: "both" }],
  ["chat.ended never", { chatEnded: "never" }],
  ["no notice, chat.ended never", { chatEndedNotice: false, chatEnded: "never" }],
  ["keeps its status", { keepsStatusDuringVirtualAgent: true }],
  ["identity is_customer", { memberIdentity: "is_customer" }],
  ["client after mount", { clientAfterMount: true }],
  ...[1, 2, 3, 4, 5, 6].map((seed) => [`shuffle ${seed}`, { reorder: { seed, window: 9 } }]),
];

/** A widget that asks, at the end of a chat that its agent ended. */
async function widgetAsks(own, { prompt = "platform", settings, optInRequired = true, ender = "agent" } = {}) {
  const scene = await open({
    widget: true,
    quirks: { ...own, asksPostSession: true },
    postSession: { required: true, optInRequired },
    transfer: { prompt, settings },
  });
  await scene.chat();
  if (ender === "agent") scene.sim.agent.end();
  else await scene.press();
  await scene.run(2000);
  return scene;
}

/** Calls of `updatePostSession` that are not the widget's own. */
function oursBeside(scene, widgets) {
  return scene.sim.postSessionCalls - widgets;
}

const settingsOf = [
  ["no settings", undefined],
  ["settings", settingsWith()],
];

describe('prompt: "platform"', () => {
  for (const [which, settings] of settingsOf) {
    const each = quirks.map(([name, own]) => [`${name}, ${which}`, own]);

    test(`${which}: the widget asks, we do not: held, and silence stays silence`, async () => {
      await under(each, async (own) => {
        const scene = await widgetAsks(own, { settings });
        assert.equal(scene.state, "asking");
        assert.notEqual(scene.widget.question, null);
        assert.equal(scene.questions, 0);
        assert.equal(scene.count("prompt"), 0);
        assert.equal(scene.count("hold"), 1);
        await scene.run(3_600_000);
        assert.equal(scene.state, "asking");
        assert.deepEqual(scene.outcomes, []);
        assert.equal(scene.sim.postSessionCalls, 0);
        assert.equal((await scene.act("yes")).accepted, false);
        assert.equal((await scene.act("no")).accepted, false);
        assert.equal(scene.sim.postSessionCalls, 0);
        await scene.close();
      });
    });

    test(`${which}: Yes: followed to the end of the conversation`, async () => {
      for (const ender of ["agent", "end_user"])
        await under(each, async (own) => {
          // Nothing tells the end then: see ends.test.mjs.
          if (ender === "end_user" && own.chatEndedNotice === false && own.chatEnded === "never") return;
          const scene = await widgetAsks(own, { settings, ender });
          await scene.widget.answerPostSession(true);
          await scene.run(3000);
          assert.equal(scene.state, "in_conversation");
          assert.equal(oursBeside(scene, 2), 0);
          assert.deepEqual(scene.updates, ["ready true", "in_progress true"]);
          assert.equal(scene.count("prompt"), 0);
          scene.sim.virtualAgent.end();
          await scene.run(3000);
          assert.deepEqual(scene.outcomes, ["completed/ended_by_virtual_agent"]);
          assert.equal(scene.count("release"), 0);
          assert.equal(oursBeside(scene, 2), 0);
          await scene.close();
        });
    });

    test(`${which}: No: declined, and released`, async () => {
      await under(each, async (own) => {
        const scene = await widgetAsks(own, { settings });
        await scene.widget.answerPostSession(false);
        await scene.run(1000);
        assert.deepEqual(scene.outcomes, ["declined/opt_in_declined"]);
        assert.equal(scene.count("release"), 1);
        assert.equal(oursBeside(scene, 1), 0);
        assert.equal(scene.questions, 0);
        await scene.close();
      });
    });

    test(`${which}: the widget is left: no answer`, async () => {
      await under(each, async (own) => {
        const scene = await widgetAsks(own, { settings });
        scene.widget.leave();
        await scene.run(1000);
        assert.deepEqual(scene.outcomes, ["no_answer/platform_closed"]);
        assert.equal(scene.count("release"), 1);
        assert.equal(scene.sim.postSessionCalls, 0);
        await scene.close();
      });
    });

    test(`${which}: the chat is dropped: no answer`, async () => {
      await under(each, async (own) => {
        const scene = await widgetAsks(own, { settings });
        await scene.client.destroyChat();
        await scene.run(1000);
        assert.deepEqual(scene.outcomes, ["no_answer/platform_closed"]);
        assert.equal(scene.count("release"), 1);
        assert.equal(scene.sim.postSessionCalls, 0);
        await scene.close();
      });
    });

    test(`${which}: another chat: cancelled, and nothing is called`, async () => {
      await under(each, async (own) => {
        const scene = await widgetAsks(own, { settings });
        await scene.client.createChat(502);
        await scene.run(1000);
        assert.deepEqual(scene.outcomes, ["cancelled/new_conversation"]);
        assert.equal(scene.sim.postSessionCalls, 0);
        await scene.close();
      });
    });

    test(`${which}: the widget starts the virtual agent without a question: followed`, async () => {
      await under(each, async (own) => {
        const scene = await widgetAsks(own, { settings, optInRequired: false });
        await scene.run(1000);
        assert.equal(scene.state, "in_conversation");
        assert.equal(scene.questions, 0);
        assert.equal(oursBeside(scene, 2), 0);
        scene.sim.virtualAgent.end();
        await scene.run(3000);
        assert.deepEqual(scene.outcomes, ["completed/ended_by_virtual_agent"]);
        await scene.close();
      });
    });
  }

  test("a declined status of its own tells the No, also where the call cannot be seen", async () => {
    const settings = settingsWith("ccaip", { endpoint: { declined_status: "refused" } });
    const scene = await widgetAsks({}, { settings });
    const other = scene.sim.createClient({ companyId: "acme", authenticate: async () => ({ token: "t" }) });
    await other.updatePostSession("refused");
    await scene.run(1000);
    assert.deepEqual(scene.outcomes, ["declined/opt_in_declined"]);
    await scene.close();
  });

  test("a frozen client: the Yes is seen on the chat's record", async () => {
    const scene = await open({
      quirks: { asksPostSession: true },
      postSession: { required: true, optInRequired: true },
      transfer: { prompt: "platform", settings: undefined },
    });
    await scene.chat();
    scene.sim.agent.end();
    await scene.run(1000);
    const other = scene.sim.createClient({ companyId: "acme", authenticate: async () => ({ token: "t" }) });
    await other.updatePostSession("ready", true);
    await other.updatePostSession("in_progress", true);
    await scene.run(1000);
    assert.equal(scene.state, "in_conversation");
    await scene.close();
  });

  test("the platform does not require it: what the settings say is asked by nobody, or done as usual", async () => {
    for (const required of [null, false])
      for (const optIn of [true, false]) {
        const scene = await open({
          widget: true,
          quirks: { asksPostSession: true },
          postSession: { required, optInRequired: null },
          transfer: { prompt: "platform", settings: settingsWith("ccaip", { chat: { opt_in: optIn } }) },
        });
        await scene.chat();
        scene.sim.agent.end();
        await scene.run(2000);
        assert.equal(scene.questions, 0);
        if (required === false) assert.deepEqual(scene.outcomes, ["skipped/platform_not_required"]);
        else if (optIn) assert.deepEqual(scene.outcomes, ["skipped/platform_does_not_ask"]);
        else assert.deepEqual(scene.updates, ["ready", "in_progress"]);
        await scene.close();
      }
  });

  test("our own time-out is not put on the widget's question", async () => {
    const settings = settingsWith("ccaip", { rules: { prompt_timeout_s: 20 } });
    const scene = await widgetAsks({}, { settings });
    assert.equal(scene.clock.count("transfer"), 0);
    await scene.run(600_000);
    assert.equal(scene.state, "asking");
    await scene.close();
  });

  test("the widget's virtual agent never comes: said after two minutes", async () => {
    const scene = await widgetAsks({ postSessionVirtualAgent: "never" }, { settings: undefined });
    await scene.widget.answerPostSession(true);
    await scene.run(119_000);
    assert.deepEqual(scene.outcomes, []);
    await scene.run(2000);
    assert.deepEqual(scene.outcomes, ["transferred/virtual_agent_absent"]);
    await scene.close();
  });

  test("the platform refuses what the widget answered: no hand-off is claimed", async () => {
    const scene = await widgetAsks({ updatePostSession: "rejects" }, { settings: undefined });
    await assert.rejects(scene.widget.answerPostSession(true));
    await scene.run(1000);
    assert.equal(scene.state, "asking");
    assert.deepEqual(scene.outcomes, []);
    await scene.close();
  });
});

describe('prompt: "module", beside a widget that asks, too', () => {
  test("the widget's question starts the virtual agent: ours is withdrawn, and nothing is called by us", async () => {
    await under(quirks, async (own) => {
      const scene = await widgetAsks(own, { prompt: "module", settings: undefined });
      assert.equal(scene.questions, 1);
      await scene.widget.answerPostSession(true);
      await scene.run(3000);
      assert.deepEqual(scene.outcomes, ["skipped/already_started"]);
      assert.equal(scene.last("prompt"), null);
      assert.equal(oursBeside(scene, 2), 0);
      assert.equal(scene.questions, 1);
      assert.equal((await scene.act("yes")).accepted, false);
      await scene.close();
    });
  });

  test("ours is answered first: one virtual agent, and the widget's question is gone", async () => {
    await under(quirks, async (own) => {
      const scene = await widgetAsks(own, { prompt: "module", settings: undefined });
      await scene.act("yes");
      await scene.run(3000);
      assert.equal(scene.widget.question, null);
      assert.equal(scene.sim.state.all_virtual_agents.length, 1);
      assert.deepEqual(scene.updates, ["ready true", "in_progress true"]);
      assert.equal(scene.state, "in_conversation");
      await scene.close();
    });
  });
});
