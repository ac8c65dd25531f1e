#include "pst/id_index.hpp"

#include <algorithm>

namespace pst {

std::vector<std::uint32_t> IdIndex::build() {
  std::ranges::make_heap(entries_);
  std::ranges::sort_heap(entries_);
  std::vector<std::uint32_t> repeated;
  for (std::size_t i = 1; i < entries_.size(); ++i) {
    if (!entries_[i].id.empty() && entries_[i].id == entries_[i - 1].id) repeated.push_back(entries_[i].position);
  }
  return repeated;
}

std::optional<std::uint32_t> IdIndex::find(std::string_view id) const {
  const auto entry =
      std::ranges::lower_bound(entries_, id, {}, [](const Entry& candidate) { return std::string_view(candidate.id); });
  if (id.empty() || entry == entries_.end() || entry->id != id) return std::nullopt;
  return entry->position;
}

}  // namespace pst
