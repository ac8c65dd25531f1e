import { Client, SdkError } from "./client.js";
import { resolveQuirks } from "./quirks.js";
import { Wire } from "./wire.js";

/**
 * @typedef {{ id: number, name: string }} Person
 * @typedef {{ required: boolean | null, optInRequired: boolean | null }} PostSessionFlags
 *
 * @typedef {object} SimulatorOptions
 * @property {number} [firstChatId] Chats count up from here.
 * @property {Person} [agent]
 * @property {Person} [virtualAgent]
 * @property {Person[]} [menus] Queues; `createChat(menuId)` picks one.
 * @property {{ id: number, identifier: string }} [endUser]
 * @property {string} [lang]
 * @property {PostSessionFlags | null} [postSession] What the platform puts on a chat when its human part ends; null: nothing.
 * @property {Partial<import("./quirks.js").Quirks>} [quirks]
 * @property {() => number} [now] Milliseconds since 1970.
 * @property {(run: () => void) => void} [schedule] When the next event is delivered; default: the next macrotask.
 *
 * @typedef {object} Message
 * @property {number} $index
 * @property {string} $sid
 * @property {Date} $timestamp
 * @property {"end_user" | "agent" | "virtual_agent" | "system"} $userType
 * @property {number} $userId
 * @property {string} type
 * @property {string} [content]
 * @property {string} [event]
 *
 * @typedef {ReturnType<Simulator["clientSide"]>} ClientSide
 */

const finished = new Set(["finished", "no_response", "canceled", "failed"]);

/** The platform's side: what the servers know, and what agents and the clock do. */
export class Simulator {
  #quirks;
  #now;
  #wire;
  /** @type {Set<Client>} */
  #clients = new Set();
  /** @type {Record<string, unknown> | null} */
  #state = null;
  /** @type {Message[]} */
  #messages = [];
  #options;
  #nextChatId;
  #clientSide;

  /** Every `updatePostSession` that arrived, oldest first. @type {{ status: string, optIn: boolean | undefined }[]} */
  postSessionUpdates = [];
  /** The drafts that `sendPreviewMessage` brought. @type {string[]} */
  previews = [];

  /** @param {SimulatorOptions} [options] */
  constructor(options = {}) {
    const defaults = {
      firstChatId: 12345,
      agent: { id: 9, name: "Kim" },
      virtualAgent: { id: 77, name: "Survey bot" },
      menus: [{ id: 502, name: "Billing" }],
      endUser: { id: 31, identifier: "c0ffee" },
      lang: "en",
      /** @type {PostSessionFlags | null} */
      postSession: null,
    };
    this.#options = { ...defaults, ...options };
    this.#quirks = resolveQuirks(options.quirks ?? {});
    this.#now = options.now ?? Date.now;
    this.#nextChatId = this.#options.firstChatId;
    this.#wire = new Wire(options.schedule ?? ((run) => void setTimeout(run, 0)), (frame) => {
      for (const client of this.#clients) {
        if (!frame.only || frame.only === client) client.deliver(frame);
      }
    });
    this.#clientSide = this.clientSide();
  }

  /** @param {import("./client.js").ClientOptions} options */
  createClient(options) {
    const client = new Client(options, this.#clientSide);
    this.#clients.add(client);
    return client;
  }

  /** The chat record as the platform knows it, which may be ahead of what a client has heard. */
  get state() {
    return this.#state && Object.freeze({ ...this.#state });
  }

  /** Settles when every event has been delivered. */
  idle() {
    return this.#wire.idle();
  }

  // ── What a test or a demo drives ──────────────────────────────────────────────────────────────────────────────────────────────────

  agent = {
    join: () => {
      const { agent } = this.#options;
      this.#update({ status: "assigned", status_text: "", agent, all_agents: [agent] });
      this.#emit("chat.memberJoined", this.#identity("agent"));
    },
    /** @param {string} text */
    say: (text) => {
      this.agent.typing(false);
      this.#message("agent", this.#options.agent.id, { type: "text", content: text });
    },
    typing: (on = true) => this.#typing(this.#identity("agent"), on),
    leave: () => this.#leave("agent"),
    end: () => {
      this.#leave("agent");
      this.#end();
    },
  };

  virtualAgent = {
    join: () => {
      const { virtualAgent } = this.#options;
      this.#update({ status: "va_assigned", virtual_agent: virtualAgent, all_virtual_agents: [virtualAgent] });
      this.#emit("chat.memberJoined", this.#identity("virtual_agent"));
    },
    /** @param {string} text */
    say: (text) => this.#message("virtual_agent", this.#options.virtualAgent.id, { type: "text", content: text }),
    leave: () => this.#leave("virtual_agent"),
  };

  /** The chat's time is over. */
  timeout() {
    this.#need();
    this.#emit("chat.timeout");
    this.#end();
  }

  /** The agent dismisses an inactive chat: it is not ended and can be resumed. */
  dismiss() {
    const wasBot = this.#need().status === "va_assigned";
    this.#update({ status: wasBot ? "va_dismissed" : "dismissed", agent: null });
    this.#emit("chat.dismissed");
  }

  disconnect() {
    this.#emit("chat.disconnected");
  }

  reconnect() {
    this.#emit("chat.connected");
  }

  // ── What clients can ask ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** @internal */
  clientSide() {
    return {
      quirks: this.#quirks,

      /** @param {Client} client @param {string} event */
      announce: (client, event) => this.#send(event, [], null, client),
      /** @param {Client} client */
      announceOngoing: (client) => this.#send("chat.ongoing", [], this.state, client),
      /** @param {Client} client */
      announceDestroyed: (client) => this.#send("chat.destroyed", [], null, client),
      /** @param {Client} client */
      forget: (client) => void this.#clients.delete(client),

      company: () => ({
        name: "Simulated company",
        subdomain: "simulated",
        support_email: "help@example.com",
        languages: [{ label: "English", value: this.#options.lang }],
      }),
      menus: () => ({
        menus: this.#options.menus.map((menu) => ({ ...menu, enabled: true, channels: ["chat"] })),
        direct: null,
      }),

      /** @param {number} menuId @param {import("./client.js").CreateChatOptions} options */
      createChat: (menuId, options) => {
        if (this.#ongoing()) throw new SdkError(409, "There is an ongoing chat.");
        const menu = this.#options.menus.find(({ id }) => id === menuId);
        if (!menu) throw new SdkError(404, "There is no such menu.");
        this.#messages = [];
        this.#state = {
          id: this.#nextChatId++,
          status: "queued",
          status_text: "",
          features: [],
          created_at: this.#iso(),
          ends_at: null,
          timeout_at: null,
          agent: null,
          virtual_agent: null,
          all_agents: [],
          all_virtual_agents: [],
          lang: options.lang ?? this.#options.lang,
          menus: [menu],
          end_user: this.#options.endUser,
        };
        this.#emit("chat.connected");
        this.#emit("chat.updated");
        return this.#frozen();
      },
      ongoingChat: () => (this.#ongoing() ? this.#frozen() : null),
      /** @param {number | string} chatId */
      resumeChat: (chatId) => {
        const state = this.#state;
        if (!state || String(state.id) !== String(chatId)) throw new SdkError(404, "There is no such chat.");
        if (state.status !== "dismissed" && state.status !== "va_dismissed")
          throw new SdkError(409, "The chat is not dismissed.");
        this.#update({ status: "queued" });
        return this.#frozen();
      },
      finishChat: () => {
        if (!this.#ongoing()) return; // Undocumented: pressing "End" twice does nothing.
        this.#end();
      },
      /** @param {string} status @param {boolean | undefined} optIn */
      updatePostSession: (status, optIn) => {
        if (!this.#state) throw new SdkError(404, "There is no chat.");
        this.postSessionUpdates.push({ status, optIn });
        this.#update(this.#spelled({ post_session_transfer_status: status }));
      },
      messages: () => [...this.#messages],
      /** @param {Record<string, unknown>} raw */
      receive: (raw) => {
        if (!this.#ongoing()) throw new SdkError(404, "There is no ongoing chat.");
        if (this.#quirks.echo) this.#message("end_user", this.#options.endUser.id, raw);
        else this.#record("end_user", this.#options.endUser.id, raw);
      },
      /** @param {boolean} on */
      typing: (on) => this.#typing(this.#identity("end_user"), on),
      /** @param {string} text */
      preview: (text) => void this.previews.push(text),
    };
  }

  // ── Inside ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The human part is over. No event says who ended it, as with the real SDK. */
  #end() {
    if (this.#quirks.chatEndedNotice) this.#message("system", 0, { type: "noti", event: "chatEnded" });
    const { postSession } = this.#options;
    this.#update({
      status: "finished",
      ends_at: this.#iso(),
      ...(postSession
        ? this.#spelled({
            post_session_required: postSession.required,
            post_session_opt_in_required: postSession.optInRequired,
          })
        : {}),
    });
    // Undocumented: whether this comes before or after a virtual agent's part. Here: at once.
    this.#emit("chat.ended");
  }

  /** @param {"agent" | "virtual_agent"} type */
  #leave(type) {
    const state = this.#need();
    if (!state[type]) return;
    const identity = this.#identity(type);
    this.#message("system", 0, { type: "noti", event: "memberLeft" });
    this.#update({ [type]: null });
    this.#emit("chat.memberLeft", identity);
  }

  /** @param {import("./chat.js").Identity} identity @param {boolean} on */
  #typing(identity, on) {
    this.#emit(on ? "chat.typingStarted" : "chat.typingEnded", identity);
  }

  /** @param {Message["$userType"]} type @param {number} id @param {Record<string, unknown>} body */
  #message(type, id, body) {
    this.#emit("chat.message", this.#record(type, id, body));
  }

  /**
   * @param {Message["$userType"]} type
   * @param {number} id
   * @param {Record<string, unknown>} body
   * @returns {Message}
   */
  #record(type, id, body) {
    const $index = this.#messages.length;
    const message = /** @type {Message} */ ({
      ...body,
      $index,
      $sid: `IM${String(this.#need().id)}-${$index}`,
      $timestamp: new Date(this.#now()),
      $userType: type,
      $userId: id,
    });
    this.#messages.push(message);
    return message;
  }

  /** @param {Record<string, unknown>} changes */
  #update(changes) {
    this.#state = { ...this.#need(), ...changes };
    this.#emit("chat.updated");
  }

  /** @param {Record<string, unknown>} fields */
  #spelled(fields) {
    if (this.#quirks.flagSpelling === "snake") return fields;
    const camel = (/** @type {string} */ name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
    return Object.fromEntries(Object.entries(fields).map(([name, value]) => [camel(name), value]));
  }

  /** @param {string} event @param {unknown[]} args */
  #emit(event, ...args) {
    this.#send(event, args, this.state, null);
  }

  /** @param {string} event @param {unknown[]} args @param {Readonly<Record<string, unknown>> | null} state @param {Client | null} only */
  #send(event, args, state, only) {
    this.#wire.send({ event, args, state, only });
  }

  /** @param {import("./chat.js").Identity["type"]} type @returns {import("./chat.js").Identity} */
  #identity(type) {
    if (type === "end_user") return { type, id: this.#options.endUser.id, name: "" };
    return { type, ...(type === "agent" ? this.#options.agent : this.#options.virtualAgent) };
  }

  #ongoing() {
    return this.#state !== null && !finished.has(String(this.#state.status));
  }

  #need() {
    if (!this.#state) throw new Error("There is no chat yet: a client has to create one.");
    return this.#state;
  }

  #frozen() {
    return Object.freeze({ ...this.#need() });
  }

  #iso() {
    return new Date(this.#now()).toISOString();
  }
}
