import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { settings as benchSettings, sessions } from "../bench/inputs.mjs";
import { evaluate } from "../reference/evaluate.mjs";
import { resolveParameters } from "../reference/parameters.mjs";
import { chat, folderOf, jsonLines, ndjson, PST, pst, settings } from "./pst.mjs";

const MiB = 1024 * 1024;

/** What the contract says about one session. */
function expected(document, session) {
  const { outcome, reason, level, virtual_agent, opt_in, data_records } = evaluate(document, session);
  const { data_parameters, missing, asks } = resolveParameters(document, session);
  const lists = { ...(missing.length > 0 ? { missing } : {}), ...(asks.length > 0 ? { asks } : {}) };
  const { id } = session;
  return { id, outcome, reason, level, virtual_agent, opt_in, data_parameters, data_records, ...lists };
}

test("one line a session, in order, in the contract's fields and their order", (t) => {
  const cwd = folderOf(t, { "settings.json": benchSettings });
  const { status, stdout } = pst(["simulate", "settings.json", "-", "--format", "json"], {
    cwd,
    input: ndjson(...sessions),
  });
  assert.equal(status, 0);
  assert.equal(stdout, ndjson(...sessions.map((session) => expected(benchSettings, session))));
});

test("missing and asks are there when they name something; sensitive values are masked", (t) => {
  const cwd = folderOf(t, { "settings.json": settings });
  const input = ndjson(chat(), chat({ custom_data: null }), chat({ queue: { id: 503 } }));
  const { stdout } = pst(["simulate", "settings.json", "-", "--format", "json"], { cwd, input });
  const [full, without, skipped] = jsonLines(stdout);
  assert.deepEqual(full.data_parameters, { survey_kind: "csat", order_id: "A-1", card: "***" });
  assert.deepEqual(full.asks, ["callback"]);
  assert.equal("missing" in full, false);
  assert.deepEqual(without.missing, ["order_id"]);
  assert.deepEqual([skipped.data_parameters, "asks" in skipped], [{}, false]);
  const text = pst(["simulate", "settings.json", "-"], { cwd, input }).stdout;
  assert.match(
    text,
    /^1: ask \(opt_in_required\), to orders, level global, survey_kind="csat" order_id="A-1" card="\*\*\*", asks for callback\n/,
  );
  assert.doesNotMatch(stdout + text, /4111/);
});

test("a line that is no session is an error with its number, and the run goes on", (t) => {
  const cwd = folderOf(t, { "settings.json": settings });
  const bad = ["nonsense", "[]", '{"id":true}', '{"channel":"chat"}', '{"id":1,"id":2}', '{"type":"failure"}'];
  const input = `\n${JSON.stringify(chat())}\r\n  \t\r\n${bad.join("\n")}\n\n\n${JSON.stringify(chat({ id: "last" }))}`;
  const { status, stdout, stderr } = pst(["simulate", "settings.json", "-", "--format", "json"], { cwd, input });
  assert.equal(status, 1);
  assert.equal(stderr, "");
  const lines = jsonLines(stdout);
  assert.deepEqual(
    lines.map(({ id, line, error }) => id ?? [line, error.code, error.pointer]),
    [
      "1",
      [4, "json_syntax", ""],
      [5, "type_mismatch", ""],
      [6, "type_mismatch", "/id"],
      [7, "field_missing", "/id"],
      [8, "json_duplicate_key", "/id"],
      [9, "field_missing", "/id"],
      "last",
    ],
  );
  for (const { error } of lines) if (error) assert.equal(typeof error.message, "string");
  assert.equal(stdout.split("\n").length, lines.length + 1);
  const text = pst(["simulate", "settings.json", "-"], { cwd, input });
  assert.equal(text.status, 1);
  assert.match(text.stdout, /^line 4, column \d: error json_syntax: /m);
  assert.match(text.stdout, /^6 lines are no session$/m);
});

test("an error shows no value of a session", (t) => {
  const cwd = folderOf(t, { "settings.json": settings });
  const input = '{"id":1,"custom_data":{"unsigned":{"card":41111111111111111111,"pin":"hush\\u0000"}}}\n';
  for (const format of ["json", "text"])
    assert.doesNotMatch(
      pst(["simulate", "settings.json", "-", "--format", format], { cwd, input }).stdout,
      /4111|hush/,
    );
});

test("--summary counts by outcome and reason", (t) => {
  const cwd = folderOf(t, { "settings.json": settings });
  const hostileId = '","outcome":"transfer","reason":"eligible"';
  const input = `${ndjson(chat(), chat({ id: hostileId, queue: { id: 503 } }), chat())}oops\n\n`;
  const { status, stdout } = pst(["simulate", "settings.json", "-", "--summary", "--format", "json"], { cwd, input });
  assert.equal(status, 1);
  assert.deepEqual(JSON.parse(stdout), {
    sessions: 3,
    errors: 1,
    outcomes: { ask: 2, skip: 1 },
    reasons: { opt_in_required: 2, queue_disabled: 1 },
  });
  const text = pst(["simulate", "settings.json", "-", "--summary"], { cwd, input }).stdout;
  assert.match(text, /^3 sessions\n {2}ask +2\n {4}opt_in_required +2\n {2}skip +1\n/);
});

test("an integer id counts as a text does: in --summary, in the totals, and without settings", (t) => {
  const cwd = folderOf(t, { "settings.json": settings });
  const input = ndjson(chat({ id: 12345 }), chat({ id: "a" }), chat({ id: -7, queue: { id: 503 } }));
  const counts = (...args) =>
    JSON.parse(pst(["simulate", ...args, "--summary", "--format", "json"], { cwd, input }).stdout);
  assert.deepEqual(counts("settings.json", "-"), {
    sessions: 3,
    errors: 0,
    outcomes: { ask: 2, skip: 1 },
    reasons: { opt_in_required: 2, queue_disabled: 1 },
  });
  assert.deepEqual(counts("--no-settings", "-").reasons, { not_configured: 3 });
  assert.match(pst(["simulate", "settings.json", "-"], { cwd, input }).stdout, /^3 sessions\n {2}ask +2\n/m);
});

test("without settings the platform's flags decide", () => {
  const input = ndjson(chat(), chat({ post_session: { required: true } }));
  const { stdout } = pst(["simulate", "--no-settings", "-", "--format", "json"], { input });
  assert.deepEqual(
    jsonLines(stdout).map(({ reason }) => reason),
    ["not_configured", "opt_in_required"],
  );
});

test("lines are found wherever the chunks end, and a line of 5 MiB is refused like any other", (t) => {
  const long = (size) => chat({ id: `long ${size}`, note: "x".repeat(size) });
  const all = [
    chat({ id: "first" }),
    long(300_000),
    chat(),
    long(2 * MiB),
    long(5 * MiB),
    chat({ id: "é" }),
    long(9 * MiB),
    chat({ id: "last" }),
  ];
  const cwd = folderOf(t, { "settings.json": settings, "sessions.ndjson": ndjson(...all) });
  const { status, stdout } = pst(["simulate", "settings.json", "sessions.ndjson", "--format", "json"], { cwd });
  assert.equal(status, 1);
  assert.deepEqual(
    jsonLines(stdout).map(({ id, line, error }) => id ?? [line, error.code]),
    ["first", "long 300000", "1", `long ${2 * MiB}`, [5, "json_too_large"], "é", [7, "json_too_large"], "last"],
  );
});

/** Runs `simulate` on what `write` puts into its standard input; `{lines, peak}`: lines that came out, the most memory in bytes. */
async function streamed(cwd, write) {
  const report = "process.on('exit',()=>process.stderr.write(String(process.resourceUsage().maxRSS)))";
  const args = [
    "--import",
    `data:text/javascript,${report}`,
    PST,
    "simulate",
    "settings.json",
    "-",
    "--format",
    "json",
  ];
  const child = spawn(process.execPath, args, { cwd });
  let lines = 0;
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  child.stdout.on("data", (chunk) => {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1;
  });
  await write(child.stdin);
  child.stdin.end();
  await once(child, "close");
  return { lines, peak: Number(stderr) * 1024 };
}

test("memory stays flat over a million sessions, and over a line without end", async (t) => {
  const cwd = folderOf(t, { "settings.json": settings });
  const sessions = (count) => async (stdin) => {
    const block = Buffer.from('{"id":"s","channel":"chat","sdk":{"platform":"ios"}}\n'.repeat(10_000));
    for (let n = 0; n < count; n += 10_000) if (!stdin.write(block)) await once(stdin, "drain");
  };
  const few = await streamed(cwd, sessions(50_000));
  const many = await streamed(cwd, sessions(1_000_000));
  assert.equal(few.lines, 50_000);
  assert.equal(many.lines, 1_000_000);
  const grown = (many.peak - few.peak) / MiB;
  t.diagnostic(
    `${(few.peak / MiB).toFixed(0)} MiB at 50,000 sessions, ${(many.peak / MiB).toFixed(0)} MiB at 1,000,000`,
  );
  assert.ok(grown < 32, `${grown} MiB more`);
  const endless = await streamed(cwd, async (stdin) => {
    const block = Buffer.alloc(MiB, "x");
    for (let n = 0; n < 300; n += 1) if (!stdin.write(block)) await once(stdin, "drain");
  });
  assert.equal(endless.lines, 1);
  assert.ok((endless.peak - few.peak) / MiB < 96, `${(endless.peak - few.peak) / MiB} MiB more`);
});
