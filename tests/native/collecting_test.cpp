// What is collected before a hand-off: from the consumer, in time or not, and from the host.

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pst/limits.hpp"
#include "support/flow_driver.hpp"

namespace pst::test {
namespace {

Json form_field(std::string_view name, const Json& more = Json::object()) {
  Json parameter{{"type", "dynamic"}, {"field", name}, {"source", "form"}, {"source_field", name}};
  parameter.update(more);
  return parameter;
}

Json host_field(std::string_view name, const Json& more = Json::object()) {
  Json parameter{{"type", "dynamic"}, {"field", name}, {"source", "host"}, {"source_field", "my_" + std::string(name)}};
  parameter.update(more);
  return parameter;
}

Json asking_for(const Json& parameters, bool opt_in = true, int timeout_s = 0) {
  Json settings = chat_settings();
  settings["chat"]["opt_in"] = opt_in;
  settings["chat"]["data_parameters_enabled"] = true;
  settings["chat"]["data_parameters"] = parameters;
  settings["rules"]["prompt_timeout_s"] = timeout_s;
  return settings;
}

Json name_and_pin() {
  return Json::array({form_field("name", {{"required", true}}),
                      form_field("pin", {{"sensitive", true}, {"required", true}, {"input", "number"}})});
}

Answer give(FlowDriver& flow, std::string_view action, const Json& values) {
  return flow.event(Json{{"type", "action"}, {"at", FlowDriver::kNow}, {"action", action}, {"values", values}});
}

Answer provided(FlowDriver& flow, std::string_view field, const Json& value) {
  return flow.event(Json{{"type", "provided"}, {"at", FlowDriver::kNow}, {"field", field}, {"value", value}});
}

FlowDriver begun(const Json& settings, const Json& begin = Json::object()) {
  FlowDriver flow(settings, chat_session(), begin);
  flow.end();
  return flow;
}

Json prompt_of(const Answer& answer) {
  const Json effect = answer.effect("show_prompt");
  return effect.is_null() ? effect : effect["prompt"];
}

/// `{field: error}` of what was refused.
Json errors_of(const Answer& answer) {
  Json errors = Json::object();
  const Json prompt = prompt_of(answer);
  for (const Json& field : prompt.is_null() ? Json::array() : prompt["fields"]) {
    if (field["error"] != "") {
      errors[field["name"].get<std::string>()] = field["error"];
    }
  }
  return errors;
}

std::string actions_of(const Answer& answer) {
  std::string actions;
  const Json prompt = prompt_of(answer);
  for (const Json& action : prompt.is_null() ? Json::array() : prompt["actions"]) {
    actions += (actions.empty() ? "" : " ") + action["action"].get<std::string>();
  }
  return actions;
}

Json parameters_sent(const FlowDriver& flow) {
  return dom(flow.sends().at(0)["body"].get<std::string>())["data_parameters"];
}

/// Which timers run, after the effects of each answer that is given.
class Timers {
 public:
  const Answer& after(const Answer& answer) {
    for (const Json& effect : answer.json["effects"]) {
      const std::string type = effect["type"];
      const std::string name = type.ends_with("_timer")
                                   ? effect.value("delivery", "handoff") + ":" + effect["timer"].get<std::string>()
                                   : "";
      if (type == "start_timer") {
        EXPECT_FALSE(running_.contains(name)) << name << " is started while it runs";
        running_[name] = effect["ms"];
      }
      if (type == "stop_timer") {
        running_.erase(name);
      }
    }
    return answer;
  }
  void fired(const std::string& name) { running_.erase("handoff:" + name); }
  [[nodiscard]] std::string running() const {
    std::string all;
    for (const auto& [name, ms] : running_) {
      all += (all.empty() ? "" : ", ") + name.substr(name.starts_with("handoff:") ? 8 : 0) + " " + ms.dump();
    }
    return all;
  }

 private:
  std::map<std::string, Json> running_;
};

// ── A question with fields ──────────────────────────────────────────────────────────────────────────────────────────

TEST(QuestionWithFields, IsOnePromptAndAYesCarriesTheValues) {
  FlowDriver flow(asking_for(name_and_pin()), chat_session());
  const Answer asked = flow.end();
  EXPECT_EQ(prompt_of(asked)["kind"], "opt_in");
  EXPECT_EQ(prompt_of(asked)["fields"].size(), 2U);
  EXPECT_EQ(actions_of(asked), "yes no");
  const Answer yes = give(flow, "yes", {{"name", "Ada"}, {"pin", "1234"}});
  EXPECT_EQ(yes.effects(), "consent, prompt(connecting), handoff, start budget 30000, start attempt 8000, send 1");
  EXPECT_EQ(parameters_sent(flow), Json({{"name", "Ada"}, {"pin", 1234}}));
}

TEST(QuestionWithFields, ARefusedAnswerIsShownAgainAndIsNoYes) {
  FlowDriver flow = begun(asking_for(name_and_pin()));
  const Answer refused = give(flow, "yes", {{"name", " "}, {"pin", "x"}});
  EXPECT_EQ(refused.phase(), "asking");
  EXPECT_EQ(refused.effects(), "prompt(opt_in)");
  const Json prompt = prompt_of(refused);
  EXPECT_EQ(errors_of(refused), Json({{"name", "Please fill in this field."}, {"pin", "Please enter a number."}}));
  EXPECT_EQ(prompt["focus"], "invalid");
  EXPECT_EQ(prompt["note"], "Please check the marked fields.");
  EXPECT_EQ(prompt["announce"]["text"], "Please check the marked fields.");
  EXPECT_EQ(refused.json.value("invalid", Json()), Json::array({"name", "pin"}));
  EXPECT_EQ(flow.times_told("consent"), 0);
  EXPECT_FALSE(flow.event("unheard_of").json.contains("invalid"));

  const Answer half = give(flow, "yes", {{"name", "Ada"}, {"pin", ""}});
  EXPECT_EQ(errors_of(half), Json({{"pin", "Please fill in this field."}}));
  EXPECT_EQ(prompt_of(half)["fields"][0]["value"], "Ada");
  EXPECT_GT(prompt_of(half)["announce"]["seq"], prompt["announce"]["seq"]);

  EXPECT_EQ(give(flow, "yes", {{"name", "Ada"}, {"pin", "1"}}).phase(), "handing_off");
  EXPECT_EQ(flow.times_told("consent"), 1);
}

TEST(QuestionWithFields, NoAfterARefusedAnswerIsANo) {
  FlowDriver flow = begun(asking_for(name_and_pin()));
  give(flow, "yes", {{"name", "Ada"}, {"pin", "x"}});
  EXPECT_EQ(flow.act("no").outcome(), "declined/opt_in_declined");
  EXPECT_TRUE(flow.sends().empty());
}

TEST(QuestionWithFields, NotNowEndsItOnlyOnceAnAnswerWasRefused) {
  FlowDriver flow = begun(asking_for(name_and_pin()));
  EXPECT_EQ(flow.act("not_now").ignored(), "not_expected");
  give(flow, "yes", {});
  EXPECT_EQ(flow.act("not_now").outcome(), "failed/parameter_missing");
  EXPECT_TRUE(flow.sends().empty());
}

TEST(QuestionWithFields, TheAnswerToAFormIsNoneToAQuestion) {
  FlowDriver flow = begun(asking_for(name_and_pin()));
  const std::string before = flow.event("unheard_of").hash();
  const Answer answer = give(flow, "continue", {{"name", "Ada"}, {"pin", "1"}});
  EXPECT_EQ(answer.ignored(), "not_expected");
  EXPECT_EQ(answer.hash(), before);
  EXPECT_EQ(answer.json.value("invalid", Json()), nullptr);
  EXPECT_EQ(errors_of(give(flow, "yes", {{"name", "Ada"}})).size(), 1U) << "it was not taken";
}

TEST(QuestionWithFields, NothingThatWasFilledInIsKeptBeforeTheYes) {
  FlowDriver flow = begun(asking_for(name_and_pin()));
  const Answer refused = give(flow, "yes", {{"name", "Ada Lovelace"}, {"pin", "x"}});
  EXPECT_EQ(refused.json.dump().find("x\"}") == std::string::npos, true);
  const Answer yes = give(flow, "yes", {{"name", "Ada Lovelace"}, {"pin", "987654"}});
  EXPECT_EQ(yes.effect("persist")["state"]["form"], Json({{"name", "Ada Lovelace"}})) << "and never what is sensitive";
}

TEST(QuestionWithFields, WhereThePlatformAsksThereAreNone) {
  Json required = chat_session();
  required["post_session"]["required"] = true;
  Json settings = asking_for(name_and_pin());
  settings["virtual_agents"][0]["endpoint"] = {{"kind", "ccaip"}};
  settings["chat"]["data_parameters"] = Json::array();
  FlowDriver flow(settings, required, {{"prompt", "platform"}});
  EXPECT_EQ(flow.end().phase(), "asking");
  EXPECT_EQ(give(flow, "yes", {{"name", "Ada"}}).ignored(), "not_expected");
}

// ── A form without a question ───────────────────────────────────────────────────────────────────────────────────────

TEST(FormAlone, IsShownWhereNobodyIsAsked) {
  FlowDriver flow(asking_for(name_and_pin(), false), chat_session());
  const Answer shown = flow.end();
  EXPECT_EQ(shown.phase(), "collecting");
  EXPECT_EQ(shown.effects(), "decision, hold, prompt(form)");
  EXPECT_EQ(actions_of(shown), "continue not_now");
  const Answer refused = give(flow, "continue", {{"name", "Ada"}});
  EXPECT_EQ(refused.effects(), "prompt(form)");
  EXPECT_EQ(errors_of(refused), Json({{"pin", "Please fill in this field."}}));
  const Answer taken = give(flow, "continue", {{"pin", 7}});
  EXPECT_EQ(taken.effects(), "prompt(connecting), handoff, start budget 30000, start attempt 8000, send 1");
  EXPECT_EQ(parameters_sent(flow), Json({{"name", "Ada"}, {"pin", 7}}));
  EXPECT_EQ(flow.times_told("consent"), 0);
}

TEST(FormAlone, OffersNotNowOnlyWhereAFieldIsRequired) {
  FlowDriver flow(
      asking_for(Json::array({form_field("a"), form_field("b", {{"required", true}, {"default", 1}})}), false),
      chat_session());
  EXPECT_EQ(actions_of(flow.end()), "continue");
  give(flow, "continue", nullptr);
  EXPECT_EQ(parameters_sent(flow), Json({{"b", 1}}));
}

TEST(FormAlone, NotNowEndsInAParameterThatIsMissing) {
  FlowDriver flow = begun(asking_for(name_and_pin(), false));
  const Answer answer = flow.act("not_now");
  EXPECT_EQ(answer.outcome(), "failed/parameter_missing");
  EXPECT_EQ(answer.effects(), "no prompt, outcome, release");
  EXPECT_TRUE(flow.sends().empty());
}

TEST(FormAlone, AYesOrANoIsNoAnswerToIt) {
  FlowDriver flow = begun(asking_for(name_and_pin(), false));
  const std::string before = flow.event("unheard_of").hash();
  for (const char* action : {"yes", "no", "try_again", "more_time"}) {
    const Answer answer = give(flow, action, {{"name", "Ada"}, {"pin", 1}});
    EXPECT_EQ(answer.ignored(), "not_expected") << action;
    EXPECT_EQ(answer.hash(), before) << action;
  }
  EXPECT_EQ(errors_of(give(flow, "continue", {{"name", "Ada"}})).size(), 1U) << "nothing was taken";
}

TEST(FormAlone, ADefaultIsUsedAndWhatIsMissingIsTold) {
  FlowDriver flow =
      begun(asking_for(Json::array({form_field("a", {{"default", "d"}}), form_field("b"), form_field("c")}), false));
  const Answer taken = give(flow, "continue", {{"c", "x"}});
  EXPECT_EQ(parameters_sent(flow), Json({{"a", "d"}, {"c", "x"}}));
  EXPECT_EQ(taken.told("diagnostic"), Json({{"code", "parameter_omitted"}, {"detail", "b"}}));
}

// ── Time to answer ──────────────────────────────────────────────────────────────────────────────────────────────────

Json words(const Json& catalogue = nullptr) {
  return {{"catalogue", catalogue}, {"time_to_answer", "2 minutes"}, {"time_of_warning", "20 seconds"}};
}

Answer end_with(FlowDriver& flow, const Json& words) {
  return flow.event(
      Json{{"type", "session_ended"}, {"at", FlowDriver::kNow}, {"digest", kSomeDigest}, {"words", words}});
}

TEST(TimeToAnswer, IsToldWarnedOfAndProlonged) {
  FlowDriver flow(asking_for(Json::array(), true, 120), chat_session());
  Timers timers;
  const Answer asked = end_with(flow, words());
  timers.after(asked);
  EXPECT_EQ(timers.running(), "prompt 120000, prompt_warning 100000");
  EXPECT_EQ(prompt_of(asked)["note"], "Time left to answer: 2 minutes");
  EXPECT_EQ(actions_of(asked), "yes no more_time");

  timers.fired("prompt_warning");
  const Answer warned = timers.after(flow.timer("prompt_warning"));
  EXPECT_EQ(warned.effects(), "prompt(opt_in)");
  EXPECT_EQ(prompt_of(warned)["note"], "Time left to answer: 20 seconds");
  EXPECT_EQ(prompt_of(warned)["announce"]["text"], "Time left to answer: 20 seconds");
  EXPECT_EQ(prompt_of(warned)["focus"], "none");
  EXPECT_EQ(timers.running(), "prompt 120000");

  const Answer longer = timers.after(flow.act("more_time"));
  EXPECT_EQ(timers.running(), "prompt 120000, prompt_warning 100000");
  EXPECT_EQ(prompt_of(longer)["note"], "Time left to answer: 2 minutes");
  EXPECT_EQ(longer.phase(), "asking");

  timers.after(flow.act("more_time"));
  EXPECT_EQ(timers.running(), "prompt 120000, prompt_warning 100000") << "at any time, as often as is wanted";

  timers.fired("prompt_warning");
  timers.after(flow.timer("prompt_warning"));
  timers.fired("prompt");
  const Answer over = timers.after(flow.timer("prompt"));
  EXPECT_EQ(over.outcome(), "no_answer/prompt_expired");
  EXPECT_EQ(timers.running(), "");
}

TEST(TimeToAnswer, HasPlainWordsWhereTheBindingsHaveNone) {
  FlowDriver flow(asking_for(Json::array(), true, 45), chat_session());
  EXPECT_EQ(prompt_of(flow.end())["note"], "Time left to answer: 45 s");
  EXPECT_EQ(prompt_of(flow.timer("prompt_warning"))["note"], "Time left to answer: 20 s");
}

TEST(TimeToAnswer, TheShortestHasNoWarning) {
  FlowDriver flow(asking_for(Json::array(), true, limits::kPromptWarningSeconds), chat_session());
  Timers timers;
  timers.after(flow.end());
  EXPECT_EQ(timers.running(), "prompt 20000");
  timers.after(flow.act("more_time"));
  EXPECT_EQ(timers.running(), "prompt 20000");
  timers.after(flow.act("yes"));
  EXPECT_EQ(timers.running(), "attempt 8000, budget 30000");
}

TEST(TimeToAnswer, WithoutOneThereIsNothingToProlong) {
  FlowDriver flow = begun(asking_for(Json::array()));
  EXPECT_EQ(flow.act("more_time").ignored(), "not_expected");
  EXPECT_EQ(flow.timer("prompt_warning").ignored(), "not_expected");
}

TEST(TimeToAnswer, ARefusedAnswerNeitherProlongsNorStopsIt) {
  FlowDriver flow(asking_for(name_and_pin(), true, 120), chat_session());
  Timers timers;
  timers.after(end_with(flow, words()));
  const Answer refused = timers.after(give(flow, "yes", {}));
  EXPECT_EQ(timers.running(), "prompt 120000, prompt_warning 100000");
  EXPECT_EQ(prompt_of(refused)["note"], "Please check the marked fields. Time left to answer: 2 minutes");
  timers.after(give(flow, "yes", {{"name", "A"}, {"pin", 1}}));
  EXPECT_EQ(timers.running(), "attempt 8000, budget 30000");
}

TEST(TimeToAnswer, ThatOfAFormStopsWithTheForm) {
  Json parameters = name_and_pin();
  parameters.push_back(host_field("h"));
  FlowDriver flow(asking_for(parameters, false, 120), chat_session());
  Timers timers;
  EXPECT_EQ(actions_of(timers.after(end_with(flow, words()))), "continue not_now more_time");
  EXPECT_EQ(timers.running(), "prompt 120000, prompt_warning 100000");
  timers.fired("prompt_warning");
  timers.after(flow.timer("prompt_warning"));
  timers.after(flow.act("more_time"));
  EXPECT_EQ(timers.running(), "prompt 120000, prompt_warning 100000");
  const Answer given = timers.after(give(flow, "continue", {{"name", "A"}, {"pin", 1}}));
  EXPECT_EQ(given.effects(), "stop prompt, stop prompt_warning, prompt(connecting), start provide 10000, provide");
  EXPECT_EQ(timers.running(), "provide 10000");
  EXPECT_EQ(flow.act("more_time").ignored(), "not_expected");
  EXPECT_EQ(flow.timer("prompt").ignored(), "not_expected");
}

TEST(TimeToAnswer, AFormThatNobodyAnswersIsOver) {
  FlowDriver flow(asking_for(name_and_pin(), false, 45), chat_session());
  Timers timers;
  timers.after(flow.end());
  timers.fired("prompt_warning");
  timers.after(flow.timer("prompt_warning"));
  timers.fired("prompt");
  const Answer over = timers.after(flow.timer("prompt"));
  EXPECT_EQ(over.outcome(), "no_answer/prompt_expired");
  EXPECT_EQ(timers.running(), "");
}

// ── The host ────────────────────────────────────────────────────────────────────────────────────────────────────────

Json two_of_the_host(bool required = false) {
  return asking_for(Json::array({host_field("a", {{"required", required}}), host_field("b", {{"default", "d"}})}),
                    false);
}

TEST(HostParameters, AreAskedForAllAtOnce) {
  FlowDriver flow(two_of_the_host(), chat_session());
  const Answer asked = flow.end();
  EXPECT_EQ(asked.phase(), "collecting");
  EXPECT_EQ(asked.effects(), "decision, hold, prompt(connecting), start provide 10000, provide");
  EXPECT_EQ(asked.effect("provide")["parameters"].dump(),
            R"([{"field":"a","source_field":"my_a"},{"field":"b","source_field":"my_b"}])");
  EXPECT_EQ(provided(flow, "b", "B").effects(), "");
  const Answer last = provided(flow, "a", 1);
  EXPECT_EQ(last.effects(), "stop provide, stop_providing, handoff, start budget 30000, start attempt 8000, send 1");
  EXPECT_EQ(parameters_sent(flow), Json({{"a", 1}, {"b", "B"}}));
}

TEST(HostParameters, WhatIsNotGivenFallsBack) {
  FlowDriver flow = begun(two_of_the_host());
  provided(flow, "a", nullptr);
  EXPECT_EQ(provided(flow, "b", nullptr).told("diagnostic"), Json({{"code", "parameter_omitted"}, {"detail", "a"}}));
  EXPECT_EQ(parameters_sent(flow), Json({{"b", "d"}}));
}

TEST(HostParameters, WhatIsGivenTooLateIsNotTaken) {
  FlowDriver flow = begun(two_of_the_host());
  provided(flow, "b", "B");
  const Answer late = flow.timer("provide");
  EXPECT_EQ(late.phase(), "handing_off");
  EXPECT_EQ(late.effects(),
            "stop provide, stop_providing, diagnostic, handoff, start budget 30000, start attempt 8000, send 1");
  EXPECT_EQ(provided(flow, "a", 1).ignored(), "not_expected");
  EXPECT_EQ(parameters_sent(flow), Json({{"b", "B"}}));
  EXPECT_EQ(flow.timer("provide").ignored(), "not_expected");
}

TEST(HostParameters, ARequiredOneThatNobodyGivesEndsItBeforeAnythingIsSent) {
  for (const bool in_time : {true, false}) {
    FlowDriver flow = begun(two_of_the_host(true));
    provided(flow, "b", "B");
    const Answer answer = in_time ? provided(flow, "a", nullptr) : flow.timer("provide");
    EXPECT_EQ(answer.outcome(), "failed/parameter_missing");
    EXPECT_EQ(answer.told("diagnostic"), Json({{"code", "parameter_missing"}, {"detail", "a"}}));
    EXPECT_TRUE(flow.sends().empty());
  }
}

TEST(HostParameters, AreEachGivenOnceAndOnlyThoseAskedFor) {
  FlowDriver flow = begun(two_of_the_host());
  EXPECT_TRUE(provided(flow, "a", 1).accepted());
  EXPECT_EQ(provided(flow, "a", 2).ignored(), "not_expected");
  EXPECT_EQ(provided(flow, "my_b", 2).ignored(), "not_expected");
  EXPECT_EQ(provided(flow, "", 2).ignored(), "not_expected");
  EXPECT_EQ(flow.event("provided").ignored(), "not_expected");
  EXPECT_EQ(provided(flow, "b", 3).phase(), "handing_off");
  EXPECT_EQ(parameters_sent(flow), Json({{"a", 1}, {"b", 3}}));
}

TEST(HostParameters, TakeWhatCustomDataTakes) {
  const auto sent = [](const Json& value) {
    FlowDriver flow = begun(asking_for(Json::array({host_field("a")}), false));
    provided(flow, "a", value);
    return parameters_sent(flow).value("a", Json(nullptr));
  };
  EXPECT_EQ(sent(true), true);
  EXPECT_EQ(sent(""), "");
  EXPECT_EQ(sent({{"value", 0}, {"type", "date"}}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(sent({{"value", 8.65e15}, {"type", "date"}}), nullptr);
  EXPECT_EQ(sent({{"value", "x"}, {"label", "X"}}), "x");
  EXPECT_EQ(sent({{"value", nullptr}}), nullptr);
  EXPECT_EQ(sent(Json::array({1})), nullptr);
  EXPECT_EQ(sent(Json::object()), nullptr);
}

TEST(HostParameters, AreAskedForAfterTheYesAndNeverAfterANo) {
  Json settings = two_of_the_host();
  settings["chat"]["opt_in"] = true;
  FlowDriver yes = begun(settings);
  EXPECT_EQ(yes.act("yes").effects(), "consent, prompt(connecting), start provide 10000, provide");
  FlowDriver no = begun(settings);
  EXPECT_EQ(no.act("no").effects(), "consent, prompt(declined), outcome, release");
  EXPECT_EQ(provided(no, "a", 1).ignored(), "not_expected");
}

TEST(HostParameters, AreNotAskedForAgainWhenItIsTriedAgain) {
  FlowDriver flow = begun(two_of_the_host());
  provided(flow, "a", 1);
  provided(flow, "b", 2);
  flow.timer("budget");
  EXPECT_EQ(flow.act("try_again").phase(), "handing_off");
  EXPECT_EQ(flow.sends()[0]["body"], flow.sends()[1]["body"]);
}

// ── Called off ──────────────────────────────────────────────────────────────────────────────────────────────────────

TEST(Collecting, EndsCleanlyWhateverCallsItOff) {
  Json parameters = name_and_pin();
  parameters.push_back(host_field("h"));
  struct Case {
    const char* event;
    const char* phase;
    const char* outcome;
  };
  constexpr Case kCases[] = {{"cancel", "done", "cancelled/host_cancelled"},
                             {"new_conversation", "done", "cancelled/new_conversation"},
                             {"chat_resumed", "done", "cancelled/chat_resumed"},
                             {"handled_elsewhere", "done", "skipped/handled_elsewhere"},
                             {"lead_lost", "idle", ""}};
  for (const auto& [event, phase, outcome] : kCases) {
    for (const char* place : {"question", "refused", "warned", "form", "host"}) {
      SCOPED_TRACE(std::string(event) + " in " + place);
      const std::string_view where = place;
      FlowDriver flow(asking_for(parameters, where != "form", 120), chat_session());
      Timers timers;
      timers.after(flow.end());
      if (where == "refused") {
        timers.after(give(flow, "yes", {}));
      }
      if (where == "warned") {
        timers.fired("prompt_warning");
        timers.after(flow.timer("prompt_warning"));
      }
      if (where == "host") {
        timers.after(give(flow, "yes", {{"name", "A"}, {"pin", 1}}));
      }
      const Answer answer = timers.after(flow.event(event));
      EXPECT_EQ(answer.phase(), phase);
      EXPECT_EQ(answer.outcome(), outcome);
      EXPECT_EQ(timers.running(), "");
      EXPECT_EQ(answer.effect("stop_providing").is_null(), where != "host");
      EXPECT_TRUE(prompt_of(answer).is_null());
      EXPECT_TRUE(flow.sends().empty());
      for (const char* action : {"yes", "continue"}) {
        EXPECT_EQ(give(flow, action, {{"name", "A"}, {"pin", 1}}).ignored(), "not_expected");
      }
      EXPECT_EQ(provided(flow, "h", 1).ignored(), "not_expected");
    }
  }
}

TEST(Collecting, GoesOnAfreshWhereTheLeadComesBack) {
  Json parameters = name_and_pin();
  parameters.push_back(host_field("h"));
  FlowDriver flow(asking_for(parameters, true, 0), chat_session());
  flow.end();
  give(flow, "yes", {{"name", "A"}, {"pin", 1}});
  flow.event("lead_lost");
  flow.begin(chat_session());
  const Answer again = flow.end();
  EXPECT_EQ(prompt_of(again)["kind"], "opt_in");
  EXPECT_EQ(prompt_of(again)["fields"][0]["value"], "") << "what was filled in is forgotten";
  EXPECT_EQ(again.effect("persist")["state"]["answered_at"], "") << "and so is the Yes";
  EXPECT_EQ(give(flow, "yes", {{"name", "B"}, {"pin", 2}}).phase(), "collecting");
  provided(flow, "h", 3);
  EXPECT_EQ(parameters_sent(flow), Json({{"name", "B"}, {"pin", 2}, {"h", 3}}));
}

TEST(Collecting, ThroughThePlatformCollectsNothing) {
  Json settings = chat_settings();
  settings["virtual_agents"][0]["endpoint"] = {{"kind", "ccaip"}};
  settings["chat"]["data_parameters_enabled"] = true;
  settings["chat"]["data_parameters"] = Json::array({{{"type", "fixed"}, {"field", "k"}, {"value", 1}}});
  settings["chat"]["opt_in"] = true;
  FlowDriver flow(settings, chat_session());
  const Answer asked = flow.end();
  EXPECT_TRUE(prompt_of(asked)["shared"].is_null());
  EXPECT_TRUE(prompt_of(asked)["fields"].empty());
  EXPECT_EQ(flow.act("yes").phase(), "handing_off");
}

// ── What would be shared ────────────────────────────────────────────────────────────────────────────────────────────

std::string shared_of(const Answer& answer) {
  std::string all;
  const Json prompt = prompt_of(answer);
  if (prompt.is_null() || prompt["shared"].is_null()) {
    return all;
  }
  for (const Json& item : prompt["shared"]["items"]) {
    all += item["label"].get<std::string>() + "=" + item["value"].get<std::string>() + "\n";
  }
  return all;
}

TEST(Shared, NamesWhatWouldLeaveThePageInTheOrderOfTheSettings) {
  Json parameters =
      Json::array({{{"type", "fixed"}, {"field", "kind"}, {"value", true}},
                   {{"type", "dynamic"}, {"field", "order"}, {"source", "unsigned"}, {"source_field", "order_id"}},
                   {{"type", "dynamic"}, {"field", "gone"}, {"source", "unsigned"}, {"source_field", "gone"}},
                   {{"type", "dynamic"},
                    {"field", "token"},
                    {"source", "unsigned"},
                    {"source_field", "order_id"},
                    {"sensitive", true}},
                   {{"type", "dynamic"},
                    {"field", "no_token"},
                    {"source", "unsigned"},
                    {"source_field", "gone"},
                    {"sensitive", true}},
                   form_field("name", {{"label", "Your name"}}),
                   form_field("pin", {{"sensitive", true}}),
                   host_field("plan")});
  FlowDriver flow(asking_for(parameters), chat_session());
  const Answer asked = flow.end();
  EXPECT_EQ(prompt_of(asked)["shared"]["title"], "What will be shared");
  EXPECT_EQ(shared_of(asked),
            "Chat number=\u206812345\u2069\nLanguage=\u2068en\u2069\nQueue=\u2068777\u2069\n"
            "\u2068kind\u2069=\u2068true\u2069\n\u2068Order\u2069=\u2068A-1\u2069\n\u2068Order\u2069=Hidden\n"
            "\u2068Your name\u2069=Added when you continue\n\u2068pin\u2069=Hidden\n"
            "\u2068plan\u2069=Added when you continue\n");
}

TEST(Shared, IsOnOneLineAndCut) {
  Json session = chat_session();
  std::string text = "a\nb\u202E";
  for (int i = 0; i < 300; ++i) {
    text += "é";
  }
  session["custom_data"]["unsigned"]["order_id"] = {{"value", text}, {"label", "L\n\u2066"}};
  FlowDriver flow(
      asking_for(Json::array(
          {{{"type", "dynamic"}, {"field", "order"}, {"source", "unsigned"}, {"source_field", "order_id"}}})),
      session);
  std::string expected = "\u2068a b ";
  for (int i = 0; i < 196; ++i) {
    expected += "é";
  }
  EXPECT_TRUE(shared_of(flow.end()).ends_with("\u2068L  \u2069=" + expected + "\u2069…\n"));
}

TEST(Shared, IsShownWithAFormToo) {
  FlowDriver flow(asking_for(name_and_pin(), false), chat_session());
  EXPECT_TRUE(shared_of(flow.end()).contains("Chat number"));
}

// ── Languages ───────────────────────────────────────────────────────────────────────────────────────────────────────

Json german() {
  return {{"locale", "de"},
          {"version", "de-1"},
          {"dir", "ltr"},
          {"texts", {{"opt_in_title", "Ihr Chat ist beendet"}, {"yes", "Ja"}, {"time_left", "Noch {0}"}}}};
}

TEST(Languages, AreThoseOfTheWordsAndGoOnRecordWithTheAnswer) {
  FlowDriver flow(asking_for(Json::array(), true, 120), chat_session());
  const Answer asked = end_with(flow, words(german()));
  const Json prompt = prompt_of(asked);
  EXPECT_EQ(prompt["title"], "Ihr Chat ist beendet");
  EXPECT_EQ(prompt["actions"][0]["label"], "Ja");
  EXPECT_EQ(prompt["actions"][1]["label"], "No") << "what a language lacks is English";
  EXPECT_EQ(prompt["note"], "Noch 2 minutes");
  EXPECT_EQ(prompt["lang"], "de");
  const Json consent = flow.act("yes").told("consent");
  EXPECT_EQ(consent["text_version"], "de-1");
  EXPECT_EQ(consent["locale"], "de");
}

TEST(Languages, WhoeverHasBeenAskedIsAskedOnInTheSame) {
  Json heard = chat_session();
  heard["queue"]["id"] = 778;
  FlowDriver flow(asking_for(Json::array()), chat_session());
  end_with(flow, words(german()));
  flow.begin(heard);
  end_with(flow, words());
  EXPECT_EQ(flow.act("yes").told("consent")["locale"], "de") << "that is what was on screen";
}

TEST(Languages, OddWordsAreEnglish) {
  for (const Json& odd : {Json(nullptr), Json("de"), Json::array(), Json{{"catalogue", 7}},
                          Json{{"catalogue", {{"texts", 7}, {"dir", "up"}}}}}) {
    FlowDriver flow(asking_for(Json::array()), chat_session());
    const Json prompt = prompt_of(end_with(flow, odd));
    EXPECT_EQ(prompt["title"], "Your chat has ended") << odd;
    EXPECT_EQ(prompt["dir"], "ltr") << odd;
  }
}

// ── Facts that come while the question is on screen ─────────────────────────────────────────────────────────────────

Json with_queue(const Json& queue_settings, const Json& more = Json::object()) {
  Json settings = asking_for(Json::array({form_field("name")}));
  settings["virtual_agents"].push_back(settings["virtual_agents"][0]);
  settings["virtual_agents"][1]["id"] = "returns";
  settings["virtual_agents"][1]["name"] = "Returns";
  Json queue{{"id", 502}, {"chat_routing", true}, {"virtual_agent", "orders"}, {"opt_in", true}};
  queue.update(queue_settings);
  settings["queues"] = Json::array({queue});
  settings.update(more);
  return settings;
}

Answer hear_of_queue(FlowDriver& flow) {
  Json session = chat_session();
  session["queue"]["id"] = 502;
  flow.begin(session);
  return flow.end();
}

TEST(Redecided, ForAnotherVirtualAgentTheQuestionIsShownAgain) {
  FlowDriver flow = begun(with_queue({{"virtual_agent", "returns"}}));
  const Answer again = hear_of_queue(flow);
  EXPECT_EQ(again.phase(), "asking");
  EXPECT_TRUE(prompt_of(again)["body"].get<std::string>().contains("Returns"));
  flow.act("yes");
  EXPECT_EQ(dom(flow.sends().at(0)["body"].get<std::string>())["virtual_agent"]["id"], "returns");
}

TEST(Redecided, WithOtherFieldsTheQuestionIsShownAgain) {
  FlowDriver flow = begun(with_queue({{"data_parameters_enabled", true},
                                      {"data_parameters", Json::array({form_field("pin", {{"required", true}})})}}));
  const Answer again = hear_of_queue(flow);
  ASSERT_FALSE(prompt_of(again).is_null()) << "nobody can fill in what is not on screen";
  EXPECT_EQ(prompt_of(again)["fields"][0]["name"], "pin");
}

TEST(Redecided, WithOtherThingsToShareTheQuestionIsShownAgain) {
  FlowDriver flow = begun(with_queue(
      {{"data_parameters_enabled", true},
       {"data_parameters", Json::array({form_field("name"), {{"type", "fixed"}, {"field", "k"}, {"value", 1}}})}}));
  EXPECT_TRUE(shared_of(hear_of_queue(flow)).contains("\u2068k\u2069"));
}

TEST(Redecided, ForTheSameTheQuestionStaysAsItIs) {
  FlowDriver flow =
      begun(with_queue({{"data_parameters_enabled", true}, {"data_parameters", Json::array({form_field("name")})}}));
  const Answer again = hear_of_queue(flow);
  EXPECT_TRUE(again.accepted());
  EXPECT_TRUE(prompt_of(again).is_null());
}

TEST(Redecided, WhatIsSharedAndComesLateIsShownThoughNothingElseIsDecided) {
  FlowDriver flow(asking_for(Json::array(
                      {{{"type", "dynamic"}, {"field", "late"}, {"source", "unsigned"}, {"source_field", "late"}}})),
                  chat_session());
  EXPECT_FALSE(shared_of(flow.end()).contains("late"));
  flow.begin(chat_session());
  EXPECT_EQ(flow.end().ignored(), "not_expected");
  Json session = chat_session();
  session["custom_data"]["unsigned"]["late"] = "x";
  flow.begin(session);
  EXPECT_TRUE(shared_of(flow.end()).ends_with("\u2068late\u2069=\u2068x\u2069\n"));
}

TEST(Redecided, ARefusedAnswerIsForgottenWithTheFieldsItWasFor) {
  FlowDriver flow = begun(with_queue({{"data_parameters_enabled", true}, {"data_parameters", name_and_pin()}}));
  const Answer again = hear_of_queue(flow);
  give(flow, "yes", {});
  flow.begin(chat_session());
  const Answer back = flow.end();
  EXPECT_EQ(errors_of(back), Json::object());
  EXPECT_EQ(flow.act("not_now").ignored(), "not_expected");
  EXPECT_TRUE(again.accepted());
}

TEST(Redecided, AQuestionOfTheWidgetIsNeverShownByUs) {
  Json required = chat_session();
  required["post_session"]["required"] = true;
  Json settings = with_queue({{"virtual_agent", "returns"}});
  settings["virtual_agents"][0]["endpoint"] = settings["virtual_agents"][1]["endpoint"] = {{"kind", "ccaip"}};
  settings["chat"].erase("data_parameters");
  FlowDriver flow(settings, required, {{"prompt", "platform"}});
  EXPECT_EQ(flow.end().phase(), "asking");
  required["queue"]["id"] = 502;
  flow.begin(required);
  EXPECT_TRUE(prompt_of(flow.end()).is_null());
}

// ── Trying again ────────────────────────────────────────────────────────────────────────────────────────────────────

TEST(TryingAgain, TooOftenIsToldToWait) {
  FlowDriver flow = begun(asking_for(Json::array(), false));
  Timers timers;
  timers.after(flow.timer("budget"));
  EXPECT_EQ(timers.running(), "stall 120000");
  const Answer throttled =
      timers.after(flow.event(Json{{"type", "action"}, {"at", "t"}, {"action", "try_again"}, {"throttled", true}}));
  EXPECT_EQ(throttled.phase(), "stalled");
  EXPECT_EQ(prompt_of(throttled)["reason"], "too_many_tries");
  EXPECT_EQ(actions_of(throttled), "try_again not_now");
  EXPECT_EQ(timers.running(), "stall 120000");
  EXPECT_EQ(flow.act("not_now").outcome(), "failed/attempt_timeout") << "the reason stays that of the delivery";
}

Json saved(const char* phase, const char* answer, const Json& more = Json::object()) {
  Json state{
      {"phase", phase}, {"answer", answer}, {"handoff_id", kSomeHandoffId}, {"decided_at", "2026-01-01T10:00:00Z"}};
  state.update(more);
  return {{"saved", state}, {"saved_age_ms", 1000}};
}

TEST(TryingAgain, AfterAReloadCollectsOnceMore) {
  Json parameters = name_and_pin();
  parameters.push_back(host_field("h"));
  FlowDriver flow(asking_for(parameters), chat_session(),
                  saved("stalled", "yes", {{"reason", "server_error"}, {"form", {{"name", "Ada"}}}}));
  Timers timers;
  timers.after(flow.end());
  EXPECT_EQ(timers.running(), "stall 120000");
  const Answer again = timers.after(flow.act("try_again"));
  EXPECT_EQ(again.phase(), "collecting");
  EXPECT_EQ(timers.running(), "");
  EXPECT_EQ(prompt_of(again)["kind"], "form");
  ASSERT_EQ(prompt_of(again)["fields"].size(), 1U);
  EXPECT_EQ(prompt_of(again)["fields"][0]["name"], "pin");
  give(flow, "continue", {{"pin", 1}});
  EXPECT_EQ(provided(flow, "h", 2).phase(), "handing_off");
  EXPECT_EQ(parameters_sent(flow), Json({{"name", "Ada"}, {"pin", 1}, {"h", 2}}));
}

// ── After a reload ──────────────────────────────────────────────────────────────────────────────────────────────────

TEST(ReloadedCollecting, AsksOnlyForWhatIsMissing) {
  FlowDriver flow(asking_for(name_and_pin()), chat_session(),
                  saved("handing_off", "yes", {{"form", {{"name", "Ada"}}}}));
  const Answer ended = flow.end();
  EXPECT_EQ(ended.effects(), "decision, hold, prompt(form)");
  give(flow, "continue", {{"pin", 7}});
  EXPECT_EQ(parameters_sent(flow), Json({{"name", "Ada"}, {"pin", 7}}));
}

TEST(ReloadedCollecting, AsksNobodyWhereAllIsKnown) {
  FlowDriver flow(asking_for(Json::array({form_field("name", {{"required", true}}), form_field("note")})),
                  chat_session(), saved("handing_off", "yes", {{"form", {{"name", "Ada"}}}}));
  EXPECT_EQ(flow.end().phase(), "handing_off");
  EXPECT_EQ(parameters_sent(flow), Json({{"name", "Ada"}}));
}

TEST(ReloadedCollecting, AFormThatWasStillOpenIsOpenedAgain) {
  const Json settings = asking_for(Json::array({form_field("note")}), false);
  FlowDriver before = begun(settings);
  const Json state = before.event("online").effect("persist");
  FlowDriver flow(settings, chat_session(), saved("collecting", "not_asked", {{"form", Json::object()}}));
  EXPECT_EQ(flow.end().effects(), "decision, hold, prompt(form)") << "nobody has answered it";
  EXPECT_TRUE(state.is_null());
}

TEST(ReloadedCollecting, ATamperedFormIsJudgedLikeAnAnswer) {
  for (const Json& form : {Json(nullptr), Json("x"), Json::array(), Json{{"name", {{"value", 1}}}},
                           Json{{"name", std::string(5000, 'x')}}}) {
    FlowDriver flow(asking_for(name_and_pin()), chat_session(), saved("handing_off", "yes", {{"form", form}}));
    EXPECT_EQ(prompt_of(flow.end())["fields"].size(), 2U) << form.dump().substr(0, 40);
  }
}

}  // namespace
}  // namespace pst::test
