import assert from "node:assert/strict";
import test from "node:test";
import { compareWithReference } from "./check.mjs";
import { readCorpus, sessionBytes, settingsBytes } from "./corpus.mjs";

const corpus = readCorpus();

test("the corpus and the reference agree on every decision and every parameter", async (t) => {
  for (const golden of corpus) {
    const compared = compareWithReference(golden);
    if (compared === null) continue;
    await t.test(`${golden.file}: ${golden.name}`, () => assert.deepStrictEqual(compared.actual, compared.expected));
  }
});

test("every case has a name of its own in its file", () => {
  const names = corpus.map(({ file, name }) => `${file}: ${name}`);
  assert.equal(new Set(names).size, names.length);
});

test("every check and every reason of the contract is reached, in the passing and the failing direction", () => {
  const decisions = corpus.filter(({ kind }) => kind === "decision");
  const rows = new Set(
    decisions.flatMap(({ expected }) => expected.trace.map(({ check, passed }) => `${check} ${passed}`)),
  );
  const checks =
    "sdk_mobile sdk_known sdk_version channel platform_status platform_required ended_by queue block type_selected type_supported sdk_can_hand_off endpoint_allowed";
  for (const check of checks.split(" ")) {
    assert.ok(rows.has(`${check} true`), `${check} passes somewhere`);
    assert.ok(rows.has(`${check} false`), `${check} fails somewhere`);
  }
  const reasons =
    "mobile_sdk_unsupported sdk_unknown sdk_version_unsupported channel_unsupported already_started platform_not_required ended_by_not_eligible queue_disabled chat_disabled call_disabled chat_type_not_selected call_type_not_selected chat_type_unsupported sdk_cannot_hand_off endpoint_not_allowed not_configured eligible opt_in_required";
  const reached = new Set(decisions.map(({ expected }) => expected.reason));
  assert.deepEqual(
    reasons.split(" ").filter((reason) => !reached.has(reason)),
    [],
  );
});

// The one part of a settings failure that JavaScript itself can check: what is JSON, and what is not.
test("a document of the corpus is JSON exactly where its errors do not say otherwise", () => {
  const lenient = ["json_duplicate_key", "json_too_deep", "json_too_large", "json_number_range", "json_encoding"];
  for (const golden of corpus) {
    let bytes;
    let codes;
    if (golden.kind === "settings_failure")
      [bytes, codes] = [settingsBytes(golden), golden.errors.map(({ code }) => code)];
    else if (golden.kind === "session_failure") [bytes, codes] = [sessionBytes(golden), [golden.error.code]];
    else if (golden.kind === "settings_success") [bytes, codes] = [settingsBytes(golden), []];
    else continue;
    if (codes.some((code) => lenient.includes(code))) continue;
    let isJson = true;
    try {
      JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
    } catch {
      isJson = false;
    }
    assert.equal(isJson, !codes.includes("json_syntax"), `${golden.file}: ${golden.name}`);
  }
});
