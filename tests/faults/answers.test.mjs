// What a receiver, or what stands before it, can answer.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { acceptedButThen, afterHead, answer, status } from "./support/faults.mjs";
import { accepted, always, assertHandOff, gaveUp, refusedAs } from "./support/harness.mjs";

for (const [code, reason] of [
  [408, "request_timeout"],
  [409, "in_progress_elsewhere"],
  [425, "request_timeout"],
  [429, "rate_limited"],
  [500, "server_error"],
  [502, "server_error"],
  [503, "server_error"],
  [504, "server_error"],
]) {
  test(`${code} once: tried again`, () => assertHandOff([status(code)], accepted(2, 1)));
  test(`${code} for ever: given up as ${reason}`, async () => {
    const { net } = await assertHandOff(always(status(code)), gaveUp(reason, 10));
    assert.ok(net.clock.elapsed < 30_000);
  });
}

for (const [code, reason] of [
  [300, "refused"],
  [304, "refused"],
  [400, "refused"],
  [403, "refused"],
  [404, "refused"],
  [405, "refused"],
  [410, "refused"],
  [413, "refused"],
  [415, "refused"],
  [422, "idempotency_conflict"],
]) {
  test(`${code} is final: ${reason}, without another attempt`, () =>
    assertHandOff([status(code)], refusedAs(reason, 1)));
}

for (const code of [501, 505, 507]) {
  test(`${code} is not tried again on its own, but the person may`, () =>
    assertHandOff([status(code)], gaveUp("server_error", 1)));
}

test("a status of no class is bounded, and no acceptance", () =>
  assertHandOff(always(status(999)), { outcome: "failed", stalled: true, begun: 0 }));

for (const code of [301, 302, 303, 307, 308]) {
  test(`${code}: a redirect is not followed`, async () => {
    const { net } = await assertHandOff(
      always(status(code, { location: "/elsewhere" })),
      gaveUp("network_or_cors", 10),
    );
    assert.deepEqual([...new Set(net.proxy.exchanges.map(({ request }) => request.path))], ["/handoff"]);
  });
}

/** Full jitter at its middle: half of 500 ms, after the first attempt. */
const BACKOFF = 250;
const START = Date.UTC(2026, 0, 1);
const date = (ms) => new Date(START + ms).toUTCString();

for (const [what, header, wait] of [
  ["seconds", "3", 3000],
  ["no seconds", "0", 0],
  ["a date", date(12_000), 12_000],
  ["a date of the past", date(-3_600_000), 0],
  ["a date as RFC 850 writes it", "Thursday, 01-Jan-26 00:00:05 GMT", 5000],
  ["a negative number", "-5", 0],
  ["a fraction", "1.5", 0],
  ["a date as asctime writes it", "Thu Jan  1 00:00:05 2026", 5000],
  ["words", "soon", 0],
  ["words and a number", "try 3000", 0],
  ["nothing", "", 0],
  ["two values", ["1", "2"], 0],
  ["a number in hexadecimal", "0x10", 0],
  ["another script's digits", "\u00b2", 0],
  ["a day that there is not", "Thu, 99 Jan 2026 00:00:05 GMT", 0],
]) {
  for (const code of [429, 503]) {
    test(`${code}, Retry-After with ${what}: the next attempt after ${wait + BACKOFF} ms`, async () => {
      const { net } = await assertHandOff([status(code, { "retry-after": header })], accepted(2, 1));
      assert.equal(net.calls[1].at, wait + BACKOFF);
    });
  }
}

for (const [what, header] of [
  ["the whole budget", "30"],
  ["an hour", "3600"],
  ["a date of tomorrow", date(86_400_000)],
  ["the last date that there is", "Sat, 13 Sep 275760 00:00:00 GMT"],
  ["more than a timer can", "2147484"],
  ["more than a number can", "9".repeat(400)],
]) {
  test(`Retry-After beyond the budget (${what}): given up at once`, async () => {
    const { net } = await assertHandOff([status(503, { "retry-after": header })], gaveUp("server_error", 1));
    assert.equal(net.clock.elapsed, 0);
  });
}

test("Retry-After beyond what is left of the budget: given up when it ends", async () => {
  const late = status(429, { "retry-after": "20" });
  const { net } = await assertHandOff([late, late, late], gaveUp("rate_limited", 2));
  assert.equal(net.clock.elapsed, 30_000);
});

test("Retry-After on a refusal, or on an acceptance, says nothing", async () => {
  await assertHandOff([status(403, { "retry-after": "3" })], refusedAs("refused", 1));
  const { net } = await assertHandOff([status(202, { "retry-after": "3" })], { ...accepted(1, 0), begun: 0 });
  assert.equal(net.clock.elapsed, 0);
});

for (const hour of [3_600_000, -3_600_000]) {
  test(`the clock is set by ${hour / 3_600_000} h while an attempt waits: the wait stays as it was`, async () => {
    let net;
    const set = async (exchange) => {
      await status(503, { "retry-after": "4" })(exchange);
      net.clock.skew = hour;
    };
    await assertHandOff([set, status(500)], accepted(3, 1), { prepare: (given) => (net = given) });
    assert.equal(net.calls[1].at, 4000 + BACKOFF);
    assert.ok(net.clock.elapsed < 30_000);
  });

  test(`the clock is ${hour / 3_600_000} h off, and Retry-After is a date: bounded by the budget`, async () => {
    const { net, attempts } = await assertHandOff(
      [status(503, { "retry-after": date(2000) })],
      {},
      { prepare: ({ clock }) => (clock.skew = hour) },
    );
    // Ahead of the date there is nothing to wait for; far behind it, it lies beyond the budget.
    assert.equal(attempts, hour > 0 ? 2 : 1);
    assert.ok(net.clock.elapsed <= 30_000);
  });

  test(`the clock is set by ${hour / 3_600_000} h while a body drips`, async () => {
    let net;
    const set = async (exchange) => {
      net.clock.skew = hour;
      await acceptedButThen((bytes) => bytes.subarray(0, afterHead(bytes) + 1))(exchange);
    };
    await assertHandOff([set], accepted(1), { prepare: (given) => (net = given) });
    assert.ok(net.clock.elapsed <= 3000);
  });
}

test("a clock that is broken: still bounded, and accepted", async () => {
  const prepare = ({ clock }) => {
    clock.now = () => Number.NaN;
  };
  await assertHandOff([status(503, { "retry-after": date(2000) })], accepted(2, 1), { prepare });
});

const json = { "content-type": "application/json" };
const deep = `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`;

for (const [what, response] of [
  ["no body (204)", { status: 204, headers: { "content-length": null } }],
  ["an empty body", { status: 200 }],
  ["an empty body (202)", { status: 202 }],
  ["another content type", { status: 200, headers: { "content-type": "text/html" }, body: "<html>Welcome</html>" }],
  ["truncated JSON", { status: 200, headers: json, body: '{"conversation":{"id":"c' }],
  ["JSON with bytes that are no UTF-8", { status: 200, headers: json, body: Buffer.from([123, 34, 255, 34, 125]) }],
  ["a list", { status: 200, headers: json, body: "[1,2]" }],
  ["null", { status: 200, headers: json, body: "null" }],
  ["fields of other types", { status: 200, headers: json, body: '{"conversation":7,"messages":{"text":1}}' }],
  ["JSON nested 20,000 deep", { status: 200, headers: json, body: deep }],
  [
    "JSON just beyond the cap",
    { status: 200, headers: json, body: JSON.stringify({ conversation: { id: "x".repeat(65_536) } }) },
  ],
  ["4 MiB of JSON", { status: 200, headers: json, body: JSON.stringify({ a: "x".repeat(4 << 20) }) }],
  [
    "10 MiB behind 10 KiB of gzip",
    { status: 200, headers: { ...json, "content-encoding": "gzip" }, body: gzipSync(Buffer.alloc(10 << 20)) },
  ],
  ["a gzip that is none", { status: 200, headers: { ...json, "content-encoding": "gzip" }, body: "{}" }],
]) {
  test(`accepted, with ${what}: the status counts, and nothing is followed`, async () => {
    const came = await assertHandOff([answer(response)], { outcome: "transferred", attempts: 1, stalled: false });
    assert.equal(came.answer.conversation, null);
  });
}

test("JSON under another content type is understood all the same", async () => {
  const body = '{"conversation":{"id":"c1"},"messages":[{"text":"Hi"}]}';
  const came = await assertHandOff([answer({ status: 200, headers: { "content-type": "text/plain" }, body })], {
    attempts: 1,
  });
  assert.equal(came.answer.conversation.id, "c1");
});

test("a refusal with a body of 4 MiB is cut off, too", () =>
  assertHandOff([status(403, json, "x".repeat(4 << 20))], refusedAs("refused", 1)));

test("a link to elsewhere is taken out of the answer", async () => {
  const body = JSON.stringify({ conversation: { id: "c1", url: "https://elsewhere.example/c1" } });
  const came = await assertHandOff([answer({ status: 200, headers: json, body })], { attempts: 1 });
  assert.deepEqual(came.answer.conversation, { id: "c1", url: null });
  assert.deepEqual(came.diagnostics, ["conversation_link_refused"]);
});

/** Credentials as a host gives them: old ones, until they are asked for again. */
function credentials() {
  const asked = [];
  const authorize = ({ again, attempt }) => {
    asked.push({ again, attempt });
    return { authorization: `Bearer ${asked.some((one) => one.again) ? "new" : "old"}` };
  };
  return { asked, authorize };
}

const onlyNew = async (exchange) => {
  await exchange.whole();
  const known = exchange.request.headers.authorization === "Bearer new";
  await status(known ? 200 : 401)(exchange);
};

test("401, and credentials that are new then: accepted", async () => {
  const { asked, authorize } = credentials();
  await assertHandOff([onlyNew, onlyNew], { outcome: "transferred", attempts: 2 }, { authorize });
  assert.deepEqual(asked, [
    { again: false, attempt: 1 },
    { again: true, attempt: 2 },
  ]);
});

test("401 twice: final", async () => {
  const { asked, authorize } = credentials();
  await assertHandOff(always(status(401)), refusedAs("unauthorized", 2), { authorize });
  assert.equal(asked.length, 2);
});

test("401, a bad moment, and 401 again: the one renewal is used up", () =>
  assertHandOff([status(401), status(503), status(401)], refusedAs("unauthorized", 3)));

test("credentials that cannot be had: nothing is sent", async () => {
  const authorize = () => Promise.reject(new Error("secret"));
  const came = await assertHandOff([], { outcome: "failed", stalled: true, attempts: 0, reached: 0 }, { authorize });
  assert.equal(came.diagnostics.at(0), "authorize_failed");
  assert.doesNotMatch(JSON.stringify(came.result), /secret/);
});

test("credentials that come late, and in the end never: bounded", async () => {
  const authorize = () => new Promise(() => {});
  await assertHandOff([], gaveUp("authorize_failed", 0), { authorize });
});
