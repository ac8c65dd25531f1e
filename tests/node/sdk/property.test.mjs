// Random lives under random quirks: what must hold whatever happens. A failure names its seed: LIFE=<seed> runs that one alone, and tells it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CONNECTION, numbers, Scene, settingsWith } from "./support.mjs";

const LIVES = Number(process.env.LIVES ?? 700);
const STEPS = 28;
/** The longest. */
const LATENCY = 700;

function pick(random, list) {
  return list[Math.floor(random() * list.length)];
}

/** A scene by its seed: quirks, settings and options. */
function settingOf(random) {
  const chance = (share) => random() < share;
  const widget = chance(0.4);
  const quirks = {
    ...(chance(0.3) && { latencyMs: pick(random, [1, 40, LATENCY / 2]) }),
    ...(chance(0.25) && { duplicates: pick(random, [1, 2]) }),
    ...(chance(0.3) && { reorder: { seed: Math.floor(random() * 1e6), window: pick(random, [3, 9, 20]) } }),
    ...(chance(0.2) && { eventsBeforeReady: true }),
    ...(chance(0.2) && { echo: false }),
    ...(chance(0.25) && { chatEndedNotice: false }),
    chatEnded: pick(random, ["before", "before", "after", "both", "never"]),
    flagsWith: pick(random, ["update", "notice", "late"]),
    flagSpelling: pick(random, ["snake", "camel"]),
    memberIdentity: pick(random, ["type", "$userType", "user_type", "is_customer", "text"]),
    updatePostSessionArguments: pick(random, [2, 2, 2, 2, 1, 0]),
    updatePostSession: pick(random, ["resolves", "resolves", "resolves", "rejects", "hangs", "rejects-once"]),
    postSessionVirtualAgent: pick(random, ["comes", "comes", "never"]),
    keepsStatusDuringVirtualAgent: chance(0.3),
    actionPayload: pick(random, ["ujet", "message"]),
    ...(widget && { hidesOnEnd: chance(0.5), clientAfterMount: chance(0.3) }),
  };
  const prompt = widget && chance(0.4) ? "platform" : "module";
  if (prompt === "platform") quirks.asksPostSession = true;
  const flag = () => pick(random, [true, true, false, null]);
  const rules = {
    ...(chance(0.2) && { ended_by: pick(random, [["agent"], ["end_user"], ["agent", "end_user", "timeout"]]) }),
    ...(chance(0.2) && { prompt_timeout_s: 30 }),
  };
  const settings = chance(0.25)
    ? undefined
    : settingsWith(pick(random, ["ccaip", "webhook"]), { chat: { opt_in: chance(0.75) }, rules });
  return {
    setting: {
      quirks,
      widget,
      burst: chance(0.3),
      postSession: chance(0.5) ? { required: flag(), optInRequired: flag() } : null,
    },
    options: {
      settings,
      prompt,
      ...(chance(0.08) && { mode: "observe" }),
      ...(chance(0.08) && { session: { sdk: { platform: "Android" } } }),
    },
    slow: chance(0.2),
    fails: chance(0.25),
  };
}

/** What may happen. Whatever the simulator refuses does not happen. */
const happenings = {
  chat: (scene) => (scene.widget ? scene.widget.start() : scene.client.createChat(502)),
  "new chat": (scene) => scene.client.createChat(502),
  "drop the chat": (scene) => scene.client.destroyChat(),
  "agent joins": (scene) => scene.sim.agent.join(),
  "agent says": (scene) => scene.sim.agent.say("Hello"),
  "agent leaves": (scene) => scene.sim.agent.leave(),
  "agent ends": (scene) => scene.sim.agent.end(),
  "person says": (scene) => scene.client.sendTextMessage("Hello"),
  "person ends": (scene) => (scene.widget ? scene.widget.pressEnd() : scene.client.finishChat()),
  "time-out": (scene) => scene.sim.timeout(),
  dismiss: (scene) => scene.sim.dismiss(),
  resume: (scene) => scene.client.resumeChat(scene.client.chat.state.id),
  "nobody comes": (scene) => scene.sim.abandonQueue(),
  "check-in": (scene) => scene.sim.checkIn.require(),
  "check-in missed": (scene) => scene.sim.checkIn.timeOut(),
  "bot joins": (scene) => scene.sim.virtualAgent.join(),
  "bot says": (scene) => scene.sim.virtualAgent.say("Hello"),
  "bot leaves": (scene) => scene.sim.virtualAgent.leave(),
  "bot ends": (scene) => scene.sim.virtualAgent.end(),
  "bot escalates": (scene) => scene.sim.virtualAgent.escalate(),
  "line down": (scene) => scene.sim.network.down(),
  "line up": (scene) => scene.sim.network.up(),
  notice: (scene) => scene.sim.notice("formRequested"),
  "another tab": (scene) => scene.sim.createClient(CONNECTION).updatePostSession("in_progress", true),
  "widget: yes": (scene) => scene.widget.answerPostSession(true),
  "widget: no": (scene) => scene.widget.answerPostSession(false),
  "widget: left": (scene) => scene.widget.leave(),
  "host: conversation ended": (scene) => scene.transfer.conversationEnded("end_user"),
  "host: cancel": (scene) => scene.transfer.cancel(),
};
const answers = ["yes", "yes", "no", "try_again", "not_now"];
const pauses = [0, 0, 20, 400, 700, 5000, 40_000, 130_000];

/** More often what brings a life on. */
const often = [
  ...["chat", "chat", "agent joins", "agent joins", "agent ends", "agent ends", "agent ends", "person ends"],
  ...["person ends", "bot ends", "widget: yes", "widget: no"],
];

/** Keeps watch over everything that is said and called. */
class Watch {
  events = [];
  sessions = new Map();
  problems = [];

  constructor(scene, options, story) {
    Object.assign(this, { scene, options, story });
    this.run = this.#fresh();
  }

  #fresh() {
    return {
      questions: 0,
      open: null,
      holds: 0,
      releases: 0,
      connected: false,
      answer: null,
      calls: 0,
      refusals: 0,
      decision: null,
    };
  }

  problem(text) {
    this.problems.push(`${text} (after ${this.story.length} steps)`);
  }

  /** Spies on what is called on the SDK by us, and not by the widget. */
  spy(client) {
    const { updatePostSession } = client;
    if (typeof updatePostSession !== "function") return;
    const watch = this;
    const spied = function (...args) {
      // The host hears of a decision after its effects: judged at the end of the turn.
      if (!new Error().stack.includes("widget.js")) queueMicrotask(() => watch.called(args));
      return updatePostSession.apply(this, args);
    };
    try {
      client.updatePostSession = spied;
    } catch {
      // A method that cannot be replaced: then the records of the simulator have to do.
    }
  }

  called([, optIn]) {
    const { run } = this;
    if (this.over) return this.problem("updatePostSession after dispose()");
    if (!this.scene.transfer) return this.problem("updatePostSession before the transfer was there");
    if (this.options.mode === "observe") this.problem("updatePostSession although only looking on");
    if (!run.decision || !["ask", "transfer"].includes(run.decision.outcome))
      this.problem(`updatePostSession after ${run.decision?.outcome}`);
    if (optIn === false) {
      run.refusals += 1;
      if (run.answer !== "no") this.problem("a No that nobody gave");
      if (run.refusals > 1) this.problem("a No told twice");
    } else if (run.asked && run.answer !== "yes") this.problem(`handed off without a Yes: ${run.answer}`);
    else if (run.asked && optIn !== true) this.problem("the Yes was not passed on");
    if (this.options.prompt === "platform" && run.decision?.outcome === "ask")
      this.problem("called although the widget asks");
  }

  sent() {
    const { run } = this;
    if (run.asked && run.answer !== "yes") this.problem("sent without a Yes");
    if (!["ask", "transfer"].includes(run.decision?.outcome)) this.problem(`sent after ${run.decision?.outcome}`);
  }

  said(event, data) {
    const { run } = this;
    if (this.over) this.problem(`${event} after dispose()`);
    if (run.done && event !== "release" && event !== "prompt") {
      this.run = this.#fresh();
      return this.said(event, data);
    }
    if (event === "decision") {
      run.decision = data;
      run.asked ||= data.opt_in;
    }
    if (event === "prompt" && data?.kind === "opt_in") {
      if (run.done) {
        this.run = this.#fresh();
        return this.said(event, data);
      }
      // While it is open it may be corrected: for another virtual agent, or with less time left.
      const words = JSON.stringify([data.title, data.body, data.note]);
      if (run.open !== null && words === run.open) this.problem("asked twice with the same words");
      if (run.open === null && ++run.questions > 1) this.problem("asked twice");
      run.open = words;
      if (this.options.prompt === "platform") this.problem("asked although the widget asks");
      if (run.decision?.outcome !== "ask") this.problem("asked without a decision to ask");
    }
    if (event === "prompt" && data?.kind !== "opt_in") run.open = null;
    if (event === "hold" && ++run.holds > 1) this.problem("held twice");
    if (event === "release") {
      if (++run.releases > run.holds) this.problem("released without a hold");
      if (run.connected) this.problem("released after a connection");
    }
    if (event === "handoff" && data.state === "delivered") run.connected = true;
    if (event === "outcome") {
      run.done = true;
      // A chat that went on before anybody was asked had not ended.
      const ended = data.reason !== "chat_resumed" || run.holds > 0;
      const count = (this.sessions.get(data.session_id) ?? 0) + (ended ? 1 : 0);
      this.sessions.set(data.session_id, count);
      if (count > 1) this.problem(`two outcomes of session ${data.session_id}`);
      if (["skipped", "rejected"].includes(data.outcome) && run.answer) this.problem(`${data.outcome} after an answer`);
      if (data.outcome === "declined" && this.options.prompt !== "platform" && run.answer !== "no")
        this.problem("declined by nobody");
    }
  }

  /** The person talks to a human: nothing of ours is in the way. */
  goesOn() {
    const { client, sim, transfer } = this.scene;
    const { status, agent, id } = client?.chat?.state ?? {};
    if (status !== "assigned" || !agent || sim.state.id !== id || sim.state.status !== status) return;
    if (transfer && ["asking", "handing_off", "stalled"].includes(transfer.state))
      this.problem(`${transfer.state} while the person talks to a human`);
  }

  answered(action) {
    if (action === "yes" || action === "no") {
      if (this.run.answer) this.problem("answered twice");
      if (!this.run.questions) this.problem("answered what was not asked");
      this.run.answer = action;
    }
  }
}

async function live(seed) {
  const random = numbers(seed);
  const { setting, options, slow, fails } = settingOf(random);
  const scene = new Scene(setting);
  const story = [];
  const watch = new Watch(scene, options, story);
  if (scene.client) watch.spy(scene.client);
  const answer = scene.answer.bind(scene);
  scene.answer = async (...args) => {
    watch.sent();
    if (fails && random() < 0.5) throw new TypeError("no network");
    return answer(...args);
  };
  let load;
  const listen = () => {
    for (const event of ["decision", "prompt", "consent", "handoff", "hold", "release", "outcome"])
      scene.transfer.on(event, (data) => {
        story.push(`  said ${event} ${data?.outcome ?? data?.kind ?? data?.state ?? ""} ${data?.reason ?? ""}`);
        watch.said(event, data);
      });
  };
  const { opened } = scene;
  scene.opened = async (opening) => {
    scene.transfer = await opening;
    listen();
    await opened.call(scene, opening);
  };
  if (slow) load = scene.slowly({ ...options, settings: options.settings ?? settingsWith() });
  else await scene.open(options);

  for (let step = 0; step < STEPS; step += 1) {
    if (load && step === 12) {
      story.push("loaded");
      await load();
      load = undefined;
    }
    const name = random() < 0.5 ? pick(random, often) : pick(random, Object.keys(happenings));
    if (scene.widget && !scene.widget.mounted) {
      scene.widget.mount("#ccaas");
      if (setting.quirks.clientAfterMount) watch.spy(scene.client);
    }
    // A person answers what is asked, mostly.
    if (scene.transfer && random() < 0.35) {
      const action = pick(random, answers);
      const before = watch.run;
      // The answer stands before what it leads to is heard.
      const { answer: earlier } = before;
      const open = scene.transfer.state === "asking" && options.prompt !== "platform";
      if (open && (action === "yes" || action === "no")) watch.answered(action);
      story.push(`act ${action}`);
      const { accepted } = scene.transfer.act(action);
      if (open && (action === "yes" || action === "no") && !accepted) before.answer = earlier;
    } else {
      let failed = "";
      try {
        const result = happenings[name](scene);
        // What hangs is not waited for.
        Promise.resolve(result).catch(() => {});
      } catch (error) {
        failed = ` (${error.message})`;
      }
      story.push(`${name}${failed}`);
    }
    const pause = pick(random, pauses);
    story.push(`  ${pause} ms`);
    await scene.run(pause);
    // What happened while the page was loading is in ends.test.mjs.
    if (pause > LATENCY && !slow) watch.goesOn();
  }
  if (load) await load();

  // Nobody does anything any more, the line is up: what is bounded in time is over.
  scene.sim.network.up();
  await scene.run(2 * 3_600_000);
  const { state } = scene.transfer;
  if (!["idle", "asking", "in_conversation", "done"].includes(state)) watch.problem(`${state} for ever`);
  const prompted = watch.scene.last("prompt") ?? null;
  if (state === "asking" && options.prompt !== "platform" && prompted?.kind !== "opt_in")
    watch.problem("asking without a question on screen");
  if (state === "idle" && prompted?.actions?.length) watch.problem("a question on screen, and nothing asked");
  if (state === "done" && prompted?.actions?.length) watch.problem("a question on screen after the end");
  if (state === "done" && !watch.run.done) watch.problem("done without an outcome");
  if (watch.run.done && watch.run.holds > watch.run.releases && !watch.run.connected) {
    const { outcome, reason } = scene.last("outcome");
    if (
      !(outcome === "skipped" && reason === "already_started") &&
      outcome !== "completed" &&
      outcome !== "transferred"
    )
      watch.problem(`held for ever after ${outcome}/${reason}`);
  }
  const asked = scene.questions;
  if (asked > scene.sim.chats.length) watch.problem(`${asked} questions for ${scene.sim.chats.length} chats`);
  if (scene.diagnostics.some((code) => /trap|internal|invalid/.test(code)))
    watch.problem(`diagnostic ${scene.diagnostics.find((code) => /trap|internal|invalid/.test(code))}`);
  watch.over = true;
  const spied = Object.getOwnPropertyDescriptor(scene.client ?? {}, "updatePostSession");
  scene.transfer.dispose();
  if (spied?.writable) delete scene.client.updatePostSession;
  await scene.run(3_600_000);
  if (scene.clock.count("transfer") > 0) watch.problem("a timer is left");
  if (scene.given.listenerCount() > 0) watch.problem("a listener is left");
  if (Object.hasOwn(scene.client ?? {}, "finishChat")) watch.problem("finishChat is not as it was");
  return { problems: [...new Set(watch.problems)], story, setting, options, slow };
}

const rejections = [];
process.on("unhandledRejection", (reason) => rejections.push(String(reason)));

const one = process.env.LIFE;
if (one !== undefined)
  test(`life ${one}`, async () => {
    const { problems, story, setting, options, slow } = await live(Number(one));
    console.log(JSON.stringify({ setting, options, slow }, null, 1), story.join("\n"));
    assert.deepEqual(problems, []);
  });
else
  test(`${LIVES} lives`, async () => {
    const failures = [];
    const reached = new Map();
    for (let seed = 1; seed <= LIVES; seed += 1) {
      const { problems, story } = await live(seed);
      if (problems.length > 0) failures.push(`LIFE=${seed}: ${problems.slice(0, 3).join("; ")}`);
      for (const line of story.filter((text) => text.startsWith("  said outcome")))
        reached.set(line, (reached.get(line) ?? 0) + 1);
    }
    assert.ok(failures.length === 0, `${failures.length} lives fail:\n${failures.slice(0, 20).join("\n")}`);
    assert.deepEqual(rejections, []);
    // The lives are worth something only if they get somewhere.
    const kinds = ["completed", "declined", "skipped", "cancelled", "failed", "no_answer", "transferred", "rejected"];
    for (const kind of kinds)
      assert.ok(
        [...reached.keys()].some((line) => line.includes(kind)),
        `no life was ${kind}`,
      );
  });
