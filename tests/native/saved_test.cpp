// What outlives a page: its text, what is kept when, how it is gone on with, and what other tabs make of it. The
// contract is docs/life.md.

#include "pst/saved.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pst/limits.hpp"
#include "support/flow_driver.hpp"

namespace pst::test {
namespace {

using transfer::Answer;

constexpr double kFresh = 1000;
constexpr std::string_view kOtherId = "11111111-1111-8111-8111-111111111111";
constexpr std::string_view kSavedDecidedAt = "2026-01-01T10:00:00.000Z";
constexpr std::string_view kSavedAnsweredAt = "2026-01-01T10:00:07.000Z";

std::string text_of(const Saved& saved) {
  std::string text;
  json::Writer writer(text);
  write(writer, saved);
  return text;
}

std::optional<Saved> read(std::string_view text) {
  const auto document = json::Document::parse(text);
  EXPECT_TRUE(document) << text;
  return document ? read_saved(document->root()) : std::nullopt;
}

bool equal(const Saved& a, const Saved& b) {
  return a.phase == b.phase && a.answer == b.answer && a.handoff_id == b.handoff_id && a.decided_at == b.decided_at &&
         a.answered_at == b.answered_at && a.text_version == b.text_version && a.locale == b.locale &&
         a.statuses_set == b.statuses_set && a.reason == b.reason && a.recording == b.recording && a.form == b.form;
}

// ── The text ────────────────────────────────────────────────────────────────────────────────────────────────────────

TEST(SavedText, ReadsBackWhatItWrote) {
  int usable = 0;
  for (const auto phase : {Phase::idle, Phase::asking, Phase::collecting, Phase::handing_off, Phase::stalled,
                           Phase::in_conversation, Phase::done}) {
    for (const auto answer : {Answer::none, Answer::not_asked, Answer::yes, Answer::no}) {
      for (std::size_t reason = 0; reason <= kNames<Reason>.size(); ++reason) {
        const Saved saved{
            .phase = phase,
            .answer = answer,
            .handoff_id = std::string(kSomeHandoffId),
            .decided_at = "\" \\ \n \xF0\x9F\x98\x80",
            .answered_at = "t",
            .text_version = "en-1",
            .locale = "",
            .statuses_set = static_cast<std::uint8_t>(reason * 5),
            .reason = reason < kNames<Reason>.size() ? std::optional(static_cast<Reason>(reason)) : std::nullopt};
        const auto back = read(text_of(saved));
        const bool expected = phase != Phase::idle && phase != Phase::done && answer != Answer::no;
        ASSERT_EQ(back.has_value(), expected) << text_of(saved);
        if (back) {
          ASSERT_TRUE(equal(*back, saved)) << text_of(saved);
          ++usable;
        }
      }
    }
  }
  EXPECT_EQ(usable, 5 * 3 * static_cast<int>(kNames<Reason>.size() + 1));
}

TEST(SavedText, HoldsTheFieldsOfTheContractAndNoOthers) {
  const Json json = dom(text_of({}));
  std::vector<std::string> names;
  for (const auto& [name, value] : json.items()) {
    names.push_back(name);
  }
  EXPECT_EQ(names,
            (std::vector<std::string>{"phase", "answer", "handoff_id", "decided_at", "answered_at", "accepted_at",
                                      "text_version", "locale", "statuses_set", "reason", "recording", "form"}));
}

Json some_saved() {
  return {{"phase", "handing_off"},
          {"answer", "yes"},
          {"handoff_id", kSomeHandoffId},
          {"decided_at", kSavedDecidedAt},
          {"answered_at", kSavedAnsweredAt},
          {"text_version", "en-1"},
          {"locale", "en"},
          {"statuses_set", 0},
          {"reason", nullptr}};
}

/// Values of every kind, and texts that are nearly right.
std::vector<Json> odd_values() {
  Json deep = Json::array();
  for (int i = 0; i < 20; ++i) {
    deep = Json::array({deep});
  }
  return {nullptr,
          true,
          false,
          0,
          1,
          -1,
          0.5,
          255,
          256,
          1e308,
          -1e308,
          9007199254740991.0,
          "",
          " ",
          "Yes",
          "YES",
          "yes ",
          "no",
          "none",
          "done",
          "idle",
          "handing_off ",
          "__proto__",
          std::string(40000, 'x'),
          Json::array(),
          Json::array({"yes"}),
          Json::object(),
          Json{{"phase", "asking"}},
          deep};
}

TEST(SavedText, WithoutAPhaseOrAnAnswerOfItsOwnItIsNothing) {
  for (const char* const field : {"phase", "answer"}) {
    Json without = some_saved();
    without.erase(field);
    EXPECT_FALSE(read(without.dump())) << field;
    for (const Json& value : odd_values()) {
      Json odd = some_saved();
      odd[field] = value;
      const bool right = field == std::string_view("answer") && value == "none";
      EXPECT_EQ(read(odd.dump()).has_value(), right) << field << " " << value.dump().substr(0, 60);
    }
  }
  for (const std::string_view text : {"{}", R"({"phase":"asking"})", R"({"answer":"yes"})"}) {
    EXPECT_FALSE(read(text)) << text;
  }
}

TEST(SavedText, AWrongValueElsewhereIsNoValue) {
  for (const char* const field : {"handoff_id", "decided_at", "answered_at", "text_version", "locale"}) {
    for (const Json& value : odd_values()) {
      Json odd = some_saved();
      odd[field] = value;
      const auto saved = read(odd.dump());
      ASSERT_TRUE(saved) << field;
      const std::map<std::string_view, std::string> read_back{{"handoff_id", saved->handoff_id},
                                                              {"decided_at", saved->decided_at},
                                                              {"answered_at", saved->answered_at},
                                                              {"text_version", saved->text_version},
                                                              {"locale", saved->locale}};
      const std::string expected = value.is_string() ? value.get<std::string>() : std::string();
      EXPECT_EQ(read_back.at(field), expected) << field;
    }
  }
  for (const Json& value : odd_values()) {
    Json odd = some_saved();
    odd["reason"] = value;
    const auto saved = read(odd.dump());
    ASSERT_TRUE(saved);
    EXPECT_EQ(saved->reason, std::nullopt) << value.dump().substr(0, 60);
  }
}

TEST(SavedText, ANumberOfStatusesIsKeptInItsBounds) {
  const auto statuses = [](const Json& value) {
    Json odd = some_saved();
    odd["statuses_set"] = value;
    const auto saved = read(odd.dump());
    return saved ? static_cast<int>(saved->statuses_set) : -1;
  };
  EXPECT_EQ(statuses(0), 0);
  EXPECT_EQ(statuses(2), 2);
  EXPECT_EQ(statuses(255), 255);
  EXPECT_EQ(statuses(256), 255);
  EXPECT_EQ(statuses(1e308), 255);
  EXPECT_EQ(statuses(-1), 0);
  EXPECT_EQ(statuses(-1e308), 0);
  EXPECT_EQ(statuses("2"), 0);
  EXPECT_EQ(statuses(nullptr), 0);
  EXPECT_EQ(statuses(Json::array({2})), 0);
}

// ── What is kept, and when ──────────────────────────────────────────────────────────────────────────────────────────

Json settings_for(std::string_view kind, bool opt_in) {
  Json settings = chat_settings();
  settings["chat"]["opt_in"] = opt_in;
  Json& endpoint = settings["virtual_agents"][0]["endpoint"];
  if (kind == "ccaip") {
    endpoint = {{"kind", "ccaip"}};
  }
  if (kind.starts_with("dialogflow")) {
    endpoint = {{"kind", "dialogflow_cx"},
                {"url", "https://broker.example.com"},
                {"agent", "projects/p/locations/us-central1/agents/a"},
                {"event", "POST_SESSION"},
                {"idempotent", kind != "dialogflow, not idempotent"}};
  }
  return settings;
}

Json state_of(std::string_view phase, std::string_view answer) {
  Json state = some_saved();
  state["phase"] = phase;
  state["answer"] = answer;
  if (answer != "yes") {
    state["answered_at"] = state["text_version"] = state["locale"] = "";
  }
  return state;
}

FlowDriver restored(const Json& settings, const Json& state, double age_ms, const Json& session = chat_session()) {
  return FlowDriver(settings, session, {{"saved", state}, {"saved_age_ms", age_ms}});
}

std::vector<Json> kept_by(const pst::test::Answer& answer) {
  std::vector<Json> kept;
  for (const Json& effect : answer.json["effects"]) {
    if (effect["type"] == "persist") {
      kept.push_back(effect);
    }
  }
  return kept;
}

/// Follows what the bindings keep, and what is promised of it.
struct Keeper {
  Json kept = "nothing yet";
  int done = 0;

  void take(const pst::test::Answer& answer, const std::string& place) {
    const auto persists = kept_by(answer);
    ASSERT_LE(persists.size(), 1U) << place;
    if (persists.empty()) {
      return;
    }
    const Json& persist = persists[0];
    EXPECT_EQ(answer.json["effects"][0], persist) << place << ": it is kept before anything else is done";
    EXPECT_NE(persist["state"], kept) << place << ": nothing has changed";
    EXPECT_EQ(done, 0) << place << ": kept after the end";
    kept = persist["state"];
    EXPECT_EQ(kept.is_null(), answer.phase() == "done") << place;
    done += kept.is_null() ? 1 : 0;
    if (!kept.is_null()) {
      EXPECT_EQ(kept["phase"], answer.phase()) << place;
    }
  }
};

struct Step {
  std::string name;
  std::function<pst::test::Answer(FlowDriver&)> act;
};

Step end() {
  return {"end", [](FlowDriver& flow) { return flow.end(); }};
}
Step act(const char* action) {
  return {action, [=](FlowDriver& flow) { return flow.act(action); }};
}
Step timer(const char* name) {
  return {name, [=](FlowDriver& flow) { return flow.timer(name); }};
}
Step event(const char* type) {
  return {type, [=](FlowDriver& flow) { return flow.event(type); }};
}
Step respond(int status, const Json& body = nullptr) {
  return {std::to_string(status), [=](FlowDriver& flow) { return flow.respond(status, body); }};
}
Step failed() {
  return {"network_error", [](FlowDriver& flow) { return flow.network_error(); }};
}

struct Way {
  const char* name;
  Json settings;
  std::vector<Step> steps;
  std::vector<std::string> kept;  ///< phases, in order; "null" for done
};

std::vector<Way> ways() {
  const Json talk{{"conversation", {{"id", "c1"}}}};
  return {
      {"yes, accepted",
       settings_for("webhook", true),
       {end(), act("yes"), respond(200)},
       {"asking", "handing_off", "null"}},
      {"no", settings_for("webhook", true), {end(), act("no")}, {"asking", "null"}},
      {"not asked", settings_for("webhook", false), {end(), respond(200)}, {"handing_off", "null"}},
      {"a conversation",
       settings_for("webhook", true),
       {end(), act("yes"), respond(200, talk), event("conversation_ended")},
       {"asking", "handing_off", "in_conversation", "null"}},
      {"retries keep nothing anew",
       settings_for("webhook", true),
       {end(), act("yes"), respond(503), timer("retry"), failed(), timer("retry"), respond(200)},
       {"asking", "handing_off", "null"}},
      {"stalled, tried again, not now",
       settings_for("webhook", true),
       {end(), act("yes"), respond(503), timer("budget"), act("try_again"), respond(503), timer("budget"),
        act("not_now")},
       {"asking", "handing_off", "stalled", "handing_off", "stalled", "null"}},
      {"refused", settings_for("webhook", true), {end(), act("yes"), respond(403)}, {"asking", "handing_off", "null"}},
      {"offline",
       settings_for("webhook", true),
       {event("offline"), end(), act("yes"), event("online"), respond(200)},
       {"asking", "handing_off", "null"}},
      {"through the platform",
       settings_for("ccaip", true),
       {end(), act("yes"), respond(200), respond(200), timer("virtual_agent")},
       {"asking", "handing_off", "handing_off", "in_conversation", "null"}},
      {"dialogflow",
       settings_for("dialogflow", true),
       {end(), act("yes"), respond(200), event("conversation_ended")},
       {"asking", "handing_off", "in_conversation", "null"}},
      {"outcome unknown",
       settings_for("dialogflow, not idempotent", true),
       {end(), act("yes"), failed(), act("not_now")},
       {"asking", "handing_off", "stalled", "null"}},
      {"cancelled", settings_for("webhook", true), {end(), event("cancel")}, {"asking", "null"}},
      {"taken over",
       settings_for("webhook", true),
       {end(), event("lead_lost"), event("handled_elsewhere")},
       {"asking", "null"}},
      {"handled before it began",
       settings_for("webhook", true),
       {event("lead_awaited"), event("handled_elsewhere")},
       {"null"}},
      {"nothing to do", minimal_settings(), {end()}, {}},
  };
}

TEST(SavedPersist, IsKeptExactlyWhenThePlaceHasChangedAndBeforeAnythingElse) {
  for (const Way& way : ways()) {
    FlowDriver flow(way.settings, chat_session());
    Keeper keeper;
    std::vector<std::string> kept;
    for (const Step& step : way.steps) {
      const auto answer = step.act(flow);
      EXPECT_TRUE(answer.accepted()) << way.name << ", " << step.name;
      keeper.take(answer, std::string(way.name) + ", " + step.name);
      for (const Json& persist : kept_by(answer)) {
        kept.push_back(persist["state"].is_null() ? "null" : persist["state"]["phase"].get<std::string>());
      }
    }
    EXPECT_EQ(kept, way.kept) << way.name;
  }
}

TEST(SavedPersist, WhatIsKeptIsReadBack) {
  for (const Way& way : ways()) {
    FlowDriver flow(way.settings, chat_session());
    for (const Step& step : way.steps) {
      for (const Json& persist : kept_by(step.act(flow))) {
        if (persist["state"].is_null()) {
          continue;
        }
        const auto saved = read(persist["state"].dump());
        ASSERT_TRUE(saved) << way.name << ", " << step.name;
        EXPECT_EQ(text_of(*saved), persist["state"].dump()) << way.name;
      }
    }
  }
}

TEST(SavedPersist, TheYesIsKeptInTheStepThatSends) {
  FlowDriver flow(settings_for("webhook", true), chat_session());
  flow.end();
  const auto yes = flow.act("yes");
  const Json& state = yes.json["effects"][0]["state"];
  EXPECT_EQ(state["answer"], "yes");
  EXPECT_EQ(state["answered_at"], FlowDriver::kNow);
  EXPECT_EQ(state["decided_at"], FlowDriver::kDecidedAt);
  EXPECT_EQ(state["handoff_id"], kSomeHandoffId);
  EXPECT_EQ(flow.sends().size(), 1U);
}

TEST(SavedPersist, SaysWhetherAVirtualAgentHasTheSession) {
  FlowDriver flow(settings_for("ccaip", true), chat_session());
  EXPECT_EQ(kept_by(flow.end()).at(0)["connected"], false);
  EXPECT_EQ(kept_by(flow.act("yes")).at(0)["connected"], false);
  flow.respond(200);
  EXPECT_EQ(kept_by(flow.respond(200)).at(0)["connected"], true);
  EXPECT_EQ(kept_by(flow.event("conversation_ended")).at(0)["connected"], true);
}

TEST(SavedPersist, NothingIsKeptWhereNothingIsDoneOrTheWidgetLeads) {
  Json required = chat_session();
  required["post_session"]["required"] = true;
  const std::vector<std::pair<Json, Json>> begins{{chat_session(), {{"mode", "observe"}}},
                                                  {required, {{"prompt", "platform"}}}};
  for (const auto& [session, begin] : begins) {
    FlowDriver flow(settings_for("ccaip", true), session, begin);
    for (const auto& answer : {flow.end(), flow.signal("virtual_agent.message"), flow.event("cancel")}) {
      EXPECT_TRUE(kept_by(answer).empty()) << begin.dump();
    }
  }
}

TEST(SavedPersist, NothingOfThePeopleIsKept) {
  const std::string mark = "MARK";
  Json session = chat_session();
  session["end_user"] = {{"id", "MARK1"}, {"identifier", "MARK2"}};
  session["agent"] = {{"id", 9}, {"name", "MARK3"}};
  session["custom_data"] = dom(
      R"({"unsigned": {"order_id": {"label": "MARK4", "value": "MARK5", "type": "string"}}, "signed": {"name": "MARK6"}})");
  session["session_variables"] = {{"x", "MARK7"}};
  session["note"] = "MARK8";
  for (const char* const kind : {"webhook", "ccaip", "dialogflow", "dialogflow, not idempotent"}) {
    Json settings = settings_for(kind, true);
    settings["chat"]["data_parameters_enabled"] = true;
    settings["chat"]["data_parameters"] = dom(R"([
      { "type": "fixed", "field": "a", "value": "MARK9" },
      { "type": "dynamic", "field": "b", "source": "unsigned", "source_field": "order_id" },
      { "type": "dynamic", "field": "c", "source": "ujet_metadata", "source_field": "agent.name" }])");
    FlowDriver flow(settings, session);
    std::string body;
    std::string kept;
    for (const Step& step : {end(), act("yes"), respond(503), timer("budget"), act("try_again"), respond(200),
                             respond(200), event("conversation_ended")}) {
      const auto answer = step.act(flow);
      for (const Json& persist : kept_by(answer)) {
        kept += persist.dump();
      }
    }
    for (const Json& send : flow.sends()) {
      body += send["body"].get<std::string>();
    }
    EXPECT_EQ(body.contains(mark), kind != std::string_view("ccaip")) << "the mark must be there to be found";
    EXPECT_FALSE(kept.empty());
    EXPECT_FALSE(kept.contains(mark)) << kept;
  }
}

// ── Going on ────────────────────────────────────────────────────────────────────────────────────────────────────────

struct Return {
  std::string settings;
  bool opt_in;
  std::string phase;
  std::string answer;
  double age_ms;
  std::string id = std::string(kSomeHandoffId);
  std::optional<Reason> reason = std::nullopt;
  std::string effects;  ///< all but `decision`, which is always there
  std::string place;    ///< the phase, or outcome/reason
};

TEST(SavedRestore, GoesOnAsTheTableOfTheContractSays) {
  const std::string sends = "hold, prompt(connecting), handoff, start budget 30000, start attempt 8000, send 1";
  const std::string stalls = "hold, prompt(stalled), start stall 120000";
  const std::string other(kOtherId);
  const std::string same(kSomeHandoffId);
  const std::vector<Return> returns{
      {"webhook", true, "asking", "none", kFresh, same, {}, "hold, prompt(opt_in)", "asking"},
      {"webhook", true, "asking", "none", limits::kSavedMs, same, {}, "hold, prompt(opt_in)", "asking"},
      {"webhook", true, "asking", "none", limits::kSavedMs + 1, same, {}, "outcome", "no_answer/saved_expired"},
      {"webhook", true, "handing_off", "yes", limits::kSavedMs, same, {}, sends, "handing_off"},
      {"webhook", true, "collecting", "yes", kFresh, same, {}, sends, "handing_off"},
      {"webhook", false, "handing_off", "not_asked", kFresh, same, {}, sends, "handing_off"},
      {"dialogflow", true, "handing_off", "yes", kFresh, same, {}, sends, "handing_off"},
      {"dialogflow, not idempotent", true, "handing_off", "yes", kFresh, same, {}, stalls, "stalled"},
      {"dialogflow, not idempotent", true, "stalled", "yes", kFresh, same, Reason::rate_limited, stalls, "stalled"},
      {"webhook", true, "stalled", "yes", kFresh, same, Reason::server_error, stalls, "stalled"},
      {"webhook", true, "stalled", "yes", kFresh, same, {}, stalls, "stalled"},
      {"webhook", true, "in_conversation", "yes", kFresh, same, {}, "hold, handoff", "in_conversation"},
      {"ccaip",
       true,
       "in_conversation",
       "yes",
       kFresh,
       same,
       {},
       "hold, handoff, start virtual_agent 120000",
       "in_conversation"},
      {"webhook", true, "handing_off", "yes", limits::kSavedMs + 1, same, {}, "outcome", "cancelled/saved_expired"},
      {"webhook", true, "stalled", "yes", limits::kSavedMs + 1, same, {}, "outcome", "cancelled/saved_expired"},
      {"webhook", true, "in_conversation", "yes", limits::kSavedMs + 1, same, {}, "outcome", "cancelled/saved_expired"},
      {"webhook", true, "handing_off", "yes", kFresh, other, {}, "outcome", "cancelled/settings_changed"},
      {"webhook", true, "stalled", "yes", kFresh, other, {}, "outcome", "cancelled/settings_changed"},
      {"webhook", true, "in_conversation", "yes", kFresh, other, {}, "outcome", "cancelled/settings_changed"},
      {"webhook", true, "asking", "none", kFresh, other, {}, "hold, prompt(opt_in)", "asking"},
      {"webhook", true, "handing_off", "not_asked", kFresh, same, {}, "hold, prompt(opt_in)", "asking"},
      {"webhook", true, "handing_off", "none", kFresh, same, {}, "hold, prompt(opt_in)", "asking"},
      {"webhook", true, "asking", "yes", kFresh, same, {}, "hold, prompt(opt_in)", "asking"},
      {"webhook", true, "handing_off", "no", kFresh, same, {}, "hold, prompt(opt_in)", "asking"},
  };
  for (const Return& back : returns) {
    Json state = state_of(back.phase, back.answer);
    state["handoff_id"] = back.id;
    if (back.reason) {
      state["reason"] = name_of(*back.reason);
    }
    FlowDriver flow = restored(settings_for(back.settings, back.opt_in), state, back.age_ms);
    const auto answer = flow.end();
    const std::string place = back.settings + " " + back.phase + " " + back.answer + " " + back.place;
    EXPECT_EQ(answer.effects(), "decision, " + back.effects) << place;
    EXPECT_EQ(answer.outcome().empty() ? answer.phase() : answer.outcome(), back.place) << place;
    if (answer.phase() == "stalled") {
      const Reason expected = back.reason.value_or(Reason::outcome_unknown);
      EXPECT_EQ(answer.effect("show_prompt")["prompt"]["reason"], name_of(expected)) << place;
    }
  }
}

TEST(SavedRestore, SendsTheSameBodyUnderTheSameKey) {
  for (const char* const kind : {"webhook", "dialogflow"}) {
    for (const bool opt_in : {true, false}) {
      FlowDriver first(settings_for(kind, opt_in), chat_session());
      Json kept = first.end().effect("persist")["state"];
      if (opt_in) {
        kept = first.act("yes").effect("persist")["state"];
      }
      FlowDriver second(settings_for(kind, opt_in), chat_session(),
                        {{"saved", kept}, {"saved_age_ms", 9}, {"at", "2026-01-01T10:20:00.000Z"}});
      second.end();
      ASSERT_EQ(second.sends().size(), 1U) << kind;
      EXPECT_EQ(second.sends()[0], first.sends()[0]) << kind;
    }
  }
}

TEST(SavedRestore, GoesOnWithThePlatformsNextStatus) {
  FlowDriver first(settings_for("ccaip", true), chat_session());
  first.end();
  first.act("yes");
  const Json kept = first.respond(200).effect("persist")["state"];
  EXPECT_EQ(kept["statuses_set"], 1);
  FlowDriver second = restored(settings_for("ccaip", true), kept, kFresh);
  EXPECT_EQ(second.end().effect("update_post_session")["status"], "in_progress");
}

TEST(SavedRestore, AStatusThatMayHaveBeenTakenIsNotSetBlindly) {
  // The page went away while the call was on its way: like a retry, it is needless where the chat has the status
  // already.
  FlowDriver first(settings_for("ccaip", true), chat_session());
  first.end();
  const Json kept = first.act("yes").effect("persist")["state"];
  FlowDriver second = restored(settings_for("ccaip", true), kept, kFresh);
  EXPECT_EQ(second.end().effect("update_post_session")["reached"], Json::array({"ready", "in_progress"}));
}

TEST(SavedRestore, AStallThatIsTriedAgainSendsWhatWasSentBefore) {
  FlowDriver first(settings_for("webhook", true), chat_session());
  first.end();
  first.act("yes");
  first.respond(503);
  const Json kept = first.timer("budget").effect("persist")["state"];
  EXPECT_EQ(kept["reason"], "server_error");
  FlowDriver second = restored(settings_for("webhook", true), kept, kFresh);
  EXPECT_EQ(second.end().phase(), "stalled");
  second.act("try_again");
  ASSERT_EQ(second.sends().size(), 1U);
  EXPECT_EQ(second.sends()[0], first.sends()[0]);
}

TEST(SavedRestore, AStallIsNotTriedAgainWithoutARequiredValue) {
  // Custom data is not kept: after a reload it may be missing.
  Json settings = settings_for("webhook", true);
  settings["chat"]["data_parameters_enabled"] = true;
  settings["chat"]["data_parameters"] = dom(
      R"([{ "type": "dynamic", "field": "must", "source": "unsigned", "source_field": "order_id", "required": true }])");
  Json without = chat_session();
  without.erase("custom_data");
  for (const char* const phase : {"handing_off", "stalled"}) {
    FlowDriver flow = restored(settings, state_of(phase, "yes"), kFresh, without);
    if (flow.end().phase() == "stalled") {
      flow.act("try_again");
    }
    EXPECT_TRUE(flow.sends().empty()) << phase << ": sent without a required value: " << flow.sends()[0]["body"];
  }
}

TEST(SavedRestore, AnotherBodyUnderItsOwnKeyHadBeenAccepted) {
  FlowDriver fresh(chat_settings(), chat_session());
  fresh.end();
  EXPECT_EQ(fresh.respond(422).outcome(), "failed/idempotency_conflict");
  for (const char* phase : {"handing_off", "stalled"}) {
    const Json state{{"phase", phase}, {"answer", "not_asked"}, {"handoff_id", kSomeHandoffId}, {"decided_at", "t"}};
    FlowDriver flow(chat_settings(), chat_session(), {{"saved", state}, {"saved_age_ms", kFresh}});
    flow.end();
    flow.act("try_again");
    EXPECT_EQ(flow.respond(422).outcome(), "transferred/accepted") << phase;
  }
}

TEST(SavedRestore, WhatIsDoneWithIsForgotten) {
  // Otherwise the next page load tells the host the same outcome again.
  Json off = settings_for("webhook", true);
  off["chat"]["enabled"] = false;
  struct Case {
    const char* name;
    Json settings;
    Json state;
    double age_ms;
  };
  Json other = state_of("handing_off", "yes");
  other["handoff_id"] = kOtherId;
  const Json on = settings_for("webhook", true);
  for (const auto& [name, settings, state, age_ms] : std::vector<Case>{
           {"a question, too old", on, state_of("asking", "none"), limits::kSavedMs + 1},
           {"a hand-off, too old", on, state_of("handing_off", "yes"), limits::kSavedMs + 1},
           {"another agent", on, other, kFresh},
           {"switched off, asking", off, state_of("asking", "none"), kFresh},
           {"switched off, stalled", off, state_of("stalled", "yes"), kFresh},
       }) {
    FlowDriver flow = restored(settings, state, age_ms);
    const auto ended = flow.end();
    EXPECT_EQ(ended.phase(), "done") << name;
    ASSERT_EQ(kept_by(ended).size(), 1U) << name;
    EXPECT_EQ(kept_by(ended)[0]["state"], nullptr) << name;
  }
}

TEST(SavedRestore, CalledOffBeforeItWentOnItIsForgotten) {
  for (const char* const called_off : {"new_conversation", "chat_resumed", "cancel"}) {
    FlowDriver flow = restored(settings_for("webhook", true), state_of("handing_off", "yes"), kFresh);
    const auto answer = flow.event(called_off);
    EXPECT_EQ(answer.phase(), "done") << called_off;
    ASSERT_EQ(kept_by(answer).size(), 1U) << called_off;
    EXPECT_EQ(kept_by(answer)[0]["state"], nullptr);
  }
}

TEST(SavedRestore, AnEndInTheFirstStepIsToldToOtherTabs) {
  // They wait for it: whoever was in charge has come to an end (`persist` of null is what tells them).
  Json settings = settings_for("webhook", false);
  settings["chat"]["data_parameters_enabled"] = true;
  settings["chat"]["data_parameters"] = dom(
      R"([{ "type": "dynamic", "field": "must", "source": "unsigned", "source_field": "gone", "required": true }])");
  FlowDriver flow(settings, chat_session());
  const auto ended = flow.end();
  EXPECT_EQ(ended.outcome(), "failed/parameter_missing");
  ASSERT_EQ(kept_by(ended).size(), 1U);
  EXPECT_EQ(kept_by(ended)[0]["state"], nullptr);
}

// INVARIANT 1: what was saved leads to a hand-off without a question only where it holds a Yes that fits.

TEST(SavedRestore, WithoutAYesThatFitsThePersonIsAsked) {
  const std::vector<std::string> fields{"phase",        "answer", "handoff_id",   "decided_at", "answered_at",
                                        "text_version", "locale", "statuses_set", "reason"};
  std::vector<Json> values = odd_values();
  for (const char* const text : {"asking", "handing_off", "stalled", "in_conversation", "collecting", "yes",
                                 "not_asked", "server_error", "outcome_unknown"}) {
    values.emplace_back(text);
  }
  values.emplace_back(kSomeHandoffId);
  values.emplace_back(kOtherId);
  int went_on = 0;
  for (const char* const kind : {"webhook", "dialogflow, not idempotent"}) {
    const Json settings = settings_for(kind, true);
    for (const char* const phase : {"asking", "handing_off", "stalled", "in_conversation"}) {
      for (const char* const answer : {"none", "not_asked", "yes", "no"}) {
        for (const std::string& field : fields) {
          const bool decides = field == "phase" || field == "answer" || field == "handoff_id" || field == "reason";
          if (!decides && answer != std::string_view("not_asked")) {
            continue;
          }
          for (const Json& value : values) {
            Json state = state_of(phase, answer);
            state[field] = value;
            FlowDriver flow = restored(settings, state, kFresh);
            const auto ended = flow.end();
            const bool fits = state["answer"] == "yes" && state["handoff_id"] == kSomeHandoffId &&
                              (state["phase"] == "collecting" || state["phase"] == "handing_off" ||
                               state["phase"] == "stalled" || state["phase"] == "in_conversation");
            const bool goes_on = ended.phase() != "asking" && ended.phase() != "done";
            went_on += goes_on ? 1 : 0;
            // A text of 40 kB makes a body that is too large to be sent.
            const bool too_large = value.is_string() && value.get<std::string>().size() > limits::kBodyBytes;
            ASSERT_TRUE(goes_on == fits || (too_large && !goes_on)) << kind << " " << state.dump().substr(0, 400);
            ASSERT_TRUE(fits || flow.sends().empty()) << state.dump().substr(0, 400);
          }
        }
      }
    }
  }
  EXPECT_GT(went_on, 0);
}

TEST(SavedRestore, AnAgeOfAnyKindDoesNoHarm) {
  for (const Json& age : {Json(nullptr), Json("x"), Json(-1), Json(-1e300), Json(1e300), Json(0), Json(true)}) {
    FlowDriver flow = restored(settings_for("webhook", true), state_of("handing_off", "yes"), 0);
    FlowDriver odd(settings_for("webhook", true), chat_session(),
                   {{"saved", state_of("handing_off", "yes")}, {"saved_age_ms", age}});
    const auto ended = odd.end();
    EXPECT_EQ(ended.phase() == "done", age == 1e300) << age.dump();
  }
}

TEST(SavedRestore, WhatIsNoObjectIsNothing) {
  for (const Json& value : {Json(nullptr), Json("yes"), Json::array({state_of("handing_off", "yes")}), Json(7)}) {
    FlowDriver flow(settings_for("webhook", true), chat_session(), {{"saved", value}, {"saved_age_ms", 1}});
    EXPECT_EQ(flow.end().phase(), "asking") << value.dump();
  }
}

// ── Several tabs ────────────────────────────────────────────────────────────────────────────────────────────────────

/// Flows in each phase that lasts.
std::map<std::string, FlowDriver> in_each_phase() {
  const Json settings = settings_for("webhook", true);
  std::map<std::string, FlowDriver> flows;
  FlowDriver flow(settings, chat_session());
  flows.emplace("idle", flow);
  FlowDriver awaiting = flow;
  awaiting.event("lead_awaited");
  flows.emplace("idle, waiting", awaiting);
  flow.end();
  flows.emplace("asking", flow);
  FlowDriver declined = flow;
  declined.act("no");
  flows.emplace("done", declined);
  flow.act("yes");
  flows.emplace("handing_off", flow);
  FlowDriver stalled = flow;
  stalled.respond(503);
  flows.emplace("backing off", stalled);
  stalled.timer("budget");
  flows.emplace("stalled", stalled);
  FlowDriver waiting(settings, chat_session());
  waiting.event("offline");
  waiting.end();
  waiting.act("yes");
  flows.emplace("waiting for the network", waiting);
  flow.respond(200, {{"conversation", {{"id", "c1"}}}});
  flows.emplace("in_conversation", flow);
  return flows;
}

TEST(SavedLead, WhoeverWaitsHoldsAndShowsNothing) {
  for (auto& [name, flow] : in_each_phase()) {
    const auto answer = flow.event("lead_awaited");
    EXPECT_EQ(answer.accepted(), name.starts_with("idle")) << name;
    EXPECT_EQ(answer.effects(), name == "idle" ? "decision, hold" : "") << name;
    EXPECT_TRUE(kept_by(answer).empty()) << name;
  }
}

TEST(SavedLead, WhateverIsNotHandedOffYetIsGivenAway) {
  const std::map<std::string, std::string> effects{
      {"asking", "no prompt"},
      {"stalled", "stop stall, no prompt"},
      {"handing_off", "stop attempt, abort, stop budget, handoff, no prompt"},
      {"backing off", "stop retry, stop budget, handoff, no prompt"},
      {"waiting for the network", "stop offline, handoff, no prompt"},
  };
  for (auto& [name, flow] : in_each_phase()) {
    const auto answer = flow.event("lead_lost");
    const bool gives = effects.contains(name);
    EXPECT_EQ(answer.accepted(), gives) << name;
    EXPECT_EQ(answer.effects(), gives ? effects.at(name) : "") << name;
    EXPECT_TRUE(kept_by(answer).empty()) << name << ": the other tab keeps it now";
    if (gives) {
      EXPECT_EQ(answer.phase(), "idle");
    }
  }
}

TEST(SavedLead, WhatIsHandledElsewhereEndsAndIsReleasedUnlessItConnected) {
  for (const bool connected : {false, true}) {
    for (auto& [name, flow] : in_each_phase()) {
      const auto answer = flow.event({{"type", "handled_elsewhere"}, {"at", "t"}, {"connected", connected}});
      const bool ends = name != "done" && name != "in_conversation";
      EXPECT_EQ(answer.accepted(), ends) << name;
      if (!ends) {
        EXPECT_EQ(answer.effects(), "") << name;
        continue;
      }
      EXPECT_EQ(answer.outcome(), "skipped/handled_elsewhere") << name;
      EXPECT_EQ(flow.times_told("outcome"), 1) << name;
      EXPECT_EQ(flow.times_told("release"), flow.times_told("hold") == 1 && !connected ? 1 : 0) << name;
      ASSERT_EQ(kept_by(answer).size(), 1U) << name;
      EXPECT_EQ(kept_by(answer)[0]["connected"], connected) << name;
    }
  }
}

TEST(SavedLead, AnAttemptInFlightIsCalledOffWhenItIsHandledElsewhere) {
  auto flows = in_each_phase();
  const auto effects = [&](const char* name) { return flows.at(name).event("handled_elsewhere").effects(); };
  EXPECT_EQ(effects("handing_off"), "stop attempt, abort, stop budget, handoff, no prompt, outcome, release");
  EXPECT_EQ(effects("backing off"), "stop retry, stop budget, handoff, no prompt, outcome, release");
  EXPECT_EQ(effects("waiting for the network"), "stop offline, handoff, no prompt, outcome, release");
}

TEST(SavedLead, WhoGaveItAwayGoesOnWhereTheOtherGotTo) {
  for (const char* const from : {"asking", "stalled", "handing_off", "backing off"}) {
    FlowDriver flow = in_each_phase().at(from);
    flow.event("lead_lost");
    FlowDriver again(settings_for("webhook", true), chat_session(),
                     {{"saved", state_of("handing_off", "yes")}, {"saved_age_ms", 10}});
    again.end();
    ASSERT_EQ(again.sends().size(), 1U);
    // The same flow, told again with what the other tab kept.
    Flow copy = flow.flow();
    const Json begin{{"session", chat_session()},
                     {"mode", "enforce"},
                     {"prompt", "module"},
                     {"allowed_origins", nullptr},
                     {"saved", state_of("handing_off", "yes")},
                     {"saved_age_ms", 10},
                     {"at", "2026-01-01T11:00:00.000Z"}};
    ASSERT_TRUE(copy.begin(begin.dump())) << from;
    const auto result = copy.step(R"({"type":"session_ended","at":"t","digest":")" + std::string(kSomeDigest) + "\"}");
    EXPECT_EQ(name_of(copy.state().phase), "handing_off") << from;
    int holds = 0;
    std::string body;
    for (const Effect& effect : result.effects) {
      if (const auto* const emit = std::get_if<Emit>(&effect)) {
        holds += emit->event == HostEvent::hold || emit->event == HostEvent::decision ? 1 : 0;
      }
      if (const auto* const send = std::get_if<Send>(&effect)) {
        body = send->body;
      }
    }
    EXPECT_EQ(holds, 0) << from << ": the host has been told already";
    EXPECT_EQ(body, again.sends()[0]["body"].get<std::string>()) << from;
  }
}

TEST(SavedLead, AHandoffThatWaitedForTheNetworkWaitsOn) {
  FlowDriver flow = in_each_phase().at("waiting for the network");
  flow.event("lead_lost");
  FlowDriver other = restored(settings_for("webhook", true), state_of("handing_off", "yes"), kFresh);
  other.event("offline");
  EXPECT_EQ(other.end().effects(), "decision, hold, prompt(waiting_online), start offline 1800000");
  EXPECT_EQ(other.event("online").phase(), "handing_off");
  EXPECT_EQ(other.sends().size(), 1U);
}

TEST(SavedRestore, AnotherBodyUnderOurKeyIsAnAcceptanceOnlyWhereItMayHaveBeenSent) {
  const std::map<std::string, std::string> outcomes{{"handing_off", "transferred/accepted"},
                                                    {"collecting", "failed/idempotency_conflict"}};
  for (const auto& [phase, outcome] : outcomes) {
    FlowDriver flow = restored(settings_for("webhook", true), state_of(phase, "yes"), kFresh);
    flow.end();
    ASSERT_EQ(flow.sends().size(), 1U) << phase;
    EXPECT_EQ(flow.respond(422).outcome(), outcome) << phase;
  }
  FlowDriver stalled = restored(settings_for("webhook", true), state_of("stalled", "yes"), kFresh);
  stalled.end();
  stalled.act("try_again");
  EXPECT_EQ(stalled.respond(422).outcome(), "transferred/accepted");
}

TEST(SavedLead, AStallGivenAwayIsNoYesHere) {
  // The stalled tab had its Yes; the tab that took over has a question again only where nothing fits.
  FlowDriver flow = in_each_phase().at("stalled");
  flow.event("lead_lost");
  flow.begin(chat_session());
  EXPECT_EQ(flow.end().phase(), "asking");
  EXPECT_EQ(flow.act("no").outcome(), "declined/opt_in_declined");
  EXPECT_EQ(flow.sends().size(), 1U) << "the attempt before the stall";
}

TEST(SavedLead, BeforeTheSessionIsKnownNothingHappens) {
  Flow flow(settings_of(settings_for("webhook", true)));
  for (const char* const type : {"lead_awaited", "lead_lost", "handled_elsewhere"}) {
    const auto result = flow.step(Json{{"type", type}, {"at", "t"}, {"connected", true}}.dump());
    EXPECT_EQ(result.ignored, Ignored::not_expected) << type;
    EXPECT_TRUE(result.effects.empty()) << type;
  }
  EXPECT_EQ(flow.state(), transfer::State{});
}

// Last: where it is wrong, memory is read that is not there.
TEST(SavedStatuses, AreOnlyThoseOfTheSettingsNow) {
  for (const int taken : {0, 1, 2, 3, 255}) {
    for (const std::vector<std::string>& statuses :
         {std::vector<std::string>{"in_progress"}, {"ready", "in_progress"}}) {
      for (const char* const phase : {"collecting", "handing_off", "stalled", "in_conversation"}) {
        Json settings = settings_for("ccaip", true);
        settings["virtual_agents"][0]["endpoint"]["statuses"] = statuses;
        Json state = state_of(phase, "yes");
        state["statuses_set"] = taken;
        FlowDriver flow = restored(settings, state, kFresh);
        auto answer = flow.end();
        if (answer.phase() == "stalled") {
          answer = flow.act("try_again");
        }
        const Json update = answer.effect("update_post_session");
        if (update.is_null()) {
          EXPECT_EQ(answer.phase(), "in_conversation") << phase << " " << taken;
          continue;
        }
        EXPECT_TRUE(std::ranges::contains(statuses, update["status"].get<std::string>())) << phase << " " << taken;
      }
    }
  }
}

}  // namespace
}  // namespace pst::test
