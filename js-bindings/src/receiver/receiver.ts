import { type Handoff, handoffProblem } from "./handoff.js";
import { type ReceiveContext, type ReceiveOptions, type RequestHandler, receive } from "./once.js";
import { partOf, recordProblem, type SessionRecord } from "./record.js";
import type { Problem } from "./shape.js";

export interface ReceiverOptions extends ReceiveOptions {
  /**
   * Starts the conversation. Called once for each hand-off; what it returns is the answer, and is kept: JSON, such as
   * `{ conversation: { id, url }, messages: [{ text }] }`, or nothing. If it throws nothing is kept (`Refusal`: with your status, all else: 500).
   */
  readonly accept: (handoff: Handoff, context: ReceiveContext) => unknown;
  /** A narrower schema of your own, asked after the envelope's. What it returns is answered with 400. */
  readonly schema?: (handoff: Handoff) => Problem | null | undefined;
}

/** Takes hand-offs, each once: the first accepted body of an `Idempotency-Key` counts, and is answered alike whenever it comes again. */
export function createReceiver(options: ReceiverOptions): RequestHandler {
  const { accept, schema } = options;
  return receive<Handoff>(
    {
      check: (value, key) => handoffProblem(value, key) ?? schema?.(value as Handoff),
      take: accept,
    },
    options,
  );
}

export interface RecordReceiverOptions extends ReceiveOptions {
  /** Writes the record. Called once for each; if it throws nothing is kept, and the sender comes back. */
  readonly write: (record: SessionRecord, context: ReceiveContext) => unknown;
}

/**
 * Takes records, each once: `Idempotency-Key` is the hand-off's id, a colon, and the record's name. One URL may be the sink of both kinds: a consent's
 * fragment and its text come under one key, and are two records.
 */
export function createRecordReceiver(options: RecordReceiverOptions): RequestHandler {
  return receive<SessionRecord>({ check: recordProblem, part: partOf, take: options.write }, options);
}
