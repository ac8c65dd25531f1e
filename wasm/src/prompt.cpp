#include "pst/prompt.hpp"

#include <array>

#include "utf8.hpp"

namespace pst {

namespace {

using std::string_view;

struct Wording {
  string_view title;
  string_view body;  ///< {0} = the virtual agent's name
};

/// English, the catalogue that is built in. A change of wording is a change of `kVersion`.
constexpr TextVersion kVersion{.version = "en-1", .locale = "en", .direction = "ltr"};

constexpr std::array<Wording, kNames<PromptKind>.size()> kWordings{{
    {"Your chat has ended", "Would you like to continue with {0}? It is a virtual agent, not a person."},
    {"One moment", "We are connecting you to {0}."},
    {"You are offline", "We will connect you to {0} as soon as you are back online."},
    {"We could not connect you", ""},
    {"You are connected", "You are now talking to {0}, a virtual agent."},
    {"We could not connect you", ""},
    {"All right", "Your chat is over. Nothing was passed on."},
    {"This question has closed", "Your chat is over. Nothing was passed on."},
}};

constexpr std::array<string_view, kNames<ActionName>.size()> kLabels{"Yes", "No", "Try again", "Not now"};

constexpr string_view kUnnamed = "a virtual agent";

/// Why it did not work, in words for the person: never a status code.
string_view failure_text(std::optional<Reason> reason) {
  switch (reason.value_or(Reason::network_or_cors)) {
    case Reason::network_or_cors:
      return "{0} could not be reached. Your connection may be down.";
    case Reason::attempt_timeout:
    case Reason::request_timeout:
      return "{0} did not answer in time.";
    case Reason::server_error:
      return "{0} is having a problem at the moment.";
    case Reason::rate_limited:
      return "{0} is very busy at the moment.";
    case Reason::outcome_unknown:
      return "The connection broke, and we cannot tell whether {0} was reached.";
    default:
      return "{0} is not available. There is nothing more you need to do.";
  }
}

/// Line breaks and other controls, and the marks that override or isolate direction.
constexpr bool breaks_text(std::uint32_t c) {
  const bool control = c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029;
  const bool direction =
      c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  return control || direction;
}

/// The name on one line between U+2068 FIRST STRONG ISOLATE and U+2069 POP DIRECTIONAL ISOLATE.
std::string isolated(string_view name) {
  std::string text = "\u2068";
  for (std::size_t i = 0; i < name.size();) {
    const auto [value, size] = utf8::code_point_at(name, i);
    if (breaks_text(value)) {
      text += ' ';
    } else {
      text += name.substr(i, size);
    }
    i += size;
  }
  return text + "\u2069";
}

std::string filled(string_view pattern, const std::string& name) {
  std::string text(pattern);
  if (const std::size_t at = text.find("{0}"); at != std::string::npos) text.replace(at, 3, name);
  return text;
}

}  // namespace

TextVersion text_version() { return kVersion; }

Prompt make_prompt(PromptKind kind, string_view agent_name, std::optional<Reason> reason) {
  const Wording& wording = kWordings[static_cast<std::size_t>(kind)];
  const std::string name = agent_name.empty() ? std::string(kUnnamed) : isolated(agent_name);
  const bool failure = kind == PromptKind::stalled || kind == PromptKind::failed;
  Prompt prompt{.kind = kind,
                .title = std::string(wording.title),
                .body = filled(failure ? failure_text(reason) : wording.body, name),
                .actions = {},
                .focus = std::nullopt,
                .busy = kind == PromptKind::connecting || kind == PromptKind::waiting_online,
                .reason = failure ? reason : std::nullopt};
  if (kind == PromptKind::opt_in) prompt.actions = {ActionName::yes, ActionName::no};
  if (kind == PromptKind::stalled) prompt.actions = {ActionName::try_again, ActionName::not_now};
  return prompt;
}

void write(json::Writer& writer, const Prompt& prompt) {
  writer.begin_object();
  writer.key("kind").name(prompt.kind);
  writer.key("title").string(prompt.title);
  writer.key("body").string(prompt.body);
  writer.key("fields").begin_array().end_array();
  writer.key("actions").begin_array();
  for (const ActionName action : prompt.actions) {
    writer.begin_object();
    writer.key("action").name(action);
    writer.key("label").string(kLabels[static_cast<std::size_t>(action)]);
    writer.end_object();
  }
  writer.end_array();
  writer.key("announce").begin_object();
  writer.key("seq").number(prompt.seq);
  writer.key("text").string(prompt.title + ". " + prompt.body);
  writer.end_object();
  writer.key("focus").string(prompt.focus ? name_of(*prompt.focus) : "none");
  writer.key("busy").boolean(prompt.busy);
  writer.key("lang").string(kVersion.locale);
  writer.key("dir").string(kVersion.direction);
  writer.key("reason").name_or_null(prompt.reason);
  writer.end_object();
}

}  // namespace pst
