/** A clock that goes on to its next timer whenever nothing else is left to happen: half a minute of waiting takes a moment, with real sockets. */
export class DrivenClock {
  #now = Date.UTC(2026, 0, 1);
  /** What it shows beyond the time that has passed: a clock that was set. */
  skew = 0;
  #timers = new Map();
  #last = 0;

  now = () => this.#now + this.skew;
  /** Milliseconds since the beginning, whatever the clock shows. */
  get elapsed() {
    return this.#now - Date.UTC(2026, 0, 1);
  }

  setTimeout = (callback, ms) => {
    this.#last += 1;
    this.#timers.set(this.#last, { callback, due: this.#now + ms });
    return this.#last;
  };
  clearTimeout = (timer) => {
    this.#timers.delete(timer);
  };

  get waiting() {
    return this.#timers.size;
  }

  /** The machine sleeps: what is due when it wakes up comes at once, one after the other. */
  sleep(ms) {
    this.#now += ms;
    while ([...this.#timers.values()].some(({ due }) => due <= this.#now)) this.next();
  }

  /** To the next timer, if there is one. */
  next() {
    const [first] = [...this.#timers].sort((a, b) => a[1].due - b[1].due);
    if (first === undefined) return false;
    const [timer, { callback, due }] = first;
    this.#timers.delete(timer);
    this.#now = Math.max(this.#now, due);
    callback();
    return true;
  }
}
