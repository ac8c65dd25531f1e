#include <algorithm>
#include <array>
#include <limits>

#include "pst/settings.hpp"

namespace pst {

std::optional<Version> Version::parse(std::string_view text) {
  // A number that is too large to hold is the largest: no version is refused for being new.
  constexpr std::uint64_t kLargest = std::numeric_limits<std::uint32_t>::max();
  std::array<std::uint32_t, 3> parts{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) {
      if (!text.starts_with('.')) return std::nullopt;
      text.remove_prefix(1);
    }
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits == 0) return std::nullopt;
    std::uint64_t number = 0;
    for (const char digit : text.substr(0, digits))
      number = std::min(kLargest, number * 10 + static_cast<std::uint64_t>(digit - '0'));
    parts[i] = static_cast<std::uint32_t>(number);
    text.remove_prefix(digits);
  }
  const bool ends = text.empty() || text.front() == '-' || text.front() == '+';
  return ends ? std::optional(Version{parts[0], parts[1], parts[2]}) : std::nullopt;
}

}  // namespace pst
