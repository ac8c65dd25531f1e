/** Makes typed messages of what Dialogflow CX answers. The agent's author, its webhooks and whoever talks to it decide what stands there: all of it is hostile. */
import type {
  ButtonsMessage,
  ComplexMessage,
  DialogflowMessage,
  EndMessage,
  EscalationMessage,
  MediaMessage,
  SessionVariable,
} from "./messages.js";
import { data, items, key, object, oneOf, own, text, url } from "./read.js";

const MESSAGES = 200;

type Fields = Readonly<Record<string, unknown>>;

/** What a payload shows or does, beside what it says. */
type ViewMessage = ButtonsMessage | ComplexMessage | EndMessage | EscalationMessage | MediaMessage;

const MEDIA = { image: "images", video: "videos", document: "documents" } as const;

/** The fields of a response message of which one is set. */
const KINDS = ["text", "payload", "endInteraction", "liveAgentHandoff"] as const;

/**
 * Reads the `messages` of a `handoff` event whose endpoint is `dialogflow_cx`, or the `queryResult.responseMessages` of any other answer.
 *
 * Takes at most 200 messages; texts are cut after 8192 characters, lists after 50 items. Whatever is not as documented comes back whole, as
 * `unknown`. Never throws.
 */
export function parseMessages(messages: unknown): readonly DialogflowMessage[] {
  try {
    return Array.isArray(messages) ? messages.slice(0, MESSAGES).flatMap(parseMessage).slice(0, MESSAGES) : [];
  } catch {
    // No JSON, but something that fails when it is looked at.
    return [];
  }
}

const unknown = (value: unknown): readonly DialogflowMessage[] => [{ type: "unknown", value }];

function parseMessage(message: unknown): readonly DialogflowMessage[] {
  try {
    const fields = object(message);
    if (fields === null) return unknown(message);
    const kinds = KINDS.filter((kind) => Object.hasOwn(fields, kind));
    const [kind] = kinds;
    return (kinds.length === 1 && kind !== undefined ? parseKind(kind, fields[kind]) : null) ?? unknown(message);
  } catch {
    return unknown(message);
  }
}

function parseKind(kind: (typeof KINDS)[number], value: unknown): readonly DialogflowMessage[] | null {
  const fields = object(value);
  if (fields === null) return null;
  switch (kind) {
    case "text":
      return someOf(texts(own(fields, "text")));
    case "payload": {
      const ujet = object(own(fields, "ujet"));
      return ujet === null ? null : parsePayload(ujet, true);
    }
    case "endInteraction":
      return [{ type: "end", by: "end_interaction" }];
    case "liveAgentHandoff": {
      const metadata = data(own(fields, "metadata") ?? {});
      return metadata === null ? null : [{ type: "live_agent_handoff", metadata }];
    }
  }
}

const someOf = <T>(list: readonly T[]): readonly T[] | null => (list.length > 0 ? list : null);

function texts(value: unknown): readonly DialogflowMessage[] {
  return items(value, text).taken.map((line) => ({ type: "text", text: line }));
}

/** A payload of the platform: what it says, and then what it shows or does. */
function parsePayload(ujet: Fields, canBeComplex: boolean): readonly DialogflowMessage[] | null {
  const said = texts(own(ujet, "messages"));
  const type = own(ujet, "type");
  if (type === "text") {
    const title = text(own(ujet, "title"));
    return someOf(title === null ? said : [{ type: "text", text: title }, ...said]);
  }
  const shown = parseView(type, ujet) ?? (canBeComplex ? parseComplex(type, ujet) : null);
  if (shown === null) return null;
  const variable = sessionVariable(own(ujet, "session_variable"));
  return [...said, variable === null ? shown : { ...shown, session_variable: variable }];
}

function parseView(type: unknown, ujet: Fields): ViewMessage | null {
  switch (type) {
    case "inline_button":
    case "sticky_button":
      return parseButtons(type, ujet);
    case "image":
    case "video":
    case "document":
      return parseMedia(type, ujet);
    case "action":
      return parseAction(ujet);
    default:
      return null;
  }
}

function parseButtons(type: ButtonsMessage["type"], ujet: Fields): ButtonsMessage | null {
  const { taken: buttons, dropped } = items(own(ujet, "buttons"), (button) => {
    const fields = object(button);
    const title = fields === null ? null : text(own(fields, "title"));
    if (fields === null || title === null) return null;
    const action = own(fields, "action") === undefined ? "quick_reply" : key(own(fields, "action"));
    return action === null ? null : { title, action };
  });
  return buttons.length === 0 ? null : { type, title: text(own(ujet, "title")), buttons, dropped };
}

function parseMedia(type: MediaMessage["type"], ujet: Fields): MediaMessage | null {
  const { taken: media, dropped } = items(own(ujet, MEDIA[type]), (medium) => {
    const fields = object(medium);
    const safe = fields === null ? null : url(own(fields, "url"));
    return fields === null || safe === null ? null : { url: safe, text: text(own(fields, "text")) };
  });
  return media.length === 0 ? null : { type, title: text(own(ujet, "title")), media, dropped };
}

function parseComplex(type: unknown, ujet: Fields): ComplexMessage | null {
  const components = own(ujet, "components");
  if (type !== "complex" || !Array.isArray(components)) return null;
  const parts = items(components, (component) => {
    const fields = object(component);
    return (fields === null ? null : parsePayload(fields, false)) ?? unknown(component);
  }).taken.flat();
  return parts.length === 0 ? null : { type, title: text(own(ujet, "title")), components: parts };
}

function parseAction(ujet: Fields): EndMessage | EscalationMessage | null {
  const action = own(ujet, "action");
  if (action === "end") return { type: "end", by: "action" };
  if (action !== "escalation") return null;
  return {
    type: "escalation",
    reason: oneOf(own(ujet, "escalation_reason"), ["by_consumer", "by_virtual_agent"]),
    menu_id: menuId(own(ujet, "menu_id")),
    language: language(own(ujet, "language")),
    allow_virtual_agent: own(ujet, "allow_virtual_agent") === true,
  };
}

const menuId = (value: unknown): string | null => key(Number.isSafeInteger(value) ? String(value) : value);

const language = (value: unknown): string | null =>
  typeof value === "string" && /^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8}){0,4}$/.test(value) ? value : null;

function sessionVariable(value: unknown): SessionVariable | null {
  const fields = object(value);
  if (fields === null) return null;
  const target = oneOf(own(fields, "capture_target"), ["payload", "end_user_response"]);
  const name = key(own(fields, "capture_key"));
  const payload = data(own(fields, "payload") ?? {});
  return target === null || name === null || payload === null
    ? null
    : { capture_target: target, capture_key: name, payload };
}
