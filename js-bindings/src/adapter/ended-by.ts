import type { EndedBy } from "../names.js";
import type { Heard } from "./listen.js";

/**
 * Who ended a chat, from the signals up to its end, oldest first. The SDK does not say it (domain: "telling who ended it").
 * TODO(issue 4): the core derives this from the list of signals.
 */
export function endedBy(signals: readonly Heard[]): EndedBy {
  let leftBy: EndedBy = "unknown";
  for (const [index, { signal, human }] of signals.entries()) {
    if (signal === "finishChat" && !signals.slice(index).some((later) => later.signal === "finishChat.failed"))
      return "end_user";
    if (signal === "chat.timeout") return "timeout";
    if (signal === "noti.chatEnded") return "agent";
    if (signal === "chat.memberLeft" && human !== false) leftBy = "agent";
    // Somebody took over: a transfer between agents is no end.
    if (signal === "chat.memberJoined" && human !== false) leftBy = "unknown";
    if (signal === "exited") leftBy = "agent";
  }
  return leftBy;
}
