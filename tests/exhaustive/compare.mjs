// Compares an injected evaluate with the reference over every combination.

import { isDeepStrictEqual } from "node:util";
import { evaluate as reference } from "../reference/evaluate.mjs";
import { groups as allGroups } from "./combinations.mjs";

const SHOWN = 5;

/** Whether two decisions are the same. Their texts are compared first because it is quick; the order of keys does not count. */
export const isSame = (actual, expected) =>
  JSON.stringify(actual) === JSON.stringify(expected) || isDeepStrictEqual(actual, expected);

/**
 * @param load settings (or undefined) → `(session, facts) => decision`, or a promise of it; called once for each settings document
 * @param options.groups the combinations; all of them unless told
 * @param options.takesAllowList false where the product cannot be told what the host allows: those combinations are counted and left out
 * @param options.stopAfter differences after which it ends (0 = never)
 * @returns `{combinations, documents, leftOut, differences, shown, byRegion}`
 */
export async function compare(load, { groups = allGroups(), takesAllowList = true, stopAfter = 0 } = {}) {
  const result = { combinations: 0, documents: 0, leftOut: 0, differences: 0, shown: [], byRegion: {} };
  for (const { region, settings, combinations } of groups) {
    const loaded = await load(settings);
    const evaluate = loaded.evaluate ?? loaded;
    result.documents += 1;
    let inside = 0;
    for (const { session, facts } of combinations()) {
      if (facts !== undefined && !takesAllowList) {
        result.leftOut += 1;
        continue;
      }
      inside += 1;
      const expected = reference(settings, session, facts);
      let actual;
      try {
        actual = evaluate(session, facts);
      } catch (error) {
        actual = { threw: String(error) };
      }
      if (isSame(actual, expected)) continue;
      result.differences += 1;
      if (result.shown.length < SHOWN) result.shown.push({ region, settings, session, facts, expected, actual });
      if (result.differences === stopAfter) break;
    }
    result.combinations += inside;
    result.byRegion[region] = (result.byRegion[region] ?? 0) + inside;
    loaded.dispose?.();
    if (stopAfter > 0 && result.differences >= stopAfter) break;
  }
  return result;
}

/** What a person needs to see of the differences. */
export function describe({ combinations, documents, leftOut, differences, shown, byRegion }) {
  const number = (value) => value.toLocaleString("en");
  const lines = [
    `${number(combinations)} combinations over ${number(documents)} settings documents, ${number(differences)} differences`,
  ];
  for (const [region, count] of Object.entries(byRegion)) lines.push(`  ${region}: ${number(count)}`);
  if (leftOut > 0) lines.push(`  left out, since the product cannot be told an allow-list: ${number(leftOut)}`);
  for (const { region, settings, session, facts, expected, actual } of shown) {
    lines.push(
      `${region}:`,
      `  settings ${JSON.stringify(settings)}`,
      `  session  ${JSON.stringify(session)}`,
      `  facts    ${JSON.stringify(facts)}`,
      `  expected ${JSON.stringify(expected)}`,
      `  actual   ${JSON.stringify(actual)}`,
    );
  }
  return lines.join("\n");
}
