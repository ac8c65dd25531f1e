/**
 * The way events take from the platform to the clients: one at a time, in order unless a quirk says otherwise, and always after the call that
 * caused them has returned.
 *
 * @typedef {object} Snapshot
 * @property {Readonly<Record<string, any>>} state
 * @property {number} revision Counts up: a client never goes back to an older state.
 *
 * @typedef {object} Frame
 * @property {string} event
 * @property {readonly unknown[]} args
 * @property {Snapshot | null} snapshot The chat as the platform knew it when the event was sent; null: it is about no chat.
 * @property {object | null} only The one client it is for; null: all that take part in the chat.
 * @property {object | null} except One client that does not hear it.
 *
 * @typedef {{ frame: Frame, due: number, place: readonly [number, number] }} Entry
 *
 * @typedef {object} WireOptions
 * @property {(run: () => void, delayMs: number) => unknown} schedule
 * @property {() => number} now
 * @property {number} latencyMs
 * @property {import("./disorder.js").Disorder} disorder
 * @property {(frame: Frame) => void} deliver
 */

export class Wire {
  #options;
  /** @type {Entry[]} */
  #entries = [];
  /** What was sent while the network is down; null: it is up. @type {Frame[] | null} */
  #held = null;
  #running = false;
  /** @type {(() => void)[]} */
  #waiting = [];

  /** @param {WireOptions} options */
  constructor(options) {
    this.#options = options;
  }

  get up() {
    return this.#held === null;
  }

  /** @param {Frame} frame */
  send(frame) {
    if (this.#held) {
      this.#held.push(frame);
      return;
    }
    const { disorder, now, latencyMs } = this.#options;
    for (let copies = disorder.copies(frame.event); copies > 0; copies--) {
      this.#insert({ frame, due: now() + latencyMs, place: disorder.place(frame.event) });
    }
    this.#run();
  }

  /** From now on nothing gets through. What is under way already still arrives. */
  hold() {
    this.#held ??= [];
  }

  /** From now on everything gets through. What was held is the caller's. */
  take() {
    const held = this.#held ?? [];
    this.#held = null;
    return held;
  }

  /** Settles when nothing is under way. */
  idle() {
    if (!this.#running) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(() => resolve(undefined)));
  }

  /** @param {Entry} entry */
  #insert(entry) {
    let at = this.#entries.length;
    while (at > 0 && isBefore(entry.place, this.#entries[at - 1].place)) at--;
    this.#entries.splice(at, 0, entry);
  }

  #run() {
    if (this.#running || this.#entries.length === 0) return;
    this.#running = true;
    this.#wait();
  }

  #wait() {
    const { schedule, now } = this.#options;
    schedule(() => this.#next(), Math.max(0, this.#entries[0].due - now()));
  }

  #next() {
    const entry = this.#entries.shift();
    try {
      if (entry) this.#options.deliver(entry.frame);
    } finally {
      if (this.#entries.length > 0) {
        this.#wait();
      } else {
        this.#running = false;
        for (const done of this.#waiting.splice(0)) done();
      }
    }
  }
}

/** @param {readonly [number, number]} one @param {readonly [number, number]} other */
function isBefore(one, other) {
  return one[0] < other[0] || (one[0] === other[0] && one[1] < other[1]);
}
