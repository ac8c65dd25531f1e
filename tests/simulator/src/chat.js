/**
 * The object in `client.chat`. Its `state` is the newest chat record that has reached this client: a fresh, frozen object at every update.
 */
export class Chat {
  #call;
  #revision;
  /** @type {Readonly<Record<string, any>>} */
  state;

  /**
   * @param {import("./client.js").Call} call
   * @param {import("./wire.js").Snapshot} snapshot
   */
  constructor(call, snapshot) {
    this.#call = call;
    this.#revision = snapshot.revision;
    this.state = snapshot.state;
  }

  /** @param {Record<string, unknown>} raw A raw message; `noti` is allowed. @returns {Promise<void>} */
  async sendMessage(raw) {
    await this.#call("chat.sendMessage", (server) => server.receive(raw));
  }

  /** @returns {Promise<void>} */
  async startTyping() {
    await this.#call("chat.startTyping", (server) => server.typing(true));
  }

  /** @returns {Promise<void>} */
  async stopTyping() {
    await this.#call("chat.stopTyping", (server) => server.typing(false));
  }

  /**
   * For the client. Undocumented: whether a late `chat.updated` brings an old state back. Here it does not.
   *
   * @param {import("./wire.js").Snapshot} snapshot
   */
  accept(snapshot) {
    if (snapshot.revision < this.#revision) return;
    this.#revision = snapshot.revision;
    this.state = snapshot.state;
  }
}
