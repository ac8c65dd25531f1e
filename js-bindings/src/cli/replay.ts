import { harmless } from "../findings.js";
import { type ReplaySuccess, replayIn } from "../replay-log.js";
import { inWords } from "../replay-words.js";
import type { Arguments } from "./args.js";
import type { ExitCode } from "./commands.js";
import { startCore } from "./documents.js";
import { shownName } from "./input.js";
import { readJson, withLog } from "./log-file.js";
import type { Output } from "./output.js";
import { plural } from "./text.js";

export async function run(args: Arguments, out: Output): Promise<ExitCode> {
  const [name] = args.files as [string];
  return withLog(name, await readJson(name), async (log) => {
    const result = replayIn(await startCore(), log);
    const words = result.type === "success" ? sameInWords(result) : inWords(result);
    if (args.format === "json") await out.json(result);
    else await out.line(harmless(`${shownName(name)}: ${words}`));
    return result.type === "success" ? 0 : 1;
  });
}

function sameInWords({ entries, sessions, incomplete }: ReplaySuccess): string {
  const same = `${plural(entries, "entry", "entries")} of ${plural(sessions, "session")}: the same states and effects.`;
  if (incomplete.length === 0) return same;
  return `${same} The log does not hold session ${incomplete.join(" and ")} to its end: the rest could not be replayed.`;
}
