// The product against the reference, over every combination: zero differences. Needs a built package (`npm run build`).

import assert from "node:assert/strict";
import test from "node:test";
import { compare, describe } from "./compare.mjs";

test("the product decides every combination as the reference does", async (t) => {
  const { loadPolicy } = await import("post-session-transfer");
  const load = async (settings) => {
    const policy = await loadPolicy(settings);
    return { evaluate: (session) => policy.evaluate(session), dispose: () => policy.dispose() };
  };
  const started = performance.now();
  // A policy's evaluate is not told what the host allows; the allow-list takes part in a flow (tests/golden/endpoint-allowed.json).
  const result = await compare(load, { takesAllowList: false });
  t.diagnostic(`${describe(result)}\n  in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  assert.equal(result.differences, 0, describe(result));
});
