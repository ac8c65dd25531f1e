import { Catalogue } from "./catalogue.js";
import { CheckIn } from "./check-in.js";
import { Client } from "./client.js";
import { Cobrowse } from "./cobrowse.js";
import { Disorder } from "./disorder.js";
import { resolveQuirks } from "./quirks.js";
import { Server } from "./server.js";
import { Session } from "./session.js";
import { VirtualAgents } from "./virtual-agent.js";
import { Widget } from "./widget.js";
import { Wire } from "./wire.js";

/**
 * @typedef {import("./session.js").Person} Person
 * @typedef {import("./session.js").PostSessionFlags} PostSessionFlags
 *
 * @typedef {object} OwnSettings
 * @property {number} firstChatId Chats count up from here.
 * @property {Person} agent
 * @property {Person} virtualAgent The one before a human.
 * @property {import("./virtual-agent.js").PostSessionVirtualAgent} postSessionVirtualAgent What is left out is as `virtualAgent` has it.
 * @property {{ id: number, identifier: string }} endUser
 * @property {PostSessionFlags | null} postSession What the platform puts on a chat when its human part ends; null: nothing.
 *
 * @typedef {OwnSettings & Omit<import("./catalogue.js").CatalogueOptions, "now">} Settings
 *
 * @typedef {object} SimulatorDriving
 * @property {Partial<import("./virtual-agent.js").PostSessionVirtualAgent>} [postSessionVirtualAgent]
 * @property {Partial<import("./quirks.js").Quirks>} [quirks]
 * @property {() => number} [now] Milliseconds since 1970.
 * @property {(run: () => void, delayMs: number) => unknown} [schedule] When the next event is delivered; default: `setTimeout`.
 *
 * @typedef {Partial<Omit<Settings, "postSessionVirtualAgent">> & SimulatorDriving} SimulatorOptions
 *
 * @typedef {object} Records
 * @property {number} nextChatId
 * @property {{ menuId: number | string, options: import("./client.js").CreateChatOptions }[]} chats
 * @property {{ status: string, optIn: boolean | undefined }[]} postSessionUpdates
 * @property {number} postSessionCalls
 * @property {string[]} previews
 */

/** @type {Omit<Settings, "postSessionVirtualAgent">} */
const defaults = {
  firstChatId: 12345,
  agent: { id: 9, name: "Kim" },
  virtualAgent: { id: 77, name: "Survey bot" },
  menus: [{ id: 502, name: "Billing" }],
  endUser: { id: 31, identifier: "c0ffee" },
  lang: "en",
  postSession: null,
  company: {},
  waitTimes: { chat: 30, voice_call: 60 },
  trigger: null,
  afterHourMessage: "We are closed now.",
  featureFlags: {},
};

/** Looked up at each call: a test may have put its own timers in place. @param {() => void} run @param {number} delayMs */
function later(run, delayMs) {
  return setTimeout(run, delayMs);
}

/** The platform's side: what the servers know, and what agents and the clock do. */
export class Simulator {
  #session;
  #wire;
  #world;
  /** @type {Set<Client>} */
  #clients = new Set();
  /** @type {Records} */
  #records;
  #agent;

  /** The virtual agent, before a human and after the session. @type {VirtualAgents} */
  virtualAgent;
  /** The agents' side of cobrowsing. @type {Cobrowse} */
  cobrowse;
  /** The queue's side of check-in. @type {CheckIn} */
  checkIn;

  /** @param {SimulatorOptions} [options] */
  constructor({ quirks: chosen = {}, now = () => Date.now(), schedule = later, ...given } = {}) {
    const quirks = resolveQuirks(chosen);
    const settings = { ...defaults, ...given };
    const postSessionVirtualAgent = {
      ...settings.virtualAgent,
      greeting: "Hello! How did we do?",
      ...given.postSessionVirtualAgent,
    };
    const options = { ...settings, postSessionVirtualAgent };

    this.#agent = options.agent;
    this.#records = {
      nextChatId: options.firstChatId,
      chats: [],
      postSessionUpdates: [],
      postSessionCalls: 0,
      previews: [],
    };
    this.#wire = new Wire({
      schedule,
      now,
      latencyMs: quirks.latencyMs,
      disorder: new Disorder(quirks),
      deliver: (frame) => this.#deliver(frame),
    });
    const send = (/** @type {import("./wire.js").Frame} */ frame) => this.#wire.send(frame);
    this.#session = new Session({ quirks, endUser: options.endUser, postSession: options.postSession, now, send });
    this.virtualAgent = new VirtualAgents(this.#session, {
      virtualAgent: options.virtualAgent,
      postSessionVirtualAgent,
      quirks,
    });
    this.cobrowse = new Cobrowse(this.#session, options.agent, send);
    this.checkIn = new CheckIn(this.#session);
    this.#world = {
      options,
      quirks,
      session: this.#session,
      virtualAgent: this.virtualAgent,
      cobrowse: this.cobrowse,
      checkIn: this.checkIn,
      catalogue: new Catalogue({ ...options, now }),
      wire: this.#wire,
      records: this.#records,
      forget: (/** @type {Client} */ client) => void this.#clients.delete(client),
    };
  }

  /** @param {import("./client.js").ClientOptions} options */
  createClient(options) {
    return this.#connect(options);
  }

  /** The stock widget, without its looks. @param {import("./client.js").ClientOptions} options */
  createWidget(options) {
    return new Widget(options, this.#world.quirks, (emitter) => this.#connect(options, emitter));
  }

  // ── What it knows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The chat record as the platform knows it, which may be ahead of what a client has heard. */
  get state() {
    return this.#session.state;
  }

  /** Every `createChat` that was taken, oldest first. */
  get chats() {
    return this.#records.chats;
  }

  /** Every `updatePostSession` that was taken, oldest first. */
  get postSessionUpdates() {
    return this.#records.postSessionUpdates;
  }

  /** How often `updatePostSession` was called, whatever became of it. */
  get postSessionCalls() {
    return this.#records.postSessionCalls;
  }

  /** The drafts that `sendPreviewMessage` brought. */
  get previews() {
    return this.#records.previews;
  }

  /** Settles when every event has been delivered. What a network that is down holds back is not waited for. */
  idle() {
    return this.#wire.idle();
  }

  // ── What a test or a demo drives ──────────────────────────────────────────────────────────────────────────────────────────────────

  agent = {
    /** Takes the chat; one that a virtual agent has escalated, too. */
    join: () => {
      this.virtualAgent.handOver();
      this.#session.join("agent", this.#agent, { status: "assigned", status_text: "" });
    },
    /** @param {string} text */
    say: (text) => {
      this.agent.typing(false);
      this.agent.send({ type: "text", content: text });
    },
    /** @param {Record<string, unknown>} body A message of another kind: `form`, `content_card`, … */
    send: (body) => this.#session.message("agent", this.#agent.id, body),
    typing: (on = true) => this.#session.typing("agent", this.#agent, on),
    leave: () => this.#session.leave("agent"),
    end: () => {
      if (this.#session.phase !== "live") return;
      this.#session.leave("agent");
      this.#session.end();
    },
  };

  network = {
    /** Nothing gets through any more; what is under way still arrives. */
    down: () => {
      if (!this.#wire.up) return;
      this.#session.emit("chat.disconnected");
      this.#wire.hold();
    },
    /** What was held back arrives after `chat.connected`. */
    up: () => {
      if (this.#wire.up) return;
      const late = this.#wire.take();
      this.#session.emit("chat.connected");
      for (const frame of late) this.#wire.send(frame);
    },
  };

  /** A notice that nothing else here brings, such as `formRequested`. @param {string} event */
  notice(event) {
    this.#session.notice(event);
  }

  /** The chat's time is over. */
  timeout() {
    const { phase } = this.#session;
    this.#session.need();
    if (phase !== "live" && phase !== "post_session") return;
    this.#session.emit("chat.timeout");
    if (phase === "live") {
      // Undocumented: whether such a chat gets post-session flags. Here: as any other.
      this.#session.end();
    } else {
      this.virtualAgent.leave();
      this.#session.endPostSession();
    }
  }

  /** Nobody has taken the chat, and nobody will. @param {"no_response" | "failed" | "canceled"} [status] */
  abandonQueue(status = "no_response") {
    if (this.#session.need().status !== "queued") throw new Error("The chat is not in the queue.");
    this.#session.end({ status, connected: false });
  }

  /** The agent dismisses an inactive chat: it is not ended and can be resumed. */
  dismiss() {
    const wasBot = this.#session.need().status === "va_assigned";
    this.#session.update({ status: wasBot ? "va_dismissed" : "dismissed", agent: null });
    this.#session.emit("chat.dismissed");
  }

  /** `chat.disconnected` alone; `network.down()` also holds back what follows. */
  disconnect() {
    this.#session.emit("chat.disconnected");
  }

  /** `chat.connected` alone. */
  reconnect() {
    this.#session.emit("chat.connected");
  }

  // ── Inside ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** @param {import("./client.js").ClientOptions} options @param {import("./events.js").Emitter} [emitter] */
  #connect(options, emitter) {
    const client = new Client(options, (self) => new Server(this.#world, self), emitter);
    this.#clients.add(client);
    return client;
  }

  /** @param {import("./wire.js").Frame} frame */
  #deliver(frame) {
    for (const client of this.#clients) {
      const meant = frame.only ? frame.only === client : frame.except !== client;
      if (meant) client.deliver(frame);
    }
  }
}
