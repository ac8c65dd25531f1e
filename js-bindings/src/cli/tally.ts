/** Counts of what would become of sessions, read off the answers' bytes. */
import { countLines } from "./lines.js";
import type { Style } from "./output.js";
import { count, plural } from "./text.js";

/** Nothing in a good line can look like its own beginning: inside a text, quotes are escaped. An id is a text or an integer. */
const SESSION = /^\{"id":(?:"[^"\\]*(?:\\.[^"\\]*)*"|[^",]+),"outcome":"(\w+)","reason":"(\w+)"|^\{"type":"failure"/gm;

export class Tally {
  /** All lines, blank ones too. */
  lines = 0;
  bad = 0;
  readonly #reasons = new Map<string, { outcome: string; sessions: number }>();

  add(answers: Uint8Array): void {
    this.lines += countLines(answers);
    const text = Buffer.from(answers.buffer, answers.byteOffset, answers.byteLength).toString("latin1");
    for (const [, outcome, reason] of text.matchAll(SESSION)) {
      if (outcome === undefined || reason === undefined) {
        this.bad += 1;
        continue;
      }
      const entry = this.#reasons.get(reason);
      if (entry === undefined) this.#reasons.set(reason, { outcome, sessions: 1 });
      else entry.sessions += 1;
    }
  }

  json(): object {
    const outcomes: Record<string, number> = {};
    const reasons: Record<string, number> = {};
    let sessions = 0;
    for (const [reason, entry] of this.#sorted()) {
      sessions += entry.sessions;
      outcomes[entry.outcome] = (outcomes[entry.outcome] ?? 0) + entry.sessions;
      reasons[reason] = entry.sessions;
    }
    return { sessions, errors: this.bad, outcomes, reasons };
  }

  text(style: Style): string {
    const { sessions, outcomes } = this.json() as { sessions: number; outcomes: Record<string, number> };
    const lines = [style.strong(plural(sessions, "session"))];
    for (const [outcome, of] of Object.entries(outcomes)) {
      lines.push(`  ${outcome.padEnd(27)}${count(of).padStart(12)}`);
      for (const [reason, entry] of this.#sorted())
        if (entry.outcome === outcome) lines.push(`    ${reason.padEnd(25)}${count(entry.sessions).padStart(12)}`);
    }
    if (this.bad > 0) lines.push(style.bad(`${plural(this.bad, "line is", "lines are")} no session`));
    return `${lines.join("\n")}\n`;
  }

  /** The most frequent first. */
  #sorted() {
    return [...this.#reasons].sort(([a, { sessions: x }], [b, { sessions: y }]) => y - x || (a < b ? -1 : 1));
  }
}
