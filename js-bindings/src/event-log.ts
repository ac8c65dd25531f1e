import type { StepAnswer, UntimedEvent } from "./effects.js";
import type { LogEntry } from "./types.js";

const KEPT = 500;
const MASK = "***";

/** What was sent to the core and how it answered, without what a person gave or an endpoint said. */
export class EventLog {
  readonly #entries: LogEntry[] = [];

  add(at: string, event: UntimedEvent, answer: StepAnswer): void {
    this.#entries.push({
      at,
      event: masked(event),
      accepted: answer.accepted,
      ...(answer.ignored !== undefined && { ignored: answer.ignored }),
      phase: answer.state.phase,
      hash: answer.hash,
      effects: answer.effects.map((effect) => (effect.type === "emit" ? `emit:${effect.event}` : effect.type)),
    });
    if (this.#entries.length > KEPT) this.#entries.shift();
  }

  entries(): readonly LogEntry[] {
    return structuredClone(this.#entries);
  }
}

function masked(event: UntimedEvent): LogEntry["event"] {
  if (event.type === "action")
    return { ...event, values: Object.fromEntries(Object.keys(event.values).map((field) => [field, MASK])) };
  if (event.type === "response") return { ...event, body: event.body === null ? null : MASK };
  return event;
}
