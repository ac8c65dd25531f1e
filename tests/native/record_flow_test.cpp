// Records: what is written where, when, how often, and how the writing ends.

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pst/limits.hpp"
#include "pst/saved.hpp"
#include "support/flow_driver.hpp"

namespace pst::test {
namespace {

constexpr std::string_view kSinkUrl = "https://crm.example.com/notes?key=1";

Json url_sink(const Json& more = Json::object()) {
  Json sink{{"href", kSinkUrl},
            {"origin", "https://crm.example.com"},
            {"protocol", "https:"},
            {"hostname", "crm.example.com"},
            {"userinfo", false}};
  sink.update(more);
  return sink;
}

Json function_sink() { return {{"function", true}}; }

/// A function takes the metadata, a URL the CRM's text.
Json both_sinks() {
  return {{"allowed_origins", {"https://bots.example.com", "https://crm.example.com"}},
          {"sinks", {{"metadata", function_sink()}, {"crm", url_sink()}}}};
}

Json recording(bool opt_in = true, bool metadata = true, bool crm = true) {
  Json settings = chat_settings();
  settings["chat"]["opt_in"] = opt_in;
  settings["chat"]["data_records"] = {{"in_metadata", metadata}, {"in_crm_record", crm}};
  settings["chat"]["data_parameters_enabled"] = true;
  settings["chat"]["data_parameters"] = dom(R"([
    { "type": "dynamic", "field": "order", "source": "unsigned", "source_field": "order_id" },
    { "type": "dynamic", "field": "name", "source": "form", "source_field": "name" },
    { "type": "dynamic", "field": "pin", "source": "form", "source_field": "pin", "sensitive": true }])");
  return settings;
}

Answer answered(FlowDriver& flow, std::string_view delivery, int attempt, int status,
                const Json& retry_after_ms = nullptr, const Json& body = nullptr) {
  return flow.event(Json{{"type", "response"},
                         {"at", FlowDriver::kNow},
                         {"delivery", delivery},
                         {"attempt", attempt},
                         {"status", status},
                         {"retry_after_ms", retry_after_ms},
                         {"body", body}});
}

Answer broken(FlowDriver& flow, std::string_view delivery, int attempt, const Json& more = Json::object()) {
  Json event{{"type", "network_error"}, {"at", FlowDriver::kNow}, {"delivery", delivery}, {"attempt", attempt}};
  event.update(more);
  return flow.event(event);
}

Answer fired(FlowDriver& flow, std::string_view delivery, std::string_view timer) {
  return flow.event(Json{{"type", "timer"}, {"at", FlowDriver::kNow}, {"timer", timer}, {"delivery", delivery}});
}

Answer yes(FlowDriver& flow) {
  return flow.event(Json{{"type", "action"},
                         {"at", FlowDriver::kNow},
                         {"action", "yes"},
                         {"values", {{"name", "Ada"}, {"pin", "p1n-5ecret"}}}});
}

FlowDriver asked(const Json& settings = recording(), const Json& begin = both_sinks()) {
  FlowDriver flow(settings, chat_session(), begin);
  EXPECT_EQ(flow.end().phase(), "asking");
  return flow;
}

/// A hand-off that was accepted just now, and the answer to that.
std::pair<FlowDriver, Answer> accepted(const Json& settings = recording(), const Json& begin = both_sinks(),
                                       const Json& body = nullptr) {
  FlowDriver flow = asked(settings, begin);
  yes(flow);
  Answer answer = answered(flow, "handoff", 1, 200, nullptr, body);
  return {std::move(flow), std::move(answer)};
}

std::vector<Json> effects_of(const Answer& answer, std::string_view type, std::string_view delivery) {
  std::vector<Json> effects;
  for (const Json& effect : answer.json["effects"]) {
    if (effect["type"] == type && effect.value("delivery", "handoff") == delivery) {
      effects.push_back(effect);
    }
  }
  return effects;
}

/// What the host is told of records, in order: `metadata sending 1`.
std::string told(const Answer& answer) {
  std::string all;
  for (const Json& effect : answer.json["effects"]) {
    if (effect["type"] != "emit" || effect["event"] != "record") {
      continue;
    }
    const Json& data = effect["data"];
    all += (all.empty() ? "" : ", ") + data["sink"].get<std::string>() + " " + data["state"].get<std::string>() + " " +
           data["attempt"].dump();
    if (!data["reason"].is_null()) {
      all += " " + data["reason"].get<std::string>();
    }
  }
  return all;
}

bool is_recording(const Answer& answer) { return answer.json["state"]["recording"]; }

/// What is kept after an answer; null where nothing new is.
Json kept(const Answer& answer) {
  const Json persist = answer.effect("persist");
  return persist.is_null() ? Json("nothing new") : persist["state"];
}

// ── Begun ───────────────────────────────────────────────────────────────────────────────────────────────────────────

TEST(RecordDeliveries, AreWrittenOnceTheHandoffIsAccepted) {
  FlowDriver flow = asked();
  EXPECT_EQ(told(yes(flow)), "");
  EXPECT_EQ(told(answered(flow, "handoff", 1, 503)), "");
  EXPECT_EQ(told(flow.timer("retry")), "");
  const Answer answer = answered(flow, "handoff", 2, 200);
  EXPECT_EQ(answer.outcome(), "transferred/accepted");
  EXPECT_EQ(told(answer), "metadata sending 1, crm sending 1");
  EXPECT_TRUE(is_recording(answer));
  EXPECT_EQ(effects_of(answer, "write_record", "metadata").size(), 1U);
  EXPECT_EQ(effects_of(answer, "send", "crm").size(), 1U);
  EXPECT_EQ(effects_of(answer, "start_timer", "metadata").size(), 2U);
  EXPECT_EQ(effects_of(answer, "start_timer", "crm").size(), 2U);
}

TEST(RecordDeliveries, OfAnAcceptedHandoffHoldItsParameters) {
  const auto [flow, answer] = accepted();
  const Json metadata = effects_of(answer, "write_record", "metadata").at(0);
  const Json body = dom(metadata["body"].get<std::string>());
  EXPECT_EQ(body["record"], "metadata");
  EXPECT_EQ(body["handoff_id"], kSomeHandoffId);
  EXPECT_EQ(body["fragment"]["data_parameters"], Json({{"order", "A-1"}, {"name", "Ada"}, {"pin", "p1n-5ecret"}}));
  EXPECT_EQ(body["fragment"]["post_session_transfer"]["outcome"], "accepted");
  EXPECT_EQ(body["written_at"], FlowDriver::kNow);

  const Json crm = effects_of(answer, "send", "crm").at(0);
  EXPECT_EQ(crm["url"], kSinkUrl);
  EXPECT_EQ(crm["origin"], "https://crm.example.com");
  EXPECT_EQ(crm["headers"]["Idempotency-Key"], std::string(kSomeHandoffId) + ":crm");
  EXPECT_EQ(crm["reauthorize"], false);
  EXPECT_TRUE(dom(crm["body"].get<std::string>())["text"].get<std::string>().contains("\norder: A-1\nname: Ada\n"));
}

TEST(RecordDeliveries, WhatTheHostMarksAsInvisibleReachesNoCrm) {
  Json settings = recording();
  settings["chat"]["data_parameters"] = dom(R"([
    { "type": "dynamic", "field": "risk", "source": "host", "source_field": "risk" },
    { "type": "dynamic", "field": "plan", "source": "host", "source_field": "plan" }])");
  FlowDriver flow = asked(settings);
  flow.act("yes");
  const auto provide = [&](const char* field, const Json& value) {
    return flow.event(Json{{"type", "provided"}, {"at", "t"}, {"field", field}, {"value", value}});
  };
  provide("risk", {{"value", "very high"}, {"invisible_to_agent", true}});
  EXPECT_EQ(provide("plan", {{"value", "gold"}, {"invisible_to_agent", false}}).phase(), "handing_off");
  const Answer answer = answered(flow, "handoff", 1, 200);
  const std::string crm = dom(effects_of(answer, "send", "crm").at(0)["body"].get<std::string>())["text"];
  EXPECT_FALSE(crm.contains("risk"));
  EXPECT_FALSE(crm.contains("very high"));
  EXPECT_TRUE(crm.contains("plan: gold"));
  const std::string metadata = effects_of(answer, "write_record", "metadata").at(0)["body"];
  EXPECT_TRUE(metadata.contains("very high"));
}

TEST(RecordDeliveries, AfterAReloadLeaveOutWhatIsNotKept) {
  Json settings = recording();
  settings["chat"]["data_parameters"] = dom(R"([
    { "type": "dynamic", "field": "tier", "source": "host", "source_field": "tier", "default": "basic" },
    { "type": "dynamic", "field": "pin", "source": "form", "source_field": "pin", "sensitive": true, "default": "none" },
    { "type": "dynamic", "field": "name", "source": "form", "source_field": "name", "default": "nobody" }])");
  FlowDriver before = asked(settings);
  yes(before);
  before.event(Json{{"type", "provided"}, {"at", "t"}, {"field", "tier"}, {"value", "gold"}});
  const Answer answer = answered(before, "handoff", 1, 200);
  Json begin = both_sinks();
  begin["saved"] = kept(answer);
  begin["saved_age_ms"] = 10;
  FlowDriver after(settings, chat_session(), begin);
  const Answer resumed = after.event(Json{{"type", "session_ended"}, {"at", "later"}, {"digest", kSomeDigest}});
  const Json body = dom(effects_of(resumed, "write_record", "metadata").at(0)["body"].get<std::string>());
  EXPECT_EQ(body["fragment"]["data_parameters"], Json({{"name", "Ada"}})) << "a default was not what was passed";
  EXPECT_EQ(body["fragment"]["post_session_transfer"]["accepted_at"], FlowDriver::kNow);
  EXPECT_EQ(body["written_at"], "later");
}

TEST(RecordDeliveries, OfANoSayOnlyThatItWasSaid) {
  FlowDriver flow = asked();
  yes(flow);  // with values; the lead was lost, and the question asked anew
  flow.event("lead_lost");
  FlowDriver declined = asked();
  const Answer answer = declined.act("no");
  EXPECT_EQ(answer.outcome(), "declined/opt_in_declined");
  EXPECT_EQ(told(answer), "metadata sending 1, crm sending 1");
  for (const Json& effect :
       {effects_of(answer, "write_record", "metadata").at(0), effects_of(answer, "send", "crm").at(0)}) {
    const std::string text = effect["body"];
    EXPECT_EQ(dom(text)["record"], "consent");
    for (const char* value : {"A-1", "Ada", "p1n-5ecret", "\norder", "data_parameters"}) {
      EXPECT_FALSE(text.contains(value)) << value;
    }
  }
  EXPECT_EQ(effects_of(answer, "send", "crm")[0]["headers"]["Idempotency-Key"],
            std::string(kSomeHandoffId) + ":consent");
}

TEST(RecordDeliveries, OfANoAfterARefusedAnswerHoldNothingOfIt) {
  Json settings = recording();
  settings["chat"]["data_parameters"][1]["required"] = true;
  FlowDriver flow = asked(settings);
  const Answer refused = flow.event(
      Json{{"type", "action"}, {"at", "t"}, {"action", "yes"}, {"values", {{"name", ""}, {"pin", "SECRET"}}}});
  EXPECT_EQ(refused.phase(), "asking");
  EXPECT_FALSE(flow.act("no").json.dump().contains("SECRET"));
  FlowDriver named = asked(settings);
  named.event(Json{{"type", "action"}, {"at", "t"}, {"action", "yes"}, {"values", {{"name", std::string(3000, 'x')}}}});
  EXPECT_EQ(kept(named.act("no"))["form"], Json::object());
}

TEST(RecordDeliveries, AreWrittenOnlyWhereTheyAreSelected) {
  EXPECT_EQ(told(accepted(recording(true, true, false)).second), "metadata sending 1");
  EXPECT_EQ(told(accepted(recording(true, false, true)).second), "crm sending 1");
  EXPECT_EQ(told(accepted(recording(true, false, false)).second), "");
  FlowDriver declined = asked(recording(true, false, false));
  EXPECT_EQ(told(declined.act("no")), "");
}

TEST(RecordDeliveries, AreWrittenWhereNobodyWasAsked) {
  Json settings = recording(false);
  settings["chat"]["data_parameters"] = Json::array();
  FlowDriver flow(settings, chat_session(), both_sinks());
  flow.end();
  const Answer answer = answered(flow, "handoff", 1, 200);
  const Json body = dom(effects_of(answer, "write_record", "metadata").at(0)["body"].get<std::string>());
  EXPECT_EQ(body["fragment"]["post_session_transfer"]["opt_in"]["selected"], nullptr);
  EXPECT_EQ(body["record"], "metadata");
}

TEST(RecordDeliveries, AreNeverWrittenWithoutAcceptanceOrANo) {
  for (const char* event : {"cancel", "new_conversation", "chat_resumed", "handled_elsewhere"}) {
    FlowDriver question = asked();
    EXPECT_EQ(told(question.event(event)), "") << event;
    FlowDriver sending = asked();
    yes(sending);
    EXPECT_EQ(told(sending.event(event)), "") << event;
    EXPECT_EQ(told(answered(sending, "handoff", 1, 200)), "") << event << ", and a late answer";
  }
  FlowDriver refused = asked();
  yes(refused);
  const Answer answer = answered(refused, "handoff", 1, 403);
  EXPECT_EQ(answer.outcome(), "failed/refused");
  EXPECT_EQ(told(answer), "");
  FlowDriver stalled = asked();
  yes(stalled);
  stalled.timer("budget");
  EXPECT_EQ(told(stalled.act("not_now")), "");
}

TEST(RecordDeliveries, ThroughThePlatformAreThePlatformsOwn) {
  Json settings = recording();
  settings["chat"]["data_parameters"] = Json::array();
  settings["virtual_agents"][0]["endpoint"] = {{"kind", "ccaip"}};
  FlowDriver flow = asked(settings);
  EXPECT_EQ(told(flow.act("no")), "");
  FlowDriver taken = asked(settings);
  yes(taken);
  answered(taken, "handoff", 1, 200);
  const Answer answer = answered(taken, "handoff", 1, 200);
  EXPECT_EQ(answer.phase(), "in_conversation");
  EXPECT_EQ(told(answer), "");
  EXPECT_FALSE(is_recording(answer));
}

TEST(RecordDeliveries, OfDialogflowAreWrittenInItsConversation) {
  Json settings = recording();
  settings["virtual_agents"][0]["endpoint"] = full_settings()["virtual_agents"][2]["endpoint"];
  settings["virtual_agents"][0]["channels"] = {"chat"};
  Json begin = both_sinks();
  begin["allowed_origins"].push_back("https://broker.example.com");
  const auto [flow, answer] = accepted(settings, begin);
  EXPECT_EQ(answer.phase(), "in_conversation");
  EXPECT_EQ(told(answer), "metadata sending 1, crm sending 1");
}

// ── Sinks ───────────────────────────────────────────────────────────────────────────────────────────────────────────

std::string told_of_sinks(const Json& sinks, const Json& origins = both_sinks()["allowed_origins"]) {
  const auto [flow, answer] = accepted(recording(true, false, true), {{"sinks", sinks}, {"allowed_origins", origins}});
  EXPECT_EQ(answer.outcome(), "transferred/accepted");
  EXPECT_EQ(is_recording(answer), told(answer) == "crm sending 1");
  return told(answer);
}

TEST(RecordSinks, ThatAreMissingAreToldOf) {
  for (const Json& sinks : {Json(nullptr), Json::object(), Json{{"metadata", function_sink()}}, Json{{"crm", nullptr}},
                            Json{{"crm", "https://crm.example.com"}}}) {
    EXPECT_EQ(told_of_sinks(sinks), "crm given_up 0 sink_missing") << sinks;
  }
}

TEST(RecordSinks, AreJudgedLikeEndpoints) {
  const auto crm = [](const Json& more) { return told_of_sinks({{"crm", url_sink(more)}}); };
  EXPECT_EQ(crm(Json::object()), "crm sending 1");
  constexpr std::string_view kRefused = "crm given_up 0 endpoint_not_allowed";
  EXPECT_EQ(crm({{"userinfo", true}}), kRefused);
  EXPECT_EQ(crm({{"userinfo", nullptr}}), kRefused);
  EXPECT_EQ(crm({{"origin", "https://crm.example.com:8443"}}), kRefused);
  EXPECT_EQ(crm({{"protocol", "http:"}}), kRefused);
  EXPECT_EQ(crm({{"protocol", "javascript:"}}), kRefused);
  EXPECT_EQ(crm({{"protocol", nullptr}}), kRefused);
  EXPECT_EQ(crm({{"function", false}}), "crm sending 1");
  EXPECT_EQ(crm({{"function", "true"}}), "crm sending 1") << "a URL all the same";
  EXPECT_EQ(told_of_sinks({{"crm", Json::object()}}), kRefused);
  EXPECT_EQ(told_of_sinks({{"crm", url_sink()}}, {"https://bots.example.com"}), kRefused);
}

TEST(RecordSinks, HttpIsForTheMachineItself) {
  const Json loopback = url_sink({{"href", "http://127.0.0.1:9000/"},
                                  {"origin", "http://127.0.0.1:9000"},
                                  {"protocol", "http:"},
                                  {"hostname", "127.0.0.1"}});
  EXPECT_EQ(told_of_sinks({{"crm", loopback}}, {"https://bots.example.com", "http://127.0.0.1:9000"}), "crm sending 1");
}

TEST(RecordSinks, OneThatIsMissingLeavesTheOtherAlone) {
  Json begin = both_sinks();
  begin["sinks"].erase("metadata");
  const Answer answer = accepted(recording(), begin).second;
  EXPECT_EQ(told(answer), "metadata given_up 0 sink_missing, crm sending 1");
  EXPECT_TRUE(is_recording(answer));
}

// ── Delivered, or not ───────────────────────────────────────────────────────────────────────────────────────────────

TEST(RecordDelivery, EachEndsByItself) {
  for (const bool metadata_first : {true, false}) {
    auto [flow, answer] = accepted();
    const std::string first = metadata_first ? "metadata" : "crm";
    const std::string second = metadata_first ? "crm" : "metadata";
    const Answer one = answered(flow, first, 1, 204);
    EXPECT_EQ(told(one), first + " delivered 1");
    EXPECT_TRUE(is_recording(one));
    EXPECT_EQ(kept(one)["recording"], metadata_first ? Json::array({false, true}) : Json::array({true, false}));
    const Answer other = answered(flow, second, 1, 200);
    EXPECT_EQ(told(other), second + " delivered 1");
    EXPECT_FALSE(is_recording(other));
    EXPECT_EQ(kept(other), nullptr) << "all is written: nothing needs to be kept";
    EXPECT_EQ(other.outcome(), "transferred/accepted");
    EXPECT_EQ(flow.times_told("outcome"), 1);
  }
}

TEST(RecordDelivery, OneThatFailsIsToldAsSuchAndChangesNoOutcome) {
  auto [flow, answer] = accepted();
  EXPECT_EQ(told(answered(flow, "crm", 1, 403)), "crm given_up 1 refused");
  const Answer other = answered(flow, "metadata", 1, 200);
  EXPECT_EQ(told(other), "metadata delivered 1");
  EXPECT_EQ(other.outcome(), "transferred/accepted");
  EXPECT_EQ(kept(other), nullptr);
}

TEST(RecordDelivery, IsTriedAgainWithTheSameBytes) {
  auto [flow, answer] = accepted();
  const Json first = effects_of(answer, "send", "crm").at(0);
  const Answer failed = answered(flow, "crm", 1, 503);
  EXPECT_EQ(told(failed), "crm backing_off 1 server_error");
  const Json timer = effects_of(failed, "start_timer", "crm").at(0);
  EXPECT_EQ(timer["timer"], "retry");
  EXPECT_EQ(timer["ms"], 0);
  EXPECT_EQ(timer["jitter_ms"], 500);
  EXPECT_EQ(effects_of(failed, "stop_timer", "crm").size(), 1U);
  EXPECT_TRUE(effects_of(failed, "stop_timer", "metadata").empty());
  EXPECT_TRUE(effects_of(failed, "stop_timer", "handoff").empty());
  const Answer again =
      flow.event(Json{{"type", "timer"}, {"at", "2026-01-01T11:11:11.000Z"}, {"timer", "retry"}, {"delivery", "crm"}});
  const Json second = effects_of(again, "send", "crm").at(0);
  EXPECT_EQ(second["attempt"], 2);
  EXPECT_EQ(second["body"], first["body"]);
  EXPECT_EQ(second["headers"]["Idempotency-Key"], first["headers"]["Idempotency-Key"]);
  EXPECT_NE(second["headers"]["traceparent"], first["headers"]["traceparent"]);
  EXPECT_EQ(told(answered(flow, "crm", 2, 200)), "crm delivered 2");
}

TEST(RecordDelivery, AFunctionIsCalledAgainWithTheSameBytes) {
  auto [flow, answer] = accepted();
  const Json first = effects_of(answer, "write_record", "metadata").at(0);
  EXPECT_EQ(told(broken(flow, "metadata", 1, {{"cause", "sink"}})), "metadata backing_off 1 sink_failed");
  const Answer again = fired(flow, "metadata", "retry");
  EXPECT_EQ(effects_of(again, "write_record", "metadata").at(0)["body"], first["body"]);
  EXPECT_EQ(effects_of(again, "write_record", "metadata").at(0)["attempt"], 2);
}

TEST(RecordDelivery, WaitsAsLongAsItIsTold) {
  auto [flow, answer] = accepted();
  const Answer failed = answered(flow, "crm", 1, 429, 4000);
  EXPECT_EQ(effects_of(failed, "start_timer", "crm").at(0)["ms"], 4000);
  fired(flow, "crm", "retry");
  EXPECT_EQ(told(answered(flow, "crm", 2, 429, limits::kBudgetMs)), "crm given_up 2 rate_limited");
}

TEST(RecordDelivery, AsksForFreshCredentialsOnce) {
  auto [flow, answer] = accepted();
  const Answer again = answered(flow, "crm", 1, 401);
  EXPECT_EQ(effects_of(again, "send", "crm").at(0)["reauthorize"], true);
  EXPECT_EQ(told(again), "crm sending 2 unauthorized");
  EXPECT_EQ(told(answered(flow, "crm", 2, 401)), "crm given_up 2 unauthorized");
  auto [other, begun] = accepted();
  EXPECT_EQ(told(broken(other, "crm", 1, {{"cause", "authorize"}})), "crm backing_off 1 authorize_failed");
}

TEST(RecordDelivery, AConflictIsFinal) {
  auto [flow, answer] = accepted();
  EXPECT_EQ(told(answered(flow, "crm", 1, 422)), "crm given_up 1 idempotency_conflict");
}

TEST(RecordDelivery, IsBoundedInAttemptsAndInTime) {
  auto [flow, answer] = accepted();
  for (int attempt = 1; attempt < limits::kAttempts; ++attempt) {
    broken(flow, "crm", attempt);
    fired(flow, "crm", "retry");
  }
  const Answer last = broken(flow, "crm", limits::kAttempts);
  EXPECT_EQ(told(last), "crm given_up 10 network_or_cors");
  EXPECT_EQ(effects_of(last, "stop_timer", "crm").size(), 2U) << "attempt and budget";

  const Answer expired = fired(flow, "metadata", "attempt");
  EXPECT_EQ(expired.effect("abort")["delivery"], "metadata");
  EXPECT_EQ(told(expired), "metadata backing_off 1 attempt_timeout");
  const Answer over = fired(flow, "metadata", "budget");
  EXPECT_EQ(told(over), "metadata given_up 1 attempt_timeout");
  EXPECT_FALSE(is_recording(over));
  EXPECT_EQ(kept(over), nullptr);
}

TEST(RecordDelivery, ItsTimersAndAttemptsAreItsOwn) {
  auto [flow, answer] = accepted();
  EXPECT_EQ(answered(flow, "crm", 2, 200).ignored(), "stale");
  EXPECT_EQ(answered(flow, "handoff", 1, 200).ignored(), "not_expected");
  EXPECT_EQ(fired(flow, "handoff", "budget").ignored(), "not_expected");
  EXPECT_EQ(fired(flow, "crm", "retry").ignored(), "not_expected");
  answered(flow, "crm", 1, 200);
  EXPECT_EQ(answered(flow, "crm", 1, 500).ignored(), "not_expected");
  EXPECT_EQ(broken(flow, "crm", 1).ignored(), "not_expected");
  EXPECT_EQ(fired(flow, "crm", "budget").ignored(), "not_expected");
  EXPECT_TRUE(fired(flow, "metadata", "attempt").accepted());
}

TEST(RecordDelivery, WaitsForTheNetwork) {
  FlowDriver flow = asked();
  flow.event("offline");
  const Answer declined = flow.act("no");
  EXPECT_EQ(told(declined), "");
  EXPECT_TRUE(is_recording(declined));
  EXPECT_EQ(effects_of(declined, "start_timer", "metadata").at(0)["timer"], "offline");
  EXPECT_EQ(effects_of(declined, "start_timer", "crm").at(0)["ms"], limits::kOfflineMs);
  const Answer online = flow.event("online");
  EXPECT_EQ(told(online), "metadata sending 1, crm sending 1");
  EXPECT_EQ(effects_of(online, "stop_timer", "metadata").at(0)["timer"], "offline");
  EXPECT_EQ(effects_of(flow.event("online"), "send", "crm").size(), 0U);
}

TEST(RecordDelivery, GivesUpWhereTheNetworkStaysAway) {
  FlowDriver flow = asked();
  flow.event("offline");
  flow.act("no");
  const Answer over = fired(flow, "crm", "offline");
  EXPECT_EQ(told(over), "crm given_up 0 network_or_cors");
  EXPECT_TRUE(is_recording(over));
  EXPECT_FALSE(is_recording(fired(flow, "metadata", "offline")));
  EXPECT_EQ(fired(flow, "crm", "offline").ignored(), "not_expected");
}

TEST(RecordDelivery, TimersOfRecordsThatNeverBeganDoNothing) {
  FlowDriver flow = asked();
  const std::string before = flow.event("unheard_of").hash();
  for (const char* delivery : {"handoff", "metadata", "crm"}) {
    for (const char* timer : {"offline", "attempt", "retry", "budget"}) {
      const Answer answer = fired(flow, delivery, timer);
      EXPECT_EQ(answer.ignored(), "not_expected") << delivery << " " << timer;
      EXPECT_EQ(answer.hash(), before);
    }
    EXPECT_FALSE(answered(flow, delivery, 0, 200).accepted());
    EXPECT_FALSE(broken(flow, delivery, 0).accepted());
  }
}

TEST(RecordDelivery, GoesOnInAConversationAndAfterIt) {
  auto [flow, answer] = accepted(recording(), both_sinks(), {{"conversation", {{"id", "c"}}}});
  EXPECT_EQ(answer.phase(), "in_conversation");
  EXPECT_EQ(told(answered(flow, "metadata", 1, 200)), "metadata delivered 1");
  const Answer over = flow.event(Json{{"type", "conversation_ended"}, {"at", "t"}, {"by", "virtual_agent"}});
  EXPECT_EQ(over.phase(), "done");
  EXPECT_TRUE(is_recording(over));
  EXPECT_EQ(kept(over)["recording"], Json::array({false, true}));
  const Answer written = answered(flow, "crm", 1, 200);
  EXPECT_EQ(told(written), "crm delivered 1");
  EXPECT_EQ(kept(written), nullptr);
}

TEST(RecordDelivery, ANewConversationOrACancelDoesNotStopIt) {
  auto [flow, answer] = accepted(recording(), both_sinks(), {{"conversation", {{"id", "c"}}}});
  const Answer cancelled = flow.event("cancel");
  EXPECT_TRUE(cancelled.effect("abort").is_null());
  EXPECT_TRUE(is_recording(cancelled));
  EXPECT_FALSE(flow.event("new_conversation").accepted());
  EXPECT_EQ(told(answered(flow, "crm", 1, 200)), "crm delivered 1");
}

// ── After a reload ──────────────────────────────────────────────────────────────────────────────────────────────────

Json reloaded(const Json& state, double age_ms = 1000) {
  Json begin = both_sinks();
  begin["saved"] = state;
  begin["saved_age_ms"] = age_ms;
  return begin;
}

Json saved(const char* phase, const char* answer, const Json& recording, const Json& more = Json::object()) {
  Json state{{"phase", phase},
             {"answer", answer},
             {"handoff_id", kSomeHandoffId},
             {"answered_at", "2026-01-01T10:00:00.000Z"},
             {"text_version", "de-1"},
             {"locale", "de"},
             {"recording", recording},
             {"form", {{"name", "Ada"}}}};
  state.update(more);
  return state;
}

Answer come_back(const Json& state, const Json& settings = recording(), double age_ms = 1000) {
  return FlowDriver(settings, chat_session(), reloaded(state, age_ms)).end();
}

TEST(ReloadedRecords, AreWrittenUnderTheSameKeyWithWhatWasFilledIn) {
  const Answer before = accepted().second;
  FlowDriver flow(recording(), chat_session(), reloaded(kept(before)));
  const Answer ended = flow.end();
  EXPECT_EQ(ended.outcome(), "skipped/handled_elsewhere");
  EXPECT_EQ(told(ended), "metadata sending 1, crm sending 1");
  EXPECT_EQ(ended.effect("show_prompt"), nullptr);
  EXPECT_TRUE(ended.told("hold").is_null());
  EXPECT_EQ(ended.effect("persist")["connected"], true) << "other tabs release nothing";
  const Json crm = effects_of(ended, "send", "crm").at(0);
  EXPECT_EQ(crm["headers"]["Idempotency-Key"], std::string(kSomeHandoffId) + ":crm");
  const Json body = dom(effects_of(ended, "write_record", "metadata").at(0)["body"].get<std::string>());
  EXPECT_EQ(body["fragment"]["data_parameters"], Json({{"order", "A-1"}, {"name", "Ada"}}))
      << "but for what is sensitive, which is not kept";
  EXPECT_EQ(told(answered(flow, "crm", 1, 422)), "crm delivered 1") << "it had been written";
  EXPECT_EQ(kept(answered(flow, "metadata", 1, 200)), nullptr);
}

TEST(ReloadedRecords, OnlyThoseThatWereNotWrittenYet) {
  EXPECT_EQ(told(come_back(saved("done", "yes", {false, true}))), "crm sending 1");
  EXPECT_EQ(told(come_back(saved("done", "yes", {true, false}))), "metadata sending 1");
}

TEST(ReloadedRecords, OfANoHoldNoParameter) {
  const Answer ended = come_back(saved("done", "no", {true, true}));
  EXPECT_EQ(told(ended), "metadata sending 1, crm sending 1");
  EXPECT_EQ(ended.effect("persist")["connected"], false);
  const std::string text = effects_of(ended, "send", "crm").at(0)["body"];
  EXPECT_EQ(dom(text)["record"], "consent");
  EXPECT_FALSE(ended.json.dump().contains("A-1"));
  EXPECT_FALSE(ended.json.dump().contains("Ada"));
  EXPECT_TRUE(text.contains("de-1")) << "and what was answered to";
}

TEST(ReloadedRecords, GoOnInTheConversation) {
  const Json state = saved("in_conversation", "yes", {true, true});
  FlowDriver flow(recording(), chat_session(), reloaded(state));
  const Answer ended = flow.end();
  EXPECT_EQ(ended.phase(), "in_conversation");
  EXPECT_EQ(told(ended), "metadata sending 1, crm sending 1");
  EXPECT_EQ(told(answered(flow, "crm", 1, 422)), "crm delivered 1");
}

TEST(ReloadedRecords, AreNotWrittenAfterHalfAnHour) {
  for (const char* phase : {"done", "in_conversation"}) {
    const Answer ended = come_back(saved(phase, "yes", {true, true}), recording(), limits::kSavedMs + 1);
    EXPECT_EQ(ended.phase(), "done") << phase;
    EXPECT_EQ(told(ended), "") << phase;
    EXPECT_FALSE(is_recording(ended)) << phase;
    EXPECT_EQ(kept(ended), nullptr) << phase;
  }
}

TEST(ReloadedRecords, AreNotWrittenOfAnotherHandoff) {
  for (const char* phase : {"done", "in_conversation"}) {
    const Answer ended = come_back(saved(phase, "yes", {true, true}, {{"handoff_id", "other"}}));
    EXPECT_EQ(ended.phase(), "done") << phase;
    EXPECT_EQ(told(ended), "") << phase;
    EXPECT_FALSE(is_recording(ended)) << phase;
    EXPECT_EQ(kept(ended), nullptr) << phase;
  }
}

TEST(ReloadedRecords, AreNotWrittenWhereTheSettingsNoLongerTransfer) {
  Json off = recording();
  off["chat"]["enabled"] = false;
  const Answer ended = come_back(saved("done", "yes", {true, true}), off);
  EXPECT_EQ(ended.phase(), "done");
  EXPECT_EQ(told(ended), "");
  EXPECT_FALSE(is_recording(ended));
}

TEST(ReloadedRecords, AreOnlyThoseThatTheSettingsSelect) {
  EXPECT_EQ(told(come_back(saved("done", "yes", {true, true}), recording(true, true, false))), "metadata sending 1");
  const Answer none = come_back(saved("done", "yes", {true, true}), recording(true, false, false));
  EXPECT_EQ(told(none), "");
  EXPECT_FALSE(is_recording(none));
  Json platform = recording();
  platform["chat"]["data_parameters"] = Json::array();
  platform["virtual_agents"][0]["endpoint"] = {{"kind", "ccaip"}};
  for (const char* phase : {"done", "in_conversation"}) {
    const Answer answer = come_back(saved(phase, "yes", {true, true}), platform);
    EXPECT_EQ(told(answer), "") << phase;
    EXPECT_FALSE(is_recording(answer)) << phase;
  }
}

TEST(ReloadedRecords, NeedAnAnswerThatFits) {
  for (const char* answer : {"none", "not_asked"}) {
    const Answer ended = come_back(saved("done", answer, {true, true}));
    EXPECT_EQ(ended.outcome(), "skipped/handled_elsewhere") << answer;
    EXPECT_EQ(told(ended), "") << answer;
    EXPECT_FALSE(is_recording(ended)) << answer;
  }
  Json unasked = recording(false);
  EXPECT_EQ(told(come_back(saved("done", "not_asked", {true, true}), unasked)), "metadata sending 1, crm sending 1");
}

TEST(ReloadedRecords, OddValuesAreNone) {
  for (const Json& odd :
       {Json(nullptr), Json(true), Json("yes"), Json::array(), Json::array({1, 1}), Json::array({"true", "true"}),
        Json::array({nullptr, nullptr}), Json::array({Json::array({true}), false}), Json{{"0", true}}}) {
    const Answer ended = come_back(saved("done", "yes", odd));
    EXPECT_EQ(ended.phase(), "asking") << odd << ": nothing usable was saved";
  }
  EXPECT_EQ(told(come_back(saved("done", "yes", {true, true, true, true}))), "metadata sending 1, crm sending 1");
  for (const char* phase : {"asking", "collecting", "handing_off", "stalled"}) {
    EXPECT_EQ(told(come_back(saved(phase, "yes", {true, true}))), "") << phase;
    EXPECT_FALSE(is_recording(come_back(saved(phase, "yes", {true, true})))) << phase;
  }
}

TEST(ReloadedRecords, WaitForTheNetwork) {
  FlowDriver flow(recording(), chat_session(), reloaded(saved("done", "yes", {true, true})));
  flow.event("offline");
  const Answer ended = flow.end();
  EXPECT_EQ(told(ended), "");
  EXPECT_TRUE(is_recording(ended));
  EXPECT_EQ(told(flow.event("online")), "metadata sending 1, crm sending 1");
}

TEST(ReloadedRecords, TheirStateReadsBackAsItWasWritten) {
  for (const bool metadata : {true, false}) {
    for (const bool crm : {true, false}) {
      Saved state{.phase = Phase::done, .answer = transfer::Answer::no, .recording = {metadata, crm}};
      state.form = R"({"a":1,"b":"x"})";
      std::string text;
      json::Writer writer(text);
      write(writer, state);
      const auto document = json::Document::parse(text);
      const auto back = read_saved(document->root());
      ASSERT_EQ(back.has_value(), metadata || crm);
      if (back) {
        EXPECT_EQ(back->recording, state.recording);
        EXPECT_EQ(back->form, state.form);
      }
    }
  }
}

}  // namespace
}  // namespace pst::test
