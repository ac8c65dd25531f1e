import assert from "node:assert/strict";
import { after, test } from "node:test";
import { reply, startServer, unreachableOrigin } from "./support/server.mjs";
import { importSource } from "./support/source.mjs";

const { send } = await importSource("send.ts");
const { retryAfterMs } = await importSource("retry-after.ts");

const NOW = Date.UTC(2026, 0, 1);
const servers = [];
after(() => Promise.all(servers.map((server) => server.close())));

async function serve(answer) {
  const server = await startServer(answer);
  servers.push(server);
  return server;
}

const effect = (origin, more = {}) => ({
  type: "send",
  delivery: "handoff",
  attempt: 1,
  url: `${origin}/handoff`,
  origin,
  headers: { "Content-Type": "application/json", "Idempotency-Key": "key-1" },
  body: '{"name":"Zoë 😀"}',
  reauthorize: false,
  ...more,
});

function post(toSend, { signal = new AbortController().signal, ...options } = {}) {
  const diagnostics = [];
  const sending = send(
    toSend,
    {
      fetch,
      clock: { now: () => NOW, setTimeout, clearTimeout },
      authorize: undefined,
      diagnostic: (diagnostic) => diagnostics.push(diagnostic),
      ...options,
    },
    signal,
  );
  return sending.then((response) => ({ response, diagnostics }));
}

test("the body's bytes, the headers and the parsed answer", async () => {
  const server = await serve((_request, response) => reply(response, 201, { conversation: { id: "c1" } }));
  const { response } = await post(effect(server.origin));
  assert.deepEqual(response, { status: 201, retry_after_ms: null, body: { conversation: { id: "c1" } } });
  const [request] = server.requests;
  assert.equal(request.method, "POST");
  assert.equal(request.body, '{"name":"Zoë 😀"}');
  assert.equal(request.headers["content-type"], "application/json");
  assert.equal(request.headers["idempotency-key"], "key-1");
  assert.equal(request.headers.referer, undefined);
});

test("fetch is told to keep credentials, referrer and redirects out, and small bodies alive", async () => {
  const inits = [];
  const fake = (_url, init) => {
    inits.push(init);
    return Promise.resolve(new Response("{}"));
  };
  await post(effect("https://a.example"), { fetch: fake });
  await post(effect("https://a.example", { body: "x".repeat(60_000) }), { fetch: fake });
  const { credentials, redirect, referrerPolicy, cache, mode, keepalive, method } = inits[0];
  assert.deepEqual(
    { credentials, redirect, referrerPolicy, cache, mode, keepalive, method },
    {
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
      cache: "no-store",
      mode: "cors",
      keepalive: true,
      method: "POST",
    },
  );
  assert.equal(inits[1].keepalive, false);
});

test("the keepalive budget is shared, and free again once the answer has been read", async () => {
  const keepalives = [];
  const held = [];
  const fake = (_url, init) => {
    keepalives.push(init.keepalive);
    return new Promise((resolve) => held.push(resolve));
  };
  const body = "x".repeat(25_000);
  const sending = [1, 2, 3].map(() => post(effect("https://a.example", { body }), { fetch: fake }));
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(keepalives, [true, true, false]);
  for (const answer of held) answer(new Response("{}"));
  await Promise.all(sending);
  const last = post(effect("https://a.example", { body }), { fetch: fake });
  await new Promise((resolve) => setTimeout(resolve, 5));
  held.at(-1)(new Response("{}"));
  await last;
  assert.equal(keepalives.at(-1), true);
});

test("authorize gives headers, and cannot replace ours", async () => {
  const server = await serve((_request, response) => reply(response, 200));
  const asked = [];
  const authorize = async (request) => {
    asked.push(request);
    return { Authorization: "Bearer t", "idempotency-key": "forged" };
  };
  await post(effect(server.origin, { attempt: 2, reauthorize: true }), { authorize });
  assert.equal(server.requests[0].headers.authorization, "Bearer t");
  assert.equal(server.requests[0].headers["idempotency-key"], "key-1");
  const { signal, ...told } = asked[0];
  assert.ok(signal instanceof AbortSignal);
  assert.deepEqual(told, {
    url: `${server.origin}/handoff`,
    origin: server.origin,
    handoff_id: "key-1",
    delivery: "handoff",
    attempt: 2,
    again: true,
  });
});

test("a host that traces goes on with its own trace, if it is one", async () => {
  const server = await serve((_request, response) => reply(response, 200, {}));
  const ours = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
  const sent = async (traceparent) => {
    const before = server.requests.length;
    const toSend = effect(server.origin);
    await post(
      { ...toSend, headers: { ...toSend.headers, traceparent: ours } },
      { authorize: () => ({ traceparent }) },
    );
    return server.requests[before].headers.traceparent;
  };
  const theirs = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  assert.equal(await sent(theirs), theirs);
  for (const none of ["", "00-x", theirs.toUpperCase(), `00-${"0".repeat(32)}-00f067aa0ba902b7-01`])
    assert.equal(await sent(none), ours, none);
});

test("a failing authorize sends nothing, and says so without its secret", async () => {
  const server = await serve((_request, response) => reply(response, 200));
  const failing = [
    () => {
      throw new TypeError("secret-token");
    },
    () => Promise.reject(new Error("secret-token")),
    () => ({ "bad header": "secret-token" }),
    () => ({ Authorization: "secret-token\nX: 1" }),
  ];
  for (const authorize of failing) {
    const { response, diagnostics } = await post(effect(server.origin), { authorize });
    assert.deepEqual(response, { failed: "authorize" });
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ["authorize_failed"],
    );
    assert.doesNotMatch(JSON.stringify(diagnostics), /secret/);
  }
  assert.equal(server.requests.length, 0);
});

test("an authorize that never settles ends with the attempt", async () => {
  const controller = new AbortController();
  const sending = post(effect("https://a.example"), {
    authorize: () => new Promise(() => {}),
    signal: controller.signal,
  });
  setTimeout(() => controller.abort(), 10);
  const { response, diagnostics } = await sending;
  assert.deepEqual(response, { failed: "authorize" });
  assert.deepEqual(diagnostics, []);
});

test("nothing is thrown when nobody is there, and redirects are not followed", async () => {
  assert.deepEqual((await post(effect(await unreachableOrigin()))).response, { failed: "network" });
  const server = await serve((_request, response) => reply(response, 307, {}, { location: "/elsewhere" }));
  assert.deepEqual((await post(effect(server.origin))).response, { failed: "network" });
  assert.equal(server.requests.length, 1);
});

test("an abort ends a request that hangs", async () => {
  const server = await serve(() => {});
  const controller = new AbortController();
  const sending = post(effect(server.origin), { signal: controller.signal });
  setTimeout(() => controller.abort(), 20);
  assert.deepEqual((await sending).response, { failed: "network" });
});

test("an answer whose body breaks off, or never ends, counts by its status: what was accepted is not sent again", async () => {
  for (const end of [(response) => setTimeout(() => response.destroy(), 10), () => {}]) {
    const server = await serve((_request, response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write("{");
      end(response);
    });
    const started = Date.now();
    const { response } = await post(effect(server.origin));
    assert.deepEqual(response, { status: 200, retry_after_ms: null, body: null });
    assert.ok(Date.now() - started < 6000, "well within the time of an attempt");
  }
});

test("an answer is read to its end, whatever it is, and understood only when it is small JSON", async () => {
  let finished = 0;
  const answers = [
    "not json",
    "",
    '{"a":1',
    "\ufeff{}",
    "x".repeat(300_000),
    JSON.stringify({ a: "x".repeat(70_000) }),
  ];
  for (const answer of answers) {
    const server = await serve((_request, response) => {
      response.on("finish", () => {
        finished += 1;
      });
      reply(response, 200, answer);
    });
    const { response } = await post(effect(server.origin));
    assert.equal(response.status, 200);
    assert.ok(response.body === null || answer === "\ufeff{}", answer.slice(0, 20));
  }
  assert.equal(finished, answers.length);
});

test("an endless answer is cut off", async () => {
  const server = await serve((_request, response) => {
    const chunk = "x".repeat(64 * 1024);
    const more = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on("drain", more);
    more();
  });
  const { response } = await post(effect(server.origin));
  assert.deepEqual(response, { status: 200, retry_after_ms: null, body: null });
});

test("what the core could not read in an answer is made harmless", async () => {
  const deep = `${"[".repeat(5000)}${"]".repeat(5000)}`;
  const server = await serve((_request, response) =>
    reply(response, 200, `{"text":"\\ud800","id":12345678901234567890,"big":1e999,"__proto__":{"x":1},"deep":${deep}}`),
  );
  const { body } = (await post(effect(server.origin))).response;
  assert.equal(body.text, "\ufffd");
  assert.equal(body.id, 12345678901234567000);
  assert.equal(body.big, null);
  assert.equal({}.x, undefined);
  assert.ok(JSON.stringify(body.deep).length < 100);
});

test("Retry-After in both forms", async () => {
  const date = new Date(NOW + 90_000).toUTCString();
  const expected = [
    ["3", 3000],
    ["0", 0],
    [date, 90_000],
    [new Date(NOW - 90_000).toUTCString(), 0],
    ["-5", null],
    ["1.5", null],
    ["soon", null],
    ["try 3000", null],
    ["Thu, 01 Jan 2026 00:01:30", null],
    ["Thursday, 01-Jan-26 00:01:30 GMT", 90_000],
    ["Thu Jan  1 00:01:30 2026", 90_000],
    ["", null],
    [null, null],
    ["99999999999999999999", Number.MAX_SAFE_INTEGER],
  ];
  for (const [header, ms] of expected) assert.equal(retryAfterMs(header, NOW), ms, String(header));
  const server = await serve((_request, response) => reply(response, 503, {}, { "retry-after": date }));
  assert.equal((await post(effect(server.origin))).response.retry_after_ms, 90_000);
});
