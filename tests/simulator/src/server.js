import { SdkError } from "./errors.js";
import { checkResumable } from "./session.js";

/**
 * @typedef {import("./client.js").Client} Client
 *
 * @typedef {object} World What the servers of one simulator share.
 * @property {import("./platform.js").Settings} options
 * @property {Readonly<import("./quirks.js").Quirks>} quirks
 * @property {import("./session.js").Session} session
 * @property {import("./virtual-agent.js").VirtualAgents} virtualAgent
 * @property {import("./cobrowse.js").Cobrowse} cobrowse
 * @property {import("./check-in.js").CheckIn} checkIn
 * @property {import("./catalogue.js").Catalogue} catalogue
 * @property {import("./wire.js").Wire} wire
 * @property {import("./platform.js").Records} records
 * @property {(client: Client) => void} forget
 */

const historyPage = 10;

/** What one client can ask of the platform. */
export class Server {
  #world;
  #client;

  /** @param {World} world @param {Client} client */
  constructor(world, client) {
    this.#world = world;
    this.#client = client;
    this.quirks = world.quirks;
    this.catalogue = world.catalogue;
  }

  /** Undocumented: what a call does while the network is down. Here: it is refused at once. */
  reach() {
    if (!this.#world.wire.up) throw new SdkError(0, "The network is down.");
  }

  /** Tells this client alone. @param {string} event */
  announce(event) {
    const { session, wire } = this.#world;
    const snapshot = event === "chat.ongoing" ? session.snapshot() : null;
    wire.send({ event, args: [], snapshot, only: this.#client, except: null });
  }

  forget() {
    this.#world.forget(this.#client);
  }

  // ── Chats ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** @param {number | string} menuId @param {import("./client.js").CreateChatOptions} options */
  createChat(menuId, options) {
    const { session, catalogue, records, virtualAgent, checkIn, options: settings } = this.#world;
    // Undocumented: what becomes of a dismissed chat, or of a virtual agent that still talks. Here: the new chat takes their place.
    if (session.phase === "live" && !session.dismissed) throw new SdkError(409, "There is an ongoing chat.");
    const menu = catalogue.menu(menuId);
    records.chats.push({ menuId, options });
    virtualAgent.reset();
    checkIn.reset();
    session.begin({
      id: records.nextChatId++,
      status: "queued",
      status_text: "",
      features: [],
      ends_at: null,
      timeout_at: null,
      agent: null,
      virtual_agent: null,
      all_agents: [],
      all_virtual_agents: [],
      lang: options.lang ?? settings.lang,
      menus: [menu],
      end_user: settings.endUser,
    });
    return session.snapshot();
  }

  /** Undocumented: whether a chat whose virtual agent is yet to come is still "ongoing". Here: as long as `chat.ended` waits for it. */
  ongoingChat() {
    const { session } = this.#world;
    return session.open || session.waiting ? session.snapshot() : null;
  }

  /** @param {number | string} chatId */
  resumeChat(chatId) {
    const { session } = this.#world;
    checkResumable(session, chatId);
    session.update({ status: "queued" });
    return session.snapshot();
  }

  /** Undocumented: pressing "End" twice does nothing; and during the virtual agent's part it ends that part. */
  finishChat() {
    const { session, virtualAgent } = this.#world;
    if (session.phase === "live") session.end();
    else if (session.phase === "post_session") {
      virtualAgent.leave();
      session.endPostSession();
    }
  }

  /** @param {string} status @param {boolean | undefined} optIn @returns {void | Promise<void>} */
  updatePostSession(status, optIn) {
    const { session, virtualAgent, records, quirks } = this.#world;
    records.postSessionCalls += 1;
    const { updatePostSession: answer } = quirks;
    if (answer === "hangs") return new Promise(() => {});
    if (answer === "rejects" || (answer === "rejects-once" && records.postSessionCalls === 1)) {
      throw new SdkError(500, "The post-session status was not taken.");
    }
    if (!session.state) throw new SdkError(404, "There is no chat.");
    records.postSessionUpdates.push({ status, optIn });
    session.update(session.spelled({ post_session_transfer_status: status }));
    if (optIn === false && session.canStartPostSession) session.endPostSession();
    else if (status === "in_progress") virtualAgent.startPostSession();
  }

  // ── Messages ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

  messages() {
    return this.#world.session.messages;
  }

  /** The earlier chats, newest first. Undocumented: what else the answer holds. @param {number} page From 1. */
  history(page) {
    const newestFirst = [...this.#world.session.history].reverse();
    return { chats: newestFirst.slice((page - 1) * historyPage, page * historyPage) };
  }

  /** @param {Record<string, unknown>} raw */
  receive(raw) {
    const { session, virtualAgent, options, quirks } = this.#world;
    if (!session.open) throw new SdkError(404, "There is no ongoing chat.");
    session.message("end_user", options.endUser.id, raw, quirks.echo ? null : this.#client);
    virtualAgent.hear(raw.content);
  }

  /** @param {boolean} on */
  typing(on) {
    const { session, options } = this.#world;
    session.typing("end_user", { id: options.endUser.id, name: "" }, on);
  }

  /** @param {string} text */
  preview(text) {
    this.#world.records.previews.push(text);
  }

  // ── Check-in and cobrowse ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  notifyCheckInState() {
    this.#world.checkIn.notified();
  }

  checkIn() {
    return this.#world.checkIn.checkIn();
  }

  rejoinChat() {
    return this.#world.checkIn.rejoin();
  }

  createCobrowseCode() {
    return this.#world.cobrowse.createCode();
  }

  startCobrowse() {
    return this.#world.cobrowse.start(this.#client);
  }

  restoreCobrowseSession() {
    return this.#world.cobrowse.restore(this.#client);
  }
}
