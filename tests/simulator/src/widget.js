import { SdkError } from "./errors.js";
import { Emitter } from "./events.js";

/**
 * @typedef {import("./client.js").Client} Client
 * @typedef {{ menuKey?: string, ticketId?: string, preferredChannel?: string }} StartOptions
 * @typedef {{ optIn: boolean }} Question `optIn`: the platform requires an opt-in; false: it does not say.
 */

/** The stock widget as a page sees it: the `ccaas` object. It draws nothing; `pressEnd`, `leave` and `answerPostSession` are its buttons. */
export class Widget {
  VERSION = "3.44.2";

  #connect;
  #quirks;
  #emitter = new Emitter((event, args) => this.#heard(event, args));
  /** @type {Client | undefined} */
  #client;
  /** @type {Record<string, unknown>} */
  #config = {};
  #mounted = false;
  #visible = false;
  #unread = 0;
  /** The end user ended it here. */
  #pressedEnd = false;
  #ended = false;
  /** The chat that was asked about: one question for each. @type {unknown} */
  #asked;
  /** @type {Question | null} */
  #question = null;

  /**
   * @param {import("./client.js").ClientOptions} options
   * @param {Readonly<import("./quirks.js").Quirks>} quirks
   * @param {(emitter: Emitter) => Client} connect
   */
  constructor(options, quirks, connect) {
    this.options = Object.freeze({ ...options });
    this.#quirks = quirks;
    this.#connect = connect;
    if (!quirks.clientAfterMount) this.#client = connect(this.#emitter);
  }

  /** The headless client behind it. */
  get client() {
    return this.#client;
  }

  /** An alias of the client's, also for the events that only the widget has. @param {string} event @param {import("./events.js").Handler} handler */
  on(event, handler) {
    this.#emitter.on(event, handler);
  }

  /** @param {string} event @param {import("./events.js").Handler} handler */
  off(event, handler) {
    this.#emitter.off(event, handler);
  }

  /** For tests: how many handlers are there. @param {string} [event] */
  listenerCount(event) {
    return this.#emitter.listenerCount(event);
  }

  /** `customData` and `menuKey` take effect; the rest is kept. @param {Record<string, unknown>} changes */
  config(changes) {
    this.#config = { ...this.#config, ...changes };
  }

  /** Undocumented: whether mounting shows it. Here: it stays hidden until `show` or `start`. @param {string | Element} target */
  mount(target) {
    const missing = typeof target === "string" && globalThis.document && !globalThis.document.querySelector(target);
    if (!target || missing) throw new Error(`There is no element "${target}".`);
    this.#client ??= this.#connect(this.#emitter);
    this.#mounted = true;
  }

  unmount() {
    this.hide();
    this.#mounted = false;
  }

  destroy() {
    this.unmount();
    this.#question = null;
    this.#emitter.clear();
    this.#client?.destroy();
  }

  show() {
    this.#setVisible(true);
    this.#setUnread(0);
  }

  hide() {
    this.#setVisible(false);
  }

  /**
   * Shows the widget and goes on with the chat that is there, or begins one in the first queue. Undocumented: what it returns. Simplified: the
   * real widget lets the end user choose the queue and the channel.
   *
   * @param {StartOptions} [options]
   */
  async start({ menuKey = /** @type {string | undefined} */ (this.#config.menuKey), ticketId, preferredChannel } = {}) {
    const client = this.#need();
    this.show();
    if (preferredChannel !== undefined && preferredChannel !== "chat") return null;
    const ongoing = await client.loadOngoingChat();
    if (ongoing) return ongoing;
    const { menus } = await client.getMenus(menuKey);
    if (menus.length === 0) throw new SdkError(404, "There is no such menu.");
    const { customData } = this.#config;
    return client.createChat(menus[0].id, {
      ...(ticketId !== undefined && { ticket_id: ticketId }),
      ...(customData !== undefined && {
        custom_data: typeof customData === "string" ? { signed: customData } : { unsigned: Object(customData) },
      }),
    });
  }

  // ── What a test reads and presses ─────────────────────────────────────────────────────────────────────────────────────────────────

  get mounted() {
    return this.#mounted;
  }

  get visible() {
    return this.#visible;
  }

  get unread() {
    return this.#unread;
  }

  /** The configuration in force. */
  get configuration() {
    return Object.freeze({ ...this.#config });
  }

  /** What it asks the end user just now. */
  get question() {
    return this.#question;
  }

  /** "End" is pressed. */
  async pressEnd() {
    const client = this.#need();
    this.#pressedEnd = true;
    const finished = client.finishChat();
    if (this.#quirks.hidesOnEnd) this.hide();
    await finished;
  }

  /** The end user leaves the screen. `exited` tells of it after an agent has ended the chat, and only then. */
  leave() {
    if (this.#ended && !this.#pressedEnd) this.#emitter.emit("exited", []);
  }

  /** @param {boolean} yes */
  async answerPostSession(yes) {
    if (!this.#question) throw new Error("The widget asks nothing.");
    this.#question = null;
    await this.#updatePostSession("ready", yes);
    if (yes) await this.#updatePostSession("in_progress", yes);
  }

  // ── Inside ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** @param {string} event @param {readonly unknown[]} args */
  #heard(event, args) {
    if (event === "chat.message") this.#count(/** @type {import("./session.js").Message} */ (args[0]));
    if (event === "chat.destroyed") this.#question = null;
    if (event === "chat.ended") this.#ended = true;
    if (event !== "chat.updated") return;

    const { id, status, ...state } = /** @type {import("./chat.js").Chat} */ (args[0]).state;
    if (status === "finished") this.#ended = true;
    else if (status === "queued") this.#ended = this.#pressedEnd = false;
    if (state.post_session_transfer_status ?? state.postSessionTransferStatus) this.#question = null;
    else if ((state.post_session_required ?? state.postSessionRequired) === true && this.#asked !== id) {
      this.#asked = id;
      this.#offer(state.post_session_opt_in_required ?? state.postSessionOptInRequired ?? null);
    }
  }

  /** @param {boolean | null} optInRequired */
  #offer(optInRequired) {
    if (!this.#quirks.asksPostSession) return;
    if (optInRequired === false) void this.#startUnasked();
    else this.#question = { optIn: optInRequired === true };
  }

  async #startUnasked() {
    try {
      await this.#updatePostSession("ready");
      await this.#updatePostSession("in_progress");
    } catch {
      // Undocumented: what the widget shows when the platform refuses.
    }
  }

  /** @param {[status: string, optIn?: boolean]} args */
  async #updatePostSession(...args) {
    await this.#need().updatePostSession?.(...args);
  }

  /** Undocumented: which messages count. Here: what others say, without notices. @param {import("./session.js").Message} message */
  #count({ type, $userType }) {
    if (!this.#visible && type !== "noti" && $userType !== "end_user") this.#setUnread(this.#unread + 1);
  }

  /** @param {boolean} visible */
  #setVisible(visible) {
    if (visible === this.#visible) return;
    this.#visible = visible;
    this.#emitter.emit("visible", [visible]);
  }

  /** @param {number} unread */
  #setUnread(unread) {
    if (unread === this.#unread) return;
    this.#unread = unread;
    this.#emitter.emit("chat.unread", [unread]);
  }

  #need() {
    if (!this.#client) throw new Error("The widget has no client before it is mounted.");
    return this.#client;
  }
}
