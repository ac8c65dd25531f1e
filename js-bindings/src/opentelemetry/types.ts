/**
 * The part of OpenTelemetry's API that is used, by its shape: `@opentelemetry/api` 1.x fits, and is neither imported nor needed.
 */

export type AttributeValue = string | number | boolean;
export type Attributes = Record<string, AttributeValue>;

export interface SpanContextLike {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  readonly traceFlags: number;
}

export interface SpanLike {
  spanContext(): SpanContextLike;
  setAttributes(attributes: Attributes): unknown;
  addEvent(name: string, attributes?: Attributes): unknown;
  setStatus(status: { code: number; message?: string }): unknown;
  end(): void;
}

/** `Context` of the API: an immutable map. */
export interface ContextLike {
  getValue(key: symbol): unknown;
  setValue(key: symbol, value: unknown): ContextLike;
  deleteValue(key: symbol): ContextLike;
}

export interface SpanOptionsLike {
  kind?: number;
  attributes?: Attributes;
  links?: { context: SpanContextLike }[];
}

/** `Tracer` of the API, as `trace.getTracer("…")` returns it. */
export interface TracerLike {
  startSpan(name: string, options?: SpanOptionsLike, context?: ContextLike): SpanLike;
}

export interface TraceOptions {
  /** Where the spans of sessions belong. Left out: what is active for the tracer when a session ends, in most pages nothing. */
  readonly parent?: ContextLike;
  /**
   * The trace that attempts belong to: `session`, with a link to what the endpoint was told in `traceparent` (default), or `handoff`, the
   * endpoint's own trace, with a link to the session's.
   */
  readonly attempts?: "session" | "handoff";
}
