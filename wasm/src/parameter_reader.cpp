#include "parameter_reader.hpp"

#include <algorithm>
#include <array>

#include "object_reader.hpp"
#include "pst/limits.hpp"

namespace pst {

namespace {

using std::string_view;

constexpr std::array<string_view, 12> kAllFields{"field",    "type",      "value", "source", "source_field", "default",
                                                 "required", "sensitive", "label", "hint",   "input",        "choices"};
constexpr std::array<string_view, 4> kFixedFields{"field", "type", "value", "sensitive"};
constexpr std::array<string_view, 7> kDynamicFields{"field",   "type",     "source",   "source_field",
                                                    "default", "required", "sensitive"};
constexpr std::array<string_view, 11> kFormFields{"field",     "type",  "source", "source_field", "default", "required",
                                                  "sensitive", "label", "hint",   "input",        "choices"};

constexpr std::array<string_view, 3> kScalars{"string", "number", "boolean"};

constexpr TextLimits kValueLimits{.min_characters = 0, .max_bytes = limits::kValueBytes};
constexpr TextLimits kTextLimits{.max_bytes = limits::kValueBytes};
constexpr TextLimits kLabelLimits{.max_characters = limits::kNameCharacters};

bool is_destination(string_view name) {
  constexpr std::array<string_view, 3> kPolluting{"__proto__", "constructor", "prototype"};
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto follower = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '-'; };
  return !name.empty() && name.size() <= limits::kFieldCharacters && letter(name[0]) &&
         std::ranges::all_of(name, follower) && std::ranges::find(kPolluting, name) == kPolluting.end();
}

class ParameterReader {
 public:
  ParameterReader(json::Value value, Channel channel, PassedBy passed_by, Findings& findings)
      : value_(value),
        channel_(channel),
        passed_by_(passed_by),
        findings_(&findings),
        type_(enum_at<ParameterType>("type")),
        source_(type_ == ParameterType::dynamic ? enum_at<Source>("source") : std::nullopt),
        reader_(value, fields(), findings) {}

  DataParameter read() {
    read_destination();
    (void)reader_.choice<ParameterType>("type", Presence::required);
    reader_.boolean("sensitive", parameter_.sensitive);
    parameter_.type = type_.value_or(ParameterType::fixed);
    if (type_ == ParameterType::fixed) parameter_.value = scalar("value", Presence::required);
    if (type_ == ParameterType::dynamic) read_dynamic();
    return std::move(parameter_);
  }

 private:
  template <typename Enum>
  [[nodiscard]] std::optional<Enum> enum_at(Key field) const {
    const auto text = value_.find(field, json::Kind::string);
    return text ? from_name<Enum>(text->text()) : std::nullopt;
  }

  /// Which fields belong to a parameter depends on its type and source; where these are wrong, only they are reported.
  [[nodiscard]] std::span<const string_view> fields() const {
    if (type_ == ParameterType::fixed) return kFixedFields;
    if (!type_ || !source_) return kAllFields;
    return source_ == Source::form ? std::span<const string_view>(kFormFields) : kDynamicFields;
  }

  void read_destination() {
    const auto field = reader_.find("field", json::Kind::string, Presence::required);
    if (!field) return;
    if (is_destination(field->text())) {
      parameter_.field = field->text();
    } else {
      findings_->at(*field, ErrorCode::parameter_field_invalid);
    }
  }

  void read_dynamic() {
    (void)reader_.choice<Source>("source", Presence::required);
    reader_.text("source_field", parameter_.source_field, kTextLimits, Presence::required);
    parameter_.value = scalar("default", Presence::optional);
    reader_.boolean("required", parameter_.required);
    if (!source_) return;
    parameter_.source = *source_;
    const bool asked = *source_ == Source::form || *source_ == Source::host;
    const bool misplaced = (*source_ == Source::form && channel_ == Channel::call) ||
                           (*source_ == Source::sip_headers && channel_ == Channel::chat);
    if (misplaced || (asked && passed_by_ == PassedBy::platform)) {
      findings_->at(*value_.find("source"), ErrorCode::parameter_source_unsupported);
    }
    if (parameter_.required && passed_by_ == PassedBy::platform) {
      findings_->at(*value_.find("required"), ErrorCode::parameter_source_unsupported);
    }
    if (*source_ == Source::form) read_form();
  }

  void read_form() {
    reader_.text("label", parameter_.label, kLabelLimits);
    reader_.text("hint", parameter_.hint, kTextLimits);
    if (const auto input = reader_.choice<FormInput>("input")) parameter_.input = *input;
    const bool choice = parameter_.input == FormInput::choice;
    const auto choices = reader_.find("choices", json::Kind::array, choice ? Presence::required : Presence::optional);
    if (!choices) return;
    if (!choice) {
      findings_->at(*choices, ErrorCode::field_unknown, kDynamicFields);
      return;
    }
    if (choices->count() == 0) findings_->at(*choices, ErrorCode::list_empty);
    if (choices->count() > limits::kParameters)
      findings_->exceeds(*choices, ErrorCode::list_too_long, limits::kParameters, "entries");
    for (auto item = choices->first(); item; item = item->next()) {
      if (expect_kind(*item, json::Kind::string, *findings_) && expect_length(*item, kLabelLimits, *findings_)) {
        parameter_.choices.emplace_back(item->text());
      }
    }
  }

  std::optional<Scalar> scalar(Key field, Presence presence) {
    const auto value = reader_.find(field, presence);
    if (!value) return std::nullopt;
    switch (value->kind()) {
      case json::Kind::boolean:
        return Scalar(value->boolean());
      case json::Kind::number:
        return Scalar(value->number());
      case json::Kind::string:
        if (!expect_length(*value, kValueLimits, *findings_)) return std::nullopt;
        return Scalar(std::string(value->text()));
      default:
        findings_->at(*value, ErrorCode::type_mismatch, kScalars);
        return std::nullopt;
    }
  }

  json::Value value_;
  Channel channel_;
  PassedBy passed_by_;
  Findings* findings_;
  std::optional<ParameterType> type_;
  std::optional<Source> source_;
  ObjectReader reader_;
  DataParameter parameter_;
};

}  // namespace

std::vector<DataParameter> read_parameters(json::Value list, Channel channel, PassedBy passed_by, Findings& findings) {
  std::vector<DataParameter> parameters;
  if (list.count() > limits::kParameters) {
    findings.exceeds(list, ErrorCode::list_too_long, limits::kParameters, "entries");
  }
  std::vector<json::Value> fields;
  for (auto item = list.first(); item && parameters.size() < limits::kParameters; item = item->next()) {
    if (!expect_kind(*item, json::Kind::object, findings)) continue;
    DataParameter parameter = ParameterReader(*item, channel, passed_by, findings).read();
    if (!parameter.field.empty()) fields.push_back(*item->find("field"));
    parameters.push_back(std::move(parameter));
  }
  IdIndex index;
  for (const json::Value field : fields) index.add(field.text());
  for (const std::uint32_t repeated : index.build()) findings.at(fields[repeated], ErrorCode::parameter_duplicate);
  return parameters;
}

}  // namespace pst
