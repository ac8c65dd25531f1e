// How the reference reads a session: tolerantly. Absent, null and a wrong type are all "missing", which is null here.

export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** An object's own member; never one that it inherits. */
export const own = (object, key) => (isObject(object) && Object.hasOwn(object, key) ? object[key] : undefined);

export const text = (value) => (typeof value === "string" ? value : null);

/** A queue id as text: 502 and "502" are the same queue. */
export function idText(value) {
  if (typeof value === "string" && value !== "") return value;
  return Number.isSafeInteger(value) ? String(value) : null;
}

// Platforms and chat types ignore the case of ASCII letters only, whatever the machine's locale.
const lower = (string) => string.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

export function platformOf(session) {
  const given = text(own(own(session, "sdk"), "platform"));
  if (given === null) return null;
  const normal = lower(given.replace(/^[ \t\n\r\f\v]+|[ \t\n\r\f\v]+$/g, "")).replace(/[ \t\n\r\f\v-]/g, "_");
  return normal === "" ? null : normal;
}

const CHAT_TYPE_NAMES = new Map(
  Object.entries({
    web: ["web", "Messaging Inbound (Web Chat)", "Messaging (Web)"],
    mobile: ["mobile", "Messaging Inbound (App Chat)", "Messaging Inbound (Mobile Chat)", "Messaging (Mobile)"],
    sms: ["sms", "Messaging (SMS)", "Messaging Inbound (SMS)"],
    whatsapp: ["whatsapp", "Messaging (WhatsApp)"],
  }).flatMap(([canonical, names]) => names.map((name) => [lower(name), canonical])),
);

/** The canonical chat type, or the text given where it is none. */
export function chatTypeOf(session) {
  const given = text(own(session, "chat_type"));
  return given === null ? null : (CHAT_TYPE_NAMES.get(lower(given)) ?? given);
}

/** Statuses of a chat that nobody has taken. */
const NOBODY_CAME = ["queued", "no_response", "canceled", "failed"];

/**
 * Who ended it, rule by rule (docs/decision.md, "Who ended it"; docs/sdk.md, "The end of a chat"): `{by, because}`, who, or null if nobody can say; and
 * the signals that say so, where it was derived from them.
 */
export function endedBy(session) {
  const given = text(own(session, "ended_by"));
  const list = own(session, "signals");
  if (given !== null || !Array.isArray(list)) return { by: given, because: [] };

  // In the order of their times; those of one time, or without any, in that of the list.
  const signals = list
    .filter((signal) => isObject(signal) && typeof signal.signal === "string")
    .map(({ signal, at, human }, i) => ({
      name: signal,
      at: typeof at === "number" ? at : i + 1,
      bot: human === false,
    }))
    .sort((a, b) => a.at - b.at);
  const has = (name) => signals.some((signal) => signal.name === name);
  const lastOf = (wanted) => signals.findLastIndex(wanted);
  const members = signals.filter(({ name }) => name === "chat.memberJoined" || name === "chat.memberLeft");
  const people = members.filter(({ bot }) => !bot);

  // 1. The end user wished to end it, was not refused, and it was not over yet.
  const refused = lastOf(({ name }) => name === "finishChat.failed");
  const finish = signals.findIndex(({ name }, i) => name === "finishChat" && i > refused);
  const over = signals.findIndex(({ name }) => name === "noti.chatEnded" || name === "chat.ended");
  if (finish >= 0 && (over < 0 || finish < over)) return { by: "end_user", because: ["finishChat"] };
  // 2. It timed out, whatever notices followed.
  if (has("chat.timeout")) return { by: "timeout", because: ["chat.timeout"] };
  // 3. It was dismissed, and nobody has taken it since.
  const dismissed = lastOf(({ name }) => name === "chat.dismissed");
  const taken = lastOf(({ name, bot }) => name === "chat.memberJoined" && !bot);
  if (dismissed > taken) return { by: "dismissed", because: ["chat.dismissed"] };
  // 4. It was closed: by the human agent, if there can have been one.
  if (has("noti.chatEnded")) {
    const named = isObject(own(session, "agent")) && (own(session.agent, "id") ?? null) !== null;
    if (people.length > 0 || named) return { by: "agent", because: ["noti.chatEnded"] };
    if (members.length > 0) return { by: "unknown", because: ["noti.chatEnded", "virtual_agent_only"] };
    if (NOBODY_CAME.includes(own(session, "status")))
      return { by: "unknown", because: ["noti.chatEnded", "never_connected"] };
    return { by: "agent", because: ["noti.chatEnded"] };
  }
  // 5. The last thing that was heard of people is that one has left.
  if (people.at(-1)?.name === "chat.memberLeft") return { by: "agent", because: ["chat.memberLeft"] };
  // 6. The widget tells it only after a chat that the agent ended.
  if (has("exited")) return { by: "agent", because: ["exited"] };
  return { by: "unknown", because: [] };
}
