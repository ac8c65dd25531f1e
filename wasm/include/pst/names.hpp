// Made from wasm/names.json by tools/generate-names.mjs.
// clang-format off
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace pst {

/// Bumped whenever the boundary between the core and the bindings changes.
inline constexpr std::uint32_t kAbi = 3;

/// The public names of an enumeration, in the order of its values.
template <typename Enum>
inline constexpr std::array<std::string_view, 0> kNames{};

namespace packed {

/// Names one after the other, each with its length before it: a fifth smaller than with an address for each.
template <std::size_t Size, std::size_t Count>
consteval std::array<char, Size> pack(const std::array<std::string_view, Count>& names) {
  std::array<char, Size> bytes{};
  std::size_t at = 0;
  for (const std::string_view name : names) {
    if (name.size() > 255) std::unreachable();  // does not compile
    bytes[at++] = static_cast<char>(name.size());
    for (const char c : name) bytes[at++] = c;
  }
  return bytes;
}

template <std::size_t Count>
consteval std::size_t size(const std::array<std::string_view, Count>& names) {
  std::size_t bytes = Count;
  for (const std::string_view name : names) bytes += name.size();
  return bytes;
}

template <typename Enum>
inline constexpr auto kNames = pack<size(pst::kNames<Enum>)>(pst::kNames<Enum>);

std::string_view at(const char* names, std::size_t index);
/// Its index; the count if it is none of them.
std::size_t find(const char* names, std::size_t count, std::string_view name);

}  // namespace packed

template <typename Enum>
constexpr std::string_view name_of(Enum value) {
  if consteval {
    return kNames<Enum>[static_cast<std::size_t>(value)];
  }
  return packed::at(packed::kNames<Enum>.data(), static_cast<std::size_t>(value));
}

template <typename Enum>
std::optional<Enum> from_name(std::string_view name) {
  const std::size_t index = packed::find(packed::kNames<Enum>.data(), kNames<Enum>.size(), name);
  return index < kNames<Enum>.size() ? std::optional(static_cast<Enum>(index)) : std::nullopt;
}

/// What the policy says about a session.
enum class DecisionOutcome : std::uint8_t {
  transfer, ask, skip, reject,
};
template <>
inline constexpr std::array<std::string_view, 4> kNames<DecisionOutcome>{
    "transfer", "ask", "skip", "reject",
};

/// Why a decision or an outcome is what it is.
enum class Reason : std::uint8_t {
  eligible, opt_in_required, mobile_sdk_unsupported, sdk_unknown, sdk_version_unsupported, channel_unsupported,
  ended_by_not_eligible, queue_disabled, chat_disabled, call_disabled, chat_type_not_selected, call_type_not_selected,
  chat_type_unsupported, already_started, platform_not_required, not_configured, sdk_cannot_hand_off,
  endpoint_not_allowed, observed, opt_in_declined, prompt_expired, accepted, ended_by_virtual_agent, ended_by_end_user,
  ended_by_unknown, ended_by_timeout, escalated, virtual_agent_absent, platform_does_not_ask, platform_closed,
  handled_elsewhere, saved_expired, settings_changed, host_cancelled, new_conversation, chat_resumed, parameter_missing,
  payload_too_large, identity_unavailable, sdk_rejected, network_or_cors, attempt_timeout, server_error, rate_limited,
  request_timeout, in_progress_elsewhere, unauthorized, idempotency_conflict, refused, outcome_unknown,
  authorize_failed, too_many_tries, sink_missing, sink_failed,
};
template <>
inline constexpr std::array<std::string_view, 54> kNames<Reason>{
    "eligible", "opt_in_required", "mobile_sdk_unsupported", "sdk_unknown", "sdk_version_unsupported",
    "channel_unsupported", "ended_by_not_eligible", "queue_disabled", "chat_disabled", "call_disabled",
    "chat_type_not_selected", "call_type_not_selected", "chat_type_unsupported", "already_started",
    "platform_not_required", "not_configured", "sdk_cannot_hand_off", "endpoint_not_allowed", "observed",
    "opt_in_declined", "prompt_expired", "accepted", "ended_by_virtual_agent", "ended_by_end_user", "ended_by_unknown",
    "ended_by_timeout", "escalated", "virtual_agent_absent", "platform_does_not_ask", "platform_closed",
    "handled_elsewhere", "saved_expired", "settings_changed", "host_cancelled", "new_conversation", "chat_resumed",
    "parameter_missing", "payload_too_large", "identity_unavailable", "sdk_rejected", "network_or_cors",
    "attempt_timeout", "server_error", "rate_limited", "request_timeout", "in_progress_elsewhere", "unauthorized",
    "idempotency_conflict", "refused", "outcome_unknown", "authorize_failed", "too_many_tries", "sink_missing",
    "sink_failed",
};

/// Which level of settings decided.
enum class Level : std::uint8_t {
  queue, global, platform,
};
template <>
inline constexpr std::array<std::string_view, 3> kNames<Level>{
    "queue", "global", "platform",
};

/// The checks of a decision, in their order.
enum class Check : std::uint8_t {
  sdk_mobile, sdk_known, sdk_version, channel, platform_status, platform_required, ended_by, queue, block,
  type_selected, type_supported, sdk_can_hand_off, endpoint_allowed,
};
template <>
inline constexpr std::array<std::string_view, 13> kNames<Check>{
    "sdk_mobile", "sdk_known", "sdk_version", "channel", "platform_status", "platform_required", "ended_by", "queue",
    "block", "type_selected", "type_supported", "sdk_can_hand_off", "endpoint_allowed",
};

/// Errors in settings and session documents. `schema` says whether the JSON Schema can express it.
enum class ErrorCode : std::uint8_t {
  json_syntax, json_encoding, json_duplicate_key, json_too_deep, json_too_large, json_number_range, version_unsupported,
  field_unknown, field_missing, type_mismatch, value_invalid, value_too_long, list_empty, list_too_long, id_duplicate,
  agent_unknown, agent_channel_mismatch, opt_in_not_for_calls, queue_not_for_calls, parameter_field_invalid,
  parameter_duplicate, parameter_source_unsupported, url_invalid, url_insecure,
};
template <>
inline constexpr std::array<std::string_view, 24> kNames<ErrorCode>{
    "json_syntax", "json_encoding", "json_duplicate_key", "json_too_deep", "json_too_large", "json_number_range",
    "version_unsupported", "field_unknown", "field_missing", "type_mismatch", "value_invalid", "value_too_long",
    "list_empty", "list_too_long", "id_duplicate", "agent_unknown", "agent_channel_mismatch", "opt_in_not_for_calls",
    "queue_not_for_calls", "parameter_field_invalid", "parameter_duplicate", "parameter_source_unsupported",
    "url_invalid", "url_insecure",
};

/// Warnings about a settings document that loads.
enum class WarningCode : std::uint8_t {
  chat_type_unsupported, call_type_mobile, queue_settings_unused,
};
template <>
inline constexpr std::array<std::string_view, 3> kNames<WarningCode>{
    "chat_type_unsupported", "call_type_mobile", "queue_settings_unused",
};

/// Kinds of session.
enum class Channel : std::uint8_t {
  chat, call,
};
template <>
inline constexpr std::array<std::string_view, 2> kNames<Channel>{
    "chat", "call",
};

/// Types of chat.
enum class ChatType : std::uint8_t {
  web, mobile, sms, whatsapp,
};
template <>
inline constexpr std::array<std::string_view, 4> kNames<ChatType>{
    "web", "mobile", "sms", "whatsapp",
};

/// Types of call.
enum class CallType : std::uint8_t {
  voice_inbound, voice_inbound_ivr, voice_inbound_mobile, voice_inbound_api, voice_callback_web, voice_scheduled_mobile,
  voice_scheduled_web, voice_scheduled_api, voice_outbound, voice_outbound_api, voice_campaign,
};
template <>
inline constexpr std::array<std::string_view, 11> kNames<CallType>{
    "voice_inbound", "voice_inbound_ivr", "voice_inbound_mobile", "voice_inbound_api", "voice_callback_web",
    "voice_scheduled_mobile", "voice_scheduled_web", "voice_scheduled_api", "voice_outbound", "voice_outbound_api",
    "voice_campaign",
};

/// Who or what ended a session.
enum class EndedBy : std::uint8_t {
  agent, end_user, timeout, dismissed, unknown,
};
template <>
inline constexpr std::array<std::string_view, 5> kNames<EndedBy>{
    "agent", "end_user", "timeout", "dismissed", "unknown",
};

/// Kinds of data parameter.
enum class ParameterType : std::uint8_t {
  fixed, dynamic,
};
template <>
inline constexpr std::array<std::string_view, 2> kNames<ParameterType>{
    "fixed", "dynamic",
};

/// Where a dynamic data parameter takes its value from.
enum class Source : std::uint8_t {
  ujet_metadata, unsigned_, signed_, session_variables, form, host, sip_headers,
};
template <>
inline constexpr std::array<std::string_view, 7> kNames<Source>{
    "ujet_metadata", "unsigned", "signed", "session_variables", "form", "host", "sip_headers",
};

/// How a form parameter is asked for.
enum class FormInput : std::uint8_t {
  text, number, tel, email, date, choice,
};
template <>
inline constexpr std::array<std::string_view, 6> kNames<FormInput>{
    "text", "number", "tel", "email", "date", "choice",
};

/// How a virtual agent is reached.
enum class EndpointKind : std::uint8_t {
  ccaip, webhook, dialogflow_cx,
};
template <>
inline constexpr std::array<std::string_view, 3> kNames<EndpointKind>{
    "ccaip", "webhook", "dialogflow_cx",
};

/// SDK platforms that are mobile SDKs, and refused.
enum class MobilePlatform : std::uint8_t {
  ios, iphone, ipad, ipados, android, react_native, flutter, cordova, capacitor, ionic, xamarin, maui, unity, kotlin,
  swift,
};
template <>
inline constexpr std::array<std::string_view, 15> kNames<MobilePlatform>{
    "ios", "iphone", "ipad", "ipados", "android", "react_native", "flutter", "cordova", "capacitor", "ionic", "xamarin",
    "maui", "unity", "kotlin", "swift",
};

/// States of the transfer machine.
enum class Phase : std::uint8_t {
  idle, asking, collecting, handing_off, stalled, in_conversation, done,
};
template <>
inline constexpr std::array<std::string_view, 7> kNames<Phase>{
    "idle", "asking", "collecting", "handing_off", "stalled", "in_conversation", "done",
};

/// States of the delivery machine.
enum class DeliveryState : std::uint8_t {
  waiting, sending, backing_off, delivered, given_up,
};
template <>
inline constexpr std::array<std::string_view, 5> kNames<DeliveryState>{
    "waiting", "sending", "backing_off", "delivered", "given_up",
};

/// States of the conversation that goes on in the same chat after a hand-off through the platform.
enum class ConversationState : std::uint8_t {
  awaited, present, away, over,
};
template <>
inline constexpr std::array<std::string_view, 4> kNames<ConversationState>{
    "awaited", "present", "away", "over",
};

/// How a transfer ended.
enum class Outcome : std::uint8_t {
  completed, transferred, declined, no_answer, skipped, rejected, failed, cancelled,
};
template <>
inline constexpr std::array<std::string_view, 8> kNames<Outcome>{
    "completed", "transferred", "declined", "no_answer", "skipped", "rejected", "failed", "cancelled",
};

/// Events the bindings send to the core.
enum class EventType : std::uint8_t {
  session_ended, action, provided, timer, response, network_error, online, offline, signal, conversation_ended,
  new_conversation, chat_resumed, lead_awaited, lead_lost, handled_elsewhere, cancel,
};
template <>
inline constexpr std::array<std::string_view, 16> kNames<EventType>{
    "session_ended", "action", "provided", "timer", "response", "network_error", "online", "offline", "signal",
    "conversation_ended", "new_conversation", "chat_resumed", "lead_awaited", "lead_lost", "handled_elsewhere",
    "cancel",
};

/// What a person can answer to a prompt.
enum class ActionName : std::uint8_t {
  yes, no, try_again, not_now, continue_, more_time,
};
template <>
inline constexpr std::array<std::string_view, 6> kNames<ActionName>{
    "yes", "no", "try_again", "not_now", "continue", "more_time",
};

/// Timers of a flow; one of each at most.
enum class TimerName : std::uint8_t {
  prompt, prompt_warning, provide, attempt, retry, budget, offline, stall, settle, virtual_agent,
};
template <>
inline constexpr std::array<std::string_view, 10> kNames<TimerName>{
    "prompt", "prompt_warning", "provide", "attempt", "retry", "budget", "offline", "stall", "settle", "virtual_agent",
};

/// Effects the core answers with.
enum class EffectType : std::uint8_t {
  persist, emit, show_prompt, provide, stop_providing, send, write_record, update_post_session, show_widget, abort,
  start_timer, stop_timer,
};
template <>
inline constexpr std::array<std::string_view, 12> kNames<EffectType>{
    "persist", "emit", "show_prompt", "provide", "stop_providing", "send", "write_record", "update_post_session",
    "show_widget", "abort", "start_timer", "stop_timer",
};

/// Events a host can listen to.
enum class HostEvent : std::uint8_t {
  decision, prompt, consent, handoff, record, hold, release, outcome, diagnostic,
};
template <>
inline constexpr std::array<std::string_view, 9> kNames<HostEvent>{
    "decision", "prompt", "consent", "handoff", "record", "hold", "release", "outcome", "diagnostic",
};

/// Kinds of prompt; the bindings draw each with one function.
enum class PromptKind : std::uint8_t {
  opt_in, form, connecting, waiting_online, stalled, connected, failed, declined, expired,
};
template <>
inline constexpr std::array<std::string_view, 9> kNames<PromptKind>{
    "opt_in", "form", "connecting", "waiting_online", "stalled", "connected", "failed", "declined", "expired",
};

/// What is being delivered.
enum class DeliveryName : std::uint8_t {
  handoff, metadata, crm,
};
template <>
inline constexpr std::array<std::string_view, 3> kNames<DeliveryName>{
    "handoff", "metadata", "crm",
};

/// Kinds of record.
enum class RecordKind : std::uint8_t {
  metadata, crm, consent,
};
template <>
inline constexpr std::array<std::string_view, 3> kNames<RecordKind>{
    "metadata", "crm", "consent",
};

/// What the value in a preview comes from.
enum class PreviewFrom : std::uint8_t {
  fixed, source, default_,
};
template <>
inline constexpr std::array<std::string_view, 3> kNames<PreviewFrom>{
    "fixed", "source", "default",
};

/// Why the source of a data parameter has no value in a preview, or where the value comes from instead.
enum class PreviewReason : std::uint8_t {
  not_found, is_null, not_a_value, date_out_of_range, asked_of_consumer, asked_of_page, reserved,
};
template <>
inline constexpr std::array<std::string_view, 7> kNames<PreviewReason>{
    "not_found", "is_null", "not_a_value", "date_out_of_range", "asked_of_consumer", "asked_of_page", "reserved",
};

/// Why an event was ignored.
enum class Ignored : std::uint8_t {
  not_expected, stale, malformed,
};
template <>
inline constexpr std::array<std::string_view, 3> kNames<Ignored>{
    "not_expected", "stale", "malformed",
};

}  // namespace pst
