/**
 * How often an event arrives, and before which others: the quirks `duplicates`, `reorder` and `eventsBeforeReady`. An event's place follows
 * from its number and the seed alone, so the same run gives the same order.
 */

/** Undocumented: which events are late in the "rare cases" of the reference page, and by how much. Here: these, by up to eight others. */
const opening = new Set(["ready", "authenticated", "chat.connected"]);
const lateness = 8;

export class Disorder {
  #quirks;
  #next = 0;

  /** @param {Pick<import("./quirks.js").Quirks, "duplicates" | "reorder" | "eventsBeforeReady">} quirks */
  constructor(quirks) {
    this.#quirks = quirks;
  }

  /** How often it arrives. @param {string} event */
  copies(event) {
    const { duplicates } = this.#quirks;
    if (typeof duplicates === "number") return 1 + duplicates;
    return duplicates.includes(event) ? 2 : 1;
  }

  /** Its place among those under way: the smaller list comes first. @param {string} event @returns {readonly [number, number]} */
  place(event) {
    const { reorder, eventsBeforeReady } = this.#quirks;
    const number = this.#next++;
    if (opening.has(event) && eventsBeforeReady) return [2, number + lateness];
    if (event === "ready" || event === "authenticated") return [0, number];
    if (reorder === null) return [2, number];
    if ("seed" in reorder) return [2, number + Math.floor(chance(reorder.seed, number) * reorder.window)];
    return [reorder.includes(event) ? 1 : 2, number];
  }
}

/** A number from 0 to 1 (mulberry32). @param {number} seed @param {number} number */
function chance(seed, number) {
  let bits = (seed + Math.imul(number + 1, 0x6d2b79f5)) | 0;
  bits = Math.imul(bits ^ (bits >>> 15), bits | 1);
  bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
  return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
}
