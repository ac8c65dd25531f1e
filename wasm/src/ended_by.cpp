#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <limits>
#include <utility>

#include "pst/session.hpp"

namespace pst {

namespace {

using std::string_view;

/// When a signal came; those of the same millisecond came in the order of the list.
struct Moment {
  double at = std::numeric_limits<double>::infinity();
  std::uint32_t place = 0;

  auto operator<=>(const Moment&) const = default;
};
constexpr Moment kNever;

/// When the signals came. The SDK tells nowhere who ended a chat; these are the signals that it does give, as the
/// adapter names them: events, notices with `noti.` before their name, and what became of our wrapped finishChat.
struct Signals {
  Moment finish_chat;
  Moment notice;
  Moment chat_ended;
  Moment human_left;
  Moment human_joined;
  Moment timeout;
  Moment dismissed;
  Moment exited;
  bool virtual_agent = false;
};

/// Whether `moment` has come, and after `other`, if that has come.
bool later(const Moment& moment, const Moment& other) {
  return moment != kNever && (other == kNever || moment > other);
}

Signals read(json::Value list) {
  Signals signals;
  const auto each = [&](auto visit) {
    std::uint32_t place = 0;
    for (auto item = list.first(); item; item = item->next()) {
      ++place;
      const auto name = item->find("signal", json::Kind::string);
      if (!name) continue;
      const auto time = item->find("at", json::Kind::number);
      const auto human = item->find("human", json::Kind::boolean);
      // Without times the order of the list is all there is.
      visit(name->text(), Moment{.at = time ? time->number() : place, .place = place}, !human || human->boolean());
    }
  };
  const auto first = [](Moment& seen, const Moment& moment) { seen = std::min(seen, moment); };
  const auto last = [](Moment& seen, const Moment& moment) {
    if (later(moment, seen)) seen = moment;
  };
  Moment refused;
  each([&](string_view signal, const Moment& moment, bool is_human) {
    if (signal == "finishChat.failed") last(refused, moment);
    if (signal == "noti.chatEnded") first(signals.notice, moment);
    if (signal == "chat.ended") first(signals.chat_ended, moment);
    if (signal == "chat.timeout") first(signals.timeout, moment);
    if (signal == "chat.dismissed") last(signals.dismissed, moment);
    if (signal == "exited") first(signals.exited, moment);
    if (signal == "chat.memberLeft" && is_human) last(signals.human_left, moment);
    if (signal == "chat.memberJoined" && is_human) last(signals.human_joined, moment);
    if (signal.starts_with("chat.member") && !is_human) signals.virtual_agent = true;
  });
  // A call that the SDK refused ended nothing.
  each([&](string_view signal, const Moment& moment, bool) {
    if (signal == "finishChat" && later(moment, refused)) first(signals.finish_chat, moment);
  });
  return signals;
}

/// Statuses of a chat that nobody has taken.
constexpr std::array<string_view, 4> kNobodyCame{"queued", "no_response", "canceled", "failed"};

/// Why no human agent can have ended it; nothing where one may have been there.
string_view why_no_agent(const Session& session, const Signals& signals) {
  const auto agent = session.root().find("agent", json::Kind::object);
  const auto id = agent ? agent->find("id") : std::nullopt;
  const bool named = id && (id->is(json::Kind::string) || id->is(json::Kind::number));
  if (signals.human_left != kNever || signals.human_joined != kNever || named) return {};
  if (signals.virtual_agent) return "virtual_agent_only";
  return std::ranges::contains(kNobodyCame, session.text("status").value_or("")) ? "never_connected" : string_view();
}

}  // namespace

Session::Ended Session::ended_by() const {
  if (const auto given = text("ended_by")) return {.by = given, .because = {}};
  const auto list = root().find("signals", json::Kind::array);
  if (!list) return {};
  const Signals signals = read(*list);
  const auto seen = [](const Moment& moment) { return moment != kNever; };
  const auto verdict = [](EndedBy by, std::vector<string_view> because) {
    return Ended{.by = name_of(by), .because = std::move(because)};
  };

  // A call after the end only closes what is over.
  if (seen(signals.finish_chat) && signals.finish_chat < std::min(signals.notice, signals.chat_ended))
    return verdict(EndedBy::end_user, {"finishChat"});
  const string_view no_agent = why_no_agent(*this, signals);
  // The platform closes a chat that timed out with the notices that it closes every chat with.
  if (seen(signals.timeout)) return verdict(EndedBy::timeout, {"chat.timeout"});
  // A dismissed chat goes back to the queue; if nobody takes it, it ends at last.
  if (seen(signals.dismissed) && !later(signals.human_joined, signals.dismissed))
    return verdict(EndedBy::dismissed, {"chat.dismissed"});
  if (seen(signals.notice)) {
    return no_agent.empty() ? verdict(EndedBy::agent, {"noti.chatEnded"})
                            : verdict(EndedBy::unknown, {"noti.chatEnded", no_agent});
  }
  // One who left and was followed by another handed the chat over.
  if (later(signals.human_left, signals.human_joined)) return verdict(EndedBy::agent, {"chat.memberLeft"});
  // The widget tells it only after a chat that the agent ended.
  if (seen(signals.exited) && no_agent.empty()) return verdict(EndedBy::agent, {"exited"});
  return verdict(EndedBy::unknown, {});
}

}  // namespace pst
