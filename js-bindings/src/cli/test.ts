import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Arguments } from "./args.js";
import type { ExitCode } from "./commands.js";
import { startCore } from "./documents.js";
import { Failure } from "./failure.js";
import { fileFailure, STANDARD_INPUT } from "./input.js";
import type { Output } from "./output.js";
import { runTestFile } from "./test-file.js";
import { reporterOf } from "./test-report.js";

export async function run(args: Arguments, out: Output): Promise<ExitCode> {
  const files = (await Promise.all((args.files.length > 0 ? args.files : ["."]).map(testFiles))).flat();
  if (files.length === 0) throw new Failure("There are no *_test.json files here.");
  const core = await startCore();
  const reporter = reporterOf(args.format, out);
  await reporter.begin?.();
  let failed = 0;
  let passed = 0;
  for (const file of files) {
    for (const result of await runTestFile(core, file)) {
      if (result.problems.length > 0) failed += 1;
      else passed += 1;
      await reporter.result(result);
    }
  }
  await reporter.end({ passed, failed, files: files.length });
  return failed > 0 ? 1 : 0;
}

/** A file as it is named, or a directory's `*_test.json`, in a fixed order. */
async function testFiles(name: string): Promise<string[]> {
  if (name === STANDARD_INPUT) return [name];
  try {
    if (!(await stat(name)).isDirectory()) return [name];
    const entries = await readdir(name, { withFileTypes: true });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    const found = entries.map((entry) => {
      const path = join(name, entry.name);
      if (entry.isDirectory())
        return entry.name.startsWith(".") || entry.name === "node_modules" ? [] : testFiles(path);
      return entry.name.endsWith("_test.json") ? [path] : [];
    });
    return (await Promise.all(found)).flat();
  } catch (error) {
    throw error instanceof Failure ? error : fileFailure(name, error);
  }
}
