/** Turns raw signals into what the runner wants to know: this chat has ended, and another one has begun. */
import type { Ear, Heard } from "./listen.js";

export interface AdapterEvents {
  /** A chat has ended that had not ended before. `signals` are those of this chat, the last one is `end`. */
  ended(end: Heard, signals: readonly Heard[]): void;
  /** A further sign of an end that is known already. */
  endedAgain(): void;
  /** Another chat is going on now. */
  newConversation(): void;
}

export class Adapter {
  readonly #ear: Ear;
  readonly #events: AdapterEvents;
  #ended: { readonly chat: unknown } | undefined;
  #current: unknown;

  constructor(ear: Ear, events: AdapterEvents) {
    this.#ear = ear;
    this.#events = events;
  }

  /** Goes through what was heard so far, then listens on. */
  start(): void {
    const past = [...this.#ear.heard];
    for (const [index, heard] of past.entries()) this.#take(heard, past.slice(0, index + 1));
    this.#ear.onHeard = (heard) => this.#take(heard, this.#ear.heard);
  }

  stop(): void {
    this.#ear.onHeard = undefined;
    this.#ear.stop();
  }

  #take(heard: Heard, sofar: readonly Heard[]): void {
    const another = heard.chat !== undefined && this.#ended !== undefined && heard.chat !== this.#ended.chat;
    if (another && heard.chat !== this.#current) this.#events.newConversation();
    if (heard.chat !== undefined) this.#current = heard.chat;
    if (heard.state === undefined) return;
    if (this.#ended !== undefined && !another) {
      this.#events.endedAgain();
      return;
    }
    this.#ended = { chat: heard.chat };
    // A signal that came before the chat was known belongs to the first one.
    this.#events.ended(
      heard,
      sofar.filter((signal) => signal.chat === undefined || signal.chat === heard.chat),
    );
  }
}
