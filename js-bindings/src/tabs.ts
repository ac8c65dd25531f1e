/**
 * One session among several tabs, and across reloads: keeps what is to outlive the page, and one tab in charge. Decides nothing: it tells the
 * core what has become of the lead.
 */
import { BLANK, Lead, type LeadDoers } from "./lead.js";
import { type Entry, entryName, type Kept } from "./storage.js";
import type { Json, SessionFacts } from "./types.js";

/** A hidden tab gives the lead up after so long, so that a tab that is looked at can have it. */
const HIDDEN_MS = 5_000;
const KEPT_MS = 30 * 60_000;
/** Locks travel faster between processes than what is stored: whoever has waited for one looks again so much later. */
const ARRIVAL_MS = 150;
/** Longer than it takes to be granted a lock, or a lease, that is free. */
const PATIENCE_MS = 200;

export interface TabEvents {
  /** Another tab is in charge now, or was for a while. */
  lost(): void;
  /** Another tab has taken care of the session. Says whether that changes anything here. */
  handled(connected: boolean): boolean;
  /** Whether the lead may be given up: not while something is under way. */
  readonly idle: boolean;
}

/** What this tab is to do. */
export type Turn =
  | { readonly type: "lead"; readonly state: Json; readonly ageMs: number }
  | { readonly type: "handled"; readonly connected: boolean }
  | { readonly type: "given_up" };

export class Tabs {
  readonly #doers: Omit<LeadDoers, "lost">;
  readonly #events: TabEvents;
  readonly #session: string;
  /** Fields of the session that are not to be kept. */
  readonly #unkept: ReadonlySet<unknown>;
  readonly #listening = new AbortController();
  #lead: Lead | undefined;
  #name = "";
  /** The session is over here, or another tab has it: what all tabs see is not this one's to write. */
  #over = false;
  #hidden: unknown;
  /** While a turn is waited for: what ends the waiting, and what goes on with it when the page is seen again. */
  #handled: ((connected: boolean) => void) | undefined;
  #seen: (() => void) | undefined;
  #parked = false;

  /**
   * @param session the id of the session
   * @param hidden fields of the session that sensitive parameters read
   */
  constructor(doers: Omit<LeadDoers, "lost">, events: TabEvents, session: string, hidden: ReadonlySet<unknown>) {
    this.#doers = doers;
    this.#events = events;
    this.#session = session;
    this.#unkept = hidden;
    this.#listen();
  }

  /** What this tab had got to. */
  get own(): { readonly state: Json; readonly ageMs: number } | undefined {
    const kept = this.#kept();
    return kept && { state: kept.state, ageMs: this.#doers.clock.now() - kept.at };
  }

  /** Resolves when this tab is in charge, or need not be. `waiting` is called if that takes its time. */
  async turn(digest: string, waiting: () => void): Promise<Turn> {
    if (this.#listening.signal.aborted) return { type: "given_up" };
    const { clock, storage } = this.#doers;
    this.#name = entryName(digest);
    this.#lead ??= new Lead({ ...this.#doers, lost: () => this.#events.lost() }, this.#name);
    const lead = this.#lead;
    const done = this.#doneElsewhere();
    if (done !== undefined) return this.#elsewhere(done.connected);
    let own: (connected: boolean) => void = () => {};
    const handled = new Promise<Turn>((resolve) => {
      own = (connected) => resolve(this.#elsewhere(connected));
    });
    this.#handled = own;
    const patience = clock.setTimeout(() => {
      if (!lead.held) waiting();
    }, PATIENCE_MS);
    const turn = await Promise.race([this.#acquired(lead), handled]);
    clock.clearTimeout(patience);
    // A later call may be waiting by now.
    if (this.#handled === own) this.#handled = undefined;
    if (turn.type === "handled") lead.release();
    else if (turn.type === "lead" && isHidden()) this.#hide();
    storage.sweep(clock.now());
    return turn;
  }

  /** Keeps where the session has got to; `null`: it is done with. */
  keep(facts: SessionFacts, state: Json, connected: boolean): void {
    const { storage, clock, owner } = this.#doers;
    const at = clock.now();
    if (state === null) storage.forgetOwn(this.#session);
    else storage.keepOwn({ facts: withoutPeople(facts, this.#unkept), state, at });
    const other = this.#name === "" ? undefined : storage.entry(this.#name);
    const theirs = other !== undefined && other.owner !== "" && other.owner !== owner;
    const done = state === null;
    // Whoever is in charge by now: what was accepted is not to be handed off again.
    if (this.#name !== "" && !this.#over && (!theirs || (done && connected))) {
      storage.keepEntry(this.#name, {
        phase: done ? "done" : phaseIn(state),
        owner: done ? "" : owner,
        expires: at + KEPT_MS,
        lease: done ? 0 : (other?.lease ?? 0),
        connected,
        state,
        at,
      });
    }
    if (state === null) this.finished();
  }

  /** The session is over in this tab: nothing is waited for any more. */
  finished(): void {
    this.#over = true;
    this.#doers.clock.clearTimeout(this.#hidden);
    this.#lead?.release();
  }

  dispose(): void {
    this.#listening.abort();
    this.#doers.clock.clearTimeout(this.#hidden);
    this.#seen?.();
    this.#letGo();
  }

  #kept(): Kept | undefined {
    return this.#doers.storage.ownOf(this.#session);
  }

  #elsewhere(connected: boolean): Turn {
    this.#over = true;
    return { type: "handled", connected };
  }

  async #acquired(lead: Lead): Promise<Turn> {
    for (;;) {
      await this.#toBeSeen();
      if (this.#listening.signal.aborted) return { type: "given_up" };
      this.#parked = false;
      const asked = this.#doers.clock.now();
      if (await lead.acquire()) {
        const waited = this.#doers.locks !== undefined && this.#doers.clock.now() - asked > ARRIVAL_MS / 10;
        if (waited) await this.#pause(ARRIVAL_MS);
        return this.#listening.signal.aborted ? { type: "given_up" } : this.#taken();
      }
      // Given up for the time being, because nobody looked.
      if (!this.#parked) return { type: "given_up" };
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const { clock } = this.#doers;
      const timer = clock.setTimeout(resolve, ms);
      const stop = () => {
        clock.clearTimeout(timer);
        resolve();
      };
      this.#listening.signal.addEventListener("abort", stop, { once: true });
    });
  }

  /** A question that another tab has asked is not taken over by one that nobody looks at. */
  async #toBeSeen(): Promise<void> {
    const { storage, owner } = this.#doers;
    const entry = storage.entry(this.#name);
    const asked = entry !== undefined && entry.owner !== owner && /^(asking|stalled)$/.test(entry.phase);
    if (!isHidden() || !(asked || this.#parked)) return;
    await new Promise<void>((resolve) => {
      this.#seen = resolve;
    });
    this.#seen = undefined;
  }

  /** The lead is this tab's: what was kept last, here or by the tab that had it before. */
  #taken(): Turn {
    const { storage, clock, owner } = this.#doers;
    const done = this.#doneElsewhere();
    if (done !== undefined) return this.#elsewhere(done.connected);
    const entry = storage.entry(this.#name);
    const now = clock.now();
    storage.keepEntry(this.#name, { ...(entry ?? BLANK), owner, expires: now + KEPT_MS });
    const own = this.#kept();
    const shared = entry !== undefined && entry.state !== null && entry.at > (own?.at ?? 0) ? entry : undefined;
    const last = shared ?? own;
    return { type: "lead", state: last?.state ?? null, ageMs: last === undefined ? 0 : now - last.at };
  }

  /** The entry, where it says that another tab needs no help of ours. */
  #doneElsewhere(entry = this.#doers.storage.entry(this.#name)): Entry | undefined {
    const { clock } = this.#doers;
    if (entry === undefined || entry.expires < clock.now()) return undefined;
    // A conversation that this very tab had begun is its own.
    const own = (this.#kept()?.state as { phase?: Json } | undefined)?.phase === "in_conversation";
    const talks = entry.phase === "in_conversation" && !own;
    return entry.phase === "done" || (talks && entry.owner !== this.#doers.owner) ? entry : undefined;
  }

  #listen(): void {
    if (typeof document === "undefined") return;
    const { signal } = this.#listening;
    globalThis.addEventListener("storage", (event) => this.#told(event.key, event.newValue), { signal });
    document.addEventListener("visibilitychange", () => (isHidden() ? this.#hide() : this.#show()), { signal });
    // A page that holds a lock keeps it in the back/forward cache.
    globalThis.addEventListener("pagehide", () => this.#letGo(), { signal });
    globalThis.addEventListener(
      "pageshow",
      (event) => {
        if (event.persisted && !this.#over) this.#events.lost();
      },
      { signal },
    );
  }

  /** Another tab has written something. */
  #told(name: string | null, text: string | null): void {
    if (name !== this.#name || this.#name === "" || this.#over) return;
    const { storage, owner } = this.#doers;
    // What was written, not what is there by now.
    const entry = storage.entryOf(text) ?? (text === null ? undefined : storage.entry(this.#name));
    const done = entry && this.#doneElsewhere(entry);
    if (done !== undefined) {
      if (this.#handled !== undefined) {
        this.#handled(done.connected);
        return;
      }
      // First: what it keeps of this end is the other tab's to tell.
      this.#over = true;
      this.#over = this.#events.handled(done.connected);
      return;
    }
    const other = entry?.owner ?? "";
    const taken = other !== "" && other !== owner;
    if (taken && this.#handled === undefined && this.#lead?.held !== true) this.#events.lost();
  }

  #hide(): void {
    const { clock } = this.#doers;
    clock.clearTimeout(this.#hidden);
    this.#hidden = clock.setTimeout(() => {
      if (!isHidden() || this.#over || !this.#events.idle) return;
      if (this.#lead?.held) this.#letGo();
      else if (this.#handled !== undefined) {
        this.#parked = true;
        this.#lead?.release();
      }
    }, HIDDEN_MS);
  }

  #show(): void {
    const { clock } = this.#doers;
    clock.clearTimeout(this.#hidden);
    this.#seen?.();
    if (this.#over || this.#lead === undefined || this.#lead.held || this.#handled !== undefined) return;
    // Nobody took it meanwhile: on as if nothing had been. Otherwise the other tab goes on.
    const patience = clock.setTimeout(() => this.#events.lost(), PATIENCE_MS);
    void this.#lead.acquire().then((leading) => {
      clock.clearTimeout(patience);
      if (leading) this.#taken();
    });
  }

  #letGo(): void {
    const { storage, owner } = this.#doers;
    this.#lead?.release();
    const entry = this.#name === "" ? undefined : storage.entry(this.#name);
    if (entry?.owner === owner && entry.phase !== "done")
      storage.keepEntry(this.#name, { ...entry, owner: "", lease: 0 });
  }
}

/** What is over but for its records is not done for other tabs: they wait. */
function phaseIn(state: Json): string {
  const phase = String((state as { phase?: Json }).phase);
  return phase === "done" ? "recording" : phase;
}

function isHidden(): boolean {
  return typeof document !== "undefined" && document.visibilityState === "hidden";
}

/** Only what decisions rest on is kept: no custom data, no tokens, nobody's name. */
const KEPT_FACTS: { readonly [fact: string]: readonly string[] | true } = {
  ...Object.fromEntries(
    "id channel tenant chat_type call_type ended_by status lang created_at ended_at"
      .split(" ")
      .map((name) => [name, true]),
  ),
  sdk: ["platform", "version", "name", "can"],
  queue: ["id", "name", "path"],
  signals: ["signal", "at", "human"],
  post_session: ["required", "opt_in_required", "status"],
};

/** What no decision rests on: kept only where no sensitive parameter reads it. */
const PASSED_ON = new Set(["lang", "created_at", "ended_at", "queue.name", "queue.path"]);

function withoutPeople(facts: SessionFacts, hidden: ReadonlySet<unknown>): SessionFacts {
  const hides = (path: string) => PASSED_ON.has(path) && hidden.has(path);
  const only = (value: unknown, members: readonly string[]): unknown => {
    if (Array.isArray(value)) return value.map((one) => only(one, members));
    if (value === null || typeof value !== "object") return null;
    return Object.fromEntries(Object.entries(value).filter(([name]) => members.includes(name)));
  };
  const kept = Object.entries(facts).flatMap(([name, value]) => {
    const all = Object.hasOwn(KEPT_FACTS, name) ? KEPT_FACTS[name] : undefined;
    const members = all === true ? all : all?.filter((member) => !hides(`${name}.${member}`));
    if (members === undefined || hides(name)) return [];
    if (members !== true) return [[name, only(value, members)]];
    return typeof value === "object" ? [] : [[name, value]];
  });
  return Object.fromEntries(kept) as SessionFacts;
}
