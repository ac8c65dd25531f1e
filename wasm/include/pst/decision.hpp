#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "pst/json_writer.hpp"
#include "pst/names.hpp"
#include "pst/session.hpp"
#include "pst/settings.hpp"

namespace pst {

/// One check that ran.
struct TraceRow {
  Check check;
  bool passed;
  std::variant<std::monostate, bool, std::string> value;  ///< what the session carried; nothing = missing
  std::string pointer;                                    ///< the setting that decided; empty = none takes part
  std::vector<std::string_view> because;  ///< signals that the value was derived from; empty = it was given
};

/// What the policy says about a session, and why.
struct Decision {
  DecisionOutcome outcome = DecisionOutcome::skip;
  Reason reason = Reason::not_configured;
  std::optional<Level> level;
  const Block* block = nullptr;         ///< settings in force, where they are on; owned by the settings
  const VirtualAgent* agent = nullptr;  ///< owned by the settings
  EndpointKind hand_off = EndpointKind::ccaip;
  bool opt_in = false;
  DataRecords data_records;
  bool endpoint_conflict = false;  ///< the platform starts its own agent although the settings name another endpoint
  std::vector<TraceRow> trace;

  /// Whether the other one says the same; the way there may differ.
  [[nodiscard]] bool same_as(const Decision& other) const;
  [[nodiscard]] bool goes_ahead() const {
    return outcome == DecisionOutcome::transfer || outcome == DecisionOutcome::ask;
  }
};

/// What the page says about itself.
struct HostFacts {
  std::optional<std::vector<std::string>> allowed_origins;  ///< nothing = not known, so not judged
  bool without_flags = false;                               ///< what the settings alone would say
  bool started_by_us = false;  ///< the platform's post-session status comes of a hand-off that is gone on with
};

/// Pure and total: the same settings, session and facts give the same decision, and every session gives one. `settings`
/// may be null: then the platform's own flags decide. The decision points into the settings, which must outlive it.
Decision evaluate(const Settings* settings, const Session& session, const HostFacts& host = {});

/// The block that a decision about the session looks at, whether it is on or off: the queue's own, or the global one of
/// the session's channel. Null for a session that is neither a chat nor a call.
const Block* block_in_force(const Settings& settings, const Session& session);

/// The decision as JSON (docs/decision.md).
void write(json::Writer& writer, const Decision& decision);
/// Its members up to `opt_in`, into an object that is open.
void write_summary(json::Writer& writer, const Decision& decision);
void write(json::Writer& writer, const DataRecords& records);

}  // namespace pst
