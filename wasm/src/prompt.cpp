#include "pst/prompt.hpp"

#include <array>

#include "readable_text.hpp"
#include "utf8.hpp"

namespace pst {

namespace {

using std::string_view;
using enum MessageKey;

struct Wording {
  MessageKey title;
  MessageKey body;
};

/// In the order of PromptKind. Why something failed is said by `failure_text`.
constexpr std::array<Wording, kNames<PromptKind>.size()> kWordings{{
    {opt_in_title, opt_in_body},
    {form_title, form_body},
    {connecting_title, connecting_body},
    {waiting_online_title, waiting_online_body},
    {failed_title, reason_network},
    {connected_title, connected_body},
    {failed_title, reason_final},
    {declined_title, declined_body},
    {expired_title, expired_body},
}};

/// In the order of ActionName.
constexpr std::array<MessageKey, kNames<ActionName>.size()> kLabels{yes, no, try_again, not_now, continue_, more_time};

/// Why it did not work, in words for the person: never a status code.
MessageKey failure_text(std::optional<Reason> reason) {
  switch (reason.value_or(Reason::network_or_cors)) {
    case Reason::network_or_cors:
      return reason_network;
    case Reason::attempt_timeout:
    case Reason::request_timeout:
      return reason_timeout;
    case Reason::server_error:
    case Reason::sdk_rejected:
    case Reason::authorize_failed:
      return reason_server;
    case Reason::rate_limited:
      return reason_busy;
    case Reason::outcome_unknown:
      return reason_unknown;
    case Reason::too_many_tries:
      return reason_wait;
    default:
      return reason_final;
  }
}

/// Line breaks and other controls, and the marks that override or isolate direction.
constexpr bool breaks_text(std::uint32_t c) {
  const bool control = c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029;
  const bool direction =
      c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  return control || direction;
}

void write(json::Writer& writer, const PromptField& field) {
  writer.begin_object();
  writer.key("name").string(field.name);
  writer.key("label").string(field.label);
  writer.key("hint").string(field.hint);
  writer.key("input").name(field.input);
  writer.key("required").boolean(field.required);
  writer.key("choices").begin_array();
  for (const std::string& choice : field.choices) writer.string(choice);
  writer.end_array();
  writer.key("placeholder").string(field.placeholder);
  writer.key("value").string(field.value);
  writer.key("sensitive").boolean(field.sensitive);
  writer.key("error").string(field.error);
  writer.end_object();
}

void write_shared(json::Writer& writer, const Prompt& prompt) {
  if (prompt.shared.empty()) {
    writer.null();
    return;
  }
  writer.begin_object();
  writer.key("title").string(prompt.shared_title);
  writer.key("items").begin_array();
  for (const auto& [label, value] : prompt.shared) {
    writer.begin_object();
    writer.key("label").string(label);
    writer.key("value").string(value);
    writer.end_object();
  }
  writer.end_array();
  writer.end_object();
}

void write_link(json::Writer& writer, const std::optional<PromptLink>& link) {
  if (!link) {
    writer.null();
    return;
  }
  writer.begin_object();
  writer.key("url").string(link->url);
  writer.key("label").string(link->label);
  writer.end_object();
}

}  // namespace

std::string on_one_line(string_view hostile) {
  std::string text;
  for (std::size_t i = 0; i < hostile.size();) {
    const auto [value, size] = utf8::code_point_at(hostile, i);
    if (breaks_text(value)) {
      text += ' ';
    } else {
      text += hostile.substr(i, size);
    }
    i += size;
  }
  return text;
}

std::string shown(string_view hostile, std::size_t characters) {
  const string_view beginning = first_characters(hostile, characters);
  return isolated(beginning) + (beginning.size() < hostile.size() ? "…" : "");
}

std::string isolated(string_view hostile) { return "\u2068" + on_one_line(hostile) + "\u2069"; }

void Prompt::add_action(const Catalogue& catalogue, ActionName action) {
  actions.push_back(
      {.action = action, .label = std::string(catalogue.text(kLabels[static_cast<std::size_t>(action)]))});
}

Prompt make_prompt(const Catalogue& catalogue, PromptKind kind, string_view agent_name, std::optional<Reason> reason) {
  const auto [title, body] = kWordings[static_cast<std::size_t>(kind)];
  const std::string name = agent_name.empty() ? std::string(catalogue.text(unnamed)) : isolated(agent_name);
  const bool failure = kind == PromptKind::stalled || kind == PromptKind::failed;
  Prompt prompt{.kind = kind,
                .title = std::string(catalogue.text(title)),
                .body = catalogue.filled(failure ? failure_text(reason) : body, name),
                .busy = kind == PromptKind::connecting || kind == PromptKind::waiting_online,
                .lang = catalogue.locale,
                .dir = catalogue.direction,
                .reason = failure ? reason : std::nullopt};
  if (kind == PromptKind::opt_in) {
    prompt.add_action(catalogue, ActionName::yes);
    prompt.add_action(catalogue, ActionName::no);
  }
  if (kind == PromptKind::stalled) {
    prompt.add_action(catalogue, ActionName::try_again);
    prompt.add_action(catalogue, ActionName::not_now);
  }
  prompt.announcement = prompt.body.empty() ? prompt.title : catalogue.filled(announce, prompt.title, prompt.body);
  return prompt;
}

void write(json::Writer& writer, const Prompt& prompt) {
  writer.begin_object();
  writer.key("kind").name(prompt.kind);
  writer.key("title").string(prompt.title);
  writer.key("body").string(prompt.body);
  writer.key("note").string(prompt.note);
  writer.key("fields").begin_array();
  for (const PromptField& field : prompt.fields) write(writer, field);
  writer.end_array();
  writer.key("shared");
  write_shared(writer, prompt);
  writer.key("messages").begin_array();
  for (const std::string& message : prompt.messages) writer.string(message);
  writer.end_array();
  writer.key("link");
  write_link(writer, prompt.link);
  writer.key("actions").begin_array();
  for (const auto& [action, label] : prompt.actions) {
    writer.begin_object();
    writer.key("action").name(action);
    writer.key("label").string(label);
    writer.end_object();
  }
  writer.end_array();
  writer.key("announce").begin_object();
  writer.key("seq").number(prompt.seq);
  writer.key("text").string(prompt.announcement);
  writer.end_object();
  writer.key("focus").string(prompt.focus);
  writer.key("busy").boolean(prompt.busy);
  writer.key("lang").string(prompt.lang);
  writer.key("dir").string(prompt.dir);
  writer.key("reason").name_or_null(prompt.reason);
  writer.end_object();
}

}  // namespace pst
