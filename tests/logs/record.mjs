/**
 * Usage: node tests/logs/record.mjs: records every log in this folder anew, from the built package: those of scenarios.mjs in Node, and one from the
 * demo page in Chromium. To be run when the core's states, hashes or effects have changed; the changes to the files show which.
 */
import { readdirSync, rmSync, writeFileSync } from "node:fs";

// The same on every machine, and every time.
process.env.TZ = "UTC";
let now = Date.UTC(2026, 0, 1, 10);
Date.now = () => now++;

const here = new URL("./", import.meta.url);
const { scenarios } = await import("./scenarios.mjs");

const write = (name, log) => {
  writeFileSync(new URL(`${name}.json`, here), `[\n${log.map((entry) => JSON.stringify(entry)).join(",\n")}\n]\n`);
  console.log(`${name}.json: ${log.length} entries`);
};

for (const file of readdirSync(here)) if (file.endsWith(".json")) rmSync(new URL(file, here));
for (const [name, play] of Object.entries(scenarios)) write(name, await play());

const { recordDemo } = await import("./record-demo.mjs");
write("demo-in-chromium", await recordDemo());
process.exit(0);
