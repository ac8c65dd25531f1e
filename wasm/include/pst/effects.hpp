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

struct Emit {
  HostEvent event;
  std::string data;  ///< JSON
};
struct ShowPrompt {
  std::optional<Prompt> prompt;  ///< nothing = take it off the screen
};
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
struct Abort {
  DeliveryName delivery;
};
struct StartTimer {
  TimerName timer;
  std::uint32_t ms;
  std::uint32_t jitter_ms = 0;
};
struct StopTimer {
  TimerName timer;
};

using Effect = std::variant<Emit, ShowPrompt, Send, Abort, StartTimer, StopTimer>;

void write(json::Writer& writer, const Effect& effect);

}  // namespace pst
