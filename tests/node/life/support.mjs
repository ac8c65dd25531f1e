// Several pages of one origin in one process, on one virtual clock: each has globals, a document, locks and storage of its own, as far as the package
// looks at them. Nothing here waits for real time.
import { createHash, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import createModule from "../../../dist/pst.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

// ── The package, to be run with the globals of a page ───────────────────────────────────────────────────────────────────────────────

const ENTRY = `
  import { create } from "./create.js";
  export const open = (options, platform) => create(options, { idle: () => undefined, platform: () => Promise.resolve(platform) });
  export { Lead } from "./lead.js";
  export { PageStorage, pageStorage } from "./storage.js";
  export { Tabs } from "./tabs.js";
`;

const { outputFiles } = await build({
  stdin: { contents: ENTRY, resolveDir: path("../../../js-bindings/src"), loader: "ts" },
  bundle: true,
  write: false,
  format: "iife",
  globalName: "PST",
  platform: "browser",
  target: "es2022",
  logLevel: "silent",
  define: { PST_VERSION: JSON.stringify("0.0.0") },
  plugins: [
    {
      name: "glue",
      setup(builder) {
        builder.onResolve({ filter: /\/pst\.mjs$/ }, () => ({ path: "glue", namespace: "glue" }));
        builder.onLoad({ filter: /.*/, namespace: "glue" }, () => ({ contents: "export default globalThis.glue;" }));
      },
    },
  ],
});
const load = new Function(
  "globalThis",
  "document",
  "navigator",
  "setTimeout",
  "console",
  `${outputFiles[0].text}\nreturn PST;`,
);
const compiled = await WebAssembly.compile(await readFile(path("../../../dist/pst.wasm")));
const platform = { compile: async () => compiled };

// ── Settings and facts ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

export const ORIGIN = "https://bots.example.com";

export function settingsWith(
  kind = "webhook",
  { optIn = true, agent = "survey", chat = {}, rules, endpoint = {} } = {},
) {
  const endpoints = {
    webhook: { kind: "webhook", url: `${ORIGIN}/handoff` },
    ccaip: { kind: "ccaip" },
    dialogflow: {
      kind: "dialogflow_cx",
      url: ORIGIN,
      agent: "projects/p/locations/us-central1/agents/a",
      event: "POST_SESSION",
    },
  };
  const parameters = {
    data_parameters_enabled: true,
    data_parameters: [
      { type: "fixed", field: "kind", value: "csat" },
      { type: "dynamic", field: "queue", source: "ujet_metadata", source_field: "queue.id" },
      { type: "dynamic", field: "order", source: "unsigned", source_field: "order_id", default: "none" },
    ],
  };
  return {
    version: 1,
    virtual_agents: [{ id: agent, name: "Survey", channels: ["chat"], endpoint: { ...endpoints[kind], ...endpoint } }],
    chat: {
      enabled: true,
      chat_types: ["web"],
      virtual_agent: agent,
      opt_in: optIn,
      ...(kind === "ccaip" ? {} : parameters),
      ...chat,
    },
    ...(rules && { rules }),
  };
}

const CUSTOM = { unsigned: { order_id: { label: "Order", value: "A-1", type: "string" } } };

export const FACTS = {
  id: "12345",
  channel: "chat",
  tenant: "acme",
  sdk: { platform: "web", version: "3.44.2", name: "headless", can: ["update_post_session"] },
  chat_type: "web",
  ended_by: "agent",
  status: "finished",
  lang: "en",
  queue: { id: 502, name: "Billing", path: "7/502" },
  custom_data: CUSTOM,
};

// ── The world ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A receiver that keeps the first accepted body of a key, as the contract asks for. */
export class Receiver {
  requests = [];
  accepted = new Map();
  conflicts = 0;
  /** What becomes of the n-th request: `ok`, a status, `lost` (taken, but the answer is lost), `error`, `hang`. */
  plan = () => "ok";
  answer = {};

  async take(init) {
    const key = init.headers.get("Idempotency-Key");
    const body = new TextDecoder().decode(init.body);
    this.requests.push({ key, body });
    const what = this.plan(this.requests.length);
    if (what === "hang") {
      return new Promise((_, reject) => init.signal.addEventListener("abort", () => reject(new Error("aborted"))));
    }
    if (what === "error") throw new TypeError("Failed to fetch");
    if (typeof what === "number") return new Response("{}", { status: what });
    if (this.accepted.has(key) && this.accepted.get(key) !== body) {
      this.conflicts += 1;
      return new Response("{}", { status: 422 });
    }
    this.accepted.set(key, body);
    if (what === "lost") throw new TypeError("Failed to fetch");
    return new Response(JSON.stringify(this.answer), { status: 200 });
  }
}

export class World {
  time = Date.UTC(2026, 0, 1);
  pages = [];
  receiver = new Receiver();
  local = new Map();
  /** Locks by name: the one that is held first, then those who wait. */
  locks = new Map();
  #timers = new Map();
  #last = 0;
  #posted = 0;
  #seed;

  constructor({ seed = 1, locks = true } = {}) {
    this.#seed = seed;
    this.hasLocks = locks;
  }

  /** A task of its own in a page: not while it is frozen, and never once it is gone. */
  post(page, task) {
    this.#posted += 1;
    setImmediate(() => {
      this.#posted -= 1;
      if (page.frozen) page.held.push(task);
      else if (!page.gone) task();
    });
  }

  clockOf(page) {
    return {
      now: () => this.time,
      setTimeout: (callback, ms) => {
        this.#last += 1;
        if (!page.gone) this.#timers.set(this.#last, { callback, due: this.time + Math.max(ms || 0, 1), page });
        return this.#last;
      },
      clearTimeout: (timer) => void this.#timers.delete(timer),
    };
  }

  timersOf(page) {
    return [...this.#timers.values()].filter((timer) => timer.page === page).length;
  }

  dropTimers(page) {
    for (const [id, timer] of this.#timers) if (timer.page === page) this.#timers.delete(id);
  }

  async quiet() {
    for (let calm = 0; calm < 4; ) {
      await new Promise((resolve) => setImmediate(resolve));
      calm = this.#posted > 0 ? 0 : calm + 1;
    }
  }

  /** Lets time go on. `check` is called whenever nothing more happens at an instant. */
  async run(ms = 0, check = () => {}) {
    const until = this.time + ms;
    for (let due = 0; ; due += 1) {
      if (due > BUSY) throw new Error(`${BUSY} timers were due within ${ms} ms: something turns round and round`);
      await this.quiet();
      let next;
      for (const [id, timer] of this.#timers) {
        if (timer.page.frozen || timer.due > until) continue;
        if (!(timer.due >= next?.timer.due)) next = { id, timer };
      }
      if (next === undefined || next.timer.due > this.time) check();
      if (next === undefined) break;
      this.#timers.delete(next.id);
      this.time = Math.max(this.time, next.timer.due);
      next.timer.callback();
    }
    this.time = until;
  }

  // ── Locks ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

  lockManagerOf(page) {
    return {
      request: (name, { signal } = {}, callback) =>
        new Promise((resolve, reject) => {
          if (signal?.aborted) return reject(signal.reason);
          const queue = this.locks.get(name) ?? [];
          this.locks.set(name, queue);
          const request = { page, granted: false, callback, resolve, reject, name };
          queue.push(request);
          signal?.addEventListener("abort", () => {
            if (request.granted || !queue.includes(request)) return;
            queue.splice(queue.indexOf(request), 1);
            reject(signal.reason);
          });
          this.#grant(name);
        }),
    };
  }

  #grant(name) {
    const queue = this.locks.get(name);
    const [first] = queue;
    if (first === undefined || first.granted || first.posted) return;
    first.posted = true;
    this.post(first.page, () => {
      if (queue[0] !== first) return;
      first.granted = true;
      Promise.resolve(first.callback())
        .then(first.resolve, first.reject)
        .finally(() => {
          if (queue[0] === first) queue.shift();
          this.#grant(name);
        });
    });
  }

  locksOf(page) {
    return [...this.locks.values()].flat().filter((request) => request.page === page).length;
  }

  dropLocks(page) {
    for (const [name, queue] of this.locks) {
      const rest = queue.filter((request) => request.page !== page);
      queue.splice(0, queue.length, ...rest);
      this.#grant(name);
    }
  }

  random() {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.#seed ^ (this.#seed >>> 15), this.#seed | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }

  async open(options, given) {
    const page = new Page(this, given);
    this.pages.push(page);
    await page.open(options);
    return page;
  }

  get alive() {
    return this.pages.filter((page) => !page.gone);
  }

  /** Pages that show something to be answered. */
  get asking() {
    return this.alive.filter((page) => !page.frozen && page.asks);
  }

  total(event) {
    return this.pages.reduce((sum, page) => sum + page.all(event).length, 0);
  }

  /** Every request ever sent had one key and one body, and at most one of them was taken. */
  get faults() {
    const { requests, accepted, conflicts } = this.receiver;
    const faults = [];
    if (new Set(requests.map(({ key }) => key)).size > 1) faults.push("more than one key");
    if (new Set(requests.map(({ body }) => body)).size > 1) faults.push("more than one body");
    if (accepted.size > 1 || conflicts > 0) faults.push("accepted twice");
    return faults;
  }
}

/** More timers than any session needs. */
const BUSY = 1500;

/** A storage over a map. `fault(method, key)` may throw. Others hear of what is written. */
export class MapStorage {
  constructor(map = new Map(), written = () => {}, fault = () => {}) {
    Object.assign(this, { map, written, fault });
  }
  get length() {
    this.fault("length");
    return this.map.size;
  }
  key(index) {
    this.fault("key", index);
    return [...this.map.keys()][index] ?? null;
  }
  getItem(key) {
    this.fault("getItem", key);
    return this.map.get(key) ?? null;
  }
  setItem(key, value) {
    this.fault("setItem", key);
    const changed = this.map.get(key) !== String(value);
    this.map.set(key, String(value));
    if (changed) this.written(key);
  }
  removeItem(key) {
    this.fault("removeItem", key);
    if (this.map.delete(key)) this.written(key);
  }
}

const EVENTS = ["decision", "prompt", "consent", "handoff", "record", "hold", "release", "outcome", "diagnostic"];

export class Page {
  gone = false;
  frozen = false;
  /** Tasks that wait for a frozen page. */
  held = [];
  said = [];
  errors = [];
  #listeners = new Set();
  #visible = true;

  constructor(world, { session = new Map(), visible = true, onLine = true, locks = world.hasLocks } = {}) {
    this.world = world;
    this.session = session;
    this.#visible = visible;
    const { crypto, addEventListener, document } = this.#globals();
    this.navigator = { onLine, ...(locks && { locks: locks === true ? world.lockManagerOf(this) : locks }) };
    this.document = document;
    this.globals = {
      crypto,
      document,
      navigator: this.navigator,
      addEventListener,
      glue: createModule,
      reportError: (error) => this.errors.push(error),
    };
    this.package = load(this.globals, document, this.navigator, (task) => world.post(this, task), console);
    this.clock = world.clockOf(this);
    this.sessionStorage = new MapStorage(
      session,
      () => {},
      () => this.#guard(),
    );
    this.localStorage = new MapStorage(
      world.local,
      (key) => this.#wrote(key),
      () => this.#guard(),
    );
  }

  /** What a page that is gone still does, does nothing. */
  #guard() {
    if (this.gone) throw new Error("This page is gone.");
  }

  #wrote(key) {
    const newValue = this.world.local.get(key) ?? null;
    for (const page of this.world.alive)
      if (page !== this) this.world.post(page, () => page.dispatch("window", "storage", { key, newValue }));
  }

  #globals() {
    const listen = (target) => (type, callback, options) => {
      const listener = { target, type, callback };
      if (options?.signal?.aborted) return;
      this.#listeners.add(listener);
      options?.signal?.addEventListener("abort", () => this.#listeners.delete(listener));
    };
    const page = this;
    return {
      crypto: {
        randomUUID,
        subtle: { digest: async (_, data) => new Uint8Array(createHash("sha256").update(data).digest()).buffer },
      },
      addEventListener: listen("window"),
      document: {
        addEventListener: listen("document"),
        get visibilityState() {
          return page.#visible ? "visible" : "hidden";
        },
      },
    };
  }

  dispatch(target, type, event = {}) {
    for (const listener of [...this.#listeners])
      if (listener.target === target && listener.type === type) listener.callback({ type, ...event });
  }

  /** The same, as browsers do it: between two listeners whatever the first one has set going goes on. */
  async dispatchInTurns(target, type, event = {}) {
    for (const listener of [...this.#listeners]) {
      if (listener.target !== target || listener.type !== type) continue;
      listener.callback({ type, ...event });
      for (let turn = 0; turn < 50; turn += 1) await undefined;
    }
  }

  get listeners() {
    return this.#listeners.size;
  }

  async open(options = {}) {
    const { world } = this;
    this.transfer = await this.package.open(
      {
        settings: settingsWith(),
        endpoints: [ORIGIN],
        session: { custom_data: CUSTOM },
        clock: this.clock,
        random: () => world.random(),
        storage: { session: this.sessionStorage, local: this.localStorage },
        fetch: (_, init) => this.#fetch(init),
        ...options,
      },
      platform,
    );
    for (const event of EVENTS) this.transfer.on(event, (data) => this.gone || this.said.push({ event, data }));
    await world.quiet();
  }

  /** An answer reaches a page in a task of its own. */
  #fetch(init) {
    if (this.gone) return new Promise(() => {});
    return new Promise((resolve, reject) => {
      this.world.receiver.take(init).then(
        (response) => this.world.post(this, () => resolve(response)),
        (error) => this.world.post(this, () => reject(error)),
      );
    });
  }

  async end(facts = FACTS) {
    this.transfer.sessionEnded(facts).catch((error) => this.errors.push(error));
    await this.world.run(0);
  }

  act(action) {
    return this.transfer.act(action);
  }

  // ── What becomes of a page ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** It is gone: with a word (`pagehide`), or without (a crash). */
  close(word = true) {
    if (word && !this.frozen) this.dispatch("window", "pagehide", { persisted: false });
    this.gone = true;
    this.world.dropTimers(this);
    this.world.dropLocks(this);
  }

  /** Another page in the same tab. */
  async reload(options, { word = true, ...given } = {}) {
    this.close(word);
    return this.world.open(options, { session: this.session, visible: this.#visible, ...given });
  }

  freeze() {
    this.frozen = true;
  }

  wake() {
    this.frozen = false;
    for (const task of this.held.splice(0)) this.world.post(this, task);
  }

  see(visible) {
    if (this.#visible === visible) return;
    this.#visible = visible;
    this.world.post(this, () => this.dispatch("document", "visibilitychange"));
  }

  get visible() {
    return this.#visible;
  }

  // ── What it said ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

  all(event) {
    return this.said.filter((one) => one.event === event).map(({ data }) => data);
  }

  get prompt() {
    return this.all("prompt").at(-1) ?? null;
  }

  get asks() {
    return (this.prompt?.actions?.length ?? 0) > 0;
  }

  get questions() {
    return this.all("prompt").filter((prompt) => prompt?.kind === "opt_in").length;
  }

  get outcomes() {
    return this.all("outcome").map(({ outcome, reason }) => `${outcome}/${reason}`);
  }

  get diagnostics() {
    return this.all("diagnostic").map(({ code }) => code);
  }

  get state() {
    return this.transfer.state;
  }

  /** What it has got hold of. */
  get left() {
    return {
      timers: this.world.timersOf(this),
      listeners: this.listeners,
      locks: this.world.locksOf(this),
    };
  }
}

export const NOTHING = { timers: 0, listeners: 0, locks: 0 };
export const OWN = "post-session-transfer";

/** As storage.ts seals a value. */
export function sealed(value, version = "1") {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return `${version} ${(hash >>> 0).toString(16).padStart(8, "0")} ${text}`;
}

export const unsealed = (text) => JSON.parse(text.split(" ").slice(2).join(" "));

/** The least of a headless client with a chat whose record says that it is over. */
export class EndedClient {
  #handlers = new Map();
  updates = [];
  taken = new Set();

  constructor(platform = { status: undefined }) {
    this.platform = platform;
    const client = this;
    this.chat = {
      state: {
        id: 12345,
        status: "finished",
        lang: "en",
        get post_session_transfer_status() {
          return client.platform.status;
        },
      },
    };
  }
  on(name, handler) {
    this.#handlers.set(name, [...(this.#handlers.get(name) ?? []), handler]);
  }
  off(name, handler) {
    this.#handlers.set(
      name,
      (this.#handlers.get(name) ?? []).filter((one) => one !== handler),
    );
  }
  emit(name, payload) {
    for (const handler of this.#handlers.get(name) ?? []) handler(payload);
  }
  get listeners() {
    return [...this.#handlers.values()].flat().length;
  }
  async createChat() {}
  async finishChat() {}
  async updatePostSession(status, optIn) {
    this.platform.updates = [...(this.platform.updates ?? []), `${status} ${optIn}`];
    await this.platform.answer?.(status);
    this.platform.status = status;
  }
}
