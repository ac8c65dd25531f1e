// The golden corpus through the package in Node: settings through loadPolicy, decisions through evaluate.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPolicy, SessionError, SettingsError } from "post-session-transfer";
import { readCorpus, sessionBytes, settingsBytes } from "./corpus.mjs";

/** Of an error the keys that the case names are compared, no others. */
const narrowed = (actual, expected) =>
  actual.map((error, i) =>
    Object.fromEntries(Object.keys(expected[i] ?? { code: 0, pointer: 0 }).map((key) => [key, error[key]])),
  );

async function failure(promise, type) {
  const error = await promise.then(
    () => assert.fail("expected a failure"),
    (reason) => reason,
  );
  assert.ok(error instanceof type, `${error}`);
  return error;
}

async function check(golden) {
  if (golden.kind === "settings_failure") {
    const { errors } = await failure(loadPolicy(settingsBytes(golden)), SettingsError);
    assert.deepEqual(narrowed(errors, golden.errors), golden.errors);
    return;
  }
  const hasSettings = golden.kind === "settings_success" || (golden.settings ?? null) !== null;
  const policy = await loadPolicy(hasSettings ? settingsBytes(golden) : undefined);
  try {
    if (golden.kind === "settings_success") {
      assert.deepEqual(narrowed(policy.warnings, golden.warnings), golden.warnings);
    } else if (golden.kind === "session_failure") {
      const text = sessionBytes(golden).toString();
      const { errors } = await failure(
        Promise.resolve().then(() => policy.evaluate(text)),
        SessionError,
      );
      assert.deepEqual(narrowed(errors.slice(0, 1), [golden.error]), [golden.error]);
    } else {
      assert.deepEqual(policy.evaluate(golden.session), golden.expected);
    }
  } finally {
    policy.dispose();
  }
}

// The native runner covers what does not come this way: the host's allow-list and parameters enter a flow, and bytes that are no UTF-8 are no string.
const inReach = (golden) =>
  golden.kind !== "parameters" && golden.facts === undefined && golden.session_base64 === undefined;

const cases = readCorpus().filter(inReach);
for (const file of new Set(cases.map((golden) => golden.file))) {
  test(`${file} holds of the package`, async (t) => {
    for (const golden of cases) if (golden.file === file) await t.test(golden.name, () => check(golden));
  });
}
