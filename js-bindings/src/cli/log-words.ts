/** What a log's entries mean, in words. */
import type { Effect, StepAnswer } from "../effects.js";
import type { Decision, Json, LogEvent, TransferOutcome } from "../types.js";

type Fields = { readonly [field: string]: Json };
type Words = (event: Fields) => string;

const ACTIONS: Readonly<Record<string, string>> = {
  yes: "The person said Yes.",
  no: "The person said No.",
  try_again: "The person chose to try again.",
  not_now: "The person chose not to go on now.",
  continue: "The person continued.",
  more_time: "The person asked for more time.",
};

const TIMERS: Readonly<Record<string, string>> = {
  prompt: "The time to answer was over.",
  prompt_warning: "The time to answer was nearly over.",
  provide: "The host's time to give values was over.",
  attempt: "The attempt was not answered in time.",
  retry: "It was time for the next attempt.",
  budget: "The time for all attempts was over.",
  offline: "The network had been away for too long.",
  stall: "The time to try again was over.",
  settle: "Nothing more was heard that could change the decision.",
  virtual_agent: "The time for a virtual agent to come was over.",
};

const ENDERS: Readonly<Record<string, string>> = {
  virtual_agent: "The virtual agent ended the conversation.",
  end_user: "The person left the conversation.",
};

const CAUSES: Readonly<Record<string, string>> = {
  authorize: "the host's authorize() did not answer as it should",
  sink: "the host's own code did not take the record",
};

const attemptWords = (attempt: Json | undefined, delivery: Json | undefined): string =>
  delivery === "metadata" || delivery === "crm" ? `Attempt ${attempt} at the ${delivery} record` : `Attempt ${attempt}`;

const refusedWords = (invalid: Json | undefined): string =>
  Array.isArray(invalid) && invalid.length > 0 ? ` Refused: ${invalid.join(", ")}.` : "";

const EVENTS: Readonly<Record<string, Words>> = {
  session_ended: ({ digest }) => `The session had ended${digest === null ? "; there is no key for a hand-off" : ""}.`,
  action: ({ action, invalid }) => of(ACTIONS, action, `The person chose "${action}".`) + refusedWords(invalid),
  provided: ({ field, value }) => `The host gave ${value === undefined ? "nothing" : "a value"} for ${field}.`,
  timer: ({ timer }) => of(TIMERS, timer, `The timer "${timer}" was due.`),
  response: ({ attempt, status, delivery }) => `${attemptWords(attempt, delivery)} was answered: ${status}.`,
  network_error: ({ attempt, delivery, cause }) =>
    `${attemptWords(attempt, delivery)} failed: ${of(CAUSES, cause, "nobody could be reached, or nobody answered")}.`,
  online: () => "The network was back.",
  offline: () => "The network was away.",
  signal: signalWords,
  conversation_ended: ({ by }) => of(ENDERS, by, "The conversation ended."),
  new_conversation: () => "The person began a new conversation.",
  chat_resumed: () => "The chat was resumed.",
  lead_awaited: () => "Another tab takes care of this session: this one waits.",
  lead_lost: () => "Another tab may have taken over.",
  handled_elsewhere: () => "The session had been taken care of in another tab, or before a reload.",
  cancel: () => "The host cancelled.",
  unreadable: ({ of: type }) => `Something came ("${type}") that could not be read.`,
};

const of = (words: Readonly<Record<string, string>>, name: Json | undefined, otherwise: string): string =>
  (Object.hasOwn(words, String(name)) ? words[String(name)] : undefined) ?? otherwise;

export function eventWords({ event }: LogEvent): string {
  const words = Object.hasOwn(EVENTS, event.type) ? EVENTS[event.type] : undefined;
  return words?.(event) ?? `"${event.type}" came.`;
}

function signalWords({ signal, human, status, post_session_status: platform, opt_in: optIn }: Fields): string {
  const facts = [
    human === true ? "a human agent" : human === false ? "no human agent" : "",
    status === undefined ? "" : `status ${status}`,
    platform === undefined ? "" : `post-session status ${platform}`,
    optIn === undefined ? "" : `the answer was ${optIn === true ? "Yes" : "No"}`,
  ].filter((fact) => fact !== "");
  return `The SDK told ${signal}${facts.length > 0 ? ` (${facts.join(", ")})` : ""}.`;
}

const IGNORED: Readonly<Record<string, string>> = {
  not_expected: "changed nothing",
  stale: "came too late",
  malformed: "could not be read",
};

/** What came of it: the phase, and what was done. */
export function answerWords({ ignored, state, effects }: StepAnswer): string {
  if (ignored !== undefined) return of(IGNORED, ignored, ignored);
  const done = effects.map(effectWords).filter((words) => words !== "");
  return [state.phase, ...done].join("; ");
}

function effectWords(effect: Effect): string {
  switch (effect.type) {
    case "emit":
      return toldWords(effect.event, effect.data as Fields);
    case "show_prompt":
      return effect.prompt === null ? "the prompt went away" : `shown: ${effect.prompt.kind}`;
    case "send":
      return `sent, attempt ${effect.attempt}`;
    case "update_post_session":
      return `updatePostSession("${effect.status}")`;
    case "write_record":
      return `${effect.delivery} record given to the host, attempt ${effect.attempt}`;
    case "provide":
      return "the host was asked";
    case "abort":
      return "attempt broken off";
    case "show_widget":
      return "the widget was shown";
    default:
      // Timers, and what is kept for a reload.
      return "";
  }
}

function toldWords(event: string, data: unknown): string {
  switch (event) {
    case "decision":
      return `decided: ${decisionWords(data as Decision)}`;
    case "outcome":
      return `outcome: ${(data as TransferOutcome).outcome} (${(data as TransferOutcome).reason})`;
    case "handoff":
      return `hand-off ${(data as Fields).state}`;
    case "record":
      return `${(data as Fields).sink} record ${(data as Fields).state}`;
    case "consent":
      return "answer recorded";
    case "hold":
      return "other experiences held back";
    case "release":
      return "other experiences released";
    case "diagnostic":
      return `diagnostic ${(data as Fields).code}`;
    default:
      return event;
  }
}

export const decisionWords = ({ outcome, reason }: Pick<Decision, "outcome" | "reason">): string =>
  `${outcome} (${reason})`;
