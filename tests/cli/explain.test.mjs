import assert from "node:assert/strict";
import { test } from "node:test";
import { evaluate } from "../reference/evaluate.mjs";
import { chat, folderOf, ndjson, pst, settings } from "./pst.mjs";

const explain = (t, session, ...options) => {
  const cwd = folderOf(t, {
    "settings.json": JSON.stringify(settings, null, 2),
    "session.json": JSON.stringify(session, null, 2),
  });
  return pst(["explain", "settings.json", "session.json", ...options], { cwd });
};

test("a refusal says what was seen, which setting decided, why, and what to do", (t) => {
  const { status, stdout } = explain(t, chat({ queue: { id: 503 } }));
  assert.equal(status, 0);
  assert.match(stdout, /^Session 1\n/);
  assert.match(stdout, /✓ yes {2}The SDK is not a mobile SDK\.\n +seen: web\n/);
  assert.match(stdout, /seen: 3\.44\.2; setting: \/rules\/min_sdk_version is not set, so it is "3\.0\.0"\n/);
  assert.match(
    stdout,
    /✗ NO {3}The queue does not switch transfers off\.\n +seen: 503; setting: \/queues\/1\/chat_routing is false\n/,
  );
  assert.match(stdout, /\nOutcome: +skip\. .*\nReason: +queue_disabled\. .*\nWhat to do: +Switch chat_routing on/);
  assert.doesNotMatch(stdout, /Goes to|Data parameters/);
});

test("a transfer says where it goes and what is passed, without sensitive values", (t) => {
  const { stdout } = explain(t, chat({ queue: { id: 999 } }));
  assert.match(stdout, /seen: 999; no queue of the settings has this id\n/);
  assert.match(stdout, /Outcome: +ask\..*\n/);
  assert.match(stdout, /Goes to: +orders\n/);
  assert.match(
    stdout,
    /Data parameters:\n {2}survey_kind = "csat" {3}\(fixed\)\n {2}order_id = "A-1" {3}\(unsigned: order_id\)\n {2}card = "\*\*\*" {3}\(unsigned: card\)\n {2}callback, asked of the consumer\n/,
  );
  assert.match(explain(t, chat({ custom_data: null })).stdout, /order_id, required, but the session carries no value/);
});

test("where the platform requires the transfer, it is said that what failed stops nothing", (t) => {
  const { stdout } = explain(t, chat({ ended_by: "timeout", post_session: { required: true } }));
  assert.match(stdout, /✗ NO {3}Who ended the session/);
  assert.match(stdout, /What failed stops nothing here/);
  assert.match(stdout, /endpoint_conflict/);
});

test("where nothing is configured, no flags are said to have decided", () => {
  const decidedBy = (session) =>
    /\nDecided by: +(.*)\n/.exec(pst(["explain", "--no-settings", "-"], { input: JSON.stringify(session) }).stdout)[1];
  for (const session of [{ id: 1, channel: "call", call_type: "voice_inbound", ended_by: "agent" }, chat()])
    assert.equal(
      decidedBy(session),
      "platform. There are no settings, and without flags of the platform nothing is transferred.",
    );
  assert.equal(decidedBy(chat({ post_session: { required: true } })), "platform. The platform's flags on the chat.");
});

test("the help says what the JSON has beside the decision", () => {
  assert.match(pst(["explain", "--help"]).stdout, /"preview"/);
});

test("as JSON it is the decision with its trace", (t) => {
  const session = chat({ queue: { id: 502 } });
  const { preview, ...decision } = JSON.parse(explain(t, session, "--format", "json").stdout);
  assert.deepEqual(decision, evaluate(settings, session));
  assert.deepEqual(preview, [], "the platform passes its own");
});

test("as JSON it shows each data parameter as the portal's dialog does, whatever the decision", (t) => {
  const shown = (session) =>
    JSON.parse(explain(t, session, "--format", "json").stdout).preview.map(({ field, value, from, reason }) => [
      field,
      value,
      from,
      reason,
    ]);
  const rows = [
    ["survey_kind", "csat", "fixed", null],
    ["order_id", "A-1", "source", null],
    ["card", "***", "source", null],
    ["callback", null, null, "asked_of_consumer"],
  ];
  assert.deepEqual(shown(chat()), rows);
  assert.deepEqual(shown(chat({ ended_by: "timeout" })), rows);
});

test("it says why a parameter has no value, and where a substitute comes from", (t) => {
  const custom = { ...settings, chat: { ...settings.chat } };
  const dynamic = (field, more) => ({ type: "dynamic", field, source: "unsigned", source_field: field, ...more });
  custom.chat.data_parameters = [
    dynamic("none"),
    dynamic("list", { default: 0 }),
    dynamic("needed", { required: true }),
    { type: "fixed", field: "reserved_vip", value: false },
    dynamic("page", { source: "host", default: "d" }),
    dynamic("claim", { source: "signed" }),
  ];
  const token = ["{}", JSON.stringify({ custom_data: { claim: "forged\nOutcome: x" } }), ""].map((part) =>
    Buffer.from(part).toString("base64url"),
  );
  const session = chat({ custom_data: { signed: token.join("."), unsigned: { list: [], reserved_vip: true } } });
  const cwd = folderOf(t, { "settings.json": custom, "session.json": session });
  const { stdout } = pst(["explain", "settings.json", "session.json"], { cwd });
  assert.deepEqual(stdout.trim().split("\n").slice(-6), [
    "  none, left out   (The session does not carry the source field. unsigned: none)",
    "  list = 0   (default: The session carries an object or a list there. unsigned: list)",
    "  needed, required, but the session carries no value   (The session does not carry the source field. unsigned: needed)",
    "  reserved_vip = true   (reserved: custom data goes before fixed)",
    '  page, asked of the page; otherwise "d"',
    '  claim = "forged\\nOutcome: x"   (signed: claim)',
  ]);
});

test("what is no session is refused with its place", (t) => {
  const { status, stdout, stderr } = explain(t, { channel: "chat", id: [] });
  assert.equal(status, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /^session\.json:3:9: error type_mismatch at \/id: /);
  const cwd = folderOf(t, { "settings.json": settings, "two.ndjson": ndjson(chat(), chat()) });
  assert.match(pst(["explain", "settings.json", "two.ndjson"], { cwd }).stderr, /^two\.ndjson:2:\d: error json_syntax/);
});
