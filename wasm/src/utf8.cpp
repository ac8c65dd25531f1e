#include "utf8.hpp"

#include <algorithm>
#include <cstring>

namespace pst::utf8 {

namespace {

/// Length of the well-formed sequence at `at` (Unicode table 3-7), 0 if there is none.
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
  };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned lead = byte(0);
  if (lead < 0x80U) return 1;
  if (lead >= 0xC2U && lead <= 0xDFU) return tail(1) ? 2 : 0;
  if (lead >= 0xE0U && lead <= 0xEFU) {
    const bool second = tail(1) && (lead != 0xE0U || byte(1) >= 0xA0U) && (lead != 0xEDU || byte(1) <= 0x9FU);
    return second && tail(2) ? 3 : 0;
  }
  if (lead >= 0xF0U && lead <= 0xF4U) {
    const bool second = tail(1) && (lead != 0xF0U || byte(1) >= 0x90U) && (lead != 0xF4U || byte(1) <= 0x8FU);
    return second && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::size_t find_invalid(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080ULL;
  constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
  std::size_t i = 0;
  while (i < text.size()) {
    // Eight ASCII bytes without a NUL at a time: nearly all text is that.
    if (i + 8 <= text.size()) {
      std::uint64_t word = 0;
      std::memcpy(&word, text.data() + i, sizeof word);
      if ((word & kHighBits) == 0 && ((word - kOnes) & kHighBits) == 0) {
        i += 8;
        continue;
      }
    }
    const std::size_t length = text[i] == '\0' ? 0 : sequence_length(text, i);
    if (length == 0) return i;
    i += length;
  }
  return std::string_view::npos;
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return !is_continuation(c); }));
}

CodePoint code_point_at(std::string_view text, std::size_t offset) {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return static_cast<unsigned char>(text[offset + i]) & (i == 0 ? 0xFFU : 0x3FU);
  };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80U) return {lead, 1};
  if (lead < 0xE0U) return {((lead & 0x1FU) << 6U) | byte(1), 2};
  if (lead < 0xF0U) return {((lead & 0x0FU) << 12U) | (byte(1) << 6U) | byte(2), 3};
  return {((lead & 0x07U) << 18U) | (byte(1) << 12U) | (byte(2) << 6U) | byte(3), 4};
}

}  // namespace pst::utf8
