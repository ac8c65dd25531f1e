#include "readable_text.hpp"

#include <cstdint>
#include <span>

#include "extenders.hpp"
#include "utf8.hpp"

namespace pst {

namespace {

/// A character may be made of any number of code points; most take far less than this on average, and any that is
/// meant.
constexpr std::size_t kCharacterBytes = 8;
constexpr std::size_t kLongestBytes = 64;
constexpr std::string_view kMark = "\xE2\x80\xA6";  // …

constexpr bool is_between(std::uint32_t value, std::uint32_t first, std::uint32_t last) {
  return value >= first && value <= last;
}

/// C0 and C1 controls, the separators of lines and paragraphs, and Unicode's Bidi_Control characters.
constexpr bool is_control(std::uint32_t c) {
  return c < 0x20 || is_between(c, 0x7F, 0x9F) || c == 0x061C || is_between(c, 0x200E, 0x200F) ||
         is_between(c, 0x2028, 0x202E) || is_between(c, 0x2066, 0x2069);
}

constexpr bool is_flag_letter(std::uint32_t c) { return is_between(c, 0x1F1E6, 0x1F1FF); }

/// Whether a code point is in a table of extenders.hpp.
bool is_in(std::span<const std::uint8_t> table, std::uint32_t c) {
  auto at = table.begin();
  const auto next = [&at] {
    std::uint32_t number = *at & 0x7FU;
    for (unsigned shift = 7; (*at++ & 0x80U) != 0; shift += 7) number |= (*at & 0x7FU) << shift;
    return number;
  };
  std::uint32_t end = 0;
  while (at != table.end() && end <= c) {
    const std::uint32_t first = end + next();
    if (c < first) return false;
    end = first + next();
    if (c < end) return true;
  }
  return false;
}

/// Goes through a text and knows where a character begins as people see one.
class Characters {
 public:
  /// Takes the next code point; whether it begins a character.
  bool begins_with(std::uint32_t c) {
    const bool second_of_flag = is_flag_letter(c) && half_flag_;
    const bool begins = !is_in(kExtenders, c) && !joins_ && !second_of_flag;
    half_flag_ = is_flag_letter(c) && !half_flag_;
    joins_ = is_in(kJoiners, c);
    return begins;
  }

 private:
  bool joins_ = false;
  bool half_flag_ = false;
};

/// The beginning of a text: at most so many bytes, and so many characters.
std::string_view whole_characters(std::string_view text, std::size_t bytes, std::size_t count) {
  Characters characters;
  std::size_t end = 0;
  for (std::size_t i = 0, begun = 0; i <= bytes && i < text.size();) {
    const auto [value, size] = utf8::code_point_at(text, i);
    if (characters.begins_with(value)) {
      end = i;
      if (++begun > count) return text.substr(0, end);
    }
    i += size;
  }
  return bytes < text.size() ? text.substr(0, end) : text;
}

}  // namespace

std::string one_line(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto [value, size] = utf8::code_point_at(text, i);
    if (is_control(value)) {
      line += ' ';
    } else {
      line.append(text, i, size);
    }
    i += size;
  }
  return line;
}

std::string shortened(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  return std::string(whole_characters(text, bytes - kMark.size(), bytes)).append(kMark);
}

std::string_view first_characters(std::string_view text, std::size_t count) {
  return whole_characters(text, kLongestBytes + count * kCharacterBytes, count);
}

}  // namespace pst
