// Usage: node tests/bench/bench.mjs [--format text|json] [--quick] [--gate] [--simulate] [--prompt] [--check-size] [--update-size] [--dist DIR]
//
// Without one of the size options it prints sizes, cold start, and the time of one decision. Times are reported, never judged; --gate judges
// the one ratio that is a promise. --simulate adds `pst simulate` over a million sessions (simulate.mjs), which takes minutes. --prompt adds the time to the prompt in Chromium (prompt-time.mjs). --check-size and
// --update-size look at the sizes alone (--check-size --gate: both).
// Exit 0 = fine, 1 = a gate failed, 2 = could not run.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { budgetText, judgeSizes, measureSizes, recordSizes } from "./sizes.mjs";

const MOST_TIMES_HANDWRITTEN = 2.5;
const GATED = "product, text";
const MOST_TIMES_FEW_QUEUES = 1.5;
const DIST = fileURLToPath(new URL("../../dist/", import.meta.url));
const BUDGET = fileURLToPath(new URL("./size-budget.json", import.meta.url));

const FULL = { spawns: 15, warmUp: 3000, rounds: 200 };
const QUICK = { spawns: 5, warmUp: 500, rounds: 40 };

const number = (value) => value.toLocaleString("en");

function sizeLines({ files, groups }) {
  const lines = ["Size, gzip -9, bytes"];
  for (const [file, bytes] of Object.entries(files)) lines.push(`  ${number(bytes).padStart(8)}  ${file}`);
  for (const [name, { bytes, recorded, budget }] of Object.entries(groups)) {
    const notes = [
      typeof budget === "number" ? `budget ${number(budget)}` : null,
      typeof recorded === "number" ? `recorded ${number(recorded)}` : null,
    ].filter((note) => note !== null);
    lines.push(`  ${number(bytes).padStart(8)}  = ${name}${notes.length > 0 ? ` (${notes.join(", ")})` : ""}`);
  }
  return lines;
}

function coldStartLines({ spawns, first_decision, import: imported, load, decide, process: whole, bare_process }) {
  const ms = (value) => `${value.toFixed(1)} ms`;
  return [
    `Cold start, median of ${spawns} fresh Node processes`,
    `  first decision after ${ms(first_decision)} (import ${ms(imported)}, load ${ms(load)}, decide ${ms(decide)})`,
    `  whole process ${ms(whole)}, of which Node itself ${ms(bare_process)}`,
  ];
}

function decisionLines({ times, ratios }) {
  const lines = ["One decision, settings loaded once, microseconds     p50      p99   times handwritten"];
  for (const [name, { p50, p99 }] of Object.entries(times)) {
    const ratio = ratios[name] === undefined ? "" : ratios[name].toFixed(2);
    lines.push(`  ${name.padEnd(46)}${p50.toFixed(2).padStart(9)}${p99.toFixed(2).padStart(9)}${ratio.padStart(12)}`);
  }
  return [...lines, "  (json-logic decides without a trace; see tests/bench/json-logic.mjs)"];
}

async function run(options) {
  const dist = resolve(options.dist);
  const sizesOnly = (options["check-size"] || options["update-size"]) && !options.gate;
  const effort = options.quick ? QUICK : FULL;
  const isBuilt = existsSync(join(dist, "index.js"));
  if (!isBuilt && (sizesOnly || options.gate)) {
    console.error(`There is no package in ${dist}. Build it first: npm run build`);
    return 2;
  }

  const report = {};
  const findings = [];
  const lines = [];
  if (isBuilt) {
    const budget = JSON.parse(readFileSync(options.budget, "utf8"));
    report.sizes = measureSizes(dist, budget);
    lines.push(...sizeLines(report.sizes));
    if (options["update-size"]) {
      writeFileSync(options.budget, budgetText(recordSizes(budget, report.sizes)));
    }
    if (options["check-size"])
      findings.push(...judgeSizes(measureSizes(dist, JSON.parse(readFileSync(options.budget, "utf8")))));
  } else {
    console.error(
      `There is no package in ${dist}: sizes, cold start and the product's times are left out. (npm run build)`,
    );
  }

  if (!sizesOnly) {
    const entry = pathToFileURL(join(dist, "node.js")).href;
    if (isBuilt) {
      const { measureColdStart } = await import("./cold-start.mjs");
      report.cold_start_ms = measureColdStart(entry, effort.spawns);
      lines.push("", ...coldStartLines(report.cold_start_ms));
    }
    const { assertSameAnswers, contestants, measureDecisions, ratios } = await import("./decisions.mjs");
    const { settings } = await import("./inputs.mjs");
    const loadPolicy = isBuilt ? (await import(entry)).loadPolicy : undefined;
    const policy = (await loadPolicy?.(settings)) ?? null;
    const all = contestants(policy);
    assertSameAnswers(all);
    const times = measureDecisions(all, effort);
    policy?.dispose();
    report.decision_us = { times, ratios: ratios(times) };
    lines.push("", ...decisionLines(report.decision_us));
    if (loadPolicy !== undefined) {
      const { measureQueues, queueLines } = await import("./queues.mjs");
      report.queues_us = await measureQueues(loadPolicy, effort);
      lines.push("", ...queueLines(report.queues_us));
      const slowest = Math.max(...Object.values(report.queues_us.ratios));
      if (options.gate && slowest > MOST_TIMES_FEW_QUEUES)
        findings.push(
          `One decision among many queues takes ${slowest.toFixed(2)} times one among ten; at most ${MOST_TIMES_FEW_QUEUES}.`,
        );
    }
    const ratio = report.decision_us.ratios[GATED];
    if (options.gate && ratio > MOST_TIMES_HANDWRITTEN) {
      findings.push(
        `One decision with text in and out takes ${ratio.toFixed(2)} times hand-written JavaScript; at most ${MOST_TIMES_HANDWRITTEN}.`,
      );
    }
  }

  if (options.simulate && isBuilt) {
    const { measureSimulate, simulateLines } = await import("./simulate.mjs");
    report.simulate = await measureSimulate({ dist, ...(options.quick ? { sessions: 50_000, rounds: 2 } : {}) });
    lines.push("", ...simulateLines(report.simulate));
  }

  if (options.prompt && isBuilt) {
    const { promptTime, promptTimeLines } = await import("./prompt-time.mjs");
    report.prompt_ms = await promptTime(options.quick ? 30 : 200);
    lines.push("", ...promptTimeLines(report.prompt_ms));
  }

  report.findings = findings;
  console.log(options.format === "json" ? JSON.stringify(report, null, 2) : lines.join("\n"));
  if (options.format !== "json") for (const finding of findings) console.error(finding);
  return findings.length === 0 ? 0 : 1;
}

try {
  const flag = { type: "boolean", default: false };
  const { values } = parseArgs({
    options: {
      format: { type: "string", default: "text" },
      quick: flag,
      gate: flag,
      simulate: flag,
      prompt: flag,
      "check-size": flag,
      "update-size": flag,
      dist: { type: "string", default: DIST },
      budget: { type: "string", default: BUDGET },
    },
  });
  if (!["text", "json"].includes(values.format)) throw new Error(`--format is text or json, not "${values.format}".`);
  process.exitCode = await run(values);
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
