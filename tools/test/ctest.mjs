import { mkdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { readIfExists } from "../lib/files.mjs";
import { buildDir } from "../lib/paths.mjs";
import { runLogged } from "../lib/process.mjs";
import { countsFromJUnit } from "./counts.mjs";

const sanitizers = {
  ASAN_OPTIONS: "strict_string_checks=1:detect_stack_use_after_return=1:check_initialization_order=1",
  UBSAN_OPTIONS: "print_stacktrace=1",
  ASAN_SYMBOLIZER_PATH: "/usr/bin/llvm-symbolizer-19",
};

/** Runs the GoogleTest suite of a preset; shows only what failed. */
export async function runCTest(preset) {
  const results = join(buildDir, "test-results", `ctest-${preset}.xml`);
  mkdirSync(join(results, ".."), { recursive: true });
  rmSync(results, { force: true });
  const args = [
    ...["--test-dir", join(buildDir, preset), "--output-on-failure", "--no-tests=error"],
    ...["--parallel", String(availableParallelism()), "--timeout", "120", "--output-junit", results],
  ];
  const status = await runLogged("ctest", args, {
    log: `ctest-${preset}`,
    env: sanitizers,
    excerpt: onlyFailures,
  }).then(
    () => 0,
    (failure) => {
      console.log(`${failure.message}\n${failure.remedy}`);
      return 1;
    },
  );
  return { status, counts: countsFromJUnit(readIfExists(results) ?? "") };
}

/** CTest's output without the lines that say that a test starts or has passed. */
function onlyFailures(output) {
  return output
    .split("\n")
    .filter((line) => !/^\s*Start +\d+: |^\s*\d+\/\d+ Test +#.* Passed /.test(line))
    .join("\n");
}
