import { Chat } from "./chat.js";
import { SdkError } from "./errors.js";
import { Emitter } from "./events.js";

/**
 * @typedef {object} ClientOptions The options that the headless guide names.
 * @property {string} companyId
 * @property {() => Promise<{ token: string }>} authenticate
 * @property {string} [tenant]
 * @property {string} [host]
 * @property {string} [lang]
 * @property {unknown} [bridge]
 * @property {{ enabled: boolean, [setting: string]: unknown }} [cobrowse] Accepted, and without effect here.
 *
 * @typedef {object} CreateChatOptions
 * @property {string} [lang]
 * @property {string} [trigger_id]
 * @property {string} [ticket_id]
 * @property {string} [email]
 * @property {string} [greeting]
 * @property {boolean} [cobrowsable]
 * @property {boolean} [message_preview]
 * @property {{ signed?: string, unsigned?: Record<string, unknown> }} [custom_data]
 *
 * @typedef {import("./events.js").Handler} Handler
 */

/**
 * @template T
 * @typedef {(server: import("./server.js").Server) => T | Promise<T>} Run
 */

/**
 * @callback Call
 * @param {string} name
 * @param {Run<any>} run
 * @returns {Promise<any>}
 */

const logged = 500;

/** The documented surface of the headless client. Its events are in `events.js`. */
export class Client {
  #emitter;
  #server;
  #authenticated;
  #destroyed = false;
  /** @type {string[]} */
  #logs = [];

  /** The current chat. @type {Chat | null} */
  chat = null;

  /**
   * @param {ClientOptions} options
   * @param {(client: Client) => import("./server.js").Server} connect
   * @param {Emitter} [emitter]
   */
  constructor(options, connect, emitter = new Emitter()) {
    if (typeof options?.companyId !== "string") throw new TypeError("companyId is required.");
    if (typeof options.authenticate !== "function") throw new TypeError("authenticate is required.");
    this.options = Object.freeze({ ...options });
    this.#emitter = emitter;
    this.#server = connect(this);
    this.#authenticated = this.#authenticate();
    this.#authenticated.catch(() => {}); // reported by the first call that needs it

    const { updatePostSessionArguments: taken } = this.#server.quirks;
    if (taken === 0) Object.defineProperty(this, "updatePostSession", { value: undefined });
    if (taken === 1) {
      /** @param {string} status */
      const oneArgument = (status) =>
        this.#call("updatePostSession", (server) => server.updatePostSession(status, undefined));
      Object.defineProperty(this, "updatePostSession", { value: oneArgument });
    }
  }

  /** @param {string} event @param {Handler} handler */
  on(event, handler) {
    this.#emitter.on(event, handler);
  }

  /** @param {string} event @param {Handler} handler */
  off(event, handler) {
    this.#emitter.off(event, handler);
  }

  /** For tests: how many handlers are there. @param {string} [event] */
  listenerCount(event) {
    return this.#emitter.listenerCount(event);
  }

  // ── Company and menus ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

  async getCompany() {
    return this.#call("getCompany", ({ catalogue }) => catalogue.company());
  }

  /** @param {string} [key] A direct access key. @param {string} [_lang] */
  async getMenus(key, _lang) {
    return this.#call("getMenus", ({ catalogue }) => catalogue.menus(key));
  }

  /** In seconds. @param {number | string} menuId @param {string} [_lang] */
  async getWaitTimes(menuId, _lang) {
    return this.#call("getWaitTimes", ({ catalogue }) => catalogue.waitTimes(menuId));
  }

  /** @param {number | string} menuId @param {object | string} [_options] A language, in older versions. @returns {Promise<string[]>} */
  async getTimeSlots(menuId, _options) {
    return this.#call("getTimeSlots", ({ catalogue }) => catalogue.timeSlots(menuId));
  }

  /** @param {number | string} menuId */
  async fetchTimeSlotAvailability(menuId) {
    return this.#call("fetchTimeSlotAvailability", ({ catalogue }) => catalogue.timeSlotAvailability(menuId));
  }

  async getTrigger() {
    return this.#call("getTrigger", ({ catalogue }) => catalogue.trigger());
  }

  /** @param {string} [_lang] */
  async getAfterHourMessage(_lang) {
    return this.#call("getAfterHourMessage", ({ catalogue }) => catalogue.afterHourMessage());
  }

  async getFeatureFlags() {
    return this.#call("getFeatureFlags", ({ catalogue }) => catalogue.featureFlags());
  }

  /** The last calls and events, oldest first. Undocumented: what an entry looks like. */
  async getLogs() {
    return [...this.#logs];
  }

  // ── Chats ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** @param {number | string} menuId @param {CreateChatOptions} [options] @returns {Promise<Chat>} */
  async createChat(menuId, options = {}) {
    return this.#call("createChat", (server) => this.#enter(server.createChat(menuId, options)));
  }

  /** After a reload: the chat that is still going on, or null. @returns {Promise<Chat | null>} */
  async loadOngoingChat() {
    return this.#call("loadOngoingChat", (server) => {
      const snapshot = server.ongoingChat();
      if (!snapshot) return null;
      server.announce("chat.ongoing");
      return this.#enter(snapshot);
    });
  }

  /** For a dismissed chat. @param {number | string} chatId @returns {Promise<Chat>} */
  async resumeChat(chatId) {
    return this.#call("resumeChat", (server) => this.#enter(server.resumeChat(chatId)));
  }

  /** The end user ends the chat. @returns {Promise<void>} */
  async finishChat() {
    await this.#call("finishChat", (server) => server.finishChat());
  }

  /** Drops the local chat, so that a new one can start. @returns {Promise<void>} */
  async destroyChat() {
    await this.#call("destroyChat", (server) => {
      this.chat = null;
      server.announce("chat.destroyed");
    });
  }

  /** @param {string} status @param {boolean} [optInSelection] @returns {Promise<void>} */
  async updatePostSession(status, optInSelection) {
    await this.#call("updatePostSession", (server) => server.updatePostSession(status, optInSelection));
  }

  // ── Messages ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** @returns {Promise<import("./session.js").Message[]>} */
  async fetchMessages() {
    return this.#call("fetchMessages", (server) => server.messages());
  }

  /** @param {number} [page] @returns {Promise<{ chats: { id: number, entries: import("./session.js").Message[] }[] }>} */
  async getChatHistory(page = 1) {
    return this.#call("getChatHistory", (server) => server.history(page));
  }

  /** @param {string} text @returns {Promise<void>} */
  async sendTextMessage(text) {
    await this.#call("sendTextMessage", (server) => server.receive({ type: "text", content: text }));
  }

  /** Undocumented: the `type` of such a message. @param {File | { name: string, type: string }} file @returns {Promise<void>} */
  async sendFileMessage(file) {
    await this.#call("sendFileMessage", (server) => server.receive({ type: "file", file }));
  }

  /** @param {string} text @returns {Promise<void>} */
  async sendPreviewMessage(text) {
    await this.#call("sendPreviewMessage", (server) => server.preview(text));
  }

  // ── Check-in ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The end user confirms to be there. Undocumented, as for `rejoinChat`: the answer. Here: the chat record. */
  async checkIn() {
    return this.#call("checkIn", (server) => server.checkIn());
  }

  /** After a missed check-in: back into the queue. */
  async rejoinChat() {
    return this.#call("rejoinChat", (server) => server.rejoinChat());
  }

  /** Tells the platform that the question is on the screen. @returns {Promise<void>} */
  async notifyCheckInState() {
    await this.#call("notifyCheckInState", (server) => server.notifyCheckInState());
  }

  // ── Cobrowse ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The code that the end user tells the agent. @returns {Promise<string>} */
  async createCobrowseCode() {
    return this.#call("createCobrowseCode", (server) => server.createCobrowseCode());
  }

  /** @returns {Promise<import("./cobrowse.js").CobrowseSession>} */
  async startCobrowse() {
    return this.#call("startCobrowse", (server) => server.startCobrowse());
  }

  /** After a reload. @returns {Promise<import("./cobrowse.js").CobrowseSession | null>} */
  async restoreCobrowseSession() {
    return this.#call("restoreCobrowseSession", (server) => server.restoreCobrowseSession());
  }

  // ── The wire's end ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Takes the communication channel down; no event after it. */
  destroy() {
    this.#destroyed = true;
    this.#emitter.clear();
    this.#server.forget();
  }

  /** For the platform. @param {import("./wire.js").Frame} frame */
  deliver({ event, args, snapshot, only }) {
    if (this.#destroyed) return;
    const mine = snapshot !== null && snapshot.state.id === this.chat?.state.id;
    if (mine) this.chat?.accept(snapshot);
    // A client hears of the chat that it has created or loaded, and of no other.
    else if (snapshot !== null || !only) return;
    this.#log(`event ${event}`);
    // Chat events hand the Chat object over, not the bare record.
    this.#emitter.emit(event, event === "chat.updated" || event === "chat.ongoing" ? [this.chat] : args);
  }

  /** @param {import("./wire.js").Snapshot} snapshot */
  #enter(snapshot) {
    this.chat = new Chat((name, run) => this.#call(name, run), snapshot);
    return this.chat;
  }

  async #authenticate() {
    this.#server.announce("ready");
    const { token } = await this.options.authenticate();
    if (typeof token !== "string" || token === "") throw new SdkError(401, "The token was refused.");
    this.#server.announce("authenticated");
  }

  /**
   * @template T
   * @param {string} name
   * @param {Run<T>} run
   * @returns {Promise<T>}
   */
  async #call(name, run) {
    this.#log(`call ${name}`);
    await this.#authenticated;
    if (this.#destroyed) throw new SdkError(410, "The client was destroyed.");
    this.#server.reach();
    return run(this.#server);
  }

  /** @param {string} text */
  #log(text) {
    if (this.#logs.push(text) > logged) this.#logs.shift();
  }
}
