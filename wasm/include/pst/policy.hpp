#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "pst/settings.hpp"

namespace pst {

/// Settings in force, and the texts that load and question them (docs/architecture.md, "The boundary"). Every call
/// appends its tagged answer to `out`.
class Policy {
 public:
  /// Reads a settings document and asks for the facts about its URLs.
  void open(std::string_view text, std::string& out);
  /// Takes the facts; the document opened last comes into force, or all its errors are told and nothing changes.
  void accept(std::string_view text, std::string& out);
  /// Decides about a session.
  void evaluate(std::string_view text, std::string& out) const;

  /// What each data parameter of the block in force would be for a session now.
  void preview(std::string_view text, std::string& out) const;

  /// What would become of sessions: one session a line in, one line of JSON a line out (of a line that is no session,
  /// its error; of a blank line, a blank line). Sensitive values are masked.
  void simulate(std::string_view lines, std::string& out) const;

  /// Null as long as no document has been accepted.
  [[nodiscard]] const std::shared_ptr<const Settings>& settings() const { return settings_; }

 private:
  std::shared_ptr<const Settings> settings_;
  std::optional<SettingsReader> opened_;
};

}  // namespace pst
