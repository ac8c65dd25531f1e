// A whole scene (simulated SDK, transfer, host) on one virtual clock: nothing here waits for real time.
import assert from "node:assert/strict";
import { createPostSessionTransfer } from "post-session-transfer";
import { Simulator } from "../../simulator/src/index.js";

// ── Time ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

// The digest is made in a thread: counted, so that `quiet` knows when it is there.
let digesting = 0;
const { subtle } = globalThis.crypto;
const realDigest = subtle.digest.bind(subtle);
Object.defineProperty(subtle, "digest", {
  configurable: true,
  value: async (...args) => {
    digesting += 1;
    try {
      return await realDigest(...args);
    } finally {
      digesting -= 1;
    }
  },
});

// What is heard one after the other has different times, however fast the test is. `sameTime` takes that away.
const realNow = Date.now;
let lastNow = 0;
Date.now = () => {
  lastNow = Math.max(lastNow + 1, realNow());
  return lastNow;
};

/** Runs `act` while every signal is heard at one and the same millisecond, as after a page has slept. */
export async function sameTime(act) {
  const { now } = Date;
  const at = now();
  Date.now = () => at;
  try {
    return await act();
  } finally {
    Date.now = now;
  }
}

const CALM_TURNS = 4;

/** Resolves when nothing happens any more without time going on. */
export async function quiet() {
  for (let calm = 0; calm < CALM_TURNS; ) {
    await new Promise((resolve) => setImmediate(resolve));
    calm = digesting > 0 ? 0 : calm + 1;
  }
}

/** Time that goes on only when it is told to. Each owner's timers can be counted. */
export class VirtualClock {
  time = Date.UTC(2026, 0, 1);
  #timers = new Map();
  #last = 0;

  of(owner) {
    return {
      now: () => this.time,
      setTimeout: (callback, ms) => {
        this.#last += 1;
        this.#timers.set(this.#last, { callback, due: this.time + ms, owner });
        return this.#last;
      },
      clearTimeout: (timer) => void this.#timers.delete(timer),
    };
  }

  count(owner) {
    return [...this.#timers.values()].filter((timer) => timer.owner === owner).length;
  }

  /** The next timer that is due by `until`, with the clock put forward to it. */
  take(until) {
    let next;
    for (const [id, timer] of this.#timers)
      if (timer.due <= until && !(timer.due >= next?.timer.due)) next = { id, timer };
    if (next === undefined) return undefined;
    this.#timers.delete(next.id);
    this.time = Math.max(this.time, next.timer.due);
    return next.timer.callback;
  }
}

// ── Settings ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

export const ORIGIN = "https://bots.example.com";

const SETTINGS = "https://acme.example.com/settings.json";

/** One agent, `ccaip` or `webhook`. */
export function settingsWith(kind = "ccaip", { chat = {}, rules, endpoint = {} } = {}) {
  const webhook = kind === "webhook" ? { url: `${ORIGIN}/handoff` } : {};
  return {
    version: 1,
    virtual_agents: [{ id: "survey", name: "Survey", channels: ["chat"], endpoint: { kind, ...webhook, ...endpoint } }],
    chat: { enabled: true, chat_types: ["web"], virtual_agent: "survey", opt_in: true, ...chat },
    ...(rules && { rules }),
  };
}

// ── The scene ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

const EVENTS = ["decision", "prompt", "consent", "handoff", "record", "hold", "release", "outcome", "diagnostic"];

export const CONNECTION = {
  companyId: "acme",
  host: "https://acme.example.com",
  authenticate: async () => ({ token: "t" }),
};

export class Scene {
  clock = new VirtualClock();
  /** What the transfer said: `{ event, data }`, in order. */
  said = [];
  /** What was sent to a webhook. */
  requests = [];
  transfer;

  constructor({ quirks = {}, postSession = null, widget = false, burst = false, simulator = {}, client = {} } = {}) {
    this.burst = burst;
    const { now, setTimeout: schedule } = this.clock.of("simulator");
    this.sim = new Simulator({ quirks, postSession, now, schedule, ...simulator });
    if (widget) this.widget = this.sim.createWidget({ ...CONNECTION, ...client });
    else this.bare = this.sim.createClient({ ...CONNECTION, ...client });
  }

  /** What a page gives to the package. */
  get given() {
    return this.widget ?? this.bare;
  }

  get client() {
    return this.widget ? this.widget.client : this.bare;
  }

  /** Opens the transfer, and registers handlers right after the `await`, as a page does. */
  async open(options = {}) {
    const opening = this.create(options);
    await this.opened(opening);
    return this;
  }

  create(options = {}) {
    return createPostSessionTransfer({
      client: this.given,
      settings: "settings" in options ? options.settings : settingsWith(),
      session: { sdk: { version: "3.44.2" } },
      endpoints: [ORIGIN],
      clock: this.clock.of("transfer"),
      random: () => 0.5,
      fetch: (url, init) => this.answer(url, init),
      ...options,
    });
  }

  /** A page on a slow line: the transfer is being made, until `arrive` lets the settings come. */
  slowly(options = {}) {
    let arrive;
    const arrived = new Promise((resolve) => {
      arrive = resolve;
    });
    const { settings = settingsWith(), ...rest } = options;
    const fetch = async (url, init) => {
      if (String(url) !== SETTINGS) return this.answer(url, init);
      await arrived;
      return new Response(JSON.stringify(settings), { headers: { "content-type": "application/json" } });
    };
    const opening = this.create({ ...rest, settings: SETTINGS, fetch });
    return async () => {
      arrive();
      await this.opened(opening);
    };
  }

  async opened(opening) {
    this.transfer = await opening;
    for (const event of EVENTS) this.transfer.on(event, (data) => this.said.push({ event, data }));
    // The past is delivered in a macrotask of its own, which was put down before this one.
    await new Promise((resolve) => setTimeout(resolve, 1));
    await this.run(0);
  }

  respond = () => new Response("{}", { status: 200 });

  async answer(url, init) {
    this.requests.push({ url, headers: init.headers, body: JSON.parse(new TextDecoder().decode(init.body)) });
    return this.respond(this.requests.length);
  }

  /** Lets time go on by `ms`. Everything that is due happens in a turn of its own; with `burst` what is due together happens in one. */
  async run(ms = 0) {
    const until = this.clock.time + ms;
    for (;;) {
      await quiet();
      let callback = this.clock.take(until);
      if (!callback) break;
      while (callback) {
        callback();
        callback = this.burst ? this.clock.take(this.clock.time) : undefined;
      }
    }
    this.clock.time = until;
  }

  // ── What people do ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** A chat that waits in the queue. */
  async queue() {
    if (this.widget && !this.widget.mounted) this.widget.mount("#ccaas");
    if (this.widget) await this.widget.start();
    else await this.client.createChat(502);
    await this.run(1000);
  }

  /** A chat with a human agent. */
  async chat() {
    await this.queue();
    this.sim.agent.join();
    await this.run(1000);
    this.sim.agent.say("How can I help?");
    await this.run(1000);
  }

  /** The person presses "End". */
  async press() {
    await (this.widget ? this.widget.pressEnd() : this.client.finishChat());
    await this.run(1000);
  }

  /** The record of the chat has these fields from now on; the client hears of it with its next event, which this brings. */
  async record(fields) {
    const { chat } = this.client;
    const { accept } = chat;
    chat.accept = (snapshot) => {
      accept.call(chat, snapshot);
      chat.state = Object.freeze({ ...chat.state, ...fields });
    };
    this.sim.reconnect();
    await this.run(1000);
  }

  /** An answer to our prompt. */
  async act(action) {
    const answered = this.transfer.act(action);
    await this.run(0);
    return answered;
  }

  // ── What came of it ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

  all(event) {
    return this.said.filter((one) => one.event === event).map(({ data }) => data);
  }

  last(event) {
    return this.all(event).at(-1);
  }

  count(event) {
    return this.all(event).length;
  }

  /** One that is corrected while it is open counts once. */
  get questions() {
    const kinds = this.all("prompt").map((prompt) => prompt?.kind);
    return kinds.filter((kind, index) => kind === "opt_in" && kinds[index - 1] !== "opt_in").length;
  }

  /** Whether our question is on screen. */
  get asks() {
    return this.last("prompt")?.kind === "opt_in";
  }

  get outcomes() {
    return this.all("outcome").map(({ outcome, reason }) => `${outcome}/${reason}`);
  }

  get diagnostics() {
    return this.all("diagnostic").map(({ code }) => code);
  }

  /** What the last decision says about who ended the chat. */
  get ender() {
    const row = this.last("decision")?.trace.find(({ check }) => check === "ended_by");
    return row && { by: row.value, because: row.because ?? [] };
  }

  get state() {
    return this.transfer.state;
  }

  /** What was called on the SDK, as `status` or `status yes`. */
  get updates() {
    return this.sim.postSessionUpdates.map(({ status, optIn }) =>
      optIn === undefined ? status : `${status} ${optIn}`,
    );
  }

  /** Takes it down, and looks whether anything is left. */
  async close() {
    this.transfer?.dispose();
    await this.run(0);
    assert.equal(this.clock.count("transfer"), 0, "a timer is left after dispose()");
    const { given } = this;
    if (given) assert.equal(given.listenerCount(), 0, "a listener is left after dispose()");
    for (const method of ["finishChat", "updatePostSession"]) {
      const own = this.client && Object.getOwnPropertyDescriptor(this.client, method);
      assert.ok(!own || own.writable === false, `${method} is not as it was`);
    }
  }
}

/** A scene whose transfer is open. */
export async function open({ transfer = {}, ...setting } = {}) {
  return new Scene(setting).open(transfer);
}

/** A question that is on screen about a chat that its agent has ended. */
export async function asked(setting = {}) {
  const scene = await open(setting);
  await scene.chat();
  scene.sim.agent.end();
  await scene.run(1000);
  assert.equal(scene.state, "asking");
  return scene;
}

/** A hand-off through the platform that has been taken, and its virtual agent, should it come. */
export async function talking(setting = {}) {
  const scene = await asked(setting);
  await scene.act("yes");
  await scene.run(1000);
  assert.equal(scene.state, "in_conversation");
  return scene;
}

/** Runs one check under many conditions, and says of all of them at once under which it fails. */
export async function under(conditions, check) {
  const failures = [];
  for (const [name, condition] of conditions) {
    try {
      await check(condition, name);
    } catch (error) {
      failures.push(`${name}: ${error.message.split("\n").slice(0, 6).join(" ").slice(0, 300)}`);
    }
  }
  const shown = failures.slice(0, 6).join("\n");
  assert.ok(failures.length === 0, `under ${failures.length} of ${conditions.length} conditions:\n${shown}`);
}

/** A generator of numbers from 0 to 1 (mulberry32): the same seed, the same numbers. */
export function numbers(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
