/** What a Dialogflow CX agent can say to a chat, as data. All of it is the agent's: show texts as text, and nothing as markup. */

/** A value of the conversation that the agent wants remembered. */
export interface SessionVariable {
  /** Where the value comes from: the payload itself, or what the person answers next. */
  readonly capture_target: "payload" | "end_user_response";
  /** 1–128 characters. */
  readonly capture_key: string;
  /** JSON; empty where the person's answer is the value. */
  readonly payload: Readonly<Record<string, unknown>>;
}

interface FromPayload {
  /** There only where a payload carries one that is well-formed. */
  readonly session_variable?: SessionVariable;
}

export interface TextMessage {
  readonly type: "text";
  readonly text: string;
}

export interface MessageButton {
  readonly title: string;
  /** `quick_reply`: pressing it says the title. Others are not documented. */
  readonly action: string;
}

export interface ButtonsMessage extends FromPayload {
  readonly type: "inline_button" | "sticky_button";
  readonly title: string | null;
  readonly buttons: readonly MessageButton[];
  /** How many buttons were left out, as no buttons or too many. */
  readonly dropped: number;
}

export interface Medium {
  /** Absolute, `http:` or `https:`, without credentials. */
  readonly url: string;
  /** What to show, or to say, instead of it. */
  readonly text: string | null;
}

export interface MediaMessage extends FromPayload {
  readonly type: "image" | "video" | "document";
  readonly title: string | null;
  readonly media: readonly Medium[];
  /** How many were left out: no URL, one that is not safe to follow, or too many. */
  readonly dropped: number;
}

/** Several messages that belong together. None of them is complex again. */
export interface ComplexMessage extends FromPayload {
  readonly type: "complex";
  readonly title: string | null;
  readonly components: readonly DialogflowMessage[];
}

/** The agent wants a human, or another virtual agent, to take over. Nothing does that by itself. */
export interface EscalationMessage extends FromPayload {
  readonly type: "escalation";
  readonly reason: "by_consumer" | "by_virtual_agent" | null;
  /** The queue, where one is named. */
  readonly menu_id: string | null;
  readonly language: string | null;
  readonly allow_virtual_agent: boolean;
}

/** The conversation is over for the agent: tell it with `transfer.conversationEnded("virtual_agent")`. */
export interface EndMessage extends FromPayload {
  readonly type: "end";
  /** Dialogflow's own `endInteraction`, or the payload's action `end`. */
  readonly by: "end_interaction" | "action";
}

export interface LiveAgentHandoffMessage {
  readonly type: "live_agent_handoff";
  /** JSON, as the agent's author wrote it. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Anything else, as it came: unread, unjudged. */
export interface UnknownMessage {
  readonly type: "unknown";
  readonly value: unknown;
}

export type DialogflowMessage =
  | TextMessage
  | ButtonsMessage
  | MediaMessage
  | ComplexMessage
  | EscalationMessage
  | EndMessage
  | LiveAgentHandoffMessage
  | UnknownMessage;
