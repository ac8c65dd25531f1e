// Runs the golden corpus against the reference: `node tests/golden/check.mjs`. Decisions and parameters only; the reference parses no settings.

import { pathToFileURL } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { evaluate } from "../reference/evaluate.mjs";
import { resolveParameters } from "../reference/parameters.mjs";
import { readCorpus } from "./corpus.mjs";

/** What the reference answers to a case, next to what the case expects; null for the kinds it does not know. */
export function compareWithReference(golden) {
  if (golden.kind === "decision") {
    return { expected: golden.expected, actual: evaluate(golden.settings, golden.session, golden.facts) };
  }
  if (golden.kind === "parameters") {
    const { data_parameters, missing, asks } = golden;
    const actual = resolveParameters(golden.settings, golden.session, golden.facts);
    // As text, so that the order of the parameters counts.
    return { expected: JSON.stringify({ data_parameters, missing, asks }), actual: JSON.stringify(actual) };
  }
  return null;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const counts = {};
  let failures = 0;
  for (const golden of readCorpus()) {
    counts[golden.kind] = (counts[golden.kind] ?? 0) + 1;
    const compared = compareWithReference(golden);
    if (compared === null || isDeepStrictEqual(compared.actual, compared.expected)) continue;
    failures += 1;
    console.log(
      `${golden.file}: ${golden.name}\n  expected ${JSON.stringify(compared.expected)}\n  actual   ${JSON.stringify(compared.actual)}`,
    );
  }
  console.log(`${JSON.stringify(counts)}; ${failures} differ from the reference`);
  process.exitCode = failures === 0 ? 0 : 1;
}
