// `pst replay LOG` and `pst explain LOG`.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { folderOf, jsonLines, pst } from "./pst.mjs";

const folder = fileURLToPath(new URL("../logs/", import.meta.url));
const recorded = (name) => JSON.parse(readFileSync(`${folder}${name}.json`, "utf8"));

const replay = (t, log, ...options) =>
  pst(["replay", "log.json", ...options], { cwd: folderOf(t, { "log.json": log }) });
const explain = (t, log, ...options) =>
  pst(["explain", "log.json", ...options], { cwd: folderOf(t, { "log.json": log }) });

const changed = (log, at, change) => log.map((entry, index) => (index === at ? { ...entry, ...change } : entry));

/** With one entry's answers missing after it. */
const cut = (log, at) => [...log.slice(0, at), { type: "cut", session: 1, entries: 7 }, ...log.slice(at + 1)];

test("every recorded log comes out the same", () => {
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  assert.ok(names.includes("demo-in-chromium.json"));
  for (const name of names) {
    const { status, stdout, stderr } = pst(["replay", name], { cwd: folder });
    assert.equal(status, 0, `${name}: ${stdout}${stderr}`);
    assert.match(stdout, /^\S+: \d+ entries of \d+ sessions?: the same states and effects\.\n$/);
  }
});

test("from standard input, and as JSON", (t) => {
  const log = recorded("two-sessions-in-one-page");
  const input = JSON.stringify(log, null, 2);
  assert.match(pst(["replay", "-"], { input }).stdout, /^<stdin>: 16 entries of 2 sessions: /);
  const { status, stdout } = replay(t, log, "--format", "json");
  assert.equal(status, 0);
  assert.deepEqual(JSON.parse(stdout), { type: "success", entries: log.length - 1, sessions: 2, incomplete: [] });
});

test("a difference is told in words, with its place, and exit code 1", (t) => {
  const log = recorded("no-declined");
  const at = log.length - 1;
  const wrong = changed(log, at, { phase: "handing_off", effects: ["persist", "send"] });
  const { status, stdout, stderr } = replay(t, wrong);
  assert.equal(status, 1);
  assert.equal(stderr, "");
  assert.match(
    stdout,
    /^log\.json: Entry 7 \(session 1, 2026-\S+Z\): the answer to "action" differs: phase was handing_off, is done; effects were persist, send, are persist, emit:consent, .*emit:release\.\n$/,
  );
  const json = replay(t, wrong, "--format", "json");
  assert.equal(json.status, 1);
  const { type, at: where, fields, expected, actual } = JSON.parse(json.stdout);
  assert.deepEqual([type, where, fields], ["difference", at, ["phase", "effects"]]);
  assert.deepEqual([expected.phase, actual.phase], ["handing_off", "done"]);
  const decision = { ...log[1].decision, reason: "eligible" };
  assert.match(
    replay(t, changed(log, 1, { decision })).stdout,
    /the decision differs: reason was eligible, is opt_in_required\./,
  );
  const old = changed(wrong, 0, { package: "0.0.1" });
  assert.match(replay(t, old).stdout, /recorded with version 0\.0\.1, and this is /);
});

test("a log that was cut says that it is not the whole", (t) => {
  const log = recorded("retries-until-accepted");
  const { status, stdout } = replay(t, cut(log, 8));
  assert.equal(status, 0);
  assert.match(
    stdout,
    /: 7 entries of 1 session: the same .* does not hold session 1 to its end: the rest could not be/,
  );
  assert.deepEqual(JSON.parse(replay(t, cut(log, 8), "--format", "json").stdout).incomplete, [1]);
});

test("what is no log, or damaged, is one line, and exit code 2", (t) => {
  const log = recorded("no-declined");
  const cases = [
    ["{", /^pst: log\.json: this is no JSON\.\n$/],
    ["", /^pst: log\.json: this is no JSON\.\n$/],
    [new Uint8Array([91, 34, 255, 34, 93]), /^pst: log\.json: this is no JSON\.\n$/],
    ["{}", /^pst: log\.json: A log is a list of entries\.\n$/],
    ["[]", /^pst: log\.json: The log is empty: no session has ended\.\n$/],
    [log.slice(1), /^pst: log\.json: Entry 0: the settings come first, and once\.\n$/],
    [
      changed(log, 0, { version: 2 }),
      /^pst: log\.json: Entry 0: this version of the log's format is not known here\.\n$/,
    ],
    [changed(log, 0, { settings: {} }), /^pst: log\.json: Entry 0: its settings are refused\.\n$/],
    [
      changed(log, 2, { phase: undefined }),
      /^pst: log\.json: Entry 2: its field "phase" is missing, or of a wrong type\.\n$/,
    ],
    [log.filter(({ type }) => type !== "begin"), /^pst: log\.json: Entry 1: session 1 has not begun\.\n$/],
  ];
  for (const [text, line] of cases) {
    for (const format of ["text", "json"]) {
      const { status, stdout, stderr } = replay(t, text, "--format", format);
      assert.match(stderr, line);
      assert.equal(status, 2);
      assert.equal(stdout, "");
    }
  }
  assert.match(pst(["replay", "none.json"], { cwd: folder }).stderr, /^pst: none\.json: there is no such file\.\n$/);
  assert.equal(pst(["replay", "none.json"], { cwd: folder }).status, 2);
});

test("explain says of each session in a log why, and then what happened, one line an event", (t) => {
  const { status, stdout } = explain(t, recorded("two-sessions-in-one-page"));
  assert.equal(status, 0);
  const sessions = stdout.split(/^(?=Session )/m);
  assert.deepEqual(
    sessions.map((text) => text.split("\n")[0]),
    ["Session 12345", "Session 12346"],
  );
  for (const text of sessions) {
    assert.match(text, /✓ yes {2}The SDK's platform is web\.\n/);
    assert.match(text, /\nOutcome: +ask\./);
    assert.match(text, /\n {2}kind = "csat" {3}\(fixed\)\n {2}key = "\*\*\*" {3}\(fixed\)\n/);
  }
  assert.match(sessions[0], /The person began a new conversation\. → done; .*outcome: cancelled \(new_conversation\)/);
  assert.match(
    sessions[1],
    /\nWhat happened:\n(?: {2}[\d:.]{12} {2}.* → .*\n)+ {2}[\d:.]{12} {2}Attempt 1 was answered: 200\. → done; .*\n\n?$/,
  );
  assert.match(
    sessions[1],
    /The person said Yes\. → handing_off; answer recorded; shown: connecting; .*sent, attempt 1/,
  );
});

test("explain says of a log's parameters what it says of its session, in the order of the settings", (t) => {
  const log = recorded("host-parameters");
  const cwd = folderOf(t, { "log.json": log, "settings.json": log[0].settings, "session.json": log[1].facts.session });
  const parameters = (...args) =>
    /\nData parameters:\n(?: {2}.*\n)+/.exec(pst(["explain", ...args], { cwd }).stdout)?.[0];
  assert.match(
    parameters("log.json"),
    /^\nData parameters:\n {2}tier, asked of the page\n {2}score, asked of the page;/,
  );
  assert.equal(parameters("log.json"), parameters("settings.json", "session.json"));
});

test("explain has words for every event that was recorded", () => {
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".json"))) {
    const { status, stdout } = pst(["explain", name], { cwd: folder });
    assert.equal(status, 0, name);
    // Otherwise it would be told by its name.
    assert.doesNotMatch(stdout, /"\w+" came|The timer "|undefined|\[object|comes out differently/, name);
  }
});

test("as JSON, one line a session", (t) => {
  const log = recorded("no-declined");
  const [session, ...more] = jsonLines(explain(t, log, "--format", "json").stdout);
  assert.deepEqual(more, []);
  assert.equal(session.session, 1);
  assert.equal(session.decision.outcome, "ask");
  assert.ok(session.decision.trace.length > 5);
  assert.equal(session.happened.length, log.length - 1);
  assert.deepEqual(session.happened.at(-1), {
    at: log.at(-1).at,
    event: "The person said No.",
    answer: "done; answer recorded; shown: declined; outcome: declined (opt_in_declined); other experiences released",
  });
});

test("what is missing in a log, and what comes out differently, is said", (t) => {
  const log = recorded("retries-until-accepted");
  const { stdout } = explain(t, cut(log, 8));
  assert.match(
    stdout,
    /\n +Here 7 entries did not fit into the log\.\n {2}[\d:.]{12} {2}It was time .* → handing_off\n/,
  );
  const wrong = explain(t, changed(log, 2, { phase: "done" }));
  assert.equal(wrong.status, 0);
  assert.match(wrong.stdout, /\nIn this version it comes out differently\. Entry 2 /);
});

test("with one file that is no log, explain asks for two", (t) => {
  for (const text of ["{}", "nonsense", '{"type":"settings"}'])
    assert.match(explain(t, text).stderr, /^pst: Two files are needed: .*; or one, an event log\.\n$/);
  assert.equal(explain(t, []).status, 2);
});

test("texts in a log cannot move or recolour what is shown", (t) => {
  const hostile = "\u202eevil\x1b[31m\nforged: line";
  const log = recorded("no-declined").map((entry) =>
    entry.type === "event" && entry.event.signal
      ? { ...entry, at: hostile, event: { ...entry.event, signal: hostile } }
      : entry,
  );
  const named = changed(log, 1, { facts: { ...log[1].facts, session: { ...log[1].facts.session, id: hostile } } });
  const broken = changed(named, 3, { phase: hostile, effects: [hostile], hash: hostile });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not come through.
  const harmful = /[\u202e\x1b]|^forged/m;
  for (const answer of [explain(t, named), explain(t, broken), replay(t, broken)]) {
    assert.doesNotMatch(answer.stdout + answer.stderr, harmful);
    assert.match(answer.stdout, /\\u202e/);
  }
});
