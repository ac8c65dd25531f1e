/** Calls to the world outside: handlers, the page. They wait until the core's answer has been carried out, and run one after the other. */
export class Outbox {
  readonly #waiting: (() => void)[] = [];
  #running = false;

  put(call: () => void): void {
    this.#waiting.push(call);
  }

  /** Runs what waits, and what that adds. A call from within returns at once: the outer one goes on. */
  flush(): void {
    if (this.#running) return;
    this.#running = true;
    try {
      for (let call = this.#waiting.shift(); call !== undefined; call = this.#waiting.shift()) {
        try {
          call();
        } catch (error) {
          report(error);
        }
      }
    } finally {
      this.#running = false;
    }
  }

  clear(): void {
    this.#waiting.length = 0;
  }
}

/** Says that a handler of the host threw, without letting it disturb us. */
export function report(error: unknown): void {
  // Node has no reportError.
  if (typeof globalThis.reportError === "function") globalThis.reportError(error);
  else console.error(error);
}
