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
/** Longer than a free lock takes to be granted. */
const PATIENCE_MS = 50;

export interface TabEvents {
  /** Another tab is in charge now, or was for a while. */
  lost(): void;
  /** Another tab has taken care of the session. */
  handled(connected: boolean): void;
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
  readonly #listening = new AbortController();
  #lead: Lead | undefined;
  #name = "";
  #isElsewhere = false;
  #hidden: unknown;
  #own: Kept | undefined;
  #handled: ((connected: boolean) => void) | undefined;

  /** @param session the id of the session */
  constructor(doers: Omit<LeadDoers, "lost">, events: TabEvents, session: string) {
    this.#doers = doers;
    this.#events = events;
    const own = doers.storage.own();
    this.#own = own !== undefined && String(own.facts.id) === session ? own : undefined;
    this.#listen();
  }

  /** What this tab had got to before it was loaded anew. */
  get own(): { readonly state: Json; readonly ageMs: number } | undefined {
    return this.#own && { state: this.#own.state, ageMs: this.#doers.clock.now() - this.#own.at };
  }

  /** Resolves when this tab is in charge, or need not be. `waiting` is called if that takes its time. */
  async turn(digest: string, waiting: () => void): Promise<Turn> {
    const { clock, storage } = this.#doers;
    this.#name = entryName(digest);
    this.#lead ??= new Lead({ ...this.#doers, lost: () => this.#events.lost() }, this.#name);
    const lead = this.#lead;
    const handled = new Promise<Turn>((resolve) => {
      this.#handled = (connected) => resolve(this.#elsewhere(connected));
    });
    const done = this.#doneElsewhere();
    if (done !== undefined) return this.#elsewhere(done.connected);
    const patience = clock.setTimeout(() => {
      if (!lead.held) waiting();
    }, PATIENCE_MS);
    const got = lead.acquire().then((leading): Turn => (leading ? this.#taken() : { type: "given_up" }));
    const turn = await Promise.race([got, handled]);
    clock.clearTimeout(patience);
    this.#handled = undefined;
    if (turn.type === "handled") lead.release();
    else if (turn.type === "lead" && isHidden()) this.#hide();
    storage.sweep(clock.now());
    return turn;
  }

  /** Keeps where the session has got to; `null`: it is done with. */
  keep(facts: SessionFacts, state: Json, connected: boolean): void {
    const { storage, clock, owner } = this.#doers;
    const at = clock.now();
    if (state === null) storage.forgetOwn();
    else storage.keepOwn({ facts: withoutPeople(facts), state, at });
    this.#own = undefined;
    // What another tab has written is its own.
    if (this.#name === "" || this.#isElsewhere) return;
    const phase = state === null ? "done" : String((state as { phase?: Json }).phase);
    const entry: Entry = {
      phase,
      owner: state === null ? "" : owner,
      expires: at + KEPT_MS,
      lease: 0,
      connected,
      state,
      at,
    };
    storage.keepEntry(this.#name, { ...entry, lease: state === null ? 0 : (storage.entry(this.#name)?.lease ?? 0) });
    if (state === null) this.#lead?.release();
  }

  dispose(): void {
    this.#listening.abort();
    this.#doers.clock.clearTimeout(this.#hidden);
    this.#letGo();
  }

  #elsewhere(connected: boolean): Turn {
    this.#isElsewhere = true;
    return { type: "handled", connected };
  }

  /** The lead is this tab's: what was kept last, here or by the tab that had it before. */
  #taken(): Turn {
    const { storage, clock, owner } = this.#doers;
    const done = this.#doneElsewhere();
    if (done !== undefined) return this.#elsewhere(done.connected);
    const entry = storage.entry(this.#name);
    const now = clock.now();
    storage.keepEntry(this.#name, { ...(entry ?? BLANK), owner, expires: now + KEPT_MS });
    const own = storage.own() ?? this.#own;
    const shared = entry !== undefined && entry.state !== null && entry.at > (own?.at ?? 0) ? entry : undefined;
    const last = shared ?? this.#own ?? own;
    return { type: "lead", state: last?.state ?? null, ageMs: last === undefined ? 0 : now - last.at };
  }

  /** The entry, where it says that another tab needs no help of ours. */
  #doneElsewhere(): Entry | undefined {
    const { storage, clock } = this.#doers;
    const entry = storage.entry(this.#name);
    if (entry === undefined || entry.expires < clock.now()) return undefined;
    // A conversation that this very tab had begun is its own.
    const talks = entry.phase === "in_conversation" && this.#own === undefined && storage.own()?.state === undefined;
    return entry.phase === "done" || talks ? entry : undefined;
  }

  #listen(): void {
    if (typeof document === "undefined") return;
    const { signal } = this.#listening;
    globalThis.addEventListener("storage", (event) => this.#told(event.key), { signal });
    document.addEventListener("visibilitychange", () => (isHidden() ? this.#hide() : this.#show()), { signal });
    // A page that holds a lock keeps it in the back/forward cache.
    globalThis.addEventListener("pagehide", () => this.#letGo(), { signal });
    globalThis.addEventListener(
      "pageshow",
      (event) => {
        if (event.persisted) this.#events.lost();
      },
      { signal },
    );
  }

  /** Another tab has written something. */
  #told(name: string | null): void {
    if (name !== this.#name || this.#name === "") return;
    const done = this.#doneElsewhere();
    if (done !== undefined) {
      if (this.#handled !== undefined) this.#handled(done.connected);
      else {
        this.#elsewhere(done.connected);
        this.#events.handled(done.connected);
      }
      return;
    }
    const { storage, owner } = this.#doers;
    const other = storage.entry(this.#name)?.owner ?? "";
    if (other !== "" && other !== owner && this.#handled === undefined && this.#lead?.held !== true)
      this.#events.lost();
  }

  #hide(): void {
    const { clock } = this.#doers;
    clock.clearTimeout(this.#hidden);
    this.#hidden = clock.setTimeout(() => {
      if (isHidden() && this.#events.idle && this.#lead?.held) this.#letGo();
    }, HIDDEN_MS);
  }

  #show(): void {
    const { clock } = this.#doers;
    clock.clearTimeout(this.#hidden);
    if (this.#lead === undefined || this.#lead.held || this.#handled !== undefined) return;
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

function isHidden(): boolean {
  return typeof document !== "undefined" && document.visibilityState === "hidden";
}

const KEPT_FACTS =
  "id channel tenant sdk chat_type call_type ended_by status lang queue created_at ended_at signals post_session".split(
    " ",
  );

/** Only what decisions rest on is kept: no custom data, no tokens, nobody's name. */
function withoutPeople(facts: SessionFacts): SessionFacts {
  return Object.fromEntries(
    Object.entries(facts).filter(([name]) => KEPT_FACTS.includes(name)),
  ) as unknown as SessionFacts;
}
