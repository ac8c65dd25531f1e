// Texts in records: on one line, and shortened without cutting what people see as one character.

#include "readable_text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "utf8.hpp"

namespace pst::test {
namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST(OneLine, KeepsWhatIsHarmless) {
  for (const std::string_view text : {"", "plain", "a: b", "ä漢🙂", "=1+1", "<b>", "\xE2\x80\x8D"})
    EXPECT_EQ(one_line(text), text);
}

TEST(OneLine, MakesBlanksOfWhatBreaksOrTurnsALine) {
  for (const std::string_view text :
       {"\n",           "\r",           "\t",           "\v",           "\f",           "\x01",
        "\x1B",         "\x1F",         "\x7F",         "\xC2\x80",     "\xC2\x85",     "\xC2\x9F",
        "\xD8\x9C",     "\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAA",
        "\xE2\x80\xAE", "\xE2\x81\xA6", "\xE2\x81\xA9"}) {
    EXPECT_EQ(one_line("a" + std::string(text) + "b"), "a b") << testing::PrintToString(text);
  }
}

TEST(OneLine, LeavesTheNeighboursAlone) {
  for (const std::string_view text : {" ", "~", "\xC2\xA0", "\xD8\x9B", "\xE2\x80\x8D", "\xE2\x80\x90", "\xE2\x80\xA7",
                                      "\xE2\x80\xAF", "\xE2\x81\xA5", "\xE2\x81\xAA"}) {
    EXPECT_EQ(one_line(text), text) << testing::PrintToString(text);
  }
}

TEST(Shortened, KeepsWhatFits) {
  EXPECT_EQ(shortened("", 3), "");
  EXPECT_EQ(shortened("abc", 3), "abc");
  EXPECT_EQ(shortened("äää", 6), "äää");
}

TEST(Shortened, EndsInAMarkThatCounts) {
  EXPECT_EQ(shortened("abcdef", 5), "ab…");
  EXPECT_EQ(shortened("abcd", 3), "…");
}

TEST(Shortened, NeverCutsACodePoint) {
  EXPECT_EQ(shortened("aäää", 6), "aä…");
  EXPECT_EQ(shortened("ab🙂🙂", 8), "ab…");
  EXPECT_EQ(shortened("ab🙂🙂", 9), "ab🙂…");
}

/// A character as people see one, of several code points.
struct Whole {
  std::string_view what;
  std::string_view text;
};

class ShortenedWholes : public testing::TestWithParam<Whole> {};

TEST_P(ShortenedWholes, StayWholeOrGo) {
  const std::string whole(GetParam().text);
  const std::string text = repeated(whole, 5);
  for (std::size_t bytes = 3; bytes < text.size(); ++bytes) {
    const std::size_t fit = (bytes - 3) / whole.size();
    EXPECT_EQ(shortened(text, bytes), repeated(whole, fit) + "…") << GetParam().what << " in " << bytes;
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, ShortenedWholes,
    testing::Values(
        Whole{"an accent", "e\xCC\x81"}, Whole{"two accents", "e\xCC\x81\xCC\xA3"},
        Whole{"a variation selector", "\xE2\x9D\xA4\xEF\xB8\x8F"}, Whole{"a keycap", "1\xEF\xB8\x8F\xE2\x83\xA3"},
        Whole{"a skin tone", "\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD"},
        Whole{"a family", "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7"},
        Whole{"a flag", "\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA"},
        Whole{"a flag of tags", "\xF0\x9F\x8F\xB4\xF3\xA0\x81\xA7\xF3\xA0\x81\xA2\xF3\xA0\x81\xB7\xF3\xA0\x81\xBF"},
        Whole{"a vowel sign", "\xE0\xA4\x95\xE0\xA4\xBF"}, Whole{"Hangul", "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB"},
        Whole{"points", "\xD7\xA9\xD6\xB8\xD7\x81"}, Whole{"Thai", "\xE0\xB8\x81\xE0\xB8\xB4\xE0\xB9\x88"},
        Whole{"a conjunct", "\xE0\xA4\x95\xE0\xA5\x8D\xE0\xA4\xB7"},
        Whole{"a conjunct with a point", "\xE0\xA4\x95\xE0\xA4\xBC\xE0\xA5\x8D\xE0\xA4\xB7"},
        Whole{"Thai AM", "\xE0\xB8\x99\xE0\xB9\x89\xE0\xB8\xB3"}, Whole{"Lao AM", "\xE0\xBA\x99\xE0\xBA\xB3"},
        Whole{"two initials", "\xE1\x84\x92\xE1\x84\x92\xE1\x85\xA1"},
        Whole{"a mark that comes first", "\xD8\x80\xD9\xA1"},
        Whole{"a supplementary selector", "\xE8\xBE\xBB\xF3\xA0\x84\x80"}),
    [](const auto& info) {
      std::string name(info.param.what);
      for (char& c : name) c = c == ' ' ? '_' : c;
      return name;
    });

TEST(FirstCharacters, AreCountedAsPeopleSeeThem) {
  const std::string family = "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7";
  const std::string flag = "\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA";
  EXPECT_EQ(first_characters(family + flag + "ab", 1), family);
  EXPECT_EQ(first_characters(family + flag + "ab", 2), family + flag);
  EXPECT_EQ(first_characters(family + flag + "ab", 3), family + flag + "a");
  EXPECT_EQ(first_characters("ab", 2), "ab");
  EXPECT_EQ(first_characters("ab", 0), "");
  EXPECT_EQ(first_characters("", 5), "");
  EXPECT_EQ(first_characters("ab" + repeated("\xCC\x81", 600), 5), "a") << "a character without an end";
  EXPECT_EQ(first_characters(repeated(family, 40), 40), repeated(family, 21)) << "64 bytes, and 8 a character";
}

TEST(Shortened, DropsACharacterThatIsLongerThanTheRoom) {
  EXPECT_EQ(shortened("ab" + repeated("\xCC\x81", 600), 1000), "a…");
  EXPECT_EQ(shortened(repeated("\xCC\x81", 600), 1000), "…");
}

}  // namespace
}  // namespace pst::test
