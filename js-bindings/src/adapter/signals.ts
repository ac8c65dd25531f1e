/** Puts an event of the SDK into the words in which the core takes it, once a session has ended. Everything in it is hostile, and may have any type. */
import type { SignalFacts } from "../effects.js";
import type { Occurrence, Thing } from "./listen.js";

const thing = (value: unknown): Thing | undefined =>
  value !== null && typeof value === "object" ? (value as Thing) : undefined;
const text = (value: unknown) => (typeof value === "string" ? value : undefined);

const BOT = /virtual|bot/i;
const END_USER = /user|consumer|customer/i;

/** Whether a message may be a virtual agent's. Where its sender's type says nothing, the chat tells who takes part. */
function isFromVirtualAgent(message: Thing, state: Thing | undefined): boolean {
  const sender = text(message.$userType ?? message.user_type) ?? "";
  if (BOT.test(sender)) return true;
  return sender !== "system" && !thing(state?.agent) && thing(state?.virtual_agent) !== undefined;
}

/** The platform's custom payload `{"ujet": {"type": "action", "action": "end"}}`, on the message itself or inside it. */
function saysEnd(message: Thing): boolean {
  const inside = [message, thing(message.content), thing(message.payload)].flatMap((one) => [one, thing(one?.ujet)]);
  return inside.some((one) => one?.type === "action" && one.action === "end");
}

function ofMessage(message: Thing, state: Thing | undefined): SignalFacts | undefined {
  if (END_USER.test(text(message.$userType ?? message.user_type) ?? "")) return undefined;
  if (saysEnd(message)) return { signal: "virtual_agent.end" };
  return isFromVirtualAgent(message, state) ? { signal: "virtual_agent.message" } : undefined;
}

/** Nothing where the event says nothing that matters now. */
export function signalFacts({ name, data, state, heard }: Occurrence): SignalFacts | undefined {
  const status = text(state?.status);
  switch (name) {
    case "chat.message":
      return heard === undefined ? data && ofMessage(data, state) : { signal: heard.signal };
    case "chat.memberJoined":
    case "chat.memberLeft":
      return heard && { signal: name, human: heard.human === true, ...(status !== undefined && { status }) };
    case "chat.connected":
    case "chat.disconnected":
      return undefined;
    default: {
      const postSession = text(state?.post_session_transfer_status ?? state?.postSessionTransferStatus);
      return {
        signal: name,
        human: thing(state?.agent) !== undefined,
        ...(status !== undefined && { status }),
        ...(postSession !== undefined && { post_session_status: postSession }),
      };
    }
  }
}
