// How the reference reads a session (design §4): tolerantly. Absent, null and a wrong type are all "missing", which is null here.

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
