#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pst/catalogue.hpp"
#include "pst/json_writer.hpp"
#include "pst/names.hpp"

namespace pst {

/// A data parameter that is asked of the consumer.
struct PromptField {
  std::string name;  ///< its key in the values of an answer
  std::string label;
  std::string hint;
  FormInput input = FormInput::text;
  bool required = false;
  bool sensitive = false;
  std::vector<std::string> choices;
  std::string placeholder;
  std::string value;
  std::string error;
};

struct PromptAction {
  ActionName action;
  std::string label;
};

/// One line of what would leave the page.
struct SharedItem {
  std::string label;
  std::string value;
};

/// To another page. It leads to an origin that the host has allowed.
struct PromptLink {
  std::string url;
  std::string label;
};

/// What is on screen, as one flat value: the bindings draw it, headless hosts read it.
struct Prompt {
  PromptKind kind;
  std::string title;
  std::string body;
  std::string note;
  std::vector<PromptField> fields;
  std::string shared_title;
  std::vector<SharedItem> shared;     ///< empty = there is no disclosure
  std::vector<std::string> messages;  ///< what the virtual agent says right away
  std::optional<PromptLink> link;     ///< where it answers
  std::vector<PromptAction> actions;
  std::string announcement;
  std::uint32_t seq = 0;            ///< of the announcement: one that has been spoken is not spoken again
  std::string_view focus = "none";  ///< "none", "title", "invalid" or an action's name
  bool busy = false;
  std::string lang;
  std::string dir;
  std::optional<Reason> reason;  ///< why, for `stalled` and `failed`

  void add_action(const Catalogue& catalogue, ActionName action);
};

/// `agent_name` is hostile: it is shown on one line, and its direction marks cannot reach beyond it.
Prompt make_prompt(const Catalogue& catalogue, PromptKind kind, std::string_view agent_name,
                   std::optional<Reason> reason);

void write(json::Writer& writer, const Prompt& prompt);

/// A hostile text without line breaks, other controls and marks of direction.
std::string on_one_line(std::string_view hostile);
/// The same between U+2068 FIRST STRONG ISOLATE and U+2069 POP DIRECTIONAL ISOLATE, to stand within another text.
std::string isolated(std::string_view hostile);
/// The same, and of a long text so many characters as people see them.
std::string shown(std::string_view hostile, std::size_t characters);

}  // namespace pst
