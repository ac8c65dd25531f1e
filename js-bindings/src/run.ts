/** Runs one session to its end without a page: what `policy.run` does. */
import type { CorePolicy } from "./core.js";
import { EventLog } from "./event-log.js";
import { FlowRun } from "./flow-run.js";
import { checkModes } from "./modes.js";
import type { ActionName } from "./names.js";
import { Outbox } from "./outbox.js";
import { plainObject } from "./plain.js";
import { Records, redactedLog, sinkFacts } from "./sinks.js";
import { systemClock } from "./timers.js";
import { Tries } from "./tries.js";
import type {
  Decision,
  Diagnostic,
  EventName,
  Prompt,
  PromptAnswer,
  PromptValues,
  RecordEvent,
  RunOptions,
  RunResult,
  TransferOutcome,
} from "./types.js";
import { allowedOrigins } from "./urls.js";
import { Dictionary } from "./words.js";

export async function runSession(
  policy: CorePolicy,
  text: string,
  options: RunOptions,
  signal: AbortSignal,
): Promise<RunResult> {
  checkModes(options);
  const origins = allowedOrigins(options.endpoints);
  const sinks = sinkFacts(options.records);
  const clock = options.clock ?? systemClock;
  // The core judges the text itself; only one that it takes is read here.
  policy.evaluate(text);
  const session: unknown = JSON.parse(text);
  const log = new EventLog(policy.settings);
  /** The latest of each sink. */
  const records = new Map<string, RecordEvent>();
  const asker = new Asker(options, signal);
  const events: { event: EventName; data: unknown }[] = [];
  const flow = policy.flow();
  return new Promise<RunResult>((resolve, reject) => {
    let over = false;
    const finish = (outcome: TransferOutcome) => {
      if (over) return;
      over = true;
      signal.removeEventListener("abort", cancel);
      run.dispose();
      const seen = redactedLog(log.entries(), options.redact, (data) => events.push({ event: "diagnostic", data }));
      resolve({
        decision: run.decision as Decision,
        outcome: outcome.outcome,
        reason: outcome.reason,
        events,
        records: [...records.values()],
        log: seen,
      });
    };
    const settled = () => {
      if (run.recording) return;
      if (run.outcome !== null) finish(run.outcome);
      // Nobody here follows the conversation: handed off is all that can be said.
      else if (run.phase === "in_conversation" && !run.delivering)
        finish({ outcome: "transferred", reason: "accepted" });
    };
    const diagnostic = (said: Diagnostic) => run.diagnostic(said);
    const dictionary = new Dictionary({
      locale: options.locale,
      messages: options.messages,
      mount: undefined,
      seconds: policy.promptTimeoutS,
      clock,
      diagnostic,
    });
    const run: FlowRun = new FlowRun(flow, {
      clock,
      random: options.random ?? Math.random,
      fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
      authorize: options.authorize,
      provide: options.provide,
      records: new Records(options.records, options.redact, diagnostic),
      words: (lang) => dictionary.words(lang),
      sdk: undefined,
      log,
      outbox: new Outbox(),
      emit: (event, data) => {
        events.push({ event, data });
        if (event === "record") records.set((data as RecordEvent).sink, data as RecordEvent);
      },
      show: (prompt) => {
        events.push({ event: "prompt", data: prompt });
        if (prompt !== null && prompt.actions.length > 0) void asker.ask(run, prompt);
      },
      settled,
    });
    const cancel = () => {
      run.dispatch({ type: "cancel" });
      // What was handed off before stays so, and of each record it is told how far it had come.
      finish(run.outcome ?? { outcome: "cancelled", reason: "host_cancelled" });
    };
    signal.addEventListener("abort", cancel);
    try {
      run.begin({ session, mode: options.mode ?? "enforce", prompt: "module", allowed_origins: origins, sinks });
    } catch (error) {
      over = true;
      signal.removeEventListener("abort", cancel);
      run.dispose();
      reject(error);
      return;
    }
    void run.start();
  });
}

/** Asks the caller. Without an answer a question expires, and nothing is tried again: silence is never a Yes. */
class Asker {
  readonly #options: RunOptions;
  readonly #signal: AbortSignal;
  readonly #tries: Tries;
  #last = "";
  #asking = false;

  constructor(options: RunOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
    this.#tries = new Tries(options.clock ?? systemClock);
  }

  async ask(run: FlowRun, prompt: Prompt): Promise<void> {
    // The same question with less time left.
    if (this.#asking) return;
    this.#asking = true;
    const given = await this.#answer(run, prompt);
    this.#asking = false;
    const { action, values = {} } = typeof given === "string" ? { action: given } : (given ?? {});
    const said = JSON.stringify([prompt.kind, action, values]);
    // The same values again would be refused again.
    const repeats = prompt.focus === "invalid" && said === this.#last;
    this.#last = said;
    const throttled = action === "try_again" && run.phase === "stalled" && !this.#tries.take();
    const answered =
      action !== undefined &&
      !repeats &&
      !throttled &&
      run.dispatch({ type: "action", action, values: plainObject(values) as PromptValues }).accepted;
    if (!answered) leaveUnanswered(run, prompt);
  }

  async #answer(run: FlowRun, prompt: Prompt): Promise<ActionName | PromptAnswer | null | undefined> {
    try {
      // In a turn of its own, so that it never comes in the middle of an event.
      return await Promise.resolve().then(() => this.#options.act?.(prompt, { signal: this.#signal }));
    } catch (error) {
      run.diagnostic({
        code: "act_failed",
        message: `act() failed: ${error instanceof Error ? error.name : typeof error}.`,
      });
      return undefined;
    }
  }
}

function leaveUnanswered(run: FlowRun, prompt: Prompt): void {
  const say = (action: ActionName) => run.dispatch({ type: "action", action, values: {} }).accepted;
  // Fields that are optional are left empty.
  const isOptional = prompt.kind === "form" && !prompt.fields.some(({ required }) => required);
  if (isOptional) say("continue");
  else if (prompt.kind === "stalled" || prompt.kind === "form" || prompt.focus === "invalid") say("not_now");
  else if (!run.dispatch({ type: "timer", timer: "prompt" }).accepted) run.dispatch({ type: "cancel" });
}
