// The harness notices what it is there to notice.

import assert from "node:assert/strict";
import { test } from "node:test";
import { loseAnswer, stall, status } from "./support/faults.mjs";
import { handOff, network, openTransfer } from "./support/harness.mjs";

/** Hands off with a `fetch` that does not do as it is told. */
function handOffBy(change, faults) {
  let net;
  const prepare = (given) => {
    net = given;
  };
  return handOff(faults, { prepare, fetch: (url, init) => change(net, url, init) });
}

test("other bytes in a later attempt", () =>
  assert.rejects(
    handOffBy(
      (net, url, init) => net.fetch(url, net.calls.length > 0 ? { ...init, body: `${init.body} ` } : init),
      [status(503)],
    ),
    /the same bytes/,
  ));

test("another key in a later attempt", () =>
  assert.rejects(
    handOffBy(
      (net, url, init) => {
        const headers = new Headers(init.headers);
        if (net.calls.length > 0) headers.set("idempotency-key", "another");
        return net.fetch(url, { ...init, headers });
      },
      [status(503)],
    ),
    /one key/,
  ));

test("the same span in a later attempt", () =>
  assert.rejects(
    handOffBy(
      (net, url, init) => {
        const headers = new Headers(init.headers);
        headers.set("traceparent", headers.get("traceparent").replace(/[0-9a-f]{16}-0/, "00000000000000ab-0"));
        return net.fetch(url, { ...init, headers });
      },
      [status(503)],
    ),
    /a span of its own/,
  ));

test("a redirect that may be followed", () =>
  assert.rejects(handOffBy((net, url, init) => net.fetch(url, { ...init, redirect: "follow" }), [])));

test("a hand-off that was begun twice", () =>
  assert.rejects(
    handOff([loseAnswer], {
      prepare: ({ receiver }) => {
        receiver.work = async () => {
          for (const key of receiver.begun.keys()) receiver.begun.set(key, 2);
        };
      },
    }),
    /begun once/,
  ));

test("an answer that nobody reads", () =>
  assert.rejects(
    handOffBy(async (net, url, init) => {
      const { status: code } = await net.fetch(url, init);
      return new Response("{}", { status: code });
    }, []),
    /read, or cancelled/,
  ));

test("a request that is left open", () =>
  assert.rejects(
    handOffBy(
      (net, url, { signal: _, ...init }) => {
        net.fetch(url, init).catch(() => {});
        return Promise.resolve(new Response("{}"));
      },
      [stall],
    ),
    /is left open/,
  ));

test("a timer that is left", async () => {
  const { net, until } = await openTransfer([]);
  await until("in_conversation");
  net.clock.setTimeout(() => {}, 1000);
  await assert.rejects(net.assertClosed(), /no timer/);
});

test("a hand-off that waits for what never comes", async () => {
  const net = await network();
  await assert.rejects(net.settle(new Promise(() => {})), /for ever/);
});
