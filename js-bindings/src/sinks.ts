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

/** The log, as the host lets it be seen: nothing of it where the host's look at it fails. */
export function redactedLog(
  log: readonly LogEntry[],
  redact: Redact | undefined,
  diagnostic: (diagnostic: Diagnostic) => void,
): readonly LogEntry[] {
  if (redact === undefined) return log;
  try {
    return log.map((entry) => objectOf(redact(entry as unknown as Json, { kind: "log" })) as unknown as LogEntry);
  } catch (error) {
    diagnostic(failure("redact_failed", "redact()", error));
    return [];
  }
}

/** Throws for what is no object, or is the promise of one. */
function objectOf(redacted: unknown): { readonly [field: string]: unknown } {
  const isObject = redacted !== null && typeof redacted === "object" && !Array.isArray(redacted);
  if (isObject && !("then" in redacted)) return redacted as { readonly [field: string]: unknown };
  // One that is rejected is nobody else's.
  Promise.resolve(redacted).catch(() => {});
  throw new TypeError("redact() returns an object, at once.");
}

/** Not the error's text: it may hold a value. */
const failure = (code: string, what: string, error: unknown): Diagnostic => ({
  code,
  message: `${what} failed: ${error instanceof Error ? error.name : typeof error}.`,
});

/** The records of one session, as they leave the page: the same bytes at every attempt. */
export class Records {
  readonly #sinks: Sinks;
  readonly #redact: Redact | undefined;
  readonly #diagnostic: (diagnostic: Diagnostic) => void;
  readonly #redacted = new Map<DeliveryName, string | null>();
  /** Calls of the host's functions that go on, or have taken the record. */
  readonly #writing = new Map<DeliveryName, Promise<boolean>>();

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

  /** Hands a record to the host's function. Whether it was taken. Only one that failed is called again: who takes longer than an attempt is waited for. */
  write(delivery: DeliveryName, body: string, signal: AbortSignal): Promise<boolean> {
    const writing = this.#writing.get(delivery) ?? this.#write(delivery, body, signal);
    this.#writing.set(delivery, writing);
    return writing;
  }

  async #write(delivery: DeliveryName, body: string, signal: AbortSignal): Promise<boolean> {
    const sink = delivery === "crm" ? this.#sinks.crm : this.#sinks.metadata;
    const record = this.body(delivery, body);
    if (record === null || typeof sink !== "function") return false;
    try {
      await Promise.resolve().then(() => sink(JSON.parse(record) as TransferRecord, { signal }));
      return true;
    } catch (error) {
      this.#failed("record_failed", `records.${delivery}()`, error);
      this.#writing.delete(delivery);
      return false;
    }
  }

  #lookedAt(body: string): string | null {
    if (this.#redact === undefined) return body;
    const { schema, handoff_id, record, written_at, ...content } = JSON.parse(body) as { [field: string]: Json };
    try {
      const redacted = objectOf(this.#redact(structuredClone(content), { kind: "record", record: String(record) }));
      for (const name of Object.keys(content))
        if (typeof redacted[name] !== typeof content[name] || redacted[name] === null)
          throw new TypeError(`A record without its ${name} is none.`);
      // What tells one record from another is not the host's to change.
      return JSON.stringify({ ...redacted, schema, handoff_id, record, written_at });
    } catch (error) {
      this.#failed("redact_failed", "redact()", error);
      return null;
    }
  }

  #failed(code: string, what: string, error: unknown): void {
    this.#diagnostic(failure(code, what, error));
  }
}
