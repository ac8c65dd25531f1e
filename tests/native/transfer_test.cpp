// The transfer machine: every phase with every event and every combination of facts, against the contract (§6) written
// down a second time.

#include "pst/transfer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bitset>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pst::test {
namespace {

using transfer::Action;
using transfer::Event;
using transfer::Facts;
using transfer::ReasonFrom;
using transfer::Row;

struct Expected {
  Phase to;
  std::optional<Outcome> outcome = std::nullopt;
  std::optional<Reason> reason = std::nullopt;  ///< nothing = that of the decision, the delivery or the conversation
};

Expected ends(Outcome outcome, std::optional<Reason> reason = std::nullopt) { return {Phase::done, outcome, reason}; }

/// Cancelled by the host, by a new conversation or by the chat going on.
std::optional<Expected> called_off(Event event, Outcome outcome) {
  switch (event) {
    case Event::cancel:
      return ends(outcome, Reason::host_cancelled);
    case Event::new_conversation:
      return ends(outcome, Reason::new_conversation);
    case Event::chat_resumed:
      return ends(outcome, Reason::chat_resumed);
    default:
      return std::nullopt;
  }
}

/// What was saved is gone on with, unless it is too old or for another virtual agent.
Expected restored_contract(transfer::Intent intent) {
  switch (intent) {
    case transfer::Intent::question_expired:
      return ends(Outcome::no_answer, Reason::saved_expired);
    case transfer::Intent::expired:
      return ends(Outcome::cancelled, Reason::saved_expired);
    case transfer::Intent::changed:
      return ends(Outcome::cancelled, Reason::settings_changed);
    case transfer::Intent::in_conversation:
      return Expected{Phase::in_conversation};
    case transfer::Intent::stalled:
      return Expected{Phase::stalled};
    case transfer::Intent::recording:
      return ends(Outcome::skipped, Reason::handled_elsewhere);
    case transfer::Intent::none:
    case transfer::Intent::open:
      return Expected{Phase::collecting};
  }
  return Expected{Phase::collecting};
}

std::optional<Expected> idle_contract(Event event, const Facts& facts) {
  if (event == Event::restored) {
    return restored_contract(facts.intent);
  }
  if (event == Event::lead_awaited) {
    return Expected{Phase::idle};
  }
  if (event == Event::handled_elsewhere) {
    return ends(Outcome::skipped, Reason::handled_elsewhere);
  }
  if (event != Event::session_ended) {
    return called_off(event, Outcome::cancelled);
  }
  if (facts.facts_may_follow) {
    return Expected{Phase::idle};
  }
  switch (facts.decision) {
    case DecisionOutcome::reject:
      return ends(Outcome::rejected);
    case DecisionOutcome::skip:
      return ends(Outcome::skipped);
    case DecisionOutcome::transfer:
    case DecisionOutcome::ask:
      break;
  }
  if (facts.observing) {
    return ends(Outcome::skipped, Reason::observed);
  }
  if (facts.platform_leads) {
    return Expected{Phase::asking};
  }
  if (facts.platform_silent) {
    return ends(Outcome::skipped, Reason::platform_does_not_ask);
  }
  if (!facts.identified) {
    return ends(Outcome::failed, Reason::identity_unavailable);
  }
  return Expected{facts.decision == DecisionOutcome::ask ? Phase::asking : Phase::collecting};
}

std::optional<Expected> asking_contract(Event event, const Facts& facts) {
  switch (event) {
    case Event::redecided:
      switch (facts.decision) {
        case DecisionOutcome::reject:
          return ends(Outcome::rejected);
        case DecisionOutcome::skip:
          return ends(Outcome::skipped);
        default:
          return Expected{Phase::asking};
      }
    case Event::yes:
      if (facts.values_wrong) {
        return Expected{Phase::asking};
      }
      return facts.we_ask ? std::optional(Expected{Phase::collecting}) : std::nullopt;
    case Event::not_now:
      return facts.values_wrong ? std::optional(ends(Outcome::failed, Reason::parameter_missing)) : std::nullopt;
    case Event::more_time:
    case Event::time_short:
      return facts.timed ? std::optional(Expected{Phase::asking}) : std::nullopt;
    case Event::no:
      return facts.we_ask ? std::optional(ends(Outcome::declined, Reason::opt_in_declined)) : std::nullopt;
    case Event::platform_started:
      return facts.we_ask ? ends(Outcome::skipped, Reason::already_started) : Expected{Phase::in_conversation};
    case Event::platform_declined:
      return ends(Outcome::declined, Reason::opt_in_declined);
    case Event::platform_closed:
      return ends(Outcome::no_answer, Reason::platform_closed);
    case Event::lead_lost:
      return facts.we_ask ? std::optional(Expected{Phase::idle}) : std::nullopt;
    case Event::handled_elsewhere:
      return ends(Outcome::skipped, Reason::handled_elsewhere);
    case Event::prompt_expired:
      return ends(Outcome::no_answer, Reason::prompt_expired);
    default:
      return called_off(event, Outcome::cancelled);
  }
}

/// The answer to a form, or none.
std::optional<Expected> form_contract(Event event, const Facts& facts) {
  switch (event) {
    case Event::form_given:
      return facts.values_wrong || facts.form_open ? std::optional(Expected{Phase::collecting}) : std::nullopt;
    case Event::not_now:
      return facts.form_open ? std::optional(ends(Outcome::failed, Reason::parameter_missing)) : std::nullopt;
    case Event::prompt_expired:
      return facts.form_open ? std::optional(ends(Outcome::no_answer, Reason::prompt_expired)) : std::nullopt;
    case Event::more_time:
    case Event::time_short:
      return facts.timed ? std::optional(Expected{Phase::collecting}) : std::nullopt;
    default:
      return std::nullopt;
  }
}

std::optional<Expected> collecting_contract(Event event, const Facts& facts) {
  switch (event) {
    case Event::entered:
      return Expected{Phase::collecting};
    case Event::provided:
    case Event::provide_expired:
      return facts.host_open ? std::optional(Expected{Phase::collecting}) : std::nullopt;
    case Event::prepared:
      if (facts.value_missing) {
        return ends(Outcome::failed, Reason::parameter_missing);
      }
      return facts.body_too_large ? ends(Outcome::failed, Reason::payload_too_large) : Expected{Phase::handing_off};
    case Event::lead_lost:
      return Expected{Phase::idle};
    case Event::handled_elsewhere:
      return ends(Outcome::skipped, Reason::handled_elsewhere);
    default: {
      const auto called = called_off(event, Outcome::cancelled);
      return called ? called : form_contract(event, facts);
    }
  }
}

std::optional<Expected> handing_off_contract(Event event, const Facts& facts) {
  switch (event) {
    case Event::delivered:
      return facts.conversation_follows ? Expected{Phase::in_conversation}
                                        : ends(Outcome::transferred, Reason::accepted);
    case Event::lead_lost:
      return Expected{Phase::idle};
    case Event::handled_elsewhere:
      return ends(Outcome::skipped, Reason::handled_elsewhere);
    case Event::gave_up:
      return facts.failure_is_final ? ends(Outcome::failed) : Expected{Phase::stalled};
    default:
      return called_off(event, Outcome::cancelled);
  }
}

std::optional<Expected> stalled_contract(Event event, const Facts& facts) {
  switch (event) {
    case Event::try_again:
      if (facts.throttled) {
        return Expected{Phase::stalled};
      }
      return Expected{facts.uncollected ? Phase::collecting : Phase::handing_off};
    case Event::lead_lost:
      return Expected{Phase::idle};
    case Event::handled_elsewhere:
      return ends(Outcome::skipped, Reason::handled_elsewhere);
    case Event::not_now:
    case Event::stall_expired:
    case Event::cancel:
    case Event::new_conversation:
      return ends(Outcome::failed);
    case Event::chat_resumed:
      return ends(Outcome::cancelled, Reason::chat_resumed);
    default:
      return std::nullopt;
  }
}

/// What the contract says; nothing = the event is a no-op.
std::optional<Expected> contract(Phase phase, Event event, const Facts& facts) {
  switch (phase) {
    case Phase::idle:
      return idle_contract(event, facts);
    case Phase::asking:
      return asking_contract(event, facts);
    case Phase::collecting:
      return collecting_contract(event, facts);
    case Phase::handing_off:
      return handing_off_contract(event, facts);
    case Phase::stalled:
      return stalled_contract(event, facts);
    case Phase::in_conversation:
      if (event == Event::virtual_agent_absent) {
        return ends(Outcome::transferred, Reason::virtual_agent_absent);
      }
      return event == Event::conversation_ended ? ends(Outcome::completed) : called_off(event, Outcome::completed);
    case Phase::done:
      return std::nullopt;
  }
  return std::nullopt;
}

std::vector<Facts> all_facts() {
  std::vector<Facts> all;
  for (std::size_t decision = 0; decision < kNames<DecisionOutcome>.size(); ++decision) {
    for (unsigned long flags = 0; flags < 1024; ++flags) {
      const std::bitset<10> bit(flags);
      all.push_back({.facts_may_follow = bit[6],
                     .decision = static_cast<DecisionOutcome>(decision),
                     .observing = bit[0],
                     .platform_leads = bit[7],
                     .platform_silent = bit[8],
                     .identified = bit[1],
                     .value_missing = bit[2],
                     .body_too_large = bit[3],
                     .conversation_follows = bit[4],
                     .failure_is_final = bit[5],
                     .we_ask = bit[9]});
    }
    for (const auto intent : {transfer::Intent::question_expired, transfer::Intent::expired, transfer::Intent::changed,
                              transfer::Intent::in_conversation, transfer::Intent::stalled, transfer::Intent::recording,
                              transfer::Intent::open}) {
      all.push_back({.intent = intent, .decision = static_cast<DecisionOutcome>(decision)});
    }
  }
  // What matters while values are collected.
  for (unsigned long flags = 0; flags < 2048; ++flags) {
    const std::bitset<11> bit(flags);
    all.push_back({.decision = DecisionOutcome::ask,
                   .value_missing = bit[0],
                   .body_too_large = bit[1],
                   .we_ask = bit[2],
                   .values_wrong = bit[3],
                   .timed = bit[4],
                   .form_needed = bit[5],
                   .form_open = bit[6],
                   .host_needed = bit[7],
                   .host_open = bit[8],
                   .throttled = bit[9],
                   .uncollected = bit[10]});
  }
  return all;
}

template <typename Visit>
void for_the_whole_product(const Visit& visit) {
  for (std::size_t phase = 0; phase < kNames<Phase>.size(); ++phase) {
    for (std::size_t event = 0; event < transfer::kEvents; ++event) {
      for (const Facts& facts : all_facts()) {
        visit(static_cast<Phase>(phase), static_cast<Event>(event), facts);
        if (testing::Test::HasFatalFailure()) {
          return;
        }
      }
    }
  }
}

bool does(const Row& row, Action action) { return std::ranges::contains(row.actions, action); }

TEST(Transfer, EveryPhaseAnswersEveryEventUnderAllFactsAsTheContractSays) {
  for_the_whole_product([](Phase phase, Event event, const Facts& facts) {
    const Row* const row = transfer::find_row(phase, event, facts);
    const auto expected = contract(phase, event, facts);
    const std::string place = std::string(name_of(phase)) + ", event " + std::to_string(static_cast<int>(event)) +
                              ", decision " + std::string(name_of(facts.decision));
    ASSERT_EQ(row != nullptr, expected.has_value()) << place;
    if (!expected) {
      return;
    }
    ASSERT_EQ(name_of(row->to), name_of(expected->to)) << place;
    ASSERT_EQ(row->ending.has_value(), expected->outcome.has_value()) << place;
    if (!row->ending) {
      return;
    }
    ASSERT_EQ(name_of(row->ending->outcome), name_of(*expected->outcome)) << place;
    ASSERT_EQ(row->ending->from == ReasonFrom::row, expected->reason.has_value()) << place;
    if (expected->reason) {
      ASSERT_EQ(name_of(row->ending->reason), name_of(*expected->reason)) << place;
    }
  });
}

TEST(Transfer, AReasonThatIsNotFixedComesFromWhereItIsKnown) {
  for (const Row& row : transfer::table()) {
    if (!row.ending || row.ending->from == ReasonFrom::row) {
      continue;
    }
    const bool decided = row.from == Phase::idle || row.event == Event::redecided;
    const ReasonFrom expected = decided                              ? ReasonFrom::decision
                                : row.from == Phase::in_conversation ? ReasonFrom::conversation
                                                                     : ReasonFrom::delivery;
    EXPECT_EQ(row.ending->from, expected) << name_of(row.from);
  }
}

TEST(Transfer, DoneIsAbsorbing) {
  for (std::size_t event = 0; event < transfer::kEvents; ++event) {
    for (const Facts& facts : all_facts()) {
      ASSERT_EQ(transfer::find_row(Phase::done, static_cast<Event>(event), facts), nullptr);
    }
  }
}

TEST(Transfer, OnlyARecordedYesLeadsFromTheQuestionToTheHandoff) {
  for_the_whole_product([](Phase phase, Event event, const Facts& facts) {
    const Row* const row = transfer::find_row(phase, event, facts);
    if (phase != Phase::asking || row == nullptr || row->to == Phase::done || row->to == Phase::asking) {
      return;
    }
    if (event == Event::lead_lost) {
      ASSERT_EQ(row->to, Phase::idle) << "another tab goes on";
      return;
    }
    if (event == Event::platform_started) {
      ASSERT_EQ(row->to, Phase::in_conversation) << "the platform has handed off by itself";
      return;
    }
    ASSERT_EQ(event, Event::yes);
    ASSERT_EQ(row->actions[0], Action::record_consent) << "the answer is on record before anything else happens";
  });
}

TEST(Transfer, AQuestionThatHasToBeAskedCannotBePassedBy) {
  for_the_whole_product([](Phase phase, Event event, const Facts& facts) {
    const Row* const row = transfer::find_row(phase, event, facts);
    if (phase != Phase::idle || row == nullptr || facts.decision != DecisionOutcome::ask || event == Event::restored ||
        event == Event::lead_awaited) {
      return;
    }
    ASSERT_TRUE(row->to == Phase::asking || row->to == Phase::done || facts.facts_may_follow) << name_of(row->to);
  });
}

TEST(Transfer, NothingIsPreparedBeforeTheAnswer) {
  for (const Row& row : transfer::table()) {
    if (does(row, Action::prepare_handoff)) {
      EXPECT_TRUE(row.from == Phase::collecting && row.event == Event::entered);
    }
    EXPECT_EQ(does(row, Action::start_delivery), row.to == Phase::handing_off);
  }
}

TEST(Transfer, WhatIsNeededIsCollectedInItsOrderBeforeAnythingIsPrepared) {
  const auto entered = [](const Facts& facts) {
    return transfer::find_row(Phase::collecting, Event::entered, facts)->actions[0];
  };
  EXPECT_EQ(entered({.form_needed = true, .host_needed = true}), Action::show_form);
  EXPECT_EQ(entered({.host_needed = true}), Action::ask_host);
  EXPECT_EQ(entered({}), Action::prepare_handoff);
}

TEST(Transfer, RecordsStartOnlyAtTheAcceptanceOrANo) {
  for (const Row& row : transfer::table()) {
    const bool accepted = row.from == Phase::handing_off && row.event == Event::delivered;
    const bool declined = row.from == Phase::asking && row.event == Event::no;
    EXPECT_EQ(does(row, Action::start_records), accepted || declined) << name_of(row.from);
    if (does(row, Action::resume_records)) {
      EXPECT_EQ(row.event, Event::restored);
    }
  }
}

TEST(Transfer, ARefusedOrSkippedSessionIsOnlyAnnounced) {
  for_the_whole_product([](Phase phase, Event event, const Facts& facts) {
    const Row* const row = transfer::find_row(phase, event, facts);
    if (phase != Phase::idle || event != Event::session_ended || row == nullptr || row->to != Phase::done) {
      return;
    }
    for (const Action action : row->actions) {
      ASSERT_TRUE(action == Action::announce_decision || action == Action::none);
    }
  });
}

TEST(Transfer, TheHostHoldsItsOwnSurveysExactlyWhenOurExperienceBegins) {
  for (const Row& row : transfer::table()) {
    const bool begins = row.to != Phase::done && row.to != Phase::idle;
    EXPECT_EQ(does(row, Action::hold), row.from == Phase::idle && (begins || row.event == Event::lead_awaited));
  }
}

TEST(Transfer, AnAttemptInFlightIsAbandonedWhenTheHandoffIsLeftFromOutside) {
  for (const Row& row : transfer::table()) {
    const bool from_outside = row.event == Event::cancel || row.event == Event::new_conversation ||
                              row.event == Event::chat_resumed || row.event == Event::handled_elsewhere ||
                              row.event == Event::lead_lost;
    EXPECT_EQ(does(row, Action::abandon_delivery), row.from == Phase::handing_off && from_outside);
  }
}

TEST(Transfer, ANewConversationOrAResumedChatIsNeverBlocked) {
  for (const Phase phase :
       {Phase::asking, Phase::collecting, Phase::handing_off, Phase::stalled, Phase::in_conversation}) {
    for (const Event event : {Event::new_conversation, Event::chat_resumed, Event::cancel}) {
      const Row* const row = transfer::find_row(phase, event, {});
      ASSERT_NE(row, nullptr) << name_of(phase);
      EXPECT_EQ(row->to, Phase::done);
      EXPECT_TRUE(does(*row, Action::hide_prompt)) << name_of(phase);
    }
  }
}

TEST(Transfer, ConnectedIsShownExactlyWhenTheHandoffWasAccepted) {
  for (const Row& row : transfer::table()) {
    EXPECT_EQ(does(row, Action::show_connected), row.event == Event::delivered);
  }
}

TEST(Transfer, AStallIsShownAndTimed) {
  for (const Row& row : transfer::table()) {
    const bool stalls = row.to == Phase::stalled && row.from != Phase::stalled;
    EXPECT_EQ(does(row, Action::show_stalled), stalls);
    EXPECT_EQ(does(row, Action::start_stall_timer), stalls);
  }
}

// The hash.

/// A state for each value of each field, the others as they are at the start, and some in combination.
std::vector<transfer::State> different_states() {
  std::vector<transfer::State> states{{}};
  const auto with = [&](auto change) {
    transfer::State state;
    change(state);
    states.push_back(state);
  };
  for (std::size_t i = 1; i < kNames<Phase>.size(); ++i) {
    with([&](auto& state) { state.phase = static_cast<Phase>(i); });
  }
  for (const auto answer : {transfer::Answer::not_asked, transfer::Answer::yes, transfer::Answer::no}) {
    with([&](auto& state) { state.answer = answer; });
  }
  for (std::size_t i = 1; i < kNames<DeliveryState>.size(); ++i) {
    with([&](auto& state) { state.handoff.phase = static_cast<DeliveryState>(i); });
  }
  for (std::uint8_t i = 1; i <= 10; ++i) {
    with([&](auto& state) { state.handoff.attempts = i; });
  }
  with([](auto& state) { state.collecting = transfer::Collecting::form; });
  with([](auto& state) { state.collecting = transfer::Collecting::host; });
  with([](auto& state) { state.form_taken = true; });
  with([](auto& state) { state.form_refused = true; });
  with([](auto& state) { state.host_asked = true; });
  with([](auto& state) { state.host_pending = 1; });
  with([](auto& state) { state.host_pending = 100; });
  with([](auto& state) { state.warned = true; });
  for (std::size_t sink = 0; sink < transfer::kRecordSinks; ++sink) {
    with([&](auto& state) { state.recording.at(sink) = true; });
    with([&](auto& state) { state.records.at(sink).phase = DeliveryState::delivered; });
    with([&](auto& state) { state.records.at(sink).attempts = 1; });
    with([&](auto& state) { state.records.at(sink).reauthorized = true; });
    with([&](auto& state) { state.records.at(sink).reason = Reason::sink_failed; });
  }
  with([](auto& state) { state.handoff.reauthorized = true; });
  with([](auto& state) { state.handoff.idempotent = false; });
  with([](auto& state) { state.online = false; });
  with([](auto& state) { state.held = true; });
  with([](auto& state) { state.settling = true; });
  with([](auto& state) { state.following = true; });
  with([](auto& state) { state.closed = true; });
  with([](auto& state) { state.conversation.leaving = true; });
  for (std::size_t i = 1; i < kNames<ConversationState>.size(); ++i) {
    with([&](auto& state) { state.conversation.phase = static_cast<ConversationState>(i); });
  }
  with([](auto& state) { state.connected = true; });
  for (std::size_t i = 0; i < kNames<Reason>.size(); ++i) {
    with([&](auto& state) { state.handoff.reason = static_cast<Reason>(i); });
    with([&](auto& state) { state.reason = static_cast<Reason>(i); });
  }
  for (std::size_t i = 0; i < kNames<Outcome>.size(); ++i) {
    with([&](auto& state) { state.outcome = static_cast<Outcome>(i); });
  }
  return states;
}

TEST(StateHash, IsEqualForEqualStates) {
  for (const transfer::State& state : different_states()) {
    const transfer::State copy = state;
    EXPECT_EQ(copy, state);
    EXPECT_EQ(transfer::hash(copy), transfer::hash(state));
  }
}

TEST(StateHash, DiffersWhereverAFieldDiffers) {
  const auto states = different_states();
  std::set<std::uint64_t> hashes;
  for (const transfer::State& state : states) {
    hashes.insert(transfer::hash(state));
  }
  EXPECT_EQ(hashes.size(), states.size());
}

TEST(StateHash, HasNoCollisionAmongTheCombinationsOfItsSmallFields) {
  std::set<std::uint64_t> hashes;
  std::size_t states = 0;
  for (std::size_t phase = 0; phase < kNames<Phase>.size(); ++phase) {
    for (std::size_t delivery = 0; delivery < kNames<DeliveryState>.size(); ++delivery) {
      for (std::uint8_t attempts = 0; attempts <= 10; ++attempts) {
        for (unsigned long flags = 0; flags < 128; ++flags) {
          const std::bitset<7> bit(flags);
          const transfer::State state{
              .phase = static_cast<Phase>(phase),
              .answer = static_cast<transfer::Answer>(flags & 3U),
              .handoff = {.phase = static_cast<DeliveryState>(delivery),
                          .attempts = attempts,
                          .reauthorized = bit[2],
                          .idempotent = bit[3]},
              .online = bit[4],
              .held = bit[5],
              .connected = bit[6],
          };
          hashes.insert(transfer::hash(state));
          ++states;
        }
      }
    }
  }
  EXPECT_EQ(hashes.size(), states);
}

TEST(StateHash, IsTheSameOnEveryPlatformAndInEveryRelease) {
  // Recorded logs carry it.
  EXPECT_EQ(transfer::hash({}), transfer::hash(transfer::State{}));
  std::uint64_t expected = 0xcbf29ce484222325ULL;
  // Phase to parameters; the hand-off; each record; conversation to statuses; outcome and reason.
  for (const unsigned byte : {0U,   0U,  0U, 0U, 0U,   0U,   0U,                  //
                              0U,   0U,  0U, 1U, 255U,                            //
                              0U,   0U,  0U, 0U, 1U,   255U,                      //
                              0U,   0U,  0U, 0U, 1U,   255U,                      //
                              0U,   0U,  1U, 0U, 0U,   0U,   0U, 0U, 0U, 0U, 0U,  //
                              255U, 255U}) {
    expected = (expected ^ byte) * 0x100000001b3ULL;
  }
  EXPECT_EQ(transfer::hash({}), expected);
}

}  // namespace
}  // namespace pst::test
