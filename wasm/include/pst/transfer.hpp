#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "pst/conversation.hpp"
#include "pst/delivery.hpp"
#include "pst/names.hpp"

/// The machine of one session's transfer, from the end of the session to its one outcome.
namespace pst::transfer {

enum class Event : std::uint8_t {
  session_ended,
  restored,   ///< the same, and something of it was saved
  redecided,  ///< told again with other facts, before anything was answered
  yes,
  no,
  more_time,
  form_given,  ///< the form's answer
  provided,    ///< the host has given, or cannot give, all that it was asked for
  entered,     ///< raised by the flow itself: is there anything left to collect?
  prepared,    ///< raised by the flow itself: everything is collected, and the body is written
  delivered,
  gave_up,
  try_again,
  not_now,
  time_short,
  prompt_expired,
  provide_expired,
  stall_expired,
  platform_started,   ///< the platform has started a virtual agent without us
  platform_declined,  ///< the widget asked, and was told No
  platform_closed,    ///< the widget asked, and was closed
  virtual_agent_absent,
  lead_awaited,       ///< another tab is in charge
  lead_lost,          ///< another tab goes on
  handled_elsewhere,  ///< another tab has taken care of it
  conversation_ended,
  new_conversation,
  chat_resumed,
  cancel,
};
inline constexpr std::size_t kEvents = static_cast<std::size_t>(Event::cancel) + 1;

enum class Guard : std::uint8_t {
  always,
  facts_may_follow,  ///< signals that are on their way could turn the decision around
  decision_rejects,
  decision_skips,
  observing,
  platform_leads,   ///< the widget asks and hands off; we only follow
  platform_silent,  ///< asking is left to the widget, which does not ask
  unidentified,     ///< no hand-off id could be computed
  decision_asks,
  question_expired,  ///< what was saved is too old
  intent_expired,
  intent_changed,  ///< an answer for another virtual agent was saved
  was_in_conversation,
  was_stalled,    ///< or may have arrived at a receiver that is not idempotent
  was_recording,  ///< all is over, but for records that were not yet written
  we_ask,         ///< the question on screen is ours
  values_wrong,   ///< the question on screen is ours, and a field was not filled in as it has to be
  timed,          ///< the person has so much time to answer
  form_needed,    ///< there are fields that nobody has been asked for
  form_open,
  host_needed,  ///< there are parameters that the host has not been asked for
  host_open,
  throttled,      ///< tried again too often
  uncollected,    ///< gone on with after a reload: values have to be collected again
  value_missing,  ///< a required data parameter has no value
  body_too_large,
  conversation_follows,
  failure_is_final,
};

/// What is to be done on a transition; the flow makes effects of it.
enum class Action : std::uint8_t {
  none,
  start_settle_timer,
  announce_decision,
  hold,
  show_opt_in,
  show_opt_in_again,  ///< for another virtual agent
  show_errors,
  show_time_left,
  grant_time,
  collect,  ///< looks for what is to be collected next
  show_form,
  ask_host,
  stop_host,
  hand_over,  ///< everything is collected
  show_declined,
  show_expired,
  show_stalled,
  show_throttled,
  show_connected,
  show_failed,
  hide_prompt,
  record_consent,
  tell_platform_no,
  prepare_handoff,
  start_delivery,
  abandon_delivery,
  start_records,
  resume_records,
  start_stall_timer,
  connect,  ///< from now on the virtual agent is the one post-session experience
  follow,   ///< the platform has started it by itself
  await_conversation,
};

/// What the person answered; `not_asked` where the settings ask nobody.
enum class Answer : std::uint8_t { none, not_asked, yes, no };

/// How a row that leads to `done` ends: the reason is fixed, or that of the decision or the delivery.
enum class ReasonFrom : std::uint8_t { row, decision, delivery, conversation };
struct Ending {
  Outcome outcome;
  ReasonFrom from;
  Reason reason = Reason::eligible;
};

struct Row {
  Phase from;
  Event event;
  Guard guard;
  Phase to;
  std::array<Action, 5> actions;
  std::optional<Ending> ending;  ///< exactly for rows into `done`
};

std::span<const Row> table();

/// What was saved of a session whose question had been answered or need not be asked, as far as it can be gone on with.
enum class Intent : std::uint8_t {
  none,
  question_expired,
  expired,
  changed,
  in_conversation,
  stalled,
  recording,
  open
};

/// What is being waited for while parameters are collected.
enum class Collecting : std::uint8_t { nothing, form, host };

/// The facts that guards look at. They come from the flow's context; together with the state they decide.
struct Facts {
  bool facts_may_follow = false;
  Intent intent = Intent::none;
  DecisionOutcome decision = DecisionOutcome::skip;
  bool observing = false;
  bool platform_leads = false;
  bool platform_silent = false;
  bool identified = false;
  bool value_missing = false;
  bool body_too_large = false;
  bool conversation_follows = false;
  bool failure_is_final = false;
  bool we_ask = false;
  bool values_wrong = false;
  bool timed = false;
  bool form_needed = false;
  bool form_open = false;
  bool host_needed = false;
  bool host_open = false;
  bool throttled = false;
  bool uncollected = false;
};

/// The metadata file, and CRM records.
inline constexpr std::size_t kRecordSinks = 2;

/// A small, finite value: enums, small counters, flags.
struct State {
  Phase phase = Phase::idle;
  Answer answer = Answer::none;
  Collecting collecting = Collecting::nothing;
  bool form_taken = false;    ///< what the form asks for was given
  bool form_refused = false;  ///< what was given last has errors
  bool host_asked = false;
  std::uint8_t host_pending = 0;  ///< how many parameters the host is still to give
  delivery::State handoff;
  std::array<delivery::State, kRecordSinks> records;
  conversation::State conversation;
  bool online = true;
  bool settling = false;                       ///< the settle timer runs
  bool following = false;                      ///< the widget asks and hands off
  bool closed = false;                         ///< the chat's record says that it is over
  std::array<bool, kRecordSinks> recording{};  ///< the sink's delivery has begun, and has not come to its end
  bool warned = false;                         ///< that the time to answer is nearly over
  bool held = false;                           ///< the host was told to hold its other post-session experiences
  bool connected = false;                      ///< the hand-off was accepted
  std::uint8_t statuses_set = 0;               ///< ccaip: how many of the endpoint's statuses the platform has taken
  bool maybe_set = false;                      ///< ccaip: and perhaps one more: an update of it was not answered
  std::optional<Outcome> outcome;
  std::optional<Reason> reason;

  bool operator==(const State&) const = default;

  [[nodiscard]] bool is_recording() const { return recording[0] || recording[1]; }
};

/// FNV-1a over the state's fields: equal states have equal hashes, on every platform.
std::uint64_t hash(const State& state);

/// The row that takes `event` in `phase`; null if there is none.
const Row* find_row(Phase phase, Event event, const Facts& facts);

}  // namespace pst::transfer
