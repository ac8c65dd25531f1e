import { mkdirSync, rmSync } from "node:fs";
import { join, sep } from "node:path";
import { filesUnder, readIfExists } from "../lib/files.mjs";
import { buildDir, root } from "../lib/paths.mjs";
import { runShown } from "../lib/process.mjs";
import { countsFromTap, emptyCounts } from "./counts.mjs";

const everyTest = () => filesUnder(join(root, "tests"), (file) => file.endsWith(".test.mjs"));
const inFolder = (folder) => (file) => file.startsWith(join(root, "tests", folder) + sep);

/** The `*.test.mjs` files below a folder of `tests/`. */
export function testsIn(folder) {
  return everyTest().filter(inFolder(folder));
}

/** All the others: a new folder's tests are run without being listed anywhere. */
export function testsOutside(...folders) {
  return everyTest().filter((file) => !folders.some((folder) => inFolder(folder)(file)));
}

/**
 * Runs test files with Node's own runner.
 * @param {string} name of the results file
 * @param {{concurrency?: number, testSeconds?: number}} [options] a test that takes longer than `testSeconds` fails
 */
export async function runNodeTests(name, files, { concurrency = 2, testSeconds = 120 } = {}) {
  if (files.length === 0) return { status: 0, counts: emptyCounts() };
  const results = join(buildDir, "test-results", `${name}.tap`);
  mkdirSync(join(results, ".."), { recursive: true });
  rmSync(results, { force: true });
  const args = [
    ...["--test", `--test-concurrency=${concurrency}`, `--test-timeout=${testSeconds * 1000}`],
    ...["--test-reporter=spec", "--test-reporter-destination=stdout"],
    ...["--test-reporter=tap", `--test-reporter-destination=${results}`],
    ...files,
  ];
  const status = await runShown(process.execPath, args);
  return { status, counts: countsFromTap(readIfExists(results) ?? "") };
}
