/** Runs one session to its end without a page: what `policy.run` does. */
import type { CorePolicy } from "./core.js";
import { EventLog } from "./event-log.js";
import { FlowRun } from "./flow-run.js";
import { checkModes } from "./modes.js";
import { Outbox } from "./outbox.js";
import { plainObject } from "./plain.js";
import { systemClock } from "./timers.js";
import type { Decision, EventName, Prompt, PromptValues, RunOptions, RunResult, TransferOutcome } from "./types.js";
import { allowedOrigins } from "./urls.js";

export async function runSession(
  policy: CorePolicy,
  text: string,
  options: RunOptions,
  signal: AbortSignal,
): Promise<RunResult> {
  checkModes(options);
  const origins = allowedOrigins(options.endpoints);
  // The core judges the text itself; only one that it takes is read here.
  policy.evaluate(text);
  const session: unknown = JSON.parse(text);
  const log = new EventLog(policy.settings);
  const events: { event: EventName; data: unknown }[] = [];
  const flow = policy.flow();
  return new Promise<RunResult>((resolve, reject) => {
    let over = false;
    const finish = (outcome: TransferOutcome) => {
      if (over) return;
      over = true;
      signal.removeEventListener("abort", cancel);
      run.dispose();
      resolve({
        decision: run.decision as Decision,
        outcome: outcome.outcome,
        reason: outcome.reason,
        events,
        log: log.entries(),
      });
    };
    const settled = () => {
      if (run.outcome !== null) finish(run.outcome);
      // Nobody here follows the conversation: handed off is all that can be said.
      else if (run.phase === "in_conversation" && !run.delivering)
        finish({ outcome: "transferred", reason: "accepted" });
    };
    const run = new FlowRun(flow, {
      clock: options.clock ?? systemClock,
      random: options.random ?? Math.random,
      fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
      authorize: options.authorize,
      sdk: undefined,
      log,
      outbox: new Outbox(),
      emit: (event, data) => events.push({ event, data }),
      show: (prompt) => {
        events.push({ event: "prompt", data: prompt });
        if (prompt !== null && prompt.actions.length > 0) void answer(run, prompt, options, signal);
      },
      settled,
    });
    const cancel = () => {
      run.dispatch({ type: "cancel" });
      finish({ outcome: "cancelled", reason: "host_cancelled" });
    };
    signal.addEventListener("abort", cancel);
    try {
      run.begin({ session, mode: options.mode ?? "enforce", prompt: "module", allowed_origins: origins });
    } catch (error) {
      over = true;
      signal.removeEventListener("abort", cancel);
      run.dispose();
      reject(error);
      return;
    }
    void run.start(false);
  });
}

/** Asks the caller. Without an answer a question expires, and nothing is tried again: silence is never a Yes. */
async function answer(run: FlowRun, prompt: Prompt, options: RunOptions, signal: AbortSignal): Promise<void> {
  let given: Awaited<ReturnType<NonNullable<RunOptions["act"]>>>;
  try {
    // In a turn of its own, so that it never comes in the middle of an event.
    given = await Promise.resolve().then(() => options.act?.(prompt, { signal }));
  } catch (error) {
    run.diagnostic({
      code: "act_failed",
      message: `act() failed: ${error instanceof Error ? error.name : typeof error}.`,
    });
  }
  const { action, values = {} } = typeof given === "string" ? { action: given } : (given ?? {});
  if (
    action !== undefined &&
    run.dispatch({ type: "action", action, values: plainObject(values) as PromptValues }).accepted
  )
    return;
  if (prompt.kind === "opt_in") {
    if (!run.dispatch({ type: "timer", timer: "prompt" }).accepted) run.dispatch({ type: "cancel" });
  } else if (prompt.kind === "stalled") run.dispatch({ type: "action", action: "not_now", values: {} });
}
