import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { loadPolicy } from "post-session-transfer";

test("the package's own core is compiled once, and every policy has an instance of its own", async (t) => {
  const compiled = t.mock.method(WebAssembly, "compile");
  const instantiated = t.mock.method(WebAssembly, "instantiate");
  const policies = await Promise.all([loadPolicy(), loadPolicy({ version: 1, virtual_agents: [] }), loadPolicy()]);
  assert.equal(compiled.mock.callCount(), 1);
  assert.equal(instantiated.mock.callCount(), 3);
  const reasons = policies.map(
    (policy) => policy.evaluate({ id: 1, channel: "chat", sdk: { platform: "web", version: "3.0.0" } }).reason,
  );
  assert.deepEqual(reasons, ["not_configured", "ended_by_not_eligible", "not_configured"]);
  for (const policy of policies) policy.dispose();
});

test("bytes that the caller gives are compiled each time", async (t) => {
  const bytes = readFileSync(new URL(import.meta.resolve("post-session-transfer/pst.wasm")));
  const compiled = t.mock.method(WebAssembly, "compile");
  for (let i = 0; i < 2; i += 1) (await loadPolicy(undefined, { wasm: { bytes } })).dispose();
  assert.equal(compiled.mock.callCount(), 2);
});

test("a core that could not be compiled is tried again", async (t) => {
  // In a copy of the module, which has compiled nothing yet.
  const { loadPolicy: load } = await import(`${import.meta.resolve("post-session-transfer")}?again`);
  t.mock.method(WebAssembly, "compile", () => Promise.reject(new Error("no memory")), { times: 1 });
  await assert.rejects(load(), { code: "wasm_unavailable" });
  (await load()).dispose();
});
