#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "pst/limits.hpp"
#include "pst/names.hpp"

/// The small machine that delivers one body to one receiver: used for the hand-off and for each record sink.
namespace pst::delivery {

enum class Event : std::uint8_t {
  start,  ///< online
  start_offline,
  online,
  offline_expired,
  accepted,        ///< 2xx
  retryable,       ///< 408, 409, 425, 429, 500, 503
  unauthorized,    ///< 401
  refused,         ///< any other answer: final
  network_failed,  ///< nothing better is known; also 502 and 504, where a gateway knows no better
  attempt_expired,
  unsent_expired,  ///< the same, and nothing had been sent yet
  retry_due,
  budget_expired,
  abandon,
};
inline constexpr std::size_t kEvents = static_cast<std::size_t>(Event::abandon) + 1;

enum class Guard : std::uint8_t {
  always,
  attempts_left,
  first_401,         ///< fresh credentials have not been tried
  may_have_arrived,  ///< the receiver is not idempotent, so what may have arrived must not be sent again
};

/// What is to be done on a transition; the caller makes effects of it.
enum class Action : std::uint8_t { none, send, back_off, abort, settle };

/// A small, finite value: no times, no texts.
struct State {
  DeliveryState phase = DeliveryState::waiting;
  std::uint8_t attempts = 0;
  bool reauthorized = false;
  bool idempotent = true;
  std::optional<Reason> reason;  ///< of the latest failure

  bool operator==(const State&) const = default;
};

struct Row {
  DeliveryState from;
  Event event;
  Guard guard;
  DeliveryState to;
  std::array<Action, 2> actions;
};

std::span<const Row> table();

struct Step {
  State next;
  const Row* row = nullptr;  ///< null = no row fits: nothing happens
};

/// `reason` says why, for events that are failures.
Step step(const State& state, Event event, std::optional<Reason> reason);

/// The event and the reason that an HTTP status stands for.
struct Verdict {
  Event event;
  std::optional<Reason> reason;
};
Verdict judge_status(double status);

/// Whether the host is to make new credentials: those it gave last were refused, and it has given none since.
bool wants_fresh_credentials(const State& state);

/// Whether trying again cannot help.
bool is_final(Reason reason);

/// How long to wait before the next attempt: at least `at_least_ms`, plus a random part of `jitter_ms` (full jitter).
struct Backoff {
  std::uint32_t at_least_ms;
  std::uint32_t jitter_ms;
};
Backoff backoff_after(std::uint8_t attempts, std::uint32_t retry_after_ms);

}  // namespace pst::delivery
