/**
 * Usage: node tests/browser/life/soak.mjs [rounds] [engine …] [--kind closes|leaves|reloads]: closes tabs, and leaves and reloads pages, at random
 * moments in the middle of hand-offs; 100 rounds of each in Chromium and Firefox if nothing is said. Says at once what went wrong, then prints a table;
 * fails if one round went wrong.
 */
import { parseArgs } from "node:util";
import { launch } from "../support/engines.mjs";
import { Scene } from "./support/life.mjs";
import { startServers } from "./support/servers.mjs";

const { positionals, values: options } = parseArgs({
  allowPositionals: true,
  options: { kind: { type: "string", multiple: true } },
});
const rounds = Number(positionals[0] ?? 100);
const engines = positionals.length > 1 ? positionals.slice(1) : ["chromium", "firefox"];
const together = 3;
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

/** mulberry32: the same rounds for the same seed. */
function randomFrom(start) {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What the endpoint does with the first request. */
const firsts = ["none", "taken-hold", "hold", "hang", "500", "lost", "drop", { slow: 40 }, { slow: 200 }, { cut: 5 }];

/** Presses Yes, and does something else a moment later, in the page's own time. */
async function yesAndThen(tab, ms, code) {
  await tab.page.evaluate(`(() => {
    const host = document.querySelector("[data-post-session-transfer]");
    host.shadowRoot.querySelector("[data-action=yes]").click();
    setTimeout(() => { ${code} }, ${ms});
  })()`);
}

async function asked(scene) {
  const tab = await scene.open();
  await tab.end();
  await tab.asks();
  return tab;
}

const kinds = {
  /** A tab is closed; the one that waits goes on. */
  async closes(scene, ms) {
    const a = await asked(scene);
    const b = await scene.open();
    await b.end();
    await b.waits();
    await yesAndThen(a, ms, "window.left = true");
    await a.page.waitFor(() => window.left);
    await a.close();
    return b;
  },
  /** To another page and back. */
  async leaves(scene, ms) {
    const tab = await asked(scene);
    await tab.page.leaveBy(() => yesAndThen(tab, ms, `location.href = "${scene.elsewhere}"`));
    await tab.back();
    return tab;
  },
  async reloads(scene, ms) {
    const tab = await asked(scene);
    await tab.page.leaveBy(() => yesAndThen(tab, ms, "location.reload()"));
    await tab.ready();
    return tab;
  },
};

async function round(browser, kind, random) {
  const scene = new Scene(browser, await startServers());
  const fault = firsts[Math.floor(random() * firsts.length)];
  const ms = Math.floor(random() * random() * 120);
  scene.room.faults = [fault];
  const how = `(endpoint: ${JSON.stringify(fault)}, ${ms} ms after Yes)`;
  try {
    const last = await kinds[kind](scene, ms);
    setTimeout(() => scene.room.release(), 300);
    last.page.deadline = 20_000;
    // The page before may have come to its end while it was being left. What it told the two storages arrives separately; the page after it
    // puts the rest away.
    await last.page.waitFor(
      () =>
        Object.values(localStorage).some((text) => text.includes('"phase":"done"')) &&
        sessionStorage.getItem("post-session-transfer") === null,
    );
    await last.page.waitFor(() => ["idle", "done"].includes(window.life.transfer.state));
    const { outcome, asked: questions } = await last.is();
    // What was done before it was left has left nothing to do.
    const fine = [null, "transferred / accepted", "skipped / handled_elsewhere"];
    if (!fine.includes(outcome)) return `ended as ${outcome} ${how}`;
    scene.assertOneHandoff();
    await last.assertKeptDone();
    const restored = await last.page.evaluate(() => window.life.restored > 0);
    if (questions > (restored ? 1 : 0)) return `asked again ${how}`;
    return null;
  } catch (error) {
    return `${String(error.message).split("\n").slice(0, 3).join(", ")} ${how}`;
  } finally {
    await scene.close();
  }
}

const table = [];
let wrong = 0;
for (const engine of engines) {
  const browser = await launch(engine);
  try {
    for (const kind of options.kind ?? Object.keys(kinds)) {
      const random = randomFrom(seed);
      const start = performance.now();
      let begun = 0;
      let bad = 0;
      const worker = async () => {
        while (begun < rounds) {
          begun += 1;
          const number = begun;
          const problem = await round(browser, kind, random);
          if (problem === null) continue;
          bad += 1;
          console.log(`${engine}, ${kind}, round ${number}: ${problem}`);
        }
      };
      await Promise.all(Array.from({ length: together }, worker));
      const seconds = Math.round((performance.now() - start) / 1000);
      wrong += bad;
      table.push({ engine, kind, rounds, "accepted once": rounds - bad, wrong: bad, seconds });
      console.log(`${engine}, ${kind}: ${rounds - bad} of ${rounds} in ${seconds} s`);
    }
  } finally {
    await browser.close();
  }
}
console.table(table);
console.log(`Seed ${seed}`);
process.exit(wrong > 0 ? 1 : 0);
