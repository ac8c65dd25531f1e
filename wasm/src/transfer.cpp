#include "pst/transfer.hpp"

#include <algorithm>

#include "machine_checks.hpp"

namespace pst::transfer {

namespace {

using enum Phase;
using enum Event;
using enum Guard;
using enum Action;

constexpr Ending kCancelledByHost{Outcome::cancelled, ReasonFrom::row, Reason::host_cancelled};
constexpr Ending kCancelledByNew{Outcome::cancelled, ReasonFrom::row, Reason::new_conversation};
constexpr Ending kCancelledByResume{Outcome::cancelled, ReasonFrom::row, Reason::chat_resumed};
constexpr Ending kByDecisionRejected{Outcome::rejected, ReasonFrom::decision};
constexpr Ending kByDecisionSkipped{Outcome::skipped, ReasonFrom::decision};
constexpr Ending kHandledElsewhere{Outcome::skipped, ReasonFrom::row, Reason::handled_elsewhere};
constexpr Ending kFailedInDelivery{Outcome::failed, ReasonFrom::delivery};
constexpr Ending kValueMissing{Outcome::failed, ReasonFrom::row, Reason::parameter_missing};
constexpr Ending kTooLarge{Outcome::failed, ReasonFrom::row, Reason::payload_too_large};
constexpr Ending kNoAnswer{Outcome::no_answer, ReasonFrom::row, Reason::prompt_expired};

constexpr std::array kTable{
    // from, event, guard, to, actions, ending
    Row{idle, session_ended, facts_may_follow, idle, {start_settle_timer}, {}},
    Row{idle, session_ended, decision_rejects, done, {announce_decision}, kByDecisionRejected},
    Row{idle, session_ended, decision_skips, done, {announce_decision}, kByDecisionSkipped},
    Row{idle,
        session_ended,
        observing,
        done,
        {announce_decision},
        Ending{Outcome::skipped, ReasonFrom::row, Reason::observed}},
    Row{idle, session_ended, platform_leads, asking, {announce_decision, hold}, {}},
    Row{idle,
        session_ended,
        platform_silent,
        done,
        {announce_decision},
        Ending{Outcome::skipped, ReasonFrom::row, Reason::platform_does_not_ask}},
    Row{idle,
        session_ended,
        unidentified,
        done,
        {announce_decision},
        Ending{Outcome::failed, ReasonFrom::row, Reason::identity_unavailable}},
    Row{idle, session_ended, decision_asks, asking, {announce_decision, hold, show_opt_in}, {}},
    Row{idle, session_ended, always, collecting, {announce_decision, hold, collect}, {}},
    Row{idle,
        restored,
        question_expired,
        done,
        {announce_decision},
        Ending{Outcome::no_answer, ReasonFrom::row, Reason::saved_expired}},
    Row{idle,
        restored,
        intent_expired,
        done,
        {announce_decision},
        Ending{Outcome::cancelled, ReasonFrom::row, Reason::saved_expired}},
    Row{idle,
        restored,
        intent_changed,
        done,
        {announce_decision},
        Ending{Outcome::cancelled, ReasonFrom::row, Reason::settings_changed}},
    Row{idle,
        restored,
        was_in_conversation,
        in_conversation,
        {announce_decision, hold, connect, follow, resume_records},
        {}},
    Row{idle, restored, was_recording, done, {announce_decision, resume_records}, kHandledElsewhere},
    Row{idle, restored, was_stalled, stalled, {announce_decision, hold, show_stalled, start_stall_timer}, {}},
    Row{idle, restored, always, collecting, {announce_decision, hold, collect}, {}},
    Row{idle, lead_awaited, always, idle, {announce_decision, hold}, {}},
    Row{idle, handled_elsewhere, always, done, {announce_decision}, kHandledElsewhere},
    Row{idle, cancel, always, done, {}, kCancelledByHost},
    Row{idle, new_conversation, always, done, {}, kCancelledByNew},
    Row{idle, chat_resumed, always, done, {}, kCancelledByResume},

    Row{asking, redecided, decision_rejects, done, {announce_decision, hide_prompt}, kByDecisionRejected},
    Row{asking, redecided, decision_skips, done, {announce_decision, hide_prompt}, kByDecisionSkipped},
    Row{asking, redecided, always, asking, {announce_decision, show_opt_in_again}, {}},
    Row{asking, yes, values_wrong, asking, {show_errors}, {}},
    Row{asking, not_now, values_wrong, done, {hide_prompt}, kValueMissing},
    Row{asking, yes, we_ask, collecting, {record_consent, collect}, {}},
    Row{asking,
        no,
        we_ask,
        done,
        {record_consent, tell_platform_no, show_declined, start_records},
        Ending{Outcome::declined, ReasonFrom::row, Reason::opt_in_declined}},
    Row{asking, more_time, timed, asking, {grant_time}, {}},
    Row{asking, time_short, timed, asking, {show_time_left}, {}},
    Row{asking, prompt_expired, always, done, {show_expired}, kNoAnswer},
    Row{asking,
        platform_started,
        we_ask,
        done,
        {connect, hide_prompt},
        Ending{Outcome::skipped, ReasonFrom::row, Reason::already_started}},
    Row{asking, platform_started, always, in_conversation, {connect, follow}, {}},
    Row{asking,
        platform_declined,
        always,
        done,
        {},
        Ending{Outcome::declined, ReasonFrom::row, Reason::opt_in_declined}},
    Row{asking,
        platform_closed,
        always,
        done,
        {},
        Ending{Outcome::no_answer, ReasonFrom::row, Reason::platform_closed}},
    Row{asking, lead_lost, we_ask, idle, {hide_prompt}, {}},
    Row{asking, handled_elsewhere, always, done, {hide_prompt}, kHandledElsewhere},
    Row{asking, cancel, always, done, {hide_prompt}, kCancelledByHost},
    Row{asking, new_conversation, always, done, {hide_prompt}, kCancelledByNew},
    Row{asking, chat_resumed, always, done, {hide_prompt}, kCancelledByResume},

    Row{collecting, entered, form_needed, collecting, {show_form}, {}},
    Row{collecting, entered, host_needed, collecting, {ask_host}, {}},
    Row{collecting, entered, always, collecting, {prepare_handoff, hand_over}, {}},
    Row{collecting, form_given, values_wrong, collecting, {show_errors}, {}},
    Row{collecting, form_given, form_open, collecting, {collect}, {}},
    Row{collecting, not_now, form_open, done, {hide_prompt}, kValueMissing},
    Row{collecting, more_time, timed, collecting, {grant_time}, {}},
    Row{collecting, time_short, timed, collecting, {show_time_left}, {}},
    Row{collecting, prompt_expired, form_open, done, {show_expired}, kNoAnswer},
    Row{collecting, provided, host_open, collecting, {stop_host, collect}, {}},
    Row{collecting, provide_expired, host_open, collecting, {stop_host, collect}, {}},
    Row{collecting, prepared, value_missing, done, {show_failed}, kValueMissing},
    Row{collecting, prepared, body_too_large, done, {show_failed}, kTooLarge},
    Row{collecting, prepared, always, handing_off, {start_delivery}, {}},
    Row{collecting, lead_lost, always, idle, {hide_prompt}, {}},
    Row{collecting, handled_elsewhere, always, done, {hide_prompt}, kHandledElsewhere},
    Row{collecting, cancel, always, done, {hide_prompt}, kCancelledByHost},
    Row{collecting, new_conversation, always, done, {hide_prompt}, kCancelledByNew},
    Row{collecting, chat_resumed, always, done, {hide_prompt}, kCancelledByResume},

    Row{handing_off,
        delivered,
        conversation_follows,
        in_conversation,
        {connect, show_connected, start_records, await_conversation},
        {}},
    Row{handing_off,
        delivered,
        always,
        done,
        {connect, show_connected, start_records},
        Ending{Outcome::transferred, ReasonFrom::row, Reason::accepted}},
    Row{handing_off, gave_up, failure_is_final, done, {show_failed}, kFailedInDelivery},
    Row{handing_off, gave_up, always, stalled, {show_stalled, start_stall_timer}, {}},
    Row{handing_off, lead_lost, always, idle, {abandon_delivery, hide_prompt}, {}},
    Row{handing_off, handled_elsewhere, always, done, {abandon_delivery, hide_prompt}, kHandledElsewhere},
    Row{handing_off, cancel, always, done, {abandon_delivery, hide_prompt}, kCancelledByHost},
    Row{handing_off, new_conversation, always, done, {abandon_delivery, hide_prompt}, kCancelledByNew},
    Row{handing_off, chat_resumed, always, done, {abandon_delivery, hide_prompt}, kCancelledByResume},

    Row{stalled, try_again, throttled, stalled, {show_throttled}, {}},
    Row{stalled, try_again, uncollected, collecting, {collect}, {}},
    Row{stalled, try_again, always, handing_off, {start_delivery}, {}},
    Row{stalled, lead_lost, always, idle, {hide_prompt}, {}},
    Row{stalled, handled_elsewhere, always, done, {hide_prompt}, kHandledElsewhere},
    Row{stalled, not_now, always, done, {hide_prompt}, kFailedInDelivery},
    Row{stalled, stall_expired, always, done, {show_failed}, kFailedInDelivery},
    Row{stalled, cancel, always, done, {hide_prompt}, kFailedInDelivery},
    Row{stalled, new_conversation, always, done, {hide_prompt}, kFailedInDelivery},
    Row{stalled, chat_resumed, always, done, {hide_prompt}, kCancelledByResume},

    Row{in_conversation,
        conversation_ended,
        always,
        done,
        {hide_prompt},
        Ending{Outcome::completed, ReasonFrom::conversation}},
    Row{in_conversation,
        virtual_agent_absent,
        always,
        done,
        {hide_prompt},
        Ending{Outcome::transferred, ReasonFrom::row, Reason::virtual_agent_absent}},
    Row{in_conversation,
        cancel,
        always,
        done,
        {hide_prompt},
        Ending{Outcome::completed, ReasonFrom::row, Reason::host_cancelled}},
    Row{in_conversation,
        new_conversation,
        always,
        done,
        {hide_prompt},
        Ending{Outcome::completed, ReasonFrom::row, Reason::new_conversation}},
    Row{in_conversation,
        chat_resumed,
        always,
        done,
        {hide_prompt},
        Ending{Outcome::completed, ReasonFrom::row, Reason::chat_resumed}},
};

static_assert(machine::no_dead_rows(kTable), "every row can be taken");
static_assert(machine::all_reachable<Phase>(kTable, idle), "every phase can be reached");
static_assert(machine::all_lead_on<Phase>(kTable, {done}), "only done is final");
static_assert(std::ranges::all_of(kTable, [](const Row& row) { return (row.to == done) == row.ending.has_value(); }),
              "rows into done, and only they, say how it ended");
// INVARIANT 1: with an opt-in, nothing leads to the hand-off but a recorded Yes.
static_assert(std::ranges::all_of(kTable,
                                  [](const Row& row) {
                                    return row.from != asking || (row.to != collecting && row.to != handing_off) ||
                                           (row.event == yes && std::ranges::contains(row.actions, record_consent));
                                  }),
              "from asking only a recorded Yes leads to a hand-off");

bool holds(Guard guard, const Facts& facts) {
  switch (guard) {
    case always:
      return true;
    case facts_may_follow:
      return facts.facts_may_follow;
    case decision_rejects:
      return facts.decision == DecisionOutcome::reject;
    case decision_skips:
      return facts.decision == DecisionOutcome::skip;
    case observing:
      return facts.observing;
    case platform_leads:
      return facts.platform_leads;
    case platform_silent:
      return facts.platform_silent;
    case question_expired:
      return facts.intent == Intent::question_expired;
    case intent_expired:
      return facts.intent == Intent::expired;
    case intent_changed:
      return facts.intent == Intent::changed;
    case was_in_conversation:
      return facts.intent == Intent::in_conversation;
    case was_stalled:
      return facts.intent == Intent::stalled;
    case unidentified:
      return !facts.identified;
    case decision_asks:
      return facts.decision == DecisionOutcome::ask;
    case was_recording:
      return facts.intent == Intent::recording;
    case we_ask:
      return facts.we_ask;
    case values_wrong:
      return facts.values_wrong;
    case timed:
      return facts.timed;
    case form_needed:
      return facts.form_needed;
    case form_open:
      return facts.form_open;
    case host_needed:
      return facts.host_needed;
    case host_open:
      return facts.host_open;
    case throttled:
      return facts.throttled;
    case uncollected:
      return facts.uncollected;
    case value_missing:
      return facts.value_missing;
    case body_too_large:
      return facts.body_too_large;
    case conversation_follows:
      return facts.conversation_follows;
    case failure_is_final:
      return facts.failure_is_final;
  }
  return false;
}

}  // namespace

std::span<const Row> table() { return kTable; }

const Row* find_row(Phase phase, Event event, const Facts& facts) {
  const auto* const row = std::ranges::find_if(kTable, [&](const Row& candidate) {
    return candidate.from == phase && candidate.event == event && holds(candidate.guard, facts);
  });
  return row == kTable.end() ? nullptr : row;
}

std::uint64_t hash(const State& state) {
  constexpr std::uint64_t kOffset = 0xcbf29ce484222325ULL;
  constexpr std::uint64_t kPrime = 0x100000001b3ULL;
  constexpr std::uint8_t kNone = 0xFF;
  const auto optional = [](auto value) { return value ? static_cast<std::uint8_t>(*value) : kNone; };
  std::uint64_t value = kOffset;
  const auto add = [&](auto field) { value = (value ^ static_cast<std::uint8_t>(field)) * kPrime; };
  const auto add_delivery = [&](const delivery::State& one) {
    add(one.phase);
    add(one.attempts);
    add(one.reauthorized);
    add(one.idempotent);
    add(optional(one.reason));
  };
  add(state.phase);
  add(state.answer);
  add(state.collecting);
  add(state.form_taken);
  add(state.form_refused);
  add(state.host_asked);
  add(state.host_pending);
  add_delivery(state.handoff);
  for (std::size_t i = 0; i < kRecordSinks; ++i) {
    add(state.recording[i]);
    add_delivery(state.records[i]);
  }
  add(state.conversation.phase);
  add(state.conversation.leaving);
  add(state.online);
  add(state.settling);
  add(state.following);
  add(state.closed);
  add(state.warned);
  add(state.held);
  add(state.connected);
  add(state.statuses_set);
  add(state.maybe_set);
  add(optional(state.outcome));
  add(optional(state.reason));
  return value;
}

}  // namespace pst::transfer
