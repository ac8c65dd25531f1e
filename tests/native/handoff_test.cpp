// The hand-off's key and its body.

#include "pst/handoff.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "support/documents.hpp"

namespace pst::test {
namespace {

constexpr std::string_view kDigest = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

std::string identity(const Json& settings, const Json& session) {
  const auto loaded = settings_of(settings);
  const Session facts = session_of(session);
  return handoff::identity_text(facts, evaluate(loaded.get(), facts));
}

TEST(HandoffId, IsMadeFromTenantSessionAndAgent) {
  EXPECT_EQ(identity(chat_settings(), chat_session()), R"(["acme","12345","orders"])");
}

TEST(HandoffId, HasNullForWhatIsMissing) {
  Json session = chat_session();
  session.erase("tenant");
  EXPECT_EQ(identity(chat_settings(), session), R"([null,"12345","orders"])");
  session["post_session"]["required"] = true;
  const Session facts = session_of(session);
  EXPECT_EQ(handoff::identity_text(facts, evaluate(nullptr, facts)), R"([null,"12345",null])");
}

TEST(HandoffId, IsTheSameForANumberAndItsText) {
  Json number = chat_session();
  number["id"] = 12345;
  EXPECT_EQ(identity(chat_settings(), number), identity(chat_settings(), chat_session()));
}

TEST(HandoffId, CannotBeForgedByTextsThatRunTogether) {
  Json one = chat_session();
  one["tenant"] = R"(a","b)";
  one["id"] = "c";
  Json other = chat_session();
  other["tenant"] = "a";
  other["id"] = R"(b","c)";
  EXPECT_NE(identity(chat_settings(), one), identity(chat_settings(), other));
  EXPECT_EQ(identity(chat_settings(), one), R"(["a\",\"b","c","orders"])");
}

TEST(HandoffId, DoesNotDependOnAnythingElse) {
  Json session = chat_session();
  session["lang"] = "de";
  session["ended_by"] = "end_user";
  session["custom_data"] = nullptr;
  EXPECT_EQ(identity(chat_settings(), session), identity(chat_settings(), chat_session()));
}

TEST(HandoffId, IsAUuidOfVersionEight) {
  EXPECT_EQ(handoff::id_from_digest(kDigest), "00112233-4455-8677-8899-aabbccddeeff");
}

TEST(HandoffId, SetsVersionAndVariantWhateverTheDigest) {
  for (const char digit : std::string_view("0123456789abcdef")) {
    const auto id = handoff::id_from_digest(std::string(64, digit));
    ASSERT_TRUE(id) << digit;
    EXPECT_EQ(id->size(), 36U);
    EXPECT_EQ((*id)[14], '8') << *id;
    EXPECT_NE(std::string_view("89ab").find((*id)[19]), std::string_view::npos) << *id;
    for (std::size_t i = 0; i < id->size(); ++i) {
      const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
      EXPECT_EQ((*id)[i] == '-', dash) << *id;
      EXPECT_TRUE(dash || i == 14 || i == 19 || (*id)[i] == digit) << *id;
    }
  }
}

TEST(HandoffId, KeepsTheTwoLowBitsOfTheVariantDigit) {
  std::string text(64, '0');
  for (const auto& [digit, expected] :
       {std::pair{'0', '8'}, {'1', '9'}, {'2', 'a'}, {'3', 'b'}, {'4', '8'}, {'7', 'b'}, {'c', '8'}, {'f', 'b'}}) {
    text[16] = digit;
    EXPECT_EQ((*handoff::id_from_digest(text))[19], expected) << digit;
  }
}

TEST(HandoffId, IsNothingWithoutAWholeDigest) {
  EXPECT_EQ(handoff::id_from_digest(""), std::nullopt);
  EXPECT_EQ(handoff::id_from_digest(kDigest.substr(1)), std::nullopt);
  EXPECT_EQ(handoff::id_from_digest(std::string(kDigest) + "0"), std::nullopt);
  for (const char bad : {'g', 'G', ' ', '-', '\0', '/', ':', '`'}) {
    std::string text(kDigest);
    text[63] = bad;
    EXPECT_EQ(handoff::id_from_digest(text), std::nullopt) << bad;
  }
}

std::string envelope(const Json& settings, const Json& session, const handoff::Consent& consent) {
  const auto loaded = settings_of(settings);
  const Session facts = session_of(session);
  const Decision decision = evaluate(loaded.get(), facts);
  const ResolvedParameters parameters =
      resolve_parameters(loaded->chat.parameters_in_force(), facts, Unasked::defaulted);
  return handoff::envelope_text({.session = facts,
                                 .decision = decision,
                                 .handoff_id = "the-id",
                                 .consent = consent,
                                 .parameters = parameters,
                                 .decided_at = "2026-01-01T10:09:00.000Z"});
}

TEST(Envelope, IsExactlyThatOfTheContract) {
  Json settings = chat_settings();
  settings["chat"]["opt_in"] = true;
  settings["chat"]["data_parameters_enabled"] = true;
  settings["chat"]["data_parameters"] =
      dom(R"([{ "type": "dynamic", "field": "queueId", "source": "ujet_metadata", "source_field": "queue.id" }])");
  settings["chat"]["data_records"] = dom(R"({ "in_metadata": true })");
  Json session = chat_session();
  session["queue"]["id"] = 502;
  const handoff::Consent consent{
      .required = true, .selected = "Yes", .text_version = "en-1", .locale = "en", .at = "2026-01-01T10:09:05.000Z"};
  EXPECT_EQ(
      envelope(settings, session, consent),
      R"({"schema":1,"handoff_id":"the-id","session":{"id":"12345","lang":"en","queue_id":"502","ended_by":"agent"},)"
      R"("virtual_agent":{"id":"orders","name":"Order status"},)"
      R"("opt_in":{"required":true,"selected":"Yes","text_version":"en-1","locale":"en","at":"2026-01-01T10:09:05.000Z"},)"
      R"("data_parameters":{"queueId":502},"data_records":{"in_metadata":true,"in_crm_record":false},"decided_at":"2026-01-01T10:09:00.000Z"})");
}

TEST(Envelope, SaysNullWhereNobodyWasAsked) {
  const handoff::Consent consent{
      .required = false, .selected = std::nullopt, .text_version = "en-1", .locale = "en", .at = "x"};
  const Json body = dom(envelope(chat_settings(), chat_session(), consent));
  EXPECT_EQ(body["opt_in"].dump(), R"({"required":false,"selected":null,"text_version":null,"locale":null,"at":null})");
  EXPECT_EQ(body["data_parameters"].dump(), "{}");
}

TEST(Envelope, SaysNullForSessionFactsThatAreMissing) {
  const Json session = dom(
      R"({ "id": 7, "channel": "chat", "sdk": { "platform": "web", "version": "3.0.0" }, "chat_type": "web", "ended_by": "agent" })");
  EXPECT_EQ(dom(envelope(chat_settings(), session, {}))["session"].dump(),
            R"({"id":"7","lang":null,"queue_id":null,"ended_by":"agent"})");
}

TEST(Envelope, KeepsHostileTextsInTheirPlaces) {
  Json settings = chat_settings();
  settings["virtual_agents"][0]["name"] = "x\",\"handoff_id\":\"forged\n\u202e";
  Json session = chat_session();
  session["lang"] = "\"}";
  const Json body = dom(envelope(settings, session, {}));
  EXPECT_EQ(body["virtual_agent"]["name"], settings["virtual_agents"][0]["name"]);
  EXPECT_EQ(body["session"]["lang"], "\"}");
  EXPECT_EQ(body["handoff_id"], "the-id");
}

}  // namespace
}  // namespace pst::test
