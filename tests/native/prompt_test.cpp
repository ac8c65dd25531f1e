// The prompt: what is said, and that a hostile name stays in its place.

#include "pst/prompt.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/dom.hpp"

namespace pst::test {
namespace {

constexpr std::string_view kIsolate = "\u2068";
constexpr std::string_view kPop = "\u2069";

const Catalogue kEnglishTexts;

std::string body_for(std::string_view name) {
  return make_prompt(kEnglishTexts, PromptKind::opt_in, name, std::nullopt).body;
}

/// What stands between the isolating marks, which must each occur once and in this order.
std::string shown_name(std::string_view name) {
  const std::string body = body_for(name);
  const std::size_t from = body.find(kIsolate);
  const std::size_t to = body.find(kPop);
  if (from == std::string::npos || to == std::string::npos || to < from || body.rfind(kIsolate) != from ||
      body.rfind(kPop) != to) {
    ADD_FAILURE() << "not isolated: " << body;
    return {};
  }
  return body.substr(from + kIsolate.size(), to - from - kIsolate.size());
}

Json written(const Prompt& prompt) {
  std::string text;
  json::Writer writer(text);
  write(writer, prompt);
  return dom(text);
}

TEST(PromptTexts, NameTheAgentAndSayThatItIsNoPerson) {
  EXPECT_EQ(body_for("Order status"),
            "Would you like to continue with \u2068Order status\u2069? It is a virtual agent, not a person.");
}

TEST(PromptTexts, SpeakOfAServiceWhereItHasNoName) {
  const std::string body = body_for("");
  EXPECT_NE(body.find("our automated service?"), std::string::npos);
  EXPECT_EQ(body.find(kIsolate), std::string::npos);
}

TEST(PromptTexts, PutTheNameOnOneLine) {
  EXPECT_EQ(shown_name("a\nb"), "a b");
  EXPECT_EQ(shown_name("a\r\nb"), "a  b");
  EXPECT_EQ(shown_name("a\tb\vc\fd"), "a b c d");
  EXPECT_EQ(shown_name("a\u0085b"), "a b");
  EXPECT_EQ(shown_name("a\u2028b\u2029c"), "a b c");
  EXPECT_EQ(shown_name("a\x7f\x1b[31mb"), "a  [31mb");
}

TEST(PromptTexts, LetNoDirectionMarkReachBeyondTheName) {
  for (const std::string_view mark : {"\u061C", "\u200E", "\u200F", "\u202A", "\u202B", "\u202C", "\u202D", "\u202E",
                                      "\u2066", "\u2067", "\u2068", "\u2069"}) {
    EXPECT_EQ(shown_name("a" + std::string(mark) + "b"), "a b");
    EXPECT_EQ(shown_name(mark), " ");
  }
}

TEST(PromptTexts, KeepEveryOtherCharacterOfAName) {
  for (const std::string_view name :
       {"Zoë", "日本語", "עברית", "عربي", "🙂👩‍👩‍👧", "a-b_c.d", "<b>bold</b>", "{0}", "%s", "\u00A0",
        "\u200B\u200C\u200D", "\u2027\u202F\u2065\u206A\u061B\u061D"}) {
    EXPECT_EQ(shown_name(name), name);
  }
}

TEST(PromptTexts, ANameThatLooksLikeAPlaceholderIsNotFilledAgain) { EXPECT_EQ(shown_name("{0}{0}"), "{0}{0}"); }

TEST(PromptTexts, ExistForEveryKind) {
  for (std::size_t i = 0; i < kNames<PromptKind>.size(); ++i) {
    const auto kind = static_cast<PromptKind>(i);
    const Prompt prompt = make_prompt(kEnglishTexts, kind, "N", Reason::server_error);
    EXPECT_FALSE(prompt.title.empty()) << name_of(kind);
    EXPECT_FALSE(prompt.body.empty()) << name_of(kind);
    EXPECT_EQ(prompt.body.find("{0}"), std::string::npos) << name_of(kind);
    EXPECT_EQ(prompt.kind, kind);
  }
}

TEST(PromptTexts, OfferActionsWhereThereIsSomethingToAnswer) {
  const auto actions = [](PromptKind kind) {
    std::vector<ActionName> names;
    for (const PromptAction& one : make_prompt(kEnglishTexts, kind, "N", std::nullopt).actions)
      names.push_back(one.action);
    return names;
  };
  EXPECT_EQ(actions(PromptKind::opt_in), (std::vector{ActionName::yes, ActionName::no}));
  EXPECT_EQ(actions(PromptKind::stalled), (std::vector{ActionName::try_again, ActionName::not_now}));
  for (const PromptKind kind : {PromptKind::connecting, PromptKind::waiting_online, PromptKind::connected,
                                PromptKind::failed, PromptKind::declined, PromptKind::expired}) {
    EXPECT_TRUE(actions(kind).empty()) << name_of(kind);
  }
}

TEST(PromptTexts, AreBusyWhileWeWaitForTheOtherSide) {
  for (std::size_t i = 0; i < kNames<PromptKind>.size(); ++i) {
    const auto kind = static_cast<PromptKind>(i);
    EXPECT_EQ(make_prompt(kEnglishTexts, kind, "N", std::nullopt).busy,
              kind == PromptKind::connecting || kind == PromptKind::waiting_online)
        << name_of(kind);
  }
}

TEST(PromptTexts, SayWhyItFailedWithoutAStatusCode) {
  for (std::size_t i = 0; i < kNames<Reason>.size(); ++i) {
    const auto reason = static_cast<Reason>(i);
    for (const PromptKind kind : {PromptKind::stalled, PromptKind::failed}) {
      const Prompt prompt = make_prompt(kEnglishTexts, kind, "N", reason);
      EXPECT_EQ(prompt.reason, reason);
      EXPECT_EQ(prompt.body.find_first_of("0123456789"), std::string::npos) << prompt.body;
      const bool names_the_agent = prompt.body.find("\u2068N\u2069") != std::string::npos;
      EXPECT_EQ(names_the_agent, reason != Reason::too_many_tries) << prompt.body;
    }
  }
}

TEST(PromptTexts, GiveAReasonOnlyForFailures) {
  for (const PromptKind kind : {PromptKind::opt_in, PromptKind::connecting, PromptKind::connected, PromptKind::declined,
                                PromptKind::expired, PromptKind::waiting_online}) {
    EXPECT_EQ(make_prompt(kEnglishTexts, kind, "N", Reason::server_error).reason, std::nullopt) << name_of(kind);
  }
}

TEST(PromptTexts, AreOneFlatValue) {
  Prompt prompt = make_prompt(kEnglishTexts, PromptKind::opt_in, "Bot", std::nullopt);
  prompt.seq = 3;
  EXPECT_EQ(written(prompt), dom(R"({
    "kind": "opt_in", "title": "Your chat has ended", "body": "Would you like to continue with \u2068Bot\u2069? It is a virtual agent, not a person.",
    "note": "", "fields": [], "shared": null, "messages": [], "link": null, "actions": [{ "action": "yes", "label": "Yes" }, { "action": "no", "label": "No" }],
    "announce": { "seq": 3, "text": "Your chat has ended. Would you like to continue with \u2068Bot\u2069? It is a virtual agent, not a person." },
    "focus": "none", "busy": false, "lang": "en", "dir": "ltr", "reason": null })"));
  EXPECT_EQ(written(make_prompt(kEnglishTexts, PromptKind::stalled, "Bot", Reason::rate_limited))["reason"],
            "rate_limited");
}

TEST(CatalogueOfTexts, IsEnglishWithAVersionThatGoesOnRecord) {
  EXPECT_EQ(kEnglishTexts.version, "en-1");
  EXPECT_EQ(kEnglishTexts.locale, "en");
  EXPECT_EQ(kEnglishTexts.direction, "ltr");
}

Catalogue catalogue_of(std::string_view text) {
  const auto document = json::Document::parse(text);
  return Catalogue::from(document->root());
}

TEST(CatalogueOfTexts, TakesAnotherLanguageAndStaysEnglishWhereATextIsMissing) {
  const Catalogue catalogue = catalogue_of(
      R"({"locale":"ar","version":"ar-1","dir":"rtl","texts":{"yes":"\u0646\u0639\u0645","no":7,"declined_body":""}})");
  EXPECT_EQ(catalogue.locale, "ar");
  EXPECT_EQ(catalogue.version, "ar-1");
  EXPECT_EQ(catalogue.direction, "rtl");
  EXPECT_EQ(catalogue.text(MessageKey::yes), "\u0646\u0639\u0645");
  EXPECT_EQ(catalogue.text(MessageKey::no), "No");
  const Prompt declined = make_prompt(catalogue, PromptKind::declined, "N", std::nullopt);
  EXPECT_EQ(declined.body, "");
  EXPECT_EQ(declined.announcement, declined.title);
  EXPECT_EQ(catalogue_of(R"({"dir":"<b>"})").direction, "ltr");
}

TEST(CatalogueOfTexts, FillsInEachPlaceholderOnceAndNothingElse) {
  const Catalogue catalogue = catalogue_of(R"({"texts":{"announce":"{1} {x} {0} {0} {"}})");
  EXPECT_EQ(catalogue.filled(MessageKey::announce, "{1}", "{0}"), "{0} {x} {1} {1} {");
}

}  // namespace
}  // namespace pst::test
