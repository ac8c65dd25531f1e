#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "findings.hpp"
#include "pst/json.hpp"
#include "pst/names.hpp"

namespace pst {

enum class Presence : std::uint8_t { optional, required };

/// The length of a text, in characters (code points) or bytes.
struct TextLimits {
  std::size_t min_characters = 1;
  std::size_t max_characters = static_cast<std::size_t>(-1);
  std::size_t max_bytes = static_cast<std::size_t>(-1);
};

/// Reads one strict object: every member must be among `fields`, and each typed read reports what does not fit.
class ObjectReader {
 public:
  ObjectReader(json::Value object, std::span<const std::string_view> fields, Findings& findings);

  [[nodiscard]] json::Value object() const { return object_; }
  [[nodiscard]] std::optional<json::Value> find(Key field, Presence presence = Presence::optional);
  /// The member if it is there and of that kind; reports otherwise.
  [[nodiscard]] std::optional<json::Value> find(Key field, json::Kind kind, Presence presence = Presence::optional);

  void boolean(Key field, bool& into);
  void text(Key field, std::string& into, const TextLimits& limits, Presence presence = Presence::optional);

  template <typename Enum>
  std::optional<Enum> choice(Key field, Presence presence = Presence::optional) {
    const auto value = find(field, json::Kind::string, presence);
    if (!value) return std::nullopt;
    const auto chosen = from_name<Enum>(value->text());
    if (!chosen) findings_->at(*value, ErrorCode::value_invalid, names_of<Enum>());
    return chosen;
  }

 private:
  json::Value object_;
  Findings* findings_;
};

/// Whether a value is of that kind; reports where it is not.
bool expect_kind(const json::Value& value, json::Kind kind, Findings& findings);
/// Whether a text keeps its limits; reports where it does not.
bool expect_length(const json::Value& value, const TextLimits& limits, Findings& findings);

}  // namespace pst
