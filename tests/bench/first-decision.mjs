// One fresh process: import, load the settings, decide once, say how long each took. Started by cold-start.mjs with the entry's address.

import { sessions, settings } from "./inputs.mjs";

const started = performance.now();
const { loadPolicy } = await import(process.argv[2]);
const imported = performance.now();
const policy = await loadPolicy(settings);
const loaded = performance.now();
const { outcome } = policy.evaluate(sessions[0]);
const decided = performance.now();

if (outcome !== "ask") throw new Error(`The first decision is "${outcome}".`);
console.log(
  JSON.stringify({
    total: decided - started,
    import: imported - started,
    load: loaded - imported,
    decide: decided - loaded,
  }),
);
