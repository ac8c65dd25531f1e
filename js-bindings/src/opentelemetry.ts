/** `post-session-transfer/opentelemetry`: spans of what a transfer does. Nothing of the package loads it. */
export { traceTransfer } from "./opentelemetry/trace-transfer.js";
export type {
  Attributes,
  AttributeValue,
  ContextLike,
  SpanContextLike,
  SpanLike,
  SpanOptionsLike,
  TraceOptions,
  TracerLike,
} from "./opentelemetry/types.js";
