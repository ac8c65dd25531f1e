// Records: the metadata fragment, the CRM's text, and what a sink gets.

#include "pst/records.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "pst/limits.hpp"
#include "support/documents.hpp"
#include "utf8.hpp"

namespace pst::test {
namespace {

constexpr std::string_view kId = "01234567-89ab-8def-8123-456789abcdef";
constexpr std::string_view kMark = "…";

handoff::Consent nobody_asked() { return {}; }
handoff::Consent answered(std::string_view answer) {
  return {
      .required = true, .selected = answer, .text_version = "en-1", .locale = "en", .at = "2026-01-01T10:09:05.000Z"};
}

/// A session whose data parameters are all resolved.
class Recorded {
 public:
  explicit Recorded(const Json& parameters, const Json& session = chat_session(),
                    std::string_view name = "Order status")
      : settings_(settings_of(document(parameters, name))),
        session_(session_of(session)),
        resolved_(resolve_parameters(settings_->chat.parameters_in_force(), session_, Unasked::defaulted)) {}

  [[nodiscard]] std::string fragment(const handoff::Consent& consent = {}) const {
    return records::metadata_fragment(record(consent));
  }
  [[nodiscard]] std::string text(const handoff::Consent& consent = {}) const {
    return records::crm_text(record(consent));
  }

 private:
  static Json document(const Json& parameters, std::string_view name) {
    Json document = chat_settings();
    document["virtual_agents"][0]["name"] = name;
    document["chat"]["data_parameters_enabled"] = true;
    document["chat"]["data_parameters"] = parameters;
    return document;
  }
  [[nodiscard]] records::Record record(const handoff::Consent& consent) const {
    return {.session = session_,
            .agent = settings_->agents.data(),
            .handoff_id = kId,
            .consent = consent,
            .parameters = resolved_,
            .accepted_at = "2026-01-01T10:09:06.000Z"};
  }

  std::shared_ptr<const Settings> settings_;
  Session session_;
  ResolvedParameters resolved_;
};

Json fixed(std::string_view field, const Json& value) {
  return {{"type", "fixed"}, {"field", field}, {"value", value}};
}
Json unsigned_parameter(std::string_view field, std::string_view key) {
  return {{"type", "dynamic"}, {"field", field}, {"source", "unsigned"}, {"source_field", key}};
}
Json with_unsigned(const Json& items) {
  Json session = chat_session();
  session["custom_data"] = {{"unsigned", items}};
  return session;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines{""};
  for (const char c : text) {
    if (c == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += c;
    }
  }
  return lines;
}

TEST(MetadataFragment, IsExactlyThatOfTheContract) {
  const Json parameters = Json::array({fixed("z", "csat"), fixed("a", 1.5), fixed("_1", true)});
  EXPECT_EQ(
      Recorded(parameters).fragment(answered("Yes")),
      R"({"data_parameters":{"z":"csat","a":1.5,"_1":true},"post_session_transfer":{)"
      R"("handoff_id":"01234567-89ab-8def-8123-456789abcdef","session_id":"12345","virtual_agent":{"id":"orders","name":"Order status"},)"
      R"("ended_by":"agent","opt_in":{"required":true,"selected":"Yes","text_version":"en-1","locale":"en","at":"2026-01-01T10:09:05.000Z"},)"
      R"("accepted_at":"2026-01-01T10:09:06.000Z","outcome":"accepted"}})");
}

TEST(MetadataFragment, HoldsEverythingUnchangedAndWhole) {
  const std::string hostile = "<script>\n=1+1\u202e" + std::string(5000, 'x');
  Json parameter = unsigned_parameter("p", "k");
  parameter["sensitive"] = true;
  const Recorded recorded(Json::array({parameter}),
                          with_unsigned({{"k", {{"value", hostile}, {"invisible_to_agent", true}}}}));
  EXPECT_EQ(dom(recorded.fragment())["data_parameters"]["p"], hostile);
}

TEST(MetadataFragment, SaysNothingOfAQuestionThatNobodyWasAsked) {
  const Json transfer = dom(Recorded(Json::array()).fragment(nobody_asked()))["post_session_transfer"];
  EXPECT_EQ(transfer["opt_in"].dump(),
            R"({"required":false,"selected":null,"text_version":null,"locale":null,"at":null})");
  EXPECT_EQ(transfer["outcome"], "accepted");
}

TEST(MetadataFragment, OfANoHasNoDataParameter) {
  const std::string fragment = Recorded(Json::array({fixed("secret", "marked")})).fragment(answered("No"));
  EXPECT_EQ(fragment,
            R"({"post_session_transfer":{"handoff_id":"01234567-89ab-8def-8123-456789abcdef","session_id":"12345",)"
            R"("virtual_agent":{"id":"orders","name":"Order status"},"opt_in":{"required":true,"selected":"No",)"
            R"("text_version":"en-1","locale":"en","at":"2026-01-01T10:09:05.000Z"},"outcome":"declined"}})");
}

TEST(Records, WithoutARecordedYesHoldNoDataParameter) {
  handoff::Consent silent;
  silent.required = true;
  const Recorded recorded(Json::array({fixed("secret", "marked")}));
  for (const auto& consent : {silent, answered("No"), answered("yes"), answered("")}) {
    EXPECT_FALSE(recorded.fragment(consent).contains("marked"));
    EXPECT_FALSE(recorded.text(consent).contains("marked"));
    EXPECT_FALSE(recorded.text(consent).contains("secret"));
  }
  EXPECT_TRUE(recorded.fragment(answered("Yes")).contains("marked")) << "so that the test can fail";
  EXPECT_TRUE(recorded.text(answered("Yes")).contains("marked"));
}

TEST(MetadataFragment, WithoutAnAgentSaysNull) {
  const auto settings = settings_of(chat_settings());
  const Session session = session_of(dom(R"({ "id": 7 })"));
  const handoff::Consent consent = answered("No");
  const ResolvedParameters none;
  const records::Record record{.session = session,
                               .agent = nullptr,
                               .handoff_id = kId,
                               .consent = consent,
                               .parameters = none,
                               .accepted_at = ""};
  EXPECT_TRUE(dom(records::metadata_fragment(record))["post_session_transfer"]["virtual_agent"].is_null());
  EXPECT_EQ(lines_of(records::crm_text(record))[1], "Virtual Agent: Virtual Agent");
}

TEST(CrmText, IsInThePlatformsStyle) {
  const Json parameters = Json::array(
      {fixed("order", "yes"), fixed("queueId", 502), fixed("ratio", 1e21), fixed("vip", false), fixed("empty", "")});
  EXPECT_EQ(Recorded(parameters).text(),
            "Data parameters passed to Order status\n"
            "Data parameters passed:\n"
            "order: yes\n"
            "queueId: 502\n"
            "ratio: 1e+21\n"
            "vip: false\n"
            "empty: ");
}

TEST(CrmText, OfANoSaysWhatWasAnswered) {
  EXPECT_EQ(Recorded(Json::array({fixed("p", "x")})).text(answered("No")),
            "Chatbot Workflow: Post Session Transfer - Chat\n"
            "Virtual Agent: Order status\n"
            "Opt-in: No\n"
            "Opt-in Text Version: en-1\n"
            "Opt-in Locale: en\n"
            "Answered At: 2026-01-01T10:09:05.000Z");
}

TEST(CrmText, OfANoCannotBeForgedEither) {
  handoff::Consent consent = answered("No");
  consent.locale = "en\nOpt-in: Yes";
  consent.text_version = std::string(3000, 'v');
  const std::string text =
      Recorded(Json::array(), chat_session(), "A\r\nOpt-in: Yes" + std::string(200, 'n')).text(consent);
  EXPECT_EQ(lines_of(text).size(), 6U);
  EXPECT_LE(text.size(), limits::kCrmTextBytes);
}

TEST(CrmText, HasNoLineThatAValueOrANameForged) {
  for (const std::string_view breaks :
       {"\n", "\r", "\r\n", "\v", "\f", "\x1E", "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"}) {
    const std::string forged = "x" + std::string(breaks) + "vip: true";
    const std::string text = Recorded(Json::array({fixed("p", forged)}), chat_session(), forged).text();
    const std::string blanks(breaks.size() == 2 && breaks[0] == '\r' ? 2 : 1, ' ');
    std::string value = "x";
    value += blanks;
    value += "vip: true";
    EXPECT_EQ(lines_of(text), (std::vector<std::string>{"Data parameters passed to " + value,
                                                        "Data parameters passed:", "p: " + value}));
  }
}

TEST(CrmText, LeavesOutWhatIsInvisibleToAgents) {
  const Json items = {{"a", {{"value", "seen"}, {"invisible_to_agent", false}}},
                      {"b", {{"value", "hidden"}, {"invisible_to_agent", true}}},
                      {"c", {{"value", "texts are no flags"}, {"invisible_to_agent", "true"}}},
                      {"reserved_d", {{"value", "hidden too"}, {"invisible_to_agent", true}}},
                      {"e", {{"label", "no value, so the default"}, {"invisible_to_agent", true}}}};
  Json with_default = unsigned_parameter("e", "e");
  with_default["default"] = "hidden as well";
  const Json parameters = Json::array({unsigned_parameter("a", "a"), unsigned_parameter("b", "b"),
                                       unsigned_parameter("c", "c"), fixed("reserved_d", "own"), with_default});
  EXPECT_EQ(Recorded(parameters, with_unsigned(items)).text(),
            "Data parameters passed to Order status\nData parameters passed:\na: seen\nc: texts are no flags");
}

TEST(CrmText, LeavesOutInvisibleVariablesAndClaims) {
  Json session = chat_session();
  const Json item = {{"value", "hidden"}, {"invisible_to_agent", true}};
  session["session_variables"] = {{"k", item}};
  session["custom_data"] = {{"signed", {{"k", item}}}};
  for (const std::string_view source : {"session_variables", "signed"}) {
    Json parameter = unsigned_parameter("p", "k");
    parameter["source"] = source;
    const Recorded recorded(Json::array({parameter}), session);
    EXPECT_FALSE(recorded.text().contains("p:")) << source;
    EXPECT_EQ(dom(recorded.fragment())["data_parameters"]["p"], "hidden") << "the file is no CRM";
  }
}

TEST(CrmText, LeavesOutWhatIsReadFromInsideOfSomethingInvisible) {
  Json session = chat_session();
  session["sip_headers"] = {{"X-Pin", {{"value", "1234"}, {"invisible_to_agent", true}}}};
  session["hidden"] = {{"invisible_to_agent", true}, {"deep", {{"er", "5678"}}}};
  for (const std::string_view path : {"sip_headers.X-Pin.value", "hidden.deep.er"}) {
    Json parameter = unsigned_parameter("p", path);
    parameter["source"] = "ujet_metadata";
    const Recorded recorded(Json::array({parameter}), session);
    EXPECT_FALSE(recorded.text().contains("p:")) << path;
    EXPECT_TRUE(dom(recorded.fragment())["data_parameters"].contains("p")) << path;
  }
}

TEST(CrmText, HoldsWhatIsSensitive) {
  Json parameter = fixed("p", "value");
  parameter["sensitive"] = true;
  EXPECT_TRUE(Recorded(Json::array({parameter})).text().ends_with("\np: value"));
}

TEST(CrmText, ShortensALongValue) {
  const Json parameters = Json::array({unsigned_parameter("p", "k"), fixed("q", "after")});
  const auto lines = lines_of(Recorded(parameters, with_unsigned({{"k", std::string(1001, 'x')}})).text());
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[2], "p: " + std::string(997, 'x') + std::string(kMark));
  EXPECT_EQ(lines[3], "q: after");
  const auto whole = lines_of(Recorded(parameters, with_unsigned({{"k", std::string(1000, 'x')}})).text());
  EXPECT_EQ(whole[2], "p: " + std::string(1000, 'x'));
}

TEST(CrmText, SaysHowManyLinesDidNotFit) {
  Json parameters = Json::array();
  for (int i = 0; i < 9; ++i) parameters.push_back(fixed("p" + std::to_string(i), std::string(900, 'x')));
  const std::string text = Recorded(parameters).text();
  const auto lines = lines_of(text);
  EXPECT_LE(text.size(), limits::kCrmTextBytes);
  ASSERT_EQ(lines.size(), 7U);
  EXPECT_EQ(lines[5], "p3: " + std::string(900, 'x'));
  EXPECT_EQ(lines[6], "(shortened: 5 more)");
}

TEST(CrmText, IsWholeWhenItFitsExactly) {
  const std::string head = "Data parameters passed to Order status\nData parameters passed:";
  Json parameters = Json::array();
  for (int i = 0; i < 3; ++i) parameters.push_back(fixed("p" + std::to_string(i), std::string(1000, 'x')));
  const std::size_t rest = limits::kCrmTextBytes - head.size() - std::size_t{3} * (5 + 1000) - 5;
  parameters.push_back(fixed("p3", std::string(rest, 'x')));
  const std::string text = Recorded(parameters).text();
  EXPECT_EQ(text.size(), limits::kCrmTextBytes);
  EXPECT_FALSE(text.contains("shortened"));
  parameters[3]["value"] = std::string(rest + 1, 'x');
  EXPECT_TRUE(Recorded(parameters).text().ends_with("\n(shortened: 1 more)"));
}

TEST(SinkBody, IsExactlyThatOfTheContract) {
  EXPECT_EQ(records::sink_body(kId, RecordKind::metadata, records::Content::fragment, R"({"a":1})", "now"),
            R"({"schema":1,"handoff_id":"01234567-89ab-8def-8123-456789abcdef","record":"metadata","fragment":{"a":1},)"
            R"("written_at":"now"})");
  EXPECT_EQ(records::sink_body(kId, RecordKind::crm, records::Content::text, "a\n\"b\"", "now"),
            R"({"schema":1,"handoff_id":"01234567-89ab-8def-8123-456789abcdef","record":"crm","text":"a\n\"b\"",)"
            R"("written_at":"now"})");
  EXPECT_EQ(dom(records::sink_body(kId, RecordKind::consent, records::Content::text, "", "now"))["record"], "consent");
}

/// Hostile text out of pieces that have something to do with lines, directions, joins and cuts.
std::string hostile_text(std::mt19937& random) {
  constexpr std::array<std::string_view, 26> kPieces{"\n",
                                                     "\r",
                                                     "\xC2\x85",
                                                     "\xE2\x80\xA8",
                                                     "\xE2\x80\xAE",
                                                     "\x01",
                                                     "\x7F",
                                                     "\xC2\x9F",
                                                     "vip: true",
                                                     "(shortened: 9 more)",
                                                     ": ",
                                                     " ",
                                                     "ä",
                                                     "漢",
                                                     "🙂",
                                                     "e\xCC\x81",
                                                     "\xCC\x81",
                                                     "\xE2\x80\x8D",
                                                     "\xEF\xB8\x8F",
                                                     "\xF0\x9F\x8F\xBD",
                                                     "\xF0\x9F\x87\xA9",
                                                     "\xE0\xA4\xBF",
                                                     "\xF4\x8F\xBF\xBF",
                                                     "\xEF\xBF\xBE",
                                                     "Data parameters passed:",
                                                     "…"};
  std::uniform_int_distribution<std::size_t> piece(0, kPieces.size() - 1);
  // Now and then one that is as long as values can be; most of them short.
  const std::size_t longest = std::uniform_int_distribution(0, 3)(random) == 0 ? 400 : 12;
  std::string text;
  for (std::size_t n = std::uniform_int_distribution<std::size_t>(0, longest)(random); n > 0; --n)
    text += kPieces[piece(random)];
  return text;
}

TEST(CrmText, HoldsAgainstWhateverTheValuesAre) {
  constexpr std::uint32_t kSeed = 20'260'101;
  std::mt19937 random(kSeed);
  int shortened_texts = 0;
  for (int round = 0; round < 400; ++round) {
    const std::size_t count = std::uniform_int_distribution<std::size_t>(0, 40)(random);
    Json parameters = Json::array();
    Json items = Json::object();
    std::size_t visible = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string key = "k" + std::to_string(i);
      const bool invisible = std::uniform_int_distribution(0, 4)(random) == 0;
      items[key] = {{"value", hostile_text(random)}, {"invisible_to_agent", invisible}};
      parameters.push_back(unsigned_parameter(key, key));
      if (!invisible) ++visible;
    }
    const std::string text = Recorded(parameters, with_unsigned(items)).text();
    SCOPED_TRACE(testing::Message() << "seed " << kSeed << ", round " << round);
    ASSERT_LE(text.size(), limits::kCrmTextBytes);
    ASSERT_EQ(utf8::find_invalid(text), std::string_view::npos);
    const auto lines = lines_of(text);
    // Each line but the last has the key of its own place.
    std::size_t next = 0;
    std::size_t shown = 0;
    for (std::size_t i = 2; i < lines.size(); ++i) {
      ASSERT_LE(lines[i].size(), limits::kCrmValueBytes + 5);
      ASSERT_TRUE(std::ranges::none_of(lines[i], [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
      while (next < count && items["k" + std::to_string(next)]["invisible_to_agent"] == true) ++next;
      if (next < count && lines[i].starts_with("k" + std::to_string(next) + ": ")) {
        ++next;
        ++shown;
        continue;
      }
      ASSERT_EQ(i, lines.size() - 1);
      ASSERT_EQ(lines[i], "(shortened: " + std::to_string(visible - shown) + " more)");
      ++shortened_texts;
      shown = visible;
    }
    ASSERT_EQ(shown, visible);
  }
  EXPECT_GT(shortened_texts, 20) << "otherwise the caps were not reached";
}

TEST(CrmText, HoldsAgainstWhateverTheNameIs) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::string name = "n" + hostile_text(random);
    if (utf8::count_characters(name) > limits::kNameCharacters) continue;
    const auto lines = lines_of(Recorded(Json::array({fixed("p", 1)}), chat_session(), name).text());
    ASSERT_EQ(lines.size(), 3U) << testing::PrintToString(name);
    ASSERT_TRUE(lines[0].starts_with("Data parameters passed to n"));
    ASSERT_EQ(lines[2], "p: 1");
  }
}

}  // namespace
}  // namespace pst::test
