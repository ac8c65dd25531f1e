/** Pages that go into the back/forward cache, and come back from it. */
import assert from "node:assert/strict";
import { inEngines } from "./support/life.mjs";

const restored = (tab) => tab.page.evaluate(() => window.life.restored);

inEngines(["chromium", "firefox"], ({ engine, it, more }) => {
  // Firefox caches no page that holds a lock; without locks it does.
  const cached = engine === "firefox" ? { locks: "0" } : {};

  it("asking: the same question is there again", async (scene) => {
    const tab = await scene.open(cached);
    await tab.end();
    await tab.asks();
    await tab.leave();
    await tab.kept();
    await tab.back();
    assert.equal(await restored(tab), 1, "it was in the cache");
    await tab.asks();
    const { held, released, outcomes } = await tab.is();
    assert.deepEqual({ held, released, outcomes }, { held: 1, released: 0, outcomes: [] });
    await tab.yes();
    await tab.endsAs("transferred / accepted");
    scene.assertOneHandoff({ posts: 1 });
    await tab.assertKeptDone();
  });

  it("asking, and back an hour later: no answer", async (scene) => {
    const tab = await scene.open({ ...cached, away: String(3_600_000) });
    await tab.end();
    await tab.asks();
    await tab.leave();
    await tab.back();
    assert.equal(await restored(tab), 1, "it was in the cache");
    await tab.endsAs("no_answer / saved_expired");
    const { seen, released } = await tab.is();
    assert.deepEqual({ seen, released }, { seen: null, released: 1 });
    scene.assertNothingSent();
    await tab.reload();
    await tab.quiet();
  });

  it("asking in one, while the other one waits: the other goes on, and the first one comes back to nothing", async (scene) => {
    const a = await scene.open(cached);
    const b = await scene.open(cached);
    await a.end();
    await a.asks();
    await b.end();
    await b.waits();
    await a.leave();
    await b.asks();
    await a.back();
    assert.equal(await restored(a), 1, "it was in the cache");
    await a.page.waitFor(() => window.life.seen() === null);
    assert.equal((await b.is()).seen, "opt_in");
    await b.yes();
    await b.endsAs("transferred / accepted");
    await a.endsAs("skipped / handled_elsewhere");
    assert.equal((await a.is()).asked, 1);
    scene.assertOneHandoff({ posts: 1 });
    await a.assertKeptDone();
  });

  it("asking in one, answered in the other while the first one is in the cache", async (scene) => {
    const a = await scene.open(cached);
    const b = await scene.open(cached);
    await a.end();
    await a.asks();
    await b.end();
    await b.waits();
    await a.leave();
    await b.asks();
    await b.answer("no");
    await b.endsAs("declined / opt_in_declined");
    await a.back();
    assert.equal(await restored(a), 1, "it was in the cache");
    await a.endsAs("skipped / handled_elsewhere");
    const { asked, seen, released } = await a.is();
    assert.deepEqual({ asked, seen, released }, { asked: 1, seen: null, released: 1 });
    scene.assertNothingSent();
  });

  it("on its way: accepted once, whether the page is kept or not", async (scene) => {
    scene.room.faults = ["taken-hold"];
    const tab = await scene.open();
    await tab.end();
    await tab.asks();
    await tab.yes();
    await scene.posts(1);
    await tab.leave();
    await tab.kept();
    await tab.back();
    scene.room.release();
    await tab.endsAs("transferred / accepted");
    scene.assertOneHandoff();
    await tab.assertKeptDone();
  });

  more("backing off in one, sent by the other while the first one is in the cache", async (scene) => {
    scene.room.faults = ["500"];
    const a = await scene.open({ speed: "0.05" });
    const b = await scene.open();
    await a.end();
    await a.asks();
    await b.end();
    await b.waits();
    await a.yes();
    await a.page.waitFor(() => window.life.snapshot().handoffs.at(-1)?.startsWith("backing_off"));
    await a.leave();
    await b.endsAs("transferred / accepted");
    await a.back();
    assert.match(await a.outcome(), /^(transferred \/ accepted|skipped \/ handled_elsewhere)$/);
    assert.deepEqual([(await b.is()).asked], [0]);
    scene.assertOneHandoff();
    await a.assertKeptDone();
  });

  more("stalled: stalled", async (scene) => {
    scene.room.always = "500";
    const tab = await scene.open({ hurry: "30000" });
    await tab.end();
    await tab.asks();
    await tab.yes();
    await tab.sees("stalled");
    const sent = scene.room.posts.length;
    await tab.leave();
    await tab.back();
    await tab.sees("stalled");
    assert.equal(scene.room.posts.length, sent);
    scene.room.always = "none";
    await tab.answer("try_again");
    await tab.endsAs("transferred / accepted");
    scene.assertOneHandoff({ posts: sent + 1 });
  });

  more("in a conversation: it goes on", async (scene) => {
    scene.room.conversation = true;
    const tab = await scene.open();
    await tab.end();
    await tab.asks();
    await tab.yes();
    await tab.phase("in_conversation");
    await tab.leave();
    await tab.back();
    await tab.phase("in_conversation");
    await tab.page.evaluate(() => window.life.transfer.conversationEnded("end_user"));
    await tab.endsAs("completed / ended_by_end_user");
    scene.assertOneHandoff({ posts: 1 });
    await tab.assertKeptDone();
  });

  it("done: done", async (scene) => {
    const tab = await scene.open();
    await tab.end();
    await tab.asks();
    await tab.yes();
    await tab.endsAs("transferred / accepted");
    const before = await tab.is();
    await tab.leave();
    await tab.back();
    assert.equal(await restored(tab), 1, "it was in the cache");
    assert.deepEqual(await tab.is(), before);
    scene.assertOneHandoff({ posts: 1 });
    await tab.assertKeptDone();
  });

  it("five navigations in the middle of one hand-off", async (scene) => {
    scene.room.always = "taken-hold";
    const tab = await scene.open();
    await tab.end();
    await tab.asks();
    await tab.yes();
    for (let times = 1; times <= 5; times += 1) {
      await scene.posts(1);
      await tab.leave();
      await tab.back();
      await tab.phase("handing_off");
    }
    scene.room.release();
    await tab.endsAs("transferred / accepted");
    scene.assertOneHandoff();
    await tab.assertKeptDone();
  });
});
