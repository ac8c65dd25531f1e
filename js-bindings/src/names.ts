// Made from wasm/names.json by tools/generate-names.mjs.

/** The boundary's version; the loader refuses a core that has another. */
export const ABI = 3;

/** What the policy says about a session. */
export type DecisionOutcome =
  | "transfer"
  | "ask"
  | "skip"
  | "reject";

/** Why a decision or an outcome is what it is. */
export type Reason =
  | "eligible"
  | "opt_in_required"
  | "mobile_sdk_unsupported"
  | "sdk_unknown"
  | "sdk_version_unsupported"
  | "channel_unsupported"
  | "ended_by_not_eligible"
  | "queue_disabled"
  | "chat_disabled"
  | "call_disabled"
  | "chat_type_not_selected"
  | "call_type_not_selected"
  | "chat_type_unsupported"
  | "already_started"
  | "platform_not_required"
  | "not_configured"
  | "sdk_cannot_hand_off"
  | "endpoint_not_allowed"
  | "observed"
  | "opt_in_declined"
  | "prompt_expired"
  | "accepted"
  | "ended_by_virtual_agent"
  | "ended_by_end_user"
  | "ended_by_unknown"
  | "ended_by_timeout"
  | "escalated"
  | "virtual_agent_absent"
  | "platform_does_not_ask"
  | "platform_closed"
  | "handled_elsewhere"
  | "saved_expired"
  | "settings_changed"
  | "host_cancelled"
  | "new_conversation"
  | "chat_resumed"
  | "parameter_missing"
  | "payload_too_large"
  | "identity_unavailable"
  | "sdk_rejected"
  | "network_or_cors"
  | "attempt_timeout"
  | "server_error"
  | "rate_limited"
  | "request_timeout"
  | "in_progress_elsewhere"
  | "unauthorized"
  | "idempotency_conflict"
  | "refused"
  | "outcome_unknown"
  | "authorize_failed"
  | "too_many_tries"
  | "sink_missing"
  | "sink_failed";

/** Which level of settings decided. */
export type Level =
  | "queue"
  | "global"
  | "platform";

/** The checks of a decision, in their order. */
export type Check =
  | "sdk_mobile"
  | "sdk_known"
  | "sdk_version"
  | "channel"
  | "platform_status"
  | "platform_required"
  | "ended_by"
  | "queue"
  | "block"
  | "type_selected"
  | "type_supported"
  | "sdk_can_hand_off"
  | "endpoint_allowed";

/** Errors in settings and session documents. `schema` says whether the JSON Schema can express it. */
export type ErrorCode =
  | "json_syntax"
  | "json_encoding"
  | "json_duplicate_key"
  | "json_too_deep"
  | "json_too_large"
  | "json_number_range"
  | "version_unsupported"
  | "field_unknown"
  | "field_missing"
  | "type_mismatch"
  | "value_invalid"
  | "value_too_long"
  | "list_empty"
  | "list_too_long"
  | "id_duplicate"
  | "agent_unknown"
  | "agent_channel_mismatch"
  | "opt_in_not_for_calls"
  | "queue_not_for_calls"
  | "parameter_field_invalid"
  | "parameter_duplicate"
  | "parameter_source_unsupported"
  | "url_invalid"
  | "url_insecure";

/** Warnings about a settings document that loads. */
export type WarningCode =
  | "chat_type_unsupported"
  | "call_type_mobile"
  | "queue_settings_unused";

/** Kinds of session. */
export type Channel =
  | "chat"
  | "call";

/** Types of chat. */
export type ChatType =
  | "web"
  | "mobile"
  | "sms"
  | "whatsapp";

/** Types of call. */
export type CallType =
  | "voice_inbound"
  | "voice_inbound_ivr"
  | "voice_inbound_mobile"
  | "voice_inbound_api"
  | "voice_callback_web"
  | "voice_scheduled_mobile"
  | "voice_scheduled_web"
  | "voice_scheduled_api"
  | "voice_outbound"
  | "voice_outbound_api"
  | "voice_campaign";

/** Who or what ended a session. */
export type EndedBy =
  | "agent"
  | "end_user"
  | "timeout"
  | "dismissed"
  | "unknown";

/** Kinds of data parameter. */
export type ParameterType =
  | "fixed"
  | "dynamic";

/** Where a dynamic data parameter takes its value from. */
export type Source =
  | "ujet_metadata"
  | "unsigned"
  | "signed"
  | "session_variables"
  | "form"
  | "host"
  | "sip_headers";

/** How a form parameter is asked for. */
export type FormInput =
  | "text"
  | "number"
  | "tel"
  | "email"
  | "date"
  | "choice";

/** How a virtual agent is reached. */
export type EndpointKind =
  | "ccaip"
  | "webhook"
  | "dialogflow_cx";

/** SDK platforms that are mobile SDKs, and refused. */
export type MobilePlatform =
  | "ios"
  | "iphone"
  | "ipad"
  | "ipados"
  | "android"
  | "react_native"
  | "flutter"
  | "cordova"
  | "capacitor"
  | "ionic"
  | "xamarin"
  | "maui"
  | "unity"
  | "kotlin"
  | "swift";

/** States of the transfer machine. */
export type Phase =
  | "idle"
  | "asking"
  | "collecting"
  | "handing_off"
  | "stalled"
  | "in_conversation"
  | "done";

/** States of the delivery machine. */
export type DeliveryState =
  | "waiting"
  | "sending"
  | "backing_off"
  | "delivered"
  | "given_up";

/** States of the conversation that goes on in the same chat after a hand-off through the platform. */
export type ConversationState =
  | "awaited"
  | "present"
  | "away"
  | "over";

/** How a transfer ended. */
export type Outcome =
  | "completed"
  | "transferred"
  | "declined"
  | "no_answer"
  | "skipped"
  | "rejected"
  | "failed"
  | "cancelled";

/** Events the bindings send to the core. */
export type EventType =
  | "session_ended"
  | "action"
  | "provided"
  | "timer"
  | "response"
  | "network_error"
  | "online"
  | "offline"
  | "signal"
  | "conversation_ended"
  | "new_conversation"
  | "chat_resumed"
  | "lead_awaited"
  | "lead_lost"
  | "handled_elsewhere"
  | "cancel";

/** What a person can answer to a prompt. */
export type ActionName =
  | "yes"
  | "no"
  | "try_again"
  | "not_now"
  | "continue"
  | "more_time";

/** Timers of a flow; one of each at most. */
export type TimerName =
  | "prompt"
  | "prompt_warning"
  | "provide"
  | "attempt"
  | "retry"
  | "budget"
  | "offline"
  | "stall"
  | "settle"
  | "virtual_agent";

/** Effects the core answers with. */
export type EffectType =
  | "persist"
  | "emit"
  | "show_prompt"
  | "provide"
  | "stop_providing"
  | "send"
  | "write_record"
  | "update_post_session"
  | "show_widget"
  | "abort"
  | "start_timer"
  | "stop_timer";

/** Events a host can listen to. */
export type HostEvent =
  | "decision"
  | "prompt"
  | "consent"
  | "handoff"
  | "record"
  | "hold"
  | "release"
  | "outcome"
  | "diagnostic";

/** Kinds of prompt; the bindings draw each with one function. */
export type PromptKind =
  | "opt_in"
  | "form"
  | "connecting"
  | "waiting_online"
  | "stalled"
  | "connected"
  | "failed"
  | "declined"
  | "expired";

/** What is being delivered. */
export type DeliveryName =
  | "handoff"
  | "metadata"
  | "crm";

/** Kinds of record. */
export type RecordKind =
  | "metadata"
  | "crm"
  | "consent";

/** What the value in a preview comes from. */
export type PreviewFrom =
  | "fixed"
  | "source"
  | "default";

/** Why the source of a data parameter has no value in a preview, or where the value comes from instead. */
export type PreviewReason =
  | "not_found"
  | "is_null"
  | "not_a_value"
  | "date_out_of_range"
  | "asked_of_consumer"
  | "asked_of_page"
  | "reserved";

/** Why an event was ignored. */
export type Ignored =
  | "not_expected"
  | "stale"
  | "malformed";
