// The policy handle: settings in force, and the tagged answers of the boundary.

#include "pst/policy.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "support/documents.hpp"
#include "support/urls.hpp"

namespace pst::test {
namespace {

Json opened(Policy& policy, std::string_view text) {
  std::string out;
  policy.open(text, out);
  return dom(out);
}

Json accepted(Policy& policy, std::string_view facts) {
  std::string out;
  policy.accept(facts, out);
  return dom(out);
}

Json evaluated(const Policy& policy, std::string_view session) {
  std::string out;
  policy.evaluate(session, out);
  return dom(out);
}

/// The facts about the URLs that `open` asks for, as the bindings send them.
std::string facts_for(const Json& urls) {
  Json facts = Json::array();
  for (const Json& url : urls) {
    const auto fact = url_fact(url.get<std::string>());
    facts.push_back(fact ? Json{{"href", fact->href},
                                {"origin", fact->origin},
                                {"protocol", fact->protocol},
                                {"hostname", fact->hostname},
                                {"userinfo", fact->userinfo}}
                         : Json(nullptr));
  }
  return Json{{"urls", facts}}.dump();
}

Json load(Policy& policy, const Json& document) {
  const Json answer = opened(policy, document.dump());
  EXPECT_EQ(answer["type"], "facts_needed");
  return accepted(policy, facts_for(answer["urls"]));
}

TEST(PolicyHandle, AsksForTheFactsAboutUrls) {
  Policy policy;
  EXPECT_EQ(opened(policy, full_settings().dump()).dump(),
            R"({"type":"facts_needed","urls":["https://bots.example.com/handoff","https://broker.example.com"]})");
}

TEST(PolicyHandle, AsksForNoFactsAboutATextThatIsNoSettings) {
  Policy policy;
  EXPECT_EQ(opened(policy, "{").dump(), R"({"type":"facts_needed","urls":[]})");
}

TEST(PolicyHandle, AnswersASuccessWithAllWarnings) {
  Policy policy;
  EXPECT_EQ(load(policy, chat_settings()).dump(), R"({"type":"success","warnings":[],"prompt_timeout_s":0})");
  Json document = chat_settings();
  document["chat"]["chat_types"] = dom(R"(["web", "sms"])");
  const Json answer = load(policy, document);
  EXPECT_EQ(answer["type"], "success");
  ASSERT_EQ(answer["warnings"].size(), 1U);
  EXPECT_EQ(answer["warnings"][0]["code"], "chat_type_unsupported");
  EXPECT_EQ(answer["warnings"][0]["pointer"], "/chat/chat_types/1");
}

TEST(PolicyHandle, AnswersAFailureWithAllErrors) {
  Policy policy;
  Json document = chat_settings();
  document["chat"]["opt_in"] = 1;
  document["virtual_agents"][0]["endpoint"]["url"] = "http://bots.example.com";
  const Json answer = load(policy, document);
  ASSERT_EQ(answer["type"], "failure");
  ASSERT_EQ(answer["errors"].size(), 2U);
  EXPECT_EQ(answer["errors"][0]["code"], "url_insecure");
  EXPECT_EQ(answer["errors"][1]["code"], "type_mismatch");
  EXPECT_EQ(answer["errors"][1]["pointer"], "/chat/opt_in");
  EXPECT_FALSE(answer["errors"][1].contains("line"));
}

TEST(PolicyHandle, SaysLineAndColumnOfATextThatIsNoJson) {
  Policy policy;
  opened(policy, "{\n  x");
  const Json answer = accepted(policy, R"({"urls":[]})");
  ASSERT_EQ(answer["type"], "failure");
  EXPECT_EQ(answer["errors"][0]["code"], "json_syntax");
  EXPECT_EQ(answer["errors"][0]["line"], 2);
  EXPECT_EQ(answer["errors"][0]["column"], 3);
}

TEST(PolicyHandle, SaysTheLimitThatWasExceeded) {
  Policy policy;
  Json document = minimal_settings();
  document["virtual_agents"][0]["name"] = std::string(300, 'x');
  const Json answer = load(policy, document);
  EXPECT_EQ(answer["errors"][0]["limit"], 256);
  EXPECT_EQ(answer["errors"][0]["unit"], "characters");
}

TEST(PolicyHandle, HasNoSettingsAtFirst) {
  Policy policy;
  EXPECT_EQ(policy.settings(), nullptr);
  EXPECT_EQ(evaluated(policy, chat_session().dump())["decision"]["reason"], "not_configured");
}

TEST(PolicyHandle, AFailedLoadKeepsTheSettingsInForce) {
  Policy policy;
  load(policy, chat_settings());
  const auto before = policy.settings();
  ASSERT_NE(before, nullptr);
  for (const std::string_view bad : {"", "{", "[]", R"({"version":2,"virtual_agents":[]})", R"({"version":1})"}) {
    opened(policy, bad);
    EXPECT_EQ(accepted(policy, R"({"urls":[]})")["type"], "failure") << bad;
    EXPECT_EQ(policy.settings(), before) << bad;
  }
  EXPECT_EQ(evaluated(policy, chat_session().dump())["decision"]["outcome"], "transfer");
}

TEST(PolicyHandle, OpeningAloneChangesNothing) {
  Policy policy;
  load(policy, chat_settings());
  const auto before = policy.settings();
  opened(policy, minimal_settings().dump());
  EXPECT_EQ(policy.settings(), before);
}

TEST(PolicyHandle, TheDocumentOpenedLastComesIntoForce) {
  Policy policy;
  opened(policy, "{");
  const Json answer = opened(policy, chat_settings().dump());
  EXPECT_EQ(accepted(policy, facts_for(answer["urls"]))["type"], "success");
  EXPECT_TRUE(policy.settings()->chat.enabled);
  EXPECT_EQ(load(policy, minimal_settings())["type"], "success");
  EXPECT_FALSE(policy.settings()->chat.enabled);
}

TEST(PolicyHandle, AcceptingWithoutOpeningIsAFailure) {
  Policy policy;
  EXPECT_EQ(accepted(policy, R"({"urls":[]})")["type"], "failure");
  load(policy, chat_settings());
  const auto before = policy.settings();
  EXPECT_EQ(accepted(policy, R"({"urls":[]})")["type"], "failure") << "a document is accepted once";
  EXPECT_EQ(policy.settings(), before);
}

TEST(PolicyHandle, FactsThatAreNoneRefuseTheUrls) {
  for (
      const std::string_view facts :
      {"", "{", "[]", "null", "{}", R"({"urls":null})", R"({"urls":{}})", R"({"urls":[]})", R"({"urls":[null]})",
       R"({"urls":["https://bots.example.com/handoff"]})", R"({"urls":[{}]})",
       R"({"urls":[{"protocol":"https:","hostname":"bots.example.com","href":"https://bots.example.com/","origin":"https://bots.example.com"}]})",
       R"({"urls":[{"protocol":"https:","hostname":"h","href":"h","origin":"o","userinfo":"no"}]})",
       R"({"urls":[{"protocol":7,"hostname":"h","href":"h","origin":"o","userinfo":false}]})"}) {
    Policy policy;
    opened(policy, minimal_settings().dump());
    const Json answer = accepted(policy, facts);
    ASSERT_EQ(answer["type"], "failure") << facts;
    EXPECT_EQ(answer["errors"][0]["code"], "url_invalid") << facts;
    EXPECT_EQ(answer["errors"][0]["pointer"], "/virtual_agents/0/endpoint/url") << facts;
  }
}

TEST(PolicyHandle, EvaluatesToATaggedDecision) {
  Policy policy;
  load(policy, chat_settings());
  const Json answer = evaluated(policy, chat_session().dump());
  EXPECT_EQ(answer["type"], "success");
  EXPECT_EQ(answer["decision"]["outcome"], "transfer");
  EXPECT_EQ(answer["decision"]["virtual_agent"], "orders");
  EXPECT_EQ(answer["decision"]["trace"].size(), 9U);
}

TEST(PolicyHandle, EvaluatesABadSessionToATaggedFailure) {
  Policy policy;
  const Json answer = evaluated(policy, R"({"id":""})");
  ASSERT_EQ(answer["type"], "failure");
  EXPECT_EQ(answer["errors"][0]["code"], "value_invalid");
  EXPECT_EQ(answer["errors"][0]["pointer"], "/id");
  EXPECT_EQ(evaluated(policy, "nonsense")["errors"][0]["code"], "json_syntax");
}

// Many sessions at once.

std::string simulated(const Policy& policy, std::string_view lines) {
  std::string out;
  policy.simulate(lines, out);
  return out;
}

TEST(PolicySimulation, AnswersOneLineForEachLine) {
  Policy policy;
  load(policy, chat_settings());
  const std::string line = chat_session().dump();
  const std::string expected =
      R"({"id":"12345","outcome":"transfer","reason":"eligible","level":"global","virtual_agent":"orders","opt_in":false,"data_parameters":{},"data_records":{"in_metadata":false,"in_crm_record":false}})"
      "\n";
  EXPECT_EQ(simulated(policy, line), expected);
  EXPECT_EQ(simulated(policy, line + "\n"), expected);
  EXPECT_EQ(simulated(policy, line + "\r\n" + line), expected + expected);
}

TEST(PolicySimulation, ABlankLineIsABlankLine) {
  const Policy policy;
  EXPECT_EQ(simulated(policy, ""), "");
  EXPECT_EQ(simulated(policy, "\n"), "\n");
  EXPECT_EQ(simulated(policy, " \t\r\n\n"), "\n\n");
}

TEST(PolicySimulation, GoesOnAfterALineThatIsNoSession) {
  Policy policy;
  load(policy, chat_settings());
  const std::string out = simulated(policy, "nonsense\n{}\n" + chat_session().dump() + "\n");
  const std::size_t first = out.find('\n');
  const std::size_t second = out.find('\n', first + 1);
  EXPECT_EQ(dom(out.substr(0, first))["errors"][0]["code"], "json_syntax");
  EXPECT_EQ(dom(out.substr(first + 1, second - first - 1))["errors"][0]["pointer"], "/id");
  EXPECT_EQ(dom(out.substr(second + 1))["outcome"], "transfer");
}

TEST(PolicySimulation, ASkippedSessionHasNoParametersAndAsksForNothing) {
  Policy policy;
  load(policy, full_settings());
  Json session = chat_session();
  session["ended_by"] = "timeout";
  const Json line = dom(simulated(policy, session.dump()));
  EXPECT_EQ(line["data_parameters"], Json::object());
  EXPECT_FALSE(line.contains("asks"));
  EXPECT_FALSE(line.contains("missing"));
}

TEST(PolicySimulation, NamesWhatIsMissingAndWhatWouldBeAsked) {
  Policy policy;
  Json document = chat_settings();
  document["chat"]["data_parameters_enabled"] = true;
  document["chat"]["data_parameters"] = dom(R"([
    { "type": "fixed", "field": "open", "value": 1 },
    { "type": "fixed", "field": "hidden", "value": "secret", "sensitive": true },
    { "type": "dynamic", "field": "must", "source": "unsigned", "source_field": "gone", "required": true },
    { "type": "dynamic", "field": "may", "source": "unsigned", "source_field": "gone" },
    { "type": "dynamic", "field": "phone", "source": "form", "source_field": "phone", "required": true },
    { "type": "dynamic", "field": "note", "source": "form", "source_field": "note", "default": "none" }])");
  load(policy, document);
  const Json line = dom(simulated(policy, chat_session().dump()));
  EXPECT_EQ(line["data_parameters"].dump(), R"({"open":1,"hidden":"***"})");
  EXPECT_EQ(line["missing"].dump(), R"(["must"])") << "a form field is asked for, and so is not missing yet";
  EXPECT_EQ(line["asks"].dump(), R"(["phone","note"])");
}

TEST(PolicyHandle, ManySettingsInARowLeaveOnlyTheLast) {
  Policy policy;
  for (int i = 0; i < 50; ++i) {
    load(policy, i % 2 == 0 ? full_settings() : minimal_settings());
  }
  EXPECT_EQ(policy.settings()->agents.size(), 1U);
}

}  // namespace
}  // namespace pst::test
