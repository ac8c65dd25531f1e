#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "pst/json_writer.hpp"
#include "pst/names.hpp"
#include "pst/prompt.hpp"

/// Effects: what the bindings are asked to do, as data (docs/architecture.md).
namespace pst {

/// Keep what outlives the page, before anything else is done.
struct Persist {
  std::string state;  ///< JSON of Saved; empty = the session is done with, and nothing but that is kept
  bool connected;     ///< a virtual agent has taken the session
};
struct Emit {
  HostEvent event;
  std::string data;  ///< JSON
};
struct ShowPrompt {
  std::optional<Prompt> prompt;  ///< nothing = take it off the screen
};
/// Ask the host for parameters; each is answered by a `provided` event.
struct Provide {
  struct Parameter {
    std::string field;
    std::string source_field;
  };
  std::vector<Parameter> parameters;
};
/// What has not been given by now is not waited for.
struct StopProviding {};
struct Send {
  DeliveryName delivery;
  std::uint8_t attempt;
  std::string url;
  std::string origin;
  std::string idempotency_key;
  std::string traceparent;
  std::string body;
  bool reauthorize;  ///< the last answer was 401
};
/// Hand a record to the host's function.
struct WriteRecord {
  DeliveryName delivery;
  std::uint8_t attempt;
  std::string body;  ///< JSON
};
/// Through the SDK: client.updatePostSession(status, opt_in).
struct UpdatePostSession {
  DeliveryName delivery;
  std::uint8_t attempt;  ///< 0 = nobody waits for the answer
  std::string status;
  std::optional<bool> opt_in;        ///< nothing = nobody was asked, and the argument is left out
  std::vector<std::string> reached;  ///< statuses that make the call needless when the chat has one of them already
};
/// The stock widget may have hidden itself when the chat ended: the virtual agent talks in it.
struct ShowWidget {};
struct Abort {
  DeliveryName delivery;
};
struct StartTimer {
  TimerName timer;
  std::uint32_t ms;
  std::uint32_t jitter_ms = 0;
  DeliveryName delivery = DeliveryName::handoff;  ///< which one's, for the timers of a delivery
};
struct StopTimer {
  TimerName timer;
  DeliveryName delivery = DeliveryName::handoff;
};

using Effect = std::variant<Persist, Emit, ShowPrompt, Provide, StopProviding, Send, WriteRecord, UpdatePostSession,
                            ShowWidget, Abort, StartTimer, StopTimer>;

void write(json::Writer& writer, const Effect& effect);

}  // namespace pst
