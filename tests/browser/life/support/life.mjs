import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { launch } from "../../support/engines.mjs";
import { startServers } from "./servers.mjs";

const card = "[data-post-session-transfer]";
const deadline = 8000;
const own = "post-session-transfer";
let chats = 1000;

/** Waits for a condition outside the page. */
export async function until(ask, what) {
  const end = performance.now() + deadline;
  for (;;) {
    const value = await ask();
    if (value) return value;
    if (performance.now() > end) assert.fail(`Waited ${deadline} ms for ${what}`);
    await pause(10);
  }
}

/**
 * The same tests in several engines, in one browser each, and each test on a site of its own.
 *
 * @param {string[]} engines
 * @param {(the: { engine: string, it: (name: string, run: (scene: Scene, t: import("node:test").TestContext) => Promise<void>) => void, more: (name: string, run: (scene: Scene) => Promise<void>) => void }) => void} define
 * @param {{ together?: number }} [options] How many tests of one browser run at the same time: they mostly wait.
 */
export function inEngines(engines, define, { together = 4 } = {}) {
  for (const engine of engines) {
    describe(engine, { concurrency: together }, () => {
      let browser;
      before(async () => {
        browser = await launch(engine);
      });
      after(() => browser?.close());
      const it = (name, run) =>
        test(name, async (t) => {
          // A site of its own: its storage, locks and channels are nobody else's.
          const scene = new Scene(browser, await startServers());
          try {
            await run(scene, t);
            await scene.assertClean();
          } finally {
            await scene.close();
          }
        });
      // What one engine is enough for.
      const more = engine === engines[0] ? it : () => {};
      define({ engine, it, more });
    });
  }
}

/** One chat, and the tabs that know it. */
export class Scene {
  #browser;
  #servers;
  /** @type {Tab[]} */
  #tabs = [];

  constructor(browser, servers) {
    this.#browser = browser;
    this.#servers = servers;
    chats += 1;
    this.chat = chats;
    this.room = servers.endpoint.room(this.chat);
  }

  address(options = {}) {
    return `${this.#servers.pageUrl}/?${new URLSearchParams({ chat: String(this.chat), ...options })}`;
  }

  get elsewhere() {
    return `${this.#servers.pageUrl}/elsewhere.html`;
  }

  /** A tab with the chat, or with what `options` say; see page.js. */
  async open(options = {}) {
    const tab = await this.blank();
    await tab.goto(this.address(options));
    return tab;
  }

  /** A tab with nothing in it. */
  async blank() {
    const tab = new Tab(await this.#browser.newPage({ viewport: { width: 900, height: 700 } }), this);
    this.#tabs.push(tab);
    return tab;
  }

  /** What arrived was one hand-off: one key, one body, taken once. */
  /** `conflicts`: how often the endpoint found another body under the key of one that it had accepted. */
  assertOneHandoff({ posts, conflicts = 0 } = {}) {
    const { posts: all, accepted } = this.room;
    assert.equal(accepted.size, 1, "hand-offs that were accepted");
    assert.equal(all.filter(({ took }) => took).length, 1);
    assert.equal(new Set(all.map(({ key }) => key)).size, 1, "keys");
    if (conflicts === 0) assert.deepEqual([...new Set(all.map(({ body }) => body))], [all[0].body], "bodies");
    assert.equal(this.room.conflicts, conflicts);
    if (posts !== undefined) assert.equal(all.length, posts, "posts");
  }

  assertNothingSent() {
    assert.deepEqual(this.room.posts, []);
  }

  posts(count) {
    return until(() => this.room.posts.length >= count, `${count} posts`);
  }

  async assertClean() {
    for (const tab of this.#tabs) if (tab.open) assert.deepEqual(await tab.page.violations(), []);
    assert.deepEqual(this.#servers.violations, [], "violations of the policy");
  }

  async close() {
    this.room.release();
    for (const tab of this.#tabs) {
      if (tab.crashed) await Promise.race([tab.page.close(), pause(1000)]).catch(() => {});
      else await tab.close().catch(() => {});
    }
    await this.#servers.close();
  }
}

/** What a person does in one tab, and sees there. */
export class Tab {
  open = true;

  /** @param {import("../../support/engine-page.mjs").EnginePage} page @param {Scene} scene */
  constructor(page, scene) {
    this.page = page;
    this.scene = scene;
  }

  async goto(url) {
    await this.page.goto(url);
    if (url.includes("chat=")) await this.ready();
  }

  ready() {
    return this.page.waitFor(() => window.life?.ready);
  }

  async reload() {
    await this.page.reload();
    await this.ready();
  }

  /** To another page of the site, by an address. */
  leave() {
    return this.page.goto(this.scene.elsewhere);
  }

  async back() {
    await this.page.back();
    await this.ready();
  }

  async close() {
    if (!this.open) return;
    this.open = false;
    await this.page.close();
  }

  /** Chromium: its process is no more. */
  async crash() {
    const answers = (patience) =>
      Promise.race([this.page.evaluateText("1", patience), pause(patience, "no", { ref: false })]);
    await Promise.race([this.page.goto("chrome://crash").catch(() => {}), pause(1000)]);
    assert.equal(await answers(300).catch(() => "no"), "no", "it has crashed");
    this.open = false;
    this.crashed = true;
  }

  /** @param {"agent" | "here" | "elsewhere"} [how] */
  end(how = "agent") {
    return this.page.evaluate((by) => window.life.end(by), how);
  }

  yes() {
    return this.answer("yes");
  }

  answer(action) {
    return this.page.click(`${card} >>> [data-action=${action}]`);
  }

  is() {
    return this.page.evaluate(() => window.life.snapshot());
  }

  phase(phase) {
    return this.page.waitFor((wanted) => window.life.transfer?.state === wanted, phase);
  }

  /** The question, on the screen. */
  async asks() {
    await this.sees("opt_in");
    await this.phase("asking");
  }

  sees(kind) {
    return this.page.waitFor((wanted) => window.life.seen() === wanted, kind);
  }

  /** Waits for the end, and returns it as `outcome / reason`. */
  outcome() {
    return this.page.waitFor(() => window.life.snapshot().outcome);
  }

  async endsAs(outcome) {
    assert.equal(await this.outcome(), outcome);
  }

  /** It waits for another tab: it has told `hold`, and shows nothing. */
  async waits() {
    await this.page.waitFor(() => window.life.snapshot().held === 1 && window.life.transfer.state === "idle");
    assert.equal((await this.is()).seen, null);
  }

  /** Nothing comes of it, for longer than it takes a kept session to be gone on with. */
  async quiet() {
    await this.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 600)));
    const { phase, asked, seen, outcome } = await this.is();
    assert.deepEqual({ phase, asked, seen, outcome }, { phase: "idle", asked: 0, seen: null, outcome: null });
  }

  /** Everything that is kept for this site, in every place there is. */
  async kept() {
    const text = await this.page.evaluate(async () => {
      const all = (storage) => Object.fromEntries(Object.keys(storage).map((name) => [name, storage.getItem(name)]));
      return JSON.stringify({
        session: all(sessionStorage),
        local: all(localStorage),
        cookie: document.cookie,
        name: window.name,
        databases: (await indexedDB.databases?.()) ?? [],
        caches: (await window.caches?.keys()) ?? [],
      });
    });
    assert.doesNotMatch(text, /MARK/, "somebody's data is kept");
    const kept = JSON.parse(text);
    assert.deepEqual([kept.cookie, kept.databases, kept.caches], ["", [], []]);
    for (const name of Object.keys(kept.session)) assert.equal(name, own);
    for (const name of Object.keys(kept.local)) assert.match(name, /^post-session-transfer:[0-9a-f]{32}$/);
    const value = (sealed) => (sealed === undefined ? null : JSON.parse(sealed.split(" ").slice(2).join(" ")));
    return {
      own: value(kept.session[own]),
      shared: Object.values(kept.local).map(value),
      texts: kept,
    };
  }

  /** The tab's own state has gone, and the shared entry says that it is done. */
  async assertKeptDone({ connected = true } = {}) {
    const { own: mine, shared } = await this.kept();
    assert.equal(mine, null);
    assert.equal(shared.length, 1);
    const { phase, owner, connected: was, state, lease } = shared[0];
    assert.deepEqual(
      { phase, owner, was, state, lease },
      { phase: "done", owner: "", was: connected, state: null, lease: 0 },
    );
  }
}
