import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { Failure } from "../lib/failure.mjs";
import { digest } from "../lib/files.mjs";
import { buildDir, root } from "../lib/paths.mjs";
import { inParallel } from "../lib/pool.mjs";
import { capture, runLogged } from "../lib/process.mjs";
import { cppFiles } from "./cpp-files.mjs";
import { includesOf } from "./includes.mjs";

const database = join(buildDir, "native");
const cleanFolder = join(buildDir, "clang-tidy");

/**
 * Analyses the core's sources; one that was clean with the same text, headers and rules is skipped. The tests are compiled with every warning as an
 * error and run under the sanitizers; looking through GoogleTest's macros on top of that took three quarters of the time and found nothing.
 */
export async function runClangTidy(say) {
  const commands = ownCommands();
  mkdirSync(cleanFolder, { recursive: true });
  const common = digest(capture("clang-tidy-19", ["--version"]).stdout, readFileSync(join(root, ".clang-tidy")));
  const headers = cppFiles();
  const todo = commands
    .map((command) => ({ file: command.file, stamp: join(cleanFolder, fingerprint(command, common, headers)) }))
    .filter(({ stamp }) => !existsSync(stamp));
  if (todo.length > 0) say(`${todo.length} of ${commands.length} files have changed`);

  const findings = await inParallel(todo, availableParallelism(), analyse);
  const found = findings.filter(Boolean);
  if (found.length > 0) throw new Failure(`clang-tidy objects to ${found.length} files.`, found.join("\n\n"));
  return { summary: `${commands.length} files, ${todo.length} of them changed` };
}

async function analyse({ file, stamp }) {
  const args = ["-p", database, "--quiet", file];
  try {
    await runLogged("clang-tidy-19", args, { log: `clang-tidy-${basename(file)}`, excerpt: withoutCounts });
    writeFileSync(stamp, "");
    return undefined;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return error.remedy;
  }
}

function ownCommands() {
  const file = join(database, "compile_commands.json");
  if (!existsSync(file)) throw new Failure("There is no native build to analyse.", "Run: npm run build");
  const core = `${join(root, "wasm")}/`;
  return JSON.parse(readFileSync(file, "utf8")).filter((command) => command.file.startsWith(core));
}

function fingerprint({ file, command }, common, headers) {
  const texts = [file, ...includesOf(file, headers)].map((path) => readFileSync(path));
  return digest(common, command, ...texts);
}

function withoutCounts(output) {
  return output
    .split("\n")
    .filter((line) => !/^\d+ warnings? generated|^Suppressed |^Use -header-filter|^\d+ warnings? treated/.test(line))
    .join("\n");
}
