// "Try again" under the page's token bucket.
import assert from "node:assert/strict";
import { test } from "node:test";
import { importSource } from "./support/source.mjs";

const { Tries } = await importSource("tries.ts");

function clockAt(start) {
  const clock = { at: start, now: () => clock.at };
  return clock;
}

test("five tries at once, and one more every half minute", () => {
  const clock = clockAt(0);
  const tries = new Tries(clock);
  assert.deepEqual(
    Array.from({ length: 6 }, () => tries.take()),
    [true, true, true, true, true, false],
  );
  clock.at += 29_999;
  assert.equal(tries.take(), false);
  clock.at += 1;
  assert.deepEqual([tries.take(), tries.take()], [true, false]);
});

test("half a minute that has begun is not lost, and there are never more than five", () => {
  const clock = clockAt(1000);
  const tries = new Tries(clock);
  for (let i = 0; i < 5; i += 1) tries.take();
  clock.at += 45_000;
  assert.deepEqual([tries.take(), tries.take()], [true, false]);
  clock.at += 15_000;
  assert.deepEqual([tries.take(), tries.take()], [true, false]);
  clock.at += 10 * 3_600_000;
  assert.equal(Array.from({ length: 9 }, () => tries.take()).filter(Boolean).length, 5);
});

test("a clock that is set back gives nothing and locks nobody out", () => {
  const clock = clockAt(1_000_000);
  const tries = new Tries(clock);
  for (let i = 0; i < 5; i += 1) tries.take();
  clock.at = 0;
  assert.equal(tries.take(), false);
  clock.at += 30_000;
  assert.equal(tries.take(), true);
});
