/** `post-session-transfer/replay` in Node: the same surface as `replay.ts`. */
import { platform } from "./platform-node.js";
import type { ReplayResult } from "./replay-log.js";
import { assertOn, type Log, type ReplayOptions, replayOn } from "./replay-open.js";

export type { Compared, ReplayDifference, ReplayResult, ReplaySuccess } from "./replay-log.js";
export { LogError } from "./replay-log.js";
export { type Log, ReplayError, type ReplayOptions } from "./replay-open.js";

/** As in the browser's entry. */
export function replayLog(log: Log, options: ReplayOptions = {}): Promise<ReplayResult> {
  return replayOn(platform, log, options);
}

/** As in the browser's entry. */
export function assertReplays(log: Log, options: ReplayOptions = {}): Promise<void> {
  return assertOn(platform, log, options);
}
