import { randomUUID } from "node:crypto";
import { realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import type { Core } from "../core.js";
import { harmless } from "../findings.js";
import type { Arguments } from "./args.js";
import type { ExitCode } from "./commands.js";
import { judgeSettings, startCore } from "./documents.js";
import { Failure, Refused } from "./failure.js";
import { formatted } from "./format.js";
import { eachReadable, fileFailure, STANDARD_INPUT, shownName } from "./input.js";
import type { Output } from "./output.js";
import { parsePositions } from "./positions.js";
import { reportFindings } from "./report.js";

export async function run(args: Arguments, out: Output, err: Output): Promise<ExitCode> {
  const [check, write] = [args.flag("check"), args.flag("write")];
  if (check && write) throw new Failure("--check and --write exclude each other.");
  if (!check && !write && args.files.length > 1) throw new Failure("Several documents need --check or --write.");
  if (write && args.files.includes(STANDARD_INPUT)) throw new Failure("Standard input cannot be written to.");
  const core = await startCore();
  let findings = 0;
  const unread = await eachReadable(args.files, err, async (name, bytes) => {
    const file = shownName(name);
    const result = format(core, file, bytes);
    if (result instanceof Refused) {
      findings += 1;
      if (args.format === "json") await out.json({ type: "failure", file, errors: result.errors });
      else await reportFindings(err, file, "error", result.errors);
      return;
    }
    if (!check && !write) return out.document(result);
    const changed = !result.equals(bytes);
    if (changed && write) await replace(name, result);
    if (changed && check) findings += 1;
    if (args.format === "json") await out.json({ type: "success", file, changed });
    else if (changed) await out.line(harmless(file));
  });
  if (unread > 0) return 2;
  return findings > 0 ? 1 : 0;
}

/** Whether a text is JSON is the core's to say. What else is wrong with a document does not matter here. */
function format(core: Core, file: string, bytes: Buffer): Buffer | Refused {
  const judged = judgeSettings(core, bytes);
  if (judged.type === "success") judged.policy.dispose();
  const errors = judged.type === "failure" ? judged.errors.filter(({ code }) => code.startsWith("json_")) : [];
  const { root, isWhole } = parsePositions(bytes);
  if (errors.length > 0 || !isWhole) return new Refused(file, errors);
  return formatted(root);
}

/** In one step: a document is there whole, before and after, whatever happens in between. */
async function replace(name: string, content: Buffer): Promise<void> {
  let beside: string | undefined;
  try {
    // A link stays one.
    const file = await realpath(name);
    const { mode } = await stat(file);
    beside = `${file}.${randomUUID()}`;
    await writeFile(beside, content, { mode, flag: "wx" });
    await rename(beside, file);
  } catch (error) {
    if (beside !== undefined) await rm(beside, { force: true });
    throw fileFailure(name, error);
  }
}
