// The delivery machine: every state with every event, against the contract (§6, §7) written down a second time.

#include "pst/delivery.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "pst/limits.hpp"

namespace pst::test {
namespace {

using delivery::Action;
using delivery::Event;
using delivery::State;

constexpr std::uint8_t kMaxAttempts = 10;

struct Expected {
  State next;
  std::vector<Action> actions;
};

/// What the contract says; nothing = the event is a no-op.
std::optional<Expected> contract(State state, Event event, std::optional<Reason> reason) {
  const bool more = state.attempts < kMaxAttempts;
  if (reason) {
    state.reason = reason;
  }
  const auto give_up = [&](std::vector<Action> actions) {
    state.phase = DeliveryState::given_up;
    return Expected{state, std::move(actions)};
  };
  const auto send = [&] {
    state.phase = DeliveryState::sending;
    ++state.attempts;
    return Expected{state, {Action::send}};
  };
  const auto back_off = [&](std::vector<Action> actions) {
    state.phase = DeliveryState::backing_off;
    return Expected{state, std::move(actions)};
  };
  switch (state.phase) {
    case DeliveryState::waiting:
      switch (event) {
        case Event::start:
        case Event::online:
          return send();
        case Event::start_offline:
          return Expected{state, {}};
        case Event::offline_expired:
        case Event::abandon:
          return give_up({Action::settle});
        default:
          return std::nullopt;
      }
    case DeliveryState::sending:
      switch (event) {
        case Event::accepted:
          state.phase = DeliveryState::delivered;
          return Expected{state, {Action::settle}};
        case Event::retryable:
          return more ? back_off({Action::back_off}) : give_up({Action::settle});
        case Event::unauthorized:
          if (state.reauthorized || !more) {
            return give_up({Action::settle});
          }
          state.reauthorized = true;
          return send();
        case Event::refused:
          return give_up({Action::settle});
        case Event::network_failed:
          if (!state.idempotent) {
            state.reason = Reason::outcome_unknown;
            return give_up({Action::settle});
          }
          return more ? back_off({Action::back_off}) : give_up({Action::settle});
        case Event::attempt_expired:
          if (!state.idempotent) {
            state.reason = Reason::outcome_unknown;
            return give_up({Action::abort, Action::settle});
          }
          return more ? back_off({Action::abort, Action::back_off}) : give_up({Action::abort, Action::settle});
        case Event::unsent_expired:
          return more ? back_off({Action::abort, Action::back_off}) : give_up({Action::abort, Action::settle});
        case Event::budget_expired:
        case Event::abandon:
          return give_up({Action::abort, Action::settle});
        default:
          return std::nullopt;
      }
    case DeliveryState::backing_off:
      switch (event) {
        case Event::retry_due:
          return send();
        case Event::budget_expired:
        case Event::abandon:
          return give_up({Action::settle});
        default:
          return std::nullopt;
      }
    case DeliveryState::delivered:
    case DeliveryState::given_up:
      return std::nullopt;
  }
  return std::nullopt;
}

std::vector<Action> actions_of(const delivery::Row& row) {
  std::vector<Action> actions;
  std::ranges::copy_if(row.actions, std::back_inserter(actions), [](Action action) { return action != Action::none; });
  return actions;
}

std::string described(const State& state, Event event) {
  return std::string(name_of(state.phase)) + " after " + std::to_string(state.attempts) + " attempts, event " +
         std::to_string(static_cast<int>(event)) + (state.reauthorized ? ", reauthorized" : "") +
         (state.idempotent ? "" : ", not idempotent");
}

const std::vector<std::optional<Reason>> reasons{std::nullopt,
                                                 Reason::network_or_cors,
                                                 Reason::attempt_timeout,
                                                 Reason::server_error,
                                                 Reason::rate_limited,
                                                 Reason::request_timeout,
                                                 Reason::in_progress_elsewhere,
                                                 Reason::unauthorized,
                                                 Reason::idempotency_conflict,
                                                 Reason::refused,
                                                 Reason::authorize_failed,
                                                 Reason::outcome_unknown};

/// Which reasons an event can carry.
std::vector<std::optional<Reason>> reasons_of(Event event) {
  switch (event) {
    case Event::retryable:
      return {Reason::server_error, Reason::rate_limited, Reason::request_timeout, Reason::in_progress_elsewhere};
    case Event::unauthorized:
      return {Reason::unauthorized};
    case Event::refused:
      return {Reason::refused, Reason::idempotency_conflict, Reason::server_error, Reason::rate_limited};
    case Event::network_failed:
      return {Reason::network_or_cors, Reason::server_error};
    case Event::offline_expired:
      return {Reason::network_or_cors};
    case Event::attempt_expired:
      return {Reason::attempt_timeout};
    case Event::unsent_expired:
      return {Reason::authorize_failed};
    default:
      return {std::nullopt};
  }
}

auto fields(const State& state) {
  return std::tuple(state.phase, state.attempts, state.reauthorized, state.idempotent, state.reason.has_value(),
                    state.reason.value_or(Reason::eligible));
}

struct ByFields {
  bool operator()(const State& a, const State& b) const { return fields(a) < fields(b); }
};

/// Every state that events can lead to.
std::set<State, ByFields> reachable_states() {
  std::set<State, ByFields> seen;
  std::vector<State> todo{State{.idempotent = true}, State{.idempotent = false}};
  while (!todo.empty()) {
    const State state = todo.back();
    todo.pop_back();
    if (!seen.insert(state).second) {
      continue;
    }
    for (std::size_t i = 0; i < delivery::kEvents; ++i) {
      for (const auto reason : reasons_of(static_cast<Event>(i))) {
        todo.push_back(delivery::step(state, static_cast<Event>(i), reason).next);
      }
    }
  }
  return seen;
}

void expect_as_in_the_contract(const State& state, Event event, std::optional<Reason> reason) {
  const delivery::Step actual = delivery::step(state, event, reason);
  const auto expected = contract(state, event, reason);
  ASSERT_EQ(actual.row != nullptr, expected.has_value()) << described(state, event);
  if (!expected) {
    ASSERT_EQ(actual.next, state) << described(state, event);
    return;
  }
  ASSERT_EQ(name_of(actual.next.phase), name_of(expected->next.phase)) << described(state, event);
  ASSERT_EQ(actual.next, expected->next) << described(state, event);
  ASSERT_EQ(actions_of(*actual.row), expected->actions) << described(state, event);
}

TEST(Delivery, EveryReachableStateAnswersEveryEventAsTheContractSays) {
  const auto states = reachable_states();
  EXPECT_GT(states.size(), 100U);
  for (const State& state : states) {
    for (std::size_t i = 0; i < delivery::kEvents; ++i) {
      for (const auto reason : reasons_of(static_cast<Event>(i))) {
        expect_as_in_the_contract(state, static_cast<Event>(i), reason);
        if (HasFatalFailure()) {
          return;
        }
      }
    }
  }
}

TEST(Delivery, EveryStateThatCanBeWrittenDownAnswersEveryEventAsTheContractSays) {
  for (std::size_t phase = 0; phase < kNames<DeliveryState>.size(); ++phase) {
    for (std::uint8_t attempts = 0; attempts <= kMaxAttempts; ++attempts) {
      for (const bool reauthorized : {false, true}) {
        for (const bool idempotent : {false, true}) {
          for (const auto earlier : reasons) {
            const State state{.phase = static_cast<DeliveryState>(phase),
                              .attempts = attempts,
                              .reauthorized = reauthorized,
                              .idempotent = idempotent,
                              .reason = earlier};
            for (std::size_t event = 0; event < delivery::kEvents; ++event) {
              expect_as_in_the_contract(state, static_cast<Event>(event), Reason::server_error);
              expect_as_in_the_contract(state, static_cast<Event>(event), std::nullopt);
              if (HasFatalFailure()) {
                return;
              }
            }
          }
        }
      }
    }
  }
}

TEST(Delivery, MakesAtMostTenAttempts) {
  EXPECT_EQ(limits::kAttempts, kMaxAttempts);
  for (const State& state : reachable_states()) {
    EXPECT_LE(state.attempts, kMaxAttempts);
  }
}

TEST(Delivery, ReachesItsLimitOfAttemptsAndGivesUpThere) {
  State state;
  state = delivery::step(state, Event::start, std::nullopt).next;
  for (int attempt = 1; attempt < kMaxAttempts; ++attempt) {
    EXPECT_EQ(state.attempts, attempt);
    state = delivery::step(state, Event::retryable, Reason::server_error).next;
    ASSERT_EQ(state.phase, DeliveryState::backing_off) << attempt;
    state = delivery::step(state, Event::retry_due, std::nullopt).next;
  }
  EXPECT_EQ(state.attempts, kMaxAttempts);
  state = delivery::step(state, Event::retryable, Reason::server_error).next;
  EXPECT_EQ(state.phase, DeliveryState::given_up);
  EXPECT_EQ(state.reason, Reason::server_error);
}

TEST(Delivery, IsOverOnceDeliveredOrGivenUp) {
  for (const State& state : reachable_states()) {
    if (state.phase != DeliveryState::delivered && state.phase != DeliveryState::given_up) {
      continue;
    }
    for (std::size_t i = 0; i < delivery::kEvents; ++i) {
      EXPECT_EQ(delivery::step(state, static_cast<Event>(i), Reason::server_error).row, nullptr)
          << described(state, static_cast<Event>(i));
    }
  }
}

TEST(Delivery, CanAlwaysBeAbandoned) {
  for (const State& state : reachable_states()) {
    if (state.phase == DeliveryState::delivered || state.phase == DeliveryState::given_up) {
      continue;
    }
    EXPECT_EQ(delivery::step(state, Event::abandon, std::nullopt).next.phase, DeliveryState::given_up);
  }
}

TEST(Delivery, NeverSendsAgainWhatMayHaveArrivedAtAReceiverThatIsNotIdempotent) {
  for (const State& state : reachable_states()) {
    if (state.idempotent || state.phase != DeliveryState::sending) {
      continue;
    }
    for (const Event event : {Event::network_failed, Event::attempt_expired}) {
      const State next = delivery::step(state, event, Reason::network_or_cors).next;
      EXPECT_EQ(next.phase, DeliveryState::given_up);
      EXPECT_EQ(next.reason, Reason::outcome_unknown);
    }
  }
}

TEST(Delivery, AsksForFreshCredentialsOnce) {
  for (const State& state : reachable_states()) {
    if (state.phase != DeliveryState::sending) {
      continue;
    }
    const State next = delivery::step(state, Event::unauthorized, Reason::unauthorized).next;
    EXPECT_EQ(next.phase,
              state.reauthorized || state.attempts == kMaxAttempts ? DeliveryState::given_up : DeliveryState::sending)
        << described(state, Event::unauthorized);
    EXPECT_TRUE(next.reauthorized || state.attempts == kMaxAttempts);
  }
}

// The meaning of a status.

std::pair<Event, std::optional<Reason>> judged(double status) {
  const auto [event, reason] = delivery::judge_status(status);
  return {event, reason};
}

TEST(HttpStatus, EveryStatusIsJudgedAsTheContractSays) {
  for (int status = 100; status < 600; ++status) {
    std::pair<Event, std::optional<Reason>> expected{Event::refused,
                                                     status >= 500 ? Reason::server_error : Reason::refused};
    if (status >= 200 && status <= 299) {
      expected = {Event::accepted, std::nullopt};
    } else if (status == 401) {
      expected = {Event::unauthorized, Reason::unauthorized};
    } else if (status == 408 || status == 425) {
      expected = {Event::retryable, Reason::request_timeout};
    } else if (status == 409) {
      expected = {Event::retryable, Reason::in_progress_elsewhere};
    } else if (status == 422) {
      expected = {Event::refused, Reason::idempotency_conflict};
    } else if (status == 429) {
      expected = {Event::retryable, Reason::rate_limited};
    } else if (status == 500 || status == 503) {
      expected = {Event::retryable, Reason::server_error};
    } else if (status == 502 || status == 504) {
      // A gateway knows no better than we do after a broken connection.
      expected = {Event::network_failed, Reason::server_error};
    }
    EXPECT_EQ(judged(status), expected) << status;
  }
}

TEST(HttpStatus, ANumberThatIsNoStatusIsRefused) {
  for (const double status : {0.0, -1.0, -200.0, 99.0, 199.5, 300.0, 600.0, 999.0}) {
    EXPECT_EQ(judged(status).first, Event::refused) << status;
  }
}

TEST(HttpStatus, ANumberBeyondEveryIntegerIsRefusedToo) {
  for (const double status : {2147483648.0, -2147483649.0, 1e10, 1e300, -1e300}) {
    EXPECT_EQ(judged(status).first, Event::refused) << status;
  }
}

TEST(HttpStatus, TryingAgainCannotHelpAfterAFinalRefusal) {
  for (std::size_t i = 0; i < kNames<Reason>.size(); ++i) {
    const auto reason = static_cast<Reason>(i);
    const bool final =
        reason == Reason::refused || reason == Reason::unauthorized || reason == Reason::idempotency_conflict;
    EXPECT_EQ(delivery::is_final(reason), final) << name_of(reason);
  }
}

// Back-off.

TEST(Backoff, DoublesItsJitterFrom500MsTo8Seconds) {
  const std::vector<std::uint32_t> expected{500, 1000, 2000, 4000, 8000, 8000, 8000, 8000, 8000};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto [at_least_ms, jitter_ms] = delivery::backoff_after(static_cast<std::uint8_t>(i + 1), 0);
    EXPECT_EQ(at_least_ms, 0U);
    EXPECT_EQ(jitter_ms, expected[i]) << "after attempt " << i + 1;
  }
}

TEST(Backoff, WaitsAtLeastAsLongAsTheReceiverAsks) {
  const auto [at_least_ms, jitter_ms] = delivery::backoff_after(2, 7000);
  EXPECT_EQ(at_least_ms, 7000U);
  EXPECT_EQ(jitter_ms, 1000U);
}

TEST(Backoff, HasAValueForEveryCountOfAttempts) {
  for (unsigned attempts = 0; attempts <= 255; ++attempts) {
    const auto [at_least_ms, jitter_ms] = delivery::backoff_after(static_cast<std::uint8_t>(attempts), 0);
    EXPECT_EQ(at_least_ms, 0U);
    EXPECT_GE(jitter_ms, 500U) << attempts;
    EXPECT_LE(jitter_ms, 8000U) << attempts;
  }
}

}  // namespace
}  // namespace pst::test
