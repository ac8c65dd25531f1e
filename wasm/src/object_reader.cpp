#include "object_reader.hpp"

#include <algorithm>
#include <array>

#include "utf8.hpp"

namespace pst {

namespace {

constexpr std::array<std::string_view, 6> kKindNames{"null", "boolean", "number", "string", "list", "object"};
constexpr std::array<std::string_view, 1> kSomeText{"text that is not empty"};

}  // namespace

bool expect_kind(const json::Value& value, json::Kind kind, Findings& findings) {
  if (value.is(kind)) return true;
  findings.at(value, ErrorCode::type_mismatch, Expected(kKindNames).subspan(static_cast<std::size_t>(kind), 1));
  return false;
}

bool expect_length(const json::Value& value, const TextLimits& limits, Findings& findings) {
  const std::size_t characters = utf8::count_characters(value.text());
  if (characters < limits.min_characters) {
    findings.at(value, ErrorCode::value_invalid, kSomeText);
    return false;
  }
  if (characters > limits.max_characters) {
    findings.exceeds(value, ErrorCode::value_too_long, limits.max_characters, "characters");
    return false;
  }
  if (value.text().size() > limits.max_bytes) {
    findings.exceeds(value, ErrorCode::value_too_long, limits.max_bytes, "bytes");
    return false;
  }
  return true;
}

ObjectReader::ObjectReader(json::Value object, std::span<const std::string_view> fields, Findings& findings)
    : object_(object), findings_(&findings) {
  for (auto member = object.first(); member; member = member->next()) {
    if (std::ranges::find(fields, member->key()) == fields.end()) {
      findings.at(*member, ErrorCode::field_unknown, fields);
    }
  }
}

std::optional<json::Value> ObjectReader::find(Key field, Presence presence) {
  auto member = object_.find(field);
  if (!member && presence == Presence::required) findings_->missing(object_, field);
  return member;
}

std::optional<json::Value> ObjectReader::find(Key field, json::Kind kind, Presence presence) {
  const auto member = find(field, presence);
  return member && expect_kind(*member, kind, *findings_) ? member : std::nullopt;
}

void ObjectReader::boolean(Key field, bool& into) {
  if (const auto member = find(field, json::Kind::boolean)) into = member->boolean();
}

void ObjectReader::text(Key field, std::string& into, const TextLimits& limits, Presence presence) {
  const auto member = find(field, json::Kind::string, presence);
  if (member && expect_length(*member, limits, *findings_)) into = member->text();
}

}  // namespace pst
