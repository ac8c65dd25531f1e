/** Events to the core and effects from it, as docs/architecture.md has them. Internal. */
import type { ActionName, DeliveryName, EventType, Ignored, Phase, TimerName } from "./names.js";
import type { Asked } from "./provide.js";
import type { EventName, Json, Prompt, PromptValues } from "./types.js";
import type { Words } from "./words.js";

export type FlowEvent =
  | {
      readonly type: "session_ended";
      readonly at: string;
      readonly digest: string | null;
      /** The texts of the person's language; left out where nobody will be asked anything. */
      readonly words?: Words;
    }
  | {
      readonly type: "action";
      readonly at: string;
      readonly action: ActionName;
      readonly values: PromptValues;
      /** Tried again too often. */
      readonly throttled?: boolean;
    }
  | { readonly type: "provided"; readonly at: string; readonly field: string; readonly value?: Json }
  | {
      readonly type: "timer";
      readonly at: string;
      readonly timer: TimerName;
      readonly delivery?: DeliveryName;
      /** Of an attempt that still waits for `authorize()`. */
      readonly unsent?: boolean;
    }
  | {
      readonly type: "response";
      readonly at: string;
      readonly delivery: DeliveryName;
      readonly attempt: number;
      readonly status: number;
      readonly retry_after_ms: number | null;
      readonly body: Json;
    }
  | {
      readonly type: "network_error";
      readonly at: string;
      readonly delivery: DeliveryName;
      readonly attempt: number;
      /** Whose fault it is, where that is known. */
      readonly cause?: "authorize" | "sink";
    }
  | ({ readonly type: "signal"; readonly at: string } & SignalFacts)
  | { readonly type: "conversation_ended"; readonly at: string; readonly by: string }
  | { readonly type: "handled_elsewhere"; readonly at: string; readonly connected: boolean }
  | {
      readonly type:
        | "online"
        | "offline"
        | "new_conversation"
        | "chat_resumed"
        | "lead_awaited"
        | "lead_lost"
        | "cancel";
      readonly at: string;
    };

/** What a signal of the SDK says once the session has ended. */
export interface SignalFacts {
  /** The SDK event's name, or one of those that adapter/signals.ts gives. */
  readonly signal: string;
  /** For members who joined or left, whether it is a human agent; for an update, whether the chat has one. */
  readonly human?: boolean;
  /** The chat's status. */
  readonly status?: string;
  readonly post_session_status?: string;
  /** The answer that the widget gave to the platform. */
  readonly opt_in?: boolean;
}

/** Distributes over the union, so that each event keeps its own fields. */
type WithoutTime<Event> = Event extends FlowEvent ? Omit<Event, "at"> : never;
export type UntimedEvent = WithoutTime<FlowEvent>;

// Fails to compile when the table of names and the events above differ.
export type EventTypesAreComplete = [EventType] extends [FlowEvent["type"]] ? true : never;

export interface SendEffect {
  readonly type: "send";
  readonly delivery: DeliveryName;
  readonly attempt: number;
  readonly url: string;
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes, as text: sent as they are. */
  readonly body: string;
  /** The endpoint has just answered 401. */
  readonly reauthorize: boolean;
}

/** For the host's function. */
export interface WriteRecordEffect {
  readonly type: "write_record";
  readonly delivery: DeliveryName;
  readonly attempt: number;
  /** JSON. */
  readonly body: string;
}

export interface UpdatePostSessionEffect {
  readonly type: "update_post_session";
  readonly delivery: DeliveryName;
  /** 0: nobody waits for the answer. */
  readonly attempt: number;
  readonly status: string;
  /** `null`: nobody was asked, and the argument is left out. */
  readonly opt_in: boolean | null;
  /** The call is needless when the chat has one of these statuses already. */
  readonly reached: readonly string[];
}

export type Effect =
  | { readonly type: "emit"; readonly event: EventName; readonly data: unknown }
  | { readonly type: "show_prompt"; readonly prompt: Prompt | null }
  | { readonly type: "provide"; readonly parameters: readonly Asked[] }
  | { readonly type: "stop_providing" }
  | SendEffect
  | WriteRecordEffect
  | UpdatePostSessionEffect
  | { readonly type: "persist"; readonly state: Json; readonly connected: boolean }
  | { readonly type: "show_widget" }
  | { readonly type: "abort"; readonly delivery: DeliveryName }
  | {
      readonly type: "start_timer";
      readonly timer: TimerName;
      readonly ms: number;
      readonly jitter_ms: number;
      /** Of a record's delivery. */
      readonly delivery?: DeliveryName;
    }
  | { readonly type: "stop_timer"; readonly timer: TimerName; readonly delivery?: DeliveryName };

export interface StepAnswer {
  readonly type: "success";
  readonly accepted: boolean;
  readonly ignored?: Ignored;
  readonly state: { readonly phase: Phase; readonly recording: boolean };
  readonly hash: string;
  /** Names of the fields that were refused. */
  readonly invalid?: readonly string[];
  readonly effects: readonly Effect[];
}
