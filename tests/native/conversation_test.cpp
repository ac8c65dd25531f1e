// The conversation machine: every state with every event, against what docs/sdk.md says, written down a second time and
// the other way round: by what is seen, not by where it is seen.

#include "pst/conversation.hpp"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pst::test {
namespace {

using conversation::Event;
using conversation::Guard;
using conversation::Row;
using conversation::State;
using Seen = ConversationState;

constexpr std::array kPhases{Seen::awaited, Seen::present, Seen::away, Seen::over};
static_assert(kPhases.size() == kNames<Seen>.size());

constexpr std::array<std::string_view, conversation::kEvents> kEventNames{
    "joined",   "left",   "end_said",  "human_joined", "finish_called", "finish_refused",
    "finished", "closed", "destroyed", "timed_out",    "exited",        "waited_enough",
};

struct Expected {
  State next;
  std::optional<Reason> ending = std::nullopt;
};

/// What the contract says; nothing = the event is a no-op.
std::optional<Expected> contract(const State& state, Event event) {
  const bool has_come = state.phase == Seen::present || state.phase == Seen::away;
  const auto goes_on = [&](Seen phase, bool leaving) { return Expected{{.phase = phase, .leaving = leaving}}; };
  const auto ends = [&](Reason reason) { return Expected{{.phase = Seen::over, .leaving = state.leaving}, reason}; };
  if (state.phase == Seen::over) {
    return std::nullopt;
  }
  switch (event) {
    case Event::joined:
      return state.phase != Seen::present ? std::optional(goes_on(Seen::present, state.leaving)) : std::nullopt;
    case Event::left:
      return state.phase == Seen::present ? std::optional(goes_on(Seen::away, state.leaving)) : std::nullopt;
    case Event::end_said:
      return ends(Reason::ended_by_virtual_agent);
    case Event::human_joined:
      return ends(Reason::escalated);
    case Event::finish_called:
      return goes_on(state.phase, true);
    case Event::finish_refused:
      return state.leaving ? std::optional(goes_on(state.phase, false)) : std::nullopt;
    case Event::finished:
      // Otherwise it is the answer to the call that ended the human agent's part.
      return state.leaving ? std::optional(ends(Reason::ended_by_end_user)) : std::nullopt;
    case Event::closed:
      // Whoever has called finishChat may have given up waiting. Otherwise, before one has come it is the end of the
      // human agent's part, told late.
      if (state.leaving) {
        return ends(Reason::ended_by_end_user);
      }
      return has_come ? std::optional(ends(Reason::ended_by_virtual_agent)) : std::nullopt;
    case Event::destroyed:
      return ends(Reason::ended_by_unknown);
    // These two may be told late, too, of the human agent's part.
    case Event::timed_out:
      return has_come ? std::optional(ends(Reason::ended_by_timeout)) : std::nullopt;
    case Event::exited:
      return has_come ? std::optional(ends(Reason::ended_by_end_user)) : std::nullopt;
    case Event::waited_enough:
      if (state.phase == Seen::present) {
        return std::nullopt;
      }
      return ends(has_come ? Reason::ended_by_virtual_agent : Reason::virtual_agent_absent);
  }
  return std::nullopt;
}

template <typename Visit>
void for_the_whole_product(const Visit& visit) {
  for (const Seen phase : kPhases) {
    for (const bool leaving : {false, true}) {
      for (std::size_t event = 0; event < conversation::kEvents; ++event) {
        const State state{.phase = phase, .leaving = leaving};
        SCOPED_TRACE(std::string(name_of(phase)) + (leaving ? ", leaving, " : ", ") + std::string(kEventNames[event]));
        visit(state, static_cast<Event>(event));
      }
    }
  }
}

TEST(Conversation, EveryStateAnswersEveryEventAsTheContractSays) {
  int steps = 0;
  for_the_whole_product([&](const State& state, Event event) {
    const conversation::Step step = conversation::step(state, event);
    const auto expected = contract(state, event);
    ASSERT_EQ(step.row != nullptr, expected.has_value());
    if (!expected) {
      EXPECT_EQ(step.next, state) << "what is not expected changes nothing";
      return;
    }
    ++steps;
    EXPECT_EQ(name_of(step.next.phase), name_of(expected->next.phase));
    EXPECT_EQ(step.next.leaving, expected->next.leaving);
    ASSERT_EQ(step.row->ending.has_value(), expected->ending.has_value());
    if (expected->ending) {
      EXPECT_EQ(name_of(*step.row->ending), name_of(*expected->ending));
    }
  });
  EXPECT_GT(steps, 50);
}

TEST(Conversation, TheRowThatIsTakenIsOneOfTheTableForThatStateAndEvent) {
  for_the_whole_product([](const State& state, Event event) {
    const conversation::Step step = conversation::step(state, event);
    if (step.row == nullptr) {
      return;
    }
    EXPECT_EQ(step.row->from, state.phase);
    EXPECT_EQ(step.row->event, event);
    EXPECT_EQ(step.row->to, step.next.phase);
    EXPECT_TRUE(step.row->guard == Guard::always || state.leaving);
  });
}

TEST(Conversation, EveryRowOfTheTableIsTakenSomewhere) {
  std::set<const Row*> taken;
  for_the_whole_product([&](const State& state, Event event) { taken.insert(conversation::step(state, event).row); });
  taken.erase(nullptr);
  EXPECT_EQ(taken.size(), conversation::table().size());
}

TEST(Conversation, BeginsWithSomebodyAwaited) {
  EXPECT_EQ(State{}.phase, Seen::awaited);
  EXPECT_FALSE(State{}.leaving);
}

TEST(Conversation, OverIsAbsorbing) {
  for (const bool leaving : {false, true}) {
    for (std::size_t event = 0; event < conversation::kEvents; ++event) {
      const State over{.phase = Seen::over, .leaving = leaving};
      EXPECT_EQ(conversation::step(over, static_cast<Event>(event)).row, nullptr) << kEventNames[event];
    }
  }
}

TEST(Conversation, AnEndAndNothingElseHasAReasonThatSaysHowAConversationEnds) {
  const std::set<Reason> endings{
      Reason::ended_by_virtual_agent, Reason::ended_by_end_user, Reason::ended_by_unknown,
      Reason::ended_by_timeout,       Reason::escalated,         Reason::virtual_agent_absent};
  std::set<Reason> used;
  for (const Row& row : conversation::table()) {
    EXPECT_EQ(row.ending.has_value(), row.to == Seen::over) << name_of(row.from);
    if (row.ending) {
      EXPECT_TRUE(endings.contains(*row.ending)) << name_of(*row.ending);
      used.insert(*row.ending);
    }
  }
  EXPECT_EQ(used, endings) << "each is used";
}

TEST(Conversation, WaitingIsBoundedAndOnlyWaitingIs) {
  for_the_whole_product([](const State& state, Event event) {
    if (event != Event::waited_enough) {
      return;
    }
    const State next = conversation::step(state, event).next;
    EXPECT_EQ(state.waits(), state.phase == Seen::awaited || state.phase == Seen::away);
    EXPECT_EQ(next.phase, state.waits() ? Seen::over : state.phase);
  });
}

TEST(Conversation, NobodyIsAbsentWhoHasCome) {
  for (const Row& row : conversation::table()) {
    if (row.ending == Reason::virtual_agent_absent) {
      EXPECT_EQ(row.from, Seen::awaited);
      EXPECT_EQ(row.event, Event::waited_enough);
    }
  }
}

TEST(Conversation, OneStateAndEventLeadsToOnePlaceUnlessSomebodyIsLeaving) {
  // No self-contradiction: two rows of one state and event differ in their guard, and the guarded one stands first.
  const auto table = conversation::table();
  for (auto row = table.begin(); row != table.end(); ++row) {
    for (auto other = std::next(row); other != table.end(); ++other) {
      if (row->from == other->from && row->event == other->event) {
        EXPECT_EQ(row->guard, Guard::leaving) << name_of(row->from);
        EXPECT_EQ(other->guard, Guard::always) << name_of(row->from);
      }
    }
  }
}

TEST(Conversation, LeavingBlamesTheEndUserAndNobodyElse) {
  // Whoever called finishChat is never told that the virtual agent closed the chat.
  for_the_whole_product([](const State& state, Event event) {
    const conversation::Step step = conversation::step(state, event);
    if (step.row == nullptr || event != Event::closed) {
      return;
    }
    EXPECT_EQ(step.row->ending, state.leaving ? Reason::ended_by_end_user : Reason::ended_by_virtual_agent);
  });
}

TEST(Conversation, LeavingIsTurnedOnAndOffByFinishChatAlone) {
  for_the_whole_product([](const State& state, Event event) {
    const conversation::Step step = conversation::step(state, event);
    if (step.row != nullptr && event == Event::finish_called) {
      EXPECT_TRUE(step.next.leaving);
    } else if (step.row != nullptr && event == Event::finish_refused) {
      EXPECT_FALSE(step.next.leaving);
    } else {
      EXPECT_EQ(step.next.leaving, state.leaving);
    }
  });
}

TEST(Conversation, ARefusedFinishLeavesEverythingAsItWas) {
  for (const Seen phase : {Seen::awaited, Seen::present, Seen::away}) {
    const State before{.phase = phase};
    const State called = conversation::step(before, Event::finish_called).next;
    EXPECT_NE(called, before);
    EXPECT_EQ(conversation::step(called, Event::finish_refused).next, before) << name_of(phase);
  }
}

TEST(Conversation, AVirtualAgentMayComeAndGoAsOftenAsItLikes) {
  State state;
  for (int i = 0; i < 5; ++i) {
    state = conversation::step(state, Event::joined).next;
    EXPECT_EQ(state.phase, Seen::present);
    state = conversation::step(state, Event::left).next;
    EXPECT_EQ(state.phase, Seen::away);
  }
}

TEST(Conversation, StatesAreEqualWhereBothTheirPartsAre) {
  for (const Seen phase : kPhases) {
    for (const bool leaving : {false, true}) {
      for (const Seen other_phase : kPhases) {
        for (const bool other_leaving : {false, true}) {
          const State one{.phase = phase, .leaving = leaving};
          const State other{.phase = other_phase, .leaving = other_leaving};
          EXPECT_EQ(one == other, phase == other_phase && leaving == other_leaving);
        }
      }
    }
  }
}

// What the SDK's signals stand for.

struct Meaning {
  std::string_view signal;
  std::optional<Event> of_bot;
  std::optional<Event> of_human;
};

/// Every signal that the bindings know how to send.
const std::vector<Meaning>& meanings() {
  static const auto same = [](std::string_view signal, std::optional<Event> event) {
    return Meaning{signal, event, event};
  };
  static const std::vector<Meaning> all{
      {"chat.memberJoined", Event::joined, Event::human_joined},
      {"chat.memberLeft", Event::left, std::nullopt},
      {"virtual_agent.message", Event::joined, Event::human_joined},
      same("virtual_agent.end", Event::end_said),
      same("finishChat", Event::finish_called),
      same("finishChat.failed", Event::finish_refused),
      same("finishChat.done", Event::finished),
      same("chat.ended", Event::closed),
      same("noti.chatEnded", Event::closed),
      same("chat.destroyed", Event::destroyed),
      same("client.destroyed", Event::destroyed),
      same("chat.timeout", Event::timed_out),
      same("exited", Event::exited),
      same("chat.updated", std::nullopt),
      same("chat.ongoing", std::nullopt),
      same("chat.connected", std::nullopt),
      same("chat.disconnected", std::nullopt),
      same("chat.message", std::nullopt),
      same("chat.dismissed", std::nullopt),
      same("updatePostSession", std::nullopt),
      same("noti.checkInRequired", std::nullopt),
      same("noti.escalationStarted", std::nullopt),
  };
  return all;
}

TEST(ConversationSignals, StandForAnEventWhoeverTheyAreAbout) {
  for (const Meaning& meaning : meanings()) {
    EXPECT_EQ(conversation::event_of(meaning.signal, false), meaning.of_bot) << meaning.signal;
    EXPECT_EQ(conversation::event_of(meaning.signal, true), meaning.of_human) << meaning.signal;
  }
}

TEST(ConversationSignals, CoverEveryEventButTheTimersOwn) {
  std::set<Event> told;
  for (const Meaning& meaning : meanings()) {
    for (const bool human : {false, true}) {
      if (const auto event = conversation::event_of(meaning.signal, human)) {
        told.insert(*event);
      }
    }
  }
  EXPECT_EQ(told.size(), conversation::kEvents - 1);
  EXPECT_FALSE(told.contains(Event::waited_enough));
}

TEST(ConversationSignals, AreKnownByTheirWholeNameAndExactly) {
  for (const std::string_view signal : {"",
                                        " ",
                                        "exited ",
                                        " exited",
                                        "Exited",
                                        "EXITED",
                                        "chat",
                                        "chat.",
                                        "chat.ende",
                                        "chat.ended.",
                                        "noti.chat.ended",
                                        "chatEnded",
                                        "noti.chatended",
                                        "finishchat",
                                        "finishChat.",
                                        "finishChat.done.failed",
                                        "memberJoined",
                                        "chat.memberjoined",
                                        "virtual_agent",
                                        "virtual_agent.left",
                                        "human_joined",
                                        "joined",
                                        "over",
                                        "waited_enough"}) {
    for (const bool human : {false, true}) {
      EXPECT_EQ(conversation::event_of(signal, human), std::nullopt) << signal;
    }
  }
}

TEST(ConversationSignals, WithAZeroInsideAreOthers) {
  using namespace std::string_view_literals;
  EXPECT_EQ(conversation::event_of("exited\0"sv, false), std::nullopt);
  EXPECT_EQ(conversation::event_of("exited\0x"sv, false), std::nullopt);
}

}  // namespace
}  // namespace pst::test
