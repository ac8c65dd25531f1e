// Every life of a chat, and what becomes of it, under whatever an SDK may do to its events.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { asked, open, Scene, sameTime, settingsWith, under } from "./support.mjs";

const shuffled = (window, ...seeds) =>
  seeds.map((seed) => [`shuffle ${window}/${seed}`, { reorder: { seed, window } }]);

/** Under each of these the end of a chat can be noticed. */
const quirks = [
  ["nothing odd", {}],
  ["latency", { latencyMs: 120 }],
  ["everything twice", { duplicates: 1 }],
  ["everything three times", { duplicates: 2 }],
  ["events before ready", { eventsBeforeReady: true }],
  ["no notice", { chatEndedNotice: false }],
  ["no notice, everything twice", { chatEndedNotice: false, duplicates: 1 }],
  ["chat.ended before", { chatEnded: "before" }],
  ["chat.ended after", { chatEnded: "after" }],
  ["chat.ended both", { chatEnded: "both" }],
  ["chat.ended never", { chatEnded: "never" }],
  ["flags with the notice", { flagsWith: "notice" }],
  ["flags late", { flagsWith: "late" }],
  ["camel case", { flagSpelling: "camel" }],
  ...["$userType", "user_type", "is_customer", "text"].map((memberIdentity) => [
    `identity ${memberIdentity}`,
    { memberIdentity },
  ]),
  ["identity is_customer, no notice", { memberIdentity: "is_customer", chatEndedNotice: false }],
  ["chat.ended overtakes", { reorder: ["chat.ended"] }],
  ["chat.updated overtakes", { reorder: ["chat.updated"] }],
  ["messages overtake", { reorder: ["chat.message"] }],
  ["members overtake", { reorder: ["chat.memberLeft", "chat.memberJoined"] }],
  ...shuffled(3, 1, 2, 3, 4, 5, 6),
  ...shuffled(9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
  ["shuffle, twice, latency", { reorder: { seed: 21, window: 12 }, duplicates: 1, latencyMs: 60 }],
  ["shuffle, no notice", { reorder: { seed: 22, window: 9 }, chatEndedNotice: false }],
  ["shuffle, no notice, twice", { reorder: { seed: 23, window: 9 }, chatEndedNotice: false, duplicates: 1 }],
].flatMap(([name, quirk]) => [
  [name, { quirks: quirk }],
  [`${name}, in one burst`, { quirks: quirk, burst: true }],
]);

/**
 * by: who has ended it; because: the trails that may stand for it, `quietly` those without a notice; what becomes of it: asked, or a reason.
 * live: brings the chat to its end, with nothing on screen before `scene.ending()`.
 */
const lives = {
  "the agent ends it": {
    by: "agent",
    because: ["noti.chatEnded", "chat.memberLeft"],
    async live(scene) {
      await scene.chat();
      scene.ending();
      scene.sim.agent.end();
    },
  },
  "the person ends it": {
    by: "end_user",
    because: ["finishChat"],
    async live(scene) {
      await scene.chat();
      scene.ending();
      await scene.press();
    },
  },
  "it times out": {
    by: "timeout",
    because: ["chat.timeout"],
    skipped: "ended_by_not_eligible",
    async live(scene) {
      await scene.chat();
      scene.ending();
      scene.sim.timeout();
    },
  },
  "dismissed, and then over its time": {
    by: "timeout",
    because: ["chat.timeout"],
    skipped: "ended_by_not_eligible",
    async live(scene) {
      await scene.chat();
      scene.sim.dismiss();
      await scene.run(60_000);
      scene.ending();
      scene.sim.timeout();
    },
  },
  "dismissed, and then closed by the platform": {
    by: "dismissed",
    because: ["chat.dismissed"],
    skipped: "ended_by_not_eligible",
    async live(scene) {
      await scene.chat();
      scene.sim.dismiss();
      await scene.run(60_000);
      scene.ending();
      scene.sim.agent.end();
    },
  },
  "dismissed, and then ended by the person": {
    by: "end_user",
    because: ["finishChat"],
    async live(scene) {
      await scene.chat();
      scene.sim.dismiss();
      await scene.run(60_000);
      scene.ending();
      await scene.press();
    },
  },
  "dismissed, resumed, and ended by the agent": {
    by: "agent",
    because: ["noti.chatEnded", "chat.memberLeft"],
    async live(scene) {
      await scene.chat();
      scene.sim.dismiss();
      await scene.run(60_000);
      await scene.client.resumeChat(scene.client.chat.state.id);
      await scene.run(1000);
      scene.sim.agent.join();
      await scene.run(1000);
      scene.ending();
      scene.sim.agent.end();
    },
  },
  "a virtual agent only, ended by the person": {
    by: "end_user",
    because: ["finishChat"],
    async live(scene) {
      await scene.queue();
      scene.sim.virtualAgent.join();
      await scene.run(1000);
      scene.ending();
      await scene.press();
    },
  },
  "a virtual agent only, ended by it": {
    by: "unknown",
    because: ["noti.chatEnded virtual_agent_only"],
    skipped: "ended_by_not_eligible",
    async live(scene) {
      await scene.queue();
      scene.sim.virtualAgent.join();
      await scene.run(1000);
      scene.sim.virtualAgent.say("Hello");
      await scene.run(1000);
      scene.ending();
      scene.sim.virtualAgent.end();
    },
  },
  "a virtual agent that is dismissed, and then over its time": {
    by: "timeout",
    because: ["chat.timeout"],
    skipped: "ended_by_not_eligible",
    async live(scene) {
      await scene.queue();
      scene.sim.virtualAgent.join();
      await scene.run(1000);
      scene.sim.dismiss();
      await scene.run(1000);
      scene.ending();
      scene.sim.timeout();
    },
  },
  "never connected, given up by the person": {
    by: "end_user",
    because: ["finishChat"],
    async live(scene) {
      await scene.queue();
      scene.ending();
      await scene.press();
    },
  },
  ...Object.fromEntries(
    ["no_response", "failed", "canceled"].map((status) => [
      `never connected, ${status}`,
      {
        by: "unknown",
        because: ["noti.chatEnded never_connected"],
        skipped: "ended_by_not_eligible",
        async live(scene) {
          await scene.queue();
          scene.ending();
          scene.sim.abandonQueue(status);
        },
      },
    ]),
  ),
  "an escalation in flight, given up by the person": {
    by: "end_user",
    because: ["finishChat"],
    async live(scene) {
      await scene.queue();
      scene.sim.virtualAgent.join();
      await scene.run(1000);
      scene.sim.virtualAgent.escalate();
      await scene.run(1000);
      scene.ending();
      await scene.press();
    },
  },
  "an escalation in flight that nobody answers": {
    by: "unknown",
    because: ["noti.chatEnded virtual_agent_only", "noti.chatEnded never_connected"],
    skipped: "ended_by_not_eligible",
    async live(scene) {
      await scene.queue();
      scene.sim.virtualAgent.join();
      await scene.run(1000);
      scene.sim.virtualAgent.escalate();
      await scene.run(1000);
      scene.ending();
      scene.sim.abandonQueue("no_response");
    },
  },
  "an escalation in flight from which the virtual agent has left": {
    by: "unknown",
    because: ["noti.chatEnded virtual_agent_only", "noti.chatEnded never_connected"],
    skipped: "ended_by_not_eligible",
    async live(scene) {
      await scene.queue();
      scene.sim.virtualAgent.join();
      await scene.run(1000);
      scene.sim.virtualAgent.escalate();
      scene.sim.virtualAgent.leave();
      await scene.run(1000);
      scene.ending();
      scene.sim.abandonQueue("failed");
    },
  },
  "a virtual agent, then a human who ends it": {
    by: "agent",
    because: ["noti.chatEnded", "chat.memberLeft"],
    async live(scene) {
      await scene.queue();
      scene.sim.virtualAgent.join();
      await scene.run(1000);
      scene.sim.virtualAgent.escalate();
      await scene.run(1000);
      scene.sim.agent.join();
      await scene.run(1000);
      scene.ending();
      scene.sim.agent.end();
    },
  },
  "an agent hands over to another, who ends it": {
    by: "agent",
    because: ["noti.chatEnded", "chat.memberLeft"],
    async live(scene) {
      await scene.chat();
      scene.sim.agent.leave();
      await scene.run(1000);
      scene.sim.agent.join();
      await scene.run(1000);
      scene.ending();
      scene.sim.agent.end();
    },
  },
  "check-in required and answered, then ended by the agent": {
    by: "agent",
    because: ["noti.chatEnded", "chat.memberLeft"],
    async live(scene) {
      await scene.queue();
      scene.sim.checkIn.require();
      await scene.run(1000);
      await scene.client.checkIn();
      scene.sim.agent.join();
      await scene.run(1000);
      scene.ending();
      scene.sim.agent.end();
    },
  },
  "check-in timed out, rejoined, then ended by the person": {
    by: "end_user",
    because: ["finishChat"],
    async live(scene) {
      await scene.queue();
      scene.sim.checkIn.require();
      await scene.run(1000);
      scene.sim.checkIn.timeOut();
      await scene.run(1000);
      await scene.client.rejoinChat();
      scene.sim.agent.join();
      await scene.run(1000);
      scene.ending();
      await scene.press();
    },
  },
  "the connection is lost, and the agent ends it meanwhile": {
    by: "agent",
    because: ["noti.chatEnded", "chat.memberLeft"],
    async live(scene) {
      await scene.chat();
      scene.sim.network.down();
      await scene.run(10_000);
      scene.sim.agent.end();
      await scene.run(10_000);
      scene.ending();
      scene.sim.network.up();
    },
  },
  "the connection flaps two hundred times before the agent ends it": {
    by: "agent",
    because: ["noti.chatEnded", "chat.memberLeft"],
    async live(scene) {
      await scene.chat();
      for (let i = 0; i < 200; i += 1) scene.sim[i % 2 ? "reconnect" : "disconnect"]();
      await scene.run(1000);
      scene.ending();
      scene.sim.agent.end();
    },
  },
  "the person's End is refused, and the agent ends it later": {
    by: "agent",
    because: ["noti.chatEnded", "chat.memberLeft"],
    async live(scene) {
      await scene.chat();
      scene.sim.network.down();
      await assert.rejects(scene.press());
      await scene.run(1000);
      scene.sim.network.up();
      await scene.run(1000);
      scene.ending();
      scene.sim.agent.end();
    },
  },
  "the person's End is refused once, and taken the second time": {
    by: "end_user",
    because: ["finishChat"],
    async live(scene) {
      await scene.chat();
      scene.sim.network.down();
      await assert.rejects(scene.press());
      await scene.run(1000);
      scene.sim.network.up();
      await scene.run(1000);
      scene.ending();
      await scene.press();
    },
  },
};

for (const [title, { by, because, skipped, live }] of Object.entries(lives)) {
  test(`${title}: ${by}${skipped ? `, skipped as ${skipped}` : ", asked once"}`, async () => {
    await under(quirks, async (condition) => {
      const scene = new Scene(condition);
      scene.ending = () => {
        assert.deepEqual(
          scene.said.filter(({ event }) => event !== "diagnostic"),
          [],
          "something was said before the end",
        );
        assert.equal(scene.state, "idle");
      };
      await scene.open();
      await live(scene);
      await scene.run(2000);
      assert.equal(scene.ender?.by, by);
      const trail = scene.ender.because.join(" ");
      const quietly = condition.quirks.chatEndedNotice === false;
      const trails = quietly ? [...because.filter((one) => !one.startsWith("noti.")), ""] : because;
      assert.ok(trails.includes(trail) && (trail !== "" || by === "unknown"), `because ${trail}`);
      // What comes in the wrong order may show a question, and take it away again.
      const inOrder = !condition.quirks.reorder;
      const questions = skipped && !inOrder ? scene.count("hold") : Number(!skipped);
      assert.equal(scene.questions, questions);
      assert.ok(questions <= 1);
      if (skipped) {
        assert.deepEqual(scene.outcomes, [`skipped/${skipped}`]);
        assert.equal(scene.last("prompt") ?? null, null);
        assert.equal(scene.count("release"), questions);
        assert.deepEqual(scene.updates, []);
      } else {
        assert.equal(scene.state, "asking");
        assert.deepEqual(scene.outcomes, []);
        assert.deepEqual(scene.updates, []);
        assert.deepEqual(await scene.act("no"), { accepted: true });
        await scene.run(1000);
        assert.deepEqual(scene.outcomes, ["declined/opt_in_declined"]);
        assert.deepEqual(scene.updates, ["ready false"]);
        assert.equal(scene.count("hold"), 1);
        assert.equal(scene.count("release"), 1);
      }
      await scene.run(600_000);
      assert.equal(scene.count("outcome"), 1);
      assert.equal(scene.questions, questions);
      await scene.close();
    });
  });

  if (title.includes("flaps")) continue;
  test(`${title}: the same beside the widget`, async () => {
    await under(quirks.slice(0, 16), async (condition) => {
      const scene = new Scene({ ...condition, widget: true });
      scene.ending = () => {};
      await scene.open();
      await live(scene);
      await scene.run(2000);
      assert.equal(scene.ender?.by, by);
      assert.equal(scene.questions, skipped ? 0 : 1);
      await scene.close();
    });
  });
}

describe("what is no end", () => {
  const standstill = {
    "a lone time-out": (scene) => scene.client && scene.emit("chat.timeout"),
    dismissed: (scene) => scene.sim.dismiss(),
    "check-in required and timed out": async (scene) => {
      scene.sim.checkIn.require();
      await scene.run(1000);
      scene.sim.checkIn.timeOut();
    },
    "a lost connection": (scene) => scene.sim.network.down(),
    "the agent leaves, and another is to come": (scene) => scene.sim.agent.leave(),
    "other notices": (scene) => {
      for (const notice of ["formRequested", "escalationStarted", "memberLeft", "chatended", "ended"])
        scene.sim.notice(notice);
    },
  };
  for (const [what, happen] of Object.entries(standstill)) {
    test(what, async () => {
      await under(quirks.slice(0, 12), async (condition) => {
        const scene = await open(condition);
        // The simulator has no time-out without an end.
        scene.emit = (name) => {
          const { deliver } = scene.client;
          Reflect.apply(deliver, scene.client, [
            { event: name, args: [], snapshot: null, only: scene.client, except: null },
          ]);
        };
        await scene.chat();
        await happen(scene);
        await scene.run(60_000);
        assert.equal(scene.state, "idle");
        assert.deepEqual(scene.said, []);
        await scene.close();
      });
    });
  }
});

describe("while it is asked", () => {
  test("another chat: the first is cancelled at once, and the second gets its own question", async () => {
    await under(quirks, async (condition) => {
      const scene = await open(condition);
      await scene.chat();
      scene.sim.agent.end();
      await scene.run(1000);
      assert.equal(scene.state, "asking");
      await scene.client.createChat(502);
      await scene.run(1000);
      assert.deepEqual(scene.outcomes, ["cancelled/new_conversation"]);
      assert.equal(scene.last("prompt"), null);
      assert.deepEqual(scene.said.map(({ event }) => event).slice(-2), ["outcome", "release"]);
      scene.sim.agent.join();
      await scene.run(1000);
      await scene.press();
      assert.equal(scene.state, "asking");
      assert.equal(scene.questions, 2);
      assert.equal(scene.ender.by, "end_user");
      await scene.act("no");
      assert.deepEqual(scene.outcomes, ["cancelled/new_conversation", "declined/opt_in_declined"]);
      assert.deepEqual(
        scene.all("outcome").map(({ session_id }) => session_id),
        ["12345", "12346"],
      );
      await scene.close();
    });
  });

  test("the chat goes on: the question is taken away, and is not asked again when the agent ends it again", async () => {
    await under(quirks, async (condition) => {
      const scene = await open(condition);
      await scene.chat();
      scene.sim.agent.end();
      await scene.run(1000);
      scene.sim.agent.join();
      await scene.run(1000);
      assert.deepEqual(scene.outcomes, ["cancelled/chat_resumed"]);
      assert.equal(scene.last("prompt"), null);
      assert.equal(scene.count("release"), 1);
      scene.sim.agent.leave();
      scene.sim.notice("chatEnded");
      await scene.run(2000);
      assert.equal(scene.questions, 1);
      assert.equal(scene.count("outcome"), 1);
      assert.deepEqual(scene.updates, []);
      await scene.close();
    });
  });

  test("the chat goes on while it is handed off to a webhook: cancelled, and the request is given up", async () => {
    const scene = await asked({ transfer: { settings: settingsWith("webhook") } });
    scene.respond = () => new Promise(() => {});
    await scene.act("yes");
    assert.equal(scene.state, "handing_off");
    scene.sim.agent.join();
    await scene.run(1000);
    assert.deepEqual(scene.outcomes, ["cancelled/chat_resumed"]);
    await scene.close();
  });

  test("the chat goes on while it is handed off through a platform that hangs: cancelled", async () => {
    const scene = await asked({ quirks: { updatePostSession: "hangs" } });
    await scene.act("yes");
    assert.equal(scene.state, "handing_off");
    scene.sim.agent.join();
    await scene.run(1000);
    assert.deepEqual(scene.outcomes, ["cancelled/chat_resumed"]);
    await scene.run(120_000);
    assert.equal(scene.sim.postSessionCalls, 1);
    await scene.close();
  });

  test("another chat while it is handed off: cancelled, and nothing more is sent", async () => {
    const scene = await asked({ quirks: { updatePostSession: "hangs" } });
    await scene.act("yes");
    await scene.client.createChat(502);
    await scene.run(120_000);
    assert.deepEqual(scene.outcomes, ["cancelled/new_conversation"]);
    assert.equal(scene.sim.postSessionCalls, 1);
    await scene.close();
  });

  test("the person presses End once more: an End after the end says nothing about who ended it", async () => {
    await under(
      [
        ["with the notice", {}],
        ["without the notice", { chatEndedNotice: false }],
      ],
      async (quirk) => {
        const scene = await asked({
          quirks: quirk,
          transfer: { settings: settingsWith("ccaip", { rules: { ended_by: ["agent"] } }) },
        });
        await scene.press();
        assert.equal(scene.state, "asking");
        assert.deepEqual(scene.outcomes, []);
        assert.equal(scene.ender.by, "agent");
        await scene.close();
      },
    );
  });

  test("what is heard later about the ender is in what is sent, too", async () => {
    const rules = { ended_by: ["agent", "end_user", "timeout"] };
    await under(quirks, async (condition) => {
      const scene = await open({ ...condition, transfer: { settings: settingsWith("webhook", { rules }) } });
      await scene.chat();
      scene.sim.timeout();
      await scene.run(2000);
      await scene.act("yes");
      await scene.run(1000);
      assert.equal(scene.requests.length, 1);
      assert.equal(scene.requests[0].body.session.ended_by, "timeout");
      await scene.close();
    });
  });

  test("after an answer nothing asks again, whatever is heard", async () => {
    await under(quirks, async (condition) => {
      const scene = await open(condition);
      await scene.chat();
      scene.sim.agent.end();
      await scene.run(1000);
      await scene.act("no");
      for (const again of ["chatEnded", "memberLeft", "chatEnded"]) scene.sim.notice(again);
      await scene.press();
      scene.sim.reconnect();
      await scene.run(60_000);
      assert.equal(scene.questions, 1);
      assert.deepEqual(scene.outcomes, ["declined/opt_in_declined"]);
      assert.deepEqual(scene.updates, ["ready false"]);
      await scene.close();
    });
  });
});

describe("before there is anything to ask", () => {
  test("another chat within the half second in which a skip waits: cancelled at once", async () => {
    const scene = await open();
    await scene.chat();
    scene.sim.timeout();
    await scene.run(100);
    assert.equal(scene.state, "idle");
    await scene.client.createChat(502);
    await scene.run(100);
    assert.deepEqual(scene.outcomes, ["cancelled/new_conversation"]);
    await scene.run(2000);
    assert.equal(scene.count("outcome"), 1);
    await scene.close();
  });

  test("another chat within the half second that prompt: platform waits: nothing is handed off from it", async () => {
    const settings = settingsWith("ccaip", { chat: { opt_in: false } });
    const scene = await open({ widget: true, transfer: { prompt: "platform", settings } });
    await scene.chat();
    scene.sim.agent.end();
    await scene.run(100);
    assert.equal(scene.state, "idle");
    await scene.client.createChat(502);
    await scene.run(5000);
    assert.deepEqual(scene.updates, []);
    assert.deepEqual(scene.outcomes, ["cancelled/new_conversation"]);
    await scene.close();
  });

  test("a chat that goes on within that half second is not handed off either", async () => {
    const settings = settingsWith("ccaip", { chat: { opt_in: false } });
    const scene = await open({ widget: true, transfer: { prompt: "platform", settings } });
    await scene.chat();
    scene.sim.agent.end();
    await scene.run(100);
    scene.sim.agent.join();
    await scene.run(5000);
    assert.deepEqual(scene.updates, []);
    await scene.close();
  });

  test("a chat that ended while the module was still loading is asked about", async () => {
    await under(quirks, async (condition) => {
      const scene = new Scene(condition);
      const load = scene.slowly();
      await scene.chat();
      scene.sim.agent.end();
      await scene.run(1000);
      await load();
      await scene.run(1000);
      assert.equal(scene.state, "asking");
      assert.equal(scene.ender.by, "agent");
      assert.equal(scene.questions, 1);
      await scene.act("no");
      assert.deepEqual(scene.outcomes, ["declined/opt_in_declined"]);
      await scene.close();
    });
  });

  test("a chat that ended while it was loading, and another that goes on by now: nothing is asked about the first", async () => {
    const scene = new Scene();
    const load = scene.slowly();
    await scene.chat();
    scene.sim.agent.end();
    await scene.run(1000);
    await scene.client.createChat(502);
    await scene.run(1000);
    await load();
    await scene.run(1000);
    assert.equal(scene.questions, 0);
    assert.notEqual(scene.state, "asking");
    scene.sim.agent.join();
    await scene.run(1000);
    scene.sim.agent.end();
    await scene.run(1000);
    assert.equal(scene.state, "asking");
    assert.equal(scene.questions, 1);
    await scene.close();
  });

  test("two chats that ended while it was loading: only the second is asked about", async () => {
    const scene = new Scene();
    const load = scene.slowly();
    for (let i = 0; i < 2; i += 1) {
      await scene.chat();
      scene.sim.agent.end();
      await scene.run(1000);
    }
    await load();
    await scene.run(1000);
    assert.equal(scene.state, "asking");
    assert.equal(scene.questions, 1);
    await scene.act("no");
    assert.equal(scene.last("outcome").session_id, "12346");
    await scene.close();
  });

  test("a chat that ended while it was loading, and is with a human again before that is done, is not asked about", async () => {
    const scene = new Scene();
    const load = scene.slowly();
    await scene.chat();
    scene.sim.agent.end();
    await scene.run(1000);
    scene.sim.agent.join();
    await scene.run(1000);
    await load();
    await scene.run(1000);
    assert.notEqual(scene.state, "asking");
    assert.equal(scene.last("prompt") ?? null, null);
    await scene.close();
  });

  test("a chat that ended while it was loading, and goes on by now, is not asked about for long", async () => {
    const scene = new Scene();
    const load = scene.slowly();
    await scene.chat();
    scene.sim.agent.end();
    await scene.run(1000);
    await load();
    await scene.run(1000);
    scene.sim.agent.join();
    await scene.run(1000);
    assert.deepEqual(scene.outcomes, ["cancelled/chat_resumed"]);
    await scene.close();
  });
});

test("the person ends it, no notice comes, and chat.ended waits for the virtual agent: the finished record is the end", async () => {
  await under(
    ["snake", "camel"].map((flagSpelling) => [
      flagSpelling,
      { flagSpelling, chatEndedNotice: false, chatEnded: "after" },
    ]),
    async (quirk) => {
      const scene = await open({ quirks: quirk, postSession: { required: true, optInRequired: true } });
      await scene.chat();
      await scene.press();
      await scene.run(2000);
      assert.equal(scene.state, "asking");
      assert.equal(scene.ender.by, "end_user");
      await scene.close();
    },
  );
});

test("everything heard in one millisecond, as after the page has slept: the order of arrival counts", async () => {
  await under(
    [
      ["with the notice", {}],
      ["without the notice", { chatEndedNotice: false }],
    ],
    (quirk) =>
      sameTime(async () => {
        const scene = await open({ quirks: quirk, burst: true });
        await scene.queue();
        scene.sim.network.down();
        scene.sim.agent.join();
        scene.sim.agent.say("Sorry, nobody seems to be there.");
        scene.sim.agent.end();
        scene.sim.network.up();
        await scene.run(2000);
        assert.equal(scene.ender?.by, "agent");
        assert.equal(scene.questions, 1);
        await scene.close();
      }),
  );
});

describe("a widget's client", () => {
  test("it comes late: the person's End is heard all the same", async () => {
    const scene = await open({ widget: true, quirks: { clientAfterMount: true } });
    assert.equal(scene.client, undefined);
    await scene.chat();
    await scene.press();
    assert.equal(scene.ender.by, "end_user");
    await scene.close();
  });

  test("the widget has been given another one: the person's End there is heard, and both are put back", async () => {
    const first = new Scene();
    const second = new Scene();
    const widget = {
      VERSION: "3.44.2",
      client: first.client,
      mount() {},
      on(name, handler) {
        for (const scene of [first, second]) scene.bare.on(name, handler);
      },
      off(name, handler) {
        for (const scene of [first, second]) scene.bare.off(name, handler);
      },
    };
    await second.open({ client: widget });
    widget.client = second.client;
    await second.chat();
    await second.press();
    await second.run(1000);
    assert.equal(second.ender?.by, "end_user");
    assert.equal(second.ender.because[0], "finishChat");
    await second.close();
    assert.equal(Object.hasOwn(first.client, "finishChat"), false);
    assert.equal(first.client.listenerCount(), 0);
  });
});
