/** Several tabs of one browser know the same chat. */
import assert from "node:assert/strict";
import { inEngines } from "./support/life.mjs";

/** Two tabs in which the chat has ended: the first one asks, the second one waits. */
async function pair(scene, options = {}) {
  const a = await scene.open(options);
  const b = await scene.open(options);
  await a.end();
  await a.asks();
  await b.end();
  await b.waits();
  return [a, b];
}

const away = {
  closed: (tab) => tab.close(),
  "navigated away": (tab) => tab.leave(),
};

inEngines(["chromium", "firefox"], ({ engine, it, more }) => {
  it("Yes in one: the other is handled elsewhere, and keeps its hold", async (scene) => {
    const [a, b] = await pair(scene);
    await a.yes();
    await a.endsAs("transferred / accepted");
    await b.endsAs("skipped / handled_elsewhere");
    const { asked, prompts, held, released } = await b.is();
    assert.deepEqual({ asked, prompts, held, released }, { asked: 0, prompts: [], held: 1, released: 0 });
    scene.assertOneHandoff({ posts: 1 });
    await a.assertKeptDone();
    await b.assertKeptDone();
  });

  it("No in one: the other is handled elsewhere, and releases", async (scene) => {
    const [a, b] = await pair(scene);
    await a.answer("no");
    await a.endsAs("declined / opt_in_declined");
    await b.endsAs("skipped / handled_elsewhere");
    const { asked, released } = await b.is();
    assert.deepEqual({ asked, released }, { asked: 0, released: 1 });
    scene.assertNothingSent();
    await a.assertKeptDone({ connected: false });
  });

  it("its conversation begins: the other comes to an end, and the conversation is followed on after a reload", async (scene) => {
    scene.room.conversation = true;
    const [a, b] = await pair(scene);
    await a.yes();
    await a.phase("in_conversation");
    await b.endsAs("skipped / handled_elsewhere");
    assert.equal((await b.is()).released, 0);
    await a.kept();
    await a.reload();
    await a.phase("in_conversation");
    await a.page.evaluate(() => window.life.transfer.conversationEnded("end_user"));
    await a.endsAs("completed / ended_by_end_user");
    scene.assertOneHandoff({ posts: 1 });
    await a.assertKeptDone();
  });

  more("a third one, too", async (scene) => {
    const [a, b] = await pair(scene);
    const c = await scene.open();
    await c.end();
    await c.waits();
    await a.close();
    // Either may be the next.
    await b.page.waitFor(() => true);
    const next = await Promise.any([b.asks().then(() => b), c.asks().then(() => c)]);
    const last = next === b ? c : b;
    assert.equal((await last.is()).asked, 0);
    await next.yes();
    await next.endsAs("transferred / accepted");
    await last.endsAs("skipped / handled_elsewhere");
    scene.assertOneHandoff({ posts: 1 });
  });

  for (const [name, go] of Object.entries(away)) {
    more(`the tab in charge is ${name} while it asks`, async (scene) => {
      const [a, b] = await pair(scene);
      await go(a);
      await b.asks();
      assert.equal((await b.is()).held, 1);
      await b.yes();
      await b.endsAs("transferred / accepted");
      scene.assertOneHandoff({ posts: 1 });
      await b.assertKeptDone();
    });

    it(`the tab in charge is ${name} while the request is on its way`, async (scene) => {
      scene.room.faults = ["taken-hold"];
      const [a, b] = await pair(scene);
      await a.yes();
      await scene.posts(1);
      await go(a);
      await b.endsAs("transferred / accepted");
      assert.equal((await b.is()).asked, 0);
      scene.assertOneHandoff({ posts: 2 });
      await b.assertKeptDone();
    });

    more(`the tab in charge is ${name} while it is stalled`, async (scene) => {
      scene.room.always = "500";
      const [a, b] = await pair(scene, { speed: "40" });
      await a.yes();
      await a.sees("stalled");
      const sent = scene.room.posts.length;
      await go(a);
      await b.sees("stalled");
      assert.equal(scene.room.posts.length, sent);
      scene.room.always = "none";
      await b.answer("try_again");
      await b.endsAs("transferred / accepted");
      assert.equal((await b.is()).asked, 0);
      scene.assertOneHandoff({ posts: sent + 1 });
    });
  }

  more("the tab in charge is closed while it backs off", async (scene) => {
    scene.room.faults = ["500"];
    const a = await scene.open({ speed: "0.05" });
    const b = await scene.open();
    await a.end();
    await a.asks();
    await b.end();
    await b.waits();
    await a.yes();
    await a.page.waitFor(() => window.life.snapshot().handoffs.at(-1)?.startsWith("backing_off"));
    await a.close();
    await b.endsAs("transferred / accepted");
    assert.equal((await b.is()).asked, 0);
    scene.assertOneHandoff({ posts: 2 });
  });

  it("the tab in charge is reloaded while it asks: one question at a time, one hand-off", async (scene) => {
    const [a, b] = await pair(scene);
    await a.reload();
    await b.asks();
    await a.page.waitFor(() => window.life.snapshot().held === 1);
    const tabs = await Promise.all([a.is(), b.is()]);
    assert.deepEqual(
      tabs.map(({ seen }) => seen),
      [null, "opt_in"],
    );
    await b.yes();
    await b.endsAs("transferred / accepted");
    await a.endsAs("skipped / handled_elsewhere");
    scene.assertOneHandoff({ posts: 1 });
    await a.assertKeptDone();
  });

  it("the person ended the chat in the tab in charge, which is then closed: accepted once", async (scene) => {
    scene.room.faults = ["taken-hold"];
    const a = await scene.open();
    const b = await scene.open();
    await a.end("here");
    await a.asks();
    // All that the SDK of the other one can know.
    await b.end("elsewhere");
    await b.waits();
    await a.yes();
    await scene.posts(1);
    await a.close();
    await b.endsAs("transferred / accepted");
    scene.assertOneHandoff({ posts: 2, conflicts: 1 });
  });

  it("five closes in the middle of hand-offs", async (scene, t) => {
    scene.room.always = "taken-hold";
    const first = await scene.open();
    await first.end();
    await first.asks();
    let last = first;
    await last.yes();
    for (let times = 1; times <= 5; times += 1) {
      await scene.posts(times);
      const next = await scene.open();
      await next.end();
      await next.waits();
      await last.close();
      last = next;
    }
    await scene.posts(6);
    scene.room.release();
    await last.endsAs("transferred / accepted");
    assert.equal((await last.is()).asked, 0);
    scene.assertOneHandoff();
    await last.assertKeptDone();
    t.diagnostic(`${scene.room.posts.length} posts`);
  });

  it("hidden for five seconds while it asks: the other one asks, and the first one stays away", async (scene) => {
    const [a, b] = await pair(scene, { hurry: "5000" });
    await a.page.hide();
    await b.asks();
    await a.page.waitFor(() => window.life.seen() === null);
    await a.page.show();
    await a.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
    assert.deepEqual([(await a.is()).seen, (await b.is()).seen], [null, "opt_in"]);
    const { held, released, outcomes } = await a.is();
    assert.deepEqual({ held, released, outcomes }, { held: 1, released: 0, outcomes: [] });
    await b.yes();
    await b.endsAs("transferred / accepted");
    await a.endsAs("skipped / handled_elsewhere");
    scene.assertOneHandoff({ posts: 1 });
    await a.assertKeptDone();
  });

  more("hidden, alone, and seen again: the same question, and nothing was told", async (scene) => {
    const a = await scene.open({ hurry: "5000" });
    await a.end();
    await a.asks();
    const before = await a.is();
    await a.page.hide();
    // It has given the lead up.
    await a.page.waitFor(async () => (await window.life.leftovers()).locks.length === 0);
    await a.page.show();
    await a.page.waitFor(async () => (await window.life.leftovers()).locks.length === 1);
    assert.deepEqual(await a.is(), before);
    await a.yes();
    await a.endsAs("transferred / accepted");
    scene.assertOneHandoff({ posts: 1 });
  });

  more("hidden while the request is on its way: it stays in charge", async (scene) => {
    scene.room.faults = ["hold"];
    const [a, b] = await pair(scene, { hurry: "5000" });
    await a.yes();
    await scene.posts(1);
    await a.page.hide();
    await a.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 700)));
    assert.equal(scene.room.posts.length, 1);
    assert.equal((await b.is()).phase, "idle");
    scene.room.release();
    await a.endsAs("transferred / accepted");
    await b.endsAs("skipped / handled_elsewhere");
    scene.assertOneHandoff({ posts: 1 });
  });

  it("the first one was hidden, and answers come from the second: its conversation ends the first one's part", async (scene) => {
    scene.room.conversation = true;
    const [a, b] = await pair(scene, { hurry: "5000" });
    await a.page.hide();
    await b.asks();
    await b.yes();
    await b.phase("in_conversation");
    await a.endsAs("skipped / handled_elsewhere");
    assert.equal((await a.is()).released, 0);
    await b.page.evaluate(() => window.life.transfer.conversationEnded("end_user"));
    await b.endsAs("completed / ended_by_end_user");
    await b.assertKeptDone();
  });

  it("a duplicated tab (the opener's storage is copied) waits, and goes on when the first one goes", async (scene) => {
    const a = await scene.open();
    const duplicate = (read) => a.page.waitFor(read);
    await a.end();
    await a.asks();
    await a.page.evaluate(
      (url) => {
        window.copy = window.open(url);
      },
      scene.address({ silent: "" }),
    );
    await duplicate(() => window.copy?.life?.ready && window.copy.life.snapshot().held === 1);
    const copied = await a.page.evaluate(() => window.copy.sessionStorage.getItem("post-session-transfer") !== null);
    assert.equal(copied, true);
    const { phase, seen } = await a.page.evaluate(() => window.copy.life.snapshot());
    assert.deepEqual({ phase, seen }, { phase: "idle", seen: null });
    await a.yes();
    await a.endsAs("transferred / accepted");
    await duplicate(() => window.copy.life.snapshot().outcome === "skipped / handled_elsewhere");
    assert.equal(await a.page.evaluate(() => window.copy.sessionStorage.length), 0);
    scene.assertOneHandoff({ posts: 1 });
    await a.page.evaluate(() => window.copy.close());
  });

  more("a duplicated tab comes to an end when the conversation begins", async (scene) => {
    scene.room.conversation = true;
    const a = await scene.open();
    await a.end();
    await a.asks();
    await a.page.evaluate(
      (url) => {
        window.copy = window.open(url);
      },
      scene.address({ silent: "" }),
    );
    await a.page.waitFor(() => window.copy?.life?.ready && window.copy.life.snapshot().held === 1);
    await a.yes();
    await a.phase("in_conversation");
    try {
      await a.page.waitFor(() => window.copy.life.snapshot().outcome === "skipped / handled_elsewhere");
    } finally {
      await a.page.evaluate(() => window.copy.close());
    }
    scene.assertOneHandoff({ posts: 1 });
  });

  for (const locks of ["1", "0"]) {
    it(`both end the chat at the same instant, five times (${locks === "1" ? "locks" : "lease"})`, async (scene, t) => {
      const firsts = [];
      const base = scene.chat * 100;
      const a = await scene.blank();
      const b = await scene.blank();
      for (let times = 0; times < 5; times += 1) {
        const address = scene.address({ chat: String(base + times), room: String(scene.chat), locks });
        await a.goto(address);
        await b.goto(address);
        const time = Date.now() + 100;
        await Promise.all([a, b].map((tab) => tab.page.evaluate((at) => window.life.endAt(at), time)));
        const first = await Promise.any([a.asks().then(() => a), b.asks().then(() => b)]);
        const second = first === a ? b : a;
        await second.waits();
        firsts.push(first === a ? "a" : "b");
        assert.equal((await second.is()).asked, 0);
        const answer = times % 2 === 0 ? "no" : "yes";
        await first.answer(answer);
        await first.endsAs(answer === "yes" ? "transferred / accepted" : "declined / opt_in_declined");
        await second.endsAs("skipped / handled_elsewhere");
        assert.equal((await second.is()).asked, 0, "it was answered in the other tab");
      }
      assert.equal(scene.room.posts.length, 2);
      t.diagnostic(`first were ${firsts.join(" ")}`);
    });
  }

  more("without locks: Yes in one, and the other is handled elsewhere", async (scene) => {
    const [a, b] = await pair(scene, { locks: "0" });
    await a.yes();
    await a.endsAs("transferred / accepted");
    await b.endsAs("skipped / handled_elsewhere");
    scene.assertOneHandoff({ posts: 1 });
    await a.assertKeptDone();
  });

  it("without locks: the tab in charge is closed while it asks, and while it sends", async (scene) => {
    const [a, b] = await pair(scene, { locks: "0" });
    await a.close();
    await b.asks();
    const c = await scene.open({ locks: "0" });
    await c.end();
    await c.waits();
    scene.room.faults = ["taken-hold"];
    await b.yes();
    await scene.posts(1);
    await b.close();
    await c.endsAs("transferred / accepted");
    assert.equal((await c.is()).asked, 0);
    scene.assertOneHandoff({ posts: 2 });
    await c.assertKeptDone();
  });

  if (engine === "chromium") {
    for (const locks of ["1", "0"]) {
      it(`the tab in charge crashes while it asks, and the next one while it sends (${locks === "1" ? "locks" : "lease"})`, async (scene) => {
        const [a, b] = await pair(scene, { locks });
        // Six seconds until a lease is believed to be left.
        b.page.deadline = 15_000;
        await a.crash();
        await b.asks();
        const c = await scene.open({ locks });
        c.page.deadline = 15_000;
        await c.end();
        await c.waits();
        scene.room.faults = ["taken-hold"];
        await b.yes();
        await scene.posts(1);
        await b.crash();
        await c.endsAs("transferred / accepted");
        assert.equal((await c.is()).asked, 0);
        scene.assertOneHandoff({ posts: 2 });
        await c.assertKeptDone();
      });
    }
  }
});
