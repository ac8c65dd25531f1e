import { harmless } from "../findings.js";
import type { Arguments } from "./args.js";
import type { ExitCode } from "./commands.js";
import { type Judged, judgeSettings, startCore } from "./documents.js";
import { eachReadable, shownName } from "./input.js";
import type { Output } from "./output.js";
import { reportFindings } from "./report.js";
import { plural } from "./text.js";

export async function run(args: Arguments, out: Output, err: Output): Promise<ExitCode> {
  const core = await startCore();
  let failures = 0;
  let errors = 0;
  let warnings = 0;
  const unread = await eachReadable(args.files, err, async (name, bytes) => {
    const judged = judgeSettings(core, bytes);
    if (judged.type === "failure") failures += 1;
    errors += judged.type === "failure" ? judged.errors.length : 0;
    warnings += judged.type === "success" ? judged.warnings.length : 0;
    if (args.format === "json") await writeJson(out, args.files.length > 1 ? shownName(name) : undefined, judged);
    else await writeText(out, shownName(name), judged);
    if (judged.type === "success") judged.policy.dispose();
  });
  if (args.format === "text" && args.files.length > 1)
    await out.line(
      `${plural(args.files.length - unread, "document")}: ${plural(errors, "error")}, ${plural(warnings, "warning")}.`,
    );
  if (unread > 0) return 2;
  return failures > 0 || (args.flag("strict") && warnings > 0) ? 1 : 0;
}

async function writeJson(out: Output, file: string | undefined, judged: Judged): Promise<void> {
  const named = file === undefined ? {} : { file };
  if (judged.type === "success") await out.json({ type: "success", ...named, warnings: judged.warnings });
  else await out.json({ type: "failure", ...named, errors: judged.errors });
}

/** Findings, and one line to end with. */
async function writeText(out: Output, name: string, judged: Judged): Promise<void> {
  const { style } = out;
  const file = harmless(name);
  if (judged.type === "failure") {
    await reportFindings(out, file, "error", judged.errors);
    await out.line(`${file}: ${style.bad(`${plural(judged.errors.length, "error")}: refused`)}.`);
    return;
  }
  const { warnings } = judged;
  await reportFindings(out, file, "warning", warnings);
  const also = warnings.length > 0 ? `, with ${style.warn(plural(warnings.length, "warning"))}` : "";
  await out.line(`${file}: ${style.good("valid")}${also}.`);
}
