#!/usr/bin/env node
/** The command line's entry: finds the command, loads it, and turns what it throws into a line and an exit code. */
import { harmless } from "../findings.js";
import { meant, quoted, readArguments } from "./args.js";
import { COMMANDS, type ExitCode } from "./commands.js";
import { Failure, Refused } from "./failure.js";
import { Output } from "./output.js";

/** Set by the build. */
declare const PST_VERSION: string;

const COULD_NOT_RUN = 2;
const NOBODY_READS = new Set(["EPIPE", "ERR_STREAM_DESTROYED"]);

const out = new Output(process.stdout);
const err = new Output(process.stderr);

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // The reader has what it wanted: `pst … | head` is no failure.
  if (NOBODY_READS.has(error.code ?? "")) process.exit(0);
  process.stderr.write(`pst: the output could not be written: ${error.message}.\n`);
  process.exit(COULD_NOT_RUN);
});
process.stderr.on("error", () => process.exit(COULD_NOT_RUN));

async function main(args: readonly string[]): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === undefined) {
    const { generalHelp } = await import("./help.js");
    await err.write(generalHelp());
    return COULD_NOT_RUN;
  }
  if (name === "--version") {
    await out.line(`pst ${PST_VERSION}`);
    return 0;
  }
  if (name === "--help" || name === "-h" || name === "help") return help(rest[0]);
  const command = find(name);
  const read = readArguments(command, rest);
  if (read.flag("help")) return help(name);
  const { run } = await command.load();
  try {
    return await run(read, out, err);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { file, errors } = error;
    if (read.format === "json") {
      await out.json({ type: "failure", file, errors });
    } else {
      const { reportFindings } = await import("./report.js");
      await reportFindings(err, file, "error", errors);
    }
    return 1;
  }
}

async function help(name: string | undefined): Promise<ExitCode> {
  const { commandHelp, generalHelp } = await import("./help.js");
  await out.write(name === undefined ? generalHelp() : commandHelp(find(name)));
  return 0;
}

function find(name: string) {
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command !== undefined) return command;
  const what = name.startsWith("-") ? "option" : "command";
  const names = what === "option" ? ["--help", "--version"] : COMMANDS.map((candidate) => candidate.name);
  throw new Failure(`There is no ${what} ${quoted(name)}. ${meant(name, names, "See pst --help.")}`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = COULD_NOT_RUN;
  // What is no Failure is our own mistake, and has to be found.
  const what = error instanceof Failure ? harmless(error.message) : String((error as Error)?.stack ?? error);
  await err.line(`pst: ${what}`);
}
