import type { PostSessionTransfer } from "post-session-transfer";
import { traceTransfer } from "post-session-transfer/opentelemetry";

export const trace = (transfer: PostSessionTransfer) => traceTransfer(transfer, { start: () => {} });
