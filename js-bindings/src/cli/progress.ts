import { count } from "./text.js";

const SILENT_MS = 1000;
const EVERY_MS = 250;

/** How far a long run is, on one line of the terminal; nothing anywhere else. */
export class Progress {
  readonly #stream = process.stderr;
  readonly #what: string;
  readonly #since = performance.now();
  #next = this.#since + SILENT_MS;
  #shown = false;

  constructor(what: string) {
    this.#what = what;
  }

  /** Cheap: to be called for each chunk. */
  update(done: number): void {
    if (!this.#stream.isTTY) return;
    const now = performance.now();
    if (now < this.#next) return;
    this.#next = now + EVERY_MS;
    this.#shown = true;
    const rate = Math.round((done / (now - this.#since)) * 1000);
    this.#stream.write(`\r${count(done)} ${this.#what}, ${count(rate)} a second\x1b[K`);
  }

  /** Before anything else is written to the terminal. */
  clear(): void {
    if (this.#shown) this.#stream.write("\r\x1b[K");
    this.#shown = false;
  }
}
