/** What both entries for replays do. */
import { Core } from "./core.js";
import { PostSessionError } from "./errors.js";
import type { Platform } from "./platform.js";
import { LogError, type ReplayDifference, type ReplayResult, readLog, replayIn } from "./replay-log.js";
import { inWords } from "./replay-words.js";
import type { LogEntry, WasmOptions } from "./types.js";

export interface ReplayOptions {
  readonly wasm?: WasmOptions;
}

/** What `log()` gave, or its JSON. */
export type Log = readonly LogEntry[] | string;

/** A log came out differently (`replay_differs`). The message says where first. */
export class ReplayError extends PostSessionError {
  declare readonly code: "replay_differs";
  readonly difference: ReplayDifference;

  constructor(difference: ReplayDifference) {
    super("ReplayError", "replay_differs", inWords(difference));
    this.difference = difference;
  }
}

export async function replayOn(platform: Platform, log: Log, { wasm = {} }: ReplayOptions): Promise<ReplayResult> {
  const entries = readLog(typeof log === "string" ? parsed(log) : log);
  return replayIn(await Core.start(await platform.compile(wasm)), entries);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LogError(null, "The log is no JSON.", "log_invalid", error);
  }
}

export async function assertOn(platform: Platform, log: Log, options: ReplayOptions): Promise<void> {
  const result = await replayOn(platform, log, options);
  if (result.type === "difference") throw new ReplayError(result);
}
