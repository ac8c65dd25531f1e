#include "pst/form.hpp"

#include <algorithm>

#include "field_values.hpp"

namespace pst {

using std::string_view;

Form::Form(std::span<const DataParameter> parameters) {
  for (const DataParameter& parameter : parameters) {
    if (!parameter.is_from(Source::form)) continue;
    auto entry = std::ranges::find_if(
        entries_, [&](const Entry& one) { return one.parameter->source_field == parameter.source_field; });
    if (entry == entries_.end()) entry = entries_.insert(entries_.end(), {.parameter = &parameter});
    entry->required |= parameter.required && !parameter.value;
    entry->sensitive |= parameter.sensitive;
  }
}

bool Form::has_required() const { return std::ranges::any_of(entries_, &Entry::required); }

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

void Form::judge(Entry& entry, std::optional<json::Value> given) {
  entry.error.reset();
  if (given && given->is(json::Kind::number) && entry.parameter->input == FormInput::number) {
    set(entry, Scalar(given->number()));
  } else if (given) {
    const auto value = fields::judge(*entry.parameter, given->is(json::Kind::string) ? given->text() : string_view());
    set(entry, value.value_or(std::nullopt));
    if (!value) entry.error = value.error();
  }
  if (!entry.error && entry.required && value_of(entry) == nullptr) entry.error = MessageKey::error_required;
}

void Form::take(std::optional<json::Value> values) {
  for (Entry& entry : entries_) {
    const auto given = values ? values->find_member(entry.parameter->source_field) : std::nullopt;
    judge(entry, given || !values ? given : values->find_member(entry.parameter->field));
  }
}

void Form::take_judged(std::optional<json::Value> values, std::optional<json::Value> invalid) {
  for (Entry& entry : entries_) {
    const auto given = values ? values->find_member(entry.parameter->source_field) : std::nullopt;
    const bool is_empty = given && given->is(json::Kind::string) && given->text().empty();
    entry.error.reset();
    if (given) set(entry, is_empty ? std::nullopt : std::optional(Scalar(std::string("***"))));
    for (auto name = invalid ? invalid->first() : std::nullopt; name; name = name->next()) {
      if (!name->is(json::Kind::string) || name->text() != entry.parameter->source_field) continue;
      entry.error = MessageKey::error_required;
      if (given) set(entry, std::nullopt);
    }
  }
}

std::vector<string_view> Form::invalid() const {
  std::vector<string_view> names;
  for (const Entry& entry : entries_) {
    if (entry.error) names.emplace_back(entry.parameter->source_field);
  }
  return names;
}

void Form::restore(json::Value values, bool masked) {
  restored_ = true;
  if (masked) return take_judged(values, std::nullopt);
  take(values);
  for (Entry& entry : entries_) entry.error.reset();
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
    if (restored_ && value != nullptr && !entry.error) continue;
    const string_view label =
        parameter.label.empty() ? string_view(parameter.source_field) : string_view(parameter.label);
    fields.push_back(
        {.name = parameter.source_field,
         .label = entry.required ? std::string(label) : catalogue.filled(MessageKey::field_optional, isolated(label)),
         .hint = parameter.hint,
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
