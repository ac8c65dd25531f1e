/** Puts an event of the SDK into the words in which the core takes it, once a session has ended. Everything in it is hostile, and may have any type. */
import type { SignalFacts } from "../effects.js";
import type { Occurrence, Thing } from "./listen.js";

const thing = (value: unknown): Thing | undefined =>
  value !== null && typeof value === "object" ? (value as Thing) : undefined;
const text = (value: unknown) => (typeof value === "string" ? value : undefined);

const BOT = /virtual|bot/i;
const END_USER = /user|consumer|customer/i;

/** Who a member or a message's sender is. Where its type says nothing, the chat tells who takes part. */
function kindOf(who: Thing | undefined, state: Thing | undefined): "human" | "virtual_agent" | "end_user" | "unknown" {
  const named = text(who?.$userType ?? who?.user_type ?? who?.type) ?? "";
  if (who?.is_customer === true) return "end_user";
  if (BOT.test(named)) return "virtual_agent";
  if (END_USER.test(named)) return "end_user";
  if (named === "system") return "unknown";
  if (thing(state?.agent)) return "human";
  if (thing(state?.virtual_agent)) return "virtual_agent";
  return named === "agent" ? "human" : "unknown";
}

/** The platform's custom payload `{"ujet": {"type": "action", "action": "end"}}`, on the message itself or inside it. */
function saysEnd(message: Thing): boolean {
  const inside = [message, thing(message.content), thing(message.payload)].flatMap((one) => [one, thing(one?.ujet)]);
  return inside.some((one) => one?.type === "action" && one.action === "end");
}

function ofMessage(message: Thing, state: Thing | undefined): SignalFacts | undefined {
  if (message.type === "noti") return { signal: `noti.${String(message.event).slice(0, 40)}` };
  const sender = kindOf({ $userType: message.$userType, user_type: message.user_type }, state);
  if (sender !== "end_user" && saysEnd(message)) return { signal: "virtual_agent.end" };
  return sender === "virtual_agent" ? { signal: "virtual_agent.message" } : undefined;
}

/** Nothing where the event says nothing that matters now. */
export function signalFacts({ name, data, payload, state }: Occurrence): SignalFacts | undefined {
  switch (name) {
    case "chat.message":
      return data && ofMessage(data, state);
    case "chat.memberJoined":
    case "chat.memberLeft": {
      const member = kindOf(data ?? { type: payload }, state);
      return member === "human" || member === "virtual_agent" ? { signal: name, human: member === "human" } : undefined;
    }
    case "chat.connected":
    case "chat.disconnected":
      return undefined;
    default: {
      const status = text(state?.status);
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
