// The golden corpus through the command line: settings by `validate`, decisions, parameters and bad sessions by `test`; one process each.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readCorpus, sessionBytes, settingsBytes } from "../golden/corpus.mjs";
import { folderOf, jsonLines, pst } from "./pst.mjs";

const corpus = readCorpus();
const of = (...kinds) => corpus.filter(({ kind }) => kinds.includes(kind));

/** Of an error the keys that the case names are compared, no others. */
const narrowed = (actual, expected) =>
  actual.map((one, i) =>
    Object.fromEntries(Object.keys(expected[i] ?? { code: 0, pointer: 0 }).map((key) => [key, one[key]])),
  );

test("validate finds what the corpus says, in its order", (t) => {
  const cases = of("settings_failure", "settings_success");
  const names = cases.map((_, index) => `${index}.json`);
  const cwd = folderOf(t, Object.fromEntries(cases.map((golden, index) => [names[index], settingsBytes(golden)])));
  const { status, stdout, stderr } = pst(["validate", "--format", "json", ...names], { cwd });
  assert.equal(stderr, "");
  assert.equal(status, 1);
  const answers = jsonLines(stdout);
  assert.equal(answers.length, cases.length);
  for (const [index, golden] of cases.entries()) {
    const { type, errors, warnings } = answers[index];
    const where = `${golden.file}: ${golden.name}`;
    assert.equal(type, golden.kind === "settings_failure" ? "failure" : "success", where);
    assert.deepEqual(
      narrowed(errors ?? warnings, golden.errors ?? golden.warnings),
      golden.errors ?? golden.warnings,
      where,
    );
    for (const { line, column } of errors ?? warnings) assert.ok(line >= 1 && column >= 1, where);
  }
});

test("test passes every decision, every list of parameters and every refused session", (t) => {
  // The host's allow-list is no matter of settings and session.
  const cases = of("decision", "parameters", "session_failure").filter(({ facts }) => facts === undefined);
  const files = {};
  const bySettings = new Map();
  for (const [index, golden] of cases.entries()) {
    const key = JSON.stringify(golden.settings ?? null);
    const group = bySettings.get(key) ?? { settings: golden.settings ?? null, cases: [] };
    bySettings.set(key, group);
    const name = `${golden.file}: ${golden.name}`;
    if (golden.kind === "session_failure") {
      files[`${index}.session`] = sessionBytes(golden);
      group.cases.push({ name, session: `${index}.session`, expect: { error: golden.error } });
    } else {
      const { data_parameters, missing, asks, expected } = golden;
      const expect = expected ?? { data_parameters, ...(missing ? { missing } : {}), ...(asks ? { asks } : {}) };
      group.cases.push({ name, session: golden.session, expect });
    }
  }
  [...bySettings.values()].forEach((group, index) => {
    files[`${index}_test.json`] = group;
  });
  const { status, stdout, stderr } = pst(["test", ".", "--format", "json"], { cwd: folderOf(t, files) });
  const results = jsonLines(stdout);
  assert.deepEqual(
    results.filter(({ passed }) => !passed),
    [],
  );
  assert.equal(results.length, cases.length);
  assert.equal(stderr, "");
  assert.equal(status, 0);
});

test("simulate and explain say of a session what the corpus says", (t) => {
  const cases = of("decision").filter(({ facts, settings }) => facts === undefined && settings);
  const bySettings = new Map();
  for (const golden of cases) {
    const key = JSON.stringify(golden.settings);
    bySettings.set(key, [...(bySettings.get(key) ?? []), golden]);
  }
  const [[text, group]] = [...bySettings].sort(([, a], [, b]) => b.length - a.length);
  const cwd = folderOf(t, { "settings.json": text, "one.json": JSON.stringify(group[0].session, null, 2) });
  const input = group.map(({ session }) => `${JSON.stringify(session)}\n`).join("");
  const lines = jsonLines(pst(["simulate", "settings.json", "-", "--format", "json"], { cwd, input }).stdout);
  assert.equal(lines.length, group.length);
  for (const [index, { session, expected }] of group.entries()) {
    const { trace: _, conflicts: __, ...rest } = expected;
    const { id, data_parameters: ___, missing: ____, asks: _____, ...decision } = lines[index];
    assert.deepEqual(decision, rest);
    assert.equal(id, session.id);
  }
  const [{ preview: _, ...explained }] = jsonLines(
    pst(["explain", "settings.json", "one.json", "--format=json"], { cwd }).stdout,
  );
  assert.deepEqual(explained, group[0].expected);
});
