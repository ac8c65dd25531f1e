// Faults in a transfer that lives on: try again, cancel, dispose; receivers that are not idempotent; several bodies at once.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { settingsFor } from "../node/support/settings.mjs";
import { acceptedButThen, afterHead, closeSilently, loseAnswer, refuse, stall, status } from "./support/faults.mjs";
import { always, assertHandOff, handOff, openTransfer } from "./support/harness.mjs";

describe("try again", () => {
  test("after a receiver that was down: the same key, accepted once", async () => {
    const { net, transfer, until } = await openTransfer(always(status(503)));
    await until("stalled");
    net.proxy.faults = [];
    assert.deepEqual(transfer.act("try_again"), { accepted: true });
    await until("in_conversation");
    assert.equal(net.receiver.requests.length, 1);
    net.assertKept(2);
    await net.assertClosed();
  });

  test("has a whole budget of its own", async () => {
    const { net, transfer, until } = await openTransfer(always(stall));
    await until("stalled");
    const stalled = net.clock.elapsed;
    transfer.act("try_again");
    await until("stalled");
    assert.equal(net.clock.elapsed - stalled, 30_000);
    transfer.act("not_now");
    assert.deepEqual([transfer.outcome.outcome, transfer.outcome.reason], ["failed", "attempt_timeout"]);
    await net.assertClosed();
  });

  test("after answers that were lost: it had been accepted all along", async () => {
    const { net, transfer, until } = await openTransfer(always(loseAnswer));
    await until("stalled");
    assert.equal(net.receiver.begun.size, 1);
    net.proxy.faults = [];
    transfer.act("try_again");
    await until("in_conversation");
    net.assertKept(2);
    await net.assertClosed();
  });

  test("nobody does: over after two minutes, and nothing is left", async () => {
    const { net, transfer, until } = await openTransfer(always(refuse));
    await until("stalled");
    const stalled = net.clock.elapsed;
    await until("done");
    assert.equal(net.clock.elapsed - stalled, 120_000);
    assert.deepEqual([transfer.outcome.outcome, transfer.outcome.reason], ["failed", "network_or_cors"]);
    await net.assertClosed();
  });
});

const endlessBody = acceptedButThen((bytes) => bytes.subarray(0, afterHead(bytes) + 5));

describe("given up by the host", () => {
  for (const [what, faults, holds] of [
    ["a request is not answered", [stall], (net) => net.proxy.unfinished.some(({ silent }) => silent)],
    ["a body does not end", [endlessBody], (net) => net.calls[0]?.response !== undefined],
    ["another attempt is due", always(status(503)), (net) => net.proxy.exchanges[0]?.over],
  ]) {
    for (const how of ["cancel", "dispose"]) {
      test(`${how} while ${what}: nothing is left`, async () => {
        const { net, transfer, said } = await openTransfer(faults);
        await net.until(() => holds(net));
        const { length } = net.calls;
        transfer[how]();
        await net.assertClosed();
        assert.equal(net.calls.length, length, "nothing more is sent");
        const outcomes = said.filter(([event]) => event === "outcome").map(([, data]) => data.outcome);
        assert.deepEqual(outcomes, how === "cancel" ? ["cancelled"] : []);
      });
    }

    test(`a run's signal while ${what}: cancelled, and nothing is left`, async () => {
      const controller = new AbortController();
      const abort = async (exchange) => {
        setImmediate(() => controller.abort());
        await faults[0](exchange);
      };
      const { outcome, net } = await handOff([abort, ...faults.slice(1)], { signal: controller.signal });
      assert.equal(outcome, "cancelled");
      assert.equal(net.calls.length, 1);
    });
  }
});

describe("the machine sleeps for an hour", () => {
  const HOUR = 3_600_000;

  for (const [what, faults, holds] of [
    ["while a request is not answered", [stall], (net) => net.proxy.unfinished.some(({ silent }) => silent)],
    ["while another attempt is due", [status(503)], (net) => net.proxy.exchanges[0]?.over],
    ["while a body does not end", [endlessBody], (net) => net.calls[0]?.response !== undefined],
  ]) {
    test(`${what}: handed off, or the person is asked and may try again; begun once`, async () => {
      const { net, transfer, said } = await openTransfer(faults);
      await net.until(() => holds(net));
      net.clock.sleep(HOUR);
      await net.until(() => transfer.state !== "handing_off");
      if (transfer.state === "stalled") transfer.act("try_again");
      await net.until(() => transfer.state === "in_conversation" || transfer.state === "done");
      assert.equal(said.findLast(([event]) => event === "handoff")[1].state, "delivered");
      net.assertKept(2);
      await net.assertClosed();
    });
  }
});

describe("a receiver that is not idempotent", () => {
  const settings = (origin) => {
    const document = settingsFor(origin, { opt_in: false });
    document.virtual_agents[0].endpoint = {
      kind: "dialogflow_cx",
      url: origin,
      agent: "projects/p/locations/us-central1/agents/a",
      event: "POST_SESSION",
      idempotent: false,
    };
    return document;
  };
  const unknown = { outcome: "failed", reason: "outcome_unknown", stalled: true, attempts: 1 };

  for (const [what, fault] of [
    ["the answer is lost", loseAnswer],
    ["the connection is closed without an answer", closeSilently],
    ["nobody answers", stall],
  ]) {
    test(`${what}: nobody knows what became of it, and it is not sent again`, () =>
      assertHandOff([fault], unknown, { settings }));
  }

  test("it says that it cannot now: it has not happened, and is sent again", () =>
    assertHandOff([status(503)], { outcome: "transferred", attempts: 2, reached: 1 }, { settings }));

  test("the status comes, and the body never: accepted", () =>
    assertHandOff([endlessBody], { outcome: "transferred", attempts: 1, reached: 1 }, { settings }));

  test("the status comes late, and the body never: accepted", () => {
    const late = async (exchange) => {
      await exchange.whole();
      await exchange.pause(7000);
      await endlessBody(exchange);
    };
    return assertHandOff([late], { outcome: "transferred", attempts: 1, reached: 1 }, { settings });
  });
});

describe("keepalive", () => {
  const heavy = (origin) =>
    settingsFor(origin, {
      opt_in: false,
      data_parameters: Array.from({ length: 13 }, (_, i) => ({
        type: "fixed",
        field: `f${i}`,
        value: "x".repeat(2000),
      })),
    });

  test("bodies of less than 60,000 bytes at once, and none beyond; free again once they are answered", async () => {
    const transfers = [];
    for (let i = 0; i < 3; i += 1) transfers.push(await openTransfer([stall], { settings: heavy }));
    for (const { net } of transfers) await net.quiet();
    assert.deepEqual(
      transfers.map(({ net }) => net.calls[0].init.keepalive),
      [true, true, false],
    );
    for (const { transfer } of transfers) transfer.cancel();
    for (const { net } of transfers) await net.assertClosed();
    const { net, until } = await openTransfer([], { settings: heavy });
    await until("in_conversation");
    assert.equal(net.calls[0].init.keepalive, true);
  });
});
