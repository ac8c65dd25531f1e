/** Turns what the SDK tells into what the runner wants to know: this chat has ended, more is known of it, another one has begun. */
import type { SignalFacts } from "../effects.js";
import type { Ear, Heard, Occurrence, Thing } from "./listen.js";
import { signalFacts } from "./signals.js";
import { MethodWatch } from "./watch.js";

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

  readonly #watches: readonly MethodWatch[];

  constructor(ear: Ear, events: AdapterEvents) {
    this.#ear = ear;
    this.#events = events;
    this.#watches = [
      new MethodWatch(ear, "destroy", () => this.#events.signal({ signal: "client.destroyed" })),
      new MethodWatch(ear, "updatePostSession", ([, optIn]) => {
        if (typeof optIn === "boolean") this.#events.signal({ signal: "updatePostSession", opt_in: optIn });
      }),
    ];
  }

  /** Goes through what was heard so far, then listens on. Only an end that still is one counts. */
  start(): void {
    for (const heard of this.#ear.heard) {
      if (heard.chat !== undefined) this.#current = heard.chat;
      const another = heard.chat !== undefined && heard.chat !== this.#end?.chat;
      if (heard.state !== undefined && (this.#end === undefined || another)) this.#end = heard;
    }
    this.#look();
    this.#ear.onEvent = (event) => {
      this.#look();
      this.#event(event);
    };
    const end = this.#end;
    if (end === undefined) return;
    const chat = this.#ear.client()?.chat as { readonly state?: Thing } | null | undefined;
    const state = chat?.state?.id === end.chat && chat?.state !== undefined ? chat.state : end.state;
    const since = this.#ear.heard.slice(this.#ear.heard.indexOf(end));
    const rejoined = since.some(({ signal, human }) => signal === "chat.memberJoined" && human);
    if ((end.chat !== undefined && this.#current !== end.chat) || ((isOver(end.state) || rejoined) && goesOn(state))) {
      this.#end = undefined;
      return;
    }
    this.#flags = flagsOf(state);
    this.#events.ended({ ...end, state }, this.#signals());
  }

  /** The chat has not ended after all. */
  reopen(): void {
    this.#end = undefined;
  }

  /** Follows a session that a page before this one had not come to the end of. What has become of its chat meanwhile? */
  takeUp(session: unknown): "gone" | "another" | "goes_on" | "virtual_agent" {
    const chat = this.#ear.client()?.chat as { readonly state?: Thing } | null | undefined;
    const state = chat?.state;
    if (state !== undefined && String(state.id) !== String(session)) return "another";
    this.#end = { signal: "", at: 0, chat: state?.id ?? session, state };
    this.#current = this.#end.chat;
    this.#flags = flagsOf(state);
    if (state === undefined) return "gone";
    if (state.virtual_agent && !state.agent) return "virtual_agent";
    return goesOn(state) ? "goes_on" : "gone";
  }

  stop(): void {
    this.#ear.onEvent = undefined;
    for (const watch of this.#watches) watch.stop();
    this.#ear.stop();
  }

  #look(): void {
    for (const watch of this.#watches) watch.look();
  }

  #event(event: Occurrence): void {
    const before = this.#end;
    if (event.heard !== undefined) this.#take(event.heard);
    if (before === undefined || before !== this.#end || event.chat !== before.chat) return;
    // First what the signal itself says: it may be the answer to an open question.
    const facts = signalFacts(event);
    if (facts !== undefined) this.#events.signal(facts);
    const flags = flagsOf(event.state);
    if (event.heard !== undefined || flags !== this.#flags) {
      this.#flags = flags;
      this.#events.more({ ...before, state: event.state ?? before.state }, this.#signals());
    }
  }

  #take(heard: Heard): void {
    const another = heard.chat !== undefined && this.#end !== undefined && heard.chat !== this.#end.chat;
    if (another && heard.chat !== this.#current) this.#events.newConversation();
    if (heard.chat !== undefined) this.#current = heard.chat;
    if (heard.state === undefined || (this.#end !== undefined && !another)) return;
    this.#end = heard;
    this.#flags = flagsOf(heard.state);
    this.#events.ended(heard, this.#signals());
  }

  /** A signal that came before the chat was known belongs to the first one. */
  #signals(): readonly Heard[] {
    return this.#ear.heard.filter(({ chat }) => chat === undefined || chat === this.#end?.chat);
  }
}

/** Whether the chat's record says that it is over. */
function isOver(state: Thing | undefined): boolean {
  return /^(finished|(va_)?dismissed|canceled|failed|no_response)$/.test(String(state?.status));
}

/** Whether the chat's record says that it waits for an agent, or has one. */
function goesOn(state: Thing | undefined): boolean {
  return state?.status === "queued" || (state?.status === "assigned" && Boolean(state.agent));
}

/** The platform's flags, to see whether they have changed. */
function flagsOf(state: Thing | undefined): string {
  const flags = Object.entries(state ?? {}).filter(([name]) => /^post_?session/i.test(name));
  return flags.map(([name, value]) => `${name}=${String(value)}`).join();
}
