// The page that we are in: its handlers, its survey, its memory, and that nothing of ours stays when we go.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import v8 from "node:v8";
import vm from "node:vm";
import { createPostSessionTransfer } from "post-session-transfer";
import { clientEvents, widgetEvents } from "../../simulator/src/index.js";
import { asked, open, Scene, settingsWith, talking, under } from "./support.mjs";

const required = { required: true, optInRequired: true };

/** Registers a handler of the host for each event, and writes down what they hear. */
function hear(on, seen, who) {
  const handlers = [...clientEvents, ...widgetEvents].map((event) => [
    event,
    (payload) => seen.push(`${who} ${event} ${payload?.event ?? payload?.content ?? payload?.state?.status ?? ""}`),
  ]);
  for (const [event, handler] of handlers) on.on(event, handler);
  return handlers;
}

const quirks = [
  ["nothing odd", {}],
  ["latency", { latencyMs: 100 }],
  ["twice", { duplicates: 1 }],
  ["flags late", { flagsWith: "late" }],
  ["hides on end", { hidesOnEnd: true }],
  ["client after mount", { clientAfterMount: true }],
  ...[1, 2, 3].map((seed) => [`shuffle ${seed}`, { reorder: { seed, window: 9 } }]),
];

describe("the host's handlers", () => {
  /** What the host's handlers hear of one life, with us or without us, registered before and after us. */
  async function heard(own, { widget, ours, options = {} }) {
    const scene = new Scene({ quirks: own, widget, postSession: required });
    const seen = [];
    hear(scene.given, seen, "first");
    if (ours) await scene.open(options);
    else await scene.run(0);
    hear(scene.given, seen, "second");
    await scene.chat();
    await scene.client.sendTextMessage("Hello");
    await scene.run(1000);
    scene.sim.network.down();
    scene.sim.network.up();
    await scene.press();
    await scene.run(1000);
    await scene.client.createChat(502);
    scene.sim.agent.join();
    await scene.run(1000);
    scene.sim.agent.end();
    await scene.run(1000);
    await scene.client.destroyChat();
    await scene.run(1000);
    if (ours) scene.transfer.dispose();
    await scene.client.createChat(502);
    await scene.run(1000);
    return seen;
  }

  test("hear the same, in the same order, as without us", async () => {
    for (const widget of [false, true])
      await under(quirks, async (own) => {
        const without = await heard(own, { widget, ours: false });
        assert.ok(without.length > 50);
        for (const options of [{}, { settings: undefined }, { mode: "observe" }, { prompt: "platform" }])
          assert.deepEqual(await heard(own, { widget, ours: true, options }), without, JSON.stringify(options));
      });
  });

  test("one that throws keeps nobody from hearing, and us from nothing", async () => {
    const scene = new Scene({});
    const { error } = console;
    const thrown = [];
    console.error = (one) => thrown.push(one.message);
    try {
      scene.client.on("chat.message", () => {
        throw new Error("host bug");
      });
      await scene.open();
      await scene.chat();
      scene.sim.agent.end();
      await scene.run(1000);
      assert.equal(scene.state, "asking");
      assert.ok(thrown.length > 0 && thrown.every((message) => message === "host bug"));
    } finally {
      console.error = error;
    }
  });

  test("finishChat: this, arguments, result and rejection pass through, and no rejection is left unhandled", async () => {
    const unhandled = [];
    const note = (reason) => unhandled.push(reason);
    process.on("unhandledRejection", note);
    try {
      const scene = new Scene({});
      const calls = [];
      const results = [
        () => Promise.resolve("done"),
        () => Promise.reject(new Error("refused")),
        () => "no promise",
        () => undefined,
      ];
      scene.client.finishChat = function (...args) {
        calls.push({ self: this, args });
        return results[calls.length - 1]();
      };
      await scene.open();
      await scene.queue();
      assert.equal(await scene.client.finishChat(1, "two"), "done");
      await assert.rejects(scene.client.finishChat(), /refused/);
      assert.equal(scene.client.finishChat(), "no promise");
      assert.equal(scene.client.finishChat(), undefined);
      await scene.run(1000);
      assert.equal(calls[0].self, scene.client);
      assert.deepEqual(calls[0].args, [1, "two"]);
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(unhandled, []);
      scene.transfer.dispose();
    } finally {
      process.off("unhandledRejection", note);
    }
  });

  test("finishChat that throws passes the error on, and is no End of the person", async () => {
    const scene = new Scene({});
    scene.client.finishChat = () => {
      throw new TypeError("not now");
    };
    await scene.open();
    await scene.chat();
    assert.throws(() => scene.client.finishChat(), /not now/);
    await scene.run(1000);
    scene.sim.agent.end();
    await scene.run(1000);
    assert.equal(scene.ender.by, "agent");
    scene.transfer.dispose();
  });
});

describe("dispose()", () => {
  /** Brings a scene to a moment. */
  const moments = {
    "before any chat": {},
    "in the queue": { to: (scene) => scene.queue() },
    "in the chat": { to: (scene) => scene.chat() },
    "within the half second": {
      postSession: null,
      async to(scene) {
        await scene.chat();
        scene.sim.timeout();
        await scene.run(100);
        assert.equal(scene.clock.count("transfer"), 1);
      },
    },
    asking: { to: ending, state: "asking" },
    "asking, with a time-out": {
      to: ending,
      state: "asking",
      transfer: { settings: settingsWith("ccaip", { rules: { prompt_timeout_s: 60 } }) },
    },
    "the widget asks": {
      to: ending,
      state: "asking",
      transfer: { prompt: "platform", settings: undefined },
      quirks: { asksPostSession: true },
    },
    "handing off, hanging": { to: yes, state: "handing_off", quirks: { updatePostSession: "hangs" } },
    "handing off, backing off": { to: yes, state: "handing_off", quirks: { updatePostSession: "rejects" } },
    "handing off to a webhook": {
      async to(scene) {
        scene.respond = () => new Promise(() => {});
        await yes(scene);
      },
      state: "handing_off",
      transfer: { settings: settingsWith("webhook") },
      postSession: null,
    },
    stalled: {
      async to(scene) {
        await yes(scene);
        await scene.run(40_000);
      },
      state: "stalled",
      quirks: { updatePostSession: "rejects" },
    },
    "in conversation": { to: yes, state: "in_conversation" },
    "waiting for a virtual agent": {
      to: yes,
      state: "in_conversation",
      quirks: { postSessionVirtualAgent: "never" },
    },
    done: {
      async to(scene) {
        await ending(scene);
        await scene.act("no");
      },
      state: "done",
    },
  };

  async function ending(scene) {
    await scene.chat();
    scene.sim.agent.end();
    await scene.run(1000);
  }

  async function yes(scene) {
    await ending(scene);
    await scene.act("yes");
  }

  for (const [moment, { to = async () => {}, state = "idle", ...setting }] of Object.entries(moments))
    for (const widget of [false, true])
      test(`${moment}${widget ? ", in the widget" : ""}: nothing of ours stays, and nothing is said or done any more`, async () => {
        const scene = new Scene({ postSession: required, ...setting, widget });
        const seen = [];
        const theirs = hear(scene.given, seen, "host");
        const { finishChat, updatePostSession } = scene.client;
        await scene.open(setting.transfer);
        await to(scene);
        assert.equal(scene.state, state);
        const said = scene.said.length;
        const calls = scene.sim.postSessionCalls;
        scene.transfer.dispose();
        scene.transfer.dispose();
        assert.equal(scene.given.listenerCount(), theirs.length);
        assert.equal(scene.client.finishChat, finishChat);
        assert.equal(scene.client.updatePostSession, updatePostSession);
        assert.equal(Object.hasOwn(scene.client, "finishChat"), false);
        assert.equal(Object.hasOwn(scene.client, "updatePostSession"), false);
        assert.equal(scene.clock.count("transfer"), 0);
        const before = seen.length;
        await scene.client.finishChat().catch(() => {});
        await scene.client.createChat(502).catch(() => {});
        scene.sim.notice("chatEnded");
        await scene.run(600_000);
        assert.ok(seen.length > before, "the host hears on");
        assert.equal(scene.said.length, said);
        assert.equal(scene.sim.postSessionCalls, calls);
        assert.deepEqual(scene.transfer.act("yes"), { accepted: false, ignored: "disposed" });
      });

  test("from within each of our events: nothing is said after it", async () => {
    for (const event of ["decision", "hold", "prompt", "consent", "handoff", "outcome", "release"])
      for (const answer of ["yes", "no"]) {
        const scene = await open({ postSession: required });
        let after = 0;
        let gone = false;
        for (const name of ["decision", "hold", "prompt", "consent", "handoff", "outcome", "release"])
          scene.transfer.on(name, () => {
            if (gone) after += 1;
            if (name === event && !gone) {
              gone = true;
              scene.transfer.dispose();
            }
          });
        await ending(scene);
        await scene.act(answer);
        await scene.run(60_000);
        assert.equal(after, 0, `${event}, ${answer}`);
        await scene.close();
      }
  });

  test("an aborted signal at any moment of loading leaves nothing behind", async () => {
    for (let turns = 0; turns < 12; turns += 1) {
      const scene = new Scene({});
      const controller = new AbortController();
      const opening = scene.create({ signal: controller.signal });
      for (let i = 0; i < turns; i += 1) await new Promise((resolve) => setImmediate(resolve));
      controller.abort();
      const transfer = await opening.catch(() => undefined);
      await scene.run(10);
      await new Promise((resolve) => setTimeout(resolve, 2));
      assert.equal(scene.client.listenerCount(), 0, `after ${turns} turns`);
      assert.equal(Object.hasOwn(scene.client, "finishChat"), false);
      if (transfer) assert.equal(transfer.act("yes").ignored, "disposed");
    }
  });

  test("what fails to load leaves nothing behind", async () => {
    for (const options of [
      { settings: { version: 9 } },
      { settings: "{" },
      { mode: "look" },
      { prompt: "both" },
      { wasm: { bytes: new Uint8Array(8) } },
    ]) {
      const scene = new Scene({});
      await assert.rejects(scene.create(options));
      assert.equal(scene.client.listenerCount(), 0);
      assert.equal(Object.hasOwn(scene.client, "finishChat"), false);
    }
  });
});

describe("hold and release", () => {
  /** A host with a survey of its own: it shows it after the chat, unless told to hold it. */
  async function survey(setting, live) {
    const scene = await open(setting);
    let held = false;
    let ended = false;
    const shown = [];
    const show = (why) => {
      if (!held && ended) shown.push(why);
    };
    scene.transfer.on("hold", () => {
      assert.equal(held, false, "held twice");
      held = true;
    });
    scene.transfer.on("release", () => {
      assert.equal(held, true, "released without a hold");
      held = false;
      show("released");
    });
    scene.transfer.on("outcome", () => {
      ended = true;
      show("nobody held it");
    });
    await live(scene);
    await scene.run(600_000);
    const names = scene.said.map(({ event }) => event);
    await scene.close();
    return { shown, held, names, outcomes: scene.outcomes };
  }

  const ask = async (scene) => {
    await scene.chat();
    scene.sim.agent.end();
    await scene.run(1000);
    assert.equal(scene.state, "asking");
    assert.deepEqual(
      scene.said.map(({ event }) => event).filter((event) => event !== "diagnostic"),
      ["decision", "hold", "prompt"],
    );
  };

  const released = {
    No: [{}, (scene) => ask(scene).then(() => scene.act("no"))],
    "no answer": [
      { transfer: { settings: settingsWith("ccaip", { rules: { prompt_timeout_s: 20 } }) } },
      (scene) => ask(scene).then(() => scene.run(21_000)),
    ],
    "cancelled by the host": [{}, (scene) => ask(scene).then(() => scene.transfer.cancel())],
    "another chat": [{}, (scene) => ask(scene).then(() => scene.client.createChat(502))],
    "the chat goes on": [{}, (scene) => ask(scene).then(() => scene.sim.agent.join())],
    "a hand-off that fails": [
      { quirks: { updatePostSession: "rejects" } },
      (scene) => ask(scene).then(() => scene.act("yes")),
    ],
    "withdrawn by the platform's flags": [
      {},
      (scene) => ask(scene).then(() => scene.record({ post_session_required: false })),
    ],
  };
  for (const [why, [setting, live]] of Object.entries(released))
    test(`${why}: the survey waits, and comes once it is released`, async () => {
      const { shown, names } = await survey(setting, live);
      assert.deepEqual(shown, ["released"]);
      assert.deepEqual(names.filter((name) => name !== "diagnostic").slice(-2), ["outcome", "release"]);
      assert.equal(names.filter((name) => name === "hold").length, 1);
    });

  const never = {
    "a conversation": [
      { postSession: required },
      async (scene) => {
        await ask(scene);
        await scene.act("yes");
        await scene.run(1000);
        scene.sim.virtualAgent.end();
      },
    ],
    "a conversation for which nobody comes": [
      { postSession: required, quirks: { postSessionVirtualAgent: "never" } },
      (scene) => ask(scene).then(() => scene.act("yes")),
    ],
    "a webhook that accepts": [
      { transfer: { settings: settingsWith("webhook") } },
      (scene) => ask(scene).then(() => scene.act("yes")),
    ],
    "the platform started one": [
      { postSession: required },
      async (scene) => {
        await ask(scene);
        await scene.client.updatePostSession("in_progress", true);
      },
    ],
  };
  for (const [why, [setting, live]] of Object.entries(never))
    test(`${why}: the survey is never released`, async () => {
      const { shown, held, names } = await survey(setting, live);
      assert.deepEqual(shown, []);
      assert.equal(held, true);
      assert.equal(names.filter((name) => name === "release").length, 0);
      assert.equal(names.filter((name) => name === "outcome").length, 1);
    });

  const untouched = {
    skipped: [{}, "timeout", "skipped/ended_by_not_eligible"],
    "skipped: not configured": [{ transfer: { settings: undefined } }, "end", "skipped/not_configured"],
    rejected: [{ transfer: { session: { sdk: { platform: "ios" } } } }, "end", "rejected/mobile_sdk_unsupported"],
    observed: [{ transfer: { mode: "observe" } }, "end", "skipped/observed"],
  };
  for (const [why, [setting, how, outcome]] of Object.entries(untouched))
    test(`${why}: the survey is never held`, async () => {
      const { shown, names, outcomes } = await survey(setting, async (scene) => {
        await scene.chat();
        if (how === "timeout") scene.sim.timeout();
        else scene.sim.agent.end();
        await scene.run(2000);
      });
      assert.deepEqual(outcomes, [outcome]);
      assert.deepEqual(shown, ["nobody held it"]);
      assert.ok(!names.includes("hold") && !names.includes("release"));
    });
});

describe("what the page pays before a chat has ended", () => {
  v8.setFlagsFromString("--expose-gc");
  const collect = vm.runInNewContext("gc");

  /** A client that keeps nothing itself. */
  class Client {
    chat = { state: { id: 1, status: "assigned" } };
    handlers = new Map();
    on(name, handler) {
      this.handlers.set(name, [...(this.handlers.get(name) ?? []), handler]);
    }
    off() {}
    async createChat() {}
    async finishChat() {}
    async updatePostSession() {}
    emit(name, payload) {
      for (const handler of this.handlers.get(name) ?? []) handler(payload);
    }
  }

  async function collected(refs) {
    for (let tries = 0; tries < 20; tries += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      collect();
      if (refs.every((ref) => ref.deref() === undefined)) return true;
    }
    return false;
  }

  test("at most 100 signals, none with a message's text, and no message, identity or old record is kept", async () => {
    const client = new Client();
    let given;
    const transfer = await createPostSessionTransfer({
      client,
      settings: settingsWith(),
      session: (facts) => {
        given = facts;
        return { sdk: { version: "3.44.2" } };
      },
    });
    await new Promise((resolve) => setTimeout(resolve, 2));
    const refs = [];
    (() => {
      for (let i = 0; i < 400; i += 1) {
        const message = { type: i % 2 ? "text" : "noti", event: "typing", content: `my card is 4111-1111 ${i}` };
        const identity = { type: "agent", id: i, name: `Kim ${i}` };
        client.chat.state = { ...client.chat.state, status_text: `secret ${i}` };
        if (i < 390) refs.push(new WeakRef(message), new WeakRef(identity), new WeakRef(client.chat.state));
        client.emit("chat.message", message);
        client.emit("chat.memberJoined", identity);
        client.emit("chat.updated", client.chat);
      }
    })();
    assert.ok(await collected(refs), "something of what was heard is kept");
    assert.deepEqual(transfer.log(), []);
    client.emit("chat.ended");
    assert.ok(given.signals.length <= 100);
    assert.ok(given.signals.length > 50);
    assert.doesNotMatch(JSON.stringify(given), /4111-1111|secret/);
    assert.deepEqual([...new Set(given.signals.flatMap(Object.keys))].sort(), ["at", "human", "signal"]);
    assert.ok(given.signals.every(({ signal }) => signal.length <= 45));
    transfer.dispose();
  });

  test("a long conversation leaves no text in the log or in what is said", async () => {
    const scene = await talking({ postSession: required });
    for (let i = 0; i < 300; i += 1) {
      await scene.client.sendTextMessage(`my card is 4111-1111 ${i}`);
      scene.sim.virtualAgent.say(`you said 4111-1111 ${i}`);
    }
    await scene.run(1000);
    assert.doesNotMatch(JSON.stringify([scene.transfer.log(), scene.said]), /4111-1111/);
    assert.ok(scene.transfer.log().length <= 500);
    await scene.close();
  });

  test("a thousand events while it is asked do not ask, decide or say anything anew", async () => {
    const scene = await asked({ postSession: required });
    const said = scene.said.length;
    for (let i = 0; i < 1000; i += 1) scene.sim[i % 2 ? "reconnect" : "disconnect"]();
    await scene.run(1000);
    assert.equal(scene.said.length, said);
    assert.equal(scene.state, "asking");
    await scene.act("no");
    assert.deepEqual(scene.outcomes, ["declined/opt_in_declined"]);
    await scene.close();
  });
});
