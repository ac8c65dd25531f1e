#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pst {

/// Finds the position at which an id was added; as fast among ten thousand as among ten, for all that can be felt.
class IdIndex {
 public:
  /// Adds the id of the next position. An empty id takes up its position but is never found.
  void add(std::string_view id) {
    entries_.push_back({.id = std::string(id), .position = static_cast<std::uint32_t>(entries_.size())});
  }

  /// Makes the ids findable; call it once, after the last `add`. Returns the positions of ids that stand at an earlier
  /// position already; such an id is found at its first position.
  std::vector<std::uint32_t> build();

  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view id) const;

 private:
  struct Entry {
    std::string id;
    std::uint32_t position;

    auto operator<=>(const Entry&) const = default;
  };

  std::vector<Entry> entries_;
};

}  // namespace pst
