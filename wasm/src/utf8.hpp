#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// The little of UTF-8 that a core without a standard library for it needs.
namespace pst::utf8 {

inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

constexpr bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

/// Where the first byte that is no UTF-8, or a NUL, stands; npos if there is none.
std::size_t find_invalid(std::string_view text);

/// Unicode code points in valid UTF-8.
std::size_t count_characters(std::string_view text);

/// The code point that starts at `offset` of valid UTF-8, and its size in bytes.
struct CodePoint {
  std::uint32_t value;
  std::size_t size;
};
CodePoint code_point_at(std::string_view text, std::size_t offset);

}  // namespace pst::utf8
