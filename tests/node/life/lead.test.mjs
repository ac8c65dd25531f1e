// The lead alone: with a lock, and with a lease whose writes other tabs see only a moment later.
import assert from "node:assert/strict";
import { test } from "node:test";
import { MapStorage, Page, World } from "./support.mjs";

const NAME = "post-session-transfer:x";
/** A write is seen by other tabs after so long at most: half of what a tab waits to see whether another one wrote over it. */
const LATE_MS = 25;

/** One tab's view of the shared storage. */
class View extends MapStorage {
  seen = 0;
}

function scene(seed, { locks }) {
  const world = new World({ seed, locks });
  let writes = 0;
  const views = [];
  const tabs = [];
  const tab = () => {
    const page = new Page(world);
    world.pages.push(page);
    const view = new View(new Map(views[0]?.map), (key) => {
      writes += 1;
      const mine = writes;
      view.seen = mine;
      const value = view.map.get(key);
      for (const other of views) {
        if (other === view) continue;
        world.clockOf(world).setTimeout(() => {
          if (other.seen > mine) return;
          other.seen = mine;
          other.map.set(key, value);
        }, world.random() * LATE_MS);
      }
    });
    views.push(view);
    const storage = new page.package.PageStorage({ session: undefined, local: view }, () => {});
    const one = { page, lost: 0, got: 0, wants: true };
    one.lead = new page.package.Lead(
      {
        storage,
        locks: page.navigator.locks,
        clock: page.clock,
        random: () => world.random(),
        owner: `tab ${tabs.length}`,
        lost: () => {
          one.lost += 1;
          one.acquire();
        },
      },
      NAME,
    );
    one.acquire = () => {
      one.wants = true;
      one.lead.acquire().then((got) => {
        one.got += got ? 1 : 0;
      });
    };
    one.acquire();
    tabs.push(one);
    return one;
  };
  return { world, tabs, tab };
}

const inCharge = (tabs) => tabs.filter(({ page, lead }) => !page.gone && !page.frozen && lead.held);

for (const locks of [true, false]) {
  test(`${locks ? "a lock" : "a lease"}: never more than one in charge, and always one soon, in hundreds of schedules`, async () => {
    for (let seed = 1; seed <= 120; seed += 1) {
      const { world, tabs, tab } = scene(seed * 104_729, { locks });
      const pick = (list) => list[Math.floor(world.random() * list.length)];
      const log = [];
      const check = () =>
        assert.ok(inCharge(tabs).length <= 1, `seed ${seed}: ${inCharge(tabs).length} in charge; ${log}`);
      for (let i = 0; i < 2 + (seed % 4); i += 1) {
        tab();
        await world.run(pick([0, 5, 20, 50, 100]), check);
      }
      for (let i = 0; i < 12; i += 1) {
        const living = tabs.filter(({ page }) => !page.gone);
        const one = pick(living);
        const what = pick(["close", "release", "acquire", "freeze", "wake", "new"]);
        log.push(`${what} ${tabs.indexOf(one)}`);
        if (what === "close" && living.length > 1) one.page.close(false);
        if (what === "release") {
          one.wants = false;
          one.lead.release();
        }
        if (what === "acquire") one.acquire();
        if (what === "freeze" && !locks) one.page.freeze();
        if (what === "wake") one.page.wake();
        if (what === "new" && living.length < 6) tab();
        // Two whose page had slept may both think so, until they have looked; they do within a moment of waking.
        await world.run(1, () => {});
        await world.run(pick([60, 150, 700, 2500, 7000]), check);
      }
      for (const { page } of tabs) if (!page.gone) page.wake();
      for (const one of tabs) if (!one.page.gone && !one.lead.held) one.acquire();
      await world.run(20_000);
      assert.equal(inCharge(tabs).length, 1, `seed ${seed}: nobody is in charge; ${log}`);
      for (const { lead } of tabs) lead.release();
      await world.run(0);
      for (const { page } of tabs) assert.deepEqual(page.left, { timers: 0, listeners: 0, locks: 0 });
    }
  });

  test(`${locks ? "a lock" : "a lease"}: asked for twice it is had once, and given up it is free at once`, async () => {
    const { world, tab } = scene(1, { locks });
    const one = tab();
    one.acquire();
    one.acquire();
    await world.run(500);
    assert.ok(one.lead.held);
    assert.ok(one.got >= 1);
    one.lead.release();
    await world.run(0);
    assert.deepEqual(one.page.left, { timers: 0, listeners: 0, locks: 0 });
    assert.equal(one.lead.held, false);
  });
}

test("a lease: a tab that slept too long is told that it has lost it, once", async () => {
  const { world, tab } = scene(3, { locks: false });
  const first = tab();
  await world.run(500);
  const second = tab();
  await world.run(500);
  assert.deepEqual([first.lead.held, second.lead.held], [true, false]);
  first.page.freeze();
  await world.run(5000);
  assert.equal(second.lead.held, false, "not before six seconds are over");
  await world.run(5000);
  assert.equal(second.lead.held, true);
  first.page.wake();
  await world.run(3000);
  assert.deepEqual([first.lead.held, second.lead.held, first.lost, second.lost], [false, true, 1, 0]);
});

test("a lease: waiting for long piles up no listeners", async () => {
  const counts = new Map();
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const count = (signal, by) => counts.set(signal, (counts.get(signal) ?? 0) + by);
  EventTarget.prototype.addEventListener = function (...args) {
    if (args[0] === "abort") count(this, 1);
    return Reflect.apply(addEventListener, this, args);
  };
  EventTarget.prototype.removeEventListener = function (...args) {
    if (args[0] === "abort") count(this, -1);
    return Reflect.apply(removeEventListener, this, args);
  };
  try {
    const { world, tab } = scene(5, { locks: false });
    tab();
    await world.run(500);
    const waiting = tab();
    await world.run(10 * 60_000);
    assert.equal(waiting.lead.held, false);
    assert.ok(
      Math.max(...counts.values()) <= 2,
      `${Math.max(...counts.values())} listeners after ten minutes of waiting`,
    );
  } finally {
    Object.assign(EventTarget.prototype, { addEventListener, removeEventListener });
  }
});
