// Made from wasm/names.json by tools/generate-names.mjs.

/** What the policy says about a session. */
export const DECISION_OUTCOMES = [
  { name: "transfer", means: "The session is handed off at once.", do: "Nothing." },
  { name: "ask", means: "The consumer is asked first.", do: "Nothing; the prompt appears." },
  { name: "skip", means: "This session is not transferred.", do: "See the reason." },
  { name: "reject", means: "This SDK cannot take part.", do: "See the reason." }
] as const;

/** Why a decision or an outcome is what it is. */
export const REASONS = [
  { name: "eligible", means: "Every check passed and no opt-in is asked for.", do: "Nothing." },
  { name: "opt_in_required", means: "Every check passed and the consumer is to be asked.", do: "Nothing." },
  { name: "mobile_sdk_unsupported", means: "The session runs in a mobile SDK.", do: "Use web SDK V3; a phone's browser is fine. Post-session transfers are not available for the mobile SDKs." },
  { name: "sdk_unknown", means: "The SDK's platform is missing or is not web.", do: "Set sdk.platform to \"web\" in the session facts." },
  { name: "sdk_version_unsupported", means: "The SDK's version is older than rules.min_sdk_version, missing or not of the form N.N.N.", do: "Update the SDK, pass its version, or lower rules.min_sdk_version." },
  { name: "channel_unsupported", means: "The session is neither a chat nor a call.", do: "Set channel to \"chat\" or \"call\"." },
  { name: "ended_by_not_eligible", means: "Who or what ended the session is not in rules.ended_by.", do: "Add it to rules.ended_by if such sessions are to be transferred." },
  { name: "queue_disabled", means: "The queue's chat_routing is off.", do: "Switch chat_routing on for the queue, or remove it to inherit the global settings." },
  { name: "chat_disabled", means: "Post-session transfers for chats are off globally.", do: "Set chat.enabled to true, or configure the queue." },
  { name: "call_disabled", means: "Post-session transfers for calls are off globally.", do: "Set call.enabled to true." },
  { name: "chat_type_not_selected", means: "The chat's type is not among the selected chat types.", do: "Add it to chat.chat_types." },
  { name: "call_type_not_selected", means: "The call's type is not among the selected call types.", do: "Add it to call.call_types." },
  { name: "chat_type_unsupported", means: "The chat's type is selected, but web SDK V3 can transfer only web chats.", do: "Nothing can be done in the web SDK; expect these chats not to be transferred." },
  { name: "already_started", means: "The platform says that a post-session transfer is in progress or over.", do: "Nothing." },
  { name: "platform_not_required", means: "The platform says that this chat needs no post-session transfer.", do: "Check the settings in the portal." },
  { name: "not_configured", means: "There are neither settings nor flags of the platform.", do: "Load a settings document, or configure the transfer in the portal." },
  { name: "sdk_cannot_hand_off", means: "The hand-off goes through the platform, but this SDK has no updatePostSession.", do: "Update the SDK, or use a webhook endpoint." },
  { name: "endpoint_not_allowed", means: "The endpoint's origin is not on the host's list.", do: "Add the origin to the endpoints option." },
  { name: "observed", means: "Observe mode: decided and reported, nothing done.", do: "Set mode to \"enforce\" to act." },
  { name: "opt_in_declined", means: "The consumer answered No.", do: "Nothing." },
  { name: "prompt_expired", means: "The consumer did not answer in the time that the settings give.", do: "Raise rules.prompt_timeout_s, or set it to 0 for no limit." },
  { name: "accepted", means: "The virtual agent's endpoint accepted the hand-off.", do: "Nothing." },
  { name: "ended_by_virtual_agent", means: "The virtual agent ended the conversation.", do: "Nothing." },
  { name: "ended_by_end_user", means: "The consumer left the conversation with the virtual agent.", do: "Nothing." },
  { name: "ended_by_unknown", means: "The conversation with the virtual agent ended; by whom is not known.", do: "Nothing." },
  { name: "ended_by_timeout", means: "The conversation with the virtual agent ended because nobody wrote.", do: "Nothing." },
  { name: "escalated", means: "A human agent took the conversation over from the virtual agent.", do: "Nothing; the chat goes on as a chat." },
  { name: "virtual_agent_absent", means: "The platform accepted the hand-off, but no virtual agent came within two minutes.", do: "Look at the virtual agent in the portal." },
  { name: "platform_does_not_ask", means: "The opt-in is left to the widget (prompt: \"platform\"), and the platform does not require a transfer, so nobody asks.", do: "Configure the transfer in the portal, or let the module ask." },
  { name: "platform_closed", means: "The widget asked, and was closed without an answer.", do: "Nothing." },
  { name: "handled_elsewhere", means: "The session was taken care of in another tab, or before a reload.", do: "Nothing." },
  { name: "saved_expired", means: "The page came back more than half an hour after it had gone.", do: "Nothing." },
  { name: "settings_changed", means: "The page came back with other settings: the answer that was saved is for another virtual agent.", do: "Nothing." },
  { name: "host_cancelled", means: "The host cancelled the transfer.", do: "Nothing." },
  { name: "new_conversation", means: "The consumer started a new conversation.", do: "Nothing." },
  { name: "chat_resumed", means: "The chat was resumed.", do: "Nothing." },
  { name: "parameter_missing", means: "A required data parameter has no value.", do: "Give the parameter a default, or make sure its source carries it." },
  { name: "payload_too_large", means: "The hand-off's body exceeds 32 KiB; nothing was sent.", do: "Pass fewer or shorter data parameters." },
  { name: "identity_unavailable", means: "No SHA-256 could be computed, so there is no idempotency key; nothing was sent.", do: "Serve the page over https: WebCrypto works in secure contexts only." },
  { name: "sdk_rejected", means: "The SDK rejected updatePostSession, or never answered.", do: "Look into the SDK's log; the platform may not know the status." },
  { name: "network_or_cors", means: "The endpoint could not be reached, or refused the page's origin: the browser does not say which.", do: "Check that the endpoint is up and answers CORS preflights for the page's origin; try pst probe." },
  { name: "attempt_timeout", means: "The endpoint did not answer within eight seconds.", do: "Answer faster: accept first, work later." },
  { name: "server_error", means: "The endpoint answered with a 5xx status.", do: "Look into the endpoint's log." },
  { name: "rate_limited", means: "The endpoint answered 429.", do: "Raise the endpoint's limit." },
  { name: "request_timeout", means: "The endpoint answered 408 or 425.", do: "Look into the endpoint's log." },
  { name: "in_progress_elsewhere", means: "The endpoint answered 409 to the end: another request with this key is still running.", do: "Look into the endpoint's log for the key." },
  { name: "unauthorized", means: "The endpoint answered 401, also with fresh credentials.", do: "Check what authorize() returns." },
  { name: "idempotency_conflict", means: "The endpoint has already accepted another body under this key (422).", do: "Nothing is doubled; look into the endpoint's log for the key." },
  { name: "refused", means: "The endpoint refused the hand-off for good (another 4xx).", do: "Look at the status in the handoff event and into the endpoint's log." },
  { name: "outcome_unknown", means: "The connection broke after sending to an endpoint that is not idempotent.", do: "Set idempotent to true if the broker honours Idempotency-Key." },
  { name: "authorize_failed", means: "The host's authorize() failed, or gave nothing that can be sent.", do: "Look into authorize(): it threw, rejected, or returned no headers." },
  { name: "too_many_tries", means: "The person tried again too often in a short time.", do: "Nothing; it works again after a moment." },
  { name: "sink_missing", means: "The settings ask for a record, but the host named nothing that takes it.", do: "Pass records.metadata or records.crm." },
  { name: "sink_failed", means: "The host's record function threw or rejected.", do: "Look into the function passed as records.metadata or records.crm." }
] as const;

/** Which level of settings decided. */
export const LEVELS = [
  { name: "queue", means: "The queue's own settings." },
  { name: "global", means: "The global chat or call settings." },
  { name: "platform", means: "The platform's flags on the chat." }
] as const;

/** The checks of a decision, in their order. */
export const CHECKS = [
  { name: "sdk_mobile", means: "The SDK is not a mobile SDK." },
  { name: "sdk_known", means: "The SDK's platform is web." },
  { name: "sdk_version", means: "The SDK's version is at least rules.min_sdk_version." },
  { name: "channel", means: "The session is a chat or a call." },
  { name: "platform_status", means: "The platform has not started a post-session transfer yet." },
  { name: "platform_required", means: "The platform does not say that no transfer is required." },
  { name: "ended_by", means: "Who ended the session is in rules.ended_by." },
  { name: "queue", means: "The queue does not switch transfers off." },
  { name: "block", means: "The settings in force (the queue's or the global ones) are on." },
  { name: "type_selected", means: "The chat's or call's type is selected." },
  { name: "type_supported", means: "The chat's type can be transferred by web SDK V3." },
  { name: "sdk_can_hand_off", means: "The SDK offers updatePostSession, which a ccaip hand-off needs." },
  { name: "endpoint_allowed", means: "The host allows the endpoint's origin." }
] as const;

/** Errors in settings and session documents. `schema` says whether the JSON Schema can express it. */
export const ERROR_CODES = [
  { name: "json_syntax", schema: false, means: "The text is not JSON, or something follows the document.", do: "Mend the text at the line and column given." },
  { name: "json_encoding", schema: false, means: "Invalid UTF-8, a lone surrogate, a NUL character or a byte-order mark.", do: "Save the text as UTF-8 without a byte-order mark." },
  { name: "json_duplicate_key", schema: false, means: "An object has the same key twice.", do: "Remove one of the two." },
  { name: "json_too_deep", schema: false, means: "The document nests deeper than 32 levels.", do: "Flatten it." },
  { name: "json_too_large", schema: false, means: "The text is longer than 4 MiB.", do: "Split it or remove what is not needed." },
  { name: "json_number_range", schema: false, means: "An integer outside ±(2^53−1), or a number that overflows.", do: "Write such identifiers as strings." },
  { name: "version_unsupported", schema: true, means: "The document's version is not one this module knows.", do: "Write \"version\": 1." },
  { name: "field_unknown", schema: true, means: "A field that does not belong here.", do: "Remove it or correct its name." },
  { name: "field_missing", schema: true, means: "A required field is missing.", do: "Add it." },
  { name: "type_mismatch", schema: true, means: "The value has the wrong JSON type.", do: "Write a value of the type given." },
  { name: "value_invalid", schema: true, means: "The value is not one of those allowed.", do: "Write one of the values given." },
  { name: "value_too_long", schema: true, means: "The text is longer than allowed.", do: "Shorten it." },
  { name: "list_empty", schema: true, means: "The list must have an entry.", do: "Add one, or switch the block off." },
  { name: "list_too_long", schema: true, means: "The list has more entries than allowed.", do: "Remove some." },
  { name: "id_duplicate", schema: false, means: "Two entries have the same id.", do: "Give one of them another id." },
  { name: "agent_unknown", schema: false, means: "No virtual agent has this id.", do: "Name one of virtual_agents, or add it there." },
  { name: "agent_channel_mismatch", schema: false, means: "The virtual agent does not serve this channel.", do: "Add the channel to the agent's channels, or name another agent: you must have a virtual agent configured for any channel that you configure for post-session transfers." },
  { name: "opt_in_not_for_calls", schema: true, means: "Calls have no opt-in: the platform has none.", do: "Remove opt_in from the call block." },
  { name: "queue_not_for_calls", schema: true, means: "Calls have no queue level: the platform has none.", do: "Move the call's settings to the global call block." },
  { name: "parameter_field_invalid", schema: true, means: "The destination field's name is not allowed.", do: "Use letters, digits, _ . -, starting with a letter or _, at most 128 characters." },
  { name: "parameter_duplicate", schema: false, means: "Two data parameters have the same destination field.", do: "Rename or remove one of them." },
  { name: "parameter_source_unsupported", schema: false, means: "This source cannot be used here.", do: "Use another source: form needs a chat, sip_headers a call, and with a ccaip agent the platform itself passes the parameters, so form, host and required do not work." },
  { name: "url_invalid", schema: false, means: "The URL cannot be parsed, is not http(s), or carries user info.", do: "Write an absolute https URL without user name and password." },
  { name: "url_insecure", schema: false, means: "The URL is http and not on the loopback interface.", do: "Use https." }
] as const;

/** Warnings about a settings document that loads. */
export const WARNING_CODES = [
  { name: "chat_type_unsupported", means: "This chat type is selected but cannot be transferred by web SDK V3.", do: "Nothing is wrong; such chats are skipped as chat_type_unsupported." },
  { name: "call_type_mobile", means: "This call type comes from a mobile SDK, which is refused.", do: "Nothing is wrong; such calls are rejected when they name their SDK." },
  { name: "queue_settings_unused", means: "The queue inherits the global settings, so the fields beside the absent chat_routing are not used.", do: "Set chat_routing to true to use them, or remove them." }
] as const;

/** Kinds of session. */
export const CHANNELS = [
  { name: "chat" },
  { name: "call" }
] as const;

/** Types of chat. */
export const CHAT_TYPES = [
  { name: "web" },
  { name: "mobile" },
  { name: "sms" },
  { name: "whatsapp" }
] as const;

/** Types of call. */
export const CALL_TYPES = [
  { name: "voice_inbound" },
  { name: "voice_inbound_ivr" },
  { name: "voice_inbound_mobile" },
  { name: "voice_inbound_api" },
  { name: "voice_callback_web" },
  { name: "voice_scheduled_mobile" },
  { name: "voice_scheduled_web" },
  { name: "voice_scheduled_api" },
  { name: "voice_outbound" },
  { name: "voice_outbound_api" },
  { name: "voice_campaign" }
] as const;

/** Who or what ended a session. */
export const ENDED_BY = [
  { name: "agent" },
  { name: "end_user" },
  { name: "timeout" },
  { name: "dismissed" },
  { name: "unknown" }
] as const;

/** Kinds of data parameter. */
export const PARAMETER_TYPES = [
  { name: "fixed", means: "A value written in the settings." },
  { name: "dynamic", means: "A value taken from the session." }
] as const;

/** Where a dynamic data parameter takes its value from. */
export const SOURCES = [
  { name: "ujet_metadata", means: "The session facts, by dotted path." },
  { name: "unsigned", means: "Unsigned custom data, by key." },
  { name: "signed", means: "The claims of the server's token, by key." },
  { name: "session_variables", means: "Variables captured by a virtual agent, by key." },
  { name: "form", means: "Asked of the consumer; chats only." },
  { name: "host", means: "Asked of the page." },
  { name: "sip_headers", means: "Headers of the call; calls only." }
] as const;

/** How a form parameter is asked for. */
export const FORM_INPUTS = [
  { name: "text" },
  { name: "number" },
  { name: "tel" },
  { name: "email" },
  { name: "date" },
  { name: "choice" }
] as const;

/** How a virtual agent is reached. */
export const ENDPOINT_KINDS = [
  { name: "ccaip", means: "Through the platform: client.updatePostSession." },
  { name: "webhook", means: "POST to a URL." },
  { name: "dialogflow_cx", means: "Dialogflow CX detectIntent." }
] as const;

/** SDK platforms that are mobile SDKs, and refused. */
export const MOBILE_PLATFORMS = [
  { name: "ios" },
  { name: "iphone" },
  { name: "ipad" },
  { name: "ipados" },
  { name: "android" },
  { name: "react_native" },
  { name: "flutter" },
  { name: "cordova" },
  { name: "capacitor" },
  { name: "ionic" },
  { name: "xamarin" },
  { name: "maui" },
  { name: "unity" },
  { name: "kotlin" },
  { name: "swift" }
] as const;

/** States of the transfer machine. */
export const PHASES = [
  { name: "idle", means: "The session has not ended." },
  { name: "asking", means: "The opt-in prompt is on screen." },
  { name: "collecting", means: "Data parameters are being collected." },
  { name: "handing_off", means: "The hand-off is being delivered." },
  { name: "stalled", means: "The delivery gave up; the consumer may try again." },
  { name: "in_conversation", means: "The virtual agent has taken over." },
  { name: "done", means: "Over, with exactly one outcome." }
] as const;

/** States of the delivery machine. */
export const DELIVERY_STATES = [
  { name: "waiting", means: "Nothing is in flight: not started, or offline." },
  { name: "sending", means: "An attempt is in flight." },
  { name: "backing_off", means: "Waiting before the next attempt." },
  { name: "delivered", means: "Accepted." },
  { name: "given_up", means: "No further attempt is made." }
] as const;

/** States of the conversation that goes on in the same chat after a hand-off through the platform. */
export const CONVERSATION_STATES = [
  { name: "awaited", means: "No virtual agent has come yet." },
  { name: "present", means: "A virtual agent takes part." },
  { name: "away", means: "It left; another one may follow." },
  { name: "over", means: "The conversation has ended." }
] as const;

/** How a transfer ended. */
export const OUTCOMES = [
  { name: "completed", means: "The conversation with the virtual agent took place and is over." },
  { name: "transferred", means: "The endpoint accepted the hand-off; there is no conversation to follow." },
  { name: "declined", means: "The consumer said No." },
  { name: "no_answer", means: "The consumer did not answer." },
  { name: "skipped", means: "The policy says no transfer." },
  { name: "rejected", means: "The SDK cannot take part." },
  { name: "failed", means: "The hand-off could not be delivered." },
  { name: "cancelled", means: "The host cancelled, a new conversation began, or the chat was resumed." }
] as const;

/** Events the bindings send to the core. */
export const EVENT_TYPES = [
  { name: "session_ended" },
  { name: "action" },
  { name: "provided" },
  { name: "timer" },
  { name: "response" },
  { name: "network_error" },
  { name: "online" },
  { name: "offline" },
  { name: "signal" },
  { name: "conversation_ended" },
  { name: "new_conversation" },
  { name: "chat_resumed" },
  { name: "lead_awaited" },
  { name: "lead_lost" },
  { name: "handled_elsewhere" },
  { name: "cancel" }
] as const;

/** What a person can answer to a prompt. */
export const ACTION_NAMES = [
  { name: "yes" },
  { name: "no" },
  { name: "try_again" },
  { name: "not_now" },
  { name: "continue" },
  { name: "more_time" }
] as const;

/** Timers of a flow; one of each at most. */
export const TIMER_NAMES = [
  { name: "prompt", means: "rules.prompt_timeout_s." },
  { name: "prompt_warning", means: "20 s before the time to answer is over." },
  { name: "provide", means: "10 s for the host to give its parameters." },
  { name: "attempt", means: "8 s for one attempt." },
  { name: "retry", means: "Back-off with full jitter." },
  { name: "budget", means: "30 s for all attempts." },
  { name: "offline", means: "Half an hour for the network to come back." },
  { name: "stall", means: "Two minutes to try again." },
  { name: "settle", means: "Half a second for signals that may turn a skip around." },
  { name: "virtual_agent", means: "Two minutes for a virtual agent to come." }
] as const;

/** Effects the core answers with. */
export const EFFECT_TYPES = [
  { name: "persist" },
  { name: "emit" },
  { name: "show_prompt" },
  { name: "provide" },
  { name: "stop_providing" },
  { name: "send" },
  { name: "write_record" },
  { name: "update_post_session" },
  { name: "show_widget" },
  { name: "abort" },
  { name: "start_timer" },
  { name: "stop_timer" }
] as const;

/** Events a host can listen to. */
export const HOST_EVENTS = [
  { name: "decision" },
  { name: "prompt" },
  { name: "consent" },
  { name: "handoff" },
  { name: "record" },
  { name: "hold" },
  { name: "release" },
  { name: "outcome" },
  { name: "diagnostic" }
] as const;

/** Kinds of prompt; the bindings draw each with one function. */
export const PROMPT_KINDS = [
  { name: "opt_in" },
  { name: "form" },
  { name: "connecting" },
  { name: "waiting_online" },
  { name: "stalled" },
  { name: "connected" },
  { name: "failed" },
  { name: "declined" },
  { name: "expired" }
] as const;

/** What is being delivered. */
export const DELIVERY_NAMES = [
  { name: "handoff" },
  { name: "metadata" },
  { name: "crm" }
] as const;

/** Kinds of record. */
export const RECORD_KINDS = [
  { name: "metadata", means: "The data parameters and the transfer, as a fragment of the session metadata." },
  { name: "crm", means: "The data parameters as text for a CRM record." },
  { name: "consent", means: "That the consumer said No: no data parameter is in it." }
] as const;

/** What the value in a preview comes from. */
export const PREVIEW_FROMS = [
  { name: "fixed", means: "The settings." },
  { name: "source", means: "The session." },
  { name: "default", means: "The parameter's default, because its source has no value now." }
] as const;

/** Why the source of a data parameter has no value in a preview, or where the value comes from instead. */
export const PREVIEW_REASONS = [
  { name: "not_found", means: "The session does not carry the source field.", do: "Check the source field's spelling, or give the parameter a default." },
  { name: "is_null", means: "The session carries null there.", do: "Nothing, or give the parameter a default." },
  { name: "not_a_value", means: "The session carries an object or a list there.", do: "Name a field inside it, or pass a plain value." },
  { name: "date_out_of_range", means: "A date that no Date can hold: beyond ±8.64e15 milliseconds.", do: "Pass milliseconds since the epoch." },
  { name: "asked_of_consumer", means: "The consumer is asked for it in the prompt.", do: "Nothing." },
  { name: "asked_of_page", means: "The page is asked for it: provide().", do: "Nothing." },
  { name: "reserved", means: "The destination field is reserved, and custom data carries it: that value is passed.", do: "Nothing, or rename the destination field." }
] as const;

/** Why an event was ignored. */
export const IGNOREDS = [
  { name: "not_expected", means: "No row of the table takes this event in this state." },
  { name: "stale", means: "The event belongs to an earlier attempt." },
  { name: "malformed", means: "The event is not one this version knows." }
] as const;
