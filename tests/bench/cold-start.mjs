// From a fresh Node process to the first decision.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const child = fileURLToPath(new URL("./first-decision.mjs", import.meta.url));

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

function spawn(...args) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  const wall = performance.now() - started;
  if (status !== 0) throw new Error(`The first decision failed in a fresh process:\n${stderr}`);
  return { wall, inside: stdout === "" ? {} : JSON.parse(stdout) };
}

/**
 * Milliseconds, medians: `process` = from spawn to exit, `bare_process` = the same of a Node that does nothing, `first_decision` = import, load
 * the settings, decide, as the process itself sees it; `import`, `load`, `decide` are its parts.
 */
export function measureColdStart(entry, spawns) {
  const runs = [];
  const bare = [];
  spawn(child, entry); // Once before, so that no run pays for reading the files from disk.
  for (let n = 0; n < spawns; n += 1) {
    runs.push(spawn(child, entry));
    bare.push(spawn("--eval", "").wall);
  }
  const of = (part) => median(runs.map(({ inside }) => inside[part]));
  return {
    spawns,
    first_decision: of("total"),
    import: of("import"),
    load: of("load"),
    decide: of("decide"),
    process: median(runs.map(({ wall }) => wall)),
    bare_process: median(bare),
  };
}
