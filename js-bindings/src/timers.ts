import type { Clock } from "./types.js";

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (callback, ms) => globalThis.setTimeout(callback, ms),
  clearTimeout: (timer) => globalThis.clearTimeout(timer as number),
};

/** ISO 8601, whatever the clock says. */
export function isoTime(clock: Clock): string {
  const date = new Date(clock.now());
  return Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString();
}

/** Timers by name: at most one of each. */
export class Timers<Name extends string> {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #due: (name: Name) => void;
  readonly #running = new Map<Name, { readonly timer: unknown }>();

  constructor(clock: Clock, random: () => number, due: (name: Name) => void) {
    this.#clock = clock;
    this.#random = random;
    this.#due = due;
  }

  /** Starts it, or starts it anew: due after `ms` + random × `jitterMs`. */
  start(name: Name, ms: number, jitterMs: number): void {
    this.stop(name);
    const jitter = jitterMs > 0 ? this.#random() * jitterMs : 0;
    const entry: { timer: unknown } = { timer: undefined };
    this.#running.set(name, entry);
    entry.timer = this.#clock.setTimeout(
      () => {
        // A clock that calls a cleared timer all the same is not believed.
        if (this.#running.get(name) !== entry) return;
        this.#running.delete(name);
        this.#due(name);
      },
      Math.max(0, ms + jitter),
    );
  }

  stop(name: Name): void {
    const entry = this.#running.get(name);
    if (entry === undefined) return;
    this.#running.delete(name);
    this.#clock.clearTimeout(entry.timer);
  }

  stopAll(): void {
    for (const name of [...this.#running.keys()]) this.stop(name);
  }

  get running(): readonly Name[] {
    return [...this.#running.keys()];
  }
}
