/** Storage that is damaged, foreign, old, blocked, full, or unwanted. */
import assert from "node:assert/strict";
import { inEngines } from "./support/life.mjs";

const name = "post-session-transfer";

/** In the page: FNV-1a, as the stored texts are sealed. */
const sealing = `
  const seal = (value) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    let hash = 0x811c9dc5;
    for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    return "1 " + (hash >>> 0).toString(16).padStart(8, "0") + " " + text;
  };
  const open = (text) => JSON.parse(text.split(" ").slice(2).join(" "));
`;

/** What is kept was last changed that many milliseconds earlier. */
const age = (tab, ms) =>
  tab.page.evaluate(`(() => {
    ${sealing}
    const back = (kept) => ({ ...kept, at: kept.at - ${ms}, ...(kept.expires && { expires: kept.expires - ${ms} }) });
    for (const storage of [sessionStorage, localStorage])
      for (const name of Object.keys(storage)) storage.setItem(name, seal(back(open(storage.getItem(name)))));
  })()`);

/** Ways to spoil the text `t`. */
const damage = {
  "its version": (t) => `2${t.slice(1)}`,
  "its checksum": (t) => t.slice(0, 4) + (t[4] === "0" ? "1" : "0") + t.slice(5),
  "a character in the middle": (t) => `${t.slice(0, 60)}~${t.slice(61)}`,
  "the phase": (t) => t.replace("asking", "askinG"),
  "its end": (t) => t.slice(0, -20),
  everything: () => "",
};

/** Texts that are whole, and not ours: sealed as they stand. */
const foreign = {
  "an empty object": {},
  "a list": [],
  "a number": "5",
  "no facts": { state: { phase: "asking", answer: "none" }, at: 1 },
  "facts without an id": { facts: {}, state: null, at: 1 },
  "facts that are none": { facts: 5, state: null, at: 1 },
  "a phase that nobody knows": { facts: { id: 1 }, state: { phase: "dreaming", answer: "none" }, at: 1 },
};

const transferred = async (scene, tab) => {
  await tab.end();
  await tab.asks();
  await tab.yes();
  await tab.endsAs("transferred / accepted");
  assert.equal((await tab.is()).asked, 1);
  scene.assertOneHandoff({ posts: 1 });
};

inEngines(["chromium", "firefox"], ({ engine, it, more }) => {
  for (const [what, spoil] of Object.entries(damage)) {
    if (engine !== "chromium" && what !== "the phase") continue;
    it(`damaged: ${what}`, async (scene) => {
      const tab = await scene.open();
      await tab.end();
      await tab.asks();
      await tab.page.evaluate(`(() => {
        const spoil = ${spoil};
        sessionStorage.setItem("${name}", spoil(sessionStorage.getItem("${name}")));
      })()`);
      await tab.reload();
      await tab.quiet();
      assert.deepEqual((await tab.is()).diagnostics, ["saved_state_discarded"]);
      assert.equal(await tab.page.evaluate(() => sessionStorage.length), 0);
      // The chat's end is told once more: the question is still open.
      await tab.goto(scene.address({ silent: "", after: "again" }));
      await tab.asks();
      const { asked, diagnostics } = await tab.is();
      assert.deepEqual({ asked, diagnostics }, { asked: 1, diagnostics: [] });
      await tab.yes();
      await tab.endsAs("transferred / accepted");
      scene.assertOneHandoff({ posts: 1 });
    });
  }

  for (const [what, value] of Object.entries(foreign)) {
    if (engine !== "chromium" && what !== "facts without an id") continue;
    it(`foreign, and whole: ${what}`, async (scene) => {
      const tab = await scene.blank();
      await tab.leave();
      await tab.page.evaluate(`(() => {
        ${sealing}
        sessionStorage.setItem("${name}", seal(${JSON.stringify(value)}));
      })()`);
      await tab.goto(scene.address({ silent: "" }));
      await tab.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 600)));
      const { asked, seen, diagnostics } = await tab.is();
      assert.deepEqual({ asked, seen }, { asked: 0, seen: null });
      assert.deepEqual(tab.page.errors, []);
      const there = await tab.page.evaluate((key) => sessionStorage.getItem(key), name);
      assert.deepEqual({ there, diagnostics }, { there: null, diagnostics: ["saved_state_discarded"] });
    });
  }

  it("asking, more than half an hour ago: no answer, told once", async (scene) => {
    const tab = await scene.open();
    await tab.end();
    await tab.asks();
    await age(tab, 31 * 60_000);
    await tab.reload();
    await tab.endsAs("no_answer / saved_expired");
    const { asked, seen } = await tab.is();
    assert.deepEqual({ asked, seen }, { asked: 0, seen: null });
    assert.equal((await tab.kept()).own, null);
    await tab.reload();
    await tab.quiet();
    scene.assertNothingSent();
  });

  more("asking, less than half an hour ago: asked", async (scene) => {
    const tab = await scene.open();
    await tab.end();
    await tab.asks();
    await age(tab, 29 * 60_000);
    await tab.reload();
    await tab.asks();
  });

  it("on its way, more than half an hour ago: cancelled, told once, nothing is sent", async (scene) => {
    scene.room.faults = ["hang"];
    const tab = await scene.open();
    await tab.end();
    await tab.asks();
    await tab.yes();
    await scene.posts(1);
    await tab.leave();
    await age(tab, 31 * 60_000);
    await tab.goto(scene.address({ silent: "" }));
    await tab.endsAs("cancelled / saved_expired");
    assert.equal((await tab.is()).asked, 0);
    assert.equal((await tab.kept()).own, null);
    await tab.reload();
    await tab.quiet();
    assert.equal(scene.room.posts.length, 1);
  });

  for (const fault of ["blocked", "local-blocked", "session-blocked", "broken", "full"]) {
    for (const locks of ["1", "0"]) {
      if (engine !== "chromium" && (locks === "0" || fault === "session-blocked")) continue;
      it(`${fault}: works, and is told once${locks === "0" ? " (without locks)" : ""}`, async (scene) => {
        const tab = await scene.open({ storage: fault, locks });
        await transferred(scene, tab);
        assert.deepEqual((await tab.is()).diagnostics, ["storage_unavailable"]);
      });
    }
  }

  more("really full: works, is told once, and a reload forgets the session", async (scene) => {
    const tab = await scene.open();
    await tab.page.evaluate(() => {
      for (const storage of [sessionStorage, localStorage])
        for (let size = 1 << 22; size > 0; size >>= 1)
          for (let more = true; more; ) {
            try {
              storage.setItem("full", (storage.getItem("full") ?? "") + "x".repeat(size));
            } catch {
              more = false;
            }
          }
    });
    await tab.end();
    await tab.asks();
    assert.deepEqual((await tab.is()).diagnostics, ["storage_unavailable"]);
    await tab.reload();
    await tab.quiet();
    await tab.page.evaluate(() => [sessionStorage, localStorage].forEach((storage) => void storage.clear()));
  });

  it("null: nothing is kept, nothing is said, and a reload forgets the session", async (scene) => {
    const tab = await scene.open({ storage: "null" });
    await tab.end();
    await tab.asks();
    assert.deepEqual(await tab.page.evaluate(() => [sessionStorage.length, localStorage.length]), [0, 0]);
    const { diagnostics } = await tab.is();
    assert.deepEqual(diagnostics, []);
    await tab.reload();
    await tab.quiet();
    await tab.goto(scene.address({ storage: "null" }));
    await transferred(scene, tab);
    assert.deepEqual(await tab.page.evaluate(() => [sessionStorage.length, localStorage.length]), [0, 0]);
  });

  it("what is long over is swept away, and nothing else", async (scene) => {
    const tab = await scene.open();
    await tab.page.evaluate(`(() => {
      ${sealing}
      const entry = { phase: "done", owner: "", lease: 0, connected: true, state: null, at: 1 };
      localStorage.setItem("${name}:old", seal({ ...entry, expires: Date.now() - 1 }));
      localStorage.setItem("${name}:damaged", "1 00000000 {}");
      localStorage.setItem("${name}:young", seal({ ...entry, expires: Date.now() + 60_000 }));
      localStorage.setItem("somebody else's", "stays");
    })()`);
    await tab.end();
    await tab.asks();
    const names = await tab.page.evaluate(() => Object.keys(localStorage).sort());
    assert.equal(names.length, 3);
    assert.deepEqual([names[1], names[2]], [`${name}:young`, "somebody else's"]);
    await tab.page.evaluate(() => localStorage.clear());
  });

  it("the shared entry is damaged while another tab waits: told once, one question", async (scene) => {
    const a = await scene.open();
    const b = await scene.open();
    await a.end();
    await a.asks();
    await b.end();
    await b.waits();
    await a.page.evaluate(() => {
      for (const key of Object.keys(localStorage)) localStorage.setItem(key, "damaged");
    });
    await b.page.waitFor(() => window.life.snapshot().diagnostics.length > 0);
    assert.equal((await b.is()).asked, 0);
    await a.yes();
    await a.endsAs("transferred / accepted");
    await b.endsAs("skipped / handled_elsewhere");
    scene.assertOneHandoff({ posts: 1 });
    const told = [...(await a.is()).diagnostics, ...(await b.is()).diagnostics];
    assert.deepEqual(told, ["saved_state_discarded"]);
  });
});
