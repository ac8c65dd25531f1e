import assert from "node:assert/strict";
import { lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readCorpus } from "../golden/corpus.mjs";
import { folderOf, jsonLines, pst, settings } from "./pst.mjs";

const formatted = (text) => pst(["fmt", "-"], { input: text });

test("two spaces, one value a line, fields in the reference's order, unknown ones behind", () => {
  const text = `{"queues":[{"chat_routing":false,"id":1.50e1}],"x":{"b":1,"a":{}},"version":1,
    "chat":{"data_records":{"in_crm_record":true,"in_metadata":false},"opt_in":true,"enabled":true,"list":[]},
    "virtual_agents":[{"endpoint":{"url":"https:\\/\\/x.example","kind":"webhook"},"name":"\\u202e é","id":"a"}]}`;
  assert.deepEqual(formatted(text), {
    status: 0,
    stderr: "",
    stdout: `{
  "version": 1,
  "virtual_agents": [
    {
      "id": "a",
      "name": "\\u202e é",
      "endpoint": {
        "kind": "webhook",
        "url": "https:\\/\\/x.example"
      }
    }
  ],
  "chat": {
    "enabled": true,
    "opt_in": true,
    "data_records": {
      "in_metadata": false,
      "in_crm_record": true
    },
    "list": []
  },
  "queues": [
    {
      "id": 1.50e1,
      "chat_routing": false
    }
  ],
  "x": {
    "b": 1,
    "a": {}
  }
}
`,
  });
});

test("a document in the right order comes out as JSON.stringify writes it", () => {
  assert.equal(formatted(JSON.stringify(settings)).stdout, `${JSON.stringify(settings, null, 2)}\n`);
});

/** A value of all kinds, with names that the reference knows and names that it does not. */
function randomValue(random, depth) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const names = [
    "id",
    "name",
    "kind",
    "url",
    "chat",
    "rules",
    "data_parameters",
    "field",
    "type",
    "zz",
    "é\u202e",
    "",
    '"\\/',
  ];
  const kind = Math.floor(random() * (depth > 5 ? 4 : 7));
  if (kind === 0) return pick([0, -1.5, 1e300, 5e-324, 9007199254740991]);
  if (kind === 1) return pick(["", "a", 'q"\\', "é\u0001\u2028", "𝄞"]);
  if (kind === 2) return pick([true, false, null]);
  if (kind === 3) return pick([[], {}]);
  const size = Math.floor(random() * 4);
  if (kind === 4) return Array.from({ length: size }, () => randomValue(random, depth + 1));
  return Object.fromEntries(Array.from({ length: size }, () => [pick(names), randomValue(random, depth + 1)]));
}

function seeded(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

test("formatting changes no content, and formatting again changes nothing", (t) => {
  const random = seeded(7);
  const documents = Array.from({ length: 200 }, () => ({
    queues: [randomValue(random, 0)],
    chat: randomValue(random, 0),
    version: 1,
    ...(random() < 0.5 ? { virtual_agents: [randomValue(random, 0)] } : {}),
  }));
  documents.push(...readCorpus().flatMap(({ settings: document }) => (document ? [document] : [])));
  const names = documents.map((_, index) => `${index}.json`);
  const cwd = folderOf(t, Object.fromEntries(documents.map((document, index) => [names[index], document])));
  assert.equal(pst(["fmt", "--write", ...names], { cwd }).status, 0);
  const texts = names.map((name) => readFileSync(join(cwd, name), "utf8"));
  for (const [index, text] of texts.entries()) {
    assert.deepEqual(JSON.parse(text), documents[index]);
    assert.equal(text.endsWith("}\n"), true);
  }
  assert.deepEqual(pst(["fmt", "--check", ...names], { cwd }), { status: 0, stdout: "", stderr: "" });
  assert.deepEqual(pst(["fmt", "--write", ...names], { cwd }), { status: 0, stdout: "", stderr: "" });
  assert.deepEqual(
    names.map((name) => readFileSync(join(cwd, name), "utf8")),
    texts,
  );
});

test("--check lists what would change, and changes nothing; --write changes it, and keeps mode and links", (t) => {
  const cwd = folderOf(t, { "a.json": JSON.stringify(settings), "b.json": `${JSON.stringify(settings, null, 2)}\n` });
  writeFileSync(join(cwd, "c.json"), JSON.stringify(settings), { mode: 0o640 });
  symlinkSync("c.json", join(cwd, "link.json"));
  const names = ["a.json", "b.json", "link.json"];
  assert.deepEqual(pst(["fmt", "--check", ...names], { cwd }), {
    status: 1,
    stdout: "a.json\nlink.json\n",
    stderr: "",
  });
  assert.equal(readFileSync(join(cwd, "a.json"), "utf8"), JSON.stringify(settings));
  assert.deepEqual(pst(["fmt", "--write", ...names], { cwd }), {
    status: 0,
    stdout: "a.json\nlink.json\n",
    stderr: "",
  });
  assert.equal(lstatSync(join(cwd, "link.json")).isSymbolicLink(), true);
  assert.equal(statSync(join(cwd, "c.json")).mode & 0o777, 0o640);
  assert.deepEqual(readdirSync(cwd).sort(), ["a.json", "b.json", "c.json", "link.json"]);
  assert.deepEqual(jsonLines(pst(["fmt", "--check", "a.json", "--format", "json"], { cwd }).stdout), [
    { type: "success", file: "a.json", changed: false },
  ]);
});

test("what is no JSON is refused, and stays as it is", (t) => {
  const texts = { "a.json": '{"version":1,}', "b.json": '{"a":1,"a":2}', "c.json": "\ufeff{}", "d.json": "" };
  const cwd = folderOf(t, texts);
  const { status, stdout, stderr } = pst(["fmt", "--write", ...Object.keys(texts)], { cwd });
  assert.equal(status, 1);
  assert.equal(stdout, "");
  assert.deepEqual(
    stderr
      .trimEnd()
      .split("\n")
      .map((line) => line.replace(/^(.*?): error (\w+).*$/, "$1 $2")),
    ["a.json:1:14 json_syntax", "b.json:1:8 json_duplicate_key", "c.json:1:1 json_encoding", "d.json:1:1 json_syntax"],
  );
  for (const [name, text] of Object.entries(texts)) assert.equal(readFileSync(join(cwd, name), "utf8"), text);
});

test("a document with other errors is formatted all the same", () => {
  assert.equal(formatted('{"wrong":true,"version":2}').stdout, '{\n  "version": 2,\n  "wrong": true\n}\n');
});
