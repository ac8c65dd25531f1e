#include "record_text.hpp"

#include <cstdint>

#include "extenders.hpp"
#include "utf8.hpp"

namespace pst {

namespace {

constexpr std::string_view kMark = "\xE2\x80\xA6";  // …
constexpr std::uint32_t kJoiner = 0x200D;

constexpr bool is_between(std::uint32_t value, std::uint32_t first, std::uint32_t last) {
  return value >= first && value <= last;
}

/// C0 and C1 controls, the separators of lines and paragraphs, and Unicode's Bidi_Control characters.
constexpr bool is_control(std::uint32_t c) {
  return c < 0x20 || is_between(c, 0x7F, 0x9F) || c == 0x061C || is_between(c, 0x200E, 0x200F) ||
         is_between(c, 0x2028, 0x202E) || is_between(c, 0x2066, 0x2069);
}

constexpr bool is_flag_letter(std::uint32_t c) { return is_between(c, 0x1F1E6, 0x1F1FF); }

bool is_extender(std::uint32_t c) {
  const auto* at = kExtenders.begin();
  const auto next = [&at] {
    std::uint32_t number = *at & 0x7FU;
    for (unsigned shift = 7; (*at++ & 0x80U) != 0; shift += 7) number |= (*at & 0x7FU) << shift;
    return number;
  };
  std::uint32_t end = 0;
  while (at != kExtenders.end() && end <= c) {
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
    const bool begins = !is_extender(c) && before_ != kJoiner && !second_of_flag;
    half_flag_ = is_flag_letter(c) && !half_flag_;
    before_ = c;
    return begins;
  }

 private:
  std::uint32_t before_ = 0;
  bool half_flag_ = false;
};

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
  const std::size_t room = bytes - kMark.size();
  Characters characters;
  std::size_t end = 0;
  for (std::size_t i = 0; i <= room;) {
    const auto [value, size] = utf8::code_point_at(text, i);
    if (characters.begins_with(value)) end = i;
    i += size;
  }
  return std::string(text.substr(0, end)).append(kMark);
}

}  // namespace pst
