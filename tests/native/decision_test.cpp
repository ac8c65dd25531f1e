// The decision (§5): row by row, each with what passes it and what does not; then the platform's flags.

#include "pst/decision.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/documents.hpp"

namespace pst::test {
namespace {

/// A decision as JSON; `settings` may be null.
Json decided(const Json& settings, const Json& session, const HostFacts& host = {}) {
  const auto loaded = settings.is_null() ? nullptr : settings_of(settings);
  const Session facts = session_of(session);
  std::string text;
  json::Writer writer(text);
  write(writer, evaluate(loaded.get(), facts, host));
  return dom(text);
}

/// `outcome/reason/level`.
std::string verdict(const Json& decision) {
  const auto text = [](const Json& value) { return value.is_null() ? std::string("none") : value.get<std::string>(); };
  return text(decision["outcome"]) + "/" + text(decision["reason"]) + "/" + text(decision["level"]);
}

std::string verdict(const Json& settings, const Json& session, const HostFacts& host = {}) {
  return verdict(decided(settings, session, host));
}

Json with(Json document, std::string_view pointer, const Json& value) {
  at(document, pointer) = value;
  return document;
}

Json without(Json document, std::string_view object, std::string_view field) {
  at(document, object).erase(std::string(field));
  return document;
}

/// The checks that ran, `-` before the one that failed.
std::vector<std::string> checks(const Json& decision) {
  std::vector<std::string> names;
  for (const Json& row : decision["trace"]) {
    names.push_back((row["passed"].get<bool>() ? "" : "-") + row["check"].get<std::string>());
  }
  return names;
}

Json last_row(const Json& decision) { return decision["trace"].back(); }

Json opt_in_settings() { return with(chat_settings(), "/chat/opt_in", true); }

Json call_settings() {
  Json document = minimal_settings();
  document["call"] =
      dom(R"({ "enabled": true, "call_types": ["voice_inbound", "voice_inbound_mobile"], "virtual_agent": "orders" })");
  return document;
}

/// Queues 1 (its own settings), 2 (off) and 3 (inherits); the global chat block is off.
Json queue_settings() {
  Json document = full_settings();
  document["chat"] = dom(R"({ "enabled": false })");
  document["queues"] = dom(R"([
    { "id": 1, "chat_routing": true, "virtual_agent": "orders", "opt_in": true, "data_records": { "in_crm_record": true } },
    { "id": 2, "chat_routing": false, "virtual_agent": "orders" },
    { "id": 3 }])");
  return document;
}

Json in_queue(const Json& id) { return with(chat_session(), "/queue/id", id); }

Json flagged(const Json& flags) { return with(chat_session(), "/post_session", flags); }

const std::vector<std::string> all_chat_checks{"sdk_mobile", "sdk_known", "sdk_version",   "channel",       "ended_by",
                                               "queue",      "block",     "type_selected", "type_supported"};

// All pass.

TEST(Decision, TransfersWhereEverythingPasses) {
  const Json decision = decided(chat_settings(), chat_session());
  EXPECT_EQ(verdict(decision), "transfer/eligible/global");
  EXPECT_EQ(decision["virtual_agent"], "orders");
  EXPECT_EQ(decision["opt_in"], false);
  EXPECT_EQ(decision["data_records"].dump(), R"({"in_metadata":false,"in_crm_record":false})");
  EXPECT_EQ(checks(decision), all_chat_checks);
  EXPECT_FALSE(decision.contains("conflicts"));
}

TEST(Decision, AsksWhereEverythingPassesAndTheSettingsSaySo) {
  const Json decision = decided(full_settings(), in_queue(9));
  EXPECT_EQ(verdict(decision), "ask/opt_in_required/global");
  EXPECT_EQ(decision["opt_in"], true);
  EXPECT_EQ(decision["data_records"].dump(), R"({"in_metadata":true,"in_crm_record":true})");
}

TEST(Decision, IsTheSameEveryTime) {
  EXPECT_EQ(decided(full_settings(), chat_session()), decided(full_settings(), chat_session()));
}

TEST(Decision, TracesEveryCheckWithItsValueAndThePointerOfItsSetting) {
  EXPECT_EQ(decided(chat_settings(), chat_session())["trace"], dom(R"([
    { "check": "sdk_mobile", "passed": true, "value": "web", "pointer": null },
    { "check": "sdk_known", "passed": true, "value": "web", "pointer": null },
    { "check": "sdk_version", "passed": true, "value": "3.44.2", "pointer": "/rules/min_sdk_version" },
    { "check": "channel", "passed": true, "value": "chat", "pointer": null },
    { "check": "ended_by", "passed": true, "value": "agent", "pointer": "/rules/ended_by" },
    { "check": "queue", "passed": true, "value": "777", "pointer": null },
    { "check": "block", "passed": true, "value": true, "pointer": "/chat/enabled" },
    { "check": "type_selected", "passed": true, "value": "web", "pointer": "/chat/chat_types" },
    { "check": "type_supported", "passed": true, "value": "web", "pointer": "/chat/chat_types/0" }])"));
}

TEST(Decision, GivesNothingAwayWhereItSaysNo) {
  for (const Json& decision :
       {decided(full_settings(), with(chat_session(), "/sdk/platform", "ios")), decided(full_settings(), in_queue(503)),
        decided(full_settings(), with(chat_session(), "/ended_by", "timeout"))}) {
    EXPECT_EQ(decision["virtual_agent"], nullptr);
    EXPECT_EQ(decision["opt_in"], false);
    EXPECT_EQ(decision["data_records"].dump(), R"({"in_metadata":false,"in_crm_record":false})");
  }
}

// Rows 1 to 3: the SDK.

TEST(DecisionSdk, EveryMobileSdkIsRefusedByName) {
  for (const std::string_view platform :
       {"ios", "iphone", "ipad", "ipados", "android", "react_native", "flutter", "cordova", "capacitor", "ionic",
        "xamarin", "maui", "unity", "kotlin", "swift", "iOS", " ANDROID ", "React Native", "react-native"}) {
    const Json decision = decided(chat_settings(), with(chat_session(), "/sdk/platform", platform));
    EXPECT_EQ(verdict(decision), "reject/mobile_sdk_unsupported/none") << platform;
    EXPECT_EQ(checks(decision), (std::vector<std::string>{"-sdk_mobile"})) << platform;
  }
}

TEST(DecisionSdk, APlatformThatIsNotWebOrIsMissingIsUnknown) {
  for (const Json& platform :
       {Json("windows"), Json("webview"), Json("web_v2"), Json(""), Json(" "), Json(nullptr), Json(7)}) {
    const Json decision = decided(chat_settings(), with(chat_session(), "/sdk/platform", platform));
    EXPECT_EQ(verdict(decision), "reject/sdk_unknown/none") << platform;
    EXPECT_EQ(checks(decision), (std::vector<std::string>{"sdk_mobile", "-sdk_known"})) << platform;
  }
  EXPECT_EQ(verdict(chat_settings(), without(chat_session(), "", "sdk")), "reject/sdk_unknown/none");
}

TEST(DecisionSdk, APhonesBrowserIsNoMobileSdk) {
  EXPECT_EQ(verdict(chat_settings(), with(chat_session(), "/sdk/platform", " Web ")), "transfer/eligible/global");
}

TEST(DecisionSdk, AVersionThatIsOlderMissingOrMalformedIsRefused) {
  for (const Json& version :
       {Json("2.99.99"), Json("0.0.0"), Json("3"), Json("3.0"), Json("v3.0.0"), Json(""), Json(nullptr), Json(3),
        Json("3.0.0.1"), Json(" 3.0.0"), Json("3.0.0 "), Json("-3.0.0")}) {
    const Json decision = decided(chat_settings(), with(chat_session(), "/sdk/version", version));
    EXPECT_EQ(verdict(decision), "reject/sdk_version_unsupported/none") << version;
    EXPECT_EQ(checks(decision).back(), "-sdk_version") << version;
  }
}

TEST(DecisionSdk, AVersionThatIsAsOldOrNewerPasses) {
  for (const std::string_view version : {"3.0.0", "3.0.1", "3.44.2", "4.26.0", "10.0.0", "3.0.0-beta.1", "3.0.0+build",
                                         "99.0.0", "99999999999999999999.0.0"}) {
    EXPECT_EQ(verdict(chat_settings(), with(chat_session(), "/sdk/version", version)), "transfer/eligible/global")
        << version;
  }
}

TEST(DecisionSdk, TheOldestVersionIsThatOfTheRules) {
  const Json settings = with(chat_settings(), "/rules/min_sdk_version", "3.44.2");
  for (const std::string_view version : {"3.44.1", "3.9.9", "3.43.99"}) {
    EXPECT_EQ(verdict(settings, with(chat_session(), "/sdk/version", version)), "reject/sdk_version_unsupported/none")
        << version;
  }
  for (const std::string_view version : {"3.44.2", "3.44.10", "3.100.0", "4.0.0"}) {
    EXPECT_EQ(verdict(settings, with(chat_session(), "/sdk/version", version)), "transfer/eligible/global") << version;
  }
}

TEST(DecisionSdk, ARefusalComesBeforeEverythingElse) {
  Json session = with(chat_session(), "/sdk/platform", "android");
  session["post_session"] = dom(R"({ "required": true, "status": "in_progress" })");
  session["ended_by"] = "timeout";
  EXPECT_EQ(verdict(minimal_settings(), session), "reject/mobile_sdk_unsupported/none");
  EXPECT_EQ(verdict(nullptr, session), "reject/mobile_sdk_unsupported/none");
}

// Row 4: the channel.

TEST(DecisionChannel, IsAChatOrACall) {
  for (const Json& channel : {Json("email"), Json("Chat"), Json(""), Json(nullptr), Json(1)}) {
    const Json decision = decided(chat_settings(), with(chat_session(), "/channel", channel));
    EXPECT_EQ(verdict(decision), "skip/channel_unsupported/none") << channel;
    EXPECT_EQ(checks(decision).back(), "-channel") << channel;
  }
}

// Row 5: the ender.

TEST(DecisionEndedBy, IsAgentOrEndUserByDefault) {
  for (const std::string_view ender : {"agent", "end_user"}) {
    EXPECT_EQ(verdict(chat_settings(), with(chat_session(), "/ended_by", ender)), "transfer/eligible/global") << ender;
  }
  for (const Json& ender : {Json("timeout"), Json("dismissed"), Json("unknown"), Json("Agent"), Json("system"),
                            Json(""), Json(nullptr), Json(1)}) {
    const Json decision = decided(chat_settings(), with(chat_session(), "/ended_by", ender));
    EXPECT_EQ(verdict(decision), "skip/ended_by_not_eligible/none") << ender;
    EXPECT_EQ(checks(decision).back(), "-ended_by") << ender;
  }
}

TEST(DecisionEndedBy, IsWhatTheRulesSay) {
  const Json settings = with(chat_settings(), "/rules/ended_by", Json::array({"timeout"}));
  EXPECT_EQ(verdict(settings, with(chat_session(), "/ended_by", "timeout")), "transfer/eligible/global");
  EXPECT_EQ(verdict(settings, with(chat_session(), "/ended_by", "agent")), "skip/ended_by_not_eligible/none");
}

// Row 6: the queue.

TEST(DecisionQueue, ThatIsOffTransfersNothing) {
  const Json decision = decided(full_settings(), in_queue(503));
  EXPECT_EQ(verdict(decision), "skip/queue_disabled/queue");
  EXPECT_EQ(last_row(decision),
            dom(R"({ "check": "queue", "passed": false, "value": "503", "pointer": "/queues/1/chat_routing" })"));
}

TEST(DecisionQueue, WithItsOwnSettingsUsesThemWholeAlsoWhenTheGlobalOnesAreOff) {
  const Json decision = decided(queue_settings(), in_queue(1));
  EXPECT_EQ(verdict(decision), "ask/opt_in_required/queue");
  EXPECT_EQ(decision["virtual_agent"], "orders");
  EXPECT_EQ(decision["data_records"].dump(), R"({"in_metadata":false,"in_crm_record":true})");
  EXPECT_EQ(decision["trace"][6],
            dom(R"({ "check": "block", "passed": true, "value": true, "pointer": "/queues/0/chat_routing" })"));
}

TEST(DecisionQueue, TakesNothingFromTheGlobalSettings) {
  const Json decision = decided(full_settings(), in_queue(502));
  EXPECT_EQ(verdict(decision), "transfer/eligible/queue") << "no opt-in, although the global block asks";
  EXPECT_EQ(decision["virtual_agent"], "survey");
  EXPECT_EQ(decision["data_records"].dump(), R"({"in_metadata":true,"in_crm_record":false})");
}

TEST(DecisionQueue, WithoutRoutingInheritsTheGlobalSettings) {
  EXPECT_EQ(verdict(queue_settings(), in_queue(3)), "skip/chat_disabled/global");
  const Json decision = decided(with(chat_settings(), "/queues", dom(R"([{ "id": 3 }])")), in_queue(3));
  EXPECT_EQ(verdict(decision), "transfer/eligible/global");
  EXPECT_EQ(decision["trace"][5]["pointer"], "/queues/0");
}

TEST(DecisionQueue, IsFoundByNumberAndByText) {
  for (const Json& id : {Json(503), Json("503"), Json(503.0)}) {
    EXPECT_EQ(verdict(full_settings(), in_queue(id)), "skip/queue_disabled/queue") << id;
  }
  for (const Json& id : {Json("0503"), Json(" 503"), Json(5030), Json(""), Json(nullptr), Json(503.5)}) {
    EXPECT_EQ(verdict(full_settings(), in_queue(id)), "ask/opt_in_required/global") << id;
  }
}

TEST(DecisionQueue, ThatIsMissingMeansNoQueue) {
  const Json decision = decided(full_settings(), without(chat_session(), "", "queue"));
  EXPECT_EQ(verdict(decision), "ask/opt_in_required/global");
  EXPECT_EQ(decision["trace"][5], dom(R"({ "check": "queue", "passed": true, "value": null, "pointer": null })"));
}

TEST(DecisionQueue, ParentsInThePathAreNotConsulted) {
  EXPECT_EQ(verdict(full_settings(), with(in_queue(9), "/queue/path", "503/9")), "ask/opt_in_required/global");
}

// Row 7: the block.

TEST(DecisionBlock, ThatIsOffOrAbsentTransfersNothing) {
  const Json absent = decided(minimal_settings(), chat_session());
  EXPECT_EQ(verdict(absent), "skip/chat_disabled/global");
  EXPECT_EQ(last_row(absent)["pointer"], "/chat");
  const Json off = decided(with(chat_settings(), "/chat/enabled", false), chat_session());
  EXPECT_EQ(verdict(off), "skip/chat_disabled/global");
  EXPECT_EQ(last_row(off), dom(R"({ "check": "block", "passed": false, "value": false, "pointer": "/chat/enabled" })"));
}

TEST(DecisionBlock, OfCallsDoesNotServeChats) {
  EXPECT_EQ(verdict(call_settings(), chat_session()), "skip/chat_disabled/global");
}

// Rows 8 and 9: the type.

TEST(DecisionType, HasToBeSelected) {
  for (const Json& type : {Json("sms"), Json("mobile"), Json("whatsapp"), Json("Messaging (SMS)"), Json("pigeon"),
                           Json(""), Json(nullptr)}) {
    const Json decision = decided(chat_settings(), with(chat_session(), "/chat_type", type));
    EXPECT_EQ(verdict(decision), "skip/chat_type_not_selected/global") << type;
    EXPECT_EQ(last_row(decision)["pointer"], "/chat/chat_types") << type;
  }
}

TEST(DecisionType, IsTracedInItsCanonicalForm) {
  EXPECT_EQ(last_row(decided(chat_settings(), with(chat_session(), "/chat_type", "messaging (sms)")))["value"], "sms");
  EXPECT_EQ(last_row(decided(chat_settings(), with(chat_session(), "/chat_type", "Pigeon Post")))["value"],
            "Pigeon Post");
  EXPECT_EQ(last_row(decided(chat_settings(), with(chat_session(), "/chat_type", nullptr)))["value"], nullptr);
}

TEST(DecisionType, EveryWordingOfAWebChatPasses) {
  for (const std::string_view type : {"web", "WEB", "Messaging Inbound (Web Chat)", "messaging (web)"}) {
    EXPECT_EQ(verdict(chat_settings(), with(chat_session(), "/chat_type", type)), "transfer/eligible/global") << type;
  }
}

TEST(DecisionType, ThatIsSelectedButNotWebIsUnsupported) {
  const Json settings = with(chat_settings(), "/chat/chat_types", dom(R"(["web", "sms", "mobile", "whatsapp"])"));
  int position = 1;
  for (const std::string_view type : {"sms", "mobile", "whatsapp"}) {
    const Json decision = decided(settings, with(chat_session(), "/chat_type", type));
    EXPECT_EQ(verdict(decision), "skip/chat_type_unsupported/global") << type;
    EXPECT_EQ(last_row(decision)["pointer"], "/chat/chat_types/" + std::to_string(position++));
  }
}

TEST(DecisionType, OfAQueuesOwnBlockIsWeb) {
  EXPECT_EQ(verdict(queue_settings(), with(in_queue(1), "/chat_type", "sms")), "skip/chat_type_not_selected/queue");
  EXPECT_EQ(last_row(decided(queue_settings(), with(in_queue(1), "/chat_type", "sms")))["pointer"],
            "/queues/0/chat_routing");
  EXPECT_EQ(last_row(decided(queue_settings(), in_queue(1)))["pointer"], "/queues/0/chat_routing");
}

// Calls.

TEST(DecisionCall, WithoutAnSdkPassesByTheSdkChecks) {
  const Json decision = decided(call_settings(), call_session());
  EXPECT_EQ(verdict(decision), "transfer/eligible/global");
  EXPECT_EQ(checks(decision), (std::vector<std::string>{"channel", "ended_by", "block", "type_selected"}));
}

TEST(DecisionCall, ThatNamesItsSdkIsHeldToIt) {
  EXPECT_EQ(verdict(call_settings(), with(call_session(), "/sdk/platform", "android")),
            "reject/mobile_sdk_unsupported/none");
  EXPECT_EQ(verdict(call_settings(), with(call_session(), "/sdk/platform", "desktop")), "reject/sdk_unknown/none");
  EXPECT_EQ(verdict(call_settings(), with(call_session(), "/sdk/platform", "web")),
            "reject/sdk_version_unsupported/none");
  EXPECT_EQ(verdict(call_settings(), with(call_session(), "/sdk", dom(R"({ "platform": "web", "version": "3.1.0" })"))),
            "transfer/eligible/global");
  EXPECT_EQ(verdict(call_settings(), with(call_session(), "/sdk/platform", " ")), "transfer/eligible/global")
      << "an empty platform is none";
}

TEST(DecisionCall, FollowsTheCallBlock) {
  EXPECT_EQ(verdict(chat_settings(), call_session()), "skip/call_disabled/global");
  EXPECT_EQ(last_row(decided(chat_settings(), call_session()))["pointer"], "/call");
  EXPECT_EQ(last_row(decided(with(call_settings(), "/call/enabled", false), call_session()))["pointer"],
            "/call/enabled");
  EXPECT_EQ(verdict(call_settings(), with(call_session(), "/call_type", "voice_outbound")),
            "skip/call_type_not_selected/global");
  EXPECT_EQ(verdict(call_settings(), with(call_session(), "/call_type", nullptr)),
            "skip/call_type_not_selected/global");
  EXPECT_EQ(verdict(call_settings(), with(call_session(), "/call_type", "voice_inbound_mobile")),
            "transfer/eligible/global");
  EXPECT_EQ(verdict(call_settings(), with(call_session(), "/ended_by", "timeout")), "skip/ended_by_not_eligible/none");
}

TEST(DecisionCall, HasNoQueueLevelAndNoPlatformFlags) {
  Json session = with(call_session(), "/queue/id", 503);
  session["post_session"] = dom(R"({ "required": false, "opt_in_required": true, "status": "in_progress" })");
  EXPECT_EQ(verdict(with(call_settings(), "/queues", dom(R"([{ "id": 503, "chat_routing": false }])")), session),
            "transfer/eligible/global");
}

// What can never work.

TEST(DecisionCapability, ACcaipHandoffNeedsAnSdkThatCan) {
  const Json settings = with(chat_settings(), "/virtual_agents/0/endpoint", dom(R"({ "kind": "ccaip" })"));
  EXPECT_EQ(verdict(settings, chat_session()), "transfer/eligible/global") << "not known, so not judged";
  EXPECT_EQ(verdict(settings, with(chat_session(), "/sdk/can", dom(R"(["update_post_session"])"))),
            "transfer/eligible/global");
  const Json decision = decided(settings, with(chat_session(), "/sdk/can", Json::array()));
  EXPECT_EQ(verdict(decision), "reject/sdk_cannot_hand_off/none");
  EXPECT_EQ(
      last_row(decision),
      dom(R"({ "check": "sdk_can_hand_off", "passed": false, "value": false, "pointer": "/virtual_agents/0/endpoint" })"));
  EXPECT_EQ(verdict(chat_settings(), with(chat_session(), "/sdk/can", Json::array())), "transfer/eligible/global")
      << "a webhook needs no SDK";
}

TEST(DecisionCapability, AnEndpointsOriginHasToBeAllowedWhereTheListIsKnown) {
  EXPECT_EQ(verdict(chat_settings(), chat_session(),
                    {.allowed_origins = std::vector<std::string>{"https://bots.example.com"}}),
            "transfer/eligible/global");
  const Json decision = decided(chat_settings(), chat_session(),
                                {.allowed_origins = std::vector<std::string>{"https://bots.example.com.evil.example"}});
  EXPECT_EQ(verdict(decision), "skip/endpoint_not_allowed/global");
  EXPECT_EQ(
      last_row(decision),
      dom(R"({ "check": "endpoint_allowed", "passed": false, "value": "https://bots.example.com", "pointer": "/virtual_agents/0/endpoint/url" })"));
  EXPECT_EQ(decision["virtual_agent"], nullptr);
}

TEST(DecisionCapability, IsNotLookedAtWhereThePolicyAlreadySaysNo) {
  const Json decision = decided(with(chat_settings(), "/chat/enabled", false), chat_session(),
                                {.allowed_origins = std::vector<std::string>{}});
  EXPECT_EQ(checks(decision).back(), "-block");
}

// The platform's flags.

TEST(DecisionFlags, AStatusBeyondReadyHasAlreadyStarted) {
  for (const std::string_view status : {"in_progress", "completed", "failed", "READY", "something_new"}) {
    const Json decision = decided(chat_settings(), flagged({{"status", status}, {"required", true}}));
    EXPECT_EQ(verdict(decision), "skip/already_started/platform") << status;
    EXPECT_EQ(checks(decision).back(), "-platform_status");
  }
  for (const Json& status : {Json("ready"), Json(""), Json(nullptr), Json(7)}) {
    EXPECT_EQ(verdict(chat_settings(), flagged({{"status", status}})), "transfer/eligible/global") << status;
  }
}

TEST(DecisionFlags, NotRequiredIsSkipped) {
  const Json decision = decided(chat_settings(), flagged({{"required", false}}));
  EXPECT_EQ(verdict(decision), "skip/platform_not_required/platform");
  EXPECT_EQ(last_row(decision),
            dom(R"({ "check": "platform_required", "passed": false, "value": false, "pointer": null })"));
}

TEST(DecisionFlags, ANullFlagIsNoFlag) {
  EXPECT_EQ(
      verdict(chat_settings(), flagged({{"required", nullptr}, {"opt_in_required", nullptr}, {"status", nullptr}})),
      "transfer/eligible/global");
}

TEST(DecisionFlags, RequiredOverridesThePolicyButTracesIt) {
  Json session = flagged({{"required", true}});
  session["ended_by"] = "timeout";
  session["chat_type"] = "sms";
  const Json decision = decided(minimal_settings(), session);
  EXPECT_EQ(verdict(decision), "ask/opt_in_required/platform");
  EXPECT_EQ(decision["virtual_agent"], nullptr);
  EXPECT_EQ(checks(decision),
            (std::vector<std::string>{"sdk_mobile", "sdk_known", "sdk_version", "channel", "platform_required",
                                      "-ended_by", "queue", "-block", "-type_selected", "type_supported"}));
}

TEST(DecisionFlags, RequiredDoesNotOverrideTheSdkNorTheChannel) {
  EXPECT_EQ(verdict(chat_settings(), with(flagged({{"required", true}}), "/sdk/platform", "ios")),
            "reject/mobile_sdk_unsupported/none");
  EXPECT_EQ(verdict(chat_settings(), with(flagged({{"required", true}}), "/channel", "email")),
            "skip/channel_unsupported/none");
}

TEST(DecisionFlags, UnderRequiredTheBlockInForceSuppliesAgentAndRecords) {
  const Json settings = with(full_settings(), "/chat/virtual_agent", "survey");
  Json plain = settings;
  plain["chat"].erase("data_parameters");
  const Json decision = decided(plain, flagged({{"required", true}}));
  EXPECT_EQ(verdict(decision), "ask/opt_in_required/global");
  EXPECT_EQ(decision["virtual_agent"], "survey");
  EXPECT_EQ(decision["data_records"].dump(), R"({"in_metadata":true,"in_crm_record":true})");
  EXPECT_FALSE(decision.contains("conflicts"));
}

TEST(DecisionFlags, UnderRequiredAnotherKindOfEndpointIsAConflict) {
  const Json decision = decided(chat_settings(), flagged({{"required", true}}));
  EXPECT_EQ(decision["conflicts"].dump(), R"(["endpoint_conflict"])");
  EXPECT_EQ(decision["virtual_agent"], "orders");
}

TEST(DecisionFlags, UnderRequiredAQueueThatIsOffSuppliesNothing) {
  Json session = with(flagged({{"required", true}}), "/queue/id", 503);
  const Json decision = decided(full_settings(), session);
  EXPECT_EQ(verdict(decision), "ask/opt_in_required/platform");
  EXPECT_EQ(decision["virtual_agent"], nullptr);
}

TEST(DecisionFlags, AQuestionIsAskedWhenEitherSideSaysSoAndAMissingFlagNeverMeansNo) {
  const Json plain = with(chat_settings(), "/virtual_agents/0/endpoint", dom(R"({ "kind": "ccaip" })"));
  const Json asks = with(plain, "/chat/opt_in", true);
  const auto outcome = [](const Json& settings, const Json& flags) {
    return decided(settings, flagged(flags))["outcome"].get<std::string>();
  };
  // Without `required` the block decides, and the flag can only add the question.
  EXPECT_EQ(outcome(plain, {{"opt_in_required", true}}), "ask");
  EXPECT_EQ(outcome(plain, {{"opt_in_required", false}}), "transfer");
  EXPECT_EQ(outcome(plain, {{"opt_in_required", nullptr}}), "transfer");
  EXPECT_EQ(outcome(asks, {{"opt_in_required", false}}), "ask");
  // With `required` a missing flag asks.
  EXPECT_EQ(outcome(plain, {{"required", true}}), "ask");
  EXPECT_EQ(outcome(plain, {{"required", true}, {"opt_in_required", true}}), "ask");
  EXPECT_EQ(outcome(plain, {{"required", true}, {"opt_in_required", false}}), "transfer");
  EXPECT_EQ(outcome(asks, {{"required", true}, {"opt_in_required", false}}), "ask");
  // Without a block in force the flag alone decides.
  EXPECT_EQ(outcome(minimal_settings(), {{"required", true}, {"opt_in_required", false}}), "transfer");
  EXPECT_EQ(outcome(minimal_settings(), {{"required", true}}), "ask");
}

TEST(DecisionFlags, UnderRequiredTheSdkHasToBeAbleToHandOff) {
  Json session = flagged({{"required", true}});
  session["sdk"]["can"] = Json::array();
  EXPECT_EQ(verdict(chat_settings(), session), "reject/sdk_cannot_hand_off/none");
  EXPECT_EQ(verdict(nullptr, session), "reject/sdk_cannot_hand_off/none");
  EXPECT_EQ(last_row(decided(nullptr, session))["pointer"], nullptr);
}

TEST(DecisionFlags, UnderRequiredTheAllowListIsNotAskedBecauseThePlatformSends) {
  EXPECT_EQ(decided(chat_settings(), flagged({{"required", true}}),
                    {.allowed_origins = std::vector<std::string>{}})["outcome"],
            "ask");
}

// Without settings.

TEST(DecisionWithoutSettings, ThePlatformsFlagsDecide) {
  EXPECT_EQ(verdict(nullptr, chat_session()), "skip/not_configured/platform");
  EXPECT_EQ(verdict(nullptr, flagged({{"required", true}})), "ask/opt_in_required/platform");
  EXPECT_EQ(verdict(nullptr, flagged({{"required", true}, {"opt_in_required", true}})), "ask/opt_in_required/platform");
  EXPECT_EQ(verdict(nullptr, flagged({{"required", true}, {"opt_in_required", false}})), "transfer/eligible/platform");
  EXPECT_EQ(verdict(nullptr, flagged({{"required", false}})), "skip/platform_not_required/platform");
  EXPECT_EQ(verdict(nullptr, flagged({{"status", "in_progress"}})), "skip/already_started/platform");
  EXPECT_EQ(verdict(nullptr, flagged({{"opt_in_required", true}})), "skip/not_configured/platform");
}

TEST(DecisionWithoutSettings, ThereIsNoAgentAndNoPointer) {
  const Json decision = decided(nullptr, flagged({{"required", true}}));
  EXPECT_EQ(decision["virtual_agent"], nullptr);
  EXPECT_EQ(checks(decision),
            (std::vector<std::string>{"sdk_mobile", "sdk_known", "sdk_version", "channel", "platform_required"}));
  for (const Json& row : decision["trace"]) {
    EXPECT_EQ(row["pointer"], nullptr);
  }
}

TEST(DecisionWithoutSettings, ACallIsNotConfigured) {
  EXPECT_EQ(decided(nullptr, call_session())["reason"], "not_configured");
}

TEST(DecisionWithoutSettings, TheOldestSdkIsThatOfTheDefault) {
  EXPECT_EQ(verdict(nullptr, with(chat_session(), "/sdk/version", "2.9.9")), "reject/sdk_version_unsupported/none");
}

// Totality.

TEST(DecisionIsTotal, AnySessionGivesAnAnswerUnderAnySettings) {
  const std::vector<Json> odd{nullptr,
                              true,
                              0,
                              -1.5,
                              "",
                              "web",
                              "chat",
                              Json::array(),
                              Json::array({Json::object()}),
                              Json::object(),
                              Json{{"id", nullptr}},
                              Json{{"platform", {{"platform", 1}}}}};
  const std::vector<Json> settings{nullptr,           minimal_settings(), full_settings(),
                                   opt_in_settings(), call_settings(),    queue_settings()};
  int decisions = 0;
  for (const Json& document : settings) {
    const auto loaded = document.is_null() ? nullptr : settings_of(document);
    for (const std::string_view field :
         {"channel", "sdk", "chat_type", "call_type", "ended_by", "queue", "post_session", "custom_data",
          "session_variables", "status", "lang", "tenant"}) {
      for (const Json& value : odd) {
        for (const Json& base : {chat_session(), call_session()}) {
          Json session = base;
          session[std::string(field)] = value;
          const Session facts = session_of(session);
          const Decision decision = evaluate(loaded.get(), facts);
          ASSERT_FALSE(decision.trace.empty());
          ASSERT_EQ(decision.goes_ahead(),
                    decision.reason == Reason::eligible || decision.reason == Reason::opt_in_required);
          ASSERT_EQ(decision.outcome == DecisionOutcome::ask, decision.opt_in);
          ++decisions;
        }
      }
    }
  }
  EXPECT_EQ(decisions, 6 * 12 * 12 * 2);
}

}  // namespace
}  // namespace pst::test
