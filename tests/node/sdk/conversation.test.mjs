// The hand-off through the platform, followed to its end in every way that the documentation names.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { asked, open, settingsWith, talking, under } from "./support.mjs";

const required = { required: true, optInRequired: true };

const quirks = [
  ...["before", "after", "both", "never"].flatMap((chatEnded) =>
    [false, true].flatMap((keepsStatusDuringVirtualAgent) =>
      ["ujet", "message"].map((actionPayload) => [
        `chat.ended ${chatEnded}, ${keepsStatusDuringVirtualAgent ? "keeps status" : "changes status"}, ${actionPayload}`,
        { chatEnded, keepsStatusDuringVirtualAgent, actionPayload },
      ]),
    ),
  ),
  ["latency", { latencyMs: 150 }],
  ["latency, after", { latencyMs: 150, chatEnded: "after" }],
  ["everything twice", { duplicates: 1 }],
  ["everything twice, after", { duplicates: 1, chatEnded: "after" }],
  ["no notice", { chatEndedNotice: false }],
  ["no echo", { echo: false }],
  ["camel case, late flags", { flagSpelling: "camel", flagsWith: "late" }],
  // Of is_customer see below.
  ...["$userType", "user_type", "text"].map((memberIdentity) => [`identity ${memberIdentity}`, { memberIdentity }]),
  ["one argument", { updatePostSessionArguments: 1 }],
  ["rejects once", { updatePostSession: "rejects-once" }],
];
const shuffles = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => [`shuffle ${seed}`, { reorder: { seed, window: 9 } }]);

/** A conversation under each quirk, after a chat that the agent or the person has ended, headless or in the widget. */
async function conversations(conditions, check) {
  const all = conditions.flatMap(([name, own]) =>
    ["agent", "end_user"].flatMap((ender) =>
      [false, true].map((widget) => [`${name}, ended by ${ender}${widget ? ", widget" : ""}`, { own, ender, widget }]),
    ),
  );
  await under(all, async ({ own, ender, widget }) => {
    const scene = await open({ quirks: own, widget, postSession: required });
    await scene.chat();
    if (ender === "agent") scene.sim.agent.end();
    else await scene.press();
    await scene.run(2000);
    assert.equal(scene.state, "asking");
    await scene.act("yes");
    await scene.run(5000);
    assert.equal(scene.state, "in_conversation");
    assert.deepEqual(scene.outcomes, []);
    await check(scene, { ender, own, widget });
    await scene.run(600_000);
    assert.equal(scene.count("outcome"), 1);
    assert.equal(scene.count("release"), 0, "released after a connection");
    assert.equal(scene.questions, 1);
    assert.equal(scene.last("prompt"), null);
    await scene.close();
  });
}

describe("over because", () => {
  test("the virtual agent says so", () =>
    conversations([...quirks, ...shuffles], async (scene) => {
      await scene.client.sendTextMessage("Fine, thanks");
      scene.sim.virtualAgent.say("Good bye");
      await scene.run(2000);
      assert.equal(scene.state, "in_conversation");
      scene.sim.virtualAgent.end();
      await scene.run(2000);
      assert.deepEqual(scene.outcomes, ["completed/ended_by_virtual_agent"]);
    }));

  test("the person presses End", () =>
    conversations([...quirks, ...shuffles], async (scene) => {
      await scene.press();
      await scene.run(2000);
      assert.deepEqual(scene.outcomes, ["completed/ended_by_end_user"]);
    }));

  test("it times out", () =>
    conversations(quirks, async (scene) => {
      await scene.run(60_000);
      scene.sim.timeout();
      await scene.run(2000);
      assert.deepEqual(scene.outcomes, ["completed/ended_by_timeout"]);
    }));

  test("a human takes over: the chat goes on, and its second end is not asked about", () =>
    conversations([...quirks, ...shuffles], async (scene) => {
      scene.sim.virtualAgent.escalate();
      await scene.run(10_000);
      assert.deepEqual(scene.outcomes, []);
      scene.sim.agent.join();
      await scene.run(2000);
      assert.deepEqual(scene.outcomes, ["completed/escalated"]);
      scene.sim.agent.say("Hello again");
      scene.sim.agent.end();
      await scene.run(2000);
    }));

  test("the virtual agent leaves without a word, and no other follows within two minutes", () =>
    conversations(quirks, async (scene) => {
      scene.sim.virtualAgent.leave();
      await scene.run(119_000);
      assert.deepEqual(scene.outcomes, []);
      await scene.run(2000);
      assert.deepEqual(scene.outcomes, ["completed/ended_by_virtual_agent"]);
    }));

  test("the chat is dropped", () =>
    conversations(quirks, async (scene) => {
      await scene.client.destroyChat();
      await scene.run(2000);
      assert.equal(scene.count("outcome"), 1);
      assert.equal(scene.last("outcome").outcome, "completed");
    }));

  test("another chat begins", () =>
    conversations(quirks, async (scene) => {
      await scene.client.destroyChat().catch(() => {});
      await scene.client.createChat(502);
      await scene.run(2000);
      assert.equal(scene.count("outcome"), 1);
    }));

  test("the host says so", () =>
    conversations(quirks.slice(0, 4), async (scene) => {
      assert.deepEqual(scene.transfer.conversationEnded("end_user"), { accepted: true });
      assert.deepEqual(scene.outcomes, ["completed/ended_by_end_user"]);
      assert.equal(scene.transfer.conversationEnded("virtual_agent").accepted, false);
      scene.sim.virtualAgent.end();
      await scene.run(2000);
    }));

  test("chat.ended alone, without the payload: by the virtual agent", () =>
    conversations(
      quirks.filter(([, own]) => own.chatEnded === "after" || own.chatEnded === "both"),
      async (scene) => {
        // The simulator's own end brings the payload, too: a time-out without its event does not.
        scene.client.off("chat.timeout", () => {});
        const { deliver } = scene.client;
        scene.client.deliver = function (frame) {
          if (frame.event !== "chat.timeout") deliver.call(this, frame);
        };
        scene.sim.timeout();
        await scene.run(2000);
        assert.deepEqual(scene.outcomes, ["completed/ended_by_virtual_agent"]);
      },
    ));
});

describe("an identity that says only that it is no customer", () => {
  const bare = ["before", "after", "both", "never"].map((chatEnded) => [
    `chat.ended ${chatEnded}`,
    { memberIdentity: "is_customer", chatEnded },
  ]);

  test("the virtual agent that comes is not taken for a human", () =>
    conversations(bare, async (scene) => {
      scene.sim.virtualAgent.end();
      await scene.run(2000);
      assert.deepEqual(scene.outcomes, ["completed/ended_by_virtual_agent"]);
    }));

  test("the virtual agent that leaves is not taken for a human", () =>
    conversations(bare, async (scene) => {
      scene.sim.virtualAgent.leave();
      await scene.run(121_000);
      assert.deepEqual(scene.outcomes, ["completed/ended_by_virtual_agent"]);
    }));

  test("a human who comes is not taken for the virtual agent", () =>
    conversations(bare, async (scene) => {
      scene.sim.virtualAgent.escalate();
      await scene.run(2000);
      scene.sim.agent.join();
      await scene.run(2000);
      assert.deepEqual(scene.outcomes, ["completed/escalated"]);
    }));
});

describe("goes on because", () => {
  test("one virtual agent leaves and another joins: the second one's end is the end", () =>
    conversations([...quirks, ...shuffles], async (scene) => {
      scene.sim.virtualAgent.leave();
      await scene.run(60_000);
      scene.sim.virtualAgent.join({ id: 6, name: "Bob" });
      await scene.run(600_000);
      assert.deepEqual(scene.outcomes, []);
      assert.equal(scene.state, "in_conversation");
      scene.sim.virtualAgent.leave();
      await scene.run(119_000);
      scene.sim.virtualAgent.join({ id: 7, name: "Eve" });
      await scene.run(1000);
      assert.deepEqual(scene.outcomes, []);
      scene.sim.virtualAgent.end();
      await scene.run(2000);
      assert.deepEqual(scene.outcomes, ["completed/ended_by_virtual_agent"]);
    }));

  test("the person's End is refused: still in conversation, and what ends it later is named rightly", () =>
    conversations(quirks.slice(0, 4), async (scene) => {
      scene.sim.network.down();
      await assert.rejects(scene.press());
      scene.sim.network.up();
      await scene.run(2000);
      assert.deepEqual(scene.outcomes, []);
      scene.sim.virtualAgent.end();
      await scene.run(2000);
      assert.deepEqual(scene.outcomes, ["completed/ended_by_virtual_agent"]);
    }));

  test("the connection is lost and comes back", () =>
    conversations(quirks, async (scene) => {
      scene.sim.network.down();
      await scene.run(60_000);
      scene.sim.network.up();
      await scene.run(1000);
      assert.deepEqual(scene.outcomes, []);
      scene.sim.virtualAgent.end();
      await scene.run(2000);
      assert.deepEqual(scene.outcomes, ["completed/ended_by_virtual_agent"]);
    }));

  test("an escalation is under way for long, and the virtual agent goes on after all", () =>
    conversations(quirks.slice(0, 16), async (scene) => {
      scene.sim.virtualAgent.escalate();
      await scene.run(300_000);
      assert.deepEqual(scene.outcomes, []);
      scene.sim.virtualAgent.say("Nobody is there. Can I help?");
      scene.sim.virtualAgent.end();
      await scene.run(2000);
      assert.deepEqual(scene.outcomes, ["completed/ended_by_virtual_agent"]);
    }));

  const look = [
    { type: "action", action: "end" },
    { type: "custom", ujet: { type: "action", action: "end" } },
    { type: "custom", content: { ujet: { type: "action", action: "end" } } },
    { type: "custom", payload: { type: "action", action: "end" } },
    { type: "text", content: '{"ujet":{"type":"action","action":"end"}}' },
    { type: "noti", event: "formCompleted", ujet: { type: "action", action: "end" } },
  ];

  test("what the person sends only looks like the virtual agent's payload", () =>
    conversations(quirks, async (scene) => {
      for (const message of look) await scene.client.chat.sendMessage(message);
      await scene.run(2000);
      assert.deepEqual(scene.outcomes, []);
      assert.equal(scene.state, "in_conversation");
      scene.sim.virtualAgent.end();
      await scene.run(2000);
      assert.deepEqual(scene.outcomes, ["completed/ended_by_virtual_agent"]);
    }));

  test("hostile payloads of the virtual agent, without an end in them", () =>
    conversations(quirks.slice(0, 2), async (scene) => {
      const cyclic = {};
      cyclic.ujet = cyclic;
      const messages = [
        { type: "action", action: "escalation" },
        { type: "action", action: ["end"] },
        { type: ["action"], action: "end" },
        { type: "custom", ujet: "end" },
        { type: "custom", ujet: null },
        { type: "custom", ujet: [{ type: "action", action: "end" }] },
        { type: "custom", content: cyclic },
        { type: "custom", payload: cyclic },
        { type: "custom", ujet: { type: "action", action: "END" } },
        { type: "text", content: '{"ujet":{"type":"action","action":"end"}}' },
        { type: "text", content: "x".repeat(200_000) },
        { type: "noti", event: `chatEnded${"x".repeat(1000)}` },
        { type: "noti", event: null },
        { type: "noti" },
        {
          type: "custom",
          get ujet() {
            throw new Error("hostile");
          },
        },
        { type: Symbol("action"), action: "end" },
        { __proto__: null, type: "custom" },
      ];
      for (const message of messages) {
        const body = Object.defineProperties(Object.create(null), Object.getOwnPropertyDescriptors(message));
        scene.client.deliver({
          event: "chat.message",
          args: [Object.defineProperty(body, "$userType", { value: "virtual_agent" })],
          snapshot: { state: scene.client.chat.state, revision: Number.MAX_SAFE_INTEGER },
          only: null,
          except: null,
        });
        await scene.run(10);
        assert.deepEqual(scene.outcomes, [], `after ${String(message.type)}`);
      }
      assert.equal(scene.state, "in_conversation");
      scene.transfer.conversationEnded("unknown");
    }));
});

test("a notice whose name is no text is no end", async () => {
  const scene = await talking({ postSession: required });
  for (const event of [["chatEnded"], { toString: () => "chatEnded" }]) {
    scene.client.deliver({
      event: "chat.message",
      args: [{ type: "noti", event, $userType: "system" }],
      snapshot: { state: scene.client.chat.state, revision: 0 },
      only: null,
      except: null,
    });
    await scene.run(10);
    assert.deepEqual(scene.outcomes, []);
  }
  await scene.close();
});

describe("before the virtual agent has come", () => {
  const absent = { postSessionVirtualAgent: "never" };

  test("nobody comes within two minutes: transferred, and nobody talked", async () => {
    await under(
      ["before", "both", "never", "after"].map((chatEnded) => [chatEnded, { ...absent, chatEnded }]),
      async (own) => {
        const scene = await talking({ quirks: own, postSession: required });
        await scene.run(118_000);
        assert.deepEqual(scene.outcomes, []);
        await scene.run(2000);
        assert.deepEqual(scene.outcomes, ["transferred/virtual_agent_absent"]);
        assert.equal(scene.count("release"), 0);
        assert.equal(scene.last("prompt"), null);
        await scene.close();
      },
    );
  });

  test("the end of the human part, told late, ends nothing", async () => {
    const scene = await talking({ quirks: absent, postSession: required });
    scene.sim.notice("chatEnded");
    await scene.run(1000);
    assert.equal(scene.state, "in_conversation");
    assert.deepEqual(scene.outcomes, []);
    scene.sim.virtualAgent.join();
    await scene.run(300_000);
    assert.deepEqual(scene.outcomes, []);
    await scene.close();
  });

  test("it comes after all, within the two minutes", async () => {
    const scene = await talking({ quirks: absent, postSession: required });
    await scene.run(110_000);
    scene.sim.virtualAgent.join();
    await scene.run(600_000);
    assert.deepEqual(scene.outcomes, []);
    await scene.close();
  });

  test("its first message stands for its joining", async () => {
    const scene = await talking({ quirks: absent, postSession: required });
    scene.sim.virtualAgent.say("Hello");
    await scene.run(600_000);
    assert.deepEqual(scene.outcomes, []);
    await scene.close();
  });

  test("the person presses End", async () => {
    const scene = await talking({ quirks: absent, postSession: required });
    await scene.press();
    assert.deepEqual(scene.outcomes, ["completed/ended_by_end_user"]);
    await scene.close();
  });

  test("the person leaves the widget", async () => {
    const scene = await talking({ quirks: absent, widget: true, postSession: required });
    scene.widget.leave();
    await scene.run(1000);
    // It may be the human agent's part that was left, told late.
    assert.deepEqual(scene.outcomes, []);
    await scene.run(120_000);
    assert.deepEqual(scene.outcomes, ["transferred/virtual_agent_absent"]);
    await scene.close();
  });

  test("the chat times out", async () => {
    const scene = await talking({ quirks: absent, postSession: required });
    scene.client.deliver({ event: "chat.timeout", args: [], snapshot: null, only: scene.client, except: null });
    await scene.run(1000);
    // So may this.
    assert.deepEqual(scene.outcomes, []);
    await scene.close();
  });

  test("a human comes instead", async () => {
    const scene = await talking({ quirks: absent, postSession: required });
    scene.sim.agent.join();
    await scene.run(1000);
    assert.deepEqual(scene.outcomes, ["completed/escalated"]);
    await scene.close();
  });
});

describe("the widget", () => {
  test("it hid itself when the person pressed End: it is shown again once the hand-off has been taken, and not before", async () => {
    const scene = await open({ widget: true, quirks: { hidesOnEnd: true }, postSession: required });
    await scene.chat();
    await scene.press();
    assert.equal(scene.widget.visible, false);
    assert.equal(scene.state, "asking");
    await scene.run(10_000);
    assert.equal(scene.widget.visible, false);
    await scene.act("yes");
    await scene.run(1000);
    assert.equal(scene.widget.visible, true);
    await scene.close();
  });

  test("No, or a hand-off that fails: it stays as it is", async () => {
    for (const [action, updatePostSession] of [
      ["no", "resolves"],
      ["yes", "rejects"],
      ["yes", "hangs"],
    ]) {
      const scene = await open({
        widget: true,
        quirks: { hidesOnEnd: true, updatePostSession },
        postSession: required,
      });
      await scene.chat();
      await scene.press();
      await scene.act(action);
      await scene.run(300_000);
      assert.equal(scene.widget.visible, false, `${action}, ${updatePostSession}`);
      await scene.close();
    }
  });

  test("the person presses End in the middle: it hides, and stays hidden", async () => {
    const scene = await talking({ widget: true, quirks: { hidesOnEnd: true }, postSession: required });
    assert.equal(scene.widget.visible, true);
    await scene.press();
    assert.deepEqual(scene.outcomes, ["completed/ended_by_end_user"]);
    assert.equal(scene.widget.visible, false);
    await scene.close();
  });

  test("the person leaves it in the middle", async () => {
    const scene = await talking({ widget: true, postSession: required });
    scene.widget.leave();
    await scene.run(1000);
    assert.deepEqual(scene.outcomes, ["completed/ended_by_end_user"]);
    await scene.close();
  });

  test("show that throws disturbs nothing", async () => {
    const scene = await asked({ widget: true, postSession: required });
    scene.widget.show = () => {
      throw new Error("no");
    };
    await scene.act("yes");
    await scene.run(1000);
    assert.equal(scene.state, "in_conversation");
    await scene.close();
  });
});

describe("an SDK that does not do what it should", () => {
  test("rejects once: tried again, one virtual agent", async () => {
    const scene = await asked({ quirks: { updatePostSession: "rejects-once" }, postSession: required });
    await scene.act("yes");
    await scene.run(10_000);
    assert.deepEqual(scene.updates, ["ready true", "in_progress true"]);
    assert.equal(scene.state, "in_conversation");
    assert.equal(scene.sim.state.all_virtual_agents.length, 1);
    await scene.close();
  });

  test("rejects or hangs for ever: stalled, in bounded time; not now: failed, and released", async () => {
    for (const updatePostSession of ["rejects", "hangs"]) {
      const scene = await asked({ quirks: { updatePostSession }, postSession: required });
      await scene.act("yes");
      await scene.run(45_000);
      assert.equal(scene.state, "stalled", updatePostSession);
      assert.deepEqual(await scene.act("not_now"), { accepted: true });
      assert.equal(scene.last("outcome").outcome, "failed");
      assert.equal(scene.count("release"), 1);
      await scene.close();
    }
  });

  test("stalled, and nobody answers: failed within two minutes, and released", async () => {
    const scene = await asked({ quirks: { updatePostSession: "rejects" }, postSession: required });
    await scene.act("yes");
    await scene.run(300_000);
    assert.deepEqual(scene.outcomes, ["failed/sdk_rejected"]);
    assert.equal(scene.count("release"), 1);
    await scene.close();
  });

  test("client.destroy() in the middle of the question, the hand-off, the conversation: nothing traps, and dispose is clean", async () => {
    for (const moment of ["asking", "handing_off", "in_conversation"]) {
      const scene = await asked({
        quirks: moment === "handing_off" ? { updatePostSession: "hangs" } : {},
        postSession: required,
      });
      if (moment !== "asking") await scene.act("yes");
      await scene.run(1000);
      assert.equal(scene.state, moment);
      scene.client.destroy();
      await scene.run(3_600_000);
      assert.ok(scene.count("outcome") <= 1);
      // INVARIANT: every state but waiting for the person is bounded in time.
      if (moment === "handing_off") assert.equal(scene.count("outcome"), 1);
      await scene.close();
    }
  });

  test("client.destroy() while the virtual agent talks: the conversation is over", async () => {
    const scene = await talking({ postSession: required });
    scene.client.destroy();
    await scene.run(3_600_000);
    assert.equal(scene.count("outcome"), 1);
    assert.equal(scene.last("outcome").outcome, "completed");
    await scene.close();
  });

  test("destroyChat() in the middle of the hand-off: one outcome, and no virtual agent twice", async () => {
    const scene = await asked({ quirks: { updatePostSession: "hangs" }, postSession: required });
    await scene.act("yes");
    await scene.client.destroyChat();
    await scene.run(300_000);
    assert.equal(scene.count("outcome"), 1);
    await scene.close();
  });

  test("destroyChat() while it is asked: the question does not stay for a chat that is gone", async () => {
    const scene = await asked({ postSession: required });
    await scene.client.destroyChat();
    await scene.run(1000);
    const yes = await scene.act("yes");
    await scene.run(300_000);
    // Either it is taken away, or a Yes leads to an outcome in bounded time.
    assert.equal(scene.count("outcome"), 1, `act: ${JSON.stringify(yes)}, state: ${scene.state}`);
    await scene.close();
  });

  test("the virtual agent joins before updatePostSession has resolved", async () => {
    const scene = await asked({ postSession: required });
    const { updatePostSession } = scene.client;
    scene.client.updatePostSession = async function (...args) {
      await updatePostSession.apply(this, args);
      await new Promise((resolve) => scene.clock.of("simulator").setTimeout(resolve, 2000));
    };
    await scene.act("yes");
    await scene.run(10_000);
    assert.equal(scene.state, "in_conversation");
    // Nothing waits for one to come: it is there.
    await scene.run(600_000);
    assert.deepEqual(scene.outcomes, []);
    scene.sim.virtualAgent.end();
    await scene.run(1000);
    assert.deepEqual(scene.outcomes, ["completed/ended_by_virtual_agent"]);
    delete scene.client.updatePostSession;
    await scene.close();
  });

  test("the virtual agent has come and gone before updatePostSession has resolved", async () => {
    const scene = await asked({ postSession: required });
    const { updatePostSession } = scene.client;
    scene.client.updatePostSession = async function (...args) {
      await updatePostSession.apply(this, args);
      await new Promise((resolve) => scene.clock.of("simulator").setTimeout(resolve, 3000));
    };
    await scene.act("yes");
    await scene.run(4000);
    assert.equal(scene.state, "handing_off");
    scene.sim.virtualAgent.end();
    await scene.run(600_000);
    assert.deepEqual(scene.outcomes, ["completed/ended_by_virtual_agent"]);
    delete scene.client.updatePostSession;
    await scene.close();
  });
});

test("without an opt-in the same, and the status is passed alone", async () => {
  const scene = await open({
    postSession: { required: true, optInRequired: false },
    transfer: { settings: settingsWith("ccaip", { chat: { opt_in: false } }) },
    quirks: { flagsWith: "notice" },
  });
  await scene.chat();
  scene.sim.agent.end();
  await scene.run(2000);
  assert.deepEqual(scene.updates, ["ready", "in_progress"]);
  assert.equal(scene.state, "in_conversation");
  scene.sim.virtualAgent.end();
  await scene.run(1000);
  assert.deepEqual(scene.outcomes, ["completed/ended_by_virtual_agent"]);
  assert.equal(scene.questions, 0);
  await scene.close();
});
