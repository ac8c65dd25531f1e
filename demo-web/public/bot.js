/** The conversation with the virtual agent, over the address that the hand-off's answer gave. */
export class BotConversation {
  #url;
  #stop = new AbortController();

  /**
   * @param {string} url
   * @param {string} allowedOrigin Messages go to this origin and to no other.
   */
  constructor(url, allowedOrigin) {
    if (new URL(url).origin !== allowedOrigin)
      throw new Error("The conversation's address is not on the list of endpoints.");
    this.#url = url;
  }

  /**
   * @param {string} text
   * @returns {Promise<{ messages: string[], ended: boolean }>}
   */
  async send(text) {
    const response = await fetch(this.#url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ text }),
      credentials: "omit",
      redirect: "error",
      signal: this.#stop.signal,
    });
    const body = await response.json();
    if (!response.ok) throw new Error(`The virtual agent answered ${response.status}.`);
    return {
      messages: body.messages.map((/** @type {any} */ message) => String(message.text)),
      ended: body.ended === true,
    };
  }

  stop() {
    this.#stop.abort();
  }
}
