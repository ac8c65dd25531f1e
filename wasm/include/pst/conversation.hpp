#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "pst/names.hpp"

/// The machine of the conversation with the virtual agent, where it goes on in the same chat: whether somebody is
/// there, and who ended it. No event of the SDK says so; it follows from all of them.
namespace pst::conversation {

enum class Event : std::uint8_t {
  joined,  ///< a virtual agent has come, or says something
  left,
  end_said,      ///< the virtual agent's own `action: "end"`
  human_joined,  ///< a human agent has come
  finish_called,
  finish_refused,
  finished,   ///< the end user's finishChat has been taken
  closed,     ///< `chat.ended`, or the notice of it
  destroyed,  ///< the chat is gone from the client
  timed_out,
  exited,  ///< the end user has left the screen
  waited_enough,
};
inline constexpr std::size_t kEvents = static_cast<std::size_t>(Event::waited_enough) + 1;

enum class Guard : std::uint8_t {
  always,
  leaving,  ///< the end user has called finishChat
};

/// A small, finite value.
struct State {
  ConversationState phase = ConversationState::awaited;
  bool leaving = false;

  /// Nobody is there: bounded in time.
  [[nodiscard]] bool waits() const { return phase == ConversationState::awaited || phase == ConversationState::away; }
  bool operator==(const State&) const = default;
};

struct Row {
  ConversationState from;
  Event event;
  Guard guard;
  ConversationState to;
  std::optional<Reason> ending;  ///< exactly for rows into `over`
};

std::span<const Row> table();

struct Step {
  State next;
  const Row* row = nullptr;  ///< null = no row fits: nothing happens
};
Step step(const State& state, Event event);

/// The event that a signal of the SDK stands for; nothing for signals that say nothing here. `human`: whether the
/// member that it is about is a human agent.
std::optional<Event> event_of(std::string_view signal, bool human);

}  // namespace pst::conversation
