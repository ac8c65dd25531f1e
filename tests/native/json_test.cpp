// Reading JSON: what is kept of a text, and what is refused.

#include "pst/json.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pst/json_writer.hpp"
#include "pst/limits.hpp"
#include "support/dom.hpp"

using namespace std::string_literals;

namespace pst::test {
namespace {

using json::Document;
using json::Kind;
using json::TextError;
using json::Value;

Document read(std::string_view text) {
  auto document = Document::parse(text);
  if (!document) {
    ADD_FAILURE() << "refused as " << name_of(document.error().code) << ": " << text.substr(0, 200);
    return std::move(*Document::parse("null"));
  }
  return std::move(*document);
}

/// The error that ends the reading of a text.
std::optional<TextError> refusal(std::string_view text) {
  auto document = Document::parse(text);
  return document ? std::nullopt : std::optional(document.error());
}

/// `code` where the text is refused, `code pointer` where it is read but has errors, "fine" otherwise.
std::string verdict(std::string_view text) {
  const auto document = Document::parse(text);
  if (!document) {
    return std::string(name_of(document.error().code));
  }
  if (document->errors().empty()) {
    return "fine";
  }
  return std::string(name_of(document->errors()[0].code)) + " " + document->errors()[0].pointer;
}

/// `line:column` of the error that ends the reading.
std::string place(std::string_view text) {
  const auto error = refusal(text);
  return error ? std::to_string(error->line) + ":" + std::to_string(error->column) : "none";
}

std::vector<std::string> keys_of(Value object) {
  std::vector<std::string> keys;
  for (auto member = object.first(); member; member = member->next()) {
    keys.emplace_back(member->key());
  }
  return keys;
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) {
    all += text;
  }
  return all;
}

std::string nested(std::size_t levels) { return repeated("[", levels) + repeated("]", levels); }

std::string written(Value value) {
  std::string text;
  json::Writer(text).value(value);
  return text;
}

// What is kept.

TEST(JsonReader, KeepsMembersInTheirOrder) {
  const Document document = read(R"({"b":1,"a":2,"":3,"10":4,"9":5})");
  EXPECT_EQ(keys_of(document.root()), (std::vector<std::string>{"b", "a", "", "10", "9"}));
}

TEST(JsonReader, ReadsEveryKindOfValue) {
  const Document document = read(R"([null,true,false,1.5,"text",[],{}])");
  std::vector<Kind> kinds;
  for (auto item = document.root().first(); item; item = item->next()) {
    kinds.push_back(item->kind());
  }
  EXPECT_EQ(kinds, (std::vector{Kind::null, Kind::boolean, Kind::boolean, Kind::number, Kind::string, Kind::array,
                                Kind::object}));
  EXPECT_TRUE(document.at(2).boolean());
  EXPECT_FALSE(document.at(3).boolean());
  EXPECT_EQ(document.at(4).number(), 1.5);
  EXPECT_EQ(document.at(5).text(), "text");
}

TEST(JsonReader, ReadsADocumentThatIsASingleScalar) {
  EXPECT_EQ(read("  7 ").root().number(), 7);
  EXPECT_EQ(read("\"\"").root().text(), "");
  EXPECT_TRUE(read("null").root().is(Kind::null));
}

TEST(JsonReader, WalksNestedContainersAndTheirSiblings) {
  const Document document = read(R"({"a":{"b":[1,[2,3],{"c":4}],"d":5},"e":6})");
  const Value root = document.root();
  EXPECT_EQ(root.count(), 2U);
  const auto a = root.find("a");
  ASSERT_TRUE(a);
  const auto b = a->find("b");
  ASSERT_TRUE(b);
  EXPECT_EQ(b->count(), 3U);
  EXPECT_EQ(a->find("d")->number(), 5);
  EXPECT_EQ(root.find("e")->number(), 6);
  EXPECT_EQ(a->next()->key(), "e");
  EXPECT_FALSE(a->next()->next());
}

TEST(JsonReader, AnEmptyContainerHasNoFirstChild) {
  const Document document = read(R"([{},[]])");
  EXPECT_FALSE(document.at(1).first());
  EXPECT_FALSE(document.at(2).first());
}

TEST(JsonReader, FindsMembersOfObjectsOnly) {
  const Document document = read(R"([{"a":1},"a",["a"],null])");
  EXPECT_TRUE(document.root().first()->find("a"));
  for (auto item = document.root().first()->next(); item; item = item->next()) {
    EXPECT_FALSE(item->find("a"));
  }
  EXPECT_FALSE(document.root().find("0"));
}

TEST(JsonReader, FindsAMemberOfTheWantedKindOnly) {
  const Document document = read(R"({"a":null})");
  EXPECT_TRUE(document.root().find("a", Kind::null));
  EXPECT_FALSE(document.root().find("a", Kind::string));
  EXPECT_FALSE(document.root().find("b", Kind::null));
}

TEST(JsonReader, UnescapesTextAndKeys) {
  const Document document = read(R"({"\u0061\n\/":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude42"})");
  EXPECT_EQ(document.root().first()->key(), "a\n/");
  EXPECT_EQ(document.root().first()->text(), "\"\\/\b\f\n\r\t\u00e9\U0001F642");
}

TEST(JsonReader, GivesPointersToEveryNode) {
  const Document document = read(R"({"a":{"b":[1,[2,3]]},"":0,"x/y":{"m~n":7}})");
  std::vector<std::string> pointers;
  for (std::uint32_t i = 0; i <= document.last_below(0); ++i) {
    pointers.push_back(document.pointer_to(i));
  }
  EXPECT_EQ(pointers, (std::vector<std::string>{"", "/a", "/a/b", "/a/b/0", "/a/b/1", "/a/b/1/0", "/a/b/1/1", "/",
                                                "/x~1y", "/x~1y/m~0n"}));
}

TEST(JsonReader, KnowsTheLastNodeBelowAValue) {
  const Document document = read(R"([[1,[2,[]]],"x",{"a":{"b":3}}])");
  // 0 [ 1 [ 2:1 3 [ 4:2 5:[] ] ] 6:"x" 7 { 8 { 9:3 } } ]
  const std::vector<std::uint32_t> expected{9, 5, 2, 5, 4, 5, 6, 9, 9, 9};
  for (std::uint32_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(document.last_below(i), expected[i]) << "node " << i;
  }
}

TEST(JsonReader, KnowsIntegers) {
  const Document document =
      read("[1,-0,1.0,1e3,1.5,9007199254740991,-9007199254740991,9007199254740993.0,1e300,\"1\"]");
  const std::vector<bool> expected{true, true, true, true, false, true, true, false, false, false};
  auto item = document.root().first();
  for (std::size_t i = 0; i < expected.size(); ++i, item = item->next()) {
    EXPECT_EQ(item->is_integer(), expected[i]) << "element " << i;
  }
}

TEST(JsonReader, ValuesStayReadableWhenTheirDocumentIsMoved) {
  // Short texts would lie inside a string object and move with it; long ones lie on the heap.
  for (const std::string& text : {"x"s, std::string(100, 'y')}) {
    Document first = read(R"({"key":")" + text + "\"}");
    const Document second = std::move(first);
    EXPECT_EQ(second.root().find("key")->text(), text);
    Document third = read("[]");
    third = Document(second);
    EXPECT_EQ(third.root().find("key")->text(), text);
    EXPECT_EQ(second.root().find("key")->text(), text);
  }
}

TEST(JsonReader, ReadsWhatTheWriterWrites) {
  const std::string text = R"({"a":[1,2.5,-3e-7,"\u0001\"\\",{"b":null}],"c":{"d":[[],{},true,false]},"é":"🙂"})";
  const Document document = read(text);
  EXPECT_EQ(dom(written(document.root())), dom(text));
}

// Syntax.

TEST(JsonReader, RefusesWhatIsNoJson) {
  for (const std::string_view text :
       {"",          " ",           "\n\t",       "{",        "}",          "[",         "]",       "[1,]",
        "[,1]",      "[1 2]",       "{\"a\"}",    "{\"a\":}", "{\"a\":1,}", "{a:1}",     "{'a':1}", "{1:1}",
        "nul",       "nulll",       "True",       "NaN",      "Infinity",   "-Infinity", "+1",      "01",
        "-",         "1.",          ".5",         "1e",       "1e+",        "0x1",       "\"",      "\"a",
        R"("\x41")", R"("\u12g4")", R"("\u123")", "\"a\nb\"", "\"a\tb\"",   "// c\n1",   "1 // c",  "/* c */ 1",
        "undefined", "[1}",         "{\"a\":1]"}) {
    EXPECT_EQ(verdict(text), "json_syntax") << "text: " << text;
  }
}

TEST(JsonReader, RefusesAnythingAfterTheDocument) {
  for (const std::string_view text : {"{}{}", "{} x", "1 2", "null,", "[]]", R"("a""b")", "{}//"}) {
    EXPECT_EQ(verdict(text), "json_syntax") << "text: " << text;
  }
}

TEST(JsonReader, AllowsBlanksAroundEverything) { EXPECT_EQ(verdict("\r\n\t [ 1 , { \"a\" : 2 } ] \r\n\t "), "fine"); }

TEST(JsonReader, SaysInWhichLineAndColumnASyntaxErrorStands) {
  EXPECT_EQ(place(""), "1:1");
  EXPECT_EQ(place("x"), "1:1");
  EXPECT_EQ(place("{\"a\": 1,}"), "1:9");
  EXPECT_EQ(place("{\n  \"a\": 1,\n}"), "3:1");
  EXPECT_EQ(place("{\"a\": 1} x"), "1:10");
  EXPECT_EQ(place("[1,\r\n2,\r\n x]"), "3:2");
  EXPECT_EQ(place("{\"a\": 1"), "1:8");
}

TEST(JsonReader, CountsColumnsInCharactersAndNotInBytes) {
  EXPECT_EQ(place("{\"é€🙂\": x}"), "1:9");
  EXPECT_EQ(place("[\"é\",\n\"🙂🙂\" x]"), "2:6");
}

// Encoding.

TEST(JsonReader, RefusesAByteOrderMark) {
  EXPECT_EQ(verdict("\xEF\xBB\xBF{}"), "json_encoding");
  EXPECT_EQ(place("\xEF\xBB\xBF{}"), "1:1");
}

TEST(JsonReader, AllowsAByteOrderMarkInsideAText) { EXPECT_EQ(verdict("\"\xEF\xBB\xBF\""), "fine"); }

TEST(JsonReader, RefusesEveryClassOfInvalidUtf8) {
  const std::vector<std::pair<std::string, std::string>> classes{
      {"a continuation without a lead", "\x80"},
      {"the last continuation without a lead", "\xBF"},
      {"an overlong two-byte NUL", "\xC0\x80"},
      {"an overlong two-byte letter", "\xC1\x81"},
      {"a two-byte lead alone", "\xC3"},
      {"a two-byte lead before ASCII", "\xC3("},
      {"a two-byte lead before a lead", "\xC3\xC3"},
      {"an overlong three-byte sequence", "\xE0\x9F\xBF"},
      {"three bytes cut off after one", "\xE2"},
      {"three bytes cut off after two", "\xE2\x82"},
      {"three bytes with ASCII in the middle", "\xE2(\xA1"},
      {"three bytes with ASCII at the end", "\xE2\x82("},
      {"the first surrogate", "\xED\xA0\x80"},
      {"the last surrogate", "\xED\xBF\xBF"},
      {"a surrogate pair as CESU-8", "\xED\xA0\xBD\xED\xB9\x82"},
      {"an overlong four-byte sequence", "\xF0\x8F\xBF\xBF"},
      {"four bytes cut off after one", "\xF0"},
      {"four bytes cut off after two", "\xF0\x9F"},
      {"four bytes cut off after three", "\xF0\x9F\x99"},
      {"four bytes with ASCII at the end", "\xF0\x9F\x99("},
      {"the first code point beyond Unicode", "\xF4\x90\x80\x80"},
      {"a lead of five bytes", "\xF8\x88\x80\x80\x80"},
      {"0xF5", "\xF5\x80\x80\x80"},
      {"0xFE", "\xFE"},
      {"0xFF", "\xFF"},
  };
  for (const auto& [name, bytes] : classes) {
    // At every offset within a word of eight, because text is looked at in words.
    for (std::size_t before = 0; before < 9; ++before) {
      const std::string text = "\"" + std::string(before, 'a') + bytes + "aaaaaaaaa\"";
      EXPECT_EQ(verdict(text), "json_encoding") << name << " after " << before;
      EXPECT_EQ(place(text), "1:" + std::to_string(before + 2)) << name << " after " << before;
      EXPECT_EQ(verdict("\"" + std::string(before, 'a') + bytes), "json_encoding")
          << name << " at the end after " << before;
    }
    EXPECT_EQ(verdict("{\"" + bytes + "\":1}"), "json_encoding") << name << " in a key";
    EXPECT_EQ(verdict("{}" + bytes), "json_encoding") << name << " after the document";
  }
}

TEST(JsonReader, AllowsTheFirstAndTheLastCodePointOfEveryLength) {
  for (const std::string_view bytes : {"\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
                                       "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    const std::string text = "\"" + std::string(bytes) + "\"";
    EXPECT_EQ(verdict(text), "fine");
    EXPECT_EQ(read(text).root().text(), bytes);
  }
}

TEST(JsonReader, RefusesARawNulAnywhere) {
  EXPECT_EQ(verdict("\0"s), "json_encoding");
  EXPECT_EQ(verdict("{}\0"s), "json_encoding");
  EXPECT_EQ(verdict("123\0"s), "json_encoding");
  EXPECT_EQ(verdict("\"a\0b\""s), "json_encoding");
  EXPECT_EQ(verdict("{\"a\0\":1}"s), "json_encoding");
  EXPECT_EQ(place("[1,\n\"aaaaaaaaaaaa\0\"]"s), "2:14");
}

TEST(JsonReader, ReportsAnEscapedNulWithThePointerOfItsMember) {
  EXPECT_EQ(verdict(R"("\u0000")"), "json_encoding ");
  EXPECT_EQ(verdict(R"({"a":[1,"x\u0000"]})"), "json_encoding /a/1");
}

TEST(JsonReader, ReportsAnEscapedNulInAKey) {
  EXPECT_TRUE(verdict(R"({"\u0000":1})").starts_with("json_encoding"));
  EXPECT_TRUE(verdict(R"({"a":1,"b\u0000":2})").starts_with("json_encoding"));
}

TEST(JsonReader, AnEscapedNulInAKeyIsNotBlamedOnTheMemberBefore) {
  EXPECT_NE(verdict(R"({"a":1,"b\u0000":2})"), "json_encoding /a");
  EXPECT_NE(verdict(R"({"a":{"c":1},"b\u0000":2})"), "json_encoding /a/c");
}

TEST(JsonReader, RefusesLoneSurrogatesInValuesAndKeys) {
  for (const std::string_view escapes :
       {R"(\ud83d)", R"(\ude42)", R"(\ud83dA)", R"(\ud83d\n)", R"(\ud83d\u0041)", R"(\ud83d\ud83d)", R"(\ude42\ude42)",
        R"(\ude42\ud83d)", R"(\ud83d\ude42\ud83d)", R"(\ud83d\ude42\ude42)", R"(\uD800)", R"(\uDBFF)", R"(\uDC00)",
        R"(\uDFFF)", R"(aaaa\udbffaaaaaaaaaaaaaaaaaaa)"}) {
    const std::string text(escapes);
    EXPECT_EQ(verdict("\"" + text + "\""), "json_encoding") << text;
    EXPECT_EQ(verdict("{\"" + text + "\":1}"), "json_encoding") << text << " in a key";
    EXPECT_EQ(verdict("{\"a\":[\"" + text + "\"]}"), "json_encoding") << text << " nested";
  }
}

TEST(JsonReader, TellsALoneSurrogateFromASyntaxErrorNearASurrogate) {
  // A pair is a character; what follows it is wrong for another reason.
  EXPECT_EQ(verdict(R"(["\ud83d\ude42"x])"), "json_syntax");
  EXPECT_EQ(verdict(R"(["\ud83d\ude42\x"])"), "json_syntax");
  EXPECT_EQ(verdict(R"(["\ud83d\ude42)"), "json_syntax");
}

TEST(JsonReader, AnEscapedBackslashBeforeWhatLooksLikeASurrogateIsNoEncodingError) {
  EXPECT_EQ(verdict(R"(["\\ud83d"])"), "fine");
  EXPECT_EQ(verdict(R"(["\\ud83d"x])"), "json_syntax");
  EXPECT_EQ(verdict(R"(["\\ude42",])"), "json_syntax");
}

TEST(JsonReader, JoinsSurrogatePairsInValuesAndKeys) {
  const Document document = read(R"({"\ud83d\ude42":"\uD83D\uDE42 \ud800\udc00 \udbff\udfff"})");
  EXPECT_EQ(document.root().first()->key(), "\U0001F642");
  EXPECT_EQ(document.root().first()->text(), "\U0001F642 \U00010000 \U0010FFFF");
}

// Duplicate keys.

TEST(JsonReader, ReportsDuplicateKeysWithTheirPointers) {
  const Document document = read(R"({"a":1,"b":{"c":1,"c":2,"c":3},"a":2})");
  std::vector<std::string> pointers;
  for (const TextError& error : document.errors()) {
    EXPECT_EQ(error.code, ErrorCode::json_duplicate_key);
    pointers.push_back(document.pointer_to(*error.node) + " #" + std::to_string(*error.node));
    EXPECT_EQ(error.pointer, document.pointer_to(*error.node));
  }
  EXPECT_EQ(pointers, (std::vector<std::string>{"/b/c #4", "/b/c #5", "/a #6"}));
}

TEST(JsonReader, SeesThroughEscapesInDuplicateKeys) {
  EXPECT_EQ(verdict(R"({"a":1,"\u0061":2})"), "json_duplicate_key /a");
}

TEST(JsonReader, KeysThatDifferInCaseOrNormalisationAreNoDuplicates) {
  EXPECT_EQ(verdict(R"({"a":1,"A":2})"), "fine");
  EXPECT_EQ(verdict(R"({"é":1,"e\u0301":2})"), "fine");
}

TEST(JsonReader, TheSameKeyInTwoObjectsIsNoDuplicate) {
  EXPECT_EQ(verdict(R"([{"a":1},{"a":1},{"a":{"a":1}}])"), "fine");
}

TEST(JsonReader, FindsDuplicateKeysInObjectsOfEverySize) {
  for (const int count : {2, 15, 16, 17, 18, 100}) {
    for (const int duplicate : {0, (count - 2) / 2, count - 2}) {
      std::string text = "{";
      for (int i = 0; i < count - 1; ++i) {
        text += "\"k" + std::to_string(i) + R"(":{"v":)" + std::to_string(i) + "},";
      }
      const std::string key = "k" + std::to_string(duplicate);
      EXPECT_EQ(verdict(text + "\"other\":0}"), "fine") << count;
      text += "\"" + key + "\":0}";
      const Document document = read(text);
      ASSERT_EQ(document.errors().size(), 1U) << count << " members, " << key;
      EXPECT_EQ(document.errors()[0].code, ErrorCode::json_duplicate_key);
      EXPECT_EQ(document.errors()[0].pointer, "/" + key);
      EXPECT_EQ(*document.errors()[0].node, document.last_below(0)) << "the later one is the duplicate";
    }
  }
}

TEST(JsonReader, AKeyThatStandsManyTimesIsReportedForEachButTheFirst) {
  EXPECT_EQ(read("{" + repeated("\"a\":1,", 9) + "\"a\":1}").errors().size(), 9U);
  EXPECT_EQ(read("{" + repeated("\"a\":1,", 39) + "\"a\":1}").errors().size(), 39U);
}

TEST(JsonReader, HoldsABoundedNumberOfErrors) {
  EXPECT_EQ(read("{" + repeated("\"a\":1,", 5000) + "\"a\":1}").errors().size(), limits::kReportedErrors);
}

// Numbers.

TEST(JsonReader, ReadsNumbersToTheNearestDouble) {
  const std::vector<std::pair<std::string, double>> numbers{{"0", 0.0},
                                                            {"-0", -0.0},
                                                            {"0.1", 0.1},
                                                            {"1e0", 1},
                                                            {"1E+2", 100},
                                                            {"1e-2", 0.01},
                                                            {"-1.5e3", -1500},
                                                            {"5e-324", 5e-324},
                                                            {"1e-400", 0},
                                                            {"1.7976931348623157e308", 1.7976931348623157e308},
                                                            {"123456789.125", 123456789.125}};
  for (const auto& [text, value] : numbers) {
    EXPECT_EQ(read(text).root().number(), value) << text;
  }
}

TEST(JsonReader, IntegersReachToTheLargestSafeOneAndNoFurther) {
  EXPECT_EQ(verdict("9007199254740991"), "fine");
  EXPECT_EQ(verdict("-9007199254740991"), "fine");
  for (const std::string_view text :
       {"9007199254740992", "-9007199254740992", "9007199254740993", "9223372036854775807", "-9223372036854775808",
        "9223372036854775808", "18446744073709551615", "18446744073709551616", "-18446744073709551616",
        "123456789012345678901234567890"}) {
    EXPECT_EQ(verdict(text), "json_number_range ") << text;
    EXPECT_EQ(verdict("{\"a\":[0," + std::string(text) + "]}"), "json_number_range /a/1") << text;
  }
}

TEST(JsonReader, FractionsAndExponentsMayExceedTheSafeIntegers) {
  for (const std::string_view text : {"9007199254740993.0", "1e300", "-1.5e16", "18446744073709551616.5"}) {
    EXPECT_EQ(verdict(text), "fine") << text;
  }
}

TEST(JsonReader, RefusesNumbersThatOverflow) {
  for (const std::string_view text : {"1e400", "-1e400", "1.8e308", "[0,1e999]", "{\"a\":1e309}"}) {
    EXPECT_EQ(verdict(text), "json_number_range") << text;
  }
  EXPECT_EQ(verdict(std::string(400, '9')), "json_number_range");
  EXPECT_EQ(refusal("[\n1e400]")->line, 2U);
}

// Limits.

TEST(JsonReader, Reads32LevelsAndNo33rd) {
  EXPECT_EQ(verdict(nested(32)), "fine");
  EXPECT_EQ(verdict(nested(33)), "json_too_deep");
  EXPECT_EQ(verdict(repeated("{\"a\":", 32) + "1" + repeated("}", 32)), "fine");
  EXPECT_EQ(verdict(repeated("{\"a\":", 33) + "1" + repeated("}", 33)), "json_too_deep");
  EXPECT_EQ(verdict("[" + nested(31) + "," + nested(31) + "]"), "fine") << "width is no depth";
}

TEST(JsonReader, SaysWhereADocumentIsTooDeep) {
  EXPECT_EQ(refusal(nested(33))->pointer, repeated("/0", 32));
  EXPECT_EQ(refusal("{\"a\":[0," + nested(31) + "]}")->pointer, "/a/1" + repeated("/0", 30));
}

TEST(JsonReader, IsNotExhaustedByDeepNesting) {
  EXPECT_EQ(verdict(std::string(1'000'000, '[')), "json_too_deep");
  EXPECT_EQ(verdict(repeated("{\"a\":", 500'000)), "json_too_deep");
}

TEST(JsonReader, Reads4MiBAndNoByteMore) {
  std::string text = "[1]";
  text.resize(limits::kTextBytes, ' ');
  EXPECT_EQ(text.size(), 4U * 1024 * 1024);
  EXPECT_EQ(verdict(text), "fine");
  text += ' ';
  EXPECT_EQ(verdict(text), "json_too_large");
}

TEST(JsonReader, ReadsALargeDocumentOfManySmallValues) {
  const std::size_t count = 500'000;
  const std::string text = "[" + repeated("1,", count) + "1]";
  EXPECT_EQ(read(text).root().count(), count + 1);
}

// Against another reader.

bool has_long_number(std::string_view text) {
  constexpr std::size_t kDigits = 16;  // 2^53 has as many
  std::size_t digits = 0;
  return std::ranges::any_of(text, [&](char c) {
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    return digits == kDigits;
  });
}

/// What nlohmann's own tree says about a text is what the core must say, apart from what the core refuses on purpose.
void expect_as_another_reader(std::string_view text) {
  const Json expected = Json::parse(text, nullptr, false);
  const auto actual = Document::parse(text);
  if (expected.is_discarded()) {
    ASSERT_FALSE(actual) << "accepted: " << text;
    const ErrorCode code = actual.error().code;
    ASSERT_TRUE(code == ErrorCode::json_syntax || code == ErrorCode::json_encoding ||
                code == ErrorCode::json_number_range)
        << name_of(code) << ": " << text;
    ASSERT_GE(actual.error().line, 1U) << text;
    ASSERT_GE(actual.error().column, 1U) << text;
    return;
  }
  ASSERT_TRUE(actual) << name_of(actual.error().code) << ": " << text;
  if (actual->errors().empty()) {
    ASSERT_EQ(dom(written(actual->root())), expected) << text;
    return;
  }
  // Duplicate keys, NUL and large integers: each must really be there.
  for (const TextError& error : actual->errors()) {
    const bool nul = error.code == ErrorCode::json_encoding && text.contains("\\u0000");
    const bool large = error.code == ErrorCode::json_number_range && has_long_number(text);
    const bool twice = error.code == ErrorCode::json_duplicate_key && written(actual->root()) != expected.dump();
    ASSERT_TRUE(nul || large || twice) << name_of(error.code) << ": " << text;
  }
}

/// Random JSON with everything that JSON has, and much of what is easily got wrong.
class TextGenerator {
 public:
  explicit TextGenerator(std::uint32_t seed) : random_(seed) {}

  std::string text() { return blanks() + value(0) + blanks(); }

  /// The text with some characters left out, doubled, or replaced by such as matter to JSON.
  std::string damaged(std::string text) {
    static constexpr std::string_view kMatter =
        "{}[]:,\"\\/ubtn0123456789-+.eEtrufalsn \n\t\r\x01\x1f\x7f\xc3\xa9\xed\xa0\xff'#";
    for (std::size_t n = below(3) + 1; n > 0 && !text.empty(); --n) {
      const std::size_t at = below(text.size());
      switch (below(4)) {
        case 0:
          text.erase(at, 1);
          break;
        case 1:
          text.insert(at, 1, text[at]);
          break;
        case 2:
          text.insert(at, 1, kMatter[below(kMatter.size())]);
          break;
        default:
          text[at] = kMatter[below(kMatter.size())];
      }
    }
    return text;
  }

 private:
  std::size_t below(std::size_t count) { return random_() % count; }
  std::string_view any(std::initializer_list<std::string_view> from) { return from.begin()[below(from.size())]; }
  std::string blanks() { return std::string(any({"", "", "", " ", "\n", "\t ", "\r\n"})); }

  std::string quoted() {
    std::string text = "\"";
    for (std::size_t n = below(12); n > 0; --n) {
      text += any({"a", "plain text", "é", "€", "🙂", R"(\n)", R"(\\)", R"(\")", R"(\/)", R"(\u0041)", R"(\u00e9)",
                   R"(\ud83d\ude42)", R"(\u0000)", "\x7f", "{", "]", ",", ":", "'"});
    }
    return text + "\"";
  }

  std::string value(std::size_t depth) {
    switch (below(depth > 4 ? 5 : 8)) {
      case 0:
        return std::string(any({"null", "true", "false"}));
      case 1:
      case 2:
        return std::string(any({"0", "-0", "1", "-17", "42", "999999999999999", "1000000000000000", "-123456789012345",
                                "9007199254740991", "9007199254740992", "0.5", "-1.25e3", "1E-7", "1e+21", "3.0",
                                "123456789.123456789"}));
      case 3:
      case 4:
        return quoted();
      case 5: {
        std::string text = "[" + blanks();
        for (std::size_t n = below(5); n > 0; --n) {
          text += value(depth + 1) + blanks() + (n > 1 ? "," + blanks() : "");
        }
        return text + "]";
      }
      default: {
        std::string text = "{" + blanks();
        for (std::size_t n = below(5); n > 0; --n) {
          text += quoted() + blanks() + ":" + blanks() + value(depth + 1) + blanks() + (n > 1 ? "," + blanks() : "");
        }
        return text + "}";
      }
    }
  }

  std::mt19937 random_;
};

TEST(JsonReader, AgreesWithAnotherReaderOnGeneratedTexts) {
  TextGenerator generator(20260104);
  for (int i = 0; i < 5'000; ++i) {
    expect_as_another_reader(generator.text());
    if (HasFatalFailure()) {
      return;
    }
  }
}

TEST(JsonReader, AgreesWithAnotherReaderOnDamagedTexts) {
  TextGenerator generator(20260105);
  int refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = generator.damaged(generator.text());
    expect_as_another_reader(text);
    if (HasFatalFailure()) {
      return;
    }
    refused += Document::parse(text) ? 0 : 1;
  }
  EXPECT_GT(refused, 5'000);
  EXPECT_LT(refused, 19'000);
}

TEST(JsonReader, AgreesWithAnotherReaderWhateverStandsWhereInAString) {
  // Texts are looked at in words of eight characters: every neighbourhood of every special character.
  for (const std::string_view special : {"\"", "\\", "\\n", "\\u0041", "\x01", "\x1f", "\n", " ", "!", "#", "[", "]",
                                         "\x7f", "é", "🙂", "\xA2", "\xFF"}) {
    for (std::size_t before = 0; before < 18; ++before) {
      for (std::size_t after = 0; after < 18; ++after) {
        const std::string inside = std::string(before, 'a') + std::string(special) + std::string(after, 'z');
        const std::string quoted = "\"" + inside + "\"";
        expect_as_another_reader(quoted);
        std::string object = "{";
        object.append(quoted).append(":").append(quoted).append("}");
        expect_as_another_reader(object);
        expect_as_another_reader("[\"" + inside);
        if (HasFatalFailure()) {
          return;
        }
      }
    }
  }
}

TEST(JsonReader, AgreesWithAnotherReaderOnEveryBeginningOfAText) {
  const std::string text = R"( {"a":[1,-2.5e3,true,false,null,"x\u00e9\n",{"é":{}}],"b":[[],[{}]],"c":"🙂"} )";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    expect_as_another_reader(text.substr(0, size));
    if (HasFatalFailure()) {
      return;
    }
  }
}

}  // namespace
}  // namespace pst::test
