/** Keeps one tab in charge of a session: with a Web Lock, or with a lease in the shared storage where there are no locks. */
import type { Entry, PageStorage } from "./storage.js";
import type { Clock } from "./types.js";

const LEASE_MS = 6_000;
const RENEWAL_MS = 2_000;
/** How long a tab that has written its name waits to see whether another one wrote over it. */
const CONTEST_MS = 60;

/** The part of `navigator.locks` that is needed. */
export interface Locks {
  request(name: string, options: { signal?: AbortSignal }, granted: () => Promise<void>): Promise<unknown>;
}

export interface LeadDoers {
  readonly storage: PageStorage;
  readonly locks: Locks | undefined;
  readonly clock: Clock;
  readonly random: () => number;
  /** This tab's name. */
  readonly owner: string;
  /** Another tab has taken over, because this one was not heard of for too long. */
  readonly lost: () => void;
}

export class Lead {
  readonly #doers: LeadDoers;
  readonly #name: string;
  #release: (() => void) | undefined;
  #attempt: AbortController | undefined;

  constructor(doers: LeadDoers, name: string) {
    this.#doers = doers;
    this.#name = name;
  }

  get held(): boolean {
    return this.#release !== undefined;
  }

  /** Resolves to true when this tab is in charge, to false when the attempt was given up by `release`. */
  async acquire(): Promise<boolean> {
    if (this.held) return true;
    this.#attempt?.abort();
    const attempt = new AbortController();
    this.#attempt = attempt;
    const { locks } = this.#doers;
    let release = locks === undefined ? undefined : await this.#lock(locks, attempt.signal);
    // No locks here, or the page may not use them.
    if (release === undefined && !attempt.signal.aborted) release = await this.#lease(attempt.signal);
    if (release === undefined || attempt.signal.aborted) {
      release?.();
      return false;
    }
    this.#release = release;
    return true;
  }

  /** Gives the lead up, or stops waiting for it. */
  release(): void {
    this.#attempt?.abort();
    this.#attempt = undefined;
    this.#release?.();
    this.#release = undefined;
  }

  #lock(locks: Locks, signal: AbortSignal): Promise<(() => void) | undefined> {
    return new Promise((resolve) => {
      let mine: (() => void) | undefined;
      const held = () =>
        new Promise<void>((release) => {
          mine = release;
          resolve(release);
        });
      // It rejects when it is given up, when it is refused, and when the page goes away: then there is no lead.
      const gone = () => {
        // A later request may have been granted by now.
        if (this.#release === mine) this.#release = undefined;
        resolve(undefined);
      };
      try {
        locks.request(this.#name, { signal }, held).catch(gone);
      } catch {
        gone();
      }
    });
  }

  /** Storage has no compare-and-set: whoever finds its own name there a moment later is in charge. */
  async #lease(signal: AbortSignal): Promise<(() => void) | undefined> {
    const { storage, clock, owner, random } = this.#doers;
    while (!signal.aborted) {
      const entry = storage.entry(this.#name);
      const now = clock.now();
      const free =
        !entry || entry.owner === "" || entry.owner === owner || !(entry.lease >= now && entry.lease <= now + LEASE_MS);
      if (free) {
        // What cannot be written down, no other tab can see: then each is for itself.
        if (!this.#sign()) return () => {};
        await this.#pause(CONTEST_MS * (1 + random()), signal);
        const signed = storage.entry(this.#name);
        if (signed === undefined && !signal.aborted) return () => {};
        if (!signal.aborted && signed?.owner === owner) return this.#renewing();
      } else await this.#pause(Math.min(RENEWAL_MS, entry.lease - now) + 1, signal);
    }
    return undefined;
  }

  /** Whether it could be written. */
  #sign(): boolean {
    const { storage, clock, owner } = this.#doers;
    const entry = storage.entry(this.#name);
    return storage.keepEntry(this.#name, {
      ...(entry ?? BLANK),
      owner,
      lease: clock.now() + LEASE_MS,
      expires: Math.max(entry?.expires ?? 0, clock.now() + 10 * LEASE_MS),
    });
  }

  #renewing(): () => void {
    const { clock, storage, owner, lost } = this.#doers;
    let timer: unknown;
    const renew = () => {
      // A page that was frozen wakes up late.
      if (storage.entry(this.#name)?.owner !== owner) {
        this.#release = undefined;
        lost();
        return;
      }
      this.#sign();
      timer = clock.setTimeout(renew, RENEWAL_MS);
    };
    renew();
    return () => clock.clearTimeout(timer);
  }

  #pause(ms: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#doers;
    return new Promise((resolve) => {
      const over = () => {
        clock.clearTimeout(timer);
        signal.removeEventListener("abort", over);
        resolve();
      };
      const timer = clock.setTimeout(over, ms);
      signal.addEventListener("abort", over);
    });
  }
}

export const BLANK: Entry = { phase: "idle", owner: "", expires: 0, lease: 0, connected: false, state: null, at: 0 };
