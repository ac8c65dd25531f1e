#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pst/decision.hpp"
#include "pst/parameters.hpp"
#include "pst/session.hpp"

/// What is handed to the virtual agent's endpoint, and under which key.
namespace pst::handoff {

/// The text whose SHA-256 makes the id: a JSON array of tenant (or null), session id and virtual agent id (or null).
std::string identity_text(const Session& session, const Decision& decision);

/// A UUID of version 8 from the first 128 bits of a SHA-256, given as 64 hex digits; nothing if it is none.
std::optional<std::string> id_from_digest(std::string_view digest);

/// W3C Trace Context for one attempt. The hand-off's id is the trace's id, so that the receiver's spans are found by
/// it, and so that no randomness is needed; each attempt is a parent of its own.
std::string traceparent(std::string_view handoff_id, std::uint8_t attempt);

/// The consumer's answer as it goes on record. Nobody was asked = `selected` is empty.
struct Consent {
  bool required = false;
  std::optional<std::string_view> selected;  ///< "Yes" or "No"
  std::string text_version;
  std::string locale;
  std::string at;
};
void write(json::Writer& writer, const Consent& consent);

struct Envelope {
  const Session& session;
  const Decision& decision;
  std::string_view handoff_id;
  const Consent& consent;
  const ResolvedParameters& parameters;
  std::string_view decided_at;
};
/// The body of a webhook's POST.
std::string envelope_text(const Envelope& envelope);

/// Dialogflow CX v3, sessions.detectIntent: the event starts the agent, the data parameters become its session
/// parameters, and the rest of the envelope is the payload that its webhooks see. `time_zone` is an IANA name.
std::string detect_intent_text(const Envelope& envelope, const std::optional<std::string>& time_zone);
std::string detect_intent_url(const Endpoint& endpoint, std::string_view handoff_id);

}  // namespace pst::handoff
