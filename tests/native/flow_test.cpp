// One session's way through the whole core, as scenarios: events in, effects out.

#include "pst/flow.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "pst/limits.hpp"
#include "support/flow_driver.hpp"

namespace pst::test {
namespace {

Json with_opt_in() {
  Json settings = chat_settings();
  settings["chat"]["opt_in"] = true;
  return settings;
}

Json with_parameters(const Json& parameters) {
  Json settings = chat_settings();
  settings["chat"]["data_parameters_enabled"] = true;
  settings["chat"]["data_parameters"] = parameters;
  return settings;
}

Json ios_session() {
  Json session = chat_session();
  session["sdk"]["platform"] = "iOS";
  return session;
}

/// A flow whose hand-off is on its way: nobody had to be asked.
FlowDriver sending() {
  FlowDriver flow(chat_settings(), chat_session());
  EXPECT_EQ(flow.end().phase(), "handing_off");
  return flow;
}

/// A flow whose receiver did not answer within the budget.
FlowDriver stalled() {
  FlowDriver flow = sending();
  flow.respond(500);
  EXPECT_EQ(flow.timer("budget").phase(), "stalled");
  return flow;
}

FlowDriver in_conversation() {
  FlowDriver flow = sending();
  EXPECT_EQ(flow.respond(200, {{"conversation", {{"id", "c1"}}}}).phase(), "in_conversation");
  return flow;
}

FlowDriver asking() {
  FlowDriver flow(with_opt_in(), chat_session());
  EXPECT_EQ(flow.end().phase(), "asking");
  return flow;
}

constexpr std::string_view kStraightToSending =
    "decision, hold, prompt(connecting), handoff, start budget 30000, start attempt 8000, send 1";

// Beginning.

TEST(FlowBegin, AnswersWithTheDecisionAndTheTextToDigest) {
  const FlowDriver flow(with_opt_in(), chat_session());
  EXPECT_EQ(flow.begun()["decision"]["outcome"], "ask");
  EXPECT_EQ(flow.begun()["digest_of"], R"(["acme","12345","orders"])");
}

TEST(FlowBegin, NeedsNoDigestWhereNothingIsHandedOff) {
  EXPECT_EQ(FlowDriver(chat_settings(), ios_session()).begun()["digest_of"], nullptr);
  EXPECT_EQ(FlowDriver(minimal_settings(), chat_session()).begun()["digest_of"], nullptr);
}

TEST(FlowBegin, ChangesNoState) {
  const FlowDriver flow(with_opt_in(), chat_session());
  EXPECT_EQ(flow.flow().state(), transfer::State{});
}

TEST(FlowBegin, RefusesWhatIsNoJsonOrHasNoUsableSession) {
  Flow flow(settings_of(chat_settings()));
  for (const std::string_view text :
       {"", "{", "[]", "7", R"({"session":null})", R"({"session":{}})", R"({"session":{"id":""}})",
        R"({"session":[1]})", R"({"mode":"enforce"})", "\xFF"}) {
    const auto begun = flow.begin(text);
    EXPECT_FALSE(begun) << text;
    EXPECT_EQ(flow.step(R"({"type":"session_ended","at":"t","digest":null})").ignored, Ignored::not_expected) << text;
  }
}

TEST(FlowBegin, PointsIntoTheTextItWasGiven) {
  Flow flow(nullptr);
  const auto without_id = flow.begin(R"({"session":{"channel":"chat"},"at":"t"})");
  ASSERT_FALSE(without_id);
  EXPECT_EQ(summary(without_id.error()), (std::vector<std::string>{"field_missing /session/id"}));
  const auto without_session = flow.begin(R"({"mode":"enforce","at":"t"})");
  ASSERT_FALSE(without_session);
  EXPECT_EQ(summary(without_session.error()), (std::vector<std::string>{"field_missing /session"}));
}

TEST(FlowBegin, ASessionIsNotTakenFromTheOutermostObject) {
  Flow flow(nullptr);
  EXPECT_FALSE(flow.begin(R"({"id":"1","channel":"chat","at":"t"})"));
}

TEST(FlowBegin, JudgesTheEndpointAgainstTheOriginsThatTheHostAllows) {
  const auto outcome = [](const Json& origins) {
    const FlowDriver flow(chat_settings(), chat_session(), {{"allowed_origins", origins}});
    return flow.begun()["decision"]["reason"].get<std::string>();
  };
  EXPECT_EQ(outcome(nullptr), "eligible");
  EXPECT_EQ(outcome(Json::array({"https://bots.example.com"})), "eligible");
  EXPECT_EQ(outcome(Json::array()), "endpoint_not_allowed");
  EXPECT_EQ(outcome(Json::array(
                {"https://bots.example.com/handoff", "https://bots.example.com:8443", "http://bots.example.com", "*"})),
            "endpoint_not_allowed");
}

TEST(FlowBegin, InMidFlowChangesNothing) {
  FlowDriver flow = asking();
  Flow copy = flow.flow();
  const Json other{{"session", ios_session()}, {"at", "t"}};
  std::ignore = copy.begin(other.dump());
  const Flow::Result result = copy.step(R"({"type":"action","at":"t","action":"yes","values":{}})");
  EXPECT_EQ(result.ignored, std::nullopt);
  EXPECT_EQ(copy.state().phase, Phase::handing_off);
}

// Asked, and the answers.

TEST(FlowScenario, AQuestionIsShownAndTheHostHoldsItsOwnSurveys) {
  FlowDriver flow(with_opt_in(), chat_session());
  const Answer ended = flow.end();
  EXPECT_EQ(ended.effects(), "decision, hold, prompt(opt_in)");
  EXPECT_EQ(ended.phase(), "asking");
  EXPECT_EQ(ended.told("decision"), flow.begun()["decision"]);
}

TEST(FlowScenario, YesSendsTheEnvelopeOnce) {
  FlowDriver flow = asking();
  const Answer yes = flow.act("yes");
  EXPECT_EQ(yes.effects(), "consent, prompt(connecting), handoff, start budget 30000, start attempt 8000, send 1");
  EXPECT_EQ(yes.phase(), "handing_off");
  ASSERT_EQ(flow.sends().size(), 1U);
  const Json send = flow.sends()[0];
  EXPECT_EQ(send["delivery"], "handoff");
  EXPECT_EQ(send["url"], "https://bots.example.com/handoff");
  EXPECT_EQ(send["origin"], "https://bots.example.com");
  EXPECT_EQ(send["headers"]["Content-Type"], "application/json");
  EXPECT_EQ(send["headers"]["Idempotency-Key"], kSomeHandoffId);
  EXPECT_EQ(send["reauthorize"], false);
  EXPECT_EQ(
      send["body"],
      R"({"schema":1,"handoff_id":"01234567-89ab-8def-8123-456789abcdef","session":{"id":"12345","lang":"en","queue_id":"777","ended_by":"agent"},)"
      R"("virtual_agent":{"id":"orders","name":"Order status"},)"
      R"("opt_in":{"required":true,"selected":"Yes","text_version":"en-1","locale":"en","at":"2026-01-01T10:09:05.000Z"},)"
      R"("data_parameters":{},"data_records":{"in_metadata":false,"in_crm_record":false},"decided_at":"2026-01-01T10:09:00.000Z"})");
}

TEST(FlowScenario, TheConsentIsToldAsItGoesOnRecord) {
  FlowDriver yes = asking();
  EXPECT_EQ(
      yes.act("yes").told("consent").dump(),
      R"({"required":true,"selected":"Yes","text_version":"en-1","locale":"en","at":"2026-01-01T10:09:05.000Z"})");
  FlowDriver no = asking();
  EXPECT_EQ(no.act("no").told("consent").dump(),
            R"({"required":true,"selected":"No","text_version":"en-1","locale":"en","at":"2026-01-01T10:09:05.000Z"})");
}

TEST(FlowScenario, NoSendsNothingEver) {
  FlowDriver flow = asking();
  const Answer no = flow.act("no");
  EXPECT_EQ(no.effects(), "consent, prompt(declined), outcome, release");
  EXPECT_EQ(no.outcome(), "declined/opt_in_declined");
  for (const char* action : {"yes", "no", "try_again", "not_now"}) {
    EXPECT_EQ(flow.act(action).ignored(), "not_expected") << action;
  }
  EXPECT_EQ(flow.end().ignored(), "not_expected");
  EXPECT_EQ(flow.event("online").effects(), "");
  EXPECT_TRUE(flow.sends().empty());
}

TEST(FlowScenario, PressingYesTwiceSendsOnce) {
  FlowDriver flow = asking();
  flow.act("yes");
  const Answer second = flow.act("yes");
  EXPECT_EQ(second.ignored(), "not_expected");
  EXPECT_EQ(second.effects(), "");
  EXPECT_EQ(flow.act("no").ignored(), "not_expected");
  EXPECT_EQ(flow.sends().size(), 1U);
  EXPECT_EQ(flow.times_told("consent"), 1);
}

TEST(FlowScenario, WithoutAnOptInTheHandoffGoesAtOnce) {
  FlowDriver flow(chat_settings(), chat_session());
  EXPECT_EQ(flow.end().effects(), kStraightToSending);
  const Json body = dom(flow.sends().at(0)["body"].get<std::string>());
  EXPECT_EQ(body["opt_in"].dump(), R"({"required":false,"selected":null,"text_version":null,"locale":null,"at":null})");
  EXPECT_EQ(flow.times_told("consent"), 0);
}

TEST(FlowScenario, AMobileSdkIsRejectedWithoutAPromptOrASend) {
  FlowDriver flow(with_opt_in(), ios_session());
  const Answer ended = flow.end();
  EXPECT_EQ(ended.effects(), "decision, outcome");
  EXPECT_EQ(ended.outcome(), "rejected/mobile_sdk_unsupported");
  for (const char* action : {"yes", "try_again"}) {
    EXPECT_FALSE(flow.act(action).accepted());
  }
  EXPECT_TRUE(flow.sends().empty());
}

TEST(FlowScenario, ASkippedSessionEndsWithTheDecisionsReason) {
  const auto outcome = [](const Json& settings, const Json& session) {
    FlowDriver flow(settings, session);
    const Answer ended = flow.end();
    EXPECT_EQ(ended.effects(), "decision, outcome");
    return ended.outcome();
  };
  EXPECT_EQ(outcome(minimal_settings(), chat_session()), "skipped/chat_disabled");
  EXPECT_EQ(outcome(nullptr, chat_session()), "skipped/not_configured");
  Json timed_out = chat_session();
  timed_out["ended_by"] = "timeout";
  EXPECT_EQ(outcome(chat_settings(), timed_out), "skipped/ended_by_not_eligible");
  Json started = chat_session();
  started["post_session"]["status"] = "in_progress";
  EXPECT_EQ(outcome(chat_settings(), started), "skipped/already_started");
}

TEST(FlowScenario, ObserveModeDecidesAndDoesNothingElse) {
  FlowDriver flow(with_opt_in(), chat_session(), {{"mode", "observe"}});
  const Answer ended = flow.end();
  EXPECT_EQ(ended.effects(), "decision, outcome");
  EXPECT_EQ(ended.outcome(), "skipped/observed");
  EXPECT_EQ(ended.told("decision")["outcome"], "ask");
}

TEST(FlowScenario, ObserveModeStillSaysWhyASessionIsRejected) {
  FlowDriver flow(chat_settings(), ios_session(), {{"mode", "observe"}});
  EXPECT_EQ(flow.end().outcome(), "rejected/mobile_sdk_unsupported");
}

TEST(FlowScenario, WithoutADigestNothingIsSent) {
  for (const Json& digest : {Json(nullptr), Json(""), Json("zz"), Json(7), Json(std::string(kSomeDigest) + "0")}) {
    FlowDriver flow(with_opt_in(), chat_session());
    const Answer ended = flow.event(Json{{"type", "session_ended"}, {"at", "t"}, {"digest", digest}});
    EXPECT_EQ(ended.effects(), "decision, outcome") << digest;
    EXPECT_EQ(ended.outcome(), "failed/identity_unavailable") << digest;
  }
}

TEST(FlowScenario, WhereThePlatformSaysTheOppositeOfTheSettingsTheHostIsTold) {
  const auto told = [](const Json& settings, const Json& required, const char* mode) {
    Json session = chat_session();
    session["post_session"]["required"] = required;
    return FlowDriver(settings, session, {{"mode", mode}}).end().told("diagnostic");
  };
  for (const char* mode : {"enforce", "observe"}) {
    EXPECT_EQ(told(minimal_settings(), true, mode).dump(), R"({"code":"platform_disagrees","detail":"chat_disabled"})");
    EXPECT_EQ(told(with_opt_in(), false, mode).dump(), R"({"code":"platform_disagrees","detail":"opt_in_required"})");
    EXPECT_TRUE(told(minimal_settings(), false, mode).is_null());
    EXPECT_TRUE(told(nullptr, true, mode).is_null());
    EXPECT_TRUE(told(minimal_settings(), nullptr, mode).is_null());
  }
}

// Other endpoints.

Json with_agent(std::string_view agent, bool opt_in = false) {
  Json settings = full_settings();
  settings["chat"]["virtual_agent"] = agent;
  settings["chat"]["opt_in"] = opt_in;
  settings["chat"]["data_parameters"] = Json::array({{{"type", "fixed"}, {"field", "kind"}, {"value", "csat"}}});
  return settings;
}

TEST(FlowCcaip, GoesThroughTheStatusesInOrderAndNobodyAskedMeansNoOptIn) {
  FlowDriver flow(with_agent("survey"), chat_session());
  EXPECT_EQ(flow.end().effects(),
            "decision, hold, prompt(connecting), handoff, start budget 30000, start attempt 8000, update ready null 1");
  EXPECT_EQ(flow.respond(200).effects(),
            "stop attempt, stop budget, handoff, start budget 30000, start attempt 8000, update in_progress null 1");
  const Answer taken = flow.respond(200);
  EXPECT_EQ(taken.effects(),
            "stop attempt, stop budget, handoff, prompt(connected), show_widget, start virtual_agent 120000");
  EXPECT_EQ(taken.phase(), "in_conversation");
  EXPECT_TRUE(flow.sends().empty());
}

TEST(FlowCcaip, YesIsToldWithEveryStatus) {
  FlowDriver flow(with_agent("survey", true), chat_session());
  flow.end();
  EXPECT_EQ(flow.act("yes").effect("update_post_session")["opt_in"], true);
  EXPECT_EQ(flow.respond(200).effect("update_post_session")["opt_in"], true);
}

TEST(FlowCcaip, NoIsToldOnceAndNobodyWaitsForTheAnswer) {
  FlowDriver flow(with_agent("survey", true), chat_session());
  flow.end();
  const Answer no = flow.act("no");
  EXPECT_EQ(no.effects(), "consent, update ready false 0, prompt(declined), outcome, release");
  EXPECT_EQ(no.outcome(), "declined/opt_in_declined");
}

TEST(FlowCcaip, ARetryNamesTheStatusesThatMakeItNeedless) {
  FlowDriver flow(with_agent("survey"), chat_session());
  const Answer first = flow.end();
  EXPECT_EQ(first.effect("update_post_session")["reached"].dump(), "[]");
  EXPECT_EQ(flow.network_error().told("handoff")["reason"], "sdk_rejected");
  EXPECT_EQ(flow.timer("retry").effect("update_post_session")["reached"].dump(), R"(["ready","in_progress"])");
  flow.respond(200);
  flow.network_error();
  EXPECT_EQ(flow.timer("retry").effect("update_post_session")["reached"].dump(), R"(["in_progress"])");
}

TEST(FlowCcaip, TryAgainDoesNotRepeatAStatusThatWasTaken) {
  FlowDriver flow(with_agent("survey"), chat_session());
  flow.end();
  flow.respond(200);
  EXPECT_EQ(flow.timer("budget").phase(), "stalled");
  EXPECT_EQ(flow.act("try_again").effect("update_post_session")["status"], "in_progress");
}

TEST(FlowCcaip, ThePlatformsOwnRequestNeedsNeitherSettingsNorAnAgent) {
  Json session = chat_session();
  session["post_session"]["required"] = true;
  session["post_session"]["opt_in_required"] = false;
  FlowDriver flow(nullptr, session);
  EXPECT_EQ(flow.end().effect("update_post_session")["status"], "ready");
  flow.respond(200);
  EXPECT_EQ(flow.respond(200).phase(), "in_conversation");
}

TEST(FlowDialogflow, DetectsTheEventWithTheParametersAndTheEnvelopeAsPayload) {
  FlowDriver flow(with_agent("cx"), chat_session(), {{"time_zone", "Europe/Berlin"}});
  flow.end();
  ASSERT_EQ(flow.sends().size(), 1U);
  const Json& send = flow.sends()[0];
  const std::string id = send["headers"]["Idempotency-Key"];
  EXPECT_EQ(send["url"].get<std::string>().substr(send["url"].get<std::string>().find("/v3/")),
            "/v3/projects/p/locations/us-central1/agents/a/sessions/" + id + ":detectIntent");
  const Json body = dom(send["body"].get<std::string>());
  EXPECT_EQ(body["queryInput"].dump(), R"({"event":{"event":"POST_SESSION"},"languageCode":"en"})");
  EXPECT_EQ(body["queryParams"]["timeZone"], "Europe/Berlin");
  EXPECT_EQ(body["queryParams"]["parameters"].dump(), R"({"kind":"csat"})");
  EXPECT_EQ(body["queryParams"]["channel"], "chat");
  EXPECT_EQ(body["queryParams"]["payload"]["handoff_id"], id);
  EXPECT_FALSE(body["queryParams"]["payload"].contains("data_parameters"));
}

TEST(FlowDialogflow, WithoutATimeZoneThereIsNone) {
  FlowDriver flow(with_agent("cx"), chat_session());
  flow.end();
  EXPECT_FALSE(dom(flow.sends().at(0)["body"].get<std::string>())["queryParams"].contains("timeZone"));
}

TEST(FlowDialogflow, ItsMessagesAreHandedOverAsTheyCame) {
  FlowDriver flow(with_agent("cx"), chat_session());
  flow.end();
  const Answer taken =
      flow.respond(200, dom(R"({"queryResult":{"responseMessages":[{"text":{"text":["Hi"]}},{"x":1}]}})"));
  EXPECT_EQ(taken.phase(), "in_conversation");
  EXPECT_EQ(taken.told("handoff")["messages"].dump(), R"([{"text":{"text":["Hi"]}},{"x":1}])");
}

TEST(FlowDialogflow, WhatIsNotIdempotentIsNotSentTwice) {
  Json settings = with_agent("cx");
  settings["virtual_agents"][2]["endpoint"]["idempotent"] = false;
  FlowDriver flow(settings, chat_session());
  flow.end();
  const Answer lost = flow.network_error();
  EXPECT_EQ(lost.phase(), "stalled");
  EXPECT_EQ(lost.told("prompt").is_null(), true);
  EXPECT_EQ(lost.told("handoff")["reason"], "outcome_unknown");
}

TEST(FlowDialogflow, WhatMayHaveArrivedIsNotSentTwice) {
  Json settings = with_agent("cx");
  settings["virtual_agents"][2]["endpoint"]["idempotent"] = false;
  // A gateway that lost the answer knows no better than we do; a receiver that answers by itself does.
  for (const auto& [status, phase] : {std::pair(502, "stalled"),
                                      {504, "stalled"},
                                      {500, "handing_off"},
                                      {503, "handing_off"},
                                      {429, "handing_off"}}) {
    FlowDriver flow(settings, chat_session());
    flow.end();
    const Answer answer = flow.respond(status);
    EXPECT_EQ(answer.phase(), phase) << status;
    if (answer.phase() == "stalled") {
      EXPECT_EQ(answer.told("handoff")["reason"], "outcome_unknown") << status;
    }
  }
}

TEST(FlowDialogflow, WhatWasNeverSentMayBeSent) {
  Json settings = with_agent("cx");
  settings["virtual_agents"][2]["endpoint"]["idempotent"] = false;
  FlowDriver flow(settings, chat_session());
  flow.end();
  const auto expired = [&](const char* timer) {
    return flow.event(Json{{"type", "timer"}, {"at", "t"}, {"timer", timer}, {"unsent", true}});
  };
  EXPECT_EQ(expired("attempt").effects(), "stop attempt, abort, handoff, start retry 0+500");
  flow.timer("retry");
  const Answer over = expired("budget");
  EXPECT_EQ(over.phase(), "stalled");
  EXPECT_EQ(over.told("handoff")["reason"], "authorize_failed");
}

// The platform's flags.

TEST(FlowScenario, AConflictBetweenThePlatformsAgentAndOursIsDiagnosed) {
  Json session = chat_session();
  session["post_session"]["required"] = true;
  FlowDriver flow(chat_settings(), session);
  const Answer ended = flow.end();
  EXPECT_EQ(ended.told("diagnostic").dump(), R"({"code":"endpoint_conflict","detail":"orders"})");
  EXPECT_TRUE(flow.sends().empty());
}

TEST(FlowScenario, ASecondEndOfTheSameSessionIsIgnored) {
  FlowDriver flow = asking();
  EXPECT_EQ(flow.end().ignored(), "not_expected");
  flow.act("yes");
  EXPECT_EQ(flow.end().ignored(), "not_expected");
  EXPECT_EQ(flow.times_told("decision"), 1);
}

// The time-out of the question.

TEST(FlowScenario, AQuestionWithATimeoutEndsInNoAnswer) {
  Json settings = with_opt_in();
  settings["rules"]["prompt_timeout_s"] = 45;
  FlowDriver flow(settings, chat_session());
  EXPECT_EQ(flow.end().effects(), "decision, hold, start prompt 45000, start prompt_warning 25000, prompt(opt_in)");
  const Answer expired = flow.timer("prompt");
  EXPECT_EQ(expired.outcome(), "no_answer/prompt_expired");
  EXPECT_EQ(expired.effects(), "stop prompt, stop prompt_warning, prompt(expired), outcome, release");
  EXPECT_EQ(flow.act("yes").ignored(), "not_expected");
  EXPECT_TRUE(flow.sends().empty());
}

TEST(FlowScenario, AnAnswerStopsTheTimeoutOfTheQuestion) {
  Json settings = with_opt_in();
  settings["rules"]["prompt_timeout_s"] = 20;
  for (const char* action : {"yes", "no"}) {
    FlowDriver flow(settings, chat_session());
    flow.end();
    EXPECT_TRUE(flow.act(action).effects().starts_with("stop prompt, consent")) << action;
    EXPECT_EQ(flow.timer("prompt").ignored(), "not_expected") << action;
  }
}

// Delivery.

TEST(FlowScenario, AnAcceptedHandoffEndsInTransferred) {
  FlowDriver flow = sending();
  const Answer accepted = flow.respond(204);
  EXPECT_EQ(accepted.effects(), "stop attempt, stop budget, handoff, prompt(connected), outcome");
  EXPECT_EQ(accepted.outcome(), "transferred/accepted");
  EXPECT_EQ(
      accepted.told("outcome").dump(),
      R"({"outcome":"transferred","reason":"accepted","session_id":"12345","virtual_agent":"orders","handoff_id":"01234567-89ab-8def-8123-456789abcdef"})");
}

TEST(FlowScenario, HostSurveysStayHeldAfterWeConnected) {
  FlowDriver flow = sending();
  flow.respond(200);
  EXPECT_EQ(flow.times_told("hold"), 1);
  EXPECT_EQ(flow.times_told("release"), 0);
}

TEST(FlowScenario, AnAnswerWithAConversationIsFollowedToItsEnd) {
  FlowDriver flow = sending();
  const Json body = dom(
      R"({ "conversation": { "id": "c1", "url": "https://bots.example.com/c/1" }, "messages": [{ "text": "Hi" }], "more": 1 })");
  const Answer accepted = flow.respond(201, body);
  EXPECT_EQ(accepted.effects(), "stop attempt, stop budget, handoff, prompt(connected)");
  EXPECT_EQ(accepted.phase(), "in_conversation");
  const Json handoff = accepted.told("handoff");
  EXPECT_EQ(handoff["state"], "delivered");
  EXPECT_EQ(handoff["status"], 201);
  EXPECT_EQ(handoff["conversation"], body["conversation"]);
  EXPECT_EQ(handoff["messages"], body["messages"]);
  const Answer ended = flow.event(Json{{"type", "conversation_ended"}, {"at", "t"}, {"by", "virtual_agent"}});
  EXPECT_EQ(ended.effects(), "no prompt, outcome");
  EXPECT_EQ(ended.outcome(), "completed/ended_by_virtual_agent");
}

TEST(FlowScenario, WhoEndedTheConversationIsTheReason) {
  for (const auto& [by, reason] : {std::pair{Json("virtual_agent"), "ended_by_virtual_agent"},
                                   {Json("end_user"), "ended_by_end_user"},
                                   {Json("agent"), "ended_by_unknown"},
                                   {Json(nullptr), "ended_by_unknown"},
                                   {Json(7), "ended_by_unknown"}}) {
    FlowDriver flow = in_conversation();
    EXPECT_EQ(flow.event(Json{{"type", "conversation_ended"}, {"at", "t"}, {"by", by}}).outcome(),
              "completed/" + std::string(reason));
  }
}

TEST(FlowScenario, ABodyThatCarriesNoConversationHasNoneToFollow) {
  for (const Json& body :
       {Json(nullptr), Json("text"), Json::array({1}), Json::object(), Json{{"conversation", nullptr}},
        Json{{"conversation", "c1"}}, Json{{"conversation", Json::array()}}, Json{{"messages", Json::array({"a"})}}}) {
    FlowDriver flow = sending();
    const Answer accepted = flow.respond(200, body);
    EXPECT_EQ(accepted.outcome(), "transferred/accepted") << body;
    EXPECT_EQ(accepted.told("handoff")["conversation"], nullptr) << body;
  }
}

TEST(FlowScenario, MessagesReachTheHostAlsoWithoutAConversation) {
  FlowDriver flow = sending();
  EXPECT_EQ(flow.respond(200, {{"messages", Json::array({"a", 1, nullptr})}}).told("handoff")["messages"].dump(),
            R"(["a",1,null])");
}

TEST(FlowScenario, ABodyOfAFailureIsNotGivenToTheHost) {
  FlowDriver flow = sending();
  const Answer failed = flow.respond(500, {{"conversation", {{"id", "c1"}}}, {"messages", Json::array({"x"})}});
  EXPECT_EQ(failed.told("handoff")["conversation"], nullptr);
  EXPECT_EQ(failed.told("handoff")["messages"], Json::array());
  flow.timer("retry");
  EXPECT_EQ(flow.respond(200).outcome(), "transferred/accepted") << "the conversation of the failure is forgotten";
}

TEST(FlowScenario, ServerErrorsBackOffWithDoublingJitterUntilTheBudgetEnds) {
  FlowDriver flow = sending();
  const std::vector<std::string> jitters{"500", "1000", "2000", "4000", "8000", "8000"};
  for (std::size_t i = 0; i < jitters.size(); ++i) {
    const Answer failed = flow.respond(500);
    EXPECT_EQ(failed.effects(), "stop attempt, handoff, start retry 0+" + jitters[i]);
    EXPECT_EQ(failed.delivery(), "backing_off");
    EXPECT_EQ(flow.timer("retry").effects(), "handoff, start attempt 8000, send " + std::to_string(i + 2));
  }
  const Answer over = flow.timer("budget");
  EXPECT_EQ(over.effects(), "stop attempt, abort, stop budget, handoff, prompt(stalled), start stall 120000");
  EXPECT_EQ(over.phase(), "stalled");
  EXPECT_EQ(over.effect("show_prompt")["prompt"]["reason"], "server_error");
  EXPECT_EQ(over.told("handoff")["reason"], "server_error");
}

TEST(FlowScenario, TheBudgetMayEndInABackOff) {
  FlowDriver flow = sending();
  flow.respond(503);
  const Answer over = flow.timer("budget");
  EXPECT_EQ(over.effects(), "stop retry, stop budget, handoff, prompt(stalled), start stall 120000");
}

TEST(FlowScenario, TryingAgainKeepsTheKeyAndTheBodyAndHasAFreshBudget) {
  FlowDriver flow = stalled();
  const Answer again = flow.act("try_again");
  EXPECT_EQ(again.effects(), "stop stall, prompt(connecting), handoff, start budget 30000, start attempt 8000, send 1");
  EXPECT_EQ(again.phase(), "handing_off");
  EXPECT_EQ(flow.respond(200).outcome(), "transferred/accepted");
  ASSERT_EQ(flow.sends().size(), 2U);
  EXPECT_EQ(flow.sends()[0]["headers"]["Idempotency-Key"], flow.sends()[1]["headers"]["Idempotency-Key"]);
  EXPECT_EQ(flow.sends()[0]["body"], flow.sends()[1]["body"]);
}

TEST(FlowScenario, EveryRetryCarriesTheSameKeyAndTheSameBytes) {
  FlowDriver flow = asking();
  flow.act("yes");
  for (int i = 0; i < 9; ++i) {
    flow.respond(502);
    flow.timer("retry");
  }
  ASSERT_EQ(flow.sends().size(), 10U);
  for (const Json& send : flow.sends()) {
    EXPECT_EQ(send["headers"]["Idempotency-Key"], kSomeHandoffId);
    EXPECT_EQ(send["body"], flow.sends()[0]["body"]);
    EXPECT_EQ(send["url"], flow.sends()[0]["url"]);
  }
}

TEST(FlowScenario, EveryAttemptIsASpanOfItsOwnInTheTraceOfTheHandoff) {
  FlowDriver flow = sending();
  flow.respond(502);
  flow.timer("retry");
  ASSERT_EQ(flow.sends().size(), 2U);
  const auto part = [&](std::size_t send, std::size_t from, std::size_t size) {
    return flow.sends()[send]["headers"]["traceparent"].get<std::string>().substr(from, size);
  };
  for (const std::size_t send : {0U, 1U}) {
    const std::string header = part(send, 0, std::string::npos);
    EXPECT_EQ(header.size(), 55U) << header;
    EXPECT_EQ(header.substr(0, 3), "00-");
    EXPECT_EQ(part(send, 3, 32), "0123456789ab8def8123456789abcdef") << "the id of the hand-off";
    EXPECT_EQ(header.substr(3).find_first_not_of("0123456789abcdef-"), std::string::npos) << header;
    EXPECT_NE(part(send, 36, 16), std::string(16, '0')) << "a span of zeros is none";
  }
  EXPECT_NE(part(0, 36, 16), part(1, 36, 16));
}

TEST(FlowScenario, AfterTenAttemptsTheDeliveryGivesUp) {
  FlowDriver flow = sending();
  for (int i = 0; i < 9; ++i) {
    flow.respond(500);
    flow.timer("retry");
  }
  const Answer last = flow.respond(500);
  EXPECT_EQ(last.phase(), "stalled");
  EXPECT_EQ(last.effects(), "stop attempt, stop budget, handoff, prompt(stalled), start stall 120000");
}

TEST(FlowScenario, AStallEndsInFailedWithTheReasonOfTheDelivery) {
  FlowDriver not_now = stalled();
  const Answer left = not_now.act("not_now");
  EXPECT_EQ(left.effects(), "stop stall, no prompt, outcome, release");
  EXPECT_EQ(left.outcome(), "failed/server_error");
  FlowDriver expired = stalled();
  const Answer over = expired.timer("stall");
  EXPECT_EQ(over.effects(), "stop stall, prompt(failed), outcome, release");
  EXPECT_EQ(over.outcome(), "failed/server_error");
}

TEST(FlowScenario, EveryRetryableStatusIsTriedAgain) {
  for (const auto& [status, reason] : {std::pair{408, "request_timeout"},
                                       {409, "in_progress_elsewhere"},
                                       {425, "request_timeout"},
                                       {429, "rate_limited"},
                                       {500, "server_error"},
                                       {502, "server_error"},
                                       {503, "server_error"},
                                       {504, "server_error"}}) {
    FlowDriver flow = sending();
    const Answer failed = flow.respond(status);
    EXPECT_EQ(failed.delivery(), "backing_off") << status;
    EXPECT_EQ(failed.told("handoff")["reason"], reason) << status;
    EXPECT_EQ(failed.told("handoff")["status"], status) << status;
  }
}

TEST(FlowScenario, EveryOtherRefusalIsFinal) {
  for (const auto& [status, reason] : {std::pair{400, "refused"},
                                       {403, "refused"},
                                       {404, "refused"},
                                       {413, "refused"},
                                       {422, "idempotency_conflict"},
                                       {302, "refused"},
                                       {304, "refused"},
                                       {199, "refused"},
                                       {0, "refused"}}) {
    FlowDriver flow = sending();
    const Answer refused = flow.respond(status);
    EXPECT_EQ(refused.effects(), "stop attempt, stop budget, handoff, prompt(failed), outcome, release") << status;
    EXPECT_EQ(refused.outcome(), std::string("failed/") + reason) << status;
    EXPECT_EQ(flow.sends().size(), 1U);
  }
}

TEST(FlowScenario, AServerErrorThatIsNotTriedAgainStalls) {
  FlowDriver flow = sending();
  EXPECT_EQ(flow.respond(501).phase(), "stalled");
}

TEST(FlowScenario, AStatusBeyondEveryIntegerIsARefusalAndNotATrap) {
  for (const double status : {1e10, -1e10, 1e300}) {
    FlowDriver flow = sending();
    const Answer refused = flow.event(Json{{"type", "response"},
                                           {"at", "t"},
                                           {"delivery", "handoff"},
                                           {"attempt", 1},
                                           {"status", status},
                                           {"retry_after_ms", nullptr},
                                           {"body", nullptr}});
    EXPECT_TRUE(refused.phase() == "done" || refused.phase() == "stalled") << status;
  }
}

TEST(FlowScenario, RetryAfterIsWaitedForWithinTheBudget) {
  FlowDriver flow = sending();
  EXPECT_EQ(flow.respond(503, nullptr, 7000).effects(), "stop attempt, handoff, start retry 7000+500");
  flow.timer("retry");
  EXPECT_EQ(flow.respond(503).effects(), "stop attempt, handoff, start retry 0+1000") << "it holds for one wait only";
}

TEST(FlowScenario, ARetryAfterBeyondTheBudgetGivesUpAtOnce) {
  for (const Json& wait : {Json(30'000), Json(60'000), Json(1e15), Json(1e300)}) {
    FlowDriver flow = sending();
    const Answer over = flow.respond(429, nullptr, wait);
    EXPECT_EQ(over.phase(), "stalled") << wait;
    EXPECT_EQ(over.effect("show_prompt")["prompt"]["reason"], "rate_limited") << wait;
  }
  FlowDriver flow = sending();
  EXPECT_EQ(flow.respond(429, nullptr, 29'999).delivery(), "backing_off");
}

TEST(FlowScenario, ARetryAfterThatMakesNoSenseIsNoWait) {
  for (const Json& wait : {Json(nullptr), Json(0), Json(-5), Json(-1e300), Json("7000"), Json::array({7000})}) {
    FlowDriver flow = sending();
    EXPECT_EQ(flow.respond(503, nullptr, wait).effects(), "stop attempt, handoff, start retry 0+500") << wait;
  }
}

TEST(FlowScenario, ARetryAfterOfOneAnswerDoesNotDelayAFailureOfAnotherKind) {
  FlowDriver flow = sending();
  flow.respond(401, nullptr, 9000);
  EXPECT_EQ(flow.network_error().effects(), "stop attempt, handoff, start retry 0+1000");
}

TEST(FlowScenario, AnIgnoredAnswerLeavesNoTraceInTheNextWait) {
  FlowDriver flow = sending();
  flow.respond(500);
  EXPECT_EQ(flow.respond(503, nullptr, 9000).ignored(), "not_expected");
  flow.timer("retry");
  EXPECT_EQ(flow.network_error().effects(), "stop attempt, handoff, start retry 0+1000");
}

TEST(FlowScenario, AnIgnoredAnswerLeavesNoTraceInWhatTheHostIsTold) {
  FlowDriver flow = sending();
  flow.respond(500);
  EXPECT_EQ(flow.respond(404).ignored(), "not_expected");
  EXPECT_EQ(flow.timer("budget").told("handoff")["status"], 500);
}

std::string isolated_text(const std::string& text) { return "\u2068" + text + "\u2069"; }

const Json kFirstWords{{"conversation", {{"id", "c1"}, {"url", "https://bots.example.com/c/1"}}},
                       {"messages", {"Hello\nthere\u202E", {{"text", "How are you?"}}, 7, {{"text", 5}}, "", nullptr}}};

TEST(FlowScenario, WhatTheVirtualAgentSaysRightAwayIsOnTheCard) {
  FlowDriver flow = sending();
  const Json prompt = flow.respond(200, kFirstWords).effect("show_prompt")["prompt"];
  EXPECT_EQ(prompt["kind"], "connected");
  EXPECT_EQ(prompt["messages"], Json({isolated_text("Hello there "), isolated_text("How are you?")}));
  EXPECT_EQ(prompt["link"], Json({{"url", "https://bots.example.com/c/1"}, {"label", "Open the conversation"}}));
  EXPECT_TRUE(prompt["announce"]["text"].get<std::string>().ends_with(isolated_text("Hello there ") + " " +
                                                                      isolated_text("How are you?")));
}

TEST(FlowScenario, WhatTheHostShowsItselfIsNotOnTheCard) {
  FlowDriver flow(chat_settings(), chat_session(), {{"conversation", "host"}});
  flow.end();
  const Answer answer = flow.respond(200, kFirstWords);
  const Json prompt = answer.effect("show_prompt")["prompt"];
  EXPECT_EQ(prompt["messages"], Json::array());
  EXPECT_EQ(prompt["link"], nullptr);
  EXPECT_FALSE(prompt["announce"]["text"].get<std::string>().contains("Hello"));
  EXPECT_EQ(answer.told("handoff")["messages"].size(), 6U) << "it is told all of it";
}

TEST(FlowScenario, TheCardHasRoomForFewAndShortMessages) {
  FlowDriver flow = sending();
  const Json messages(9, std::string(600, 'x'));
  const Json prompt = flow.respond(200, {{"messages", messages}}).effect("show_prompt")["prompt"];
  ASSERT_EQ(prompt["messages"].size(), 5U);
  EXPECT_EQ(prompt["messages"][0], isolated_text(std::string(500, 'x')) + "…");
  EXPECT_EQ(prompt["link"], nullptr);
}

TEST(FlowScenario, A401AsksForFreshCredentialsOnce) {
  FlowDriver flow = sending();
  const Answer first = flow.respond(401);
  EXPECT_EQ(first.effects(), "stop attempt, handoff, start attempt 8000, send 2");
  EXPECT_EQ(flow.sends().at(1)["reauthorize"], true);
  const Answer second = flow.respond(401);
  EXPECT_EQ(second.outcome(), "failed/unauthorized");
  EXPECT_EQ(flow.sends().size(), 2U);
}

TEST(FlowScenario, FreshCredentialsAreAskedForUntilTheHostHasGivenSome) {
  FlowDriver flow = sending();
  flow.respond(401);
  const auto failed = [&](int attempt) {
    flow.event(Json{{"type", "network_error"}, {"at", "t"}, {"attempt", attempt}, {"cause", "authorize"}});
    flow.timer("retry");
    return flow.sends().back()["reauthorize"];
  };
  EXPECT_EQ(failed(2), true);
  EXPECT_EQ(failed(3), true);
  flow.respond(503);
  flow.timer("retry");
  EXPECT_EQ(flow.sends().back()["reauthorize"], false) << "those were taken";
}

TEST(FlowScenario, AfterA401AServerErrorIsRetriedWithTheCredentialsThatWereFresh) {
  FlowDriver flow = sending();
  flow.respond(401);
  flow.respond(500);
  flow.timer("retry");
  ASSERT_EQ(flow.sends().size(), 3U);
  EXPECT_EQ(flow.sends()[1]["reauthorize"], true);
  EXPECT_EQ(flow.sends()[2]["reauthorize"], false) << "the last answer was no 401";
}

TEST(FlowScenario, ATryAgainMayAskForCredentialsOnceMore) {
  FlowDriver flow = sending();
  flow.respond(401);
  flow.respond(500);
  EXPECT_EQ(flow.timer("budget").phase(), "stalled");
  flow.act("try_again");
  EXPECT_EQ(flow.sends().back()["reauthorize"], false);
  flow.respond(401);
  EXPECT_EQ(flow.sends().back()["reauthorize"], true);
}

TEST(FlowScenario, AnAttemptThatIsNotAnsweredIsAbortedAndTriedAgain) {
  FlowDriver flow = sending();
  EXPECT_EQ(flow.timer("attempt").effects(), "stop attempt, abort, handoff, start retry 0+500");
  EXPECT_EQ(flow.timer("retry").effects(), "handoff, start attempt 8000, send 2");
  EXPECT_EQ(flow.timer("budget").effect("show_prompt")["prompt"]["reason"], "attempt_timeout");
}

TEST(FlowScenario, ANetworkErrorIsTriedAgain) {
  FlowDriver flow = sending();
  EXPECT_EQ(flow.network_error().effects(), "stop attempt, handoff, start retry 0+500");
  flow.timer("retry");
  EXPECT_EQ(flow.respond(200).outcome(), "transferred/accepted");
}

TEST(FlowScenario, ABudgetThatEndsBeforeAnyAnswerStillHasAReason) {
  FlowDriver flow = sending();
  EXPECT_EQ(flow.timer("budget").phase(), "stalled");
  const std::string outcome = flow.act("not_now").outcome();
  EXPECT_TRUE(outcome.starts_with("failed/")) << outcome;
  EXPECT_NE(outcome, "failed/none");
}

TEST(FlowScenario, ABudgetThatEndsAfterFreshCredentialsIsNoFinalRefusal) {
  FlowDriver flow = sending();
  flow.respond(401);
  EXPECT_EQ(flow.timer("budget").phase(), "stalled") << "the second attempt was never answered";
}

// Stale, malformed and unknown events.

TEST(FlowEvents, AnAnswerToAnEarlierAttemptIsStale) {
  FlowDriver flow = sending();
  flow.respond(500);
  flow.timer("retry");
  const std::string before = flow.event("offline").hash();
  for (const char* type : {"response", "network_error"}) {
    for (const Json& attempt :
         {Json(1), Json(3), Json(0), Json(nullptr), Json("2"), Json(2.5), Json(-2), Json(1e300)}) {
      const Answer stale = flow.event(Json{{"type", type},
                                           {"at", "t"},
                                           {"delivery", "handoff"},
                                           {"attempt", attempt},
                                           {"status", 200},
                                           {"body", nullptr}});
      EXPECT_EQ(stale.ignored(), "stale") << attempt;
      EXPECT_EQ(stale.effects(), "");
      EXPECT_EQ(stale.hash(), before);
    }
  }
  EXPECT_EQ(flow.respond(200).outcome(), "transferred/accepted");
}

TEST(FlowEvents, ASecondAnswerToTheSameAttemptIsIgnored) {
  FlowDriver flow = sending();
  flow.respond(500);
  EXPECT_EQ(flow.respond(200).ignored(), "not_expected");
  EXPECT_EQ(flow.network_error().ignored(), "not_expected");
  FlowDriver done = sending();
  done.respond(200);
  EXPECT_EQ(done.respond(200).ignored(), "not_expected");
  EXPECT_EQ(done.times_told("outcome"), 1);
}

TEST(FlowEvents, AnAnswerFromBeforeATryAgainIsStale) {
  FlowDriver flow = stalled();
  flow.act("try_again");
  Json late{{"type", "response"}, {"at", "t"},     {"delivery", "handoff"},
            {"attempt", 2},       {"status", 403}, {"body", nullptr}};
  EXPECT_EQ(flow.event(late).ignored(), "stale");
  EXPECT_EQ(flow.flow().state().phase, Phase::handing_off);
}

TEST(FlowEvents, AResponseWithoutAStatusIsIgnored) {
  FlowDriver flow = sending();
  for (const Json& status : {Json(nullptr), Json("200"), Json::array({200})}) {
    EXPECT_FALSE(
        flow.event(Json{{"type", "response"}, {"at", "t"}, {"delivery", "handoff"}, {"attempt", 1}, {"status", status}})
            .accepted());
  }
  EXPECT_EQ(flow.flow().state().phase, Phase::handing_off);
}

TEST(FlowEvents, MalformedEventsAreReportedAndChangeNothing) {
  const auto flows = [] { return std::vector<FlowDriver>{asking(), sending(), stalled(), in_conversation()}; };
  for (FlowDriver& flow : flows()) {
    const transfer::State before = flow.flow().state();
    for (const std::string_view text :
         {"", " ", "{", "null", "7", "[]", R"("cancel")", "{}", R"({"type":null})", R"({"type":7})", R"({"type":""})",
          R"({"type":"CANCEL"})", R"({"type":"cancel "})", R"({"type":"dance"})", R"({"type":["cancel"]})",
          R"({"type":"cancel"} x)", "{\"type\":\"\xFF\"}", R"({"type":"cancel","x":"\ud800"})"}) {
      const Answer answer = flow.text(text);
      EXPECT_EQ(answer.ignored(), "malformed") << text;
      EXPECT_EQ(answer.effects(), "") << text;
      EXPECT_EQ(flow.flow().state(), before) << text;
    }
  }
}

TEST(FlowEvents, UnknownActionsAndTimersAreIgnored) {
  for (FlowDriver& flow : std::vector<FlowDriver>{asking(), sending(), stalled(), in_conversation()}) {
    const transfer::State before = flow.flow().state();
    for (const Json& name : {Json("maybe"), Json(""), Json("YES"), Json(nullptr), Json(1)}) {
      EXPECT_FALSE(flow.event(Json{{"type", "action"}, {"at", "t"}, {"action", name}}).accepted()) << name;
      EXPECT_FALSE(flow.event(Json{{"type", "timer"}, {"at", "t"}, {"timer", name}}).accepted()) << name;
    }
    EXPECT_EQ(flow.flow().state(), before);
  }
}

TEST(FlowEvents, AnEventBeforeBeginIsIgnored) {
  Flow flow(settings_of(chat_settings()));
  for (const std::string_view type : {"session_ended", "action", "timer", "response", "network_error",
                                      "conversation_ended", "new_conversation", "chat_resumed"}) {
    const Flow::Result result = flow.step(Json{{"type", type}, {"at", "t"}}.dump());
    EXPECT_TRUE(result.ignored) << type;
    EXPECT_TRUE(result.effects.empty()) << type;
  }
}

TEST(FlowEvents, ACancelBeforeTheSessionEndsEndsTheFlow) {
  FlowDriver flow(chat_settings(), chat_session());
  EXPECT_EQ(flow.event("cancel").outcome(), "cancelled/host_cancelled");
  EXPECT_EQ(flow.end().ignored(), "not_expected");
  EXPECT_TRUE(flow.sends().empty());
}

TEST(FlowEvents, ExtraMembersOfAnEventAreNoReasonToIgnoreIt) {
  FlowDriver flow = asking();
  EXPECT_TRUE(flow.event(Json{{"type", "action"},
                              {"at", "t"},
                              {"action", "yes"},
                              {"values", {{"a", 1}}},
                              {"future", Json::array({1, 2})}})
                  .accepted());
}

// Called off.

TEST(FlowCalledOff, WhileAskingItIsCancelledAndTheHostIsReleased) {
  for (const auto& [event, reason] : {std::pair{"cancel", "host_cancelled"},
                                      {"new_conversation", "new_conversation"},
                                      {"chat_resumed", "chat_resumed"}}) {
    FlowDriver flow = asking();
    const Answer off = flow.event(event);
    EXPECT_EQ(off.effects(), "no prompt, outcome, release") << event;
    EXPECT_EQ(off.outcome(), std::string("cancelled/") + reason);
    EXPECT_TRUE(flow.sends().empty());
  }
}

TEST(FlowCalledOff, WhileSendingTheAttemptIsAborted) {
  for (const auto& [event, reason] : {std::pair{"cancel", "host_cancelled"},
                                      {"new_conversation", "new_conversation"},
                                      {"chat_resumed", "chat_resumed"}}) {
    FlowDriver flow = sending();
    const Answer off = flow.event(event);
    EXPECT_EQ(off.effects(), "stop attempt, abort, stop budget, handoff, no prompt, outcome, release") << event;
    EXPECT_EQ(off.outcome(), std::string("cancelled/") + reason);
    EXPECT_EQ(flow.respond(200).ignored(), "not_expected");
  }
}

TEST(FlowCalledOff, WhileBackingOffNothingMoreIsSent) {
  for (const char* event : {"cancel", "new_conversation", "chat_resumed"}) {
    FlowDriver flow = sending();
    flow.respond(500);
    EXPECT_EQ(flow.event(event).effects(), "stop retry, stop budget, handoff, no prompt, outcome, release") << event;
    EXPECT_EQ(flow.timer("retry").ignored(), "not_expected");
    EXPECT_EQ(flow.sends().size(), 1U);
  }
}

TEST(FlowCalledOff, WhileStalledItHasFailedExceptWhenTheChatGoesOn) {
  for (const auto& [event, outcome] : {std::pair{"cancel", "failed/server_error"},
                                       {"new_conversation", "failed/server_error"},
                                       {"chat_resumed", "cancelled/chat_resumed"}}) {
    FlowDriver flow = stalled();
    const Answer off = flow.event(event);
    EXPECT_EQ(off.effects(), "stop stall, no prompt, outcome, release") << event;
    EXPECT_EQ(off.outcome(), outcome);
  }
}

TEST(FlowCalledOff, InTheConversationItIsCompleted) {
  for (const auto& [event, reason] : {std::pair{"cancel", "host_cancelled"},
                                      {"new_conversation", "new_conversation"},
                                      {"chat_resumed", "chat_resumed"}}) {
    FlowDriver flow = in_conversation();
    const Answer off = flow.event(event);
    EXPECT_EQ(off.effects(), "no prompt, outcome") << event;
    EXPECT_EQ(off.outcome(), std::string("completed/") + reason);
  }
}

TEST(FlowCalledOff, AfterTheOutcomeNothingIsToldTwice) {
  FlowDriver flow = asking();
  flow.event("cancel");
  for (const char* event : {"cancel", "new_conversation", "chat_resumed", "conversation_ended", "session_ended"}) {
    EXPECT_EQ(flow.event(event).effects(), "") << event;
  }
  EXPECT_EQ(flow.times_told("outcome"), 1);
  EXPECT_EQ(flow.times_told("release"), 1);
}

// Offline.

TEST(FlowOffline, APersonMayAnswerOfflineAndIsConnectedWhenBackOnline) {
  FlowDriver flow = asking();
  EXPECT_TRUE(flow.event("offline").accepted());
  const Answer yes = flow.act("yes");
  EXPECT_EQ(yes.effects(), "consent, prompt(waiting_online), start offline 1800000") << "the budget starts when online";
  EXPECT_EQ(yes.delivery(), "waiting");
  EXPECT_TRUE(flow.sends().empty());
  EXPECT_EQ(flow.event("online").effects(),
            "stop offline, prompt(connecting), handoff, start budget 30000, start attempt 8000, send 1");
  EXPECT_EQ(flow.event("online").effects(), "");
  EXPECT_EQ(flow.sends().size(), 1U);
}

TEST(FlowOffline, WaitingToBeOnlineCanBeCalledOff) {
  for (const char* event : {"cancel", "new_conversation", "chat_resumed"}) {
    FlowDriver flow = asking();
    flow.event("offline");
    flow.act("yes");
    const Answer off = flow.event(event);
    EXPECT_EQ(off.effects(), "stop offline, handoff, no prompt, outcome, release") << event;
    EXPECT_EQ(flow.timer("offline").ignored(), "not_expected") << event;
    EXPECT_EQ(flow.event("online").effects(), "") << event;
    EXPECT_TRUE(flow.sends().empty());
  }
}

TEST(FlowOffline, GoingOfflineInMidAttemptIsLeftToTheAttempt) {
  FlowDriver flow = sending();
  EXPECT_EQ(flow.event("offline").effects(), "");
  EXPECT_EQ(flow.network_error().delivery(), "backing_off");
  EXPECT_EQ(flow.event("online").effects(), "");
}

TEST(FlowOffline, ATryAgainOfflineWaitsToo) {
  FlowDriver flow = stalled();
  flow.event("offline");
  EXPECT_EQ(flow.act("try_again").effects(), "stop stall, prompt(waiting_online), start offline 1800000");
  EXPECT_EQ(flow.event("online").effects(),
            "stop offline, prompt(connecting), handoff, start budget 30000, start attempt 8000, send 1");
}

TEST(FlowOffline, ASessionThatEndsOfflineWaitsToBeOnline) {
  FlowDriver flow(chat_settings(), chat_session());
  flow.event("offline");
  EXPECT_EQ(flow.end().effects(), "decision, hold, prompt(waiting_online), start offline 1800000");
  EXPECT_EQ(flow.event("online").phase(), "handing_off");
  EXPECT_EQ(flow.sends().size(), 1U);
}

TEST(FlowOffline, OfflineForEverIsBoundedInTime) {
  // Invariant 3: every state but waiting for the person is bounded in time, even with the network down for ever.
  FlowDriver flow = asking();
  flow.event("offline");
  flow.act("yes");
  const Answer over = flow.timer("offline");
  EXPECT_EQ(over.phase(), "stalled");
  EXPECT_EQ(over.effect("show_prompt")["prompt"]["reason"], "network_or_cors");
  EXPECT_EQ(over.effect("send"), nullptr);
  EXPECT_EQ(flow.timer("stall").outcome(), "failed/network_or_cors");
}

TEST(FlowOffline, AfterTheWaitForTheNetworkThePersonMayTryAgain) {
  FlowDriver flow = asking();
  flow.event("offline");
  flow.act("yes");
  flow.timer("offline");
  EXPECT_EQ(flow.event("online").effects(), "") << "nothing is sent without a new answer of the person";
  EXPECT_EQ(flow.act("try_again").phase(), "handing_off");
  EXPECT_EQ(flow.respond(200).outcome(), "transferred/accepted");
  EXPECT_EQ(flow.sends().size(), 1U);
}

// Data parameters.

TEST(FlowParameters, GoIntoTheBody) {
  FlowDriver flow(with_parameters(dom(R"([
    { "type": "fixed", "field": "survey_kind", "value": "csat" },
    { "type": "dynamic", "field": "queueId", "source": "ujet_metadata", "source_field": "queue.id" },
    { "type": "dynamic", "field": "order_id", "source": "unsigned", "source_field": "order_id", "default": "none" },
    { "type": "dynamic", "field": "gone", "source": "unsigned", "source_field": "gone" }])")),
                  chat_session());
  const Answer ended = flow.end();
  EXPECT_EQ(dom(flow.sends().at(0)["body"].get<std::string>())["data_parameters"].dump(),
            R"({"survey_kind":"csat","queueId":777,"order_id":"A-1"})");
  EXPECT_EQ(ended.told("diagnostic").dump(), R"({"code":"parameter_omitted","detail":"gone"})");
}

TEST(FlowParameters, AMissingRequiredOneEndsBeforeAnythingIsSent) {
  FlowDriver flow(
      with_parameters(dom(
          R"([{ "type": "dynamic", "field": "must", "source": "unsigned", "source_field": "gone", "required": true }])")),
      chat_session());
  const Answer ended = flow.end();
  EXPECT_EQ(ended.outcome(), "failed/parameter_missing");
  EXPECT_EQ(ended.effects(), "decision, hold, diagnostic, prompt(failed), outcome, release");
  EXPECT_EQ(ended.told("diagnostic").dump(), R"({"code":"parameter_missing","detail":"must"})");
  EXPECT_EQ(ended.effect("show_prompt")["prompt"]["reason"], "parameter_missing");
  EXPECT_TRUE(flow.sends().empty());
}

TEST(FlowParameters, AreNotPreparedBeforeTheYes) {
  Json settings = with_parameters(dom(
      R"([{ "type": "dynamic", "field": "must", "source": "unsigned", "source_field": "gone", "required": true }])"));
  settings["chat"]["opt_in"] = true;
  FlowDriver flow(settings, chat_session());
  EXPECT_EQ(flow.end().phase(), "asking");
  EXPECT_EQ(flow.times_told("diagnostic"), 0);
  EXPECT_EQ(flow.act("yes").outcome(), "failed/parameter_missing");
}

TEST(FlowParameters, ABodyOf32KiBIsSentAndNoByteMore) {
  const auto body_with = [](std::size_t bytes) {
    Json settings = with_parameters(
        dom(R"([{ "type": "dynamic", "field": "text", "source": "unsigned", "source_field": "text" }])"));
    Json session = chat_session();
    session["custom_data"]["unsigned"]["text"] = std::string(bytes, 'x');
    FlowDriver flow(settings, session);
    const std::string outcome = flow.end().outcome();
    return outcome.empty() ? flow.sends().at(0)["body"].get<std::string>().size() : 0;
  };
  const std::size_t without = body_with(0);
  ASSERT_GT(without, 0U);
  EXPECT_EQ(body_with(limits::kBodyBytes - without), limits::kBodyBytes);
  EXPECT_EQ(body_with(limits::kBodyBytes - without + 1), 0U);
}

TEST(FlowParameters, ATooLargeBodyEndsBeforeAnythingIsSent) {
  Json session = chat_session();
  session["custom_data"]["unsigned"]["text"] = std::string(40'000, 'x');
  FlowDriver flow(
      with_parameters(dom(R"([{ "type": "dynamic", "field": "text", "source": "unsigned", "source_field": "text" }])")),
      session);
  const Answer ended = flow.end();
  EXPECT_EQ(ended.outcome(), "failed/payload_too_large");
  EXPECT_EQ(ended.effects(), "decision, hold, prompt(failed), outcome, release");
  EXPECT_EQ(ended.effect("show_prompt")["prompt"]["reason"], "payload_too_large");
}

TEST(FlowParameters, TheSettingsInForceAtTheStartAreKept) {
  auto settings = settings_of(with_parameters(dom(R"([{ "type": "fixed", "field": "a", "value": "kept" }])")));
  Flow flow(settings);
  settings.reset();
  const Json begin{{"session", chat_session()}, {"at", "t"}};
  ASSERT_TRUE(flow.begin(begin.dump()));
  const Flow::Result result = flow.step(Json{{"type", "session_ended"}, {"at", "t"}, {"digest", kSomeDigest}}.dump());
  const Send* send = nullptr;
  for (const Effect& effect : result.effects) {
    send = std::holds_alternative<Send>(effect) ? &std::get<Send>(effect) : send;
  }
  ASSERT_NE(send, nullptr);
  EXPECT_EQ(dom(send->body)["data_parameters"].dump(), R"({"a":"kept"})");
}

// Announcements and replay.

TEST(FlowPrompts, EachHasAHigherNumberThanTheOneBefore) {
  FlowDriver flow = asking();
  int last = 1;
  for (const Answer& answer :
       {flow.act("yes"), flow.respond(500), flow.timer("budget"), flow.act("try_again"), flow.respond(200)}) {
    const Json shown = answer.effect("show_prompt");
    if (shown.is_null()) {
      continue;
    }
    const int seq = shown["prompt"]["announce"]["seq"];
    EXPECT_EQ(seq, last + 1);
    last = seq;
  }
  EXPECT_EQ(last, 5);
}

TEST(FlowReplay, TheSameEventsGiveTheSameAnswers) {
  const auto run = [] {
    FlowDriver flow(with_opt_in(), chat_session());
    std::vector<Json> answers{flow.begun()};
    for (const Answer& answer : {flow.end(), flow.act("yes"), flow.respond(429, nullptr, 1500), flow.timer("retry"),
                                 flow.timer("attempt"), flow.timer("retry"), flow.respond(401),
                                 flow.respond(200, {{"conversation", {{"id", 1}}}}), flow.event("chat_resumed")}) {
      answers.push_back(answer.json);
    }
    return answers;
  };
  EXPECT_EQ(run(), run());
}

}  // namespace
}  // namespace pst::test
