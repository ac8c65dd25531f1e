import { report } from "./outbox.js";
import type { EventData, EventHandler, EventName } from "./types.js";

/** The host's handlers by event. */
export class Handlers {
  readonly #byName = new Map<EventName, Set<(data: never) => void>>();

  on<Name extends EventName>(name: Name, handler: EventHandler<Name>): () => void {
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
