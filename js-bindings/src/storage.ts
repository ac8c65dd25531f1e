/** What outlives a page: a tab's own state, and what tabs tell each other. A page without storage works; it only forgets. */
import type { Locks } from "./lead.js";
import { plain } from "./plain.js";
import type { Json, SessionFacts, StorageLike, TransferOptions } from "./types.js";

const OWN = "post-session-transfer";
/** Sessions before the one in progress, whose records are still to be written. */
const ASIDE = `${OWN}:records`;
/** A page that never gets rid of its records forgets the oldest ones. */
const MOST_ASIDE = 5;
const VERSION = "1";

/** A tab's own state. */
export interface Kept {
  /** What the decision rests on; nothing about the people or what they said. */
  readonly facts: SessionFacts;
  /** The core's own text about where it has got to, as JSON. */
  readonly state: Json;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What all tabs can see of one session. */
export interface Entry {
  readonly phase: string;
  /** The tab in charge; nobody is when it is empty. */
  readonly owner: string;
  /** When the entry is to be forgotten. */
  readonly expires: number;
  /** Where locks are missing: until when the owner is in charge without a further word. */
  readonly lease: number;
  readonly connected: boolean;
  readonly state: Json;
  readonly at: number;
}

/** FNV-1a, 32 bits: finds damage, and is no defence against attackers. */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

const sealed = (value: object) => {
  const text = JSON.stringify(value);
  return `${VERSION} ${checksum(text)} ${text}`;
};

/** `undefined` where nothing is there, `null` where what is there cannot be used. */
function opened(text: string | null): Json | undefined {
  if (text === null) return undefined;
  const [version, sum, ...rest] = text.split(" ");
  const json = rest.join(" ");
  if (version !== VERSION || sum !== checksum(json)) return null;
  try {
    // Whatever stands there, it becomes plain data of bounded size; the core takes no NUL.
    return json.includes("\\u0000") ? null : (plain(JSON.parse(json)) ?? null);
  } catch {
    return null;
  }
}

const isObject = (value: unknown): value is { readonly [key: string]: Json } =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** The phases that something is kept of; `done`: records are still to be written. */
const KEPT_PHASE = /^(asking|collecting|handing_off|stalled|in_conversation|done)$/;

function isKept(value: unknown): value is Kept {
  if (!isObject(value) || !isObject(value.facts) || !isObject(value.state)) return false;
  const { phase } = value.state;
  if (typeof phase !== "string" || !KEPT_PHASE.test(phase)) return false;
  const { id } = value.facts;
  return Number.isFinite(value.at) && (typeof id === "number" || (typeof id === "string" && id !== ""));
}

function isEntry(value: unknown): value is Entry {
  if (!isObject(value)) return false;
  const { phase, owner, connected, state } = value;
  const numbers = [value.expires, value.lease, value.at].every((one) => Number.isFinite(one));
  const texts = typeof phase === "string" && typeof owner === "string" && typeof connected === "boolean";
  return numbers && texts && (state === null || isObject(state));
}

const isAside = (value: unknown): value is { readonly sessions: readonly Kept[] } =>
  isObject(value) && Array.isArray(value.sessions) && value.sessions.every(isKept);

const isOver = ({ state }: Kept): boolean => (state as { readonly phase: Json }).phase === "done";
const sameSession = (one: Kept, other: Kept): boolean => String(one.facts.id) === String(other.facts.id);

export interface Places {
  readonly session: StorageLike | undefined;
  readonly local: StorageLike | undefined;
}

/** Reads and writes; nothing here throws. The first time that a storage fails is reported. */
export class PageStorage {
  readonly #places: Places;
  readonly #failed: (what: "storage_unavailable" | "saved_state_discarded", why: string) => void;
  #reported = false;

  constructor(places: Places, failed: (what: "storage_unavailable" | "saved_state_discarded", why: string) => void) {
    this.#places = places;
    this.#failed = failed;
  }

  /** What this tab has got to with the session in progress. */
  own(): Kept | undefined {
    return this.#read(this.#places.session, OWN, isKept);
  }

  /** Sessions before it, whose records are still to be written; oldest first. */
  aside(): readonly Kept[] {
    return this.#read(this.#places.session, ASIDE, isAside)?.sessions ?? [];
  }

  /** What this tab has got to with one session. */
  ownOf(id: string): Kept | undefined {
    return [this.own(), ...this.aside()].find((kept) => kept !== undefined && String(kept.facts.id) === id);
  }

  /** A session that is over but for its records makes room for the next one, and never takes its place. */
  keepOwn(kept: Kept): void {
    const before = this.own();
    const another = before !== undefined && !sameSession(before, kept) ? before : undefined;
    if (another !== undefined && isOver(kept)) {
      this.#keepAside(kept);
      return;
    }
    if (another !== undefined && isOver(another)) this.#keepAside(another);
    this.#writeOwn(OWN, kept);
  }

  forgetOwn(id: string): void {
    const own = this.own();
    if (own !== undefined && String(own.facts.id) === id) this.#remove(this.#places.session, OWN);
    const aside = this.aside();
    const others = aside.filter((kept) => String(kept.facts.id) !== id);
    if (others.length < aside.length) this.#writeAside(others);
  }

  #keepAside(kept: Kept): void {
    this.#writeAside([...this.aside().filter((one) => !sameSession(one, kept)), kept].slice(-MOST_ASIDE));
  }

  #writeAside(sessions: readonly Kept[]): void {
    if (sessions.length === 0) this.#remove(this.#places.session, ASIDE);
    else this.#writeOwn(ASIDE, { sessions });
  }

  /** What cannot be kept anew is forgotten: a question that was answered is not to be asked again. */
  #writeOwn(name: string, value: object): void {
    if (!this.#write(this.#places.session, name, value)) this.#remove(this.#places.session, name);
  }

  entry(name: string): Entry | undefined {
    return this.#read(this.#places.local, name, isEntry);
  }

  /** The same, from a text that was read already. */
  entryOf(text: string | null): Entry | undefined {
    const value = opened(text);
    return isEntry(value) ? value : undefined;
  }

  /** Whether other tabs can see it. */
  keepEntry(name: string, entry: Entry): boolean {
    return this.#places.local !== undefined && this.#write(this.#places.local, name, entry);
  }

  /** Takes away the entries of sessions that are long over. */
  sweep(now: number): void {
    const { local } = this.#places;
    this.#attempt(() => {
      const names = Array.from({ length: local?.length ?? 0 }, (_, index) => local?.key(index) ?? "");
      for (const name of names.filter((one) => one.startsWith(`${OWN}:`))) {
        const entry = opened(local?.getItem(name) ?? null);
        if (!isEntry(entry) || !(entry.expires > now)) local?.removeItem(name);
      }
    });
  }

  #read<T>(from: StorageLike | undefined, name: string, is: (value: unknown) => value is T): T | undefined {
    let text: string | null = null;
    this.#attempt(() => {
      text = from?.getItem(name) ?? null;
    });
    const value = opened(text);
    if (value === undefined || is(value)) return value;
    this.#remove(from, name);
    this.#failed("saved_state_discarded", "What was kept of a session is damaged, or of another version.");
    return undefined;
  }

  #write(to: StorageLike | undefined, name: string, value: object): boolean {
    return this.#attempt(() => to?.setItem(name, sealed(value)));
  }

  #remove(from: StorageLike | undefined, name: string): void {
    this.#attempt(() => from?.removeItem(name));
  }

  #attempt(act: () => void): boolean {
    try {
      act();
      return true;
    } catch (error) {
      if (this.#reported) return false;
      this.#reported = true;
      this.#failed(
        "storage_unavailable",
        `The page's storage cannot be used (${error instanceof Error ? error.name : typeof error}): a reload will forget this session.`,
      );
      return false;
    }
  }
}

/** The page's storage, or the host's; nothing where there is no page, or where the host wants none. */
export function pageStorage(
  given: TransferOptions["storage"],
  failed: (what: "storage_unavailable" | "saved_state_discarded", why: string) => void,
): PageStorage | undefined {
  if (given === null) return undefined;
  let said = false;
  const failedOnce: typeof failed = (what, why) => {
    if (what === "storage_unavailable" && said) return;
    said = said || what === "storage_unavailable";
    failed(what, why);
  };
  if (given !== undefined && "getItem" in given) return new PageStorage({ session: given, local: given }, failedOnce);
  if (given !== undefined)
    return new PageStorage({ session: given.session ?? undefined, local: given.local ?? undefined }, failedOnce);
  if (typeof document === "undefined") return undefined;
  // Where storage is blocked, the mere look at it throws.
  const look = (name: "sessionStorage" | "localStorage"): StorageLike | undefined => {
    try {
      return globalThis[name];
    } catch (error) {
      failedOnce(
        "storage_unavailable",
        `The page has no ${name} (${error instanceof Error ? error.name : typeof error}): a reload may forget a session.`,
      );
      return undefined;
    }
  };
  return new PageStorage({ session: look("sessionStorage"), local: look("localStorage") }, failedOnce);
}

/** Only pages share locks in the way that is meant here. */
export function pageLocks(): Locks | undefined {
  return typeof document === "undefined" ? undefined : (globalThis.navigator?.locks as Locks | undefined);
}

/** The name of a session's entry: a hash, so that it tells nothing. */
export const entryName = (digest: string) => `${OWN}:${digest.slice(0, 32)}`;
