// Texts within the limits of size and depth that are made to fill the memory: each has a typed error, and the core lives on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPolicy } from "post-session-transfer";

const MOST_BYTES = 4 * 1024 * 1024;

test("a hundred errors below one key of megabytes", async () => {
  const policy = await loadPolicy();
  const twice = Array.from({ length: 100 }, (_, n) => `"a${n}":1,"a${n}":1`).join(",");
  for (const size of [800_000, 3_000_000]) {
    const session = `{"id":1,"${"k".repeat(size)}":{${twice}}}`;
    assert.throws(
      () => policy.evaluate(session),
      ({ code, errors, message }) => code === "session_invalid" && errors.length === 100 && message.length < 1000,
    );
  }
  assert.equal(policy.evaluate({ id: 1 }).reason, "sdk_unknown");
  policy.dispose();
});

const places = {
  agents: (items) => `{"version":1,"virtual_agents":[${items}]}`,
  queues: (items) => `{"version":1,"virtual_agents":[],"queues":[${items}]}`,
  parameters: (items) => `{"version":1,"virtual_agents":[],"chat":{"data_parameters":[${items}]}}`,
  types: (items) => `{"version":1,"virtual_agents":[],"chat":{"chat_types":[${items}]}}`,
  "a field that is not known": (items) => `{"version":1,"virtual_agents":[],"x":[${items}]}`,
};
for (const [name, document] of Object.entries(places)) {
  test(`millions of small values among the ${name}`, async () => {
    for (const item of ["{}", '{"":1}', "[]", '{"id":1}', '"a"', "1"]) {
      const count = Math.floor((MOST_BYTES - 200) / (item.length + 1));
      const items = `${item},`.repeat(count).slice(0, -1);
      await assert.rejects(loadPolicy(document(items)), { code: "settings_invalid" }, item);
    }
  });
}
