#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "pst/json.hpp"
#include "pst/json_writer.hpp"
#include "pst/names.hpp"
#include "pst/transfer.hpp"

/// What outlives a page: enough to go on, and nothing of what the session is about. The bindings keep it, and guard it
/// against damage and age.
namespace pst {

struct Saved {
  Phase phase = Phase::idle;
  transfer::Answer answer = transfer::Answer::none;
  std::string handoff_id;
  std::string decided_at;
  std::string answered_at;
  std::string accepted_at;
  std::string text_version;  ///< of the question that was answered
  std::string locale;
  std::uint8_t statuses_set = 0;
  std::optional<Reason> reason;                          ///< why the delivery stalled
  std::array<bool, transfer::kRecordSinks> recording{};  ///< records that are still to be written
  std::string form = "{}";                               ///< JSON of what was given in fields, but for sensitive ones
};

void write(json::Writer& writer, const Saved& saved);

/// Nothing if it is not what `write` writes.
std::optional<Saved> read_saved(json::Value value);

}  // namespace pst
