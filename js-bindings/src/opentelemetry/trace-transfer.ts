import type { EventHandler, EventName, PostSessionTransfer } from "../types.js";
import { SessionSpans } from "./session-spans.js";
import type { TraceOptions, TracerLike } from "./types.js";

/** Sessions whose records may still be on their way. */
const MOST_SESSIONS = 16;

/**
 * Makes spans of what a transfer reports, one trace a session. No personal data: names, codes, numbers and the hand-off's id, which is a hash.
 *
 * Sessions that began before are not seen. Spans end with their session, or when the transfer is disposed of or the returned function called;
 * what is cut off like that carries `post_session.interrupted`.
 * @param tracer as `trace.getTracer("…")` of `@opentelemetry/api` returns it
 * @returns what stops it; safe to call twice
 */
export function traceTransfer(
  transfer: Pick<PostSessionTransfer, "on" | "dispose">,
  tracer: TracerLike,
  options: TraceOptions = {},
): () => void {
  /** Of the session that goes on. */
  let spans: SessionSpans | undefined;
  /** By the hand-off's id, the latest last: a record can end when the next session has begun. */
  const known = new Map<string, SessionSpans>();
  const begun = () => {
    spans ??= new SessionSpans(tracer, options);
    return spans;
  };
  const isOf = (handoffId: unknown, session: SessionSpans) => {
    if (typeof handoffId !== "string" || handoffId === "") return;
    known.delete(handoffId);
    known.set(handoffId, session);
    for (const oldest of known.keys()) {
      if (known.size <= MOST_SESSIONS) break;
      known.delete(oldest);
    }
  };
  const offs: (() => void)[] = [];
  const on = <Name extends EventName>(name: Name, handler: EventHandler<Name>) => offs.push(transfer.on(name, handler));

  on("decision", (decision) => begun().decided(decision));
  on("prompt", (prompt) => spans?.prompted(prompt));
  on("consent", (consent) => spans?.answered(consent));
  on("handoff", (handoff) => {
    isOf(handoff.handoff_id, begun());
    begun().handedOff(handoff);
  });
  on("record", (record) => {
    // After a No nothing else has said the id before.
    if (record.record === "consent" && spans?.declined && !known.has(record.handoff_id)) isOf(record.handoff_id, spans);
    known.get(record.handoff_id)?.recorded({ ...record });
  });
  on("diagnostic", (diagnostic) => spans?.diagnosed(diagnostic));
  on("outcome", (outcome) => {
    const ending = begun();
    spans = undefined;
    isOf(outcome.handoff_id, ending);
    ending.ended(outcome);
  });

  const stop = () => {
    for (const off of offs.splice(0)) off();
    spans?.interrupted();
    spans = undefined;
    giveBack();
  };
  const giveBack = beforeDispose(transfer, stop);
  return stop;
}

/** A transfer that is disposed of says nothing more, so its method is wrapped. Returns what undoes that. */
function beforeDispose(transfer: Pick<PostSessionTransfer, "dispose">, act: () => void): () => void {
  const { dispose } = transfer;
  const wrapped = () => {
    act();
    dispose.call(transfer);
  };
  transfer.dispose = wrapped;
  return () => {
    if (transfer.dispose === wrapped) transfer.dispose = dispose;
  };
}
