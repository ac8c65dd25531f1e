#include "pst/handoff.hpp"

#include <algorithm>

namespace pst::handoff {

namespace {

constexpr std::size_t kDigestDigits = 64;
constexpr std::size_t kUuidDigits = 32;
constexpr std::size_t kVersionDigit = 12;
constexpr std::size_t kVariantDigit = 16;

constexpr bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

/// RFC 9562: the two highest bits of the variant digit are 10.
constexpr char with_variant(char digit) {
  const int value = digit <= '9' ? digit - '0' : digit - 'a' + 10;
  return "89ab"[value & 3];
}

}  // namespace

std::string identity_text(const Session& session, const Decision& decision) {
  std::string text;
  json::Writer writer(text);
  writer.begin_array();
  writer.string_or_null(session.text("tenant"));
  writer.string(session.id());
  writer.string_or_null(decision.agent != nullptr ? std::optional<std::string_view>(decision.agent->id) : std::nullopt);
  writer.end_array();
  return text;
}

std::optional<std::string> id_from_digest(std::string_view digest) {
  if (digest.size() != kDigestDigits || !std::ranges::all_of(digest, is_hex)) return std::nullopt;
  std::string uuid;
  for (std::size_t i = 0; i < kUuidDigits; ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) uuid += '-';
    uuid += i == kVersionDigit ? '8' : i == kVariantDigit ? with_variant(digest[i]) : digest[i];
  }
  return uuid;
}

std::string traceparent(std::string_view handoff_id, std::uint8_t attempt) {
  constexpr std::size_t kParentDigits = 16;
  std::string trace_id;
  for (const char c : handoff_id) {
    if (c != '-') trace_id += c;
  }
  // The variant digit of the UUID, which is never 0, keeps the parent from being all zeros, which the standard forbids.
  std::string parent = trace_id.substr(kUuidDigits - kParentDigits);
  parent[kParentDigits - 2] = "0123456789abcdef"[attempt >> 4U];
  parent[kParentDigits - 1] = "0123456789abcdef"[attempt & 15U];
  return "00-" + trace_id + "-" + parent + "-00";
}

void write(json::Writer& writer, const Consent& consent) {
  const auto given = [&](const std::string& text) {
    return consent.selected ? std::optional<std::string_view>(text) : std::nullopt;
  };
  writer.begin_object();
  writer.key("required").boolean(consent.required);
  writer.key("selected").string_or_null(consent.selected);
  writer.key("text_version").string_or_null(given(consent.text_version));
  writer.key("locale").string_or_null(given(consent.locale));
  writer.key("at").string_or_null(given(consent.at));
  writer.end_object();
}

namespace {

void write_begin(json::Writer& writer, const Envelope& envelope) {
  const Session& session = envelope.session;
  writer.key("schema").number(1);
  writer.key("handoff_id").string(envelope.handoff_id);
  writer.key("session").begin_object();
  writer.key("id").string(session.id());
  writer.key("lang").string_or_null(session.text("lang"));
  writer.key("queue_id").string_or_null(session.queue_id());
  writer.key("ended_by").string_or_null(session.ended_by().by);
  writer.end_object();
  writer.key("virtual_agent").begin_object();
  writer.key("id").string(envelope.decision.agent->id);
  writer.key("name").string(envelope.decision.agent->name);
  writer.end_object();
  writer.key("opt_in");
  write(writer, envelope.consent);
}

void write_parameters(json::Writer& writer, Key key, const Envelope& envelope) {
  writer.key(key);
  write(writer, envelope.parameters.values, Sensitive::written);
}

void write_end(json::Writer& writer, const Envelope& envelope) {
  writer.key("data_records");
  write(writer, envelope.decision.data_records);
  writer.key("decided_at").string(envelope.decided_at);
}

}  // namespace

std::string envelope_text(const Envelope& envelope) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  write_begin(writer, envelope);
  write_parameters(writer, "data_parameters", envelope);
  write_end(writer, envelope);
  writer.end_object();
  return text;
}

std::string detect_intent_text(const Envelope& envelope, const std::optional<std::string>& time_zone) {
  const Endpoint& endpoint = envelope.decision.agent->endpoint;
  const std::string_view language =
      endpoint.language.empty() ? envelope.session.text("lang").value_or("en") : std::string_view(endpoint.language);
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  writer.key("queryInput").begin_object();
  writer.key("event").begin_object().key("event").string(endpoint.event).end_object();
  writer.key("languageCode").string(language);
  writer.end_object();
  writer.key("queryParams").begin_object();
  if (time_zone) writer.key("timeZone").string(*time_zone);
  write_parameters(writer, "parameters", envelope);
  writer.key("payload").begin_object();
  write_begin(writer, envelope);
  write_end(writer, envelope);
  writer.end_object();
  writer.key("channel").string(envelope.session.text("channel").value_or("chat"));
  writer.end_object();
  writer.end_object();
  return text;
}

std::string detect_intent_url(const Endpoint& endpoint, std::string_view handoff_id) {
  std::string_view base = endpoint.fact.href;
  while (base.ends_with('/')) base.remove_suffix(1);
  return std::string(base) + "/v3/" + endpoint.agent + "/sessions/" + std::string(handoff_id) + ":detectIntent";
}

}  // namespace pst::handoff
