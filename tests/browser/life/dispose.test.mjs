/** `dispose()` in every state leaves nothing behind but what is kept, and a second transfer goes on with that. */
import assert from "node:assert/strict";
import { inEngines } from "./support/life.mjs";

const nothing = { listeners: [], timers: 0, requests: 0, channels: 0, locks: [], nodes: 0 };

/** Everything of ours has gone; the simulator's client is as it was. */
async function assertNothingLeft(tab) {
  await tab.page.waitFor(
    async (wanted) => JSON.stringify(await window.life.leftovers()) === wanted,
    JSON.stringify({ listeners: [], timers: 0, requests: 0, channels: 0, locks: [], nodes: 0 }),
  );
  assert.deepEqual(await tab.page.evaluate(() => window.life.leftovers()), nothing);
  const client = await tab.page.evaluate(() => {
    const { client: sdk } = window.life;
    const ours = ["finishChat", "destroy", "updatePostSession"].filter((name) => Object.hasOwn(sdk, name));
    return { handlers: sdk.listenerCount(), ours };
  });
  assert.deepEqual(client, { handlers: 0, ours: [] });
}

/** How a page gets into a state, and how the second transfer comes to its end from there. */
const states = {
  "before anything": {
    reach: async () => {},
    goesOn: async (scene, tab) => {
      await tab.end();
      await tab.asks();
      await tab.yes();
      await tab.endsAs("transferred / accepted");
      scene.assertOneHandoff({ posts: 1 });
    },
  },
  asking: {
    reach: async (_scene, tab) => {
      await tab.end();
      await tab.asks();
    },
    goesOn: async (scene, tab) => {
      await tab.asks();
      await tab.yes();
      await tab.endsAs("transferred / accepted");
      scene.assertOneHandoff({ posts: 1 });
    },
  },
  "handing off": {
    reach: async (scene, tab) => {
      scene.room.faults = ["taken-hold"];
      await tab.end();
      await tab.asks();
      await tab.yes();
      await scene.posts(1);
    },
    goesOn: async (scene, tab) => {
      await tab.endsAs("transferred / accepted");
      scene.assertOneHandoff({ posts: 2 });
    },
  },
  "reading an answer that does not end": {
    reach: async (scene, tab) => {
      scene.room.faults = ["endless"];
      await tab.end();
      await tab.asks();
      await tab.yes();
      await scene.posts(1);
    },
    goesOn: async (scene, tab) => {
      await tab.endsAs("transferred / accepted");
      scene.assertOneHandoff({ posts: 2 });
    },
  },
  "backing off": {
    options: { speed: "0.05" },
    reach: async (scene, tab) => {
      scene.room.faults = ["500"];
      await tab.end();
      await tab.asks();
      await tab.yes();
      await tab.page.waitFor(() => window.life.snapshot().handoffs.at(-1)?.startsWith("backing_off"));
    },
    goesOn: async (scene, tab) => {
      await tab.endsAs("transferred / accepted");
      scene.assertOneHandoff({ posts: 2 });
    },
  },
  stalled: {
    options: { hurry: "30000" },
    reach: async (scene, tab) => {
      scene.room.always = "500";
      await tab.end();
      await tab.asks();
      await tab.yes();
      await tab.sees("stalled");
    },
    goesOn: async (scene, tab) => {
      await tab.sees("stalled");
      scene.room.always = "none";
      await tab.answer("try_again");
      await tab.endsAs("transferred / accepted");
      scene.assertOneHandoff();
    },
  },
  "in conversation": {
    reach: async (scene, tab) => {
      scene.room.conversation = true;
      await tab.end();
      await tab.asks();
      await tab.yes();
      await tab.phase("in_conversation");
    },
    goesOn: async (scene, tab) => {
      await tab.phase("in_conversation");
      scene.assertOneHandoff({ posts: 1 });
    },
  },
  "in conversation through the platform": {
    options: { kind: "ccaip" },
    reach: async (_scene, tab) => {
      await tab.end();
      await tab.asks();
      await tab.yes();
      await tab.phase("in_conversation");
    },
    goesOn: async (_scene, tab) => {
      await tab.phase("in_conversation");
      assert.deepEqual((await tab.is()).updates, ["ready", "in_progress"]);
      await tab.page.evaluate(() => window.life.simulator.virtualAgent.end());
      await tab.endsAs("completed / ended_by_virtual_agent");
    },
  },
  done: {
    reach: async (_scene, tab) => {
      await tab.end();
      await tab.asks();
      await tab.yes();
      await tab.endsAs("transferred / accepted");
    },
    goesOn: async (scene, tab) => {
      await tab.quiet();
      scene.assertOneHandoff({ posts: 1 });
    },
  },
};

inEngines(["chromium", "firefox"], ({ engine, it, more }) => {
  for (const [state, { options = {}, reach, goesOn }] of Object.entries(states)) {
    if (engine !== "chromium" && !/asking|handing|endless|done/.test(state)) continue;
    it(`${state}: nothing is left, and a second transfer goes on`, async (scene) => {
      const tab = await scene.open(options);
      await reach(scene, tab);
      const before = (await tab.is()).asked;
      const there = await tab.page.evaluate(() => window.life.leftovers());
      assert.equal(there.nodes, 1);
      assert.ok(there.listeners.length > 0, "listeners are counted");
      const told = await tab.page.evaluate(() => {
        const count = window.life.events.length;
        window.life.transfer.dispose();
        return count;
      });
      await assertNothingLeft(tab);
      await tab.kept();
      assert.equal(await tab.page.evaluate(() => window.life.events.length), told, "nothing more is told");
      await tab.page.evaluate(() => {
        window.life.events.length = 0;
        return window.life.start().then(() => null);
      });
      await goesOn(scene, tab);
      assert.ok((await tab.is()).asked <= 1 && before <= 1);
      await tab.page.evaluate(() => window.life.transfer.dispose());
      await assertNothingLeft(tab);
    });
  }

  it("in the moment it begins, and in the moment of the end", async (scene) => {
    const tab = await scene.open({ wait: "1" });
    await tab.page.evaluate(async () => {
      const first = await window.life.start();
      first.dispose();
      const second = await window.life.start();
      await new Promise((resolve) => setTimeout(resolve, 0));
      window.life.end();
      await window.life.simulator.idle();
      second.dispose();
    });
    await assertNothingLeft(tab);
    scene.assertNothingSent();
  });

  more("while a session of the page before is about to be gone on with", async (scene) => {
    const tab = await scene.open();
    await tab.end();
    await tab.asks();
    await tab.goto(scene.address({ silent: "", wait: "1" }));
    await tab.page.evaluate(async () => {
      const transfer = await window.life.start();
      await new Promise((resolve) => setTimeout(resolve, 50));
      transfer.dispose();
    });
    await assertNothingLeft(tab);
    assert.equal((await tab.kept()).own.state.phase, "asking");
  });

  for (const locks of ["1", "0"]) {
    it(`while it waits for another tab (${locks === "1" ? "locks" : "lease"}): that one keeps the lead`, async (scene) => {
      const a = await scene.open({ locks });
      const b = await scene.open({ locks });
      await a.end();
      await a.asks();
      await b.end();
      await b.waits();
      const there = await b.page.evaluate(() => window.life.leftovers());
      await b.page.evaluate(() => window.life.transfer.dispose());
      const others = locks === "1" ? 1 : 0;
      await b.page.until(
        async () => {
          const left = await b.page.evaluate(() => window.life.leftovers());
          const nothing = left.listeners.length + left.timers + left.nodes === 0 && left.locks.length === others;
          return nothing ? { value: left } : { not: JSON.stringify(left) };
        },
        () => "nothing but the other tab's lock",
      );
      assert.equal(there.locks.length, locks === "1" ? 2 : 0);
      await a.yes();
      await a.endsAs("transferred / accepted");
      scene.assertOneHandoff({ posts: 1 });
    });
  }

  more("the tab in charge disposes of it: the other one goes on", async (scene) => {
    const a = await scene.open();
    const b = await scene.open();
    await a.end();
    await a.asks();
    await b.end();
    await b.waits();
    await a.page.evaluate(() => window.life.transfer.dispose());
    await b.asks();
    await b.yes();
    await b.endsAs("transferred / accepted");
    scene.assertOneHandoff({ posts: 1 });
  });
});
