#include "pst/delivery.hpp"

#include <algorithm>

#include "machine_checks.hpp"

namespace pst::delivery {

namespace {

using enum DeliveryState;
using enum Event;
using enum Guard;

constexpr std::array kTable{
    // from, event, guard, to, actions
    Row{waiting, start, always, sending, {Action::send}},
    Row{waiting, start_offline, always, waiting, {}},
    Row{waiting, online, always, sending, {Action::send}},
    Row{waiting, offline_expired, always, given_up, {Action::settle}},
    Row{waiting, abandon, always, given_up, {Action::settle}},

    Row{sending, accepted, always, delivered, {Action::settle}},
    Row{sending, retryable, attempts_left, backing_off, {Action::back_off}},
    Row{sending, retryable, always, given_up, {Action::settle}},
    Row{sending, unauthorized, first_401, sending, {Action::send}},
    Row{sending, unauthorized, always, given_up, {Action::settle}},
    Row{sending, refused, always, given_up, {Action::settle}},
    Row{sending, network_failed, may_have_arrived, given_up, {Action::settle}},
    Row{sending, network_failed, attempts_left, backing_off, {Action::back_off}},
    Row{sending, network_failed, always, given_up, {Action::settle}},
    Row{sending, attempt_expired, may_have_arrived, given_up, {Action::abort, Action::settle}},
    Row{sending, attempt_expired, attempts_left, backing_off, {Action::abort, Action::back_off}},
    Row{sending, attempt_expired, always, given_up, {Action::abort, Action::settle}},
    Row{sending, unsent_expired, attempts_left, backing_off, {Action::abort, Action::back_off}},
    Row{sending, unsent_expired, always, given_up, {Action::abort, Action::settle}},
    Row{sending, budget_expired, always, given_up, {Action::abort, Action::settle}},
    Row{sending, abandon, always, given_up, {Action::abort, Action::settle}},

    Row{backing_off, retry_due, always, sending, {Action::send}},
    Row{backing_off, budget_expired, always, given_up, {Action::settle}},
    Row{backing_off, abandon, always, given_up, {Action::settle}},
};

static_assert(machine::no_dead_rows(kTable), "every row can be taken");
static_assert(machine::all_reachable<DeliveryState>(kTable, waiting), "every state can be reached");
static_assert(machine::all_lead_on<DeliveryState>(kTable, {delivered, given_up}), "only the two ends have no row");

bool holds(Guard guard, const State& state) {
  switch (guard) {
    case always:
      return true;
    case attempts_left:
      return state.attempts < limits::kAttempts;
    case first_401:
      return !state.reauthorized && state.attempts < limits::kAttempts;
    case may_have_arrived:
      return !state.idempotent;
  }
  return false;
}

}  // namespace

std::span<const Row> table() { return kTable; }

Step step(const State& state, Event event, std::optional<Reason> reason) {
  for (const Row& row : kTable) {
    if (row.from != state.phase || row.event != event || !holds(row.guard, state)) continue;
    State next = state;
    next.phase = row.to;
    if (reason) next.reason = reason;
    if (row.guard == may_have_arrived) next.reason = Reason::outcome_unknown;
    if (row.guard == first_401) next.reauthorized = true;
    if (std::ranges::contains(row.actions, Action::send)) ++next.attempts;
    return {.next = next, .row = &row};
  }
  return {.next = state, .row = nullptr};
}

Verdict judge_status(double status) {
  if (status >= 200 && status < 300) return {.event = accepted, .reason = std::nullopt};
  constexpr double kNoStatus = 600;  // an event that carries such a number says nothing that could be retried
  switch (status < kNoStatus ? static_cast<int>(std::max(status, 0.0)) : 0) {
    case 401:
      return {.event = unauthorized, .reason = Reason::unauthorized};
    case 408:
    case 425:
      return {.event = retryable, .reason = Reason::request_timeout};
    case 409:
      return {.event = retryable, .reason = Reason::in_progress_elsewhere};
    case 422:
      return {.event = refused, .reason = Reason::idempotency_conflict};
    case 429:
      return {.event = retryable, .reason = Reason::rate_limited};
    case 500:
    case 503:
      return {.event = retryable, .reason = Reason::server_error};
    case 502:
    case 504:
      return {.event = network_failed, .reason = Reason::server_error};
    default:
      return {.event = refused, .reason = status >= 500 ? Reason::server_error : Reason::refused};
  }
}

bool wants_fresh_credentials(const State& state) {
  return state.reauthorized && (state.reason == Reason::unauthorized || state.reason == Reason::authorize_failed);
}

bool is_final(Reason reason) {
  return reason == Reason::refused || reason == Reason::unauthorized || reason == Reason::idempotency_conflict;
}

Backoff backoff_after(std::uint8_t attempts, std::uint32_t retry_after_ms) {
  const std::uint32_t doublings = std::min<std::uint32_t>(attempts > 0 ? attempts - 1U : 0U, 16U);
  return {.at_least_ms = retry_after_ms,
          .jitter_ms = std::min(limits::kBackoffCapMs, limits::kBackoffBaseMs << doublings)};
}

}  // namespace pst::delivery
