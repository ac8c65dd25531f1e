const ATTEMPT_MS = 8000;
const BUDGET_MS = 30_000;
/** Longer than an endpoint that answers at once takes on a busy machine. */
const LEAST_BUDGET_MS = 2000;

/**
 * A clock on which a second takes `1000 / speed` milliseconds. Only the time-out of one attempt keeps its length, and the budget of all has one that
 * suffices: on a busy machine an endpoint that answers at once must not look like one that is silent.
 */
export function fastClock(speed = 20) {
  const start = Date.now();
  return {
    now: () => start + (Date.now() - start) * speed,
    setTimeout: (callback, ms) => {
      const least = ms === ATTEMPT_MS ? ms : ms === BUDGET_MS ? LEAST_BUDGET_MS : 0;
      return setTimeout(callback, Math.max(ms / speed, least));
    },
    clearTimeout: (timer) => clearTimeout(timer),
  };
}

/** A clock that stands still until it is told to go on. */
export class ManualClock {
  time = Date.UTC(2026, 0, 1);
  #timers = new Map();
  #last = 0;

  now = () => this.time;
  setTimeout = (callback, ms) => {
    this.#last += 1;
    this.#timers.set(this.#last, { callback, due: this.time + ms });
    return this.#last;
  };
  clearTimeout = (timer) => {
    this.#timers.delete(timer);
  };

  advance(ms) {
    const until = this.time + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(([, { due }]) => due <= until).sort((a, b) => a[1].due - b[1].due);
      if (next === undefined) break;
      this.#timers.delete(next[0]);
      this.time = Math.max(this.time, next[1].due);
      next[1].callback();
    }
    this.time = until;
  }

  get waiting() {
    return this.#timers.size;
  }
}
