#include "pst/parameters.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

#include "parameter_sources.hpp"

namespace pst {

namespace {

using std::string_view;

std::optional<Scalar> given_value(std::span<const GivenValue> values, string_view key) {
  const auto given = std::ranges::find(values, key, &GivenValue::key);
  return given == values.end() ? std::nullopt : std::optional(given->value);
}

std::optional<Scalar> source_value(const DataParameter& parameter, const Session& session, const Given& given) {
  if (parameter.is_from(Source::form)) return given_value(given.form, parameter.source_field);
  if (parameter.is_from(Source::host)) return given_value(given.host, parameter.field);
  const auto item = sources::find(parameter, session);
  return item ? sources::value_of(parameter.source, *item) : std::nullopt;
}

std::optional<Scalar> value_of(const DataParameter& parameter, const Session& session, Unasked unasked,
                               const Given& given) {
  if (parameter.type == ParameterType::fixed) return parameter.value;
  if (parameter.is_from(Source::form) && unasked == Unasked::left_out) return std::nullopt;
  auto value = source_value(parameter, session, given);
  const bool not_kept = parameter.is_from(Source::host) || (parameter.is_from(Source::form) && parameter.sensitive);
  if (!value && not_kept && unasked == Unasked::not_kept) return std::nullopt;
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
                                      Unasked unasked, const Given& given) {
  ResolvedParameters resolved;
  for (const DataParameter& parameter : parameters) {
    if (auto value = sources::reserved_value(parameter, session)) {
      resolved.values.push_back({.parameter = &parameter, .value = std::move(*value)});
      resolved.reserved.push_back(&parameter);
      continue;
    }
    if (parameter.is_from(Source::form)) resolved.asks.push_back(&parameter);
    if (auto value = value_of(parameter, session, unasked, given)) {
      const auto of_host = std::ranges::find(given.host, string_view(parameter.field), &GivenValue::key);
      const bool hidden = parameter.is_from(Source::host) && of_host != given.host.end() && of_host->invisible_to_agent;
      resolved.values.push_back({.parameter = &parameter, .value = std::move(*value), .invisible_to_agent = hidden});
    } else if (parameter.is_from(Source::form) && unasked == Unasked::left_out) {
      continue;
    } else if (parameter.required) {
      resolved.missing.push_back(&parameter);
    } else {
      resolved.omitted.push_back(&parameter);
    }
  }
  return resolved;
}

bool invisible_to_agent(const DataParameter& parameter, const Session& session) {
  return sources::hides(sources::reserved_item(parameter, session)) || sources::is_hidden(parameter, session);
}

void write(json::Writer& writer, std::span<const ResolvedParameters::Entry> values, Sensitive sensitive) {
  writer.begin_object();
  for (const auto& [parameter, value, invisible] : values) {
    writer.key_text(parameter->field);
    if (parameter->sensitive && sensitive == Sensitive::masked) {
      writer.string("***");
    } else {
      write(writer, value);
    }
  }
  writer.end_object();
}

std::string label_of(const DataParameter& parameter, const Session& session) {
  if (!parameter.label.empty()) return parameter.label;
  const bool has_items = parameter.is_from(Source::unsigned_) || parameter.is_from(Source::signed_);
  const auto item = has_items ? sources::find(parameter, session) : std::nullopt;
  const auto label = item ? item->find("label", json::Kind::string) : std::nullopt;
  return label && !label->text().empty() ? std::string(label->text()) : parameter.field;
}

void write(json::Writer& writer, const Scalar& value) {
  if (const bool* flag = std::get_if<bool>(&value)) {
    writer.boolean(*flag);
  } else if (const double* number = std::get_if<double>(&value)) {
    writer.number(*number);
  } else {
    writer.string(std::get<std::string>(value));
  }
}

std::string text_of(const Scalar& value) {
  if (const bool* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const double* number = std::get_if<double>(&value)) return json::number_text(*number);
  return std::get<std::string>(value);
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
