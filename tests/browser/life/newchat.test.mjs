/** What else can happen in the middle: another chat, the same one again, the SDK's end, no network. */
import assert from "node:assert/strict";
import { inEngines } from "./support/life.mjs";

/** On its way, and never answered. */
async function handingOff(scene, options = {}) {
  scene.room.faults = ["hang"];
  const tab = await scene.open(options);
  await tab.end();
  await tab.asks();
  await tab.yes();
  await scene.posts(1);
  return tab;
}

/** The network of a page goes and comes: really where that is possible, and otherwise as the page is told of it. */
async function network(engine, tab, online) {
  if (engine === "chromium") {
    // Of this page alone: its neighbours are other tests.
    tab.network ??= await tab.page.driver.context().newCDPSession(tab.page.driver);
    const conditions = { offline: !online, latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
    await tab.network.send("Network.enable");
    await tab.network.send("Network.emulateNetworkConditions", conditions);
    await tab.page.waitFor((there) => navigator.onLine === there, online);
    return;
  }
  await tab.page.evaluate((there) => {
    Object.defineProperty(navigator, "onLine", { configurable: true, value: there });
    dispatchEvent(new Event(there ? "online" : "offline"));
  }, online);
}

inEngines(["chromium", "firefox"], ({ engine, it, more }) => {
  it("reloaded into another chat: it never sees the old question", async (scene) => {
    const tab = await scene.open({ after: "new" });
    await tab.end();
    await tab.asks();
    await tab.reload();
    await tab.endsAs("cancelled / new_conversation");
    const { prompts, seen } = await tab.is();
    assert.deepEqual({ prompts: prompts.filter((kind) => kind !== null), seen }, { prompts: [], seen: null });
    const { own } = await tab.kept();
    assert.equal(own, null);
    await tab.end();
    await tab.asks();
    assert.equal((await tab.is()).asked, 1);
    await tab.yes();
    await tab.endsAs("transferred / accepted");
    scene.assertOneHandoff({ posts: 1 });
  });

  it("reloaded into another chat while the request was on its way: nothing more is sent", async (scene) => {
    const tab = await handingOff(scene, { after: "new" });
    await tab.reload();
    await tab.endsAs("cancelled / new_conversation");
    await tab.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
    const { prompts, handoffs } = await tab.is();
    const sent = scene.room.posts.length;
    assert.deepEqual(
      { sent, prompts: prompts.filter((kind) => kind !== null), handoffs },
      { sent: 1, prompts: [], handoffs: [] },
    );
    assert.equal((await tab.kept()).own, null);
  });

  more("reloaded into another chat, and once more: what was cancelled stays so", async (scene) => {
    const tab = await handingOff(scene, { after: "new" });
    await tab.reload();
    await tab.endsAs("cancelled / new_conversation");
    await tab.goto(scene.address({ silent: "" }));
    await tab.quiet();
  });

  it("reloaded into another chat, while another tab is in charge of the old one: cancelled at once", async (scene) => {
    const options = { after: "new", hurry: "5000" };
    const a = await scene.open(options);
    const b = await scene.open(options);
    await a.end();
    await a.asks();
    await b.end();
    await b.waits();
    await a.page.hide();
    await b.asks();
    await a.page.waitFor(() => window.life.seen() === null);
    // It has its own state, and not the lead.
    await a.page.show();
    await a.reload();
    await a.endsAs("cancelled / new_conversation");
    assert.equal((await a.is()).asked, 0);
    // The other one knows nothing of another chat, and goes on.
    assert.equal((await b.is()).seen, "opt_in");
    await b.yes();
    await b.endsAs("transferred / accepted");
    scene.assertOneHandoff({ posts: 1 });
  });

  it("reloaded, and the same chat goes on with a human agent: cancelled, unseen", async (scene) => {
    const tab = await scene.open({ after: "resumed" });
    await tab.end();
    await tab.asks();
    await tab.reload();
    await tab.endsAs("cancelled / chat_resumed");
    const { prompts, seen } = await tab.is();
    assert.deepEqual({ prompts: prompts.filter((kind) => kind !== null), seen }, { prompts: [], seen: null });
    assert.equal((await tab.kept()).own, null);
    scene.assertNothingSent();
  });

  more("reloaded while the request was on its way, and the same chat goes on with a human agent", async (scene) => {
    const tab = await handingOff(scene, { after: "resumed" });
    await tab.reload();
    await tab.endsAs("cancelled / chat_resumed");
    await tab.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
    assert.equal(scene.room.posts.length, 1);
    assert.equal((await tab.kept()).own, null);
  });

  it("another chat in the same page while it asks", async (scene) => {
    const tab = await scene.open();
    await tab.end();
    await tab.asks();
    await tab.page.click("#new");
    await tab.endsAs("cancelled / new_conversation");
    assert.equal((await tab.is()).seen, null);
    assert.equal((await tab.kept()).own, null);
    await tab.reload();
    await tab.quiet();
    scene.assertNothingSent();
  });

  more("another chat in the same page while the request is on its way", async (scene) => {
    const tab = await handingOff(scene);
    await tab.page.click("#new");
    await tab.endsAs("cancelled / new_conversation");
    await tab.reload();
    await tab.quiet();
    assert.equal(scene.room.posts.length, 1);
  });

  more("the client is destroyed while it asks: the answer counts all the same", async (scene) => {
    const tab = await scene.open();
    await tab.end();
    await tab.asks();
    await tab.page.evaluate(() => window.life.client.destroy());
    assert.equal((await tab.is()).seen, "opt_in");
    await tab.yes();
    await tab.endsAs("transferred / accepted");
    scene.assertOneHandoff({ posts: 1 });
    await tab.assertKeptDone();
  });

  it("the client is destroyed in the conversation through it: over, and over after a reload", async (scene) => {
    const tab = await scene.open({ kind: "ccaip" });
    await tab.end();
    await tab.asks();
    await tab.yes();
    await tab.phase("in_conversation");
    await tab.page.evaluate(() => window.life.client.destroy());
    await tab.endsAs("completed / ended_by_unknown");
    await tab.assertKeptDone();
    await tab.reload();
    await tab.quiet();
  });

  it("no network before the answer: nothing is sent until it is back", async (scene) => {
    const tab = await scene.open();
    await tab.end();
    await tab.asks();
    await network(engine, tab, false);
    await tab.yes();
    await tab.sees("waiting_online");
    assert.equal((await tab.kept()).own.state.phase, "handing_off");
    scene.assertNothingSent();
    await network(engine, tab, true);
    await tab.endsAs("transferred / accepted");
    assert.deepEqual((await tab.is()).prompts, ["opt_in", "waiting_online", "connecting", "connected"]);
    scene.assertOneHandoff({ posts: 1 });
    await tab.assertKeptDone();
  });

  more("no network for half an hour after the answer: whether to go on", async (scene) => {
    const tab = await scene.open({ hurry: "1800000" });
    await tab.end();
    await tab.asks();
    await network(engine, tab, false);
    await tab.yes();
    await tab.sees("stalled");
    scene.assertNothingSent();
    await network(engine, tab, true);
    await tab.answer("try_again");
    await tab.endsAs("transferred / accepted");
    scene.assertOneHandoff({ posts: 1 });
  });

  it("the network goes while the request is on its way, and comes back", async (scene) => {
    scene.room.faults = ["drop", "drop"];
    const tab = await scene.open();
    await tab.end();
    await tab.asks();
    await tab.yes();
    await scene.posts(1);
    await network(engine, tab, false);
    await network(engine, tab, true);
    await tab.endsAs("transferred / accepted");
    scene.assertOneHandoff();
  });
});
