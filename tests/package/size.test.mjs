// What is shipped stays within its budget and does not grow unnoticed: tests/bench/size-budget.json.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const bench = fileURLToPath(new URL("../bench/bench.mjs", import.meta.url));

test("the package is as small as its checked-in baseline says", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bench, "--check-size"], { encoding: "utf8" });
  assert.equal(status, 0, stdout + stderr);
});
