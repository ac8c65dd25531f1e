// Decimal conversion by big integers, next to the C library's and the standard library's.

#include "decimal.hpp"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>

namespace pst::test {
namespace {

double parsed_by_c(const std::string& text) { return std::strtod(text.c_str(), nullptr); }

/// As `std::to_chars` writes the shortest digits: d.ddde±xx.
std::string scientific(const decimal::Decimal& decimal) {
  std::string text(1, decimal.digits[0]);
  if (decimal.digits.size() > 1) {
    text += "." + decimal.digits.substr(1);
  }
  std::array<char, 8> exponent{};
  std::snprintf(exponent.data(), exponent.size(), "e%+03d", decimal.exponent - 1);
  return text + exponent.data();
}

void expect_both_ways(double value) {
  value = std::fabs(value);
  if (value == 0 || !std::isfinite(value)) {
    return;
  }
  std::array<char, 64> shortest{};
  const auto written =
      std::to_chars(shortest.data(), shortest.data() + shortest.size(), value, std::chars_format::scientific);
  ASSERT_EQ(scientific(decimal::shortest(value)), std::string_view(shortest.data(), written.ptr));
  for (const int digits : {1, 5, 15, 16, 17, 20, 30}) {
    std::array<char, 64> rounded{};
    std::snprintf(rounded.data(), rounded.size(), "%.*e", digits, value);
    ASSERT_EQ(decimal::parse(rounded.data()), parsed_by_c(rounded.data())) << rounded.data();
  }
}

TEST(Decimal, EveryPowerOfTwoAndItsNeighbours) {
  for (std::uint64_t exponent = 0; exponent < 2047; ++exponent) {
    for (const std::uint64_t mantissa :
         {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{2}, (std::uint64_t{1} << 52) - 1}) {
      expect_both_ways(std::bit_cast<double>((exponent << 52) | mantissa));
    }
  }
}

TEST(Decimal, NumbersOfAllKinds) {
  std::mt19937_64 random(7);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same numbers each time
  for (int n = 0; n < 4000; ++n) {
    expect_both_ways(std::bit_cast<double>(random()));
    expect_both_ways(static_cast<double>(random() % 1'000'000) / static_cast<double>(1 + random() % 1000));
    expect_both_ways(static_cast<double>(random() >> (random() % 64)));
  }
}

TEST(Decimal, TheHardOnes) {
  for (const char* const text : {"1.7976931348623157e308",
                                 "1.7976931348623158e308",
                                 "1.797693134862315807e308",
                                 "1.797693134862315808e308",
                                 "1.7976931348623159e308",
                                 "2.4703282292062327e-324",
                                 "2.4703282292062328e-324",
                                 "2e-324",
                                 "3e-324",
                                 "4.9406564584124654e-324",
                                 "2.2250738585072011e-308",
                                 "2.2250738585072014e-308",
                                 "9007199254740993",
                                 "9007199254740992.99999999999999999999",
                                 "9007199254740993.00000000000000000000000000000000000000000001",
                                 "1e400",
                                 "1e-400",
                                 "0e5",
                                 "0.0",
                                 "-0.0",
                                 "123456789012345678901234567890",
                                 "1e22",
                                 "1e23",
                                 "1e309",
                                 "1e310",
                                 "7450580596923828125e-27",
                                 "0.000001",
                                 "-12.5E+3",
                                 "1e-2147483648",
                                 "1e2147483648"}) {
    EXPECT_EQ(decimal::parse(text), parsed_by_c(text)) << text;
  }
  EXPECT_TRUE(std::signbit(decimal::parse("-0")));
}

TEST(Decimal, MoreDigitsThanAnyDoubleNeeds) {
  std::string long_fraction = "0.";
  for (int n = 0; n < 1100; ++n) {
    long_fraction += static_cast<char>('0' + (n + 1) % 10);
  }
  const std::string zeros(900, '0');
  for (const std::string& text : {long_fraction, "1" + zeros + "1e-900", "9007199254740993." + zeros + "1",
                                  "9007199254740993" + zeros + "1e-901", "0." + zeros + "1e900"}) {
    EXPECT_EQ(decimal::parse(text), parsed_by_c(text)) << text.substr(0, 40);
  }
}

}  // namespace
}  // namespace pst::test
