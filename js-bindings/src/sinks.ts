/** Where records go: a function of the host, or a URL; and the host's last look at them. */
import { ConfigurationError } from "./errors.js";
import type { DeliveryName } from "./names.js";
import type { Diagnostic, Json, LogEntry, RecordSink, Redact, TransferRecord } from "./types.js";
import { type UrlFact, urlFact } from "./urls.js";

export interface Sinks {
  readonly metadata?: RecordSink | undefined;
  readonly crm?: RecordSink | undefined;
}

/** What the core judges a sink by; `null` where there is none. */
export type SinkFact = { readonly function: true } | UrlFact | null;

/** Throws `ConfigurationError` (`record_sink_invalid`) for what is neither a function nor a URL. */
export function sinkFacts(sinks: Sinks | undefined): { readonly metadata: SinkFact; readonly crm: SinkFact } {
  return { metadata: sinkFact(sinks?.metadata, "metadata"), crm: sinkFact(sinks?.crm, "crm") };
}

function sinkFact(sink: unknown, name: string): SinkFact {
  if (sink === undefined || sink === null) return null;
  if (typeof sink === "function") return { function: true };
  const fact = typeof sink === "string" || sink instanceof URL ? urlFact(String(sink)) : null;
  if (fact === null)
    throw new ConfigurationError("record_sink_invalid", `records.${name} must be a function or an absolute URL.`);
  return fact;
}

/** The log, as the host lets it be seen. Throws what `redact` throws. */
export function redactedLog(log: readonly LogEntry[], redact: Redact | undefined): readonly LogEntry[] {
  if (redact === undefined) return log;
  return log.map((entry) => redact(entry as unknown as Json, { kind: "log" }) as unknown as LogEntry);
}

/** The records of one session, as they leave the page: the same bytes at every attempt. */
export class Records {
  readonly #sinks: Sinks;
  readonly #redact: Redact | undefined;
  readonly #diagnostic: (diagnostic: Diagnostic) => void;
  readonly #redacted = new Map<DeliveryName, string | null>();

  constructor(sinks: Sinks | undefined, redact: Redact | undefined, diagnostic: (diagnostic: Diagnostic) => void) {
    this.#sinks = sinks ?? {};
    this.#redact = redact;
    this.#diagnostic = diagnostic;
  }

  /** The body after the host's look at it; `null` where that failed: then nothing may leave. */
  body(delivery: DeliveryName, body: string): string | null {
    const known = this.#redacted.get(delivery);
    if (known !== undefined) return known;
    const redacted = this.#lookedAt(body);
    this.#redacted.set(delivery, redacted);
    return redacted;
  }

  /** Hands a record to the host's function. Whether it was taken. */
  async write(delivery: DeliveryName, body: string, signal: AbortSignal): Promise<boolean> {
    const sink = delivery === "crm" ? this.#sinks.crm : this.#sinks.metadata;
    const record = this.body(delivery, body);
    if (record === null || typeof sink !== "function") return false;
    try {
      await Promise.resolve().then(() => sink(JSON.parse(record) as TransferRecord, { signal }));
      return true;
    } catch (error) {
      this.#failed("record_failed", `records.${delivery}()`, error);
      return false;
    }
  }

  #lookedAt(body: string): string | null {
    if (this.#redact === undefined) return body;
    const { schema, handoff_id, record, written_at, ...content } = JSON.parse(body) as { [field: string]: Json };
    try {
      const redacted: unknown = this.#redact(structuredClone(content), { kind: "record", record: String(record) });
      if (redacted === null || typeof redacted !== "object" || Array.isArray(redacted))
        throw new TypeError("A record is an object.");
      // What tells one record from another is not the host's to change.
      return JSON.stringify({ ...redacted, schema, handoff_id, record, written_at });
    } catch (error) {
      this.#failed("redact_failed", "redact()", error);
      return null;
    }
  }

  /** Not the error's text: it may hold a value. */
  #failed(code: string, what: string, error: unknown): void {
    this.#diagnostic({ code, message: `${what} failed: ${error instanceof Error ? error.name : typeof error}.` });
  }
}
