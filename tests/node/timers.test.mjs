import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "./support/fast-clock.mjs";
import { importSource } from "./support/source.mjs";

const { Timers, isoTime } = await importSource("timers.ts");

function start(random = () => 0.5) {
  const clock = new ManualClock();
  const due = [];
  return { clock, due, timers: new Timers(clock, random, (name) => due.push(name)) };
}

test("a timer is due after its time plus a random part of its jitter", () => {
  const { clock, due, timers } = start();
  timers.start("retry", 1000, 500);
  clock.advance(1249);
  assert.deepEqual(due, []);
  clock.advance(1);
  assert.deepEqual(due, ["retry"]);
  assert.equal(clock.waiting, 0);
});

test("there is one timer of a name: starting it again replaces it", () => {
  const { clock, due, timers } = start();
  timers.start("attempt", 1000, 0);
  clock.advance(900);
  timers.start("attempt", 1000, 0);
  clock.advance(900);
  assert.deepEqual(due, []);
  clock.advance(100);
  assert.deepEqual(due, ["attempt"]);
});

test("a stopped timer is never due, even when the clock calls it all the same", () => {
  const calls = [];
  const due = [];
  const deaf = { now: () => 0, setTimeout: (callback) => calls.push(callback), clearTimeout: () => {} };
  const timers = new Timers(deaf, Math.random, (name) => due.push(name));
  timers.start("stall", 10, 0);
  timers.start("budget", 10, 0);
  timers.stopAll();
  for (const call of calls) call();
  assert.deepEqual(due, []);
  assert.deepEqual(timers.running, []);
});

test("stopping what does not run is nothing", () => {
  const { timers } = start();
  timers.stop("prompt");
  timers.stopAll();
});

test("times are ISO 8601 even from a broken clock", () => {
  assert.equal(isoTime({ now: () => Date.UTC(2026, 0, 1) }), "2026-01-01T00:00:00.000Z");
  assert.equal(isoTime({ now: () => Number.NaN }), "1970-01-01T00:00:00.000Z");
});
