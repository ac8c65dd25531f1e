import type { PurgeableStore } from "./store.js";

interface Entry {
  readonly digest: string;
  readonly lease: string;
  readonly until: number;
  answer: string | null;
}

/** Keys in memory: for tests, and for one process that may forget everything when it ends. It grows until `purge` is called. */
export function memoryStore(): PurgeableStore {
  const entries = new Map<string, Entry>();
  let leases = 0;
  const under = (key: string, lease: string): Entry | null => {
    const entry = entries.get(key);
    return entry?.lease === lease ? entry : null;
  };
  return {
    begin(key, digest, now, leaseMs) {
      const entry = entries.get(key);
      if (entry?.answer != null) return { state: "done", digest: entry.digest, answer: entry.answer };
      if (entry !== undefined && entry.until > now) return { state: "running" };
      leases += 1;
      const lease = String(leases);
      entries.set(key, { digest, lease, until: now + leaseMs, answer: null });
      return { state: "new", lease };
    },
    finish(key, lease, answer) {
      const entry = under(key, lease);
      if (entry !== null) entry.answer ??= answer;
      return entry !== null;
    },
    release(key, lease) {
      if (under(key, lease)?.answer === null) entries.delete(key);
    },
    purge(before) {
      for (const [key, { until }] of entries) if (until < before) entries.delete(key);
    },
  };
}
