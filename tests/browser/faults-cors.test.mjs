// What only a browser does to a hand-off to another origin: preflights, and answers that the page may not read.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { listen, pathOf } from "../../demo-web/server/http.mjs";
import { packageFolder } from "../../demo-web/server/page.mjs";
import { findFile } from "../../demo-web/server/static.mjs";
import { Receiver } from "../faults/support/receiver.mjs";
import { settingsFor, webChat } from "../node/support/settings.mjs";
import { useChromium } from "./support/demo-page.mjs";

const browser = useChromium();
const HEADERS = "content-type,idempotency-key,traceparent";

/** A page, and an endpoint on another origin: `cors(request)` gives the headers of an answer, `preflight` and `answer` may take over. */
async function open(t, { cors, preflight, answer }) {
  const receiver = await new Receiver().open();
  const seen = { preflights: [], posts: [], elsewhere: 0 };
  const endpoint = await listen(0, async (request, response) => {
    if (pathOf(request) !== "/handoff") {
      seen.elsewhere += 1;
      return void response.writeHead(200, cors(request)).end("{}");
    }
    seen[request.method === "OPTIONS" ? "preflights" : "posts"].push(request.headers);
    if (request.method === "OPTIONS")
      return preflight === undefined ? void response.writeHead(204, cors(request)).end() : preflight(response);
    const accepted = await fetch(`http://127.0.0.1:${receiver.port}`, {
      method: "POST",
      headers: { "idempotency-key": request.headers["idempotency-key"] },
      body: await new Response(request).arrayBuffer(),
    });
    const { posts } = seen;
    if (answer?.(response, posts.length) === true) return;
    response.writeHead(accepted.status, cors(request)).end(await accepted.text());
  });
  const page = await listen(0, async (request, response) => {
    const found = await findFile(pathOf(request), [["/package/", packageFolder]]);
    if (!found)
      return void response
        .writeHead(200, { "Content-Type": "text/html", "Set-Cookie": "session=secret" })
        .end("<!doctype html><title>Page</title>");
    response.writeHead(200, { "Content-Type": found.type }).end(await readFile(found.file));
  });
  const context = await browser().newContext();
  t.after(() => Promise.all([context.close(), page.close(), endpoint.close(), receiver.close()]));
  const tab = await context.newPage();
  await tab.goto(`http://127.0.0.1:${page.port}/?secret=1`);
  return { tab, seen, receiver, origin: `http://127.0.0.1:${endpoint.port}` };
}

/** Hands off in the page, fifty times as fast; `{ outcome, reason, waits }`. */
async function handOff(t, rules) {
  const { tab, seen, receiver, origin } = await open(t, rules);
  const came = await tab.evaluate(
    async ({ endpoint, settings, session }) => {
      const { loadPolicy } = await import("/package/index.js");
      const policy = await loadPolicy(settings);
      const waits = [];
      const clock = {
        now: () => Date.now(),
        setTimeout: (callback, ms) => {
          waits.push(ms);
          return setTimeout(callback, ms === 8000 ? ms : ms / 50);
        },
        clearTimeout: (timer) => clearTimeout(timer),
      };
      const { outcome, reason } = await policy.run(session, {
        endpoints: [endpoint],
        clock,
        random: () => 0.5,
        act: () => "not_now",
      });
      policy.dispose();
      return { outcome, reason, waits };
    },
    { endpoint: origin, settings: settingsFor(origin, { opt_in: false }), session: webChat },
  );
  for (const headers of seen.posts) {
    assert.equal(headers.referer, undefined);
    assert.equal(headers.cookie, undefined);
    assert.equal(headers["idempotency-key"], seen.posts[0]["idempotency-key"]);
  }
  const [first] = receiver.requests;
  for (const { body } of receiver.requests) assert.ok(body.equals(first.body), "the same bytes in all attempts");
  for (const times of receiver.begun.values()) assert.equal(times, 1);
  return { ...came, seen, begun: receiver.begun.size };
}

const allow = ({ headers }) => ({
  "Access-Control-Allow-Origin": headers.origin,
  "Access-Control-Allow-Methods": "POST",
  "Access-Control-Allow-Headers": HEADERS,
  "Access-Control-Expose-Headers": "Retry-After",
  Vary: "Origin",
});
const without = (name) => (request) =>
  Object.fromEntries(Object.entries(allow(request)).filter(([one]) => one !== name));

test("an endpoint that allows the page: one preflight, one request, accepted", async (t) => {
  const { outcome, seen, begun } = await handOff(t, { cors: allow });
  assert.equal(outcome, "transferred");
  assert.equal(begun, 1);
  assert.equal(seen.posts.length, 1);
  assert.equal(seen.preflights.length, 1);
  assert.equal(seen.preflights[0]["access-control-request-headers"], HEADERS);
});

test("wildcards are enough: no credentials are sent", async (t) => {
  const cors = () => ({ "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*" });
  assert.equal((await handOff(t, { cors })).outcome, "transferred");
});

for (const [what, rules] of [
  ["is refused", { cors: allow, preflight: (response) => response.writeHead(403).end() }],
  ["is answered without CORS", { cors: allow, preflight: (response) => response.writeHead(204).end() }],
  ["is cut off", { cors: allow, preflight: (response) => response.destroy() }],
  [
    "is redirected",
    { cors: allow, preflight: (response) => response.writeHead(307, { Location: "/elsewhere" }).end() },
  ],
  ["does not allow our headers", { cors: without("Access-Control-Allow-Headers") }],
  [
    "allows another origin",
    { cors: (request) => ({ ...allow(request), "Access-Control-Allow-Origin": "https://other.example" }) },
  ],
  [
    "allows no traceparent",
    { cors: (request) => ({ ...allow(request), "Access-Control-Allow-Headers": "content-type,idempotency-key" }) },
  ],
]) {
  test(`the preflight ${what}: nothing reaches the receiver, and the reason says what it may be`, async (t) => {
    const { outcome, reason, seen, begun } = await handOff(t, rules);
    assert.deepEqual([outcome, reason], ["failed", "network_or_cors"]);
    assert.equal(begun, 0);
    assert.equal(seen.posts.length, 0);
    assert.equal(seen.elsewhere, 0);
    assert.ok(seen.preflights.length > 1);
  });
}

test("the page may not read the answer: accepted once, whatever the page believes, and the person is asked", async (t) => {
  const preflight = (response) => response.writeHead(204, allow({ headers: { origin: "*" } })).end();
  const { outcome, reason, seen, begun } = await handOff(t, {
    cors: without("Access-Control-Allow-Origin"),
    preflight,
  });
  assert.deepEqual([outcome, reason], ["failed", "network_or_cors"]);
  assert.equal(begun, 1);
  assert.ok(seen.posts.length > 1);
});

test("a redirect is not followed, although it would allow the page", async (t) => {
  const answer = (response) => {
    response.writeHead(307, { Location: "/elsewhere", "Access-Control-Allow-Origin": "*" }).end();
    return true;
  };
  const { reason, seen } = await handOff(t, { cors: allow, answer });
  assert.equal(reason, "network_or_cors");
  assert.equal(seen.elsewhere, 0);
});

test("the connection is cut before the answer: sent again, begun once", async (t) => {
  const answer = (response, nth) => {
    if (nth === 1) response.destroy();
    return nth === 1;
  };
  const { outcome, begun } = await handOff(t, { cors: allow, answer });
  assert.equal(outcome, "transferred");
  assert.equal(begun, 1);
});

for (const [exposed, wait] of [
  ["Retry-After", 20_250],
  [undefined, 250],
]) {
  test(`Retry-After is ${exposed ? "honoured where" : "not seen unless"} it is exposed`, async (t) => {
    const answer = (response, nth) => {
      if (nth > 1) return false;
      const headers = { "Access-Control-Allow-Origin": "*", "Retry-After": "20" };
      if (exposed) headers["Access-Control-Expose-Headers"] = exposed;
      response.writeHead(503, headers).end();
      return true;
    };
    const { outcome, waits } = await handOff(t, { cors: allow, answer });
    assert.equal(outcome, "transferred");
    assert.ok(waits.includes(wait), String(waits));
  });
}
