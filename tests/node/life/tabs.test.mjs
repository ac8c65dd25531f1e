// Several tabs of one session: docs/life.md, "Several tabs". Each tab is a page of its own, with the whole package in it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FACTS, OWN, settingsWith, World } from "./support.mjs";

const HIDDEN = 5000;
/** Longer than a lease lasts, and than the tab that waits takes to look. */
const LEASE = 9000;

async function tabs(count, { locks = true, options = {}, seed = 1 } = {}) {
  const world = new World({ locks, seed });
  const pages = [];
  for (let i = 0; i < count; i += 1) {
    const page = await world.open(typeof options === "function" ? options(i) : options);
    pages.push(page);
    await page.end();
    await world.run(500);
  }
  return { world, pages };
}

/** At most one question can be seen, and no hand-off goes astray. */
const sound = (world) => () => {
  assert.ok(world.asking.length <= 1, `${world.asking.length} tabs ask at the same time`);
  assert.deepEqual(world.faults, []);
};

for (const locks of [true, false]) {
  const by = locks ? "locks" : "a lease";
  const settle = (world, ms = LEASE) => world.run(ms, sound(world));

  test(`${by}: one asks, the others hold and show nothing`, async () => {
    const { world, pages } = await tabs(4, { locks });
    await settle(world);
    assert.deepEqual(
      pages.map((page) => page.state),
      ["asking", "idle", "idle", "idle"],
    );
    for (const page of pages.slice(1)) {
      assert.deepEqual(
        page.said.map(({ event }) => event),
        ["decision", "hold"],
      );
    }
  });

  test(`${by}: all end when it ends, and are released unless it connected`, async () => {
    for (const [action, released] of [
      ["yes", 0],
      ["no", 1],
    ]) {
      const { world, pages } = await tabs(3, { locks });
      pages[0].act(action);
      await settle(world, 1000);
      assert.deepEqual(
        pages.map((page) => page.outcomes[0]),
        [
          action === "yes" ? "transferred/accepted" : "declined/opt_in_declined",
          "skipped/handled_elsewhere",
          "skipped/handled_elsewhere",
        ],
      );
      for (const page of pages) assert.equal(page.all("release").length, released);
      assert.deepEqual(
        pages.map((page) => page.left.locks + page.left.timers),
        [0, 0, 0],
        "nothing is held for what is over",
      );
    }
  });

  test(`${by}: the same when its conversation begins; and that tab follows it on, through a reload, too`, async () => {
    const { world, pages } = await tabs(2, { locks });
    world.receiver.answer = { conversation: { id: "c1" } };
    const [talks, other] = pages;
    talks.act("yes");
    await settle(world, 1000);
    assert.equal(talks.state, "in_conversation");
    assert.deepEqual(other.outcomes, ["skipped/handled_elsewhere"]);
    assert.equal(other.all("release").length, 0);
    await settle(world);
    const again = await talks.reload({});
    await settle(world);
    assert.equal(again.state, "in_conversation", `followed on: ${again.outcomes}`);
    assert.deepEqual(again.outcomes, []);
  });

  test(`${by}: a tab that is closed or crashes is followed by the next, at every step`, async () => {
    for (const word of [true, false]) {
      for (const step of ["asking", "handing_off", "stalled"]) {
        const { world, pages } = await tabs(3, { locks });
        world.receiver.plan = step === "stalled" ? () => "error" : () => "hang";
        if (step !== "asking") pages[0].act("yes");
        await settle(world, step === "stalled" ? 31_000 : 1000);
        assert.equal(pages[0].state, step);
        pages[0].close(word);
        world.receiver.plan = () => "ok";
        await settle(world);
        const [, second, third] = pages;
        if (step === "handing_off") {
          assert.deepEqual([second, third].map((page) => page.outcomes[0]).sort(), [
            "skipped/handled_elsewhere",
            "transferred/accepted",
          ]);
        } else {
          assert.deepEqual([second.state, third.state].sort(), ["idle", step].sort());
          const [asks] = world.asking;
          asks.act(step === "asking" ? "yes" : "try_again");
          await settle(world);
        }
        assert.equal(world.total("consent"), 1);
        assert.deepEqual([second.outcomes.length, third.outcomes.length], [1, 1]);
        sound(world)();
      }
    }
  });

  test(`${by}: a tab that is hidden for five seconds gives its question away, and takes it off when it comes back`, async () => {
    const { world, pages } = await tabs(2, { locks });
    const [first, second] = pages;
    first.see(false);
    await settle(world, HIDDEN - 100);
    assert.deepEqual([first.state, second.state], ["asking", "idle"]);
    await settle(world);
    assert.equal(second.state, "asking");
    first.see(true);
    await settle(world);
    assert.deepEqual([first.state, second.state], ["idle", "asking"]);
    assert.equal(first.prompt, null);
    second.act("yes");
    await settle(world);
    assert.deepEqual([...first.outcomes, ...second.outcomes], ["skipped/handled_elsewhere", "transferred/accepted"]);
  });

  test(`${by}: a tab that comes back and was not missed goes on as if nothing had been`, async () => {
    const { world, pages } = await tabs(1, { locks });
    const [page] = pages;
    for (let i = 0; i < 3; i += 1) {
      page.see(false);
      await settle(world, 60_000);
      page.see(true);
      await settle(world);
    }
    assert.equal(page.state, "asking");
    assert.equal(page.questions, 1, "its question was neither taken away nor asked anew");
    assert.equal(page.all("prompt").length, 1);
    page.act("yes");
    await settle(world);
    assert.deepEqual(page.outcomes, ["transferred/accepted"]);
  });

  test(`${by}: tabs that are all hidden do not pass a question round and round, and its time-out comes`, async () => {
    const options = { settings: settingsWith("webhook", { rules: { prompt_timeout_s: 20 } }) };
    const { world, pages } = await tabs(2, { locks, options });
    for (const page of pages) page.see(false);
    await settle(world, 120_000);
    const questions = pages.reduce((sum, page) => sum + page.questions, 0);
    assert.ok(questions <= 2, `asked ${questions} times in two minutes`);
    assert.deepEqual(
      pages.map((page) => page.state),
      ["done", "done"],
    );
  });

  test(`${by}: a tab that has ended for itself does not stand in the way of the others`, async () => {
    const { world, pages } = await tabs(3, { locks });
    const [first, second, third] = pages;
    // It waits, and its host cancels there.
    second.transfer.cancel();
    await settle(world);
    first.close();
    await settle(world, 2 * LEASE);
    assert.equal(second.outcomes[0], "cancelled/host_cancelled");
    assert.equal(third.state, "asking", "the next one goes on");
  });

  test(`${by}: an end in the first moment reaches those who wait`, async () => {
    const chat = {
      data_parameters: [{ type: "dynamic", field: "must", source: "unsigned", source_field: "gone", required: true }],
    };
    const { world, pages } = await tabs(2, {
      locks,
      options: { settings: settingsWith("webhook", { optIn: false, chat }) },
    });
    await settle(world);
    assert.equal(pages[0].outcomes[0], "failed/parameter_missing");
    assert.equal(pages[1].state, "done", "it holds the host for ever");
    assert.deepEqual(
      pages.map((page) => page.left.locks + page.left.timers),
      [0, 0],
    );
  });

  test(`${by}: what a page holds when a session is over, seen and unseen: nothing`, async () => {
    const { world, pages } = await tabs(2, { locks });
    pages[0].act("no");
    await settle(world);
    for (const page of pages) {
      page.see(false);
      await settle(world);
      page.see(true);
      await settle(world);
    }
    for (const page of pages) assert.deepEqual({ ...page.left, listeners: 0 }, { timers: 0, listeners: 0, locks: 0 });
  });

  test(`${by}: a page in the back/forward cache gives the lead up, and asks for it when it comes back`, async () => {
    const { world, pages } = await tabs(2, { locks });
    const [first, second] = pages;
    first.dispatch("window", "pagehide", { persisted: true });
    first.freeze();
    await settle(world);
    assert.equal(second.state, "asking");
    first.wake();
    first.dispatch("window", "pageshow", { persisted: true });
    await settle(world);
    assert.deepEqual([first.state, second.state], ["idle", "asking"]);
    second.close();
    await settle(world);
    assert.equal(first.state, "asking");
  });

  test(`${by}: a page that wakes up after another one has answered does not ask again`, async () => {
    const { world, pages } = await tabs(2, { locks });
    const [first, second] = pages;
    world.receiver.plan = () => "hang";
    first.see(false);
    await settle(world, HIDDEN + 100);
    first.freeze();
    await settle(world);
    assert.equal(second.state, "asking");
    second.act("yes");
    await settle(world, 1000);
    second.close(false);
    world.receiver.plan = () => "ok";
    // What it sees first is that it is visible; what was written meanwhile it hears after that.
    const told = first.held.splice(0);
    first.see(true);
    await world.quiet();
    first.held.push(...told);
    first.wake();
    await settle(world, 2 * LEASE);
    assert.notEqual(first.state, "asking", "the person has said Yes already");
    assert.deepEqual(first.outcomes, ["transferred/accepted"]);
    sound(world)();
  });

  test(`${by}: a tab that was duplicated waits, and ends with the other`, async () => {
    const { world, pages } = await tabs(1, { locks });
    const copy = await world.open({}, { session: new Map(pages[0].session) });
    await settle(world);
    assert.deepEqual([pages[0].state, copy.state], ["asking", "idle"]);
    pages[0].act("no");
    await settle(world);
    assert.deepEqual(copy.outcomes, ["skipped/handled_elsewhere"]);
    assert.equal(copy.session.has(OWN), false);
  });

  test(`${by}: facts that come late do not cost a waiting tab its place, nor fill its log`, async () => {
    const { world, pages } = await tabs(2, { locks });
    const [first, second] = pages;
    for (let i = 0; i < 3; i += 1) await second.end({ ...FACTS, status: "finished", note: i });
    await settle(world);
    const logged = second.transfer.log().length;
    await settle(world, 60_000);
    assert.ok(
      second.transfer.log().length - logged <= 2,
      `${second.transfer.log().length - logged} entries in a minute of waiting`,
    );
    first.close();
    await settle(world, 2 * LEASE);
    assert.equal(second.state, "asking");
  });

  test(`${by}: two sessions are two entries, and each is asked about`, async () => {
    const world = new World({ locks });
    const first = await world.open();
    const second = await world.open();
    await first.end();
    await second.end({ ...FACTS, id: "67890" });
    await world.run(1000);
    assert.deepEqual([first.state, second.state], ["asking", "asking"]);
  });
}

test("locks that are refused, as in a frame without an origin of its own, hold up nobody", async () => {
  const refused = { request: () => Promise.reject(new DOMException("no", "SecurityError")) };
  const world = new World();
  const page = await world.open({}, { locks: refused });
  await page.end();
  await world.run(LEASE);
  assert.equal(page.state, "asking", "the person is asked all the same");
});

test("locks that throw hold up nobody", async () => {
  const broken = {
    request() {
      throw new DOMException("no", "InvalidStateError");
    },
  };
  const world = new World();
  const page = await world.open({}, { locks: broken });
  await page.end();
  await world.run(LEASE);
  assert.equal(page.state, "asking", "the person is asked all the same");
});

test("a page that is being left while its digest is made holds nothing", async () => {
  for (const locks of [true, false]) {
    const world = new World({ locks });
    const page = await world.open();
    page.transfer.sessionEnded(FACTS).catch(() => {});
    page.transfer.dispose();
    await world.run(LEASE);
    assert.deepEqual(page.left, { timers: 0, listeners: 0, locks: 0 }, locks ? "locks" : "a lease");
    const other = await world.open();
    await other.end();
    await world.run(LEASE);
    assert.equal(other.state, "asking", "another tab can have the lead");
  }
});

// ── Random schedules ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

async function schedule(seed, locks) {
  const world = new World({ seed, locks });
  const pick = (list) => list[Math.floor(world.random() * list.length)];
  const check = sound(world);
  const plans = [() => "ok", () => "hang", () => "lost", () => 503, () => "error"];
  const log = [];
  const count = 2 + Math.floor(world.random() * 4);
  for (let i = 0; i < count; i += 1) {
    const page = await world.open();
    await page.end();
    await world.run(pick([0, 10, 40, 70, 500]), check);
  }
  const acts = {
    close: (page) => world.alive.length > 1 && page.close(true),
    crash: (page) => world.alive.length > 1 && page.close(false),
    hide: (page) => page.see(false),
    show: (page) => page.see(true),
    // A page that holds a lock is not frozen.
    freeze: (page) => !locks && page.freeze(),
    wake: (page) => page.wake(),
    reload: (page) => !page.frozen && page.reload({}, { word: world.random() < 0.5 }),
    open: async () => {
      if (world.alive.length > 5) return;
      const page = await world.open();
      await page.end();
    },
    plan: () => {
      world.receiver.plan = pick(plans);
    },
    yes: () => world.random() < 0.3 && world.asking.find((page) => page.visible)?.act("yes"),
    again: () => world.asking.find((page) => page.visible && page.state === "stalled")?.act("try_again"),
  };
  for (let i = 0; i < 25; i += 1) {
    const name = pick(Object.keys(acts));
    const page = pick(world.alive);
    log.push(`${name} ${world.pages.indexOf(page)}`);
    await acts[name](page);
    await world.run(pick([0, 1, 55, 200, 1000, 2500, 5200, 7000]), check);
  }
  // In the end somebody looks at every tab, and answers what is asked.
  world.receiver.plan = () => "ok";
  for (const page of world.alive) {
    page.wake();
    page.see(true);
  }
  await world.run(2 * LEASE, check);
  for (let i = 0; i < 4 && world.asking.length > 0; i += 1) {
    const [page] = world.asking;
    page.act(page.state === "stalled" ? "try_again" : "yes");
    await world.run(45_000, check);
  }
  await world.run(60_000, check);
  // A page that was loaded anew while it waited for another one has nothing to go on with.
  const done = world.alive.filter((page) => page.state !== "done" && page.said.length > 0);
  assert.deepEqual(
    done.map((page) => `${world.pages.indexOf(page)} ${page.state} ${page.prompt?.kind}`),
    [],
    `sessions without an end; ${log.join(", ")}`,
  );
  assert.ok(world.total("consent") <= 1, "answered twice");
  assert.ok(world.receiver.accepted.size <= 1);
  const errors = world.pages.flatMap((page) => page.errors).filter((error) => !/gone/.test(String(error)));
  assert.deepEqual(errors, []);
  for (const page of world.alive) page.transfer.dispose();
  await world.run(1000);
  for (const page of world.alive) assert.deepEqual(page.left, { timers: 0, listeners: 0, locks: 0 });
}

for (const locks of [true, false]) {
  test(`random schedules of two to five tabs, ${locks ? "locks" : "a lease"}`, async () => {
    const failures = [];
    for (let seed = 1; seed <= 100; seed += 1) {
      try {
        await schedule(seed * 7919, locks);
      } catch (error) {
        failures.push(`seed ${seed}: ${String(error.message).split("\n").slice(0, 12).join(" ").slice(0, 700)}`);
      }
    }
    assert.ok(failures.length === 0, `${failures.length} of 100 schedules:\n${failures.slice(0, 12).join("\n")}`);
  });
}
