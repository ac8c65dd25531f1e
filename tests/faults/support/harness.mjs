import assert from "node:assert/strict";
import { after } from "node:test";
import { createPostSessionTransfer, loadPolicy } from "post-session-transfer";
import { settingsFor, webChat } from "../../node/support/settings.mjs";
import { DrivenClock } from "./driven-clock.mjs";
import * as faultsOf from "./faults.mjs";
import { FaultProxy } from "./proxy.mjs";
import { Receiver } from "./receiver.mjs";

/** Turns of the event loop without anything happening, after which only a timer can change something. */
const QUIET_TURNS = 6;
/** Rounds without anything left to happen, after which nothing ever will. */
const STUCK_ROUNDS = 200;
const opened = [];
after(() => Promise.all(opened.map((one) => one.close())));

/** A receiver, a fault proxy before it, a clock, and a `fetch` that both know of. */
export async function network(faults = []) {
  const clock = new DrivenClock();
  const receiver = await new Receiver().open();
  const proxy = await new FaultProxy(receiver.port, clock).open();
  proxy.faults = faults;
  opened.push(proxy, receiver);
  return new Network(clock, receiver, proxy);
}

class Network {
  /** `{ init, at, response }` of every call of `fetch`. */
  calls = [];
  #unanswered = 0;

  constructor(clock, receiver, proxy) {
    this.clock = clock;
    this.receiver = receiver;
    this.proxy = proxy;
  }

  get origin() {
    return this.proxy.origin;
  }

  fetch = async (url, init) => {
    this.#unanswered += 1;
    const call = { init, at: this.clock.elapsed };
    this.calls.push(call);
    try {
      const refused = this.proxy.next === faultsOf.refuse;
      if (refused) this.proxy.take();
      await this.proxy.refuse(refused);
      call.response = await fetch(url, init);
      return call.response;
    } finally {
      this.#unanswered -= 1;
      this.proxy.activity += 1;
    }
  };

  /** Whether something is going to happen without the clock. */
  get #busy() {
    const { unfinished } = this.proxy;
    return unfinished.some(({ silent }) => !silent) || this.#unanswered > unfinished.length;
  }

  /** Waits until only the clock can change something. */
  async quiet() {
    let seen = -1;
    for (let turns = 0; turns < QUIET_TURNS; turns += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      // Looked at last before the clock goes on: nothing may begin in between.
      if (this.proxy.activity !== seen || this.#busy) turns = -1;
      seen = this.proxy.activity;
    }
  }

  /** Lets time pass until `holds`. Fails when nothing can happen any more. */
  async until(holds) {
    for (let stuck = 0; stuck < STUCK_ROUNDS; stuck += 1) {
      await this.quiet();
      if (holds()) return;
      // Without a timer it can only be a digest that is still being made.
      if (this.clock.next()) stuck = 0;
    }
    assert.fail("no timer is left: it would wait for ever");
  }

  async settle(promise) {
    let settled = false;
    const mark = () => {
      settled = true;
    };
    promise.then(mark, mark);
    await this.until(() => settled);
    return promise;
  }

  /**
   * What holds of every hand-off, whatever the network did.
   * @param rounds how often all attempts were begun anew: they are counted anew, too
   */
  assertKept(rounds = 1) {
    const { exchanges, failure } = this.proxy;
    if (failure !== undefined) throw failure;
    const complete = exchanges.map(({ request }) => request).filter((request) => request.complete);
    const [first] = complete;
    for (const { headers, body, method } of complete) {
      assert.equal(method, "POST");
      assert.equal(headers["idempotency-key"], first.headers["idempotency-key"], "one key for all attempts");
      assert.ok(body.equals(first.body), "the same bytes in all attempts");
      assert.equal(headers.cookie, undefined);
      assert.equal(headers.referer, undefined);
    }
    const partial = exchanges.map(({ request }) => request.body);
    for (const body of partial) assert.ok(first === undefined || first.body.subarray(0, body.length).equals(body));
    assertTraced(
      complete.map(({ headers }) => headers),
      rounds,
    );
    for (const { init } of this.calls) assertCareful(init);
    for (const [key, times] of this.receiver.begun) assert.equal(times, 1, `${key} was begun once`);
    assert.ok(this.receiver.begun.size <= 1, "at most one hand-off");
  }

  /** Nothing goes on after the end: no timer, no exchange, no answer that nobody reads. */
  async assertClosed() {
    await this.quiet();
    assert.equal(this.#unanswered, 0, "no request is left open");
    assert.equal(this.proxy.unfinished.length, 0, "no connection is held");
    assert.equal(this.clock.waiting, 0, "no timer is left");
    for (const { response } of this.calls)
      assert.ok(!response?.body || response.bodyUsed, "every answer was read, or cancelled");
  }
}

/** One trace for all attempts, with a parent for each. */
function assertTraced(heads, rounds) {
  const traces = heads.map(({ traceparent }) => /^00-([0-9a-f]{32})-([0-9a-f]{16})-0[01]$/.exec(traceparent));
  for (const [i, trace] of traces.entries()) {
    assert.ok(trace, `a traceparent: ${heads[i].traceparent}`);
    assert.equal(trace[1], heads[i]["idempotency-key"].replaceAll("-", ""));
    assert.notEqual(trace[2], "0".repeat(16));
  }
  const spans = traces.map((trace) => trace[2]);
  for (const span of spans) {
    const times = spans.filter((one) => one === span).length;
    assert.ok(times <= rounds, "each attempt is a span of its own");
  }
}

function assertCareful(init) {
  const { redirect, credentials, referrerPolicy, mode, cache, keepalive } = init;
  assert.deepEqual(
    { redirect, credentials, referrerPolicy, mode, cache, keepalive },
    {
      redirect: "error",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      mode: "cors",
      cache: "no-store",
      keepalive: true,
    },
  );
}

/**
 * Hands one session off through these faults, and gives up when asked whether to try again.
 * @returns what came of it, beside the network: `attempts` are calls of `fetch`, `reached` requests that came to the receiver.
 */
export async function handOff(faults, { settings, prepare, session = webChat, ...options } = {}) {
  const net = await network(faults);
  prepare?.(net);
  const policy = await loadPolicy(settings?.(net.origin) ?? settingsFor(net.origin, { opt_in: false }));
  opened.push({ close: () => policy.dispose() });
  const kinds = [];
  const running = policy.run(session, {
    endpoints: [net.origin],
    fetch: net.fetch,
    clock: net.clock,
    random: () => 0.5,
    act: (prompt) => {
      kinds.push(prompt.kind);
      return prompt.kind === "stalled" ? "not_now" : "yes";
    },
    ...options,
  });
  const result = await net.settle(running);
  net.assertKept();
  await net.assertClosed();
  return {
    net,
    result,
    outcome: result.outcome,
    reason: result.reason,
    stalled: kinds.includes("stalled"),
    attempts: net.calls.length,
    reached: net.receiver.requests.length,
    begun: net.receiver.begun.size,
    diagnostics: result.events.filter(({ event }) => event === "diagnostic").map(({ data }) => data.code),
    answer: result.events.findLast(({ event, data }) => event === "handoff" && data.state === "delivered")?.data,
  };
}

/**
 * A transfer behind these faults that has been told that a session ended, and lives on.
 * @returns the transfer, its network, and what it said, as `[event, data]`
 */
export async function openTransfer(faults, { settings, ...options } = {}) {
  const net = await network(faults);
  const transfer = await createPostSessionTransfer({
    settings: settings?.(net.origin) ?? settingsFor(net.origin, { opt_in: false }),
    endpoints: [net.origin],
    fetch: net.fetch,
    clock: net.clock,
    random: () => 0.5,
    storage: null,
    ...options,
  });
  opened.push({ close: () => transfer.dispose() });
  const said = [];
  for (const event of ["handoff", "outcome", "diagnostic"]) transfer.on(event, (data) => said.push([event, data]));
  await transfer.sessionEnded(webChat);
  return { net, transfer, said, until: (state) => net.until(() => transfer.state === state) };
}

/** The same fault, again and again. */
export const always = (fault) => Array.from({ length: 40 }, () => fault);

export const accepted = (attempts, reached = attempts) => ({
  outcome: "transferred",
  reason: "accepted",
  stalled: false,
  attempts,
  reached,
  begun: 1,
});

/** The person was asked whether to try again, and did not. */
export const gaveUp = (reason, attempts, reached = 0, begun = 0) => ({
  outcome: "failed",
  reason,
  stalled: true,
  attempts,
  reached,
  begun,
});

/** Final: trying again cannot help, and nobody is asked. */
export const refusedAs = (reason, attempts) => ({ ...gaveUp(reason, attempts), stalled: false });

/** Hands off, and compares what is named. */
export async function assertHandOff(faults, expected, options) {
  const came = await handOff(faults, options);
  const seen = Object.fromEntries(Object.keys(expected).map((name) => [name, came[name]]));
  assert.deepEqual(seen, expected);
  return came;
}
