/** Contexts that carry a span, made without the API. */
import type { ContextLike, SpanContextLike, SpanLike } from "./types.js";

/** Where the API, since 1.0, keeps the span of a context: a registered symbol, so that copies of the API understand each other. */
const SPAN_KEY = Symbol.for("OpenTelemetry Context Key SPAN");

class Context implements ContextLike {
  readonly #values: ReadonlyMap<symbol, unknown>;

  constructor(values: ReadonlyMap<symbol, unknown> = new Map()) {
    this.#values = values;
  }

  getValue(key: symbol): unknown {
    return this.#values.get(key);
  }

  setValue(key: symbol, value: unknown): ContextLike {
    return new Context(new Map(this.#values).set(key, value));
  }

  deleteValue(key: symbol): ContextLike {
    const values = new Map(this.#values);
    values.delete(key);
    return new Context(values);
  }
}

/** @param span one that was started, or what is known of one elsewhere */
export function contextWith(span: SpanLike | SpanContextLike, parent: ContextLike = new Context()): ContextLike {
  return parent.setValue(SPAN_KEY, "spanContext" in span ? span : { spanContext: () => span });
}

const TRACE_DIGITS = 32;
const PARENT_DIGITS = 16;

/**
 * What the endpoint was told in `traceparent`, of an attempt: the hand-off's id is the trace, its end with the attempt's number the parent.
 * `null` where the id is none.
 */
export function handoffContext(handoffId: string, attempt: number, traceFlags: number): SpanContextLike | null {
  const traceId = handoffId.replaceAll("-", "");
  if (!/^[0-9a-f]{32}$/.test(traceId)) return null;
  const number = (attempt & 0xff).toString(16).padStart(2, "0");
  return { traceId, spanId: traceId.slice(TRACE_DIGITS - PARENT_DIGITS, -2) + number, traceFlags };
}
