import { harmless } from "../findings.js";
import type { Arguments } from "./args.js";
import type { ExitCode } from "./commands.js";
import { startCore } from "./documents.js";
import { checkReadable, sessionChunks } from "./input.js";
import { answerLines, type BadLine, countLines, isPlain, readAnswer, readFailure, type Simulated } from "./lines.js";
import type { Output } from "./output.js";
import { Progress } from "./progress.js";
import { openSettingsOrNone } from "./settings-or-none.js";
import { Tally } from "./tally.js";

export async function run(args: Arguments, out: Output): Promise<ExitCode> {
  const core = await startCore();
  const { policy, file } = await openSettingsOrNone(core, args);
  await checkReadable(file);
  const tally = new Tally();
  const isJson = args.format === "json";
  const onlySummary = args.flag("summary");
  const progress = new Progress("sessions");
  for await (const chunk of sessionChunks(file)) {
    const answers = policy.simulateBytes(chunk);
    if (onlySummary) tally.add(answers);
    else if (isJson) await writeJson(out, answers, tally);
    else await writeText(out, answers, tally);
    progress.update(tally.lines);
  }
  progress.clear();
  if (!isJson) await out.write(tally.text(out.style));
  else if (onlySummary) await out.json(tally.json());
  return tally.bad > 0 ? 1 : 0;
}

async function writeJson(out: Output, answers: Uint8Array, tally: Tally): Promise<void> {
  const before = tally.lines;
  if (isPlain(answers)) {
    tally.lines += countLines(answers);
    return out.document(answers);
  }
  const parts: Uint8Array[] = [];
  let line = before;
  for (const answer of answerLines(answers)) {
    line += 1;
    if (answer.length === 0) continue;
    const bad = readFailure(answer, line);
    if (bad !== null) tally.bad += 1;
    parts.push(bad === null ? answer : Buffer.from(JSON.stringify(bad)), NEWLINE);
  }
  tally.lines = line;
  return out.document(Buffer.concat(parts));
}

const NEWLINE = Buffer.from("\n");

async function writeText(out: Output, answers: Uint8Array, tally: Tally): Promise<void> {
  let line = tally.lines;
  const parts: string[] = [];
  tally.add(answers);
  for (const bytes of answerLines(answers)) {
    line += 1;
    if (bytes.length === 0) continue;
    const answer = readAnswer(bytes, line);
    parts.push("error" in answer ? badText(out, answer) : sessionText(out, answer), "\n");
  }
  await out.write(parts.join(""));
}

export function badText({ style }: Output, { line, error }: BadLine): string {
  const at = error.pointer === "" ? "" : ` at ${harmless(error.pointer)}`;
  const column = error.column === undefined ? "" : `, column ${error.column}`;
  return `line ${line}${column}: ${style.bad("error")} ${error.code}${at}: ${harmless(error.message)}`;
}

function sessionText({ style }: Output, answer: Simulated): string {
  const { id, outcome, reason, level, virtual_agent, data_parameters, missing = [], asks = [] } = answer;
  const goes = outcome === "transfer" || outcome === "ask";
  const parts = [`${harmless(String(id))}: ${goes ? style.good(outcome) : outcome} (${reason})`];
  if (virtual_agent !== null) parts.push(`to ${harmless(virtual_agent)}`);
  if (level !== null) parts.push(`level ${level}`);
  const passed = Object.entries(data_parameters).map(([field, value]) => `${field}=${JSON.stringify(value)}`);
  if (passed.length > 0) parts.push(harmless(passed.join(" ")));
  if (asks.length > 0) parts.push(`asks for ${asks.join(" ")}`);
  if (missing.length > 0) parts.push(style.warn(`missing ${missing.join(" ")}`));
  return parts.join(", ");
}
