// dispose() at every step: no listener, timer, lock, request or element is left, and a later transfer goes on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { EndedClient, NOTHING, OWN, settingsWith, World } from "./support.mjs";

const SCRIPT = [
  ["made", async () => {}],
  ["told", async (page) => page.end()],
  ["waiting for the lead", async (_, world) => world.run(30)],
  ["asking", async (_, world) => world.run(300)],
  [
    "hidden",
    async (page, world) => {
      page.see(false);
      await world.run(100);
    },
  ],
  [
    "seen",
    async (page, world) => {
      page.see(true);
      await world.run(100);
    },
  ],
  [
    "hidden for long",
    async (page, world) => {
      page.see(false);
      await world.run(6000);
    },
  ],
  ["seen again", async (page) => page.see(true)],
  ["a moment later", async (_, world) => world.run(20)],
  ["going on", async (_, world) => world.run(500)],
  ["yes", async (page) => page.act("yes")],
  ["under way", async (_, world) => world.run(100)],
  ["the attempt expired", async (_, world) => world.run(8100)],
  [
    "the answer is being read",
    async (_, world) => {
      world.receiver.plan = () => "ok";
      await world.quiet();
    },
  ],
  ["stalled, or done", async (_, world) => world.run(40_000)],
];

function spied() {
  const controller = new AbortController();
  const { signal } = controller;
  const listeners = new Set();
  const { addEventListener } = signal;
  signal.addEventListener = (type, listener, options) => {
    listeners.add(listener);
    options?.signal?.addEventListener("abort", () => listeners.delete(listener));
    return Reflect.apply(addEventListener, signal, [type, listener, options]);
  };
  const { removeEventListener } = signal;
  signal.removeEventListener = (type, listener, options) => {
    listeners.delete(listener);
    return Reflect.apply(removeEventListener, signal, [type, listener, options]);
  };
  return { controller, signal, listeners };
}

for (const locks of [true, false]) {
  for (const others of [0, 1]) {
    for (const kind of ["webhook", "ccaip"]) {
      const how = `${locks ? "locks" : "a lease"}, ${others === 0 ? "alone" : "behind another tab"}, ${kind}`;
      test(`nothing is left after dispose() at any step: ${how}`, async () => {
        for (const end of ["dispose", "abort"]) {
          for (let at = 0; at < SCRIPT.length; at += 1) {
            const world = new World({ locks });
            let aborted = 0;
            let inFlight = 0;
            world.receiver.plan = () => "hang";
            const take = world.receiver.take.bind(world.receiver);
            world.receiver.take = async (init) => {
              inFlight += 1;
              init.signal.addEventListener("abort", () => {
                aborted += 1;
              });
              try {
                return await take(init);
              } finally {
                inFlight -= 1;
              }
            };
            for (let i = 0; i < others; i += 1) {
              const other = await world.open();
              await other.end();
              await world.run(500);
            }
            const client = new EndedClient({ status: undefined, answer: () => new Promise(() => {}) });
            const spy = spied();
            const page = await world.open({ settings: settingsWith(kind), client, signal: spy.signal });
            for (const [, step] of SCRIPT.slice(0, at + 1)) await step(page, world);
            const [name] = SCRIPT[at];
            const place = `${name}, ${page.state}, ${end}`;
            if (end === "dispose") page.transfer.dispose();
            else spy.controller.abort();
            await world.quiet();
            assert.deepEqual(page.left, NOTHING, place);
            assert.equal(client.listeners, 0, place);
            for (const method of ["finishChat", "updatePostSession", "destroy"])
              assert.ok(!Object.hasOwn(client, method), `${place}: ${method} is not as it was`);
            assert.equal(spy.listeners.size, 0, place);
            assert.equal(inFlight, 0, place);
            const said = page.said.length;
            page.see(true);
            page.see(false);
            for (const type of ["storage", "pagehide", "pageshow", "online", "offline"])
              page.dispatch("window", type, { key: [...world.local.keys()][0], persisted: true });
            client.emit("chat.ended");
            await world.run(60_000);
            assert.deepEqual(page.left, NOTHING, `${place}, a minute later`);
            assert.equal(page.said.length, said, `${place}: it says something after dispose()`);
            assert.deepEqual(page.errors, [], place);
            assert.ok(aborted <= 5);
          }
        }
      });
    }
  }

  test(`what is kept stays, and a later transfer in the same tab goes on with it: ${locks ? "locks" : "a lease"}`, async () => {
    const world = new World({ locks });
    const page = await world.open();
    await page.end();
    await world.run(500);
    page.transfer.dispose();
    assert.ok(page.session.has(OWN));
    await page.open();
    await world.run(2000);
    assert.equal(page.state, "asking");
    page.act("yes");
    await world.run(1000);
    assert.equal(page.outcomes.at(-1), "transferred/accepted");
  });
}

test("a session that cannot be begun leaves no listeners", async () => {
  const world = new World();
  const page = await world.open();
  const before = page.listeners;
  for (let i = 0; i < 3; i += 1) await page.transfer.sessionEnded({ id: "", channel: "chat" }).catch(() => {});
  assert.equal(page.listeners, before);
  page.transfer.dispose();
  assert.deepEqual(page.left, NOTHING);
});

test("sessions one after the other do not pile up", async () => {
  for (const locks of [true, false]) {
    const world = new World({ locks });
    const page = await world.open();
    let most;
    for (let i = 0; i < 5; i += 1) {
      await page.end({
        id: `s${i}`,
        channel: "chat",
        sdk: { platform: "web", version: "3.44.2" },
        chat_type: "web",
        ended_by: "agent",
      });
      await world.run(1000);
      assert.equal(page.state, "asking");
      most ??= page.left;
      assert.deepEqual(page.left, most, `session ${i}`);
    }
  }
});
