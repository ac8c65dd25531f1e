import { context, trace } from "@opentelemetry/api";
import {
  createPostSessionTransfer,
  type DeliveryState,
  type EndpointKind,
  type Json,
  type Level,
  loadPolicy,
  type Outcome,
  type PostSessionTransfer,
  type Reason,
  type SessionFacts,
} from "post-session-transfer";
import { type DialogflowMessage, parseMessages } from "post-session-transfer/dialogflow";
import { traceTransfer } from "post-session-transfer/opentelemetry";

export const policy = loadPolicy();

/** As the README has it. */
export const transfer = createPostSessionTransfer({ mount: document.querySelector("#after-chat") });

export const call: SessionFacts = { id: 1, channel: "call", sip_headers: { "X-Order": "A-1" } };

type Name = string | null | undefined;

/** Each event has the fields of docs/observability.md, with their types. */
export function read(transfer: PostSessionTransfer): void {
  transfer.on(
    "decision",
    (_: { reason: Reason; level: Level | null; virtual_agent: string | null; opt_in: boolean }) => {},
  );
  transfer.on(
    "consent",
    (_: { required: boolean; selected: "Yes" | "No"; text_version: string; locale: string; at: string }) => {},
  );
  transfer.on(
    "handoff",
    (_: { handoff_id: string; virtual_agent: string | null; endpoint: EndpointKind; state: DeliveryState }) => {},
  );
  transfer.on("handoff", (_: { attempt: number; status: number | null; reason: Reason | null }) => {});
  transfer.on(
    "handoff",
    (_: { conversation: { id: string | null; url: string | null } | null; messages: readonly Json[] }) => {},
  );
  transfer.on("outcome", (_: { outcome: Outcome; session_id?: Name; virtual_agent?: Name; handoff_id?: Name }) => {});
  // @ts-expect-error There is no such field.
  transfer.on("handoff", ({ stat }) => stat);
  // @ts-expect-error There are no fields.
  transfer.on("hold", ({ reason }) => reason);
  // @ts-expect-error There are no fields.
  transfer.on("release", ({ reason }) => reason);
  // A host's own log takes records of fields.
  const log = (_: Readonly<Record<string, unknown>>): void => {};
  for (const name of ["consent", "handoff", "hold", "release"] as const) transfer.on(name, log);
}

export function follow(transfer: PostSessionTransfer): () => void {
  transfer.on("handoff", ({ messages }) => parseMessages(messages).forEach(show));
  return traceTransfer(transfer, trace.getTracer("page"), { parent: context.active(), attempts: "handoff" });
}

function show(message: DialogflowMessage): string {
  switch (message.type) {
    case "text":
      return message.text;
    case "image":
    case "video":
    case "document":
      return message.media.map(({ url, text }) => text ?? url).join();
    case "complex":
      return message.components.map(show).join();
    default:
      return message.type;
  }
}
