/** Watches a method of the client: some of what matters is told by no event. */
import type { Ear, Thing } from "./listen.js";

/** A widget may get its client late, and get another one: `look` is to be called again from time to time. */
export class MethodWatch {
  readonly #ear: Ear;
  readonly #method: string;
  readonly #called: (args: readonly unknown[]) => void;
  #client: Thing | undefined;
  #unwrap: (() => void) | undefined;

  /** `called` is told of each call, after it has been made. */
  constructor(ear: Ear, method: string, called: (args: readonly unknown[]) => void) {
    this.#ear = ear;
    this.#method = method;
    this.#called = called;
  }

  look(): void {
    const client = this.#ear.client();
    if (client === undefined || client === this.#client || typeof client[this.#method] !== "function") return;
    this.stop();
    this.#client = client;
    try {
      this.#unwrap = this.#ear.wrapMethod(client, this.#method, (call, args) => {
        const result = call();
        this.#called(args);
        return result;
      });
    } catch {
      // A frozen client: then its events have to do.
    }
  }

  stop(): void {
    this.#unwrap?.();
    this.#unwrap = undefined;
  }
}
