/** What `begin` found. `lease` is a token that names this attempt and no other; `answer` is the JSON text that was kept. */
export type Begun =
  | { readonly state: "new"; readonly lease: string }
  | { readonly state: "running" }
  | { readonly state: "done"; readonly digest: string; readonly answer: string };

/**
 * Where keys are remembered. Every method is atomic, also between processes; a promise may be returned. Whatever throws, or rejects, is answered 503.
 */
export interface Store {
  /**
   * Takes `key` for `leaseMs` milliseconds from `now` (milliseconds since 1970) if nobody has it: it is unknown, was released, or its lease has
   * ended without an answer. Of several that ask at once exactly one gets `new`.
   */
  begin(key: string, digest: string, now: number, leaseMs: number): Begun | Promise<Begun>;
  /**
   * Keeps `answer` for good, if the key is still held under `lease`. That holds for a lease that is over but was not taken by another, too.
   * Says whether an answer is kept under that lease: asked again, yes, and the first one stays.
   */
  finish(key: string, lease: string, answer: string): boolean | Promise<boolean>;
  /** Gives the key back, as if it had never been asked for; nothing if it is not held under `lease` or has its answer. */
  release(key: string, lease: string): void | Promise<void>;
}

/** A store that can forget. */
export interface PurgeableStore extends Store {
  /** Forgets the keys whose lease ended before that time (milliseconds since 1970). A key that is forgotten can be accepted again. */
  purge(before: number): void;
}
