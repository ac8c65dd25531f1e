// A back end of its own, for tests with several processes on one SQLite file: told requests, it tells what it answered.
import { appendFileSync } from "node:fs";
import sqlite from "node-sqlite3-wasm";
import { createReceiver, sqliteStore } from "post-session-transfer/receiver";
import { envelope, PAGE, request } from "./support.mjs";

const [file, accepted, leaseMs] = process.argv.slice(2);
const handle = createReceiver({
  store: sqliteStore(new sqlite.Database(file)),
  origins: [PAGE],
  leaseMs: Number(leaseMs),
  accept: async ({ handoff_id, session }) => {
    appendFileSync(accepted, `${handoff_id} ${process.pid}\n`);
    if (session.id === "hangs") {
      process.send({ accepting: handoff_id });
      await new Promise(() => {});
    }
    return { by: process.pid };
  },
  onError: (error) => process.send({ error: String(error) }),
});

process.on("message", async ({ key, session }) => {
  const body = envelope({ handoff_id: key, session: { ...envelope().session, id: session ?? "1" } });
  const response = await handle(request(body, { "Idempotency-Key": key }));
  process.send({ key, status: response.status, body: await response.json() });
});
process.send({ ready: true });
// Nobody is left to ask.
process.on("disconnect", () => process.exit());
