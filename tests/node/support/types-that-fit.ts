import { context, trace } from "@opentelemetry/api";
import { loadPolicy, type PostSessionTransfer } from "post-session-transfer";
import { type DialogflowMessage, parseMessages } from "post-session-transfer/dialogflow";
import { traceTransfer } from "post-session-transfer/opentelemetry";

export const policy = loadPolicy();

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
