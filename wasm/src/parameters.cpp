#include "pst/parameters.hpp"

#include <cmath>
#include <cstdint>
#include <optional>

#include "pst/limits.hpp"

namespace pst {

namespace {

using std::string_view;

std::optional<Scalar> scalar_of(json::Value value) {
  switch (value.kind()) {
    case json::Kind::boolean:
      return Scalar(value.boolean());
    case json::Kind::number:
      return Scalar(value.number());
    case json::Kind::string:
      return Scalar(std::string(value.text()));
    default:
      return std::nullopt;
  }
}

/// A custom data item is a plain value or `{label, value, type, invisible_to_agent}`; of the types only `date` changes
/// a value.
std::optional<Scalar> custom_value(json::Value item) {
  if (!item.is(json::Kind::object)) return scalar_of(item);
  const auto value = item.find("value");
  if (!value) return std::nullopt;
  const auto type = item.find("type", json::Kind::string);
  if (type && type->text() == "date" && value->is(json::Kind::number)) {
    if (std::fabs(value->number()) > limits::kDateMs) return std::nullopt;
    return Scalar(iso_text(value->number()));
  }
  return scalar_of(*value);
}

std::optional<Scalar> metadata_value(const Session& session, string_view path) {
  std::optional<json::Value> value = session.root();
  bool top = true;
  while (value) {
    const std::size_t dot = path.find('.');
    const string_view name = path.substr(0, dot);
    if (top && (name == "custom_data" || name == "session_variables")) return std::nullopt;
    top = false;
    value = value->find_member(name);
    if (dot == string_view::npos) break;
    path.remove_prefix(dot + 1);
  }
  return value ? scalar_of(*value) : std::nullopt;
}

std::optional<Scalar> member_value(std::optional<json::Value> object, string_view key) {
  const auto item = object ? object->find_member(key) : std::nullopt;
  return item ? custom_value(*item) : std::nullopt;
}

std::optional<Scalar> source_value(const DataParameter& parameter, const Session& session) {
  const json::Value root = session.root();
  const auto custom = root.find("custom_data");
  switch (parameter.source) {
    case Source::ujet_metadata:
      return metadata_value(session, parameter.source_field);
    case Source::unsigned_:
      return member_value(custom ? custom->find("unsigned") : std::nullopt, parameter.source_field);
    case Source::signed_:
      return member_value(custom ? custom->find("signed") : std::nullopt, parameter.source_field);
    case Source::session_variables:
      return member_value(root.find("session_variables"), parameter.source_field);
    case Source::sip_headers:
      return member_value(root.find("sip_headers"), parameter.source_field);
    case Source::form:
    case Source::host:
      return std::nullopt;
  }
  return std::nullopt;
}

bool is_from(const DataParameter& parameter, Source source) {
  return parameter.type == ParameterType::dynamic && parameter.source == source;
}

std::optional<Scalar> value_of(const DataParameter& parameter, const Session& session, Unasked unasked) {
  if (parameter.type == ParameterType::fixed) return parameter.value;
  if (is_from(parameter, Source::form) && unasked == Unasked::left_out) return std::nullopt;
  auto value = source_value(parameter, session);
  return value ? value : parameter.value;
}

void append_padded(std::string& text, std::int64_t value, std::size_t width, char after) {
  const std::string digits = std::to_string(value);
  text.append(width - digits.size(), '0');
  text += digits;
  text += after;
}

}  // namespace

ResolvedParameters resolve_parameters(std::span<const DataParameter> parameters, const Session& session,
                                      Unasked unasked) {
  ResolvedParameters resolved;
  for (const DataParameter& parameter : parameters) {
    if (is_from(parameter, Source::form)) resolved.asks.push_back(&parameter);
    if (auto value = value_of(parameter, session, unasked)) {
      resolved.values.push_back({.parameter = &parameter, .value = std::move(*value)});
    } else if (is_from(parameter, Source::form) && unasked == Unasked::left_out) {
      continue;
    } else if (parameter.required) {
      resolved.missing.push_back(&parameter);
    } else {
      resolved.omitted.push_back(&parameter);
    }
  }
  return resolved;
}

void write(json::Writer& writer, std::span<const ResolvedParameters::Entry> values, Sensitive sensitive) {
  writer.begin_object();
  for (const auto& [parameter, value] : values) {
    writer.key_text(parameter->field);
    if (parameter->sensitive && sensitive == Sensitive::masked) {
      writer.string("***");
    } else if (const bool* flag = std::get_if<bool>(&value)) {
      writer.boolean(*flag);
    } else if (const double* number = std::get_if<double>(&value)) {
      writer.number(*number);
    } else {
      writer.string(std::get<std::string>(value));
    }
  }
  writer.end_object();
}

std::string iso_text(double milliseconds) {
  constexpr std::int64_t kDayMs = 86'400'000;
  // Date truncates a fraction towards zero.
  const auto time = static_cast<std::int64_t>(std::trunc(milliseconds));
  std::int64_t days = time / kDayMs;
  std::int64_t rest = time % kDayMs;
  if (rest < 0) {
    rest += kDayMs;
    --days;
  }
  // Days since the epoch to a date of the proleptic Gregorian calendar, counting years from 1 March (Howard Hinnant's
  // civil_from_days).
  const std::int64_t shifted = days + 719'468;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
  const std::int64_t day_of_era = shifted - era * 146'097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_index = (5 * day_of_year + 2) / 153;
  const std::int64_t day = day_of_year - (153 * month_index + 2) / 5 + 1;
  const std::int64_t month = month_index < 10 ? month_index + 3 : month_index - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);

  std::string text;
  const bool plain = year >= 0 && year <= 9999;
  if (!plain) text += year < 0 ? '-' : '+';
  append_padded(text, year < 0 ? -year : year, plain ? 4 : 6, '-');
  append_padded(text, month, 2, '-');
  append_padded(text, day, 2, 'T');
  append_padded(text, rest / 3'600'000, 2, ':');
  append_padded(text, rest / 60'000 % 60, 2, ':');
  append_padded(text, rest / 1'000 % 60, 2, '.');
  append_padded(text, rest % 1'000, 3, 'Z');
  return text;
}

}  // namespace pst
