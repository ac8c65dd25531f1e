/** A log as a file, or on standard input. */
import { readLog } from "../replay-log.js";
import type { LogEntry } from "../types.js";
import { Failure } from "./failure.js";
import { readDocument, shownName } from "./input.js";

/** Settings take 4 MiB at most, and the entries a quarter of one; indented, it may be some times as much. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Whatever stands there as JSON; `undefined` for what is none. Throws `Failure` where it cannot be read. */
export async function readJson(name: string): Promise<unknown> {
  const bytes = await readDocument(name, MOST_BYTES);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** Runs what reads a log: a damaged one is a `Failure`. */
export async function withLog<Result>(
  name: string,
  json: unknown,
  use: (log: readonly LogEntry[]) => Promise<Result>,
): Promise<Result> {
  if (json === undefined) throw new Failure(`${shownName(name)}: this is no JSON.`);
  try {
    return await use(readLog(json));
  } catch (error) {
    if ((error as Error).name !== "LogError") throw error;
    throw new Failure(`${shownName(name)}: ${(error as Error).message}`);
  }
}
