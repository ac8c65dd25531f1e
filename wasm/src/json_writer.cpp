#include "pst/json_writer.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

namespace pst::json {

namespace {

/// Decimal digits without trailing zeros, and the position of the decimal point: 0.digits × 10^exponent.
struct Decimal {
  std::string digits;
  int exponent;
};

Decimal decimal_of(const char* scientific) {
  const std::string_view text(scientific);
  const std::size_t e = text.find('e');
  Decimal decimal{.digits = {}, .exponent = std::atoi(scientific + e + 1) + 1};
  for (const char c : text.substr(0, e)) {
    if (c != '.') decimal.digits += c;
  }
  while (decimal.digits.size() > 1 && decimal.digits.back() == '0') decimal.digits.pop_back();
  return decimal;
}

/// Fifteen digits always tell normal numbers apart, so they are tried first; seventeen always read back.
Decimal shortest(double magnitude) {
  constexpr int kDistinct = 15;
  constexpr int kExact = 17;
  const bool subnormal = magnitude < std::numeric_limits<double>::min();
  std::array<char, 32> buffer{};
  for (int digits = subnormal ? 1 : kDistinct;; ++digits) {
    std::snprintf(buffer.data(), buffer.size(), "%.*e", digits - 1, magnitude);
    if (digits == kExact || std::strtod(buffer.data(), nullptr) == magnitude) return decimal_of(buffer.data());
    // Below a power of two the neighbours are closer than above: the nearest decimal may fall outside where the next one up does not.
    std::size_t last = static_cast<std::size_t>(digits);
    if (buffer[last] == '.') --last;
    if (buffer[last] < '9') {
      ++buffer[last];
      if (std::strtod(buffer.data(), nullptr) == magnitude) return decimal_of(buffer.data());
    }
  }
}

constexpr std::array<std::string_view, 32> kControls{
    "\\u0000", "\\u0001", "\\u0002", "\\u0003", "\\u0004", "\\u0005", "\\u0006", "\\u0007", "\\b",     "\\t",     "\\n",
    "\\u000b", "\\f",     "\\r",     "\\u000e", "\\u000f", "\\u0010", "\\u0011", "\\u0012", "\\u0013", "\\u0014", "\\u0015",
    "\\u0016", "\\u0017", "\\u0018", "\\u0019", "\\u001a", "\\u001b", "\\u001c", "\\u001d", "\\u001e", "\\u001f"};

void append_integer(std::string& out, double value) {
  std::array<char, 24> buffer{};
  std::size_t at = buffer.size();
  auto rest = static_cast<std::uint64_t>(std::fabs(value));
  do {
    buffer[--at] = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  if (value < 0) out += '-';
  out.append(buffer.data() + at, buffer.size() - at);
}

}  // namespace

std::string number_text(double value) {
  std::string out;
  if (std::trunc(value) == value && std::fabs(value) < 1e15) {
    append_integer(out, value);
    return out;
  }
  if (value < 0) out += '-';
  const Decimal decimal = shortest(std::fabs(value));
  const auto count = static_cast<int>(decimal.digits.size());
  const int point = decimal.exponent;
  // The cases of ECMAScript's Number::toString, in its order.
  if (count <= point && point <= 21) {
    out += decimal.digits;
    out.append(static_cast<std::size_t>(point - count), '0');
  } else if (0 < point && point <= 21) {
    out.append(decimal.digits, 0, static_cast<std::size_t>(point));
    out += '.';
    out.append(decimal.digits, static_cast<std::size_t>(point));
  } else if (-6 < point && point <= 0) {
    out += "0.";
    out.append(static_cast<std::size_t>(-point), '0');
    out += decimal.digits;
  } else {
    out += decimal.digits[0];
    if (count > 1) {
      out += '.';
      out.append(decimal.digits, 1);
    }
    out += point - 1 < 0 ? "e-" : "e+";
    append_integer(out, std::abs(point - 1));
  }
  return out;
}

void Writer::separate() {
  if (!first_) *out_ += ',';
  first_ = false;
}

Writer& Writer::open(char bracket) {
  separate();
  *out_ += bracket;
  first_ = true;
  return *this;
}

Writer& Writer::close(char bracket) {
  *out_ += bracket;
  first_ = false;
  return *this;
}

Writer& Writer::key(Key name) {
  plain(name);
  *out_ += ':';
  first_ = true;
  return *this;
}

Writer& Writer::key_text(std::string_view name) {
  string(name);
  *out_ += ':';
  first_ = true;
  return *this;
}

Writer& Writer::plain(const std::string_view& text) {
  separate();
  *out_ += '"';
  out_->append(text);
  *out_ += '"';
  return *this;
}

Writer& Writer::string(std::string_view text) {
  separate();
  *out_ += '"';
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out_->append(text, plain, i - plain);
    plain = i + 1;
    if (c < 0x20) {
      out_->append(kControls[c]);
    } else {
      *out_ += '\\';
      *out_ += static_cast<char>(c);
    }
  }
  out_->append(text, plain);
  *out_ += '"';
  return *this;
}

Writer& Writer::number(double value) {
  separate();
  out_->append(number_text(value));
  return *this;
}

Writer& Writer::boolean(bool value) { return raw(value ? "true" : "false"); }

Writer& Writer::null() { return raw("null"); }

Writer& Writer::raw(std::string_view json) {
  separate();
  out_->append(json);
  return *this;
}

Writer& Writer::value(const Value& value) {  // NOLINT(misc-no-recursion): at most limits::kDepth deep
  switch (value.kind()) {
    case Kind::null:
      return null();
    case Kind::boolean:
      return boolean(value.boolean());
    case Kind::number:
      return number(value.number());
    case Kind::string:
      return string(value.text());
    case Kind::array:
      begin_array();
      for (auto element = value.first(); element; element = element->next()) this->value(*element);
      return end_array();
    case Kind::object:
      begin_object();
      for (auto member = value.first(); member; member = member->next()) key_text(member->key()).value(*member);
      return end_object();
  }
  return *this;
}

}  // namespace pst::json
