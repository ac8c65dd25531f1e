#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pst/json_writer.hpp"
#include "pst/names.hpp"

namespace pst {

/// What is on screen, as one flat value: the bindings draw it, headless hosts read it.
struct Prompt {
  PromptKind kind;
  std::string title;
  std::string body;
  std::vector<ActionName> actions;
  std::optional<ActionName> focus;
  bool busy = false;
  std::optional<Reason> reason;  ///< why, for `stalled` and `failed`
  std::uint32_t seq = 0;         ///< of the announcement: one that has been spoken is not spoken again
};

/// Which wording a consumer saw; goes on record with the answer.
struct TextVersion {
  std::string_view version;
  std::string_view locale;
  std::string_view direction;
};
TextVersion text_version();

/// `agent_name` is hostile: it is shown on one line, and its direction marks cannot reach beyond it.
Prompt make_prompt(PromptKind kind, std::string_view agent_name, std::optional<Reason> reason);

void write(json::Writer& writer, const Prompt& prompt);

}  // namespace pst
