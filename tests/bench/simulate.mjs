// Usage: node tests/bench/simulate.mjs [--sessions N] [--rounds N] [--format text|json] [--dist DIR]
//
// `pst simulate --format json` over generated sessions, next to Node scripts with hand-written JavaScript and with json-logic-engine
// (simulate-js.mjs) over the same file: in the same run, in turns, one thread each, whole processes from start to end, and the same bytes out.
// Times are reported, never judged.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { settings, writeSessions } from "./simulate-input.mjs";

const DIST = fileURLToPath(new URL("../../dist/", import.meta.url));
const SCRIPT = fileURLToPath(new URL("./simulate-js.mjs", import.meta.url));
const BASE = "handwritten";

function commands(dist, settingsFile, sessionsFile) {
  return {
    "pst simulate": [join(dist, "pst.js"), "simulate", settingsFile, sessionsFile, "--format", "json"],
    handwritten: [SCRIPT, "handwritten", sessionsFile],
    "json-logic": [SCRIPT, "json-logic", sessionsFile],
  };
}

/** Runs one to its end; its output goes through a pipe, as it would to the next program. */
async function runOnce(args, useOutput) {
  const started = performance.now();
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  child.stdout.on("data", useOutput);
  const code = await new Promise((done) => child.once("close", done));
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}.`);
  return (performance.now() - started) / 1000;
}

/** Throws unless all write the same bytes: otherwise they do not do the same. */
async function assertSameOutput(all) {
  const digests = {};
  for (const [name, args] of Object.entries(all)) {
    const hash = createHash("sha256");
    await runOnce(args, (chunk) => hash.update(chunk));
    digests[name] = hash.digest("hex");
  }
  if (new Set(Object.values(digests)).size > 1)
    throw new Error(`The contestants answer differently: ${JSON.stringify(digests)}`);
}

/** `{sessions, bytes, seconds: {name: best}, sessions_per_second: {name}, ratios: {name}}` */
export async function measureSimulate({ dist = DIST, sessions = 1_000_000, rounds = 3 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "pst-bench-"));
  try {
    const settingsFile = join(folder, "settings.json");
    const sessionsFile = join(folder, "sessions.ndjson");
    writeFileSync(settingsFile, JSON.stringify(settings));
    writeSessions(sessionsFile, Math.min(sessions, 5000));
    const all = commands(dist, settingsFile, sessionsFile);
    await assertSameOutput(all);
    const bytes = writeSessions(sessionsFile, sessions);
    const names = Object.keys(all);
    const times = Object.fromEntries(names.map((name) => [name, []]));
    for (let round = 0; round < rounds; round += 1)
      for (let turn = 0; turn < names.length; turn += 1) {
        const name = names[(round + turn) % names.length];
        times[name].push(await runOnce(all[name], () => undefined));
      }
    const each = (of) => Object.fromEntries(names.map((name) => [name, of(name)]));
    const seconds = each((name) => Math.min(...times[name]));
    return {
      sessions,
      bytes,
      rounds,
      seconds,
      sessions_per_second: each((name) => Math.round(sessions / seconds[name])),
      ratios: each((name) => seconds[name] / seconds[BASE]),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function simulateLines({ sessions, bytes, rounds, seconds, sessions_per_second, ratios }) {
  const number = (value) => value.toLocaleString("en");
  const title = `${number(sessions)} sessions, ${number(Math.round(bytes / 1e6))} MB, one thread, best of ${rounds}`;
  const rows = Object.keys(seconds).map((name) => {
    const [time, rate] = [`${seconds[name].toFixed(2)} s`, `${number(sessions_per_second[name])} a second`];
    return `  ${name.padEnd(14)}${time.padStart(10)}${rate.padStart(20)}   ${ratios[name].toFixed(2)} times ${BASE}`;
  });
  return [title, ...rows];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const { values } = parseArgs({
      options: {
        sessions: { type: "string", default: "1000000" },
        rounds: { type: "string", default: "3" },
        format: { type: "string", default: "text" },
        dist: { type: "string", default: DIST },
      },
    });
    const report = await measureSimulate({
      dist: resolve(values.dist),
      sessions: Number(values.sessions),
      rounds: Number(values.rounds),
    });
    console.log(values.format === "json" ? JSON.stringify(report, null, 2) : simulateLines(report).join("\n"));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 2;
  }
}
