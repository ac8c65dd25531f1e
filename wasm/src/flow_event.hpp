#pragma once

#include <optional>
#include <string_view>

#include "pst/flow.hpp"

namespace pst {

/// An event that has been read: its type, and its members.
struct Flow::Event {
  EventType type;
  json::Value members;

  [[nodiscard]] std::optional<std::string_view> text(Key field) const {
    const auto value = members.find(field, json::Kind::string);
    return value ? std::optional(value->text()) : std::nullopt;
  }
  [[nodiscard]] bool flag(Key field) const {
    const auto value = members.find(field, json::Kind::boolean);
    return value && value->boolean();
  }
  [[nodiscard]] std::optional<double> number(Key field) const {
    const auto value = members.find(field, json::Kind::number);
    return value ? std::optional(value->number()) : std::nullopt;
  }
};

}  // namespace pst
