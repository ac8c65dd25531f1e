/** `post-session-transfer/replay`, the browser's entry: does again what a log tells, and says where it first comes out differently. */
import { platform } from "./platform-browser.js";
import type { ReplayResult } from "./replay-log.js";
import { assertOn, type Log, type ReplayOptions, replayOn } from "./replay-open.js";

export type { Compared, ReplayDifference, ReplayResult, ReplaySuccess } from "./replay-log.js";
export { LogError } from "./replay-log.js";
export { type Log, ReplayError, type ReplayOptions } from "./replay-open.js";

/** Replays a log in a core of its own: the same states, kinds of effects and decisions? Rejects with `LogError` where it is none, or damaged. */
export function replayLog(log: Log, options: ReplayOptions = {}): Promise<ReplayResult> {
  return replayOn(platform, log, options);
}

/** For tests: rejects with `ReplayError`, which says where, unless everything comes out the same. */
export function assertReplays(log: Log, options: ReplayOptions = {}): Promise<void> {
  return assertOn(platform, log, options);
}
