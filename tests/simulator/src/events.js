/** @typedef {(...args: any[]) => void} Handler */

/** Every event of the headless client, in the order of its reference page. */
export const clientEvents = /** @type {const} */ ([
  "ready",
  "authenticated",
  "chat.ongoing",
  "chat.updated",
  "chat.message",
  "chat.memberJoined",
  "chat.memberLeft",
  "chat.typingStarted",
  "chat.typingEnded",
  "chat.connected",
  "chat.disconnected",
  "chat.dismissed",
  "chat.timeout",
  "chat.ended",
  "chat.destroyed",
  "cobrowse.request",
  "cobrowse.loaded",
  "cobrowse.updated",
  "cobrowse.ended",
]);

/** What the widget adds to those. */
export const widgetEvents = /** @type {const} */ (["visible", "chat.unread", "exited"]);

export class Emitter {
  /** @type {Map<string, Handler[]>} */
  #handlers = new Map();
  #tap;

  /** @param {(event: string, args: readonly unknown[]) => void} [tap] Hears everything, after the handlers, and is not counted as one. */
  constructor(tap = () => {}) {
    this.#tap = tap;
  }

  /** @param {string} event @param {Handler} handler */
  on(event, handler) {
    // A new list each time: a handler that adds or removes one does not disturb the round that is running.
    this.#handlers.set(event, [...(this.#handlers.get(event) ?? []), handler]);
  }

  /** @param {string} event @param {Handler} handler */
  off(event, handler) {
    const left = (this.#handlers.get(event) ?? []).filter((known) => known !== handler);
    this.#handlers.set(event, left);
  }

  /** @param {string} [event] */
  listenerCount(event) {
    if (event !== undefined) return this.#handlers.get(event)?.length ?? 0;
    return [...this.#handlers.values()].reduce((sum, list) => sum + list.length, 0);
  }

  clear() {
    this.#handlers.clear();
  }

  /**
   * A handler that throws stops neither the others nor the sender.
   *
   * @param {string} event
   * @param {readonly unknown[]} args
   */
  emit(event, args) {
    for (const handler of this.#handlers.get(event) ?? []) {
      try {
        handler(...args);
      } catch (error) {
        report(error);
      }
    }
    this.#tap(event, args);
  }
}

/** @param {unknown} error */
function report(error) {
  if (typeof globalThis.reportError === "function") globalThis.reportError(error);
  else console.error(error);
}
