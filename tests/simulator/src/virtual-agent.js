/**
 * @typedef {import("./session.js").Person} Person
 * @typedef {string | Record<string, unknown>} Reply A text, or a message's fields.
 *
 * @typedef {object} PostSessionVirtualAgent
 * @property {number} id
 * @property {string} name
 * @property {string} greeting
 * @property {(text: string, turn: number) => Reply | readonly Reply[] | null | undefined} [replies] What it answers; turns count from 0.
 *
 * @typedef {object} VirtualAgentOptions
 * @property {Person} virtualAgent
 * @property {PostSessionVirtualAgent} postSessionVirtualAgent
 * @property {Readonly<import("./quirks.js").Quirks>} quirks
 */

/** The virtual agents: before a human, and after the session. At most one takes part at a time. */
export class VirtualAgents {
  #session;
  #options;
  /** @type {Person} */
  #person;
  #turn = 0;
  #escalating = false;

  /** @param {import("./session.js").Session} session @param {VirtualAgentOptions} options */
  constructor(session, options) {
    this.#session = session;
    this.#options = options;
    this.#person = options.virtualAgent;
  }

  /** @param {Person} [person] Another one than the last, as after a hand-over from one virtual agent to the next. */
  join(person = this.#person) {
    this.#person = { id: person.id, name: person.name };
    this.#session.join("virtual_agent", this.#person, this.#status("va_assigned"));
  }

  /** @param {string} text */
  say(text) {
    this.send({ type: "text", content: text });
  }

  /** @param {Record<string, unknown>} body A message of another kind: `inline_button`, `content_card`, … */
  send(body) {
    this.#session.message("virtual_agent", this.#person.id, body);
  }

  typing(on = true) {
    this.#session.typing("virtual_agent", this.#person, on);
  }

  /** It goes without a word, as when another virtual agent takes over. */
  leave() {
    this.#session.leave("virtual_agent");
  }

  /** It is done: the documented action, then it goes, and its part or the whole chat is over. */
  end() {
    this.#need();
    // Undocumented: how a Dialogflow payload with an action looks once it is a message.
    const action = { type: "action", action: "end" };
    this.send(this.#options.quirks.actionPayload === "ujet" ? { type: "custom", ujet: action } : action);
    this.leave();
    if (this.#session.phase === "post_session") this.#session.endPostSession();
    else this.#session.end();
  }

  /** It asks for a human: one takes over when `simulator.agent.join()` is called. */
  escalate() {
    this.#need();
    this.#escalating = true;
    this.#session.notice("escalationStarted");
    // Undocumented: the status while nobody has taken over.
    this.#session.update(this.#status("queued"));
  }

  // ── For the platform ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Another chat has begun. */
  reset() {
    this.#person = this.#options.virtualAgent;
    this.#escalating = false;
  }

  /** A human comes. */
  handOver() {
    if (!this.#escalating) return;
    this.#escalating = false;
    this.#session.notice("escalationAccepted");
    this.leave();
    this.#session.backToLive();
  }

  startPostSession() {
    const { quirks, postSessionVirtualAgent: agent } = this.#options;
    if (quirks.postSessionVirtualAgent === "never" || !this.#session.canStartPostSession) return;
    this.#session.beginPostSession();
    this.#turn = 0;
    this.join(agent);
    this.say(agent.greeting);
  }

  /** The end user wrote something. @param {unknown} text */
  hear(text) {
    const { replies } = this.#options.postSessionVirtualAgent;
    const listens = this.#session.phase === "post_session" && !this.#escalating && this.#session.need().virtual_agent;
    if (!listens || !replies || typeof text !== "string") return;
    const answer = replies(text, this.#turn++) ?? [];
    for (const reply of Array.isArray(answer) ? answer : [answer]) {
      if (typeof reply === "string") this.say(reply);
      else this.send(reply);
    }
  }

  /** @param {string} status */
  #status(status) {
    const keeps = this.#session.phase === "post_session" && this.#options.quirks.keepsStatusDuringVirtualAgent;
    return keeps ? {} : { status };
  }

  #need() {
    if (!this.#session.need().virtual_agent) throw new Error("No virtual agent takes part.");
  }
}
