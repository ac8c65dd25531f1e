import { SdkError } from "./errors.js";

/**
 * A cobrowse session as far as the reference goes: the object that the `cobrowse.*` events carry. Simplified: it has a state and an end, and
 * shares no screen; nobody confirms anything; redaction, remote control and full-device sharing are not there.
 */
export class CobrowseSession {
  #end;
  id;
  code;
  /** Undocumented on the web; these are the states of the mobile SDK. @type {"pending" | "active" | "ended"} */
  state = "pending";

  /** @param {string} id @param {string} code @param {(session: CobrowseSession) => void} end */
  constructor(id, code, end) {
    this.id = id;
    this.code = code;
    this.#end = end;
  }

  /** The end user stops sharing. @returns {Promise<void>} */
  async end() {
    this.#end(this);
  }
}

/** The agents' side of cobrowsing, and the sessions. One session at a time, and it belongs to one client. */
export class Cobrowse {
  #session;
  #agent;
  #send;
  /** @type {{ cobrowse: CobrowseSession, client: object | null } | null} */
  #current = null;
  #count = 0;

  /**
   * @param {import("./session.js").Session} session
   * @param {import("./session.js").Person} agent
   * @param {(frame: import("./wire.js").Frame) => void} send
   */
  constructor(session, agent, send) {
    this.#session = session;
    this.#agent = agent;
    this.#send = send;
  }

  /** The agent asks to see the screen. */
  request() {
    this.#session.notice("cobrowseRequestedFromAgent");
    // Undocumented: what `from` is. Here: who asks.
    this.#session.emit("cobrowse.request", { type: "agent", ...this.#agent });
  }

  /** The agent opens the session, by its code. */
  join() {
    const { cobrowse, client } = this.#need();
    if (!client) throw new Error("The client has not started the cobrowse session.");
    cobrowse.state = "active";
    this.#tell("cobrowse.updated");
  }

  end() {
    const { cobrowse } = this.#need();
    cobrowse.state = "ended";
    this.#tell("cobrowse.ended");
    this.#current = null;
  }

  // ── For the platform ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** A code for a session that the client has yet to start. */
  createCode() {
    this.#current ??= { cobrowse: this.#create(), client: null };
    return this.#current.cobrowse.code;
  }

  /** @param {object} client */
  start(client) {
    this.#current ??= { cobrowse: this.#create(), client: null };
    return this.#load(client);
  }

  /** After a reload: the session that was started before, or null. @param {object} client */
  restore(client) {
    return this.#current?.client ? this.#load(client) : null;
  }

  #create() {
    this.#count += 1;
    const code = String(100_000 + ((this.#count * 314_159) % 900_000));
    return new CobrowseSession(`cobrowse-${this.#count}`, code, (session) => {
      if (this.#current?.cobrowse !== session) throw new SdkError(409, "The cobrowse session has ended.");
      this.end();
    });
  }

  /** @param {object} client */
  #load(client) {
    const current = this.#need();
    current.client = client;
    this.#tell("cobrowse.loaded");
    return current.cobrowse;
  }

  /** @param {string} event */
  #tell(event) {
    const { cobrowse, client } = this.#need();
    if (client) this.#send({ event, args: [cobrowse], snapshot: null, only: client, except: null });
  }

  #need() {
    if (!this.#current) throw new Error("There is no cobrowse session.");
    return this.#current;
  }
}
