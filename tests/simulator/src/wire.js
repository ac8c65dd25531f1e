/**
 * The way events take from the platform to the clients: one at a time, in order, and always after the call that caused them has returned.
 *
 * @typedef {object} Frame
 * @property {string} event
 * @property {readonly unknown[]} args
 * @property {Readonly<Record<string, unknown>> | null} state The chat as the platform knew it when the event was sent.
 * @property {import("./client.js").Client | null} only The one client it is for; null: all of them.
 */

export class Wire {
  /** @type {Frame[]} */
  #frames = [];
  #running = false;
  /** @type {(() => void)[]} */
  #waiting = [];
  #schedule;
  #deliver;

  /**
   * @param {(run: () => void) => void} schedule
   * @param {(frame: Frame) => void} deliver
   */
  constructor(schedule, deliver) {
    this.#schedule = schedule;
    this.#deliver = deliver;
  }

  /** @param {Frame[]} frames */
  send(...frames) {
    this.#frames.push(...frames);
    if (!this.#running && this.#frames.length > 0) {
      this.#running = true;
      this.#schedule(() => this.#next());
    }
  }

  /** Settles when nothing is under way. */
  idle() {
    if (!this.#running) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(() => resolve(undefined)));
  }

  #next() {
    const frame = this.#frames.shift();
    try {
      if (frame) this.#deliver(frame);
    } finally {
      if (this.#frames.length > 0) {
        this.#schedule(() => this.#next());
      } else {
        this.#running = false;
        for (const done of this.#waiting.splice(0)) done();
      }
    }
  }
}
