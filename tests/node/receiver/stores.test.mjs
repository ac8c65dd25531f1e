// What a store has to do, for each of ours; then SQLite between processes, and after one was killed.
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { on, once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import sqlite from "node-sqlite3-wasm";
import { memoryStore, sqliteStore } from "post-session-transfer/receiver";
import { KEY } from "./support.mjs";

/** The same database as `node:sqlite` and better-sqlite3 offer theirs: prepared statements that take their values one by one. */
function preparing(database) {
  return {
    exec: (sql) => database.exec(sql),
    prepare: (sql) => ({
      run: (...values) => database.run(sql, values),
      get: (...values) => database.get(sql, values) ?? undefined,
    }),
  };
}

const stores = {
  memoryStore: () => memoryStore(),
  "sqliteStore, node-sqlite3-wasm": (t) => sqliteStore(opened(t)),
  "sqliteStore, prepared statements": (t) => sqliteStore(preparing(opened(t))),
};
// Node 20 has none.
const own = await import("node:sqlite").catch(() => null);
if (own) stores["sqliteStore, node:sqlite"] = () => sqliteStore(new own.DatabaseSync(":memory:"));

function opened(t, file) {
  const database = new sqlite.Database(file);
  t.after(() => database.close());
  return database;
}

for (const [name, make] of Object.entries(stores)) {
  test(`${name}: new, running, done`, async (t) => {
    const store = make(t);
    const first = store.begin("a", "d1", 1000, 50);
    assert.equal(first.state, "new");
    assert.deepEqual(store.begin("a", "d2", 1049, 50), { state: "running" });
    assert.equal(store.begin("b", "d1", 1000, 50).state, "new", "another key");
    assert.equal(store.finish("a", first.lease, '{"x":1}'), true);
    for (const now of [1049, 9e15]) {
      assert.deepEqual(store.begin("a", "d2", now, 50), { state: "done", digest: "d1", answer: '{"x":1}' });
    }
    assert.equal(store.finish("a", first.lease, "{}"), true, "asked again, as after an error: the first answer stays");
    store.release("a", first.lease);
    assert.equal(store.begin("a", "d1", 2000, 50).answer, '{"x":1}');
  });

  test(`${name}: released, and taken over when the lease is over`, (t) => {
    const store = make(t);
    const first = store.begin("a", "d1", 1000, 50);
    store.release("a", "another lease");
    assert.equal(store.begin("a", "d1", 1000, 50).state, "running");
    store.release("a", first.lease);
    const second = store.begin("a", "d2", 1000, 50);
    const third = store.begin("a", "d3", 1050, 50);
    assert.deepEqual([second.state, third.state], ["new", "new"]);
    assert.equal(store.finish("a", second.lease, '"late"'), false);
    store.release("a", second.lease);
    assert.equal(store.begin("a", "d3", 1060, 50).state, "running");
    assert.equal(store.finish("a", third.lease, '"third"'), true);
    assert.deepEqual(store.begin("a", "d1", 1000, 50), { state: "done", digest: "d3", answer: '"third"' });
  });

  test(`${name}: an answer that comes after the lease, but before anyone else, is kept`, (t) => {
    const store = make(t);
    const { lease } = store.begin("a", "d1", 1000, 50);
    assert.equal(store.finish("a", lease, "{}"), true);
    assert.equal(store.begin("a", "d1", 5000, 50).state, "done");
  });

  test(`${name}: forgets what is older`, (t) => {
    const store = make(t);
    for (const [key, now] of Object.entries({ old: 1000, new: 2000 })) {
      store.finish(key, store.begin(key, "d", now, 50).lease, "{}");
    }
    store.purge(1051);
    assert.deepEqual(
      [store.begin("old", "d", 3000, 50).state, store.begin("new", "d", 3000, 50).state],
      ["new", "done"],
    );
  });

  test(`${name}: keys and answers of any text`, (t) => {
    const store = make(t);
    for (const text of ["", "'; DROP TABLE pst_received; --", "__proto__", "😀".repeat(5000)]) {
      const { state, lease } = store.begin(text, text, 0, 50);
      assert.equal(state, "new");
      store.finish(text, lease, text);
      assert.deepEqual(store.begin(text, "", 0, 50), { state: "done", digest: text, answer: text });
    }
  });
}

test("sqliteStore waits for other processes, and leaves a host's own choice alone", (t) => {
  const ours = opened(t);
  sqliteStore(ours);
  assert.deepEqual(ours.get("PRAGMA busy_timeout"), { timeout: 1000 });
  const theirs = opened(t);
  theirs.exec("PRAGMA busy_timeout = 42");
  sqliteStore(theirs);
  assert.deepEqual(theirs.get("PRAGMA busy_timeout"), { timeout: 42 });
});

/** Back ends of their own on one file, and what was accepted by all of them. */
async function backEnds(t, { count, leaseMs }) {
  const folder = mkdtempSync(join(tmpdir(), "pst-receiver-"));
  const accepted = join(folder, "accepted");
  const children = [];
  const start = async () => {
    const child = fork(new URL("process.mjs", import.meta.url), [join(folder, "keys.db"), accepted, String(leaseMs)]);
    children.push(child);
    await once(child, "message");
    return child;
  };
  t.after(async () => {
    for (const child of children) if (child.connected) child.disconnect();
    await Promise.all(children.map((child) => child.exitCode ?? child.signalCode ?? once(child, "exit")));
    rmSync(folder, { recursive: true, force: true });
  });
  await Promise.all(Array.from({ length: count }, start));
  return { children, start, accepted: () => readFileSync(accepted, "utf8").trim().split("\n") };
}

/** Asks until there is an answer: 409 and 503 mean later. */
async function ask(child, key, session) {
  for (;;) {
    const answers = on(child, "message");
    child.send({ key, session });
    for await (const [message] of answers) {
      if (message.key !== key) continue;
      if (message.status === 200) return message;
      assert.ok([409, 503].includes(message.status), JSON.stringify(message));
      break;
    }
  }
}

const keyOf = (index) => KEY.replace(/^.{4}/, index.toString(16).padStart(4, "0"));

test("SQLite: of several processes that race for a key exactly one accepts it", async (t) => {
  const { children, accepted } = await backEnds(t, { count: 3, leaseMs: 30_000 });
  const keys = Array.from({ length: 12 }, (_, index) => keyOf(index));
  await Promise.all(
    children.map(async (child) => {
      for (const key of keys) await ask(child, key);
    }),
  );
  assert.deepEqual(
    accepted()
      .map((line) => line.split(" ")[0])
      .sort(),
    keys,
  );
  const [first] = keys;
  const answers = await Promise.all(children.map((child) => ask(child, first)));
  assert.equal(new Set(answers.map(({ body }) => body.by)).size, 1, "everybody hears the same");
});

test("SQLite: a process that is killed while it accepts keeps the key no longer than its lease", async (t) => {
  const leaseMs = 400;
  const { children, start, accepted } = await backEnds(t, { count: 1, leaseMs });
  const [victim] = children;
  victim.send({ key: KEY, session: "hangs" });
  const [message] = await once(victim, "message");
  assert.deepEqual(message, { accepting: KEY });
  victim.kill("SIGKILL");
  await once(victim, "exit");

  const next = await start();
  const answer = await ask(next, KEY, "1");
  assert.equal(answer.body.by, next.pid);
  assert.deepEqual(accepted(), [`${KEY} ${victim.pid}`, `${KEY} ${next.pid}`]);
  const after = await start();
  assert.equal((await ask(after, KEY, "1")).body.by, next.pid, "what was kept outlives the process");
});
