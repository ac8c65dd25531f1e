// Over real sockets: what clients do to a server.
import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import { createReceiver, memoryStore } from "post-session-transfer/receiver";
import { nodeHandler } from "post-session-transfer/receiver/node";
import { envelope, gate, KEY, PAGE, serve, told } from "./support.mjs";

function receiver(options = {}) {
  const accepted = [];
  const handle = createReceiver({
    store: memoryStore(),
    origins: [PAGE],
    accept: (handoff) => {
      accepted.push(handoff);
      return { greeting: "Zoë 😀" };
    },
    onError: () => {},
    ...options,
  });
  return { handle, accepted };
}

const HEADERS = { "Content-Type": "application/json", "Idempotency-Key": KEY, Origin: PAGE };

async function post(origin, body, headers = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return told(await fetch(origin, { method: "POST", headers: { ...HEADERS, ...headers }, body: text }));
}

const head = (headers) =>
  `POST /handoff HTTP/1.1\r\nHost: x\r\n${Object.entries({ ...HEADERS, ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("")}\r\n`;

/** Everything that comes over a connection until it is closed. */
async function readAll(socket) {
  let text = "";
  for await (const chunk of socket) text += chunk;
  return text;
}

test("the same answers as without a socket", async (t) => {
  const { handle, accepted } = receiver();
  const { origin } = await serve(t, handle);
  const first = await post(origin, envelope());
  assert.deepEqual([first.status, first.body], [200, { greeting: "Zoë 😀" }]);
  assert.equal(first.headers["access-control-allow-origin"], PAGE);
  assert.equal((await post(origin, envelope())).headers["idempotency-replayed"], "true");
  assert.equal((await post(origin, envelope({ data_parameters: {} }))).status, 422);
  const preflight = await fetch(origin, { method: "OPTIONS", headers: { Origin: PAGE } });
  assert.deepEqual([preflight.status, preflight.headers.get("content-length")], [204, null]);
  for (const method of ["GET", "HEAD", "PUT"]) assert.equal((await fetch(origin, { method })).status, 405);
  assert.equal(accepted.length, 1);
});

test("twenty connections at once: one accept", async (t) => {
  const { open, opened } = gate();
  let calls = 0;
  const { handle } = receiver({
    accept: async () => {
      calls += 1;
      await opened;
    },
  });
  const { origin } = await serve(t, handle);
  // Nineteen are told to come back while the first is worked on.
  let waiting = 0;
  const { open: nineteen, opened: allWait } = gate();
  const answers = Array.from({ length: 20 }, async () => {
    const { status } = await post(origin, envelope());
    if (status === 409) waiting += 1;
    if (waiting === 19) nineteen();
    return status;
  });
  await allWait;
  open();
  assert.deepEqual((await Promise.all(answers)).sort(), [200, ...Array(19).fill(409)]);
  assert.equal(calls, 1);
  assert.equal((await post(origin, envelope())).headers["idempotency-replayed"], "true");
});

test("a connection is used again, also after a body that was refused unread", async (t) => {
  const { handle } = receiver();
  const { port, server } = await serve(t, handle);
  let connections = 0;
  server.on("connection", () => {
    connections += 1;
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const send = async (body, headers = {}) => {
    const outgoing = httpRequest({ agent, port, method: "POST", headers: { ...HEADERS, ...headers } });
    outgoing.end(body);
    const [incoming] = await once(outgoing, "response");
    incoming.resume();
    await once(incoming, "end");
    return incoming.statusCode;
  };
  assert.equal(await send(JSON.stringify(envelope())), 200);
  assert.equal(await send("x".repeat(200_000)), 413);
  assert.equal(await send("x".repeat(200_000), { "Content-Type": "text/plain" }), 415);
  assert.equal(await send(JSON.stringify(envelope()), { Origin: "https://elsewhere.example" }), 403);
  assert.equal(await send(JSON.stringify(envelope())), 200);
  assert.equal(connections, 1);
});

test("a handler that answers in the middle of a body leaves the connection usable", async (t) => {
  const { port, server } = await serve(t, async (request) => {
    await request.body.getReader().read();
    return new Response("enough");
  });
  let connections = 0;
  server.on("connection", () => {
    connections += 1;
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  for (let i = 0; i < 2; i += 1) {
    const outgoing = httpRequest({ agent, port, method: "POST" });
    outgoing.end("x".repeat(500_000));
    const [incoming] = await once(outgoing, "response");
    incoming.resume();
    await once(incoming, "end");
  }
  assert.equal(connections, 1);
});

test("a body without end is cut off, and its sender is told why first", async (t) => {
  const { handle, accepted } = receiver();
  const { port } = await serve(t, handle);
  const socket = connect(port, "127.0.0.1");
  const closed = new Promise((resolve) => socket.on("error", () => {}).on("close", resolve)); // its last bytes meet a closed connection
  socket.write(head({ "Transfer-Encoding": "chunked" }));
  const chunk = `10000\r\n${"x".repeat(65536)}\r\n`;
  let sent = 0;
  let text = "";
  socket.on("data", (data) => {
    text += data;
  });
  const more = () => {
    while (!socket.destroyed && sent < 400 && socket.write(chunk)) sent += 1;
  };
  socket.on("drain", more);
  more();
  await closed;
  assert.match(text, /^HTTP\/1\.1 413 /);
  assert.ok(sent < 400, "25 MiB were not waited for");
  assert.equal(accepted.length, 0);
});

test("a slow body is given up: 408, and the connection is closed", async (t) => {
  const { handle, accepted } = receiver();
  const { port } = await serve(t, handle, { bodyMs: 50 });
  const socket = connect(port, "127.0.0.1");
  socket.write(`${head({ "Content-Length": "1000" })}{"schema":`);
  assert.match(await readAll(socket), /^HTTP\/1\.1 408 .*"body_timeout"/s);
  assert.equal(accepted.length, 0);
});

test("a body that comes in pieces in time is taken", async (t) => {
  const { handle, accepted } = receiver();
  const { port } = await serve(t, handle);
  const body = Buffer.from(JSON.stringify(envelope({ text: "😀" })));
  const socket = connect(port, "127.0.0.1");
  socket.setNoDelay(true);
  socket.write(head({ "Content-Length": body.length, Connection: "close" }));
  for (const byte of body) {
    socket.write(Buffer.from([byte]));
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.match(await readAll(socket), /^HTTP\/1\.1 200 /);
  assert.equal(accepted[0].text, "😀");
});

test("a sender that leaves before its body is whole has sent nothing", async (t) => {
  const { handle, accepted } = receiver();
  const { ended, handler } = watched(handle);
  const { port } = await serve(t, handler);
  const socket = connect(port, "127.0.0.1");
  socket.write(`${head({ "Content-Length": "1000" })}{"schema":`);
  await once(socket, "connect");
  setTimeout(() => socket.destroy(), 20);
  assert.equal((await ended).status, 400);
  assert.equal(accepted.length, 0);
});

test("a sender that has left before its body is asked for is not waited for", async (t) => {
  const { open: left, opened: hasLeft } = gate();
  const { open: asked, opened: isAsked } = gate();
  const { handle } = receiver({
    authorize: async () => {
      asked();
      await hasLeft;
      return true;
    },
  });
  const { ended, handler } = watched(handle);
  const { port, server } = await serve(t, handler);
  server.once("request", (incoming) => incoming.once("close", left));
  const socket = connect(port, "127.0.0.1");
  socket.write(`${head({ "Content-Length": "1000" })}{"schema":`);
  await isAsked;
  socket.destroy();
  assert.equal((await told(await ended)).body.error, "body_incomplete");
});

test("a sender that leaves while it is worked on finds its answer when it is back", async (t) => {
  const { open, opened } = gate();
  const { open: began, opened: hasBegun } = gate();
  const signals = [];
  const { handle } = receiver({
    accept: async (_handoff, { request, signal }) => {
      signals.push(request.signal, signal);
      began();
      await opened;
      return { kept: true };
    },
  });
  const { ended, handler } = watched(handle);
  const { port, origin } = await serve(t, handler);
  const body = JSON.stringify(envelope());
  const socket = connect(port, "127.0.0.1");
  socket.write(head({ "Content-Length": body.length }) + body);
  await hasBegun;
  socket.destroy();
  if (!signals[0].aborted) await once(signals[0], "abort");
  assert.equal(signals[1].aborted, false, "the work goes on");
  open();
  await ended;
  const again = await post(origin, envelope());
  assert.deepEqual([again.body, again.headers["idempotency-replayed"]], [{ kept: true }, "true"]);
});

/** The handler, and its first answer. */
function watched(handle) {
  const { open, opened } = gate();
  return {
    ended: opened,
    handler: async (request) => {
      const response = await handle(request);
      open(response);
      return response;
    },
  };
}

test("requests that no web request can be: 400, and the server goes on", async (t) => {
  const { handle } = receiver();
  const { port, origin } = await serve(t, handle);
  for (const line of ["TRACE / HTTP/1.1", "POST http:// HTTP/1.1", "POST * HTTP/1.1"]) {
    const socket = connect(port, "127.0.0.1");
    socket.end(`${line}\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    assert.match(await readAll(socket), /^HTTP\/1\.1 400 /, line);
  }
  const socket = connect(port, "127.0.0.1");
  socket.end("POST //elsewhere.example/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  assert.match(await readAll(socket), /^HTTP\/1\.1 415 /, "two slashes are a path");
  assert.equal((await post(origin, envelope())).status, 200);
});

test("a handler that fails, or answers with a broken body, costs nobody else anything", async (t) => {
  const { origin } = await serve(t, async (request) => {
    if (request.url.endsWith("/throw")) throw new Error("no");
    if (request.url.endsWith("/none")) return undefined;
    if (request.url.endsWith("/broken"))
      return new Response(new ReadableStream({ pull: (c) => c.error(new Error("no")) }));
    return new Response("fine");
  });
  assert.equal((await fetch(`${origin}/throw`)).status, 500);
  await assert.rejects(fetch(`${origin}/none`));
  await assert.rejects(fetch(`${origin}/broken`));
  assert.equal(await (await fetch(origin)).text(), "fine");
});

test("a body that was read before is taken from rawBody, as Cloud Functions have it", async (t) => {
  const { handle, accepted } = receiver();
  const { server, origin } = await serve(t, handle);
  const onwards = nodeHandler(handle);
  let keep = true;
  server.removeAllListeners("request").on("request", async (incoming, outgoing) => {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    if (keep) incoming.rawBody = Buffer.concat(chunks);
    onwards(incoming, outgoing);
  });
  assert.equal((await post(origin, envelope())).status, 200);
  assert.equal(accepted.length, 1);
  keep = false;
  assert.deepEqual((await post(origin, envelope())).body, { error: "not_json", pointer: "" });
});
