/** What the core was given and how it answered, so that it can be done again: masked, and bounded. */
import type { BeginFacts, Begun, CoreText } from "./core.js";
import type { Effect, StepAnswer, UntimedEvent } from "./effects.js";
import { maskedEvent, maskedFacts, maskedSettings } from "./log-masks.js";
import type { Json, LogBegin, LogCut, LogEntry, LogEvent, TransferOutcome } from "./types.js";
import { VERSION } from "./version.js";

/** The settings, and so many entries after them. */
const MOST_ENTRIES = 499;
/** Of a long session the beginning, which can be replayed, and the latest entries; between them a mark. */
const HALF_ENTRIES = (MOST_ENTRIES - 1) / 2;
/** In characters of JSON; the settings are not counted. */
const MOST_SIZE = 256 * 1024;
const HALF_SIZE = MOST_SIZE / 2;

type SessionEntry = LogBegin | LogEvent;

export class EventLog {
  #settings: CoreText | Json | undefined;
  #read = false;
  readonly #numbers = new WeakMap<object, number>();
  #last = 0;
  /** Oldest first. */
  #sessions: SessionLog[] = [];

  /** @param settings the document's text, as the core has it; nothing where there is none */
  constructor(settings?: CoreText | null) {
    this.#settings = settings ?? undefined;
  }

  /**
   * A session was told, or told again.
   * @param told exactly what the core was given
   * @param flow what was told: a page may have several, one after the other
   */
  begin(at: string, told: BeginFacts, { decision, digest_of: digestOf }: Begun, flow: object = this): void {
    const { outcome, reason, level, virtual_agent, opt_in } = decision;
    const session = this.#sessionOf(flow);
    session.add({
      type: "begin",
      session: session.number,
      at,
      facts: maskedFacts(told, this.settings),
      decision: { outcome, reason, level, virtual_agent, opt_in },
      digest: digestOf !== null,
    });
    this.#bound();
  }

  /** An event was sent to the core. */
  add(at: string, event: UntimedEvent, answer: StepAnswer, flow: object = this): void {
    const session = this.#sessionOf(flow);
    if (answer.effects.some(isTooLarge)) session.tooLarge();
    session.add({
      type: "event",
      session: session.number,
      at,
      // Masked it could be read.
      event: answer.ignored === "malformed" ? { type: "unreadable", of: event.type } : maskedOf(event, answer),
      accepted: answer.accepted,
      ...(answer.ignored !== undefined && { ignored: answer.ignored }),
      phase: answer.state.phase,
      hash: answer.hash,
      effects: kindsOf(answer),
    });
    this.#bound();
  }

  /** A copy. */
  entries(): readonly LogEntry[] {
    if (this.#sessions.length === 0) return [];
    const first = { type: "settings", version: 1, package: VERSION, settings: this.settings } as const;
    return structuredClone([first, ...this.#sessions.flatMap((session) => session.entries())]);
  }

  #sessionOf(flow: object): SessionLog {
    const number = this.#numbers.get(flow);
    const known = this.#sessions.find((session) => session.number === number);
    if (known !== undefined) return known;
    // Of one that was dropped nothing more is kept.
    const session = new SessionLog(number ?? ++this.#last);
    if (number === undefined) this.#sessions.push(session);
    this.#numbers.set(flow, session.number);
    return session;
  }

  /** Read when it is needed for the first time; masked, so that no secret is kept. */
  get settings(): Json {
    if (!this.#read) {
      this.#read = true;
      const text = this.#settings as CoreText | undefined;
      const json = text instanceof Uint8Array ? new TextDecoder().decode(text) : text;
      this.#settings = json === undefined ? null : maskedSettings(JSON.parse(json) as Json);
    }
    return this.#settings as Json;
  }

  #bound(): void {
    const over = () =>
      this.#sessions.reduce((sum, { length }) => sum + length, 0) > MOST_ENTRIES ||
      this.#sessions.reduce((sum, { size }) => sum + size, 0) > MOST_SIZE;
    while (this.#sessions.length > 1 && over()) this.#sessions.shift();
  }
}

/** One session's entries. */
class SessionLog {
  readonly number: number;
  readonly #head = new Entries();
  readonly #tail = new Entries();
  #missing = 0;

  constructor(number: number) {
    this.number = number;
  }

  get length(): number {
    return this.#head.length + this.#tail.length + (this.#missing > 0 ? 1 : 0);
  }

  get size(): number {
    return this.#head.size + this.#tail.size;
  }

  add(entry: SessionEntry): void {
    const isWhole = this.#missing === 0 && this.#tail.length === 0;
    if (isWhole && this.#head.takes(entry)) return;
    while (!this.#tail.takes(entry)) {
      this.#missing += 1;
      // One that is too large by itself.
      if (this.#tail.length === 0) return;
      this.#tail.shift();
    }
  }

  tooLarge(): void {
    this.#head.tooLarge();
  }

  entries(): readonly LogEntry[] {
    const cut: LogCut = { type: "cut", session: this.number, entries: this.#missing };
    return [...this.#head.list, ...(this.#missing > 0 ? [cut] : []), ...this.#tail.list];
  }
}

class Entries {
  list: SessionEntry[] = [];
  size = 0;

  get length(): number {
    return this.list.length;
  }

  takes(entry: SessionEntry): boolean {
    const size = sizeOf(entry);
    if (this.length >= HALF_ENTRIES || this.size + size > HALF_SIZE) return false;
    this.list.push(entry);
    this.size += size;
    return true;
  }

  shift(): void {
    const first = this.list.shift();
    if (first !== undefined) this.size -= sizeOf(first);
  }

  /** Said of what was told last: the body was made of it. */
  tooLarge(): void {
    const index = this.list.findLastIndex(({ type }) => type === "begin");
    if (index >= 0) this.list[index] = { ...(this.list[index] as LogBegin), too_large: true };
  }
}

const sizeOf = (entry: SessionEntry): number => JSON.stringify(entry).length;

export const kindsOf = ({ effects }: StepAnswer): readonly string[] =>
  effects.map((effect) => (effect.type === "emit" ? `emit:${effect.event}` : effect.type));

const isTooLarge = (effect: Effect): boolean =>
  effect.type === "emit" &&
  effect.event === "outcome" &&
  (effect.data as TransferOutcome).reason === "payload_too_large";

/** What was given in fields is masked, and cannot be judged again: what was refused stands beside it. */
function maskedOf(event: UntimedEvent, { invalid = [] }: StepAnswer): LogEvent["event"] {
  const masked = maskedEvent(event) as LogEvent["event"];
  return event.type === "action" ? { ...masked, invalid } : masked;
}
