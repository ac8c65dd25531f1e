#pragma once

#include <array>
#include <cstddef>
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
  /// Which delivery it belongs to; the hand-off's where none is named.
  [[nodiscard]] DeliveryName delivery() const {
    const auto name = text("delivery");
    return (name ? from_name<DeliveryName>(*name) : std::nullopt).value_or(DeliveryName::handoff);
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

/// The deliveries of records, and where each stands in arrays.
inline constexpr std::array<DeliveryName, transfer::kRecordSinks> kRecords{DeliveryName::metadata, DeliveryName::crm};
constexpr std::size_t record_index(DeliveryName name) { return name == DeliveryName::crm ? 1 : 0; }

}  // namespace pst
