/** Does again what a log tells, in a core of its own. */
import { type BeginFacts, type Begun, type Core, type CoreFlow, CorePolicy } from "./core.js";
import type { FlowEvent, StepAnswer } from "./effects.js";
import { PostSessionError } from "./errors.js";
import { kindsOf } from "./event-log.js";
import type { Json, LogBegin, LogEntry, LogEvent, LogSettings } from "./types.js";

/** What was given as a log is none, or is damaged (`log_invalid`), or has another format (`log_version_unsupported`). */
export class LogError extends PostSessionError {
  declare readonly code: "log_invalid" | "log_version_unsupported";
  /** The entry, counted from 0; `null` where it is the whole. */
  readonly at: number | null;

  constructor(at: number | null, message: string, code: LogError["code"] = "log_invalid", cause?: unknown) {
    super("LogError", code, at === null ? message : `Entry ${at}: ${message}`, cause);
    this.at = at;
  }
}

/** What is compared of an answer to `begin` or to an event. */
export type Compared = { readonly [field: string]: Json };

/** Everything came out the same. */
export interface ReplaySuccess {
  readonly type: "success";
  /** How many were replayed, the settings not counted. */
  readonly entries: number;
  readonly sessions: number;
  /** Sessions that the log does not hold to their end: they were replayed as far as it does. */
  readonly incomplete: readonly number[];
}

/** The first entry that came out differently. */
export interface ReplayDifference {
  readonly type: "difference";
  /** The entry, counted from 0. */
  readonly at: number;
  readonly session: number;
  readonly entry: LogBegin | LogEvent;
  /** The fields that differ. */
  readonly fields: readonly string[];
  /** As the log has it. */
  readonly expected: Compared;
  readonly actual: Compared;
  /** The versions of the package: of the log, and of this one. */
  readonly recorded_with: string;
}

export type ReplayResult = ReplaySuccess | ReplayDifference;

/** One entry, done again. */
export type Replayed =
  | { readonly at: number; readonly entry: LogBegin; readonly answer: Begun }
  | { readonly at: number; readonly entry: LogEvent; readonly answer: StepAnswer };

/** Compares up to the first difference. Throws `LogError`. */
export function replayIn(core: Core, log: readonly LogEntry[]): ReplayResult {
  let entries = 0;
  const sessions = new Set<number>();
  for (const step of replayed(core, log)) {
    const difference = differenceOf(step, log);
    if (difference !== null) return difference;
    entries += 1;
    sessions.add(step.entry.session);
  }
  return { type: "success", entries, sessions: sessions.size, incomplete: cutSessions(log) };
}

/** Does entry after entry, whatever comes out. Throws `LogError`. */
export function* replayed(core: Core, log: readonly LogEntry[]): Generator<Replayed> {
  const policy = openPolicy(core, log[0] as LogSettings);
  const flows = new Map<number, CoreFlow>();
  // Of what comes after the mark nobody knows what came before.
  const cut = new Set<number>();
  try {
    for (const [at, entry] of log.entries()) {
      if (entry.type === "cut") cut.add(entry.session);
      if (entry.type === "settings" || cut.has(entry.session)) continue;
      if (entry.type === "begin") {
        const flow = flows.get(entry.session) ?? policy.flow();
        flows.set(entry.session, flow);
        yield { at, entry, answer: begin(flow, entry, at) };
      } else if (entry.type === "event") {
        const flow = flows.get(entry.session);
        if (flow === undefined) throw new LogError(at, `session ${entry.session} has not begun.`);
        yield { at, entry, answer: flow.step({ ...entry.event, at: entry.at } as unknown as FlowEvent) };
      }
    }
  } finally {
    for (const flow of flows.values()) flow.dispose();
    policy.dispose();
  }
}

function openPolicy(core: Core, { settings }: LogSettings): CorePolicy {
  try {
    return new CorePolicy(core, settings === null ? undefined : JSON.stringify(settings));
  } catch (error) {
    if ((error as PostSessionError).code === "core_trapped") throw error;
    throw new LogError(0, "its settings are refused.", "log_invalid", error);
  }
}

/** More than the body of a hand-off may have. */
const TOO_LARGE = 33_000;

function begin(flow: CoreFlow, { facts, at: time, too_large: tooLarge }: LogBegin, at: number): Begun {
  const session = facts.session as { readonly id?: Json };
  // The id goes into every body, and nothing else depends on it.
  const told = tooLarge ? { ...session, id: String(session.id).padEnd(TOO_LARGE, "*") } : session;
  try {
    return flow.begin({ ...facts, session: told, at: time } as unknown as BeginFacts);
  } catch (error) {
    if ((error as PostSessionError).code === "core_trapped") throw error;
    throw new LogError(at, "its session is refused.", "log_invalid", error);
  }
}

export const cutSessions = (log: readonly LogEntry[]): readonly number[] =>
  log.flatMap((entry) => (entry.type === "cut" ? [entry.session] : []));

/** `null` where it came out the same. */
export function differenceOf({ at, entry, answer }: Replayed, log: readonly LogEntry[]): ReplayDifference | null {
  const expected = entry.type === "begin" ? beginsAs(entry.decision, entry.digest) : answers(entry, entry.effects);
  const actual =
    "decision" in answer
      ? beginsAs(answer.decision, answer.digest_of !== null)
      : answers(stateOf(answer), kindsOf(answer));
  const fields = Object.keys(expected).filter(
    (field) => JSON.stringify(expected[field]) !== JSON.stringify(actual[field]),
  );
  if (fields.length === 0) return null;
  const recordedWith = (log[0] as LogSettings).package;
  return {
    type: "difference",
    at,
    session: entry.session,
    entry,
    fields,
    expected,
    actual,
    recorded_with: recordedWith,
  };
}

const stateOf = ({ state, ...answer }: StepAnswer) => ({ ...answer, phase: state.phase });

const beginsAs = (
  { outcome, reason, level, virtual_agent, opt_in }: LogBegin["decision"],
  digest: boolean,
): Compared => ({
  ...{ outcome, reason, level, virtual_agent, opt_in },
  digest,
});

const answers = (
  {
    accepted,
    ignored = null as never,
    phase,
    hash,
  }: Pick<LogEvent, "accepted" | "phase" | "hash"> & {
    readonly ignored?: string;
  },
  effects: readonly string[],
): Compared => ({ accepted, ignored, phase, hash, effects });

// ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

const text = (value: unknown) => typeof value === "string";
const flag = (value: unknown) => typeof value === "boolean";
const count = (value: unknown) => Number.isSafeInteger(value) && (value as number) > 0;
const object = (value: unknown) => value !== null && typeof value === "object" && !Array.isArray(value);
const texts = (value: unknown) => Array.isArray(value) && value.every(text);

/** What an entry of each type must have. */
const FIELDS: Readonly<Record<string, Readonly<Record<string, (value: unknown) => boolean>>>> = {
  settings: { package: text, settings: (value) => value === null || object(value) },
  begin: { session: count, at: text, facts: object, decision: object, digest: flag },
  event: { session: count, at: text, event: object, accepted: flag, phase: text, hash: text, effects: texts },
  cut: { session: count, entries: count },
};

/** A log, if it is one. Throws `LogError`. */
export function readLog(value: unknown): readonly LogEntry[] {
  if (!Array.isArray(value)) throw new LogError(null, "A log is a list of entries.");
  if (value.length === 0) throw new LogError(null, "The log is empty: no session has ended.");
  for (const [at, entry] of (value as readonly unknown[]).entries()) checkEntry(entry, at);
  return value as readonly LogEntry[];
}

function checkEntry(entry: unknown, at: number): void {
  if (!object(entry)) throw new LogError(at, "it is no object.");
  const fields = entry as Readonly<Record<string, unknown>>;
  const type = String(fields.type);
  const wanted = Object.hasOwn(FIELDS, type) ? FIELDS[type] : undefined;
  if (wanted === undefined) throw new LogError(at, "it is neither settings, begin, event nor cut.");
  if ((at === 0) !== (type === "settings")) throw new LogError(at, "the settings come first, and once.");
  if (at === 0 && fields.version !== 1)
    throw new LogError(at, "this version of the log's format is not known here.", "log_version_unsupported");
  for (const [field, holds] of Object.entries(wanted))
    if (!holds(fields[field])) throw new LogError(at, `its field "${field}" is missing, or of a wrong type.`);
}
