// The benchmark's own promises: it compares with something that is right, and its gates bite.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { compare, describe } from "../exhaustive/compare.mjs";
import { assertSameAnswers, contestants, measureDecisions, ratios } from "./decisions.mjs";
import { prepareHandwritten } from "./handwritten.mjs";
import { staticClosure, staticImports } from "./sizes.mjs";

test("the hand-written JavaScript decides every combination as the reference does", async () => {
  const result = await compare((settings) => prepareHandwritten(settings));
  assert.equal(result.differences, 0, describe(result));
});

test("all contestants give the same answers, and one that does not is found", () => {
  const all = contestants(null);
  assertSameAnswers(all);
  const liar = {
    ...all["handwritten, objects"],
    decide: (session) => ({ ...all["handwritten, objects"].decide(session), level: "queue" }),
  };
  assert.throws(() => assertSameAnswers({ liar }), /liar answers session 0/);
});

test("times come for every contestant, and ratios for all but the hand-written", () => {
  const times = measureDecisions(contestants(null), { warmUp: 1, rounds: 2 });
  for (const { p50, p99 } of Object.values(times)) assert.ok(p50 > 0 && p99 >= p50);
  assert.deepEqual(Object.keys(ratios(times)), ["json-logic, objects", "json-logic, text"]);
});

test("static imports are found, minified or not, and dynamic ones are not", () => {
  const source = `import{a}from"./a.js";import * as b from './b.js'
    import "./c.js";export*from"./d.js";export { x } from "./e.js";
    import c, { d as e } from "./f.js"; const later = () => import("./late.js"); import { join } from "node:path";
    // import "./comment.js"
    /* import "./comment.js" */ export const from = "./text.js";
    export type { T } from "./g.js";`;
  assert.deepEqual(staticImports(source), ["./a.js", "./b.js", "./c.js", "./d.js", "./e.js", "./f.js", "./g.js"]);
});

const bench = fileURLToPath(new URL("./bench.mjs", import.meta.url));

/** A package of a temporary folder: `{write(file, bytes), run(...args)}`. */
function temporaryPackage(t) {
  const root = mkdtempSync(join(tmpdir(), "pst-bench-"));
  t.after(() => rmSync(root, { recursive: true }));
  const dist = join(root, "dist");
  const budget = join(root, "size-budget.json");
  mkdirSync(join(dist, "lib"), { recursive: true });
  writeFileSync(budget, readFileSync(new URL("./size-budget.json", import.meta.url)));
  const write = (file, content) => writeFileSync(join(dist, file), content);
  write("index.js", 'import "./lib/a.js"; export const load = () => import("./lib/late.js");');
  write("lib/a.js", 'export * from "./b.js";');
  write("lib/b.js", 'import "./a.js"; export const b = 1;');
  write("lib/late.js", "export const late = 1;");
  write("index.d.ts", "export {};");
  write("pst.mjs", "export default 1;");
  write("pst.wasm", randomBytes(10_000)); // Random, so that gzip makes nothing of it.
  const run = (...args) =>
    spawnSync(process.execPath, [bench, "--dist", dist, "--budget", budget, ...args], { encoding: "utf8" });
  return { dist, budget, write, run };
}

test("what is loaded before a chat has ended is the entry and its static imports, in a circle too", (t) => {
  const { dist } = temporaryPackage(t);
  assert.deepEqual(staticClosure(dist, "index.js"), ["index.js", "lib/a.js", "lib/b.js"]);
});

test("sizes pass once they are recorded; growth of more than one per cent fails, and a new baseline passes again", (t) => {
  const { budget, write, run } = temporaryPackage(t);
  const limits = JSON.parse(readFileSync(budget, "utf8"));
  for (const group of Object.values(limits.groups)) group.recorded = null;
  writeFileSync(budget, JSON.stringify(limits));
  assert.match(run("--check-size").stderr, /no recorded size/);
  assert.equal(run("--update-size").status, 0);
  assert.equal(run("--check-size").status, 0);

  write("pst.wasm", randomBytes(10_050));
  assert.equal(run("--check-size").status, 0);
  write("pst.wasm", randomBytes(10_300));
  const grown = run("--check-size");
  assert.equal(grown.status, 1);
  assert.match(grown.stderr, /"wasm and glue" has grown by/);
  assert.equal(run("--update-size").status, 0);
  assert.equal(run("--check-size").status, 0);
});

test("a group beyond its budget fails, whatever is recorded", (t) => {
  const { write, run } = temporaryPackage(t);
  write("lib/a.js", `export const a = "${randomBytes(3000).toString("base64")}";`);
  assert.equal(run("--update-size").status, 0);
  const over = run("--check-size", "--format", "json");
  assert.equal(over.status, 1);
  assert.match(JSON.parse(over.stdout).findings.join(), /"before a chat has ended" has \d+ bytes, its budget is 2048/);
});

test("without a package the gates cannot run", (t) => {
  const { dist, run } = temporaryPackage(t);
  rmSync(join(dist, "index.js"));
  assert.equal(run("--check-size").status, 2);
  assert.equal(run("--gate").status, 2);
  assert.equal(run("--nonsense").status, 2);
});

const wrapped = (slowness) => `
import { prepareHandwritten } from ${JSON.stringify(new URL("./handwritten.mjs", import.meta.url).href)};
export async function loadPolicy(settings) {
  const { evaluate, evaluateText } = prepareHandwritten(settings);
  const slow = (decide) => (input) => { for (let n = 1; n < ${slowness}; n += 1) decide(input); return decide(input); };
  return { evaluate: slow(evaluate), evaluateText: slow(evaluateText), dispose() {} };
}`;

test("--gate passes what is as quick as hand-written JavaScript, and fails what is five times slower", (t) => {
  const { write, run } = temporaryPackage(t);
  write("node.js", wrapped(1));
  const quick = run("--gate", "--quick", "--format", "json");
  assert.equal(quick.status, 0, quick.stderr);
  const report = JSON.parse(quick.stdout);
  assert.ok(report.cold_start_ms.first_decision > 0);
  assert.ok(report.sizes.groups["wasm and glue"].bytes > 10_000);
  write("node.js", wrapped(5));
  const slow = run("--gate", "--quick");
  assert.equal(slow.status, 1);
  assert.match(slow.stderr, /times hand-written JavaScript; at most 2.5/);
});
