import type { Clock } from "./types.js";

/** So many tries at once, and one more after so long: nobody can hammer an endpoint by pressing a button. */
const MOST = 5;
const REFILL_MS = 30_000;

/** A token bucket for "try again": one for the page. */
export class Tries {
  readonly #clock: Clock;
  #left = MOST;
  #since: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = clock.now();
  }

  /** Takes a token; false if there is none. */
  take(): boolean {
    const passed = this.#clock.now() - this.#since;
    // A clock that was set back gives nothing, and takes nothing.
    const refilled = Math.max(0, Math.floor(passed / REFILL_MS));
    if (passed < 0 || this.#left + refilled >= MOST) this.#since = this.#clock.now();
    else this.#since += refilled * REFILL_MS;
    this.#left = Math.min(MOST, this.#left + refilled);
    if (this.#left === 0) return false;
    this.#left -= 1;
    return true;
  }
}
