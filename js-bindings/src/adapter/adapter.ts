/** Turns what the SDK tells into what the runner wants to know: this chat has ended, more is known of it, another one has begun. */
import type { SignalFacts } from "../effects.js";
import type { Ear, Heard, Occurrence, Thing } from "./listen.js";
import { signalFacts } from "./signals.js";

export interface AdapterEvents {
  /** A chat has ended that had not ended before. `signals` are those of this chat, the last one is `end`. */
  ended(end: Heard, signals: readonly Heard[]): void;
  /** Something more was heard of the chat that has ended; what is known of it may have changed. */
  more(end: Heard, signals: readonly Heard[]): void;
  /** What it says by itself. */
  signal(facts: SignalFacts): void;
  /** Another chat is going on now. */
  newConversation(): void;
}

export class Adapter {
  readonly #ear: Ear;
  readonly #events: AdapterEvents;
  #end: Heard | undefined;
  #current: unknown;
  #flags = "";

  constructor(ear: Ear, events: AdapterEvents) {
    this.#ear = ear;
    this.#events = events;
  }

  /** Goes through what was heard so far, then listens on. */
  start(): void {
    const past = [...this.#ear.heard];
    for (const [index, heard] of past.entries()) this.#take(heard, past.slice(0, index + 1));
    this.#ear.onEvent = (event) => this.#event(event);
  }

  stop(): void {
    this.#ear.onEvent = undefined;
    this.#ear.stop();
  }

  #event(event: Occurrence): void {
    const before = this.#end;
    if (event.heard !== undefined) this.#take(event.heard, this.#ear.heard);
    if (before === undefined || before !== this.#end || event.chat !== before.chat) return;
    // First what the signal itself says: it may be the answer to an open question.
    const facts = signalFacts(event);
    if (facts !== undefined) this.#events.signal(facts);
    const flags = flagsOf(event.state);
    if (event.heard !== undefined || flags !== this.#flags) {
      this.#flags = flags;
      this.#events.more({ ...before, state: event.state ?? before.state }, this.#signals(this.#ear.heard));
    }
  }

  #take(heard: Heard, sofar: readonly Heard[]): void {
    const another = heard.chat !== undefined && this.#end !== undefined && heard.chat !== this.#end.chat;
    if (another && heard.chat !== this.#current) this.#events.newConversation();
    if (heard.chat !== undefined) this.#current = heard.chat;
    if (heard.state === undefined || (this.#end !== undefined && !another)) return;
    this.#end = heard;
    this.#flags = flagsOf(heard.state);
    this.#events.ended(heard, this.#signals(sofar));
  }

  /** A signal that came before the chat was known belongs to the first one. */
  #signals(sofar: readonly Heard[]): readonly Heard[] {
    return sofar.filter(({ chat }) => chat === undefined || chat === this.#end?.chat);
  }
}

/** The platform's flags, to see whether they have changed. */
function flagsOf(state: Thing | undefined): string {
  const flags = Object.entries(state ?? {}).filter(([name]) => /^post_?session/i.test(name));
  return flags.map(([name, value]) => `${name}=${String(value)}`).join();
}
