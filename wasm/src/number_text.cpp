#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "decimal.hpp"
#include "pst/json_writer.hpp"

namespace pst::json {

namespace {

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
  const decimal::Decimal decimal = decimal::shortest(std::fabs(value));
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

}  // namespace pst::json
