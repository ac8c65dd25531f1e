// A core that traps is replaced, and the session goes on. The traps are real: the instance's memory is overwritten under it.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { createPostSessionTransfer } from "post-session-transfer";
import { MiniClient } from "./support/client.mjs";
import { fastClock } from "./support/fast-clock.mjs";
import { reply, startServer } from "./support/server.mjs";
import { settingsFor } from "./support/settings.mjs";

const memories = [];
const { instantiate } = WebAssembly;
before(() => {
  WebAssembly.instantiate = async (...args) => {
    const made = await instantiate(...args);
    const { exports } = made.instance ?? made;
    // Node's fetch has a WebAssembly of its own.
    if (!Object.keys(exports).some((name) => name.startsWith("llhttp")))
      memories.push(Object.values(exports).find((one) => one instanceof WebAssembly.Memory));
    return made;
  };
});
after(() => {
  WebAssembly.instantiate = instantiate;
});
afterEach(() => {
  memories.length = 0;
});

/** Nothing in the instance points anywhere any more. */
const wreck = () => new Uint8Array(memories.at(-1).buffer).fill(0xff);

async function asking(t, answer = (_request, response) => reply(response, 200)) {
  const server = await startServer(answer);
  const client = new MiniClient();
  await client.createChat(502);
  const transfer = await createPostSessionTransfer({
    client,
    settings: settingsFor(server.origin, { opt_in: true }),
    session: { sdk: { version: "3.44.2" } },
    endpoints: [server.origin],
    clock: fastClock(),
  });
  t.after(async () => {
    transfer.dispose();
    await server.close();
  });
  const told = [];
  for (const name of ["decision", "hold", "prompt", "consent", "release", "outcome", "diagnostic"])
    transfer.on(name, (data) => told.push(`${name} ${data?.code ?? data?.kind ?? data?.outcome ?? ""}`.trim()));
  client.notice("chatEnded");
  const until = async (holds) => {
    const end = Date.now() + 10_000;
    while (!holds()) {
      if (Date.now() > end) assert.fail(`waited in vain; ${transfer.state}, ${told.join(", ")}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  await until(() => transfer.state === "asking");
  return { transfer, client, server, told, until };
}

test("trapped by the answer: it is not lost, and the host notices no more than a diagnostic", async (t) => {
  const { transfer, server, told, until } = await asking(t);
  wreck();
  transfer.act("yes");
  await until(() => transfer.outcome !== null);
  assert.deepEqual(told, [
    "decision ask",
    "hold",
    "prompt opt_in",
    "diagnostic core_replaced",
    "consent",
    "prompt connecting",
    "prompt connected",
    "outcome transferred",
  ]);
  assert.equal(server.requests.length, 1);
  assert.equal(memories.length, 2);
});

test("trapped while the hand-off is on its way: sent again, the same body under the same key", async (t) => {
  let hold;
  const { transfer, server, until } = await asking(t, (_request, response) => {
    if (server.requests.length > 1) reply(response, 200);
    else hold = () => reply(response, 500);
  });
  transfer.act("yes");
  await until(() => hold !== undefined);
  wreck();
  hold();
  await until(() => transfer.outcome !== null);
  assert.equal(transfer.outcome.outcome, "transferred");
  const [first, second] = server.requests;
  assert.equal(second.body, first.body);
  assert.equal(second.headers["idempotency-key"], first.headers["idempotency-key"]);
});

test("the one that takes over traps as well: the session ends, and says so", async (t) => {
  const { transfer, client, told, until } = await asking(t);
  wreck();
  client.emit("chat.ended", undefined);
  await until(() => memories.length === 2 && transfer.state === "asking");
  assert.deepEqual(told.slice(-1), ["diagnostic core_replaced"], "the question stays as it is");
  wreck();
  transfer.act("yes");
  await until(() => transfer.outcome !== null);
  assert.deepEqual(told.slice(-4), ["prompt", "diagnostic core_trapped", "release", "outcome failed"]);
  assert.equal(transfer.state, "done");
});

test("disposed of while it is being replaced: nothing more is told", async (t) => {
  const { transfer, told } = await asking(t);
  wreck();
  transfer.act("yes");
  transfer.dispose();
  const before_ = told.length;
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(told.length, before_);
});
