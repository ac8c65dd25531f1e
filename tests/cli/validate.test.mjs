import assert from "node:assert/strict";
import { test } from "node:test";
import { folderOf, jsonLines, pst, settings } from "./pst.mjs";

test("a good document is valid, as text and as JSON", (t) => {
  const cwd = folderOf(t, { "settings.json": settings });
  assert.deepEqual(pst(["validate", "settings.json"], { cwd }), {
    status: 0,
    stdout: "settings.json: valid.\n",
    stderr: "",
  });
  assert.deepEqual(pst(["validate", "settings.json", "--format", "json"], { cwd }), {
    status: 0,
    stdout: '{"type":"success","warnings":[]}\n',
    stderr: "",
  });
});

test("every error has its line, its column, its pointer, and what to write instead", (t) => {
  const text = `{
  "version": 1,
  "virtual_agents": [],
  "chat": {
    "enabeld": true,
    "chat_types": ["wbe"], "opt_in": null
  },
  "cåll": 1, "call": { "enabled": true, "opt_in": true }
}`;
  const cwd = folderOf(t, { "bad.json": text });
  const { status, stdout, stderr } = pst(["validate", "bad.json"], { cwd });
  assert.equal(status, 1);
  assert.equal(stderr, "");
  const lines = stdout.trimEnd().split("\n");
  assert.match(lines[0], /^bad\.json:5:5: error field_unknown at \/chat\/enabeld: .*Did you mean "enabled"\?$/);
  assert.match(lines[1], /^bad\.json:6:20: error value_invalid at \/chat\/chat_types\/0: .*Did you mean "web"\?$/);
  assert.match(lines[2], /^bad\.json:6:38: error type_mismatch at \/chat\/opt_in: /);
  assert.match(lines[3], /^bad\.json:8:3: error field_unknown at \/cåll: /);
  assert.match(lines[4], /^bad\.json:8:41: error opt_in_not_for_calls at \/call\/opt_in: /);
  assert.match(lines[5], /^bad\.json:8:22: error field_missing at \/call\//);
  assert.match(lines.at(-1), /^bad\.json: \d+ errors: refused\.$/);

  const [answer] = jsonLines(pst(["validate", "bad.json", "--format", "json"], { cwd }).stdout);
  assert.equal(answer.type, "failure");
  assert.equal("file" in answer, false);
  const { code, pointer, message, line, column } = answer.errors[0];
  assert.deepEqual(
    { code, pointer, line, column },
    { code: "field_unknown", pointer: "/chat/enabeld", line: 5, column: 5 },
  );
  assert.match(message, /enabled/);
});

test("a text that is no JSON is placed where it breaks", (t) => {
  const cwd = folderOf(t, { "bad.json": '{\n  "version": 1,,\n}' });
  assert.match(pst(["validate", "bad.json"], { cwd }).stdout, /^bad\.json:2:\d+: error json_syntax: /);
});

test("warnings are fine, unless --strict", (t) => {
  const warned = { ...settings, chat: { ...settings.chat, chat_types: ["web", "sms"] } };
  const cwd = folderOf(t, { "settings.json": warned });
  const { status, stdout } = pst(["validate", "settings.json"], { cwd });
  assert.equal(status, 0);
  assert.match(stdout, /^settings\.json:1:\d+: warning chat_type_unsupported at \/chat\/chat_types\/1: /);
  assert.match(stdout, /settings\.json: valid, with 1 warning\.\n$/);
  const strict = pst(["validate", "--strict", "settings.json", "--format=json"], { cwd });
  assert.equal(strict.status, 1);
  assert.equal(jsonLines(strict.stdout)[0].warnings.length, 1);
});

test("of several documents each is named, and one that cannot be read stops none", (t) => {
  const cwd = folderOf(t, { "a.json": settings, "b.json": "[]" });
  const { status, stdout, stderr } = pst(["validate", "a.json", "missing.json", "b.json", "--format", "json"], { cwd });
  assert.equal(status, 2);
  assert.deepEqual(
    jsonLines(stdout).map(({ file, type }) => [file, type]),
    [
      ["a.json", "success"],
      ["b.json", "failure"],
    ],
  );
  assert.equal(stderr, "pst: missing.json: there is no such file.\n");
});

test("standard input is -", () => {
  const answer = pst(["validate", "-"], { input: JSON.stringify(settings) });
  assert.deepEqual(answer, { status: 0, stdout: "<stdin>: valid.\n", stderr: "" });
  assert.match(pst(["validate", "-"]).stdout, /^<stdin>:1:1: error json_syntax/);
});

test("a document without end is refused for its length, and not read to its end", () => {
  const { status, stdout } = pst(["validate", "/dev/zero", "--format", "json"]);
  assert.equal(status, 1);
  assert.equal(jsonLines(stdout)[0].errors[0].code, "json_too_large");
});

test("a sensitive parameter's value is never shown", () => {
  for (const value of ['{"hush":1}', "12345678901234567890", '"hush\\u0000"', `"${"hush".repeat(1000)}"`]) {
    const data_parameters = [{ type: "fixed", field: "pin", value: "HERE", sensitive: true }];
    const text = JSON.stringify({ ...settings, chat: { ...settings.chat, data_parameters } }).replace('"HERE"', value);
    for (const format of ["text", "json"]) {
      const { status, stdout } = pst(["validate", "-", "--format", format], { input: text });
      assert.equal(status, 1);
      assert.match(stdout, /\/chat\/data_parameters\/0\/value/);
      assert.doesNotMatch(stdout, /hush|1234567/);
    }
  }
});
