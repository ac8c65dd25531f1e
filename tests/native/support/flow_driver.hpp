#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "documents.hpp"
#include "pst/flow.hpp"

/// Drives a flow as the bindings do: JSON in, JSON out.
namespace pst::test {

/// 64 hex digits, and the id that comes of them.
inline constexpr std::string_view kSomeDigest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
inline constexpr std::string_view kSomeHandoffId = "01234567-89ab-8def-8123-456789abcdef";

/// An effect in a few characters: `decision` (an emit), `prompt(asking)`, `no prompt`, `send 1`, `abort`, `start retry
/// 0+500`, `stop retry`.
std::string brief(const Json& effect);

/// The answer to one event.
struct Answer {
  Json json;

  [[nodiscard]] bool accepted() const { return json.value("accepted", false); }
  /// Why the event was ignored; empty if it was not.
  [[nodiscard]] std::string ignored() const { return json.value("ignored", ""); }
  [[nodiscard]] std::string phase() const { return json["state"]["phase"]; }
  [[nodiscard]] std::string delivery() const { return json["state"]["delivery"]; }
  [[nodiscard]] int attempts() const { return json["state"]["attempts"]; }
  /// `outcome/reason`, "" before there is one.
  [[nodiscard]] std::string outcome() const;
  [[nodiscard]] std::string hash() const { return json["hash"]; }
  /// All effects but what is kept, brief, separated by ", ".
  [[nodiscard]] std::string effects() const;
  /// The first effect of a type; null if there is none.
  [[nodiscard]] Json effect(std::string_view type) const;
  /// What was told to the host's handlers of an event, the latest time; null if nothing was.
  [[nodiscard]] Json told(std::string_view event) const;
};

class FlowDriver {
 public:
  /// `begin` adds to the text that begins the flow. `settings` may be null.
  FlowDriver(const Json& settings, const Json& session, const Json& begin = Json::object());

  /// Tells the session, as the constructor does; again, with facts that came later. `end` puts it in force.
  void begin(const Json& session);
  /// The answer of the latest `begin`.
  [[nodiscard]] const Json& begun() const { return begun_; }

  Answer event(const Json& event);
  Answer text(std::string_view event);
  Answer event(const char* type) { return event(Json{{"type", type}, {"at", kNow}}); }

  Answer end() { return event(Json{{"type", "session_ended"}, {"at", kNow}, {"digest", kSomeDigest}}); }
  Answer act(std::string_view action) {
    return event(Json{{"type", "action"}, {"at", kNow}, {"action", action}, {"values", Json::object()}});
  }
  Answer timer(std::string_view name) { return event(Json{{"type", "timer"}, {"at", kNow}, {"timer", name}}); }
  /// What the SDK tells after the end; `more` adds to it: `{{"human", true}}`.
  Answer signal(std::string_view name, const Json& more = Json::object());
  /// An answer to the attempt that was sent last.
  Answer respond(int status, const Json& body = nullptr, const Json& retry_after_ms = nullptr);
  Answer network_error();

  [[nodiscard]] const std::vector<Json>& sends() const { return sends_; }
  /// How often a host event was emitted so far.
  [[nodiscard]] int times_told(std::string_view event) const;
  [[nodiscard]] const Flow& flow() const { return flow_; }

  static constexpr std::string_view kNow = "2026-01-01T10:09:05.000Z";
  static constexpr std::string_view kDecidedAt = "2026-01-01T10:09:00.000Z";

 private:
  Flow flow_;
  Json begin_;
  Json begun_;
  std::vector<Json> sends_;
  std::vector<std::string> told_;
  int attempt_ = 0;
};

}  // namespace pst::test
