import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { chat, folderOf, jsonLines, pst, settings } from "./pst.mjs";

const page = (name) => readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), "utf8");

const good = {
  name: "billing goes at once",
  session: chat({ queue: { id: 502 } }),
  expect: { outcome: "transfer", level: "queue" },
};
const bad = {
  name: "a wish",
  session: "sessions/one.json",
  expect: { outcome: "transfer", data_parameters: { order_id: "B-2" }, asks: [] },
};
const files = {
  "settings.json": settings,
  "tests/sessions/one.json": JSON.stringify(chat(), null, 2),
  "tests/a_test.json": { settings: "../settings.json", cases: [good] },
  "tests/b_test.json": { settings, cases: [good, bad] },
  "tests/other.json": "no test",
};

test("tests that pass", (t) => {
  const { status, stdout } = pst(["test", "tests/a_test.json"], { cwd: folderOf(t, files) });
  assert.equal(status, 0);
  assert.equal(stdout, "PASS tests/a_test.json: billing goes at once\n1 test in 1 file: 1 passed, none failed.\n");
});

test("a failure shows where, what was expected, and what came", (t) => {
  const { status, stdout } = pst(["test", "tests"], { cwd: folderOf(t, files) });
  assert.equal(status, 1);
  assert.equal(
    stdout,
    `PASS tests/a_test.json: billing goes at once
PASS tests/b_test.json: billing goes at once
FAIL tests/b_test.json: a wish
     outcome
       expected "transfer"
       got      "ask"
     data_parameters.order_id
       expected "B-2"
       got      "A-1"
     asks
       expected []
       got      ["callback"]
3 tests in 2 files: 2 passed, 1 failed.
`,
  );
});

test("as TAP and as JSON", (t) => {
  const cwd = folderOf(t, files);
  const tap = pst(["test", "--format", "tap"], { cwd });
  assert.equal(tap.status, 1);
  assert.equal(
    tap.stdout,
    `TAP version 14
ok 1 - tests/a_test.json: billing goes at once
ok 2 - tests/b_test.json: billing goes at once
not ok 3 - tests/b_test.json: a wish
  ---
  - {"at":"outcome","expected":"transfer","actual":"ask"}
  - {"at":"data_parameters.order_id","expected":"B-2","actual":"A-1"}
  - {"at":"asks","expected":[],"actual":["callback"]}
  ...
1..3
`,
  );
  const json = jsonLines(pst(["test", "--format", "json"], { cwd }).stdout);
  assert.deepEqual(
    json.map(({ passed, differences = [] }) => [passed, differences.length]),
    [
      [true, 0],
      [true, 0],
      [false, 3],
    ],
  );
});

test("values of sensitive parameters are shown on neither side", (t) => {
  const wishes = [
    { data_parameters: { card: "4111-2222" } },
    { data_parameters: { survey_kind: "nps", card: { number: "4111-3333" } } },
    { data_parameters: { card: ["4111-4444"] } },
    { data_parameters: [{ card: "4111-5555" }] },
    { card: "4111-6666" },
  ];
  const cases = [
    ...wishes.map((expect) => ({ name: "wrong", session: chat(), expect })),
    { name: "refused", session: { id: true }, expect: wishes[0] },
    { name: "as it is shown", session: chat(), expect: { data_parameters: { card: "***" } } },
  ];
  const cwd = folderOf(t, { "settings.json": settings, "a_test.json": { settings: "settings.json", cases } });
  for (const format of ["text", "json", "tap"]) {
    const { status, stdout } = pst(["test", "--format", format], { cwd });
    assert.equal(status, 1);
    assert.doesNotMatch(stdout, /4111/, format);
    assert.match(stdout, /expect \\?"\*\*\*\\?"/, "it says how to expect one");
  }
  const [first, second, , , , refused, passing] = jsonLines(pst(["test", "--format", "json"], { cwd }).stdout);
  const [{ hint, ...difference }] = first.differences;
  assert.deepEqual(difference, { at: "data_parameters.card", expected: "***", actual: "***" });
  assert.equal(typeof hint, "string");
  assert.deepEqual(second.differences[0], { at: "data_parameters.survey_kind", expected: "nps", actual: "csat" });
  assert.deepEqual(refused.differences, [{ at: "data_parameters", expected: { card: "***" } }]);
  assert.equal(passing.passed, true);
});

test("of a test file that is no JSON the place is said, and nothing that stands there", (t) => {
  const cwd = folderOf(t, { "a_test.json": '{ "cases": [\n  { "card": "4111-1111" oops } ] }' });
  const { stdout } = pst(["test"], { cwd });
  assert.match(stdout, /the file can be run\n +this is no JSON: line 2, column 25\n/);
  assert.doesNotMatch(stdout, /4111|oops/);
});

test("the sample of docs/command-line.md passes with the first document of docs/settings.md", (t) => {
  const [, sample] = /\n## test\n.*?```json\n(.*?)```/s.exec(page("command-line"));
  const [, document] = /```json\n(.*?)```/s.exec(page("settings"));
  const cwd = folderOf(t, { "settings.json": document, "tests/sample_test.json": sample });
  const { status, stdout } = pst(["test"], { cwd });
  assert.equal(status, 0, stdout);
  assert.match(stdout, /: 2 passed, none failed\.\n$/);
});

test("what is wrong with a test file is a failed test that says so, and the others are run", (t) => {
  const one = (fields) => ({
    settings,
    cases: [{ name: "n", session: chat(), expect: { outcome: "ask" }, ...fields }],
  });
  const wrong = {
    "01_test.json": "{",
    "02_test.json": { settings, case: [] },
    "03_test.json": { settings, cases: [] },
    "04_test.json": { settings: "none.json", cases: [good] },
    "05_test.json": { settings: { ...settings, chta: {} }, cases: [good] },
    "06_test.json": one({ expect: {} }),
    "07_test.json": one({ expct: {} }),
    "08_test.json": one({ session: undefined }),
    "09_test.json": one({ session: { id: true } }),
    "10_test.json": one({ expect: { reasn: "x" } }),
    "11_test.json": one({}),
    "12_test.json": one({ session: { id: true }, expect: { error: { code: "type_mismatch", pointer: "/id" } } }),
  };
  const { status, stdout, stderr } = pst(["test"], { cwd: folderOf(t, wrong) });
  assert.equal(status, 1);
  assert.equal(stderr, "");
  for (const part of [
    /01_test\.json: the file can be run\n +this is no JSON/,
    /02_test\.json.*\n +the file has an unknown field "case"\. Did you mean "cases"\?/,
    /03_test\.json.*\n +cases must be a list of cases/,
    /04_test\.json.*\n +.*none\.json: there is no such file\./,
    /05_test\.json.*\n +the settings were refused: field_unknown at "\/chta": .*Did you mean "chat"\?/,
    /06_test\.json: n\n +expect must be an object that expects something/,
    /07_test\.json: n\n +a case has an unknown field "expct"\. Did you mean "expect"\?/,
    /08_test\.json: n\n +there is no session/,
    /09_test\.json: n\n +outcome\n +expected "ask"\n +got {6}nothing/,
    /10_test\.json: n\n +reasn\n/,
    /PASS 11_test\.json/,
    /PASS 12_test\.json/,
    /12 tests in 12 files: 2 passed, 10 failed\./,
  ])
    assert.match(stdout, part);
});

test("a folder without tests could not be tested", (t) => {
  const cwd = folderOf(t);
  mkdirSync(join(cwd, "node_modules"));
  assert.deepEqual(pst(["test"], { cwd }), {
    status: 2,
    stdout: "",
    stderr: "pst: There are no *_test.json files here.\n",
  });
});
