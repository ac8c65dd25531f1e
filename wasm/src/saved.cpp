#include "pst/saved.hpp"

#include <algorithm>
#include <array>
#include <string_view>

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
  writer.key("text_version").string(saved.text_version);
  writer.key("locale").string(saved.locale);
  writer.key("statuses_set").number(saved.statuses_set);
  writer.key("reason").name_or_null(saved.reason);
  writer.end_object();
}

std::optional<Saved> read_saved(json::Value value) {
  const auto text = [&](Key field) {
    const auto member = value.find(field, json::Kind::string);
    return std::string(member ? member->text() : string_view());
  };
  const auto phase = from_name<Phase>(text("phase"));
  const auto answer = answer_of(text("answer"));
  if (!phase || *phase == Phase::idle || *phase == Phase::done || !answer || *answer == Answer::no) return std::nullopt;
  const auto statuses = value.find("statuses_set", json::Kind::number);
  return Saved{.phase = *phase,
               .answer = *answer,
               .handoff_id = text("handoff_id"),
               .decided_at = text("decided_at"),
               .answered_at = text("answered_at"),
               .text_version = text("text_version"),
               .locale = text("locale"),
               .statuses_set = static_cast<std::uint8_t>(statuses ? std::clamp(statuses->number(), 0.0, 255.0) : 0.0),
               .reason = from_name<Reason>(text("reason"))};
}

}  // namespace pst
