#include "field_values.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "pst/json.hpp"
#include "pst/limits.hpp"
#include "utf8.hpp"

namespace pst::fields {

namespace {

using std::string_view;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// What ECMAScript's trim takes away.
constexpr bool is_blank(std::uint32_t c) {
  return c == ' ' || (c >= 0x09 && c <= 0x0D) || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
         c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

constexpr bool is_control(std::uint32_t c) { return c < 0x20 || (c >= 0x7F && c <= 0x9F); }

template <typename Matches>
bool any_code_point(string_view text, Matches matches) {
  for (std::size_t i = 0; i < text.size();) {
    const auto [point, size] = utf8::code_point_at(text, i);
    if (matches(point)) return true;
    i += size;
  }
  return false;
}

string_view trimmed(string_view text) {
  std::size_t begin = text.size();
  std::size_t end = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto [point, size] = utf8::code_point_at(text, i);
    if (!is_blank(point)) {
      begin = std::min(begin, i);
      end = i + size;
    }
    i += size;
  }
  return begin < end ? text.substr(begin, end - begin) : string_view();
}

/// Digits of other scripts (Arabic, Persian, Devanagari, Thai, full-width) as ASCII ones, as people type them.
std::string with_plain_digits(string_view text) {
  constexpr std::array<std::uint32_t, 5> kZeros{0x0660, 0x06F0, 0x0966, 0x0E50, 0xFF10};
  constexpr std::uint32_t kArabicDecimalSeparator = 0x066B;
  std::string plain;
  for (std::size_t i = 0; i < text.size();) {
    const auto [point, size] = utf8::code_point_at(text, i);
    const auto* const zero =
        std::ranges::find_if(kZeros, [&](std::uint32_t first) { return point >= first && point <= first + 9; });
    if (zero != kZeros.end()) {
      plain += static_cast<char>('0' + (point - *zero));
    } else if (point == kArabicDecimalSeparator) {
      plain += '.';
    } else {
      plain += text.substr(i, size);
    }
    i += size;
  }
  return plain;
}

/// A decimal number. One comma may stand for the point, unless three digits follow: that may be a thousand.
std::optional<double> number_of(string_view text) {
  std::string plain = with_plain_digits(text);
  if (const std::size_t comma = plain.find(','); comma != std::string::npos) {
    if (plain.find('.') != std::string::npos || plain.size() - comma == 4) return std::nullopt;
    plain[comma] = '.';
  }
  const bool negative = plain.starts_with('-');
  if (negative || plain.starts_with('+')) plain.erase(0, 1);
  while (plain.size() > 1 && plain[0] == '0' && is_digit(plain[1])) plain.erase(0, 1);
  if (plain.starts_with('.')) plain.insert(0, 1, '0');
  if (!is_digit(plain.empty() ? '-' : plain[0])) return std::nullopt;
  const auto document = json::Document::parse(plain);
  if (!document || !document->root().is(json::Kind::number)) return std::nullopt;
  return negative ? -document->root().number() : document->root().number();
}

bool is_phone_number(string_view text) {
  constexpr std::ptrdiff_t kFewestDigits = 3;
  const std::string plain = with_plain_digits(text);
  const bool has_words = std::ranges::any_of(plain, [](char c) { return is_letter(c) && c != 'x' && c != 'X'; });
  return !has_words && !any_code_point(plain, is_control) && std::ranges::count_if(plain, is_digit) >= kFewestDigits;
}

/// Not whether it exists, only what nobody means by an address.
bool is_email_address(string_view text) {
  const std::size_t at = text.find('@');
  if (at == 0 || at == string_view::npos || text.find('@', at + 1) != string_view::npos) return false;
  const string_view domain = text.substr(at + 1);
  const std::size_t dot = domain.find('.');
  const auto ends_it = [](std::uint32_t c) { return is_blank(c) || is_control(c); };
  return text.find_first_of(",;<>()") == string_view::npos && !any_code_point(text, ends_it) && dot != 0 &&
         dot != string_view::npos && !domain.ends_with('.') && domain.find("..") == string_view::npos;
}

/// YYYY-MM-DD, as a date field gives it.
bool is_date(string_view text) {
  constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto part = [&](std::size_t from, std::size_t size) {
    int value = 0;
    for (const char c : text.substr(from, size)) value = is_digit(c) && value >= 0 ? value * 10 + (c - '0') : -1;
    return value;
  };
  const int year = part(0, 4);
  const int month = part(5, 2);
  const int day = part(8, 2);
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays[static_cast<std::size_t>(month - 1)] + (leap && month == 2 ? 1 : 0);
}

}  // namespace

std::expected<std::optional<Scalar>, MessageKey> judge(const DataParameter& parameter, string_view text) {
  using enum MessageKey;
  if (text.size() > limits::kValueBytes) return std::unexpected(error_too_long);
  // To the letter: a choice may have blanks around it.
  const bool is_chosen = parameter.input == FormInput::choice && std::ranges::contains(parameter.choices, text);
  if (!is_chosen) text = trimmed(text);
  if (text.empty()) return std::nullopt;
  const auto text_if = [&](bool is_right, MessageKey error) -> std::expected<std::optional<Scalar>, MessageKey> {
    if (!is_right) return std::unexpected(error);
    return Scalar(std::string(text));
  };
  switch (parameter.input) {
    case FormInput::number: {
      const auto number = number_of(text);
      if (!number) return std::unexpected(error_number);
      return Scalar(*number);
    }
    case FormInput::tel:
      return text_if(is_phone_number(text), error_tel);
    case FormInput::email:
      return text_if(is_email_address(text), error_email);
    case FormInput::date:
      return text_if(is_date(text), error_date);
    case FormInput::choice:
      return text_if(is_chosen || std::ranges::contains(parameter.choices, text), error_choice);
    case FormInput::text:
      return Scalar(std::string(text));
  }
  return std::nullopt;
}

}  // namespace pst::fields
