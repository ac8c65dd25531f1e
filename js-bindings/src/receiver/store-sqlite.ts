/** Keys in SQLite, for whichever of its modules the host has: each method is one statement that writes, so no transaction is needed. */
import type { PurgeableStore } from "./store.js";

type SqlValue = string | number | null;

/** What is needed of `node:sqlite`'s `DatabaseSync`, and of better-sqlite3. */
export interface PreparingDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): { run(...values: SqlValue[]): unknown; get(...values: SqlValue[]): unknown };
}

/** What is needed of node-sqlite3-wasm's `Database`, whose statements would have to be finalised. */
export interface DirectDatabase {
  exec(sql: string): unknown;
  run(sql: string, values: SqlValue[]): unknown;
  get(sql: string, values: SqlValue[]): unknown;
}

export type SqliteDatabase = PreparingDatabase | DirectDatabase;

const TABLE = `
  CREATE TABLE IF NOT EXISTS pst_received (
    key TEXT NOT NULL PRIMARY KEY,
    digest TEXT NOT NULL,
    lease TEXT NOT NULL,
    lease_until INTEGER NOT NULL,
    answer TEXT
  ) WITHOUT ROWID`;
// One statement decides who is first: a conflict changes the row only where it holds neither an answer nor a lease that still runs.
const BEGIN = `
  INSERT INTO pst_received (key, digest, lease, lease_until) VALUES (?, ?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET digest = excluded.digest, lease = excluded.lease, lease_until = excluded.lease_until
  WHERE answer IS NULL AND lease_until <= ?`;
const FIND = "SELECT digest, lease, answer FROM pst_received WHERE key = ?";
const FINISH = "UPDATE pst_received SET answer = ? WHERE key = ? AND lease = ? AND answer IS NULL";
const RELEASE = "DELETE FROM pst_received WHERE key = ? AND lease = ? AND answer IS NULL";
const PURGE = "DELETE FROM pst_received WHERE lease_until < ?";

/** How long SQLite waits for another process, where the host has not said so itself. */
const BUSY_MS = 1000;

/**
 * Keys in a table `pst_received` of an open database, which is made when it is missing. Takes a `DatabaseSync` of `node:sqlite`, a `Database` of
 * better-sqlite3 or one of node-sqlite3-wasm. Several processes may use one file. Throws what the database throws.
 */
export function sqliteStore(database: SqliteDatabase): PurgeableStore {
  const { run, get } = statements(database);
  if ((get("PRAGMA busy_timeout") as { timeout?: unknown } | null)?.timeout === 0)
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
  database.exec(TABLE);

  const find = (key: string) =>
    get(FIND, key) as { digest: string; lease: string; answer: string | null } | null | undefined;
  return {
    begin(key, digest, now, leaseMs) {
      const lease = crypto.randomUUID();
      for (;;) {
        run(BEGIN, key, digest, lease, now + leaseMs, now);
        const row = find(key);
        // Released by its holder between the two statements: it is free again.
        if (row == null) continue;
        if (row.lease === lease) return { state: "new", lease };
        return row.answer === null ? { state: "running" } : { state: "done", digest: row.digest, answer: row.answer };
      }
    },
    finish(key, lease, answer) {
      run(FINISH, answer, key, lease);
      const row = find(key);
      return row?.lease === lease && row.answer !== null;
    },
    release(key, lease) {
      run(RELEASE, key, lease);
    },
    purge(before) {
      run(PURGE, before);
    },
  };
}

interface Statements {
  run(sql: string, ...values: SqlValue[]): void;
  get(sql: string, ...values: SqlValue[]): unknown;
}

function statements(database: SqliteDatabase): Statements {
  if ("get" in database) {
    return {
      run: (sql, ...values) => void database.run(sql, values),
      get: (sql, ...values) => database.get(sql, values),
    };
  }
  const prepared = new Map<string, ReturnType<PreparingDatabase["prepare"]>>();
  const prepare = (sql: string) => {
    const statement = prepared.get(sql) ?? database.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };
  return {
    run: (sql, ...values) => void prepare(sql).run(...values),
    get: (sql, ...values) => prepare(sql).get(...values),
  };
}
