// The golden corpus in a real browser: the package as a page loads it, under the strict policy.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startDemo } from "../../demo-web/server/start.mjs";
import { readCorpus } from "../golden/corpus.mjs";
import { useChromium } from "./support/demo-page.mjs";

const chromium = useChromium();

/** Bytes and generated documents are the other runners' part: they would only test how this one passes them on. */
const cases = readCorpus().filter(
  ({ kind, facts, settings, settings_text: text }) =>
    (kind === "decision" && facts === undefined) ||
    (kind.startsWith("settings_") && (settings !== undefined || text !== undefined)),
);

test("the browser answers the corpus as everything else does", async () => {
  const demo = await startDemo();
  const page = await chromium().newPage();
  try {
    await page.goto(`${demo.pageUrl}/?scenario=no-opt-in`);
    const answers = await page.evaluate(async (corpus) => {
      const { loadPolicy } = await import("/package/index.js");
      const narrow = ({ code, pointer, line, column }) => ({ code, pointer, line, column });
      const answer = async ({ kind, settings, settings_text: text, session }) => {
        try {
          const policy = await loadPolicy(text ?? settings ?? undefined);
          const result = kind === "decision" ? policy.evaluate(session) : policy.warnings.map(narrow);
          policy.dispose();
          return result;
        } catch (error) {
          return error.errors?.map(narrow) ?? String(error);
        }
      };
      const all = [];
      for (const golden of corpus) all.push(await answer(golden));
      return all;
    }, cases);

    assert.ok(cases.length > 500, `only ${cases.length} cases`);
    for (const [i, golden] of cases.entries()) {
      const expected = golden.expected ?? golden.errors ?? golden.warnings;
      const keys = (index) => Object.keys(expected[index] ?? { code: 0 });
      const actual =
        golden.kind === "decision"
          ? answers[i]
          : answers[i].map((finding, at) => Object.fromEntries(keys(at).map((key) => [key, finding[key]])));
      assert.deepEqual(actual, expected, `${golden.file}: ${golden.name}`);
    }
    assert.deepEqual(demo.violations(), []);
  } finally {
    await page.close();
    await demo.close();
  }
});
