import { ConfigurationError } from "./errors.js";
import { harmless, suggestion } from "./findings.js";
import { HOST_EVENTS } from "./name-lists.js";
import { report } from "./outbox.js";
import type { EventData, EventHandler, EventName } from "./types.js";

const EVENTS: readonly string[] = HOST_EVENTS.map(({ name }) => name);

/** The host's handlers by event. */
export class Handlers {
  readonly #byName = new Map<EventName, Set<(data: never) => void>>();

  /** Throws `ConfigurationError` (`event_unknown`, `handler_invalid`): such a handler would never be called. */
  on<Name extends EventName>(name: Name, handler: EventHandler<Name>): () => void {
    if (!EVENTS.includes(name)) {
      const given = String(name);
      throw new ConfigurationError(
        "event_unknown",
        `There is no event "${harmless(given.slice(0, 64))}". ${suggestion(given, EVENTS, "Events")}`,
      );
    }
    if (typeof handler !== "function")
      throw new ConfigurationError("handler_invalid", `The handler of "${name}" must be a function.`);
    let set = this.#byName.get(name);
    if (set === undefined) {
      set = new Set();
      this.#byName.set(name, set);
    }
    set.add(handler);
    return () => this.off(name, handler);
  }

  off<Name extends EventName>(name: Name, handler: EventHandler<Name>): void {
    this.#byName.get(name)?.delete(handler);
  }

  emit<Name extends EventName>(name: Name, data: EventData[Name]): void {
    for (const handler of [...(this.#byName.get(name) ?? [])]) {
      try {
        (handler as EventHandler<Name>)(data);
      } catch (error) {
        report(error);
      }
    }
  }

  clear(): void {
    this.#byName.clear();
  }
}
