// The settings document: what loads, and every way in which one does not.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pst/limits.hpp"
#include "pst/policy.hpp"
#include "support/documents.hpp"
#include "support/urls.hpp"

namespace pst::test {
namespace {

using Lines = std::vector<std::string>;

Lines errors_of(const Json& document) { return summary(read_settings(document).errors); }
Lines errors_of_text(std::string_view text) { return summary(read_settings_text(text).errors); }

/// The errors of a valid document with one place changed.
Lines errors_with(Json document, std::string_view pointer, const Json& value) {
  at(document, pointer) = value;
  return errors_of(document);
}

Lines errors_without(Json document, std::string_view pointer) {
  const std::size_t slash = pointer.rfind('/');
  at(document, pointer.substr(0, slash)).erase(std::string(pointer.substr(slash + 1)));
  return errors_of(document);
}

Lines one(std::string_view code, std::string_view pointer) { return {std::string(code) + " " + std::string(pointer)}; }

/// A chat block with one data parameter, as the valid parameter of the tests is changed.
Json with_parameter(const Json& parameter, std::string_view agent = "orders") {
  Json document = full_settings();
  document["chat"]["virtual_agent"] = agent;
  document["chat"]["data_parameters"] = Json::array({parameter});
  return document;
}

Json dynamic_parameter(std::string_view source) {
  return {{"type", "dynamic"}, {"field", "f"}, {"source", source}, {"source_field", "s"}};
}

constexpr std::string_view kParameterAt = "/chat/data_parameters/0";

std::string text_of(std::size_t characters, std::string_view character = "a") {
  std::string text;
  for (std::size_t i = 0; i < characters; ++i) {
    text += character;
  }
  return text;
}

// What loads.

TEST(SettingsDocument, NeedsAVersionAndAgentsOnly) {
  const auto settings = settings_of(minimal_settings());
  ASSERT_EQ(settings->agents.size(), 1U);
  EXPECT_EQ(settings->agents[0].id, "orders");
  EXPECT_EQ(settings->agents[0].name, "Order status");
  EXPECT_TRUE(settings->agents[0].serves_channel(Channel::chat));
  EXPECT_TRUE(settings->agents[0].serves_channel(Channel::call));
  EXPECT_FALSE(settings->has_chat);
  EXPECT_FALSE(settings->has_call);
  EXPECT_FALSE(settings->chat.enabled);
  EXPECT_FALSE(settings->call.enabled);
  EXPECT_TRUE(settings->queues.empty());
}

TEST(SettingsDocument, HasTheDefaultsOfTheContract) {
  Json document = chat_settings();
  document["virtual_agents"].push_back(full_settings()["virtual_agents"][0]);
  const auto settings = settings_of(document);
  EXPECT_FALSE(settings->chat.opt_in);
  EXPECT_FALSE(settings->chat.data_parameters_enabled);
  EXPECT_FALSE(settings->chat.data_records.in_metadata);
  EXPECT_FALSE(settings->chat.data_records.in_crm_record);
  EXPECT_TRUE(settings->chat.data_parameters.empty());
  EXPECT_EQ(settings->rules.ended_by, (std::array{true, true, false, false, false}));
  EXPECT_EQ(settings->rules.prompt_timeout_s, 0U);
  EXPECT_EQ(settings->rules.min_sdk_version, (Version{3, 0, 0}));
  const Endpoint& ccaip = settings->agents[1].endpoint;
  EXPECT_EQ(ccaip.statuses, (Lines{"ready", "in_progress"}));
  EXPECT_EQ(ccaip.declined_status, "ready");
}

TEST(SettingsDocument, IsReadWhole) {
  const auto settings = settings_of(full_settings());
  ASSERT_EQ(settings->agents.size(), 3U);
  EXPECT_EQ(settings->agents[0].endpoint.kind, EndpointKind::ccaip);
  EXPECT_EQ(settings->agents[1].endpoint.kind, EndpointKind::webhook);
  EXPECT_EQ(settings->agents[1].endpoint.url, "https://bots.example.com/handoff");
  EXPECT_EQ(settings->agents[1].endpoint.fact.origin, "https://bots.example.com");
  const Endpoint& cx = settings->agents[2].endpoint;
  EXPECT_EQ(cx.kind, EndpointKind::dialogflow_cx);
  EXPECT_EQ(cx.fact.href, "https://broker.example.com/");
  EXPECT_EQ(cx.agent, "projects/p/locations/us-central1/agents/a");
  EXPECT_EQ(cx.event, "POST_SESSION");
  EXPECT_TRUE(cx.idempotent);
  EXPECT_FALSE(settings->agents[2].serves_channel(Channel::call));

  EXPECT_TRUE(settings->chat.enabled);
  EXPECT_EQ(settings->chat_types, (std::vector{ChatType::web}));
  EXPECT_EQ(settings->chat.agent, 1U);
  EXPECT_TRUE(settings->chat.opt_in);
  EXPECT_TRUE(settings->chat.data_records.in_metadata);
  EXPECT_TRUE(settings->chat.data_records.in_crm_record);
  ASSERT_EQ(settings->chat.data_parameters.size(), 4U);
  EXPECT_EQ(std::get<std::string>(*settings->chat.data_parameters[0].value), "csat");
  EXPECT_EQ(settings->chat.data_parameters[1].source, Source::ujet_metadata);
  EXPECT_EQ(settings->chat.data_parameters[1].source_field, "queue.id");
  EXPECT_EQ(std::get<std::string>(*settings->chat.data_parameters[2].value), "none");
  const DataParameter& callback = settings->chat.data_parameters[3];
  EXPECT_EQ(callback.source, Source::form);
  EXPECT_EQ(callback.label, "Phone number");
  EXPECT_EQ(callback.input, FormInput::tel);
  EXPECT_TRUE(callback.required);
  EXPECT_TRUE(callback.sensitive);

  EXPECT_TRUE(settings->call.enabled);
  EXPECT_EQ(settings->call_types, (std::vector{CallType::voice_inbound}));
  ASSERT_EQ(settings->queues.size(), 2U);
  EXPECT_EQ(settings->queues[0].id, "502");
  EXPECT_EQ(settings->queues[0].routing, Routing::own);
  EXPECT_EQ(settings->queues[0].block.agent, 0U);
  EXPECT_TRUE(settings->queues[0].block.data_records.in_metadata);
  EXPECT_EQ(settings->queues[1].routing, Routing::off);
  EXPECT_EQ(settings->find_queue("502"), 0U);
  EXPECT_EQ(settings->find_queue("503"), 1U);
  EXPECT_EQ(settings->find_queue("504"), std::nullopt);
  EXPECT_EQ(settings->find_queue(""), std::nullopt);
}

TEST(SettingsDocument, AsksForTheFactsOfItsUrlsInItsOrder) {
  const std::string text = full_settings().dump();
  const SettingsReader reader{std::string_view(text)};
  EXPECT_EQ(reader.urls(), (Lines{"https://bots.example.com/handoff", "https://broker.example.com"}));
}

TEST(SettingsDocument, EveryRuleCanBeSet) {
  Json document = minimal_settings();
  document["rules"] =
      dom(R"({ "ended_by": ["timeout"], "prompt_timeout_s": 3600, "min_sdk_version": "3.44.2-beta.1+build" })");
  const auto settings = settings_of(document);
  EXPECT_EQ(settings->rules.ended_by, (std::array{false, false, true, false, false}));
  EXPECT_EQ(settings->rules.prompt_timeout_s, 3600U);
  EXPECT_EQ(settings->rules.min_sdk_version, (Version{3, 44, 2}));
}

TEST(SettingsDocument, AQueueIsFoundByNumberOrText) {
  Json document = minimal_settings();
  document["queues"] = dom(R"([{ "id": 7 }, { "id": "eight" }, { "id": 9.0 }, { "id": -10 }, { "id": "007" }])");
  const auto settings = settings_of(document);
  EXPECT_EQ(settings->find_queue("7"), 0U);
  EXPECT_EQ(settings->find_queue("eight"), 1U);
  EXPECT_EQ(settings->find_queue("9"), 2U);
  EXPECT_EQ(settings->find_queue("-10"), 3U);
  EXPECT_EQ(settings->find_queue("007"), 4U);
}

TEST(SettingsDocument, EachOfTenThousandQueuesIsFound) {
  Json document = minimal_settings();
  document["queues"] = Json::array();
  for (int i = 0; i < 10'000; ++i) {
    document["queues"].push_back({{"id", (i * 7919) % 10'007}});
  }
  const auto settings = settings_of(document);
  for (int i = 0; i < 10'000; ++i) {
    ASSERT_EQ(settings->find_queue(std::to_string((i * 7919) % 10'007)), static_cast<std::uint32_t>(i));
  }
}

TEST(SettingsDocument, ADialogflowEndpointMayNameAnEnvironment) {
  Json document = full_settings();
  Json& endpoint = at(document, "/virtual_agents/2/endpoint");
  endpoint.erase("agent");
  endpoint["environment"] = "projects/p/locations/l/agents/a/environments/e";
  endpoint["language_code"] = "de";
  endpoint["idempotent"] = false;
  const auto settings = settings_of(document);
  EXPECT_EQ(settings->agents[2].endpoint.agent, "projects/p/locations/l/agents/a/environments/e");
  EXPECT_EQ(settings->agents[2].endpoint.language, "de");
  EXPECT_FALSE(settings->agents[2].endpoint.idempotent);
}

TEST(SettingsDocument, NamesMayBeAnyText) {
  for (const std::string& name :
       {std::string("a\nb"), std::string("\u202Eevil"), text_of(256), text_of(256, "🙂"), std::string(" ")}) {
    Json document = full_settings();
    at(document, "/virtual_agents/0/name") = name;
    at(document, "/queues/0/name") = name;
    EXPECT_EQ(settings_of(document)->agents[0].name, name);
  }
}

// Shape.

TEST(SettingsErrors, ADocumentIsAnObject) {
  for (const std::string_view text : {"null", "true", "1", "\"x\"", "[]"}) {
    EXPECT_EQ(errors_of_text(text), one("type_mismatch", "")) << text;
  }
}

TEST(SettingsErrors, MalformedTextHasALineAndAColumn) {
  const SettingsReport report = read_settings_text("{\n  \"version\": 1,\n}");
  ASSERT_EQ(report.errors.size(), 1U);
  EXPECT_EQ(report.errors[0].code, "json_syntax");
  EXPECT_EQ(report.errors[0].line, 3U);
  EXPECT_EQ(report.errors[0].column, 1U);
  EXPECT_EQ(report.settings, nullptr);
}

TEST(SettingsErrors, EveryKindOfBadTextHasItsCode) {
  EXPECT_EQ(errors_of_text(""), one("json_syntax", ""));
  EXPECT_EQ(errors_of_text("{} {}"), one("json_syntax", ""));
  EXPECT_EQ(errors_of_text("\xEF\xBB\xBF{}"), one("json_encoding", ""));
  EXPECT_EQ(errors_of_text("{\"a\":\"\xFF\"}"), one("json_encoding", ""));
  EXPECT_EQ(errors_of_text(R"({"version":1e999})"), one("json_number_range", ""));
  EXPECT_EQ(errors_of_text(std::string(33, '[')), (Lines{"json_too_deep " + text_of(32, "/0")}));
  EXPECT_EQ(errors_of_text(std::string(limits::kTextBytes + 1, ' ')), one("json_too_large", ""));
}

TEST(SettingsErrors, DuplicateKeysAreReportedWhereTheyStand) {
  EXPECT_EQ(errors_of_text(R"({"version":1,"virtual_agents":[],"version":1})"), one("json_duplicate_key", "/version"));
  EXPECT_EQ(errors_of_text(R"({"version":1,"virtual_agents":[],"rules":{"ended_by":["agent"],"ended_by":["agent"]}})"),
            one("json_duplicate_key", "/rules/ended_by"));
}

TEST(SettingsErrors, IntegersOutOfRangeAreReportedWhereTheyStand) {
  Json document = minimal_settings();
  document["queues"] = Json::array({{{"id", 9007199254740993}}});
  const Lines errors = errors_of(document);
  ASSERT_FALSE(errors.empty());
  EXPECT_EQ(errors[0], "json_number_range /queues/0/id");
}

TEST(SettingsErrors, OnlyVersionOneIsKnown) {
  for (const Json& version : {Json(0), Json(2), Json(-1), Json(1.5), Json(1e300)}) {
    EXPECT_EQ(errors_with(full_settings(), "/version", version), one("version_unsupported", "/version")) << version;
  }
  for (const Json& version : {Json("1"), Json(nullptr), Json(true), Json::array({1})}) {
    EXPECT_EQ(errors_with(full_settings(), "/version", version), one("type_mismatch", "/version")) << version;
  }
  EXPECT_EQ(errors_with(full_settings(), "/version", 1.0), Lines{});
}

TEST(SettingsErrors, OfAnotherVersionNothingElseIsJudged) {
  EXPECT_EQ(errors_of(dom(R"({ "version": 2, "agents": [], "chat": 7 })")), one("version_unsupported", "/version"));
}

TEST(SettingsErrors, EveryRequiredFieldIsMissedWhereItBelongs) {
  for (const std::string_view pointer : {"/version",
                                         "/virtual_agents",
                                         "/virtual_agents/0/id",
                                         "/virtual_agents/0/name",
                                         "/virtual_agents/0/channels",
                                         "/virtual_agents/0/endpoint",
                                         "/virtual_agents/0/endpoint/kind",
                                         "/virtual_agents/1/endpoint/url",
                                         "/virtual_agents/2/endpoint/url",
                                         "/virtual_agents/2/endpoint/agent",
                                         "/virtual_agents/2/endpoint/event",
                                         "/chat/chat_types",
                                         "/chat/virtual_agent",
                                         "/call/call_types",
                                         "/call/virtual_agent",
                                         "/queues/0/id",
                                         "/queues/0/virtual_agent",
                                         "/chat/data_parameters/0/type",
                                         "/chat/data_parameters/0/field",
                                         "/chat/data_parameters/0/value",
                                         "/chat/data_parameters/1/source",
                                         "/chat/data_parameters/1/source_field"}) {
    const Lines errors = errors_without(full_settings(), pointer);
    ASSERT_FALSE(errors.empty()) << pointer;
    EXPECT_TRUE(std::ranges::find(errors, "field_missing " + std::string(pointer)) != errors.end())
        << pointer << ": " << testing::PrintToString(errors);
  }
}

TEST(SettingsErrors, EveryFieldKeepsToItsType) {
  const std::vector<std::string_view> texts{"/virtual_agents/0/id",
                                            "/virtual_agents/0/name",
                                            "/virtual_agents/0/endpoint/kind",
                                            "/virtual_agents/1/endpoint/url",
                                            "/virtual_agents/2/endpoint/agent",
                                            "/virtual_agents/2/endpoint/event",
                                            "/virtual_agents/2/endpoint/language_code",
                                            "/virtual_agents/0/endpoint/declined_status",
                                            "/chat/virtual_agent",
                                            "/queues/0/name",
                                            "/rules/min_sdk_version",
                                            "/chat/data_parameters/0/field",
                                            "/chat/data_parameters/0/type",
                                            "/chat/data_parameters/1/source",
                                            "/chat/data_parameters/1/source_field",
                                            "/chat/data_parameters/3/label",
                                            "/chat/data_parameters/3/hint",
                                            "/chat/data_parameters/3/input"};
  const std::vector<std::string_view> flags{"/chat/enabled",
                                            "/chat/opt_in",
                                            "/chat/data_parameters_enabled",
                                            "/chat/data_records/in_metadata",
                                            "/chat/data_records/in_crm_record",
                                            "/call/enabled",
                                            "/queues/0/chat_routing",
                                            "/chat/data_parameters/3/required",
                                            "/chat/data_parameters/3/sensitive",
                                            "/virtual_agents/2/endpoint/idempotent"};
  const std::vector<std::string_view> lists{"/virtual_agents",  "/virtual_agents/0/channels",
                                            "/chat/chat_types", "/chat/data_parameters",
                                            "/call/call_types", "/queues",
                                            "/rules/ended_by",  "/virtual_agents/0/endpoint/statuses"};
  const std::vector<std::string_view> objects{"/virtual_agents/0",
                                              "/virtual_agents/0/endpoint",
                                              "/chat",
                                              "/chat/data_records",
                                              "/chat/data_parameters/0",
                                              "/call",
                                              "/queues/0",
                                              "/rules"};
  const std::vector<std::string_view> numbers{"/rules/prompt_timeout_s"};
  const auto expect_mismatch = [](const std::vector<std::string_view>& pointers, const std::vector<Json>& values) {
    for (const std::string_view pointer : pointers) {
      for (const Json& value : values) {
        const Lines errors = errors_with(full_settings(), pointer, value);
        EXPECT_TRUE(std::ranges::find(errors, "type_mismatch " + std::string(pointer)) != errors.end())
            << pointer << " = " << value << ": " << testing::PrintToString(errors);
      }
    }
  };
  const Json list = Json::array();
  const Json object = Json::object();
  expect_mismatch(texts, {nullptr, 1, true, list, object});
  expect_mismatch(flags, {nullptr, 1, "true", list, object});
  expect_mismatch(lists, {nullptr, 1, true, "text", object});
  expect_mismatch(objects, {nullptr, 1, true, "text", list});
  expect_mismatch(numbers, {nullptr, "20", true, list, object});
  expect_mismatch({"/queues/0/id"}, {nullptr, true, 1.5, list, object});
  expect_mismatch({"/chat/data_parameters/0/value", "/chat/data_parameters/2/default"}, {nullptr, list, object});
  expect_mismatch({"/virtual_agents/0/channels/0", "/chat/chat_types/0", "/call/call_types/0", "/rules/ended_by/0"},
                  {nullptr, 1, true, list, object});
}

TEST(SettingsErrors, AnUnknownFieldIsRefusedAtEveryLevel) {
  for (const std::string_view object :
       {"", "/virtual_agents/0", "/virtual_agents/0/endpoint", "/virtual_agents/1/endpoint",
        "/virtual_agents/2/endpoint", "/chat", "/chat/data_parameters/0", "/chat/data_parameters/1",
        "/chat/data_parameters/3", "/chat/data_records", "/call", "/queues/0", "/queues/1", "/rules"}) {
    for (const std::string_view field : {"unknown", "Enabled", "__proto__", "", "a~1b"}) {
      Json document = full_settings();
      at(document, object)[std::string(field)] = true;
      const std::string pointer = std::string(object) + "/" + (field == "a~1b" ? "a~01b" : std::string(field));
      EXPECT_EQ(errors_of(document), one("field_unknown", pointer));
    }
  }
}

TEST(SettingsErrors, AFieldOfAnotherKindOfEndpointIsUnknown) {
  EXPECT_EQ(errors_with(full_settings(), "/virtual_agents/0/endpoint/url", "https://x.example"),
            one("field_unknown", "/virtual_agents/0/endpoint/url"));
  EXPECT_EQ(errors_with(full_settings(), "/virtual_agents/1/endpoint/statuses", Json::array({"ready"})),
            one("field_unknown", "/virtual_agents/1/endpoint/statuses"));
  EXPECT_EQ(errors_with(full_settings(), "/virtual_agents/1/endpoint/event", "X"),
            one("field_unknown", "/virtual_agents/1/endpoint/event"));
}

TEST(SettingsErrors, AQueueHasNoChatTypes) {
  EXPECT_EQ(errors_with(full_settings(), "/queues/0/chat_types", Json::array({"web"})),
            one("field_unknown", "/queues/0/chat_types"));
}

TEST(SettingsErrors, EveryNameIsOneOfThoseKnown) {
  EXPECT_EQ(errors_with(full_settings(), "/virtual_agents/0/channels", Json::array({"chat", "email"})),
            one("value_invalid", "/virtual_agents/0/channels/1"));
  EXPECT_EQ(errors_with(full_settings(), "/virtual_agents/0/endpoint/kind", "smoke"),
            one("value_invalid", "/virtual_agents/0/endpoint/kind"));
  EXPECT_EQ(errors_with(full_settings(), "/chat/chat_types", Json::array({"web", "Web"})),
            one("value_invalid", "/chat/chat_types/1"));
  EXPECT_EQ(errors_with(full_settings(), "/call/call_types", Json::array({"voice"})),
            one("value_invalid", "/call/call_types/0"));
  EXPECT_EQ(errors_with(full_settings(), "/chat/data_parameters/0/type", "static"),
            one("value_invalid", "/chat/data_parameters/0/type"));
  EXPECT_EQ(errors_with(full_settings(), "/chat/data_parameters/1/source", "crm"),
            one("value_invalid", "/chat/data_parameters/1/source"));
  EXPECT_EQ(errors_with(full_settings(), "/chat/data_parameters/3/input", "password"),
            one("value_invalid", "/chat/data_parameters/3/input"));
}

TEST(SettingsErrors, EveryKnownNameIsAllowed) {
  Json document = full_settings();
  document["chat"]["chat_types"] = dom(R"(["web", "mobile", "sms", "whatsapp"])");
  document["call"]["call_types"] = Json::array();
  for (const std::string_view type : kNames<CallType>) {
    document["call"]["call_types"].push_back(type);
  }
  EXPECT_EQ(errors_of(document), Lines{});
  for (const std::string_view source : {"ujet_metadata", "unsigned", "signed", "session_variables", "form", "host"}) {
    EXPECT_EQ(errors_of(with_parameter(dynamic_parameter(source))), Lines{}) << source;
  }
}

TEST(SettingsErrors, ListsThatMustHaveAnEntryAreNotEmpty) {
  for (const std::string_view pointer : {"/virtual_agents/0/channels", "/chat/chat_types", "/call/call_types",
                                         "/rules/ended_by", "/virtual_agents/0/endpoint/statuses"}) {
    const Lines errors = errors_with(full_settings(), pointer, Json::array());
    EXPECT_TRUE(std::ranges::find(errors, "list_empty " + std::string(pointer)) != errors.end())
        << pointer << ": " << testing::PrintToString(errors);
  }
  for (const std::string_view pointer : {"/queues", "/chat/data_parameters"}) {
    EXPECT_EQ(errors_with(full_settings(), pointer, Json::array()), Lines{}) << pointer;
  }
}

// Limits.

TEST(SettingsLimits, AnIdHasOneTo128Characters) {
  for (const std::string_view pointer : {"/virtual_agents/2/id", "/queues/0/id"}) {
    EXPECT_EQ(errors_with(full_settings(), pointer, text_of(128)), Lines{}) << pointer;
    EXPECT_EQ(errors_with(full_settings(), pointer, text_of(128, "🙂")), Lines{}) << pointer;
    EXPECT_EQ(errors_with(full_settings(), pointer, text_of(129)), one("value_too_long", pointer));
    EXPECT_EQ(errors_with(full_settings(), pointer, text_of(129, "é")), one("value_too_long", pointer));
    EXPECT_EQ(errors_with(full_settings(), pointer, ""), one("value_invalid", pointer));
  }
}

TEST(SettingsLimits, ANameHasOneTo256Characters) {
  for (const std::string_view pointer : {"/virtual_agents/0/name", "/queues/0/name"}) {
    EXPECT_EQ(errors_with(full_settings(), pointer, text_of(256)), Lines{}) << pointer;
    EXPECT_EQ(errors_with(full_settings(), pointer, text_of(257)), one("value_too_long", pointer));
    EXPECT_EQ(errors_with(full_settings(), pointer, ""), one("value_invalid", pointer));
  }
}

TEST(SettingsLimits, AValueHasAtMost2KiB) {
  EXPECT_EQ(errors_with(full_settings(), "/chat/data_parameters/0/value", text_of(2048)), Lines{});
  EXPECT_EQ(errors_with(full_settings(), "/chat/data_parameters/0/value", text_of(2049)),
            one("value_too_long", "/chat/data_parameters/0/value"));
  EXPECT_EQ(errors_with(full_settings(), "/chat/data_parameters/0/value", text_of(1024, "é")), Lines{})
      << "bytes count";
  EXPECT_EQ(errors_with(full_settings(), "/chat/data_parameters/0/value", text_of(1025, "é")),
            one("value_too_long", "/chat/data_parameters/0/value"));
  EXPECT_EQ(errors_with(full_settings(), "/chat/data_parameters/0/value", ""), Lines{}) << "empty text is a value";
  EXPECT_EQ(errors_with(full_settings(), "/chat/data_parameters/2/default", text_of(2049)),
            one("value_too_long", "/chat/data_parameters/2/default"));
}

TEST(SettingsLimits, AnErrorOfLengthSaysWhatTheLimitIs) {
  Json document = full_settings();
  at(document, "/virtual_agents/0/name") = text_of(300);
  at(document, "/chat/data_parameters/0/value") = text_of(3000);
  const SettingsReport report = read_settings(document);
  ASSERT_EQ(report.errors.size(), 2U);
  EXPECT_EQ(report.errors[0].limit, 256U);
  EXPECT_EQ(report.errors[0].unit, "characters");
  EXPECT_EQ(report.errors[1].limit, 2048U);
  EXPECT_EQ(report.errors[1].unit, "bytes");
}

Json parameters(std::size_t count) {
  Json list = Json::array();
  for (std::size_t i = 0; i < count; ++i) {
    list.push_back({{"type", "fixed"}, {"field", "p" + std::to_string(i)}, {"value", 1}});
  }
  return list;
}

TEST(SettingsLimits, ABlockHasAtMost100Parameters) {
  EXPECT_EQ(errors_with(full_settings(), "/chat/data_parameters", parameters(100)), Lines{});
  EXPECT_EQ(errors_with(full_settings(), "/chat/data_parameters", parameters(101)),
            one("list_too_long", "/chat/data_parameters"));
  EXPECT_EQ(errors_with(full_settings(), "/queues/0/data_parameters", parameters(101)),
            one("list_too_long", "/queues/0/data_parameters"));
}

TEST(SettingsLimits, APromptTimeoutIsZeroOr20SecondsToAnHour) {
  for (const int seconds : {0, 20, 21, 3599, 3600}) {
    EXPECT_EQ(errors_with(full_settings(), "/rules/prompt_timeout_s", seconds), Lines{}) << seconds;
  }
  for (const int seconds : {-1, 1, 19, 3601, 1'000'000}) {
    EXPECT_EQ(errors_with(full_settings(), "/rules/prompt_timeout_s", seconds),
              one("value_invalid", "/rules/prompt_timeout_s"))
        << seconds;
  }
  for (const double seconds : {0.5, 20.5}) {
    EXPECT_EQ(errors_with(full_settings(), "/rules/prompt_timeout_s", seconds),
              one("type_mismatch", "/rules/prompt_timeout_s"))
        << seconds;
  }
}

TEST(SettingsLimits, OneHundredErrorsAreReported) {
  for (const int count : {99, 100, 101, 500, 3000}) {
    Json document = minimal_settings();
    for (int i = 0; i < count; ++i) {
      document["x" + std::to_string(i)] = 1;
    }
    const Lines errors = errors_of(document);
    ASSERT_EQ(errors.size(), static_cast<std::size_t>(std::min(count, 100)));
    for (std::size_t i = 0; i < errors.size(); ++i) {
      EXPECT_EQ(errors[i], "field_unknown /x" + std::to_string(i)) << "the first ones, in order";
    }
  }
}

TEST(SettingsLimits, TheErrorsReportedAreTheFirstOnesHoweverManyThereAre) {
  std::string text = R"({"version":1,"rules":{"wrong":1},"virtual_agents":[],"queues":[)";
  for (int i = 0; i < 3000; ++i) {
    text += (i == 0 ? "" : ",") + std::string(R"({"wrong":1,"id":)") + std::to_string(i) + "}";
  }
  const Lines errors = errors_of_text(text + "]}");
  ASSERT_EQ(errors.size(), 100U);
  EXPECT_EQ(errors[0], "field_unknown /rules/wrong");
  EXPECT_EQ(errors[1], "field_unknown /queues/0/wrong");
}

// Rules between fields.

TEST(SettingsRules, IdsAreUnique) {
  EXPECT_EQ(errors_with(full_settings(), "/virtual_agents/2/id", "survey"),
            one("id_duplicate", "/virtual_agents/2/id"));
  EXPECT_EQ(errors_with(full_settings(), "/queues/1/id", 502), one("id_duplicate", "/queues/1/id"));
  EXPECT_EQ(errors_with(full_settings(), "/queues/1/id", "502"), one("id_duplicate", "/queues/1/id"))
      << "502 and \"502\" are the same queue";
  EXPECT_EQ(errors_with(full_settings(), "/queues/1/id", "0502"), Lines{});
  EXPECT_EQ(errors_with(full_settings(), "/virtual_agents/2/id", "Survey"), Lines{});
}

TEST(SettingsRules, EveryDuplicateIsReportedWhereItStandsLater) {
  Json document = minimal_settings();
  document["queues"] = dom(R"([{ "id": 1 }, { "id": 2 }, { "id": "1" }, { "id": 1 }, { "id": 2 }])");
  EXPECT_EQ(errors_of(document),
            (Lines{"id_duplicate /queues/2/id", "id_duplicate /queues/3/id", "id_duplicate /queues/4/id"}));
}

TEST(SettingsRules, AnEnabledBlockNamesAnAgentThatExists) {
  EXPECT_EQ(errors_with(full_settings(), "/chat/virtual_agent", "nobody"), one("agent_unknown", "/chat/virtual_agent"));
  EXPECT_EQ(errors_with(full_settings(), "/call/virtual_agent", ""), one("agent_unknown", "/call/virtual_agent"));
  EXPECT_EQ(errors_with(full_settings(), "/queues/0/virtual_agent", "Survey"),
            one("agent_unknown", "/queues/0/virtual_agent"));
  EXPECT_EQ(errors_with(full_settings(), "/virtual_agents", Json::array()).size(), 3U);
}

TEST(SettingsRules, ADisabledBlockNeedNotNameAnAgentThatExists) {
  Json document = full_settings();
  document["chat"]["enabled"] = false;
  document["chat"]["virtual_agent"] = "nobody";
  document["queues"][1]["virtual_agent"] = "nobody";
  EXPECT_EQ(errors_of(document), Lines{});
}

TEST(SettingsRules, ADisabledBlockIsStillValidatedFieldByField) {
  Json document = full_settings();
  document["chat"] = dom(R"({ "enabled": false, "opt_in": "no", "chat_types": ["pigeon"], "x": 1 })");
  EXPECT_EQ(errors_of(document),
            (Lines{"type_mismatch /chat/opt_in", "value_invalid /chat/chat_types/0", "field_unknown /chat/x"}));
  Json queue = full_settings();
  queue["queues"][1]["opt_in"] = 1;
  EXPECT_EQ(errors_of(queue), one("type_mismatch", "/queues/1/opt_in"));
}

TEST(SettingsRules, ADisabledBlockNeedsNothing) {
  Json document = minimal_settings();
  document["chat"] = Json::object();
  document["call"] = dom(R"({ "enabled": false, "call_types": [] })");
  document["queues"] = dom(R"([{ "id": 1, "chat_routing": false }])");
  EXPECT_EQ(errors_of(document), Lines{});
}

TEST(SettingsRules, TheAgentServesTheChannelOfItsBlock) {
  EXPECT_EQ(errors_with(full_settings(), "/call/virtual_agent", "cx"),
            one("agent_channel_mismatch", "/call/virtual_agent"));
  EXPECT_EQ(errors_with(full_settings(), "/virtual_agents/0/channels", Json::array({"call"})),
            one("agent_channel_mismatch", "/queues/0/virtual_agent"));
  EXPECT_EQ(errors_with(full_settings(), "/virtual_agents/1/channels", Json::array({"chat"})),
            one("agent_channel_mismatch", "/call/virtual_agent"));
}

TEST(SettingsRules, CallsHaveNeitherOptInNorQueues) {
  EXPECT_EQ(errors_with(full_settings(), "/call/opt_in", true), one("opt_in_not_for_calls", "/call/opt_in"));
  EXPECT_EQ(errors_with(full_settings(), "/call/opt_in", false), one("opt_in_not_for_calls", "/call/opt_in"));
  EXPECT_EQ(errors_with(full_settings(), "/call/queues", Json::array()), one("queue_not_for_calls", "/call/queues"));
  for (const std::string_view field : {"call", "call_types", "call_routing"}) {
    const std::string pointer = "/queues/0/" + std::string(field);
    EXPECT_EQ(errors_with(full_settings(), pointer, true), one("queue_not_for_calls", pointer));
  }
}

TEST(SettingsRules, AnSdkVersionHasThreeNumbers) {
  for (const std::string_view version :
       {"3.0.0", "0.0.0", "4.26.113", "3.0.0-rc.1", "3.0.0+7", "3.0.0-", "99999999999.0.0"}) {
    EXPECT_EQ(errors_with(full_settings(), "/rules/min_sdk_version", version), Lines{}) << version;
  }
  for (const std::string_view version : {"", "3", "3.0", "3.0.0.0", "v3.0.0", "3.0.x", " 3.0.0", "3.0.0 ", "3..0",
                                         "-3.0.0", "+3.0.0", "3.-1.0", "3,0,0"}) {
    EXPECT_EQ(errors_with(full_settings(), "/rules/min_sdk_version", version),
              one("value_invalid", "/rules/min_sdk_version"))
        << version;
  }
}

TEST(SettingsRules, OnlyEndersThatEndASessionCanBeChosen) {
  for (const std::string_view ender : {"dismissed", "unknown", "Agent", ""}) {
    EXPECT_EQ(errors_with(full_settings(), "/rules/ended_by", Json::array({"agent", ender})),
              one("value_invalid", "/rules/ended_by/1"))
        << ender;
  }
}

// Parameters.

TEST(SettingsParameters, ADestinationIsAPlainName) {
  for (const std::string& field : {std::string("a"), std::string("_"), std::string("A.b-c_9"), "x" + text_of(127)}) {
    EXPECT_EQ(errors_with(full_settings(), "/chat/data_parameters/0/field", field), Lines{}) << field;
  }
  for (const std::string& field :
       {std::string(), std::string("9a"), std::string("-a"), std::string(".a"), std::string("a b"), std::string("ä"),
        std::string("a\n"), std::string("a$"), std::string("__proto__"), std::string("constructor"),
        std::string("prototype"), "x" + text_of(128)}) {
    EXPECT_EQ(errors_with(full_settings(), "/chat/data_parameters/0/field", field),
              one("parameter_field_invalid", "/chat/data_parameters/0/field"))
        << field;
  }
}

TEST(SettingsParameters, DestinationsAreUniqueInTheirList) {
  EXPECT_EQ(errors_with(full_settings(), "/chat/data_parameters/2/field", "survey_kind"),
            one("parameter_duplicate", "/chat/data_parameters/2/field"));
  EXPECT_EQ(errors_with(full_settings(), "/chat/data_parameters/2/field", "Survey_kind"), Lines{});
  Json document = full_settings();
  document["call"]["data_parameters"] = dom(R"([{ "type": "fixed", "field": "survey_kind", "value": 1 }])");
  EXPECT_EQ(errors_of(document), Lines{}) << "another list";
}

TEST(SettingsParameters, SourcesBelongToTheirChannel) {
  EXPECT_EQ(errors_of(with_parameter(dynamic_parameter("sip_headers"))),
            one("parameter_source_unsupported", std::string(kParameterAt) + "/source"));
  Json document = full_settings();
  document["call"]["data_parameters"] = Json::array({dynamic_parameter("form")});
  EXPECT_EQ(errors_of(document), one("parameter_source_unsupported", "/call/data_parameters/0/source"));
  document["call"]["data_parameters"] = Json::array({dynamic_parameter("sip_headers")});
  EXPECT_EQ(errors_of(document), Lines{});
  document["call"]["data_parameters"] = Json::array({dynamic_parameter("host")});
  EXPECT_EQ(errors_of(document), Lines{});
}

TEST(SettingsParameters, WithCcaipNobodyIsAskedAndNothingIsRequired) {
  const std::string at_parameter(kParameterAt);
  for (const std::string_view source : {"form", "host"}) {
    EXPECT_EQ(errors_of(with_parameter(dynamic_parameter(source), "survey")),
              one("parameter_source_unsupported", at_parameter + "/source"))
        << source;
  }
  Json required = dynamic_parameter("unsigned");
  required["required"] = true;
  EXPECT_EQ(errors_of(with_parameter(required, "survey")),
            one("parameter_source_unsupported", at_parameter + "/required"));
  required["required"] = false;
  EXPECT_EQ(errors_of(with_parameter(required, "survey")), Lines{});
}

TEST(SettingsParameters, AListThatIsSwitchedOffIsStillValidated) {
  Json document = full_settings();
  document["chat"]["data_parameters_enabled"] = false;
  document["chat"]["data_parameters"][0]["value"] = nullptr;
  EXPECT_EQ(errors_of(document), one("type_mismatch", "/chat/data_parameters/0/value"));
}

TEST(SettingsParameters, FieldsBelongToTheirTypeAndSource) {
  const std::string at_parameter(kParameterAt);
  for (const char* field : {"source", "source_field", "default", "required", "label", "hint", "input", "choices"}) {
    Json fixed{{"type", "fixed"}, {"field", "f"}, {"value", 1}};
    fixed[field] = "x";
    EXPECT_EQ(errors_of(with_parameter(fixed)), one("field_unknown", at_parameter + "/" + field)) << field;
  }
  for (const char* field : {"value", "label", "hint", "input", "choices"}) {
    Json dynamic = dynamic_parameter("unsigned");
    dynamic[field] = "x";
    EXPECT_EQ(errors_of(with_parameter(dynamic)), one("field_unknown", at_parameter + "/" + field)) << field;
  }
}

TEST(SettingsParameters, ChoicesBelongToAChoice) {
  const std::string at_parameter(kParameterAt);
  Json choice = dynamic_parameter("form");
  choice["input"] = "choice";
  EXPECT_EQ(errors_of(with_parameter(choice)), one("field_missing", at_parameter + "/choices"));
  choice["choices"] = Json::array();
  EXPECT_EQ(errors_of(with_parameter(choice)), one("list_empty", at_parameter + "/choices"));
  choice["choices"] = dom(R"(["a", "", 7])");
  EXPECT_EQ(errors_of(with_parameter(choice)),
            (Lines{"value_invalid " + at_parameter + "/choices/1", "type_mismatch " + at_parameter + "/choices/2"}));
  choice["choices"] = dom(R"(["a", "b"])");
  EXPECT_EQ(errors_of(with_parameter(choice)), Lines{});
  choice["input"] = "text";
  EXPECT_EQ(errors_of(with_parameter(choice)), one("field_unknown", at_parameter + "/choices"));
}

// URLs.

TEST(SettingsUrls, AreJudgedByTheFactsOfThePlatform) {
  EXPECT_EQ(errors_with(full_settings(), "/virtual_agents/1/endpoint/url", "http://bots.example.com/"),
            one("url_insecure", "/virtual_agents/1/endpoint/url"));
  EXPECT_EQ(errors_with(full_settings(), "/virtual_agents/1/endpoint/url", "https://user@bots.example.com/"),
            one("url_invalid", "/virtual_agents/1/endpoint/url"));
  EXPECT_EQ(errors_with(full_settings(), "/virtual_agents/2/endpoint/url", ""),
            one("url_invalid", "/virtual_agents/2/endpoint/url"));
  EXPECT_EQ(errors_with(full_settings(), "/virtual_agents/1/endpoint/url", "http://localhost:8787/"), Lines{});
}

TEST(SettingsUrls, WithoutFactsAreRefused) {
  const std::string text = full_settings().dump();
  const SettingsReport report = SettingsReader(std::string_view(text)).accept({});
  EXPECT_EQ(summary(report.errors),
            (Lines{"url_invalid /virtual_agents/1/endpoint/url", "url_invalid /virtual_agents/2/endpoint/url"}));
}

TEST(SettingsUrls, TooManyFactsDoNoHarm) {
  const std::string text = minimal_settings().dump();
  const std::vector<std::optional<UrlFact>> facts(5, url_fact("https://bots.example.com/handoff"));
  EXPECT_EQ(SettingsReader(std::string_view(text)).accept(facts).errors.size(), 0U);
}

TEST(SettingsUrls, OfADocumentThatIsNoJsonAreNone) {
  EXPECT_TRUE(SettingsReader("{").urls().empty());
  EXPECT_EQ(SettingsReader("{").accept({}).errors.size(), 1U);
}

TEST(SettingsUrls, HaveAtMost2KiB) {
  EXPECT_EQ(errors_with(full_settings(), "/virtual_agents/1/endpoint/url", "https://x.example/" + text_of(2048 - 18)),
            Lines{});
  EXPECT_EQ(errors_with(full_settings(), "/virtual_agents/1/endpoint/url", "https://x.example/" + text_of(2048 - 17)),
            one("value_too_long", "/virtual_agents/1/endpoint/url"));
}

TEST(SettingsUrls, ADialogflowPathIsChecked) {
  EXPECT_EQ(errors_with(full_settings(), "/virtual_agents/2/endpoint/agent", "agents/a"),
            one("value_invalid", "/virtual_agents/2/endpoint/agent"));
  EXPECT_EQ(errors_with(full_settings(), "/virtual_agents/2/endpoint/environment",
                        "projects/p/locations/l/agents/a/environments/e"),
            one("value_invalid", "/virtual_agents/2/endpoint/environment"))
      << "either an agent or an environment";
}

// Order.

TEST(SettingsErrorOrder, IsThatOfTheDocumentWithMissingFieldsLast) {
  const std::string_view text = R"({
    "rules": { "min_sdk_version": "x", "ended_by": [] },
    "unknown": 1,
    "virtual_agents": [
      { "endpoint": { "url": "http://bots.example.com", "kind": "webhook", "x": 1 }, "name": "", "channels": ["chat"] }
    ],
    "chat": { "opt_in": 1, "enabled": true, "data_parameters": [{ "type": "fixed", "field": "9" }], "chat_types": ["pigeon"] }
  })";
  EXPECT_EQ(errors_of_text(text), (Lines{
                                      "value_invalid /rules/min_sdk_version",
                                      "list_empty /rules/ended_by",
                                      "field_unknown /unknown",
                                      "url_insecure /virtual_agents/0/endpoint/url",
                                      "field_unknown /virtual_agents/0/endpoint/x",
                                      "value_invalid /virtual_agents/0/name",
                                      "field_missing /virtual_agents/0/id",
                                      "type_mismatch /chat/opt_in",
                                      "parameter_field_invalid /chat/data_parameters/0/field",
                                      "field_missing /chat/data_parameters/0/value",
                                      "value_invalid /chat/chat_types/0",
                                      "field_missing /chat/virtual_agent",
                                      "field_missing /version",
                                  }));
}

TEST(SettingsErrorOrder, PutsErrorsOfTheTextAmongTheOthers) {
  EXPECT_EQ(errors_of_text(R"({"version":1,"a":1,"virtual_agents":[],"version":1,"b":1})"),
            (Lines{"field_unknown /a", "json_duplicate_key /version", "field_unknown /b"}));
}

TEST(SettingsErrorOrder, ErrorsCarryWhatWasFoundAndWhatMayStandThere) {
  Json document = full_settings();
  document["chat"]["chat_types"] = Json::array({"pigeon"});
  document["call"]["virtual_agent"] = "nobody";
  document["rules"]["prompt_timeout"] = 7;
  const SettingsReport report = read_settings(document);
  ASSERT_EQ(report.errors.size(), 3U);
  EXPECT_EQ(report.errors[0].found, "\"pigeon\"");
  EXPECT_EQ(Lines(report.errors[0].expected.begin(), report.errors[0].expected.end()),
            (Lines{"web", "mobile", "sms", "whatsapp"}));
  EXPECT_EQ(report.errors[1].found, "\"nobody\"");
  EXPECT_EQ(report.errors[2].found, "prompt_timeout");
  EXPECT_EQ(Lines(report.errors[2].expected.begin(), report.errors[2].expected.end()),
            (Lines{"ended_by", "prompt_timeout_s", "min_sdk_version"}));
}

TEST(SettingsErrorOrder, WhatWasFoundIsShortened) {
  const SettingsReport report = read_settings(with_parameter({{"type", text_of(100'000, "🙂")}, {"field", "f"}}));
  ASSERT_FALSE(report.errors.empty());
  EXPECT_LT(report.errors[0].found.size(), 1'000U);
  EXPECT_FALSE(dom("[" + report.errors[0].found + "]").is_null());
}

// Warnings.

Lines warnings_of(const Json& document) {
  const SettingsReport report = read_settings(document);
  EXPECT_EQ(summary(report.errors), Lines{});
  return summary(report.warnings);
}

TEST(SettingsWarnings, AreNoneForTheDocumentOfTheContract) { EXPECT_EQ(warnings_of(full_settings()), Lines{}); }

TEST(SettingsWarnings, NameTypesThatCannotBeTransferred) {
  Json document = full_settings();
  document["chat"]["chat_types"] = dom(R"(["sms", "web", "mobile", "whatsapp"])");
  EXPECT_EQ(warnings_of(document),
            (Lines{"chat_type_unsupported /chat/chat_types/0", "chat_type_unsupported /chat/chat_types/2",
                   "chat_type_unsupported /chat/chat_types/3"}));
  document = full_settings();
  document["call"]["call_types"] = dom(R"(["voice_inbound_mobile", "voice_inbound", "voice_scheduled_mobile"])");
  EXPECT_EQ(warnings_of(document),
            (Lines{"call_type_mobile /call/call_types/0", "call_type_mobile /call/call_types/2"}));
}

TEST(SettingsWarnings, NameQueuesWhoseSettingsAreNotUsed) {
  Json document = full_settings();
  document["queues"] = dom(
      R"([{ "id": 1, "name": "x" }, { "id": 2, "opt_in": true, "virtual_agent": "survey" }, { "id": 3, "chat_routing": false, "opt_in": true }])");
  EXPECT_EQ(warnings_of(document), one("queue_settings_unused", "/queues/1"));
}

TEST(SettingsWarnings, ComeInTheOrderOfTheDocument) {
  Json document = dom(R"({ "queues": [{ "id": 1, "opt_in": true }] })");
  document.update(full_settings());
  document["queues"] = dom(R"([{ "id": 1, "opt_in": true }])");
  document["chat"]["chat_types"] = dom(R"(["web", "sms"])");
  EXPECT_EQ(warnings_of(document),
            (Lines{"queue_settings_unused /queues/0", "chat_type_unsupported /chat/chat_types/1"}));
}

TEST(SettingsWarnings, AreNotGivenBesideErrors) {
  Json document = full_settings();
  document["chat"]["chat_types"] = Json::array({"sms"});
  document["x"] = 1;
  const SettingsReport report = read_settings(document);
  EXPECT_EQ(report.errors.size(), 1U);
  EXPECT_TRUE(report.warnings.empty());
  EXPECT_EQ(report.settings, nullptr);
}

}  // namespace
}  // namespace pst::test
