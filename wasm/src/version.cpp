#include <array>
#include <charconv>
#include <system_error>

#include "pst/settings.hpp"

namespace pst {

std::optional<Version> Version::parse(std::string_view text) {
  std::array<std::uint32_t, 3> parts{};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0 && (at == end || *at++ != '.')) return std::nullopt;
    const auto [rest, error] = std::from_chars(at, end, parts[i]);
    if (error != std::errc() || rest == at) return std::nullopt;
    at = rest;
  }
  if (at != end && *at != '-' && *at != '+') return std::nullopt;
  return Version{parts[0], parts[1], parts[2]};
}

}  // namespace pst
