import type { Arguments } from "./args.js";
import type { ExitCode } from "./commands.js";
import { openSettings, startCore } from "./documents.js";
import { checkReadable } from "./input.js";
import type { Output } from "./output.js";
import { Comparison, readSettings } from "./treatment.js";

export async function run(args: Arguments, out: Output): Promise<ExitCode> {
  const [oldName, newName, sessions] = args.files as [string, string, string?];
  const core = await startCore();
  const old = await openSettings(core, oldName);
  const current = await openSettings(core, newName);
  const documents = { old: readSettings(old.bytes), current: readSettings(current.bytes) };
  const pair = {
    old: old.policy,
    current: current.policy,
    comparison: new Comparison(documents.old, documents.current),
  };
  const report = { out, isJson: args.format === "json", onlySummary: args.flag("summary") };
  if (sessions === undefined) {
    const { diffClasses } = await import("./diff-classes.js");
    return diffClasses(pair, documents, report);
  }
  await checkReadable(sessions);
  const { diffSessions } = await import("./diff-sessions.js");
  return diffSessions(pair, sessions, report);
}
