// What every command has in common: help, bad usage, files that cannot be read, pipes, colour, hostile text, signals.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { chat, folderOf, ndjson, PST, pst, settings, shell } from "./pst.mjs";

const COMMANDS = ["validate", "explain", "replay", "simulate", "diff", "test", "fmt", "schema", "probe"];
const NOBODY = 65534;
const ESCAPE = "\x1b";

/** All that the examples of the helps name. */
const files = {
  "settings.json": settings,
  "new.json": { ...settings, queues: [] },
  "session.json": JSON.stringify(chat(), null, 2),
  "log.json": readFileSync(new URL("../logs/yes-accepted.json", import.meta.url), "utf8"),
  "sessions.ndjson": ndjson(chat(), chat({ queue: { id: 503 } })),
  "billing_test.json": {
    settings: "settings.json",
    cases: [{ name: "asked", session: "session.json", expect: { outcome: "ask" } }],
  },
};

test("the help lists the commands that there are, and no others", () => {
  const { status, stdout, stderr } = pst(["--help"]);
  assert.equal(status, 0);
  assert.equal(stderr, "");
  const listed = [...stdout.matchAll(/^ {2}([a-z]+) {2}/gm)].map(([, name]) => name);
  assert.deepEqual(listed, COMMANDS);
  assert.equal(pst(["help"]).stdout, stdout);
  assert.equal(pst(["-h"]).stdout, stdout);
});

// The examples of probe need an endpoint: probe.test.mjs has one.
for (const command of COMMANDS.filter((name) => name !== "probe")) {
  test(`the help of ${command} has examples, and they work`, (t) => {
    const { status, stdout } = pst([command, "--help"]);
    assert.equal(status, 0);
    assert.equal(pst(["help", command]).stdout, stdout);
    const examples = [...stdout.matchAll(/^ {2}((?:pst|cat) .*)$/gm)].map(([, line]) => line);
    assert.ok(examples.length > 0);
    for (const example of examples) {
      const answer = shell(example, { cwd: folderOf(t, files) });
      const expected = example.includes("--check") ? 1 : 0;
      assert.equal(answer.status, expected, `${example}: ${answer.stdout}${answer.stderr}`);
      assert.equal(answer.stderr, "", example);
    }
  });
}

test("the version is the package's", () => {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  assert.deepEqual(pst(["--version"]), { status: 0, stdout: `pst ${version}\n`, stderr: "" });
});

test("wrong usage is one clear line with the nearest name, and exit code 2", () => {
  const cases = [
    [["vaildate"], /^pst: There is no command "vaildate"\. Did you mean "validate"\?\n$/],
    [["replay"], /^pst: Something is missing\. Usage: pst replay LOG\n$/],
    [["replay", "a", "b"], /^pst: "b" is one too many\. /],
    [["xyzzy"], /^pst: There is no command "xyzzy"\. See pst --help\.\n$/],
    [["--versoin"], /^pst: There is no option "--versoin"\. Did you mean "--version"\?\n$/],
    [["validate", "--stirct", "a"], /^pst: pst validate has no option "--stirct"\. Did you mean "--strict"\?\n$/],
    [["validate", "-x", "a"], /^pst: pst validate has no option "-x"\. See pst validate --help\.\n$/],
    [["validate", "--strict=yes", "a"], /^pst: --strict takes no value\./],
    [["validate", "--format", "yaml", "a"], /^pst: --format is text or json, not "yaml"\./],
    [["validate", "a", "--format"], /^pst: --format is text or json\./],
    [["validate"], /^pst: Something is missing\. Usage: pst validate SETTINGS…\n$/],
    [["diff", "a", "b", "c", "d"], /^pst: "d" is one too many\. Usage: pst diff /],
    [["simulate", "-", "-"], /^pst: Standard input can be read only once/],
    [["simulate", "a"], /^pst: Two files are needed/],
    [["fmt", "--check", "--write", "a"], /^pst: --check and --write exclude each other\.\n$/],
    [["fmt", "a", "b"], /^pst: Several documents need --check or --write\.\n$/],
    [["schema", "setings"], /^pst: There is no schema "setings"\. Did you mean "settings"\?\n$/],
    [["test", "/tmp/there-is-none"], /^pst: \/tmp\/there-is-none: there is no such file\.\n$/],
    [["val\u202eidate\x1b[31m"], /^pst: There is no command "val\\u202eidate\\u001b\[31m"\./],
  ];
  for (const [args, line] of cases) {
    const { status, stdout, stderr } = pst(args);
    assert.match(stderr, line, args.join(" "));
    assert.equal(stderr.split("\n").length, 2, stderr);
    assert.equal(status, 2, args.join(" "));
    assert.equal(stdout, "");
  }
  assert.equal(pst([]).status, 2);
});

test("what cannot be read is one line, and exit code 2", (t) => {
  const cwd = folderOf(t, { "settings.json": settings, "session.json": chat(), "secret.json": settings });
  chmodSync(cwd, 0o755);
  chmodSync(join(cwd, "secret.json"), 0o000);
  // The permission bits do not bind root.
  const uid = process.getuid?.() === 0 ? NOBODY : undefined;
  const reading = [
    (file) => ["validate", file],
    (file) => ["explain", file, "session.json"],
    (file) => ["explain", "settings.json", file],
    (file) => ["simulate", "settings.json", file],
    (file) => ["diff", "settings.json", file],
    (file) => ["diff", "settings.json", "settings.json", file],
    (file) => ["fmt", file],
    (file) => ["replay", file],
    (file) => ["explain", file],
  ];
  for (const args of reading) {
    const said = (file, options) => {
      const { status, stdout, stderr } = pst(args(file), { cwd, ...options });
      assert.equal(status, 2, stderr);
      assert.doesNotMatch(stdout, /\{/);
      return stderr;
    };
    assert.equal(said("none.json"), "pst: none.json: there is no such file.\n");
    assert.equal(said("."), "pst: .: this is a directory, not a file.\n");
    assert.equal(said("settings.json/x"), "pst: settings.json/x: there is no such file.\n");
    assert.equal(said("secret.json", { uid }), "pst: secret.json: permission denied.\n");
  }
});

test("a folder that must not be written to is left as it is", (t) => {
  const cwd = folderOf(t, { "settings.json": settings });
  chmodSync(cwd, 0o555);
  const uid = process.getuid?.() === 0 ? NOBODY : undefined;
  const { status, stderr } = pst(["fmt", "--write", "settings.json"], { cwd, uid });
  chmodSync(cwd, 0o755);
  assert.equal(stderr, "pst: settings.json: permission denied.\n");
  assert.equal(status, 2);
  assert.equal(readFileSync(join(cwd, "settings.json"), "utf8"), JSON.stringify(settings));
});

test("refused settings are findings whatever the command: text to standard error, JSON to standard output", (t) => {
  const cwd = folderOf(t, { "bad.json": "{}", "sessions.ndjson": ndjson(chat()), "settings.json": settings });
  for (const args of [
    ["simulate", "bad.json", "sessions.ndjson"],
    ["explain", "bad.json", "sessions.ndjson"],
    ["diff", "settings.json", "bad.json"],
  ]) {
    const text = pst(args, { cwd });
    assert.equal(text.status, 1);
    assert.equal(text.stdout, "");
    assert.match(text.stderr, /^bad\.json:1:1: error field_missing at \/version: /);
    const json = pst([...args, "--format", "json"], { cwd });
    assert.equal(json.status, 1);
    assert.equal(JSON.parse(json.stdout).type, "failure");
  }
});

test("a reader that stops ends it quietly", (t) => {
  const many = ndjson(...Array.from({ length: 20_000 }, (_, n) => chat({ id: n })));
  const cwd = folderOf(t, { "settings.json": settings, "sessions.ndjson": many });
  for (const format of ["json", "text"]) {
    const { stdout, stderr } = shell(
      `pst simulate settings.json sessions.ndjson --format ${format} | head -n 1; echo "\${PIPESTATUS[0]}"`,
      { cwd },
    );
    assert.equal(stderr, "");
    assert.equal(stdout.split("\n").length, 3);
    assert.equal(stdout.trimEnd().split("\n").at(-1), "0");
  }
  const through = shell("cat sessions.ndjson | pst simulate settings.json - --format json | tail -n 1", { cwd });
  assert.equal(JSON.parse(through.stdout).id, 19999);
});

test("an interrupt ends it", async (t) => {
  const cwd = folderOf(t, { "settings.json": settings });
  const child = spawn(process.execPath, [PST, "simulate", "settings.json", "-", "--format", "json"], { cwd });
  child.stdin.write(ndjson(chat()));
  await once(child.stdout, "data");
  child.kill("SIGINT");
  assert.deepEqual(await once(child, "close"), [null, "SIGINT"]);
});

test("colour is for terminals, and for those who ask", (t) => {
  const cwd = folderOf(t, { "settings.json": settings, "session.json": chat() });
  const explain = (env) => pst(["explain", "settings.json", "session.json"], { cwd, env }).stdout;
  assert.equal(explain({}).includes(ESCAPE), false);
  assert.equal(explain({ FORCE_COLOR: "1" }).includes(ESCAPE), true);
  assert.equal(explain({ FORCE_COLOR: "0" }).includes(ESCAPE), false);
  assert.equal(explain({ NO_COLOR: "1" }).includes(ESCAPE), false);
});

/** Runs a line with a terminal as its output; `null` where there is no `script` to make one. */
function terminal(line, options) {
  const quoted = line.replaceAll("pst ", `'${process.execPath}' '${PST}' `).replaceAll("'", "'\\''");
  const answer = shell(`script -qec '${quoted}' /dev/null < /dev/null`, options);
  return answer.status === 127 ? null : answer.stdout.replaceAll("\r", "");
}

test("on a terminal there is colour, unless NO_COLOR says no", (t) => {
  const cwd = folderOf(t, { "settings.json": settings, "session.json": chat() });
  const line = "pst explain settings.json session.json";
  const shown = terminal(line, { cwd, env: { TERM: "xterm" } });
  assert.notEqual(shown, null, "script(1), which makes the terminal, is there");
  assert.equal(shown.includes(ESCAPE), true);
  assert.equal(terminal(line, { cwd, env: { TERM: "xterm", NO_COLOR: "1" } }).includes(ESCAPE), false);
  assert.equal(terminal(line, { cwd, env: { TERM: "dumb" } }).includes(ESCAPE), false);
});

test("texts of documents cannot move, recolour or reorder what is shown", (t) => {
  const hostile = "\u202eevil\x1b[31m\u009b31m\u2028\nforged: line";
  const bad = { ...settings, [hostile]: 1 };
  const named = structuredClone(settings);
  named.queues[0].name = hostile;
  named.virtual_agents[1].id = hostile;
  named.chat.virtual_agent = hostile;
  named.call.virtual_agent = hostile;
  const changed = { ...named, queues: [{ ...named.queues[0], opt_in: true }] };
  const session = chat({ id: hostile, queue: { id: hostile } });
  const cwd = folderOf(t, {
    "bad.json": bad,
    "named.json": named,
    "changed.json": changed,
    "session.json": session,
    "sessions.ndjson": ndjson(session),
    "hostile_test.json": {
      settings: "named.json",
      cases: [{ name: hostile, session: "session.json", expect: { id: "x" } }],
    },
  });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not come through.
  const harmful = /[\u202e\x1b\x9b\u2028]|^forged/m;
  const lines = [
    "pst validate bad.json",
    "pst explain named.json session.json",
    "pst simulate named.json sessions.ndjson",
    "pst diff named.json changed.json",
    "pst diff bad.json named.json",
    "pst test hostile_test.json",
    "pst test --format tap hostile_test.json",
  ];
  for (const line of lines) {
    const { stdout, stderr } = shell(line, { cwd });
    assert.doesNotMatch(stdout + stderr, harmful, line);
    assert.match(stdout + stderr, /\\u202e|opt_in/, line);
  }
  // For programs a text is what it is; on a terminal it is the same JSON, with escapes.
  const line = "pst simulate named.json sessions.ndjson --format json";
  assert.equal(JSON.parse(shell(line, { cwd }).stdout).id, hostile);
  const shown = terminal(line, { cwd });
  assert.notEqual(shown, null, "script(1), which makes the terminal, is there");
  assert.doesNotMatch(shown, harmful);
  assert.equal(JSON.parse(shown).id, hostile);
});

test("the package installs the command", () => {
  const { bin } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  assert.deepEqual(bin, { pst: "./dist/pst.js" });
  assert.match(readFileSync(PST, "utf8"), /^#!\/usr\/bin\/env node\n/);
  const folder = shell(`d=$(mktemp -d); ln -s "${PST}" "$d/pst"; "$d/pst" --version; echo "$d"`).stdout.split("\n");
  assert.match(folder[0], /^pst \d/);
  rmSync(folder[1], { recursive: true });
});
