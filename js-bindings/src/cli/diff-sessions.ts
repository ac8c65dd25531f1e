/** Which of many sessions would be treated differently. */
import type { CorePolicy } from "../core.js";
import { harmless } from "../findings.js";
import type { ExitCode } from "./commands.js";
import { sessionChunks } from "./input.js";
import { answerLines, countLines, isPlain, readAnswer, readFailure } from "./lines.js";
import type { Output } from "./output.js";
import { Progress } from "./progress.js";
import { badText } from "./simulate.js";
import { count, plural } from "./text.js";
import { type Comparison, changeText } from "./treatment.js";

export interface Pair {
  readonly old: CorePolicy;
  readonly current: CorePolicy;
  readonly comparison: Comparison;
}

export interface Report {
  readonly out: Output;
  readonly isJson: boolean;
  readonly onlySummary: boolean;
}

/** More kinds of change than these are counted as others: a summary is to be read, and memory stays flat. */
const MOST_KINDS = 1000;

export async function diffSessions(pair: Pair, file: string, report: Report): Promise<ExitCode> {
  const { old, current, comparison } = pair;
  const { out, isJson, onlySummary } = report;
  const sum = { lines: 0, blank: 0, bad: 0, different: 0, kinds: new Map<string, number>() };
  const progress = new Progress("sessions");
  for await (const chunk of sessionChunks(file)) {
    const before = Buffer.from(old.simulateBytes(chunk).buffer);
    const after = Buffer.from(current.simulateBytes(chunk).buffer);
    progress.update(sum.lines);
    // Most changes touch few sessions: where nothing differs, nothing is read.
    if (!comparison.isHidden && before.equals(after) && isPlain(after)) {
      sum.lines += countLines(after);
      continue;
    }
    await out.document(differences(pair, before, after, sum, report));
  }
  progress.clear();
  const { bad, different, kinds } = sum;
  const sessions = sum.lines - sum.blank - bad;
  if (isJson) {
    if (onlySummary) await out.json({ sessions, errors: bad, different, changes: Object.fromEntries(kinds) });
  } else {
    await out.line(`${count(different)} of ${plural(sessions, "session")} would be treated differently.`);
    for (const [kind, of] of [...kinds].sort(([, a], [, b]) => b - a))
      await out.line(`  ${count(of).padStart(9)}  ${kind}`);
    if (bad > 0) await out.line(out.style.bad(`${plural(bad, "line is", "lines are")} no session.`));
  }
  return different > 0 || bad > 0 ? 1 : 0;
}

interface Sum {
  lines: number;
  blank: number;
  bad: number;
  different: number;
  readonly kinds: Map<string, number>;
}

function differences(
  pair: Pair,
  before: Buffer,
  after: Buffer,
  sum: Sum,
  { out, isJson, onlySummary }: Report,
): string {
  const shown: string[] = [];
  const show = (value: object, text: () => string) => {
    if (!onlySummary) shown.push(isJson ? JSON.stringify(value) : text(), "\n");
  };
  const afters = answerLines(after);
  for (const one of answerLines(before)) {
    const other = afters.next().value as Buffer;
    sum.lines += 1;
    if (one.length === 0) {
      sum.blank += 1;
      continue;
    }
    const bad = readFailure(one, sum.lines);
    if (bad !== null) {
      sum.bad += 1;
      show(bad, () => badText(out, bad));
      continue;
    }
    if (!pair.comparison.isHidden && one.equals(other)) continue;
    const [was, is] = [readAnswer(one, sum.lines), readAnswer(other, sum.lines)];
    if ("error" in was || "error" in is) continue;
    const changed = pair.comparison.changed(was, is);
    if (changed.length === 0) continue;
    sum.different += 1;
    const kind = harmless(changeText(was, is, changed));
    const known = sum.kinds.has(kind) || sum.kinds.size < MOST_KINDS ? kind : "others";
    sum.kinds.set(known, (sum.kinds.get(known) ?? 0) + 1);
    const { id, ...earlier } = was;
    const { id: _, ...later } = is;
    show({ id, before: earlier, after: later, changed }, () => `${harmless(String(id))}: ${kind}`);
  }
  return shown.join("");
}
