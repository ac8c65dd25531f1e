/** The spans of one session: one for the whole, one while a person is asked, one for each attempt. */
import type { Decision, Diagnostic, Prompt, TransferOutcome } from "../types.js";
import { contextWith, handoffContext } from "./context.js";
import type {
  Attributes,
  AttributeValue,
  ContextLike,
  SpanContextLike,
  SpanLike,
  TraceOptions,
  TracerLike,
} from "./types.js";

type Data = { readonly [field: string]: unknown };

const CLIENT_KIND = 2;
const ERROR_STATUS = 2;

/** Diagnostics whose detail is a name out of the settings, or a reason. That of others may be anything. */
const TELLING = ["endpoint_conflict", "parameter_missing", "parameter_omitted", "platform_disagrees"];

/** What is not there is left out. Anything but a scalar is not for spans. */
function attributes(values: Record<string, unknown>): Attributes {
  const scalar = (entry: [string, unknown]): entry is [string, AttributeValue] =>
    ["string", "number", "boolean"].includes(typeof entry[1]);
  return Object.fromEntries(Object.entries(values).filter(scalar));
}

export class SessionSpans {
  readonly #tracer: TracerLike;
  readonly #options: TraceOptions;
  readonly #session: SpanLike;
  readonly #context: ContextLike;
  #question: SpanLike | undefined;
  #attempt: SpanLike | undefined;
  #attempts = 0;
  #stalled = false;
  #declined = false;

  constructor(tracer: TracerLike, options: TraceOptions) {
    this.#tracer = tracer;
    this.#options = options;
    this.#session = tracer.startSpan("post_session.transfer", {}, options.parent);
    this.#context = contextWith(this.#session, options.parent);
  }

  decided({ outcome, reason, level, virtual_agent, opt_in }: Decision): void {
    this.#session.setAttributes(
      attributes({
        "post_session.decision": outcome,
        "post_session.decision_reason": reason,
        "post_session.level": level,
        "post_session.virtual_agent": virtual_agent,
        "post_session.opt_in": opt_in,
      }),
    );
  }

  prompted(prompt: Prompt | null): void {
    const asks = prompt?.kind === "opt_in";
    if (asks) this.#question ??= this.#tracer.startSpan("post_session.question", {}, this.#context);
    else this.#endQuestion();
    const stalled = prompt?.kind === "stalled";
    if (stalled && !this.#stalled)
      this.#session.addEvent("post_session.stalled", attributes({ "post_session.reason": prompt.reason }));
    this.#stalled = stalled;
  }

  /** The person has said No. */
  get declined(): boolean {
    return this.#declined;
  }

  answered({ selected }: Data): void {
    this.#declined = selected === "No";
    this.#endQuestion(attributes({ "post_session.answer": selected }));
  }

  #endQuestion(answer: Attributes = {}): void {
    this.#question?.setAttributes(answer);
    this.#question?.end();
    this.#question = undefined;
  }

  handedOff(handoff: Data): void {
    const about = attributes({
      "post_session.handoff_id": handoff.handoff_id === "" ? undefined : handoff.handoff_id,
      "post_session.endpoint": handoff.endpoint,
    });
    this.#session.setAttributes(about);
    if (handoff.state === "sending") {
      // One that is followed at once by the next was taken: the platform is told several statuses, each in attempts of its own.
      this.#endAttempt({ "post_session.state": "delivered" });
      this.#startAttempt(handoff, about);
      return;
    }
    const { state, reason, status, endpoint } = handoff;
    this.#endAttempt(
      attributes({
        "post_session.state": state,
        "post_session.reason": reason,
        "error.type": reason,
        // The SDK has no status: what stands there is ours.
        "http.response.status_code": endpoint === "ccaip" ? undefined : status,
      }),
    );
    if (state === "delivered") this.#session.addEvent("post_session.delivered");
  }

  #startAttempt({ handoff_id, attempt }: Data, about: Attributes): void {
    this.#attempts += 1;
    const own = this.#session.spanContext();
    const told = handoffContext(String(handoff_id), Number(attempt), own.traceFlags);
    const joins = this.#options.attempts === "handoff" && told !== null;
    const links: { context: SpanContextLike }[] = joins ? [{ context: own }] : told === null ? [] : [{ context: told }];
    this.#attempt = this.#tracer.startSpan(
      "post_session.attempt",
      { kind: CLIENT_KIND, attributes: { ...about, ...attributes({ "post_session.attempt": attempt }) }, links },
      joins ? contextWith(told, this.#options.parent) : this.#context,
    );
  }

  #endAttempt(result: Attributes): void {
    if (this.#attempt === undefined) return;
    this.#attempt.setAttributes(result);
    const reason = result["error.type"];
    if (typeof reason === "string") this.#attempt.setStatus({ code: ERROR_STATUS, message: reason });
    this.#attempt.end();
    this.#attempt = undefined;
  }

  /** A span of its own: records are written, and tried again, when the session may be over. */
  recorded({ record, state, attempt, status, reason }: Data): void {
    const about = attributes({
      "post_session.record": record,
      "post_session.state": state,
      "post_session.attempt": attempt,
      "post_session.reason": reason,
      "error.type": reason,
      "http.response.status_code": status,
    });
    const span = this.#tracer.startSpan("post_session.record", { attributes: about }, this.#context);
    if (typeof about["error.type"] === "string") span.setStatus({ code: ERROR_STATUS, message: about["error.type"] });
    span.end();
  }

  diagnosed({ code, detail }: Diagnostic): void {
    const told = TELLING.includes(code) ? detail : undefined;
    this.#session.addEvent(
      "post_session.diagnostic",
      attributes({ "post_session.code": code, "post_session.detail": told }),
    );
  }

  /** The session is done. */
  ended({ outcome, reason, handoff_id }: TransferOutcome): void {
    this.#close({
      "post_session.outcome": outcome,
      "post_session.reason": reason,
      "post_session.handoff_id": handoff_id,
      "error.type": outcome === "failed" ? reason : undefined,
    });
    if (outcome === "failed") this.#session.setStatus({ code: ERROR_STATUS, message: reason });
    this.#session.end();
  }

  /** Nobody looks any longer: what becomes of it is not known. */
  interrupted(): void {
    this.#close({ "post_session.interrupted": true });
    this.#session.end();
  }

  #close(about: Record<string, unknown>): void {
    this.#endQuestion();
    this.#endAttempt({ "post_session.interrupted": true });
    this.#session.setAttributes(attributes({ ...about, "post_session.attempts": this.#attempts }));
  }
}
