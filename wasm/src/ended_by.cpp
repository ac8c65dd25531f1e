#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "pst/session.hpp"

namespace pst {

namespace {

using std::string_view;

constexpr double kNever = std::numeric_limits<double>::infinity();

/// When the signals came. The SDK tells nowhere who ended a chat; these are the signals that it does give, as the
/// adapter names them: events, notices with `noti.` before their name, and what became of our wrapped finishChat.
struct Signals {
  double finish_chat = kNever;
  double finish_failed = kNever;
  double chat_ended = kNever;
  double human_left = -kNever;
  double human_joined = -kNever;
  double timeout = kNever;
  double dismissed = kNever;
  double exited = kNever;
  bool virtual_agent = false;
};

Signals read(json::Value list) {
  Signals signals;
  double order = 0;
  for (auto item = list.first(); item; item = item->next()) {
    const auto name = item->find("signal", json::Kind::string);
    if (!name) continue;
    const string_view signal = name->text();
    const auto time = item->find("at", json::Kind::number);
    // Without times the order of the list is all there is.
    const double at = time ? time->number() : ++order;
    const auto human = item->find("human", json::Kind::boolean);
    const bool is_human = !human || human->boolean();
    const auto first = [at](double& seen) { seen = std::min(seen, at); };
    const auto last = [at](double& seen) { seen = std::max(seen, at); };
    if (signal == "finishChat") first(signals.finish_chat);
    if (signal == "finishChat.failed") first(signals.finish_failed);
    if (signal == "noti.chatEnded") first(signals.chat_ended);
    if (signal == "chat.timeout") first(signals.timeout);
    if (signal == "chat.dismissed") first(signals.dismissed);
    if (signal == "exited") first(signals.exited);
    if (signal == "chat.memberLeft" && is_human) last(signals.human_left);
    if (signal == "chat.memberJoined" && is_human) last(signals.human_joined);
    if (signal.starts_with("chat.member") && !is_human) signals.virtual_agent = true;
  }
  return signals;
}

bool took_place(double time) { return time > -kNever && time < kNever; }

/// Statuses of a chat that nobody has taken.
constexpr std::array<string_view, 4> kNobodyCame{"queued", "no_response", "canceled", "failed"};

/// Why no human agent can have ended it; nothing where one may have been there.
string_view why_no_agent(const Session& session, const Signals& signals) {
  const auto agent = session.root().find("agent", json::Kind::object);
  if (took_place(signals.human_left) || took_place(signals.human_joined) || (agent && agent->find("id"))) return {};
  if (signals.virtual_agent) return "virtual_agent_only";
  return std::ranges::contains(kNobodyCame, session.text("status").value_or("")) ? "never_connected" : string_view();
}

}  // namespace

Session::Ended Session::ended_by() const {
  if (const auto given = text("ended_by")) return {.by = given, .because = {}};
  const auto list = root().find("signals", json::Kind::array);
  if (!list) return {};
  const Signals signals = read(*list);
  const auto seen = [](double time) { return time < kNever; };
  const auto verdict = [](EndedBy by, std::vector<string_view> because) {
    return Ended{.by = name_of(by), .because = std::move(because)};
  };

  // One who left and was followed by another handed the chat over.
  const double left = signals.human_left > signals.human_joined ? signals.human_left : kNever;
  // A call that the SDK refused ended nothing, and one after the notice of the end only closes what is over.
  const bool finished = seen(signals.finish_chat) && !seen(signals.finish_failed);
  if (finished && signals.finish_chat <= signals.chat_ended) return verdict(EndedBy::end_user, {"finishChat"});
  const string_view no_agent = why_no_agent(*this, signals);
  // The platform closes a chat that timed out with the notices that it closes every chat with.
  if (seen(signals.timeout)) return verdict(EndedBy::timeout, {"chat.timeout"});
  if (seen(signals.chat_ended)) {
    return no_agent.empty() ? verdict(EndedBy::agent, {"noti.chatEnded"})
                            : verdict(EndedBy::unknown, {"noti.chatEnded", no_agent});
  }
  if (seen(left)) return verdict(EndedBy::agent, {"chat.memberLeft"});
  // The widget tells it only after a chat that the agent ended.
  if (seen(signals.exited)) return verdict(EndedBy::agent, {"exited"});
  if (seen(signals.dismissed)) return verdict(EndedBy::dismissed, {"chat.dismissed"});
  return verdict(EndedBy::unknown, {});
}

}  // namespace pst
