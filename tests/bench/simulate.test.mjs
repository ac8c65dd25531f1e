// The benchmark of `pst simulate` compares programs that write the same bytes, and reports on each of them.

import assert from "node:assert/strict";
import test from "node:test";
import { measureSimulate, simulateLines } from "./simulate.mjs";

test("pst, hand-written JavaScript and json-logic answer alike, and each has its time", async () => {
  const report = await measureSimulate({ sessions: 2000, rounds: 1 });
  assert.deepEqual(Object.keys(report.seconds), ["pst simulate", "handwritten", "json-logic"]);
  assert.equal(report.ratios.handwritten, 1);
  assert.equal(simulateLines(report).length, 4);
});
