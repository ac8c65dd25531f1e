// Writing JSON as JSON.stringify does.

#include "pst/json_writer.hpp"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/dom.hpp"

using namespace std::string_literals;

namespace pst::test {
namespace {

using json::number_text;
using json::Writer;

TEST(NumberText, IsWhatEcmaScriptGives) {
  const std::vector<std::pair<double, std::string_view>> table{
      {0.0, "0"},
      {-0.0, "0"},
      {1, "1"},
      {-1, "-1"},
      {10, "10"},
      {0.5, "0.5"},
      {-0.5, "-0.5"},
      {1.5, "1.5"},
      {0.1, "0.1"},
      {0.1 + 0.2, "0.30000000000000004"},
      {1.0 / 3, "0.3333333333333333"},
      {2.0 / 3, "0.6666666666666666"},
      {100.25, "100.25"},
      {123456.789, "123456.789"},
      {1e15, "1000000000000000"},
      {-1e15, "-1000000000000000"},
      {999999999999999, "999999999999999"},
      {1e16, "10000000000000000"},
      {9007199254740991.0, "9007199254740991"},
      {9007199254740992.0, "9007199254740992"},
      {9007199254740993.0, "9007199254740992"},
      {9007199254740994.0, "9007199254740994"},
      {123456789012345680000.0, "123456789012345680000"},
      {1e20, "100000000000000000000"},
      {999999999999999900000.0, "999999999999999900000"},
      {1e21, "1e+21"},
      {-1e21, "-1e+21"},
      {1.5e21, "1.5e+21"},
      {1e22, "1e+22"},
      {1.2345e25, "1.2345e+25"},
      {1e100, "1e+100"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
      {-1.7976931348623157e308, "-1.7976931348623157e+308"},
      {0.001, "0.001"},
      {0.00001, "0.00001"},
      {0.000001, "0.000001"},
      {0.0000015, "0.0000015"},
      {1e-7, "1e-7"},
      {-1e-7, "-1e-7"},
      {1.5e-7, "1.5e-7"},
      {1.2345e-10, "1.2345e-10"},
      {5.684341886080802e-14,
       "5.684341886080802e-14"},  // 2^-44: the nearest sixteen digits do not read back, the next ones do
      {std::ldexp(1, -44), "5.684341886080802e-14"},
      {2.2250738585072014e-308, "2.2250738585072014e-308"},
      {2.225073858507201e-308, "2.225073858507201e-308"},
      {5e-324, "5e-324"},
      {-5e-324, "-5e-324"},
      {1e-323, "1e-323"},
      {1.5e-323, "1.5e-323"},
      {4.35, "4.35"},
      {0.000035, "0.000035"},
      {1.1, "1.1"},
      {4294967296.0, "4294967296"},
      {2147483648.5, "2147483648.5"},
      {1234567890123456.7, "1234567890123456.8"},
      {9.5367431640625e-7, "9.5367431640625e-7"},
      {1.0000000000000002, "1.0000000000000002"},
      {0.9999999999999999, "0.9999999999999999"},
      {std::ldexp(1, 89), "6.189700196426902e+26"},
      {4e15 + 0.5, "4000000000000000.5"},
  };
  for (const auto& [value, text] : table) {
    EXPECT_EQ(number_text(value), text);
  }
}

/// Significant digits and decimal exponent of a number's text, whatever its notation.
std::pair<std::string, int> digits_and_exponent(std::string_view text) {
  std::string digits;
  int exponent = 0;
  bool after_point = false;
  bool leading = true;
  for (std::size_t i = text.starts_with('-') ? 1 : 0; i < text.size(); ++i) {
    if (text[i] == 'e') {
      exponent += std::atoi(std::string(text.substr(i + 1)).c_str());
      break;
    }
    if (text[i] == '.') {
      after_point = true;
      continue;
    }
    leading = leading && text[i] == '0';
    if (!leading) {
      digits += text[i];
    }
    exponent -= after_point ? 1 : 0;
  }
  while (digits.size() > 1 && digits.back() == '0') {
    digits.pop_back();
    ++exponent;
  }
  return {digits, exponent};
}

std::string shortest_of_the_library(double value) {
  std::array<char, 64> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
  return {buffer.data(), result.ptr};
}

void expect_shortest(double value) {
  const std::string text = number_text(value);
  ASSERT_EQ(std::strtod(text.c_str(), nullptr), value) << text << " does not read back";
  ASSERT_EQ(digits_and_exponent(text), digits_and_exponent(shortest_of_the_library(value))) << text;
  std::array<char, 64> longest{};
  std::snprintf(longest.data(), longest.size(), "%.17g", value);
  ASSERT_LE(digits_and_exponent(text).first.size(), digits_and_exponent(longest.data()).first.size()) << text;
}

TEST(NumberText, IsTheShortestThatReadsBackForRandomBits) {
  std::mt19937_64 random(20260101);
  for (int i = 0; i < 20'000; ++i) {
    const auto value = std::bit_cast<double>(random());
    if (std::isfinite(value) && value != 0) {
      expect_shortest(value);
      if (HasFatalFailure()) {
        return;
      }
    }
  }
}

TEST(NumberText, IsTheShortestThatReadsBackForDecimalsOfEveryLength) {
  std::mt19937_64 random(20260102);
  for (int i = 0; i < 10'000; ++i) {
    const auto digits = static_cast<int>(random() % 17 + 1);
    const auto exponent = static_cast<int>(random() % 40) - 20;
    const std::string text =
        std::to_string(random()).substr(0, static_cast<std::size_t>(digits)) + "e" + std::to_string(exponent);
    const double value = std::strtod(text.c_str(), nullptr);
    if (value != 0) {
      expect_shortest(value);
      if (HasFatalFailure()) {
        return;
      }
    }
  }
}

TEST(NumberText, IsTheShortestThatReadsBackAroundEveryPowerOfTwo) {
  for (int exponent = -1074; exponent <= 1023; ++exponent) {
    const double power = std::ldexp(1, exponent);
    for (const double value :
         {std::nextafter(power, 0), power, std::nextafter(power, std::numeric_limits<double>::infinity())}) {
      if (value != 0) {
        expect_shortest(value);
        if (HasFatalFailure()) {
          return;
        }
      }
    }
  }
}

TEST(NumberText, WritesIntegersWithoutExponentUpTo21Digits) {
  std::mt19937_64 random(20260103);
  for (int i = 0; i < 10'000; ++i) {
    const double value = std::floor(std::ldexp(static_cast<double>(random()), static_cast<int>(random() % 60) - 54));
    const std::string text = number_text(value);
    ASSERT_EQ(text.find_first_not_of("0123456789"), std::string::npos) << text;
    ASSERT_EQ(std::strtod(text.c_str(), nullptr), value) << text;
  }
}

TEST(JsonWriter, SeparatesMembersAndElements) {
  std::string text;
  Writer writer(text);
  writer.begin_object();
  writer.key("a").begin_array().number(1).string("x").null().boolean(true).boolean(false).end_array();
  writer.key("b").begin_object().end_object();
  writer.key("c").begin_array().end_array();
  writer.key("d").begin_array().begin_object().end_object().begin_array().end_array().end_array();
  writer.key("e").raw("{\"f\":1}").key("g").string_or_null(std::nullopt).key("h").string_or_null("i");
  writer.end_object();
  EXPECT_EQ(text, R"({"a":[1,"x",null,true,false],"b":{},"c":[],"d":[{},[]],"e":{"f":1},"g":null,"h":"i"})");
}

TEST(JsonWriter, AppendsToWhatIsThere) {
  std::string text = "before ";
  Writer(text).begin_array().number(1).end_array();
  EXPECT_EQ(text, "before [1]");
}

TEST(JsonWriter, EscapesAsStringifyDoes) {
  const std::vector<std::pair<std::string, std::string_view>> table{
      {"", R"("")"},
      {"plain", R"("plain")"},
      {"\"", R"("\"")"},
      {"\\", R"("\\")"},
      {"/", R"("/")"},
      {"\b\f\n\r\t", R"("\b\f\n\r\t")"},
      {"\0"s, R"("\u0000")"},
      {"\x01\x0b\x1f", R"("\u0001\u000b\u001f")"},
      {"\x7f", "\"\x7f\""},
      {"\u2028\u2029", "\"\u2028\u2029\""},
      {"é€🙂", "\"é€🙂\""},
      {"a\"b\\c\nd", R"("a\"b\\c\nd")"},
      {"</script>", R"("</script>")"},
  };
  for (const auto& [text, expected] : table) {
    std::string out;
    Writer(out).string(text);
    EXPECT_EQ(out, expected);
    EXPECT_EQ(dom(out).get<std::string>(), text);
    std::string as_key;
    Writer(as_key).begin_object().key_text(text).null().end_object();
    EXPECT_EQ(as_key, "{" + std::string(expected) + ":null}");
  }
}

TEST(JsonWriter, EscapesEveryControlCharacterSoThatItReadsBack) {
  for (char c = 0; c < 0x20; ++c) {
    const std::string text = "a"s + c + "b";
    std::string out;
    Writer(out).string(text);
    EXPECT_EQ(out.find(c), std::string::npos);
    EXPECT_EQ(dom(out).get<std::string>(), text);
  }
}

TEST(JsonWriter, CopiesParsedValuesWithTheirOrderAndTypes) {
  const std::string text = R"({"z":[null,true,false,1,-2.5,"x\ny",[],{}],"a":{"b":{"c":[[[1]]]}},"":1e+21})";
  const auto document = json::Document::parse(text);
  ASSERT_TRUE(document);
  std::string out;
  Writer(out).value(document->root());
  EXPECT_EQ(out, text);
}

}  // namespace
}  // namespace pst::test
