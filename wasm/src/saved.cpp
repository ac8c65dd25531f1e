#include "pst/saved.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace pst {

namespace {

using std::string_view;
using transfer::Answer;

/// In the order of transfer::Answer.
constexpr std::array<string_view, 4> kAnswers{"none", "not_asked", "yes", "no"};

std::optional<Answer> answer_of(string_view text) {
  const auto* const name = std::ranges::find(kAnswers, text);
  return name == kAnswers.end() ? std::nullopt : std::optional(static_cast<Answer>(name - kAnswers.begin()));
}

}  // namespace

void write(json::Writer& writer, const Saved& saved) {
  writer.begin_object();
  writer.key("phase").name(saved.phase);
  writer.key("answer").string(kAnswers[static_cast<std::size_t>(saved.answer)]);
  writer.key("handoff_id").string(saved.handoff_id);
  writer.key("decided_at").string(saved.decided_at);
  writer.key("answered_at").string(saved.answered_at);
  writer.key("accepted_at").string(saved.accepted_at);
  writer.key("text_version").string(saved.text_version);
  writer.key("locale").string(saved.locale);
  writer.key("statuses_set").number(saved.statuses_set);
  writer.key("reason").name_or_null(saved.reason);
  writer.key("recording").begin_array();
  for (const bool one : saved.recording) writer.boolean(one);
  writer.end_array();
  writer.key("form").raw(saved.form);
  writer.end_object();
}

std::optional<Saved> read_saved(json::Value value) {
  const auto text = [&](Key field) {
    const auto member = value.find(field, json::Kind::string);
    return std::string(member ? member->text() : string_view());
  };
  const auto phase = from_name<Phase>(text("phase"));
  const auto answer = answer_of(text("answer"));
  if (!phase || *phase == Phase::idle || !answer) return std::nullopt;
  std::array<bool, transfer::kRecordSinks> recording{};
  auto one = value.find("recording", json::Kind::array).and_then(&json::Value::first);
  for (bool& is_due : recording) {
    is_due = one && one->is(json::Kind::boolean) && one->boolean();
    if (one) one = one->next();
  }
  // After the end, and after a No, nothing but records may still be due.
  const bool is_over = *phase == Phase::done || *answer == Answer::no;
  if (is_over && (*phase != Phase::done || !std::ranges::contains(recording, true))) return std::nullopt;
  std::string form;
  if (const auto values = value.find("form", json::Kind::object)) json::Writer(form).value(*values);
  const auto statuses = value.find("statuses_set", json::Kind::number);
  return Saved{.phase = *phase,
               .answer = *answer,
               .handoff_id = text("handoff_id"),
               .decided_at = text("decided_at"),
               .answered_at = text("answered_at"),
               .accepted_at = text("accepted_at"),
               .text_version = text("text_version"),
               .locale = text("locale"),
               .statuses_set = static_cast<std::uint8_t>(statuses ? std::clamp(statuses->number(), 0.0, 255.0) : 0.0),
               .reason = from_name<Reason>(text("reason")),
               .recording = recording,
               .form = form.empty() ? "{}" : std::move(form)};
}

}  // namespace pst
