// What a session reaches, on loopback sockets: an endpoint that takes hand-offs once, and the services for records, which keep what they got in SQLite.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { createReceiver, memoryStore } from "post-session-transfer/receiver";
import { nodeHandler } from "post-session-transfer/receiver/node";
import { Records } from "../../../demo-web/records/records.mjs";

/** Waits for what is to come, not for time. */
export async function until(holds, what, ms = 10_000) {
  const end = Date.now() + ms;
  while (!holds()) {
    if (Date.now() > end) assert.fail(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
}

/** All of it, until the test is over. `fault`: a status to answer a request for records with, by path and number. */
export async function startServices(t, { fault = () => undefined } = {}) {
  const handoffs = [];
  /** Requests for records: `{ path, key, body }`. */
  const posted = [];
  const sessionOf = (id) => handoffs.find(({ handoff_id }) => handoff_id === id)?.session.id ?? null;
  const records = new Records({ sessionOf });
  records.open([]);
  const receive = nodeHandler(
    createReceiver({
      store: memoryStore(),
      origins: [],
      accept: (handoff) => {
        handoffs.push(handoff);
        return {};
      },
    }),
  );
  const server = createServer((request, response) => {
    if (request.url === "/handoff") return receive(request, response);
    const seen = { path: request.url, key: request.headers["idempotency-key"], body: "" };
    // Beside whoever reads it.
    const { push } = request;
    request.push = (chunk, encoding) => {
      seen.body += chunk ?? "";
      return push.call(request, chunk, encoding);
    };
    posted.push(seen);
    const status = fault(seen.path, posted.filter(({ path }) => path === seen.path).length);
    if (status === undefined) return void records.handle(request, response);
    request.resume().on("end", () => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end("{}");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${server.address().port}`;
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
    records.close();
  });
  return {
    origin,
    handoffs,
    posted,
    sinks: { metadata: `${origin}/files/records`, crm: `${origin}/crm/records` },
    comments: () => records.crm.comments(),
    file: (session) => records.files.file(session),
    files: () => records.files.list(),
  };
}

export const field = (name, more = {}) => ({
  ...{ type: "dynamic", field: name, source: "form", source_field: name },
  ...more,
});

export const host = (name, more = {}) => ({
  ...{ type: "dynamic", field: name, source: "host", source_field: name },
  ...more,
});
