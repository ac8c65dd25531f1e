/** Why, and then what happened: of each session in a log. */
import { type Core, CorePolicy } from "../core.js";
import { harmless } from "../findings.js";
import { differenceOf, type ReplayDifference, type Replayed, replayed } from "../replay-log.js";
import { inWords } from "../replay-words.js";
import type { Decision, Json, LogBegin, LogCut, LogEntry, LogEvent } from "../types.js";
import type { Arguments } from "./args.js";
import type { ExitCode } from "./commands.js";
import { startCore } from "./documents.js";
import { explanation, simulate } from "./explain.js";
import { Failure } from "./failure.js";
import { readJson, withLog } from "./log-file.js";
import { answerWords, decisionWords, eventWords } from "./log-words.js";
import type { Output } from "./output.js";
import { parsePositions } from "./positions.js";
import { plural } from "./text.js";

interface Line {
  readonly at: string;
  readonly event: string;
  /** `null` where nothing was answered. */
  readonly answer: string | null;
}

interface Session {
  readonly number: number;
  begun: LogBegin | undefined;
  decision: Decision | undefined;
  readonly happened: Line[];
}

export async function explainLog(args: Arguments, out: Output): Promise<ExitCode> {
  const [name] = args.files as [string];
  const json = await readJson(name);
  if (!Array.isArray(json))
    throw new Failure("Two files are needed: the settings, and what to decide about; or one, an event log.");
  return withLog(name, json, async (log): Promise<ExitCode> => {
    const core = await startCore();
    const { sessions, difference } = gone(core, log);
    const settings = log[0]?.type === "settings" ? log[0].settings : null;
    for (const session of sessions) {
      if (args.format === "json") await out.json(asJson(session));
      else await out.write(`${explained(core, out, session, settings)}\n`);
    }
    if (difference !== null && args.format === "text")
      await out.line(out.style.warn(`In this version it comes out differently. ${harmless(inWords(difference))}`));
    return 0;
  });
}

/** Goes through the log again: the core says what each event led to. */
function gone(
  core: Core,
  log: readonly LogEntry[],
): { sessions: readonly Session[]; difference: ReplayDifference | null } {
  const steps = new Map([...replayed(core, log)].map((step) => [step.at, step]));
  const sessions = new Map<number, Session>();
  let difference: ReplayDifference | null = null;
  for (const [at, entry] of log.entries()) {
    if (entry.type === "settings") continue;
    const known = sessions.get(entry.session);
    const session = known ?? { number: entry.session, begun: undefined, decision: undefined, happened: [] };
    sessions.set(entry.session, session);
    const step = steps.get(at);
    if (step !== undefined) difference ??= differenceOf(step, log);
    session.happened.push(step === undefined ? unreplayed(entry) : take(session, step));
  }
  return { sessions: [...sessions.values()], difference };
}

function take(session: Session, { entry, answer }: Replayed): Line {
  if (!("decision" in answer))
    return { at: entry.at, event: eventWords(entry as LogEvent), answer: answerWords(answer) };
  const event = session.begun === undefined ? "The session was told." : "More became known about the session.";
  session.begun = entry as LogBegin;
  session.decision = answer.decision;
  return { at: entry.at, event, answer: decisionWords(answer.decision) };
}

/** Of what comes after entries that are missing there is only what the log says. */
function unreplayed(entry: LogBegin | LogEvent | LogCut): Line {
  if (entry.type === "event") return { at: entry.at, event: eventWords(entry), answer: entry.ignored ?? entry.phase };
  if (entry.type === "begin")
    return { at: entry.at, event: "The session was told.", answer: decisionWords(entry.decision) };
  return { at: "", event: `Here ${plural(entry.entries, "entry", "entries")} did not fit into the log.`, answer: null };
}

const asJson = ({ number, decision, happened }: Session) => ({ session: number, decision: decision ?? null, happened });

function explained(core: Core, out: Output, session: Session, settings: Json): string {
  const { begun, decision, happened } = session;
  const lines = happened.map(({ at, event, answer }) => {
    const led = answer === null ? "" : ` → ${harmless(answer)}`;
    return `  ${out.style.dim(timeOf(at))}  ${harmless(event)}${led}`;
  });
  return `${begun && decision ? why(core, out, begun, decision, settings) : ""}\nWhat happened:\n${lines.join("\n")}\n`;
}

function why(core: Core, out: Output, { facts }: LogBegin, decision: Decision, settings: Json): string {
  const text = settings === null ? undefined : JSON.stringify(settings);
  const policy = new CorePolicy(core, text);
  const told = JSON.stringify(facts.session);
  const simulated = simulate(policy, told);
  const preview = policy.preview(told);
  policy.dispose();
  const root = text === undefined ? null : parsePositions(Buffer.from(text)).root;
  return explanation(out, decision, simulated, root, preview);
}

/** The day is in the log. */
const timeOf = (at: string): string => harmless(/T([\d:.]+)Z$/.exec(at)?.[1] ?? at).padEnd(12);
