#include "pst/form.hpp"

#include <algorithm>

#include "field_values.hpp"

namespace pst {

using std::string_view;

Form::Form(std::span<const DataParameter* const> parameters) {
  for (const DataParameter* const asked : parameters) {
    const DataParameter& parameter = *asked;
    auto entry = std::ranges::find_if(
        entries_, [&](const Entry& one) { return one.parameter->source_field == parameter.source_field; });
    if (entry == entries_.end()) entry = entries_.insert(entries_.end(), {.parameter = &parameter});
    entry->required |= parameter.required && !parameter.value;
    entry->sensitive |= parameter.sensitive;
  }
}

bool Form::has_required() const {
  return std::ranges::any_of(entries_, [](const Entry& entry) { return entry.required && !entry.restored; });
}

bool Form::has_errors() const {
  return std::ranges::any_of(entries_, [](const Entry& entry) { return entry.error.has_value(); });
}

const Scalar* Form::value_of(const Entry& entry) const {
  const auto given = std::ranges::find(values_, entry.parameter->source_field, &GivenValue::key);
  return given == values_.end() ? nullptr : &given->value;
}

void Form::set(const Entry& entry, std::optional<Scalar> value) {
  std::erase_if(values_, [&](const GivenValue& one) { return one.key == entry.parameter->source_field; });
  if (value) values_.push_back({.key = entry.parameter->source_field, .value = std::move(*value)});
}

/// What was given for a field, by its own name; or by that of where it goes, unless another field has that name.
std::optional<json::Value> Form::find(const Entry& entry, std::optional<json::Value> values) const {
  if (!values) return std::nullopt;
  const auto given = values->find_member(entry.parameter->source_field);
  const string_view field = entry.parameter->field;
  const bool is_taken =
      std::ranges::any_of(entries_, [&](const Entry& one) { return one.parameter->source_field == field; });
  return given || is_taken ? given : values->find_member(field);
}

void Form::judge(Entry& entry, std::optional<json::Value> given) {
  entry.error.reset();
  const bool is_number = given && given->is(json::Kind::number);
  if (is_number && entry.parameter->input == FormInput::number) {
    set(entry, Scalar(given->number()));
  } else if (given) {
    const std::string text = is_number                       ? json::number_text(given->number())
                             : given->is(json::Kind::string) ? std::string(given->text())
                                                             : std::string();
    const auto value = fields::judge(*entry.parameter, text);
    set(entry, value.value_or(std::nullopt));
    if (!value) entry.error = value.error();
  }
  if (!entry.error && entry.required && value_of(entry) == nullptr) entry.error = MessageKey::error_required;
}

void Form::take(std::optional<json::Value> values) {
  for (Entry& entry : entries_) judge(entry, find(entry, values));
}

void Form::take_judged(std::optional<json::Value> values, std::optional<json::Value> invalid) {
  for (Entry& entry : entries_) {
    entry.error.reset();
    for (auto name = invalid ? invalid->first() : std::nullopt; name; name = name->next()) {
      if (name->is(json::Kind::string) && name->text() == entry.parameter->source_field)
        entry.error = MessageKey::error_required;
    }
    const auto given = find(entry, values);
    const bool is_text = given && given->is(json::Kind::string) && !given->text().empty();
    const bool is_value = is_text || (given && given->is(json::Kind::number));
    if (given) set(entry, is_value && !entry.error ? std::optional(Scalar(std::string("***"))) : std::nullopt);
  }
}

bool Form::is_restored() const { return std::ranges::any_of(entries_, &Entry::restored); }

std::vector<string_view> Form::invalid() const {
  std::vector<string_view> names;
  for (const Entry& entry : entries_) {
    if (entry.error) names.emplace_back(entry.parameter->source_field);
  }
  return names;
}

void Form::restore(json::Value values, bool masked) {
  if (masked) {
    take_judged(values, std::nullopt);
  } else {
    take(values);
  }
  for (Entry& entry : entries_) {
    entry.error.reset();
    entry.restored = value_of(entry) != nullptr;
  }
}

bool Form::needs_asking_again() const {
  return std::ranges::any_of(
      entries_, [&](const Entry& entry) { return (entry.required || entry.sensitive) && value_of(entry) == nullptr; });
}

void Form::write_kept(json::Writer& writer) const {
  writer.begin_object();
  for (const Entry& entry : entries_) {
    const Scalar* const value = value_of(entry);
    if (value == nullptr || entry.sensitive) continue;
    writer.key_text(entry.parameter->source_field);
    write(writer, *value);
  }
  writer.end_object();
}

std::vector<PromptField> Form::fields(const Catalogue& catalogue) const {
  std::vector<PromptField> fields;
  for (const Entry& entry : entries_) {
    const DataParameter& parameter = *entry.parameter;
    const Scalar* const value = value_of(entry);
    if (entry.restored && !entry.error) continue;
    const string_view label =
        parameter.label.empty() ? string_view(parameter.source_field) : string_view(parameter.label);
    fields.push_back(
        {.name = parameter.source_field,
         .label = entry.required ? on_one_line(label) : catalogue.filled(MessageKey::field_optional, isolated(label)),
         .hint = on_one_line(parameter.hint),
         .input = parameter.input,
         .required = entry.required,
         .sensitive = entry.sensitive,
         .choices = parameter.choices,
         .placeholder =
             std::string(parameter.input == FormInput::choice ? catalogue.text(MessageKey::field_choose) : ""),
         .value = value != nullptr && !entry.sensitive ? text_of(*value) : std::string(),
         .error = std::string(entry.error ? catalogue.text(*entry.error) : "")});
  }
  return fields;
}

}  // namespace pst
