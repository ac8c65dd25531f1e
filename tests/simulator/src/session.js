import { SdkError } from "./errors.js";

/**
 * @typedef {"agent" | "end_user" | "virtual_agent"} MemberType
 * @typedef {{ id: number, name: string }} Person
 * @typedef {{ type: MemberType, id: number, name: string }} Identity What `chat.memberJoined` and the like carry unless a quirk changes it.
 *
 * @typedef {object} Message
 * @property {number} $index
 * @property {string} $sid
 * @property {Date} $timestamp
 * @property {MemberType | "system"} $userType
 * @property {number} $userId
 * @property {string} type
 * @property {string} [content]
 * @property {string} [event] Of a `noti`.
 * @property {File | { name: string, type: string }} [file]
 *
 * @typedef {{ required: boolean | null, optInRequired: boolean | null }} PostSessionFlags
 *
 * @typedef {"none" | "live" | "ended" | "post_session" | "over"} Phase `live`: queue, virtual agent, human, dismissed; `ended`: a virtual
 *   agent may still come; `post_session`: it talks; `over`: nothing follows.
 *
 * @typedef {object} SessionOptions
 * @property {Readonly<import("./quirks.js").Quirks>} quirks
 * @property {{ id: number, identifier: string }} endUser
 * @property {PostSessionFlags | null} postSession
 * @property {() => number} now
 * @property {(frame: import("./wire.js").Frame) => void} send
 */

const dismissed = ["dismissed", "va_dismissed"];

/** One chat as the servers know it, and the events that tell of it. There is one at a time; the earlier ones are history. */
export class Session {
  #options;
  /** @type {Record<string, any> | null} */
  #state = null;
  #revision = 0;
  /** @type {Message[]} */
  #messages = [];
  #endedSent = false;
  #waits = false;
  /** One post-session experience per chat. */
  #postSessionDone = false;

  /** @type {Phase} */
  phase = "none";
  /** Earlier chats, oldest first. @type {{ id: number, entries: Message[] }[]} */
  history = [];

  /** @param {SessionOptions} options */
  constructor(options) {
    this.#options = options;
  }

  // ── What it knows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

  get state() {
    return this.#state && Object.freeze({ ...this.#state });
  }

  get messages() {
    return [...this.#messages];
  }

  /** Somebody can write. Undocumented: whether one can to a dismissed chat. Here: yes, and it stays dismissed. */
  get open() {
    return this.phase === "live" || this.phase === "post_session";
  }

  /** `chat.ended` is held back for a virtual agent's part. */
  get waiting() {
    return this.phase === "ended" && this.#waits;
  }

  get dismissed() {
    return this.phase === "live" && dismissed.includes(this.need().status);
  }

  get canStartPostSession() {
    return this.phase === "ended" && !this.#postSessionDone;
  }

  need() {
    if (!this.#state) throw new Error("There is no chat yet: a client has to create one.");
    return this.#state;
  }

  /** @returns {import("./wire.js").Snapshot} */
  snapshot() {
    return { state: Object.freeze({ ...this.need() }), revision: this.#revision };
  }

  // ── Events ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** @param {string} event @param {unknown[]} args */
  emit(event, ...args) {
    this.#send(event, args, null);
  }

  /** @param {Record<string, unknown>} changes */
  update(changes) {
    this.#set(changes);
    this.emit("chat.updated");
  }

  /**
   * @param {Message["$userType"]} type
   * @param {number} id
   * @param {Record<string, unknown>} body
   * @param {object | null} [except] A client that does not hear it.
   */
  message(type, id, body, except = null) {
    const $index = this.#messages.length;
    const message = /** @type {Message} */ ({
      ...body,
      $index,
      $sid: `IM${this.need().id}-${$index}`,
      $timestamp: new Date(this.#options.now()),
      $userType: type,
      $userId: id,
    });
    this.#messages.push(message);
    this.#send("chat.message", [message], except);
  }

  /** @param {string} event */
  notice(event) {
    this.message("system", 0, { type: "noti", event });
  }

  /** @param {MemberType} type @param {Person} person @param {boolean} on */
  typing(type, person, on) {
    this.emit(on ? "chat.typingStarted" : "chat.typingEnded", this.#identity(type, person));
  }

  // ── Its life ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** @param {Record<string, unknown> & { id: number }} state */
  begin(state) {
    if (this.#state) this.history.push({ id: this.#state.id, entries: this.#messages });
    this.#messages = [];
    this.#endedSent = this.#waits = false;
    this.#postSessionDone = false;
    this.phase = "live";
    this.#set({ ...state, created_at: this.#time() }, {});
    this.emit("chat.connected");
    this.emit("chat.updated");
  }

  /** @param {"agent" | "virtual_agent"} type @param {Person} person @param {Record<string, unknown>} [changes] Of the status, if it changes. */
  join(type, person, changes = {}) {
    const all = `all_${type}s`;
    const known = /** @type {Person[]} */ (this.need()[all]).filter(({ id }) => id !== person.id);
    this.update({ ...changes, [type]: person, [all]: [...known, person] });
    this.emit("chat.memberJoined", this.#identity(type, person));
  }

  /** @param {"agent" | "virtual_agent"} type */
  leave(type) {
    const person = this.need()[type];
    if (!person) return;
    this.notice("memberLeft");
    this.update({ [type]: null });
    this.emit("chat.memberLeft", this.#identity(type, person));
  }

  /**
   * The part before any post-session virtual agent is over. No event says who ended it, as with the real SDK.
   *
   * @param {{ status?: string, connected?: boolean }} [how] `connected`: somebody had taken the chat.
   */
  end({ status = "finished", connected = true } = {}) {
    const { postSession, quirks } = this.#options;
    const flags = connected && !this.#postSessionDone ? postSession : null;
    const fields = flags
      ? { post_session_required: flags.required, post_session_opt_in_required: flags.optInRequired }
      : {};
    this.phase = connected ? "ended" : "over";

    if (quirks.flagsWith === "notice") this.#set(this.spelled(fields));
    if (quirks.chatEndedNotice) this.notice("chatEnded");
    const now = quirks.flagsWith === "update" ? this.spelled(fields) : {};
    this.update({ status, ends_at: this.#time(), ...now });
    // Undocumented: whether `chat.ended` waits for the virtual agent's part, and which chats have one.
    this.#waits = quirks.chatEnded === "after" && flags !== null && flags.required !== false;
    if (quirks.chatEnded !== "never" && !this.#waits) this.#sendEnded();
    if (quirks.flagsWith === "late" && flags) this.update(this.spelled(fields));
  }

  beginPostSession() {
    this.phase = "post_session";
    this.#postSessionDone = true;
  }

  /** A human took over: the chat is an ordinary one again. */
  backToLive() {
    this.phase = "live";
  }

  /** The virtual agent's part is over, or there will be none. */
  endPostSession() {
    const talked = this.phase === "post_session";
    const { chatEnded } = this.#options.quirks;
    this.phase = "over";
    if (talked && this.need().status !== "finished") this.update({ status: "finished", ends_at: this.#time() });
    if ((chatEnded === "after" && !this.#endedSent) || (chatEnded === "both" && talked)) this.#sendEnded();
  }

  /** @param {Record<string, unknown>} fields In snake case. */
  spelled(fields) {
    if (this.#options.quirks.flagSpelling === "snake") return fields;
    const camel = (/** @type {string} */ name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
    return Object.fromEntries(Object.entries(fields).map(([name, value]) => [camel(name), value]));
  }

  // ── Inside ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

  #sendEnded() {
    this.#endedSent = true;
    this.emit("chat.ended");
  }

  /** @param {Record<string, unknown>} changes @param {Record<string, unknown>} [base] */
  #set(changes, base = this.need()) {
    this.#state = { ...base, ...changes };
    this.#revision += 1;
  }

  /** @param {string} event @param {unknown[]} args @param {object | null} except */
  #send(event, args, except) {
    this.#options.send({ event, args, snapshot: this.#state && this.snapshot(), only: null, except });
  }

  /** Undocumented: the fields of an identity. @param {MemberType} type @param {Person} person */
  #identity(type, person) {
    const { id, name } = person;
    const shapes = {
      type: { type, id, name },
      $userType: { $userType: type, id, name },
      user_type: { user_type: type, id, name },
      is_customer: { is_customer: type === "end_user", display_name: name },
      text: type,
    };
    return shapes[this.#options.quirks.memberIdentity];
  }

  #time() {
    return new Date(this.#options.now()).toISOString();
  }
}

/** @param {Session} session @param {number | string} chatId */
export function checkResumable(session, chatId) {
  const { state } = session;
  if (!state || String(state.id) !== String(chatId)) throw new SdkError(404, "There is no such chat.");
  if (!session.dismissed) throw new SdkError(409, "The chat is not dismissed.");
}
