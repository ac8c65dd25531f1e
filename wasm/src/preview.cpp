#include "pst/preview.hpp"

#include <optional>
#include <span>
#include <utility>

#include "parameter_sources.hpp"
#include "pst/decision.hpp"
#include "pst/names.hpp"
#include "pst/parameters.hpp"

namespace pst {

namespace {

/// Where the value comes from, what it is, and why it comes from there.
struct Shown {
  std::optional<Scalar> value;
  std::optional<PreviewFrom> from;
  std::optional<PreviewReason> reason;
};

/// Why what was found is no value.
PreviewReason why_no_value(json::Value found, Source source) {
  if (source != Source::ujet_metadata) {
    // An item without a value is an object like any other.
    if (const auto value = found.find("value")) found = *value;
  }
  switch (found.kind()) {
    case json::Kind::null:
      return PreviewReason::is_null;
    case json::Kind::number:
      return PreviewReason::date_out_of_range;
    default:
      return PreviewReason::not_a_value;
  }
}

Shown defaulted(const DataParameter& parameter, PreviewReason reason) {
  return {.value = parameter.value,
          .from = parameter.value ? std::optional(PreviewFrom::default_) : std::nullopt,
          .reason = reason};
}

Shown shown(const DataParameter& parameter, const Session& session) {
  if (auto value = sources::reserved_value(parameter, session))
    return {.value = std::move(value), .from = PreviewFrom::source, .reason = PreviewReason::reserved};
  if (parameter.type == ParameterType::fixed)
    return {.value = parameter.value, .from = PreviewFrom::fixed, .reason = std::nullopt};
  if (parameter.source == Source::form) return defaulted(parameter, PreviewReason::asked_of_consumer);
  if (parameter.source == Source::host) return defaulted(parameter, PreviewReason::asked_of_page);
  const auto found = sources::find(parameter, session);
  if (!found) return defaulted(parameter, PreviewReason::not_found);
  if (auto value = sources::value_of(parameter.source, *found))
    return {.value = std::move(value), .from = PreviewFrom::source, .reason = std::nullopt};
  return defaulted(parameter, why_no_value(*found, parameter.source));
}

void write_value(json::Writer& writer, const DataParameter& parameter, const std::optional<Scalar>& value) {
  if (!value) {
    writer.null();
  } else if (parameter.sensitive) {
    writer.string("***");
  } else {
    write(writer, *value);
  }
}

void write_row(json::Writer& writer, const DataParameter& parameter, const Session& session) {
  const bool dynamic = parameter.type == ParameterType::dynamic;
  const auto if_there = [](const std::string& text) {
    return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
  };
  const Shown row = shown(parameter, session);
  writer.begin_object();
  writer.key("field").string(parameter.field);
  writer.key("type").name(parameter.type);
  writer.key("source").name_or_null(dynamic ? std::optional(parameter.source) : std::nullopt);
  writer.key("source_field").string_or_null(if_there(parameter.source_field));
  writer.key("label").string_or_null(if_there(parameter.label));
  writer.key("required").boolean(parameter.required);
  writer.key("sensitive").boolean(parameter.sensitive);
  writer.key("value");
  write_value(writer, parameter, row.value);
  writer.key("from").name_or_null(row.from);
  writer.key("reason").name_or_null(row.reason);
  writer.end_object();
}

/// Whether the platform passes its own parameters: its flag says so, or the block's agent does.
bool passed_by_platform(const Settings& settings, const Block& block, const Session& session) {
  if (session.text("channel") == name_of(Channel::chat) && session.post_session("required") == true) return true;
  return block.agent && settings.agents[*block.agent].endpoint.kind == EndpointKind::ccaip;
}

std::span<const DataParameter> parameters_shown(const Settings* settings, const Session& session) {
  const Block* const block = settings != nullptr ? block_in_force(*settings, session) : nullptr;
  if (block == nullptr || passed_by_platform(*settings, *block, session)) return {};
  return block->parameters_in_force();
}

}  // namespace

void write_preview(json::Writer& writer, const Settings* settings, const Session& session) {
  writer.begin_array();
  for (const DataParameter& parameter : parameters_shown(settings, session)) write_row(writer, parameter, session);
  writer.end_array();
}

}  // namespace pst
