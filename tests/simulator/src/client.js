import { Chat } from "./chat.js";

/**
 * @typedef {object} ClientOptions The options that the headless guide names.
 * @property {string} companyId
 * @property {() => Promise<{ token: string }>} authenticate
 * @property {string} [tenant]
 * @property {string} [host]
 * @property {string} [lang]
 * @property {unknown} [bridge]
 * @property {{ enabled: boolean }} [cobrowse]
 *
 * @typedef {object} CreateChatOptions
 * @property {string} [lang]
 * @property {string} [trigger_id]
 * @property {string} [ticket_id]
 * @property {string} [email]
 * @property {string} [greeting]
 * @property {boolean} [cobrowsable]
 * @property {{ signed?: string, unsigned?: Record<string, unknown> }} [custom_data]
 *
 * @typedef {(...args: any[]) => void} Handler
 */

/** What the simulated platform answers a call with when it refuses it. Undocumented: the real shape; the status is that of the API behind it. */
export class SdkError extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.name = "SdkError";
    this.status = status;
  }
}

/**
 * The documented surface of the headless client. Events: `ready`, `authenticated`, `chat.ongoing`, `chat.updated`, `chat.message`,
 * `chat.memberJoined`, `chat.memberLeft`, `chat.typingStarted`, `chat.typingEnded`, `chat.connected`, `chat.disconnected`, `chat.dismissed`,
 * `chat.timeout`, `chat.ended`, `chat.destroyed`.
 */
export class Client {
  /** @type {Map<string, Handler[]>} */
  #handlers = new Map();
  #platform;
  #authenticated;
  #destroyed = false;

  /** The current chat. @type {Chat | null} */
  chat = null;

  /**
   * @param {ClientOptions} options
   * @param {import("./platform.js").ClientSide} platform
   */
  constructor(options, platform) {
    if (typeof options?.companyId !== "string") throw new TypeError("companyId is required.");
    if (typeof options.authenticate !== "function") throw new TypeError("authenticate is required.");
    this.options = Object.freeze({ ...options });
    this.#platform = platform;
    this.#authenticated = this.#authenticate();
    this.#authenticated.catch(() => {}); // reported by the first call that needs it

    const { updatePostSessionArguments: taken } = platform.quirks;
    if (taken === 0) Object.defineProperty(this, "updatePostSession", { value: undefined });
    if (taken === 1) {
      /** @param {string} status */
      const oneArgument = (status) => this.#call((server) => server.updatePostSession(status, undefined));
      Object.defineProperty(this, "updatePostSession", { value: oneArgument });
    }
  }

  /** @param {string} event @param {Handler} handler */
  on(event, handler) {
    // A new list each time: a handler that adds or removes one does not disturb the round that is running.
    this.#handlers.set(event, [...(this.#handlers.get(event) ?? []), handler]);
  }

  /** @param {string} event @param {Handler} handler */
  off(event, handler) {
    const left = (this.#handlers.get(event) ?? []).filter((known) => known !== handler);
    this.#handlers.set(event, left);
  }

  /** For tests: how many handlers are there. @param {string} [event] */
  listenerCount(event) {
    if (event !== undefined) return this.#handlers.get(event)?.length ?? 0;
    return [...this.#handlers.values()].reduce((sum, list) => sum + list.length, 0);
  }

  async getCompany() {
    return this.#call((server) => server.company());
  }

  async getMenus() {
    return this.#call((server) => server.menus());
  }

  async getFeatureFlags() {
    return this.#call(() => ({}));
  }

  /** @param {number} menuId @param {CreateChatOptions} [options] */
  async createChat(menuId, options = {}) {
    return this.#call((server) => {
      this.chat = new Chat(server, server.createChat(menuId, options));
      return this.chat;
    });
  }

  /** After a reload: the chat that is still going on, or null. */
  async loadOngoingChat() {
    return this.#call((server) => {
      const state = server.ongoingChat();
      if (!state) return null;
      this.chat = new Chat(server, state);
      server.announceOngoing(this);
      return this.chat;
    });
  }

  /** For a dismissed chat. @param {number | string} chatId */
  async resumeChat(chatId) {
    return this.#call((server) => {
      this.chat = new Chat(server, server.resumeChat(chatId));
      return this.chat;
    });
  }

  /** The end user ends the chat. */
  async finishChat() {
    await this.#call((server) => server.finishChat());
  }

  /** Drops the local chat, so that a new one can start. */
  async destroyChat() {
    await this.#call((server) => {
      this.chat = null;
      server.announceDestroyed(this);
    });
  }

  /** @param {string} status @param {boolean} [optInSelection] @returns {Promise<void>} */
  async updatePostSession(status, optInSelection) {
    await this.#call((server) => server.updatePostSession(status, optInSelection));
  }

  async fetchMessages() {
    return this.#call((server) => server.messages());
  }

  /** @param {string} text */
  async sendTextMessage(text) {
    await this.#call((server) => server.receive({ type: "text", content: text }));
  }

  /** @param {string} text */
  async sendPreviewMessage(text) {
    await this.#call((server) => server.preview(text));
  }

  /** Takes the communication channel down; no event after it. */
  destroy() {
    this.#destroyed = true;
    this.#handlers.clear();
    this.#platform.forget(this);
  }

  /**
   * The wire's end. A handler that throws stops neither the others nor the wire.
   *
   * @param {import("./wire.js").Frame} frame
   */
  deliver(frame) {
    if (this.#destroyed) return;
    if (frame.state && this.chat && frame.state.id === this.chat.state.id) this.chat.state = frame.state;
    // Chat events hand the Chat object over, not the bare record.
    const args = frame.event === "chat.updated" || frame.event === "chat.ongoing" ? [this.chat] : frame.args;
    for (const handler of this.#handlers.get(frame.event) ?? []) {
      try {
        handler(...args);
      } catch (error) {
        reportError(error);
      }
    }
  }

  async #authenticate() {
    this.#platform.announce(this, "ready");
    const { token } = await this.options.authenticate();
    if (typeof token !== "string" || token === "") throw new SdkError(401, "The token was refused.");
    this.#platform.announce(this, "authenticated");
  }

  /**
   * @template T
   * @param {(server: import("./platform.js").ClientSide) => T} run
   * @returns {Promise<T>}
   */
  async #call(run) {
    await this.#authenticated;
    if (this.#destroyed) throw new SdkError(410, "The client was destroyed.");
    return run(this.#platform);
  }
}

/** @param {unknown} error */
function reportError(error) {
  if (typeof globalThis.reportError === "function") globalThis.reportError(error);
  else console.error(error);
}
