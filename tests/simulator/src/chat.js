/**
 * The object in `client.chat`. Its `state` is the newest chat record that has reached this client: a fresh, frozen object at every update.
 *
 * @typedef {object} Identity
 * @property {"agent" | "end_user" | "virtual_agent"} type
 * @property {number} id
 * @property {string} name
 */

export class Chat {
  #platform;
  /** @type {Readonly<Record<string, unknown>>} */
  state;

  /**
   * @param {import("./platform.js").ClientSide} platform
   * @param {Readonly<Record<string, unknown>>} state
   */
  constructor(platform, state) {
    this.#platform = platform;
    this.state = state;
  }

  /** @param {Record<string, unknown>} raw A raw message; `noti` is allowed. */
  async sendMessage(raw) {
    await this.#platform.receive(raw);
  }

  async startTyping() {
    await this.#platform.typing(true);
  }

  async stopTyping() {
    await this.#platform.typing(false);
  }
}
