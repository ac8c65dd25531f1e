#include "pst/conversation.hpp"

#include <algorithm>

#include "machine_checks.hpp"

namespace pst::conversation {

namespace {

using enum ConversationState;
using enum Event;
using enum Guard;

constexpr std::array kTable{
    // from, event, guard, to, ending
    Row{awaited, joined, always, present, {}},
    Row{awaited, end_said, always, over, Reason::ended_by_virtual_agent},
    Row{awaited, human_joined, always, over, Reason::escalated},
    Row{awaited, finish_called, always, awaited, {}},
    Row{awaited, finish_refused, leaving, awaited, {}},
    Row{awaited, finished, leaving, over, Reason::ended_by_end_user},
    // Without anybody there it is the end of the human agent's part, told late.
    Row{awaited, closed, leaving, over, Reason::ended_by_end_user},
    Row{awaited, destroyed, always, over, Reason::ended_by_unknown},
    Row{awaited, waited_enough, always, over, Reason::virtual_agent_absent},

    Row{present, left, always, away, {}},
    Row{present, end_said, always, over, Reason::ended_by_virtual_agent},
    Row{present, human_joined, always, over, Reason::escalated},
    Row{present, finish_called, always, present, {}},
    Row{present, finish_refused, leaving, present, {}},
    Row{present, finished, leaving, over, Reason::ended_by_end_user},
    Row{present, closed, leaving, over, Reason::ended_by_end_user},
    Row{present, closed, always, over, Reason::ended_by_virtual_agent},
    Row{present, destroyed, always, over, Reason::ended_by_unknown},
    Row{present, timed_out, always, over, Reason::ended_by_timeout},
    Row{present, exited, always, over, Reason::ended_by_end_user},

    Row{away, joined, always, present, {}},
    Row{away, end_said, always, over, Reason::ended_by_virtual_agent},
    Row{away, human_joined, always, over, Reason::escalated},
    Row{away, finish_called, always, away, {}},
    Row{away, finish_refused, leaving, away, {}},
    Row{away, finished, leaving, over, Reason::ended_by_end_user},
    Row{away, closed, leaving, over, Reason::ended_by_end_user},
    Row{away, closed, always, over, Reason::ended_by_virtual_agent},
    Row{away, destroyed, always, over, Reason::ended_by_unknown},
    Row{away, timed_out, always, over, Reason::ended_by_timeout},
    Row{away, exited, always, over, Reason::ended_by_end_user},
    Row{away, waited_enough, always, over, Reason::ended_by_virtual_agent},
};

static_assert(machine::no_dead_rows(kTable), "every row can be taken");
static_assert(machine::all_reachable<ConversationState>(kTable, awaited), "every state can be reached");
static_assert(machine::all_lead_on<ConversationState>(kTable, {over}), "only over is final");
static_assert(std::ranges::all_of(kTable, [](const Row& row) { return (row.to == over) == row.ending.has_value(); }),
              "rows into over, and only they, say who ended it");
// INVARIANT 3: wherever nobody is there, waiting ends.
static_assert(std::ranges::all_of(std::array{awaited, away},
                                  [](ConversationState state) {
                                    return std::ranges::any_of(kTable, [state](const Row& row) {
                                      return row.from == state && row.event == waited_enough && row.to == over;
                                    });
                                  }),
              "waiting for a virtual agent is bounded");

struct Sign {
  std::string_view signal;
  Event event;
};
constexpr std::array<Sign, 13> kSigns{{
    {"chat.memberJoined", joined},
    {"chat.memberLeft", left},
    {"virtual_agent.message", joined},
    {"virtual_agent.end", end_said},
    {"finishChat", finish_called},
    {"finishChat.failed", finish_refused},
    {"finishChat.done", finished},
    {"noti.chatEnded", closed},
    {"chat.ended", closed},
    {"chat.destroyed", destroyed},
    {"client.destroyed", destroyed},
    {"chat.timeout", timed_out},
    {"exited", exited},
}};

}  // namespace

std::span<const Row> table() { return kTable; }

Step step(const State& state, Event event) {
  for (const Row& row : kTable) {
    if (row.from != state.phase || row.event != event || (row.guard == leaving && !state.leaving)) continue;
    State next = state;
    next.phase = row.to;
    if (event == finish_called) next.leaving = true;
    if (event == finish_refused) next.leaving = false;
    return {.next = next, .row = &row};
  }
  return {.next = state, .row = nullptr};
}

std::optional<Event> event_of(std::string_view signal, bool human) {
  const auto* const sign = std::ranges::find(kSigns, signal, &Sign::signal);
  if (sign == kSigns.end()) return std::nullopt;
  if (human && sign->event == joined) return human_joined;
  if (human && sign->event == left) return std::nullopt;
  return sign->event;
}

}  // namespace pst::conversation
