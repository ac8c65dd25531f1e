// What the SDK tells after the end of a chat, in several steps and in any order: facts that come late, the platform and
// the widget acting by themselves, the chat going on, and the conversation with the virtual agent in the same chat.

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pst/flow.hpp"
#include "support/flow_driver.hpp"

namespace pst::test {
namespace {

Json with_opt_in(int prompt_timeout_s = 0) {
  Json settings = chat_settings();
  settings["chat"]["opt_in"] = true;
  settings["rules"]["prompt_timeout_s"] = prompt_timeout_s;
  return settings;
}

/// The agent is reached through the platform.
Json through_platform(bool opt_in = false) {
  Json settings = with_opt_in();
  settings["chat"]["opt_in"] = opt_in;
  settings["virtual_agents"][0]["endpoint"] = {{"kind", "ccaip"}};
  return settings;
}

Json with_dialogflow() {
  Json settings = full_settings();
  settings["chat"]["virtual_agent"] = "cx";
  settings["chat"]["opt_in"] = false;
  settings["chat"]["data_parameters"] = Json::array();
  return settings;
}

/// As an adapter gives it: the agent has left, and the chat was closed.
Json heard(const Json& flags = Json::object()) {
  Json session = chat_session();
  session.erase("ended_by");
  session["signals"] = dom(R"([{ "signal": "chat.memberLeft", "at": 1, "human": true },
                               { "signal": "noti.chatEnded", "at": 2 }])");
  session["post_session"] = flags;
  return session;
}

/// The chat was closed, and more is not known.
Json heard_little() {
  Json session = heard();
  session["signals"] = dom(R"([{ "signal": "chat.ended", "at": 2 }])");
  return session;
}

const Json kRequired{{"required", true}};
const Json kRequiredUnasked{{"required", true}, {"opt_in_required", false}};
const Json kNotRequired{{"required", false}};
const Json kWidgetAsks{{"prompt", "platform"}};
const Json kNone = Json::object();
const Json kBot{{"human", false}};
const Json kHuman{{"human", true}};

Json status(std::string_view value) { return {{"status", value}}; }
Json post_session(std::string_view value) { return {{"post_session_status", value}}; }

constexpr std::string_view kStraightToPlatform =
    "decision, hold, prompt(connecting), handoff, start budget 30000, start attempt 8000, update ready null 1";

Answer told_again(FlowDriver& flow, const Json& session) {
  flow.begin(session);
  return flow.end();
}

/// Nothing at all came of it.
void expect_ignored(const Answer& answer, std::string_view what) {
  EXPECT_EQ(answer.ignored(), "not_expected") << what;
  EXPECT_EQ(answer.effects(), "") << what;
}

/// A signal that must change nothing.
void expect_deaf(FlowDriver& flow, std::string_view signal, const Json& more = Json::object()) {
  const transfer::State before = flow.flow().state();
  expect_ignored(flow.signal(signal, more), signal);
  EXPECT_EQ(flow.flow().state(), before) << signal;
}

/// Every signal that means something to the conversation.
std::vector<std::pair<std::string_view, Json>> telling_signals() {
  return {{"chat.memberJoined", kBot},  {"chat.memberJoined", kHuman},
          {"chat.memberLeft", kBot},    {"virtual_agent.message", kNone},
          {"virtual_agent.end", kNone}, {"finishChat", kNone},
          {"finishChat.failed", kNone}, {"finishChat.done", kNone},
          {"noti.chatEnded", kNone},    {"chat.ended", kNone},
          {"chat.destroyed", kNone},    {"client.destroyed", kNone},
          {"chat.timeout", kNone},      {"exited", kNone}};
}

// The settle timer.

FlowDriver settling() {
  FlowDriver flow(nullptr, heard());
  EXPECT_EQ(flow.end().effects(), "start settle 500");
  return flow;
}

TEST(SignalSettle, ASkipWaitsForTheFlagsAndTellsNothingYet) {
  FlowDriver flow(nullptr, heard());
  const Answer ended = flow.end();
  EXPECT_TRUE(ended.accepted());
  EXPECT_EQ(ended.phase(), "idle");
  EXPECT_EQ(ended.outcome(), "");
  EXPECT_EQ(ended.effects(), "start settle 500");
}

TEST(SignalSettle, WhenNothingComesItIsSkipped) {
  FlowDriver flow = settling();
  const Answer over = flow.timer("settle");
  EXPECT_EQ(over.effects(), "decision, outcome");
  EXPECT_EQ(over.outcome(), "skipped/not_configured");
  EXPECT_EQ(flow.times_told("release"), 0);
}

TEST(SignalSettle, EverySkipWaitsWhateverItsReason) {
  Json off_by_type = heard();
  off_by_type["chat_type"] = "sms";
  const Json started = heard({{"status", "in_progress"}});
  for (const auto& [settings, session, outcome] : {std::tuple{minimal_settings(), heard(), "skipped/chat_disabled"},
                                                   {chat_settings(), heard_little(), "skipped/ended_by_not_eligible"},
                                                   {chat_settings(), off_by_type, "skipped/chat_type_not_selected"},
                                                   {chat_settings(), started, "skipped/already_started"}}) {
    FlowDriver flow(settings, session);
    EXPECT_EQ(flow.end().effects(), "start settle 500") << outcome;
    EXPECT_EQ(flow.timer("settle").outcome(), outcome);
  }
}

TEST(SignalSettle, ARefusedSdkAndAQuestionDoNotWait) {
  Json ios = heard();
  ios["sdk"]["platform"] = "ios";
  EXPECT_EQ(FlowDriver(nullptr, ios).end().outcome(), "rejected/mobile_sdk_unsupported");
  EXPECT_EQ(FlowDriver(with_opt_in(), heard()).end().effects(), "decision, hold, prompt(opt_in)");
  EXPECT_EQ(FlowDriver(with_opt_in(), heard(), {{"mode", "observe"}}).end().outcome(), "skipped/observed");
}

TEST(SignalSettle, AHandoffThatNobodyIsAskedAboutWaitsToo) {
  for (const Json& settings : {chat_settings(), through_platform()}) {
    FlowDriver flow(settings, heard());
    EXPECT_EQ(flow.end().effects(), "start settle 500");
    EXPECT_EQ(flow.times_told("hold"), 0);
    const Answer due = flow.timer("settle");
    EXPECT_TRUE(due.effects().starts_with("decision, hold, prompt(connecting), handoff")) << due.effects();
    EXPECT_EQ(due.phase(), "handing_off");
  }
}

TEST(SignalSettle, AHandoffThatIsNotWantedAfterAllNeverBegins) {
  FlowDriver flow(chat_settings(), heard());
  flow.end();
  EXPECT_EQ(told_again(flow, heard(kNotRequired)).outcome(), "skipped/platform_not_required");
  EXPECT_TRUE(flow.sends().empty());
  EXPECT_EQ(flow.times_told("hold"), 0);
}

TEST(SignalSettle, AHandoffThatThePlatformRequiresIsThePlatformsOwn) {
  FlowDriver flow(chat_settings(), heard());
  flow.end();
  EXPECT_EQ(told_again(flow, heard(kRequiredUnasked)).effect("update_post_session")["status"], "ready");
  EXPECT_TRUE(flow.sends().empty());
}

TEST(SignalSettle, ASessionWithoutSignalsDoesNotWait) {
  Json session = heard();
  for (const Json& signals : {Json(nullptr), Json("chat.ended"), Json::object(), Json(true)}) {
    session["signals"] = signals;
    EXPECT_EQ(FlowDriver(nullptr, session).end().outcome(), "skipped/not_configured") << signals;
  }
  session.erase("signals");
  EXPECT_EQ(FlowDriver(nullptr, session).end().effects(), "decision, outcome");
}

TEST(SignalSettle, OnlyAChatWaits) {
  Json call = call_session();
  call["signals"] = heard()["signals"];
  EXPECT_EQ(FlowDriver(nullptr, call).end().outcome(), "skipped/not_configured");
  Json other = heard();
  other["channel"] = "email";
  EXPECT_EQ(FlowDriver(nullptr, other).end().outcome(), "skipped/channel_unsupported");
}

TEST(SignalSettle, AFlagThatIsThereIsNotWaitedForAndOneOfAnotherTypeIs) {
  EXPECT_EQ(FlowDriver(nullptr, heard(kNotRequired)).end().outcome(), "skipped/platform_not_required");
  for (const Json& flag : {Json(nullptr), Json("false"), Json(0)}) {
    FlowDriver flow(nullptr, heard({{"required", flag}}));
    EXPECT_EQ(flow.end().effects(), "start settle 500") << flag;
  }
  FlowDriver other_flags(nullptr, heard({{"opt_in_required", false}, {"status", "ready"}}));
  EXPECT_EQ(other_flags.end().effects(), "start settle 500") << "the other flags say nothing of this one";
}

TEST(SignalSettle, ToldThatItIsRequiredItAsksAtOnce) {
  FlowDriver flow = settling();
  const Answer again = told_again(flow, heard(kRequired));
  EXPECT_EQ(again.effects(), "stop settle, decision, hold, prompt(opt_in)");
  EXPECT_EQ(again.phase(), "asking");
  EXPECT_EQ(again.told("decision"), flow.begun()["decision"]);
  EXPECT_EQ(flow.times_told("decision"), 1) << "the skip was never told";
  EXPECT_EQ(flow.act("yes").effect("update_post_session")["opt_in"], true);
}

TEST(SignalSettle, ToldThatItIsRequiredAndNobodyNeedBeAskedItHandsOffAtOnce) {
  FlowDriver flow = settling();
  const Answer again = told_again(flow, heard(kRequiredUnasked));
  EXPECT_EQ(again.effects(), "stop settle, " + std::string(kStraightToPlatform));
  EXPECT_EQ(again.phase(), "handing_off");
  EXPECT_EQ(again.told("handoff")["handoff_id"], kSomeHandoffId);
}

TEST(SignalSettle, ToldThatItIsNotRequiredItIsSkippedAtOnce) {
  FlowDriver flow = settling();
  const Answer again = told_again(flow, heard(kNotRequired));
  EXPECT_EQ(again.effects(), "stop settle, decision, outcome");
  EXPECT_EQ(again.outcome(), "skipped/platform_not_required");
  EXPECT_EQ(flow.timer("settle").ignored(), "not_expected");
  EXPECT_EQ(flow.times_told("outcome"), 1);
}

TEST(SignalSettle, ASignalThatSaysWhoEndedItTurnsTheSkipAroundToo) {
  FlowDriver flow(chat_settings(), heard_little());
  EXPECT_EQ(flow.end().effects(), "start settle 500");
  const Answer again = told_again(flow, heard());
  EXPECT_TRUE(again.accepted());
  EXPECT_EQ(again.effects(), "");
  EXPECT_EQ(flow.timer("settle").phase(), "handing_off");
  ASSERT_EQ(flow.sends().size(), 1U);
  EXPECT_EQ(dom(flow.sends()[0]["body"].get<std::string>())["session"]["ended_by"], "agent");
  FlowDriver asks(with_opt_in(), heard_little());
  asks.end();
  EXPECT_EQ(told_again(asks, heard()).effects(), "stop settle, decision, hold, prompt(opt_in)");
}

TEST(SignalSettle, ToldAgainThatItIsAMobileSdkItIsRejectedAtOnce) {
  FlowDriver flow = settling();
  Json ios = heard();
  ios["sdk"]["platform"] = "ios";
  const Answer again = told_again(flow, ios);
  EXPECT_EQ(again.effects(), "stop settle, decision, outcome");
  EXPECT_EQ(again.outcome(), "rejected/mobile_sdk_unsupported");
}

TEST(SignalSettle, WhatIsToldMeanwhileWithoutTheFlagIsTakenAndTheTimerRunsOn) {
  FlowDriver flow = settling();
  const Answer again = told_again(flow, heard({{"status", "in_progress"}}));
  EXPECT_TRUE(again.accepted());
  EXPECT_EQ(again.effects(), "") << "the timer is neither stopped nor started anew";
  EXPECT_EQ(again.phase(), "idle");
  EXPECT_EQ(flow.timer("settle").outcome(), "skipped/already_started");
}

TEST(SignalSettle, AnEndThatTellsNothingNewIsIgnored) {
  FlowDriver flow = settling();
  expect_ignored(flow.end(), "nothing was told before it");
  EXPECT_EQ(flow.timer("settle").outcome(), "skipped/not_configured");
}

TEST(SignalSettle, CalledOffTheTimerStopsAndNothingIsReleasedThatWasNotHeld) {
  for (const auto& [event, reason] : {std::pair{"cancel", "host_cancelled"},
                                      {"new_conversation", "new_conversation"},
                                      {"chat_resumed", "chat_resumed"}}) {
    FlowDriver flow = settling();
    const Answer off = flow.event(event);
    EXPECT_EQ(off.effects(), "stop settle, outcome") << event;
    EXPECT_EQ(off.outcome(), std::string("cancelled/") + reason);
    EXPECT_EQ(flow.timer("settle").ignored(), "not_expected");
  }
}

TEST(SignalSettle, AChatThatGoesOnMeanwhileIsNotHandedOff) {
  FlowDriver flow(chat_settings(), heard());
  flow.end();
  EXPECT_TRUE(flow.signal("chat.updated", status("finished")).accepted());
  const Answer resumed = flow.signal("chat.updated", status("queued"));
  EXPECT_EQ(resumed.effects(), "stop settle, outcome");
  EXPECT_EQ(resumed.outcome(), "cancelled/chat_resumed");
  EXPECT_TRUE(flow.sends().empty());
}

TEST(SignalSettle, TheTimerMeansNothingWhereItDoesNotRun) {
  FlowDriver begun(nullptr, heard());
  EXPECT_EQ(begun.timer("settle").ignored(), "not_expected") << "nothing has ended yet";
  FlowDriver asking(with_opt_in(), heard());
  asking.end();
  EXPECT_EQ(asking.timer("settle").ignored(), "not_expected");
  EXPECT_EQ(asking.flow().state().phase, Phase::asking);
}

TEST(SignalSettle, TheAnswersOfThePersonMeanNothingYet) {
  FlowDriver flow = settling();
  for (const char* action : {"yes", "no", "try_again", "not_now"}) {
    EXPECT_EQ(flow.act(action).ignored(), "not_expected") << action;
  }
  EXPECT_TRUE(flow.flow().state().settling);
}

TEST(SignalSettle, TheSdksSignalsAloneChangeNothingYet) {
  FlowDriver flow = settling();
  for (const auto& [signal, more] : telling_signals()) {
    expect_deaf(flow, signal, more);
  }
  expect_deaf(flow, "chat.updated", post_session("in_progress"));
}

// Told again while the question is open.

FlowDriver asking(int prompt_timeout_s = 0) {
  FlowDriver flow(with_opt_in(prompt_timeout_s), heard());
  EXPECT_EQ(flow.end().phase(), "asking");
  return flow;
}

TEST(SignalRedecision, AQuestionThatIsNotWantedIsWithdrawn) {
  FlowDriver flow = asking();
  const Answer again = told_again(flow, heard(kNotRequired));
  EXPECT_EQ(again.effects(), "decision, diagnostic, no prompt, outcome, release");
  EXPECT_EQ(again.outcome(), "skipped/platform_not_required");
  EXPECT_EQ(again.told("decision"), flow.begun()["decision"]);
  EXPECT_EQ(flow.act("yes").ignored(), "not_expected");
  EXPECT_TRUE(flow.sends().empty());
}

TEST(SignalRedecision, SoIsOneThatShouldNotHaveBeenAsked) {
  FlowDriver timed_out = asking();
  Json session = heard();
  session["signals"].push_back({{"signal", "chat.timeout"}, {"at", 0}});
  EXPECT_EQ(told_again(timed_out, session).outcome(), "skipped/ended_by_not_eligible");
  FlowDriver mobile = asking();
  session = heard();
  session["sdk"]["platform"] = "android";
  const Answer rejected = told_again(mobile, session);
  EXPECT_EQ(rejected.effects(), "decision, no prompt, outcome, release");
  EXPECT_EQ(rejected.outcome(), "rejected/mobile_sdk_unsupported");
}

TEST(SignalRedecision, AConflictIsDiagnosedAndTheQuestionStays) {
  FlowDriver flow = asking();
  const Answer again = told_again(flow, heard(kRequired));
  EXPECT_EQ(again.effects(), "decision, diagnostic");
  EXPECT_EQ(again.phase(), "asking");
  EXPECT_EQ(again.told("decision")["conflicts"], Json::array({"endpoint_conflict"}));
  EXPECT_EQ(again.told("diagnostic")["code"], "endpoint_conflict");
  const Answer yes = flow.act("yes");
  EXPECT_EQ(yes.effects(),
            "consent, prompt(connecting), handoff, start budget 30000, start attempt 8000, update ready true 1")
      << "by the platform's own hand-off, so that two virtual agents never start";
  EXPECT_TRUE(flow.sends().empty());
}

TEST(SignalRedecision, TheSameDecisionIsNotTold) {
  FlowDriver flow = asking();
  for (const Json& session : {heard(), heard({{"opt_in_required", true}}), heard({{"status", "ready"}})}) {
    const transfer::State before = flow.flow().state();
    const Answer again = told_again(flow, session);
    expect_ignored(again, session.dump());
    EXPECT_EQ(flow.flow().state(), before);
  }
  EXPECT_EQ(flow.times_told("decision"), 1);
  EXPECT_EQ(flow.act("yes").phase(), "handing_off");
}

TEST(SignalRedecision, ButWhatIsKnownMeanwhileIsHandedOver) {
  FlowDriver flow = asking();
  Json session = heard();
  session["signals"].push_back({{"signal", "finishChat"}, {"at", 0}});
  expect_ignored(told_again(flow, session), "decided as before");
  flow.act("yes");
  ASSERT_EQ(flow.sends().size(), 1U);
  EXPECT_EQ(dom(flow.sends()[0]["body"].get<std::string>())["session"]["ended_by"], "end_user");
}

TEST(SignalRedecision, AnEndWithoutNewFactsIsIgnored) {
  FlowDriver flow = asking();
  flow.begin(heard(kNotRequired));
  EXPECT_EQ(flow.flow().state().phase, Phase::asking) << "telling alone changes nothing";
  EXPECT_EQ(flow.end().phase(), "done");
  FlowDriver other = asking();
  expect_ignored(other.end(), "nothing was told before it");
}

TEST(SignalRedecision, AFlagThatTheQuestionNeedNotBeAskedDoesNotTakeItAway) {
  FlowDriver flow(nullptr, heard(kRequired));
  EXPECT_EQ(flow.end().phase(), "asking");
  const Answer again = told_again(flow, heard(kRequiredUnasked));
  EXPECT_EQ(again.effects(), "decision");
  EXPECT_EQ(again.told("decision")["outcome"], "transfer");
  EXPECT_EQ(again.phase(), "asking") << "whoever has been asked is waited for";
  const Answer yes = flow.act("yes");
  EXPECT_EQ(yes.told("consent")["selected"], "Yes");
  EXPECT_EQ(yes.effect("update_post_session")["opt_in"], true);
}

TEST(SignalRedecision, ANoAfterTheFlagsHaveChangedIsStillANo) {
  FlowDriver flow = asking();
  told_again(flow, heard(kRequiredUnasked));
  const Answer no = flow.act("no");
  EXPECT_EQ(no.effects(), "consent, update ready false 0, prompt(declined), outcome, release");
  EXPECT_EQ(no.outcome(), "declined/opt_in_declined");
}

TEST(SignalRedecision, TheTimeoutOfTheQuestionRunsOn) {
  FlowDriver flow = asking(45);
  EXPECT_EQ(told_again(flow, heard(kRequired)).effects(), "decision, diagnostic");
  const Answer expired = flow.timer("prompt");
  EXPECT_EQ(expired.effects(), "stop prompt, stop prompt_warning, prompt(expired), outcome, release");
  EXPECT_EQ(expired.outcome(), "no_answer/prompt_expired");
  FlowDriver withdrawn = asking(45);
  EXPECT_EQ(told_again(withdrawn, heard(kNotRequired)).effects(),
            "stop prompt, stop prompt_warning, decision, diagnostic, no prompt, outcome, release");
}

TEST(SignalRedecision, AfterTheAnswerWhatWasDecidedStands) {
  FlowDriver flow = asking();
  flow.act("yes");
  flow.begin(heard(kNotRequired));
  EXPECT_EQ(flow.begun()["digest_of"], nullptr);
  EXPECT_EQ(flow.begun()["decision"]["outcome"], "ask");
  expect_ignored(flow.end(), "answered");
  EXPECT_EQ(flow.respond(200).outcome(), "transferred/accepted");
}

TEST(SignalRedecision, TheQuestionIsNeverAskedTwice) {
  FlowDriver flow = asking();
  for (const Json& flags : {kRequired, Json::object(), kRequired}) {
    const Answer again = told_again(flow, heard(flags));
    EXPECT_TRUE(again.accepted()) << flags;
    EXPECT_EQ(again.effect("show_prompt"), nullptr) << flags;
    EXPECT_EQ(again.phase(), "asking") << flags;
  }
  EXPECT_EQ(flow.times_told("decision"), 4);
  EXPECT_EQ(flow.times_told("hold"), 1);
}

TEST(SignalRedecision, ToldThatAVirtualAgentWasStartedNothingIsReleased) {
  FlowDriver flow = asking();
  const Answer again = told_again(flow, heard({{"status", "in_progress"}}));
  EXPECT_EQ(again.outcome(), "skipped/already_started");
  EXPECT_EQ(again.effect("show_prompt")["prompt"], nullptr);
  EXPECT_EQ(flow.times_told("release"), 0) << "that virtual agent is this session's one experience";
}

// The platform acts while our own question is open.

TEST(SignalOwnQuestion, IsWithdrawnWhenThePlatformStartsAVirtualAgentAndNothingIsReleased) {
  for (const char* started : {"in_progress", "completed", "something_new"}) {
    FlowDriver flow = asking();
    const Answer signal = flow.signal("chat.updated", post_session(started));
    EXPECT_EQ(signal.effects(), "no prompt, outcome") << started;
    EXPECT_EQ(signal.outcome(), "skipped/already_started") << started;
    EXPECT_EQ(flow.act("yes").ignored(), "not_expected");
    EXPECT_TRUE(flow.sends().empty());
    EXPECT_EQ(flow.times_told("hold"), 1);
    EXPECT_EQ(flow.times_told("release"), 0);
  }
}

TEST(SignalOwnQuestion, ItsTimeoutIsStoppedThen) {
  FlowDriver flow = asking(45);
  EXPECT_EQ(flow.signal("chat.updated", post_session("in_progress")).effects(),
            "stop prompt, stop prompt_warning, no prompt, outcome");
}

TEST(SignalOwnQuestion, WhicheverSignalCarriesTheStatus) {
  FlowDriver flow = asking();
  EXPECT_EQ(flow.signal("chat.ongoing", post_session("in_progress")).outcome(), "skipped/already_started");
}

TEST(SignalOwnQuestion, StaysWhereNothingWasStarted) {
  FlowDriver flow = asking();
  expect_deaf(flow, "chat.updated");
  expect_deaf(flow, "chat.updated", post_session("ready"));
  expect_deaf(flow, "chat.updated", post_session(""));
  for (const Json& odd : {Json(nullptr), Json(1), Json(true), Json::array({"in_progress"})}) {
    expect_deaf(flow, "chat.updated", {{"post_session_status", odd}});
  }
  // The widget's own answers and its end concern a question of the widget's.
  expect_deaf(flow, "updatePostSession", {{"opt_in", false}});
  expect_deaf(flow, "exited");
  expect_deaf(flow, "chat.destroyed");
}

TEST(SignalOwnQuestion, ARefusalThatThePlatformWasToldIsNoStart) {
  Json settings = through_platform(true);
  settings["virtual_agents"][0]["endpoint"]["declined_status"] = "declined";
  FlowDriver flow(settings, heard());
  flow.end();
  expect_deaf(flow, "chat.updated", post_session("declined"));
  EXPECT_EQ(flow.signal("chat.updated", post_session("in_progress")).outcome(), "skipped/already_started");
}

// Following: the widget asks.

FlowDriver following(const Json& flags = kRequired, const Json& settings = through_platform(true)) {
  FlowDriver flow(settings, heard(flags), kWidgetAsks);
  const Answer ended = flow.end();
  EXPECT_EQ(ended.effects(), "decision, hold");
  EXPECT_EQ(ended.phase(), "asking");
  return flow;
}

TEST(SignalFollowing, TheModuleAsksNothingAndTheHostHolds) {
  FlowDriver flow = following();
  EXPECT_EQ(flow.times_told("prompt"), 0);
  for (const char* action : {"yes", "no"}) {
    const transfer::State before = flow.flow().state();
    expect_ignored(flow.act(action), action);
    EXPECT_EQ(flow.flow().state(), before);
  }
  EXPECT_EQ(flow.times_told("consent"), 0);
}

TEST(SignalFollowing, GoesByThePlatformsRequestWhateverTheSettingsSay) {
  for (const Json& settings : {Json(nullptr), chat_settings(), with_opt_in(30), through_platform()}) {
    FlowDriver flow(settings, heard(kRequired), kWidgetAsks);
    const Answer ended = flow.end();
    EXPECT_EQ(ended.phase(), "asking") << settings;
    EXPECT_EQ(ended.effect("show_prompt"), nullptr);
    EXPECT_EQ(ended.effect("start_timer"), nullptr) << "it is the widget's question, in the widget's time";
  }
}

TEST(SignalFollowing, TheSettingsTimeoutForTheQuestionIsNeitherStartedNorStopped) {
  Json settings = through_platform(true);
  settings["rules"]["prompt_timeout_s"] = 30;
  EXPECT_EQ(following(kRequired, settings).signal("exited").effects(), "outcome, release");
  EXPECT_EQ(following(kRequired, settings).signal("chat.updated", post_session("in_progress")).effects(),
            "handoff, start virtual_agent 120000");
  EXPECT_EQ(following(kRequired, settings).event("cancel").effects(), "no prompt, outcome, release");
}

TEST(SignalFollowing, ThePlatformHandsOffWithoutAQuestionToo) {
  FlowDriver flow = following(kRequiredUnasked, through_platform());
  EXPECT_EQ(flow.signal("chat.updated", post_session("in_progress")).phase(), "in_conversation");
}

TEST(SignalFollowing, TheStatusThatLeavesReadyIsAHandoff) {
  FlowDriver flow = following();
  expect_deaf(flow, "chat.updated", post_session("ready"));
  const Answer started = flow.signal("chat.updated", post_session("in_progress"));
  EXPECT_EQ(started.effects(), "handoff, start virtual_agent 120000");
  EXPECT_EQ(started.phase(), "in_conversation");
  EXPECT_EQ(started.told("handoff")["state"], "delivered");
  EXPECT_EQ(started.told("handoff")["endpoint"], "ccaip");
  EXPECT_EQ(started.told("handoff")["handoff_id"], kSomeHandoffId);
  expect_deaf(flow, "chat.updated", post_session("in_progress"));
}

TEST(SignalFollowing, SoIsAVirtualAgentThatComes) {
  for (const auto& [signal, more] : {std::pair{"chat.memberJoined", kBot}, {"virtual_agent.message", kNone}}) {
    FlowDriver flow = following();
    const Answer started = flow.signal(signal, more);
    EXPECT_EQ(started.effects(), "handoff, start virtual_agent 120000, stop virtual_agent") << signal;
    EXPECT_EQ(started.phase(), "in_conversation") << signal;
    EXPECT_EQ(flow.flow().state().conversation.phase, ConversationState::present) << signal;
    EXPECT_EQ(flow.signal("virtual_agent.end").outcome(), "completed/ended_by_virtual_agent");
  }
}

TEST(SignalFollowing, ItsConversationIsFollowedToItsEndAndNothingIsReleased) {
  FlowDriver flow = following();
  flow.signal("chat.updated", post_session("in_progress"));
  EXPECT_EQ(flow.signal("chat.memberJoined", kBot).effects(), "stop virtual_agent");
  const Answer over = flow.signal("chat.ended");
  EXPECT_EQ(over.effects(), "no prompt, outcome");
  EXPECT_EQ(over.outcome(), "completed/ended_by_virtual_agent");
  EXPECT_EQ(flow.times_told("release"), 0);
  EXPECT_EQ(flow.times_told("consent"), 0);
  EXPECT_TRUE(flow.sends().empty());
}

TEST(SignalFollowing, AVirtualAgentThatNeverComesIsAbsent) {
  FlowDriver flow = following();
  flow.signal("chat.updated", post_session("in_progress"));
  const Answer over = flow.timer("virtual_agent");
  EXPECT_EQ(over.effects(), "no prompt, outcome");
  EXPECT_EQ(over.outcome(), "transferred/virtual_agent_absent");
}

TEST(SignalFollowing, ANoThatTheWidgetTellsIsDeclined) {
  FlowDriver flow = following();
  expect_deaf(flow, "updatePostSession", {{"opt_in", true}});
  expect_deaf(flow, "updatePostSession", {{"opt_in", nullptr}});
  expect_deaf(flow, "updatePostSession", {{"opt_in", "false"}});
  const Answer no = flow.signal("updatePostSession", {{"opt_in", false}});
  EXPECT_EQ(no.effects(), "outcome, release");
  EXPECT_EQ(no.outcome(), "declined/opt_in_declined");
}

TEST(SignalFollowing, TheStatusForANoIsDeclined) {
  Json settings = through_platform(true);
  settings["virtual_agents"][0]["endpoint"]["declined_status"] = "declined";
  FlowDriver flow = following(kRequired, settings);
  const Answer no = flow.signal("chat.updated", post_session("declined"));
  EXPECT_EQ(no.effects(), "outcome, release");
  EXPECT_EQ(no.outcome(), "declined/opt_in_declined");
}

TEST(SignalFollowing, AStatusThatMeansBothSaysNothingOfANo) {
  // By default a No is told with the status that a Yes begins with.
  FlowDriver flow = following();
  expect_deaf(flow, "chat.updated", post_session("ready"));
}

TEST(SignalFollowing, AWidgetThatIsLeftHasNoAnswer) {
  for (const char* signal : {"exited", "chat.destroyed", "client.destroyed"}) {
    FlowDriver flow = following();
    const Answer left = flow.signal(signal);
    EXPECT_EQ(left.effects(), "outcome, release") << signal;
    EXPECT_EQ(left.outcome(), "no_answer/platform_closed") << signal;
  }
}

TEST(SignalFollowing, OtherSignalsSayNothing) {
  FlowDriver flow = following();
  for (const auto& [signal, more] : telling_signals()) {
    const std::string_view name = signal;
    const bool answers = name == "exited" || name.ends_with("destroyed") || name == "virtual_agent.message" ||
                         (name == "chat.memberJoined" && more == kBot);
    if (!answers) {
      expect_deaf(flow, signal, more);
    }
  }
  expect_deaf(flow, "chat.dismissed");
  expect_deaf(flow, "noti.checkInRequired");
}

TEST(SignalFollowing, CanBeCalledOff) {
  for (const auto& [event, reason] : {std::pair{"cancel", "host_cancelled"},
                                      {"new_conversation", "new_conversation"},
                                      {"chat_resumed", "chat_resumed"}}) {
    FlowDriver flow = following();
    const Answer off = flow.event(event);
    EXPECT_EQ(off.outcome(), std::string("cancelled/") + reason);
    EXPECT_EQ(off.effects(), "no prompt, outcome, release") << event;
  }
}

TEST(SignalFollowing, ToldThatItIsNotRequiredNobodyIsAskedAnyMore) {
  FlowDriver flow = following();
  const Answer again = told_again(flow, heard(kNotRequired));
  EXPECT_EQ(again.outcome(), "skipped/platform_not_required");
  EXPECT_EQ(flow.times_told("release"), 1);
}

TEST(SignalFollowing, ToldThatItWasStartedItIsFollowedOn) {
  FlowDriver flow = following();
  const Answer again = told_again(flow, heard({{"required", true}, {"status", "in_progress"}}));
  EXPECT_EQ(again.effects(), "handoff, start virtual_agent 120000");
  EXPECT_EQ(again.phase(), "in_conversation");
}

TEST(SignalFollowing, WaitsForTheFlagBeforeAnythingElse) {
  for (const bool opt_in : {true, false}) {
    FlowDriver flow(through_platform(opt_in), heard(), kWidgetAsks);
    EXPECT_EQ(flow.end().effects(), "start settle 500");
    EXPECT_EQ(told_again(flow, heard(kRequired)).effects(), "stop settle, decision, hold");
    EXPECT_EQ(flow.flow().state().phase, Phase::asking);
    EXPECT_TRUE(flow.flow().state().following);
  }
}

TEST(SignalFollowing, WhatThePlatformDoesNotRequireNobodyWouldAsk) {
  FlowDriver late(through_platform(true), heard(), kWidgetAsks);
  late.end();
  const Answer silent = late.timer("settle");
  EXPECT_EQ(silent.effects(), "decision, outcome");
  EXPECT_EQ(silent.outcome(), "skipped/platform_does_not_ask");
  FlowDriver without_signals(with_opt_in(), chat_session(), kWidgetAsks);
  EXPECT_EQ(without_signals.end().outcome(), "skipped/platform_does_not_ask");
  FlowDriver told(through_platform(true), heard(), kWidgetAsks);
  told.end();
  EXPECT_EQ(told_again(told, heard(kNotRequired)).outcome(), "skipped/platform_not_required");
}

TEST(SignalFollowing, WhatThePlatformDoesNotRequireIsHandedOffAsUsualWhereNobodyIsAsked) {
  FlowDriver flow(through_platform(false), heard(), kWidgetAsks);
  flow.end();
  EXPECT_EQ(flow.timer("settle").effects(), kStraightToPlatform);
  EXPECT_FALSE(flow.flow().state().following);
}

// The chat goes on.

TEST(SignalResumed, AChatThatWasOverAndWaitsAgainOrHasAHumanAgentCallsItOff) {
  Json assigned = status("assigned");
  assigned["human"] = true;
  for (const Json& again : {status("queued"), assigned}) {
    FlowDriver flow = asking();
    const Answer over = flow.signal("chat.updated", status("finished"));
    EXPECT_TRUE(over.accepted());
    EXPECT_EQ(over.effects(), "");
    EXPECT_EQ(over.phase(), "asking");
    const Answer resumed = flow.signal("chat.updated", again);
    EXPECT_EQ(resumed.effects(), "no prompt, outcome, release") << again;
    EXPECT_EQ(resumed.outcome(), "cancelled/chat_resumed") << again;
  }
}

TEST(SignalResumed, OnlyAfterTheRecordSaidThatItWasOver) {
  FlowDriver flow = asking();
  Json assigned = status("assigned");
  assigned["human"] = true;
  expect_deaf(flow, "chat.updated", status("queued"));
  expect_deaf(flow, "chat.updated", assigned);
  flow.signal("chat.updated", status("finished"));
  EXPECT_EQ(flow.signal("chat.updated", status("queued")).outcome(), "cancelled/chat_resumed");
}

TEST(SignalResumed, EveryStatusOfAChatThatIsOverCountsAndNoOther) {
  for (const char* over : {"finished", "dismissed", "va_dismissed", "canceled", "failed", "no_response"}) {
    FlowDriver flow = asking();
    EXPECT_TRUE(flow.signal("chat.ended", status(over)).accepted()) << over;
    EXPECT_TRUE(flow.flow().state().closed) << over;
    expect_deaf(flow, "chat.updated", status(over));
    EXPECT_EQ(flow.signal("chat.updated", status("queued")).outcome(), "cancelled/chat_resumed") << over;
  }
  FlowDriver flow = asking();
  for (const Json& other : {Json("queued"), Json("assigned"), Json("va_assigned"), Json("waiting"), Json("switching"),
                            Json(""), Json("Finished"), Json(nullptr), Json(1)}) {
    expect_deaf(flow, "chat.updated", {{"status", other}});
  }
}

TEST(SignalResumed, AVirtualAgentThatTakesItIsNoHumanAgent) {
  FlowDriver flow = asking();
  flow.signal("chat.updated", status("finished"));
  expect_deaf(flow, "chat.updated", status("assigned"));
  expect_deaf(flow, "chat.updated", {{"status", "assigned"}, {"human", false}});
  expect_deaf(flow, "chat.updated", {{"status", "assigned"}, {"human", "true"}});
  expect_deaf(flow, "chat.updated", {{"status", "va_assigned"}, {"human", true}});
}

TEST(SignalResumed, WhileFollowingToo) {
  FlowDriver flow = following();
  flow.signal("chat.updated", {{"status", "finished"}, {"post_session_status", "ready"}});
  EXPECT_EQ(flow.signal("chat.updated", status("queued")).outcome(), "cancelled/chat_resumed");
}

TEST(SignalResumed, AHandoffOnItsWayIsAborted) {
  FlowDriver flow(chat_settings(), chat_session());
  flow.end();
  EXPECT_TRUE(flow.signal("chat.updated", status("finished")).accepted());
  const Answer resumed = flow.signal("chat.updated", status("queued"));
  EXPECT_EQ(resumed.effects(), "stop attempt, abort, stop budget, handoff, no prompt, outcome, release");
  EXPECT_EQ(resumed.outcome(), "cancelled/chat_resumed");
}

TEST(SignalResumed, AStallEndsWithIt) {
  FlowDriver flow(chat_settings(), chat_session());
  flow.end();
  flow.respond(500);
  flow.timer("budget");
  flow.signal("chat.updated", status("finished"));
  const Answer resumed = flow.signal("chat.updated", status("queued"));
  EXPECT_EQ(resumed.effects(), "stop stall, no prompt, outcome, release");
  EXPECT_EQ(resumed.outcome(), "cancelled/chat_resumed");
}

TEST(SignalResumed, TheRecordThatTheSessionWasToldWithCounts) {
  for (const auto& [told, resumed] : {std::pair{"finished", true}, {"no_response", true}, {"assigned", false}}) {
    Json session = heard();
    session["status"] = told;
    FlowDriver flow(with_opt_in(), session);
    flow.end();
    EXPECT_EQ(flow.signal("chat.updated", status("queued")).outcome(), resumed ? "cancelled/chat_resumed" : "") << told;
  }
}

TEST(SignalResumed, WhatTheRecordSaysBeforeTheEndIsPutInForceIsRemembered) {
  FlowDriver flow(with_opt_in(), heard());
  EXPECT_TRUE(flow.signal("chat.updated", status("finished")).accepted());
  EXPECT_EQ(flow.end().phase(), "asking");
  EXPECT_EQ(flow.signal("chat.updated", status("queued")).outcome(), "cancelled/chat_resumed");
}

// The conversation in the same chat, after a hand-off through the platform.

/// The platform has taken the hand-off; nobody has come yet.
FlowDriver awaiting() {
  FlowDriver flow(through_platform(), chat_session());
  flow.end();
  flow.respond(200);
  EXPECT_EQ(flow.respond(200).phase(), "in_conversation");
  EXPECT_EQ(flow.flow().state().conversation, conversation::State{});
  return flow;
}

FlowDriver talking() {
  FlowDriver flow = awaiting();
  EXPECT_EQ(flow.signal("chat.memberJoined", kBot).effects(), "stop virtual_agent");
  EXPECT_EQ(flow.flow().state().conversation.phase, ConversationState::present);
  return flow;
}

FlowDriver left_alone() {
  FlowDriver flow = talking();
  EXPECT_EQ(flow.signal("chat.memberLeft", kBot).effects(), "start virtual_agent 120000");
  EXPECT_EQ(flow.flow().state().conversation.phase, ConversationState::away);
  return flow;
}

/// Signals that end a conversation wherever it stands; the last one does.
void expect_over(FlowDriver flow, const std::vector<std::pair<std::string_view, Json>>& signals,
                 std::string_view outcome) {
  const bool timed = flow.flow().state().conversation.waits();
  Answer last;
  for (const auto& [signal, more] : signals) {
    EXPECT_EQ(flow.flow().state().phase, Phase::in_conversation) << signal;
    last = flow.signal(signal, more);
  }
  const std::string_view signal = signals.back().first;
  EXPECT_EQ(last.outcome(), outcome) << signal;
  EXPECT_EQ(last.effects(), timed ? "stop virtual_agent, no prompt, outcome" : "no prompt, outcome") << signal;
  EXPECT_EQ(last.told("outcome")["reason"], last.json["state"]["reason"]) << signal;
  EXPECT_EQ(flow.flow().state().conversation, conversation::State{}) << "what is over is forgotten";
  EXPECT_EQ(flow.times_told("release"), 0) << signal;
  for (const auto& [later, more] : telling_signals()) {
    expect_deaf(flow, later, more);
  }
}

TEST(SignalConversation, TheWidgetIsShownOnceWhenThePlatformHasTakenTheHandoff) {
  FlowDriver flow(through_platform(), chat_session());
  EXPECT_EQ(flow.end().effect("show_widget"), nullptr);
  EXPECT_EQ(flow.respond(200).effect("show_widget"), nullptr);
  const Answer taken = flow.respond(200);
  EXPECT_EQ(taken.effects(),
            "stop attempt, stop budget, handoff, prompt(connected), show_widget, start virtual_agent 120000");
  EXPECT_EQ(flow.signal("chat.memberJoined", kBot).effect("show_widget"), nullptr);
}

TEST(SignalConversation, TheWidgetIsNotShownForAVirtualAgentThatTalksElsewhere) {
  FlowDriver webhook(chat_settings(), chat_session());
  webhook.end();
  const Answer accepted = webhook.respond(200, {{"conversation", {{"id", "c1"}}}});
  EXPECT_EQ(accepted.phase(), "in_conversation");
  EXPECT_EQ(accepted.effect("show_widget"), nullptr);
  EXPECT_EQ(accepted.effect("start_timer"), nullptr);
  FlowDriver dialogflow(with_dialogflow(), chat_session());
  dialogflow.end();
  const Answer detected = dialogflow.respond(200, {{"queryResult", Json::object()}});
  EXPECT_EQ(detected.phase(), "in_conversation");
  EXPECT_EQ(detected.effects(), "stop attempt, stop budget, handoff, prompt(connected), record, record");
}

TEST(SignalConversation, ItsOwnWordEndsIt) {
  for (FlowDriver& flow : std::vector<FlowDriver>{awaiting(), talking(), left_alone()}) {
    expect_over(flow, {{"virtual_agent.end", kNone}}, "completed/ended_by_virtual_agent");
  }
}

TEST(SignalConversation, ACloseOnceItHasComeIsItsOwnDoing) {
  for (const char* closed : {"chat.ended", "noti.chatEnded"}) {
    expect_over(talking(), {{closed, kNone}}, "completed/ended_by_virtual_agent");
    expect_over(left_alone(), {{closed, kNone}}, "completed/ended_by_virtual_agent");
  }
}

TEST(SignalConversation, ACloseAfterFinishChatIsTheEndUsers) {
  for (const char* closed : {"chat.ended", "noti.chatEnded"}) {
    expect_over(talking(), {{"finishChat", kNone}, {closed, kNone}}, "completed/ended_by_end_user");
    expect_over(left_alone(), {{"finishChat", kNone}, {closed, kNone}}, "completed/ended_by_end_user");
  }
}

TEST(SignalConversation, AFinishChatThatTheSdkRefusedEndedNothing) {
  expect_over(talking(), {{"finishChat", kNone}, {"finishChat.failed", kNone}, {"chat.ended", kNone}},
              "completed/ended_by_virtual_agent");
  FlowDriver flow = talking();
  EXPECT_TRUE(flow.signal("finishChat").accepted());
  EXPECT_TRUE(flow.flow().state().conversation.leaving);
  EXPECT_TRUE(flow.signal("finishChat.failed").accepted());
  EXPECT_FALSE(flow.flow().state().conversation.leaving);
  expect_deaf(flow, "finishChat.failed");
}

TEST(SignalConversation, ACloseBeforeOneHasComeIsTheEndOfTheHumanAgentsPartToldLate) {
  FlowDriver flow = awaiting();
  expect_deaf(flow, "chat.ended");
  expect_deaf(flow, "noti.chatEnded");
  expect_deaf(flow, "chat.ended", status("finished"));
  EXPECT_EQ(flow.signal("chat.memberJoined", kBot).effects(), "stop virtual_agent");
  EXPECT_EQ(flow.signal("chat.ended").outcome(), "completed/ended_by_virtual_agent");
}

TEST(SignalConversation, AFinishChatThatTheSdkHasTakenIsTheEndUsers) {
  for (FlowDriver& flow : std::vector<FlowDriver>{awaiting(), talking(), left_alone()}) {
    expect_over(flow, {{"finishChat", kNone}, {"finishChat.done", kNone}}, "completed/ended_by_end_user");
  }
}

TEST(SignalConversation, WhoeverLeavesTheScreenHasEndedIt) {
  expect_over(talking(), {{"exited", kNone}}, "completed/ended_by_end_user");
  expect_over(left_alone(), {{"exited", kNone}}, "completed/ended_by_end_user");
}

TEST(SignalConversation, NobodyWroteIsATimeout) {
  expect_over(talking(), {{"chat.timeout", kNone}}, "completed/ended_by_timeout");
  expect_over(left_alone(), {{"chat.timeout", kNone}}, "completed/ended_by_timeout");
}

TEST(SignalConversation, AHumanAgentWhoJoinsTakesItOver) {
  for (FlowDriver& flow : std::vector<FlowDriver>{awaiting(), talking(), left_alone()}) {
    expect_over(flow, {{"chat.memberJoined", kHuman}}, "completed/escalated");
  }
}

TEST(SignalConversation, AChatThatIsGoneIsOver) {
  for (const char* gone : {"chat.destroyed", "client.destroyed"}) {
    for (FlowDriver& flow : std::vector<FlowDriver>{awaiting(), talking(), left_alone()}) {
      expect_over(flow, {{gone, kNone}}, "completed/ended_by_unknown");
    }
  }
}

TEST(SignalConversation, NobodyWithinTwoMinutesIsAnAbsentVirtualAgent) {
  FlowDriver flow = awaiting();
  const Answer over = flow.timer("virtual_agent");
  EXPECT_EQ(over.effects(), "no prompt, outcome") << "a timer that is due need not be stopped";
  EXPECT_EQ(over.outcome(), "transferred/virtual_agent_absent");
  EXPECT_EQ(flow.times_told("release"), 0);
}

TEST(SignalConversation, AVirtualAgentThatLeavesMayBeFollowedByAnother) {
  FlowDriver flow = left_alone();
  EXPECT_EQ(flow.signal("chat.memberJoined", kBot).effects(), "stop virtual_agent");
  EXPECT_EQ(flow.signal("chat.memberLeft", kBot).effects(), "start virtual_agent 120000");
  EXPECT_EQ(flow.signal("virtual_agent.message").effects(), "stop virtual_agent");
  EXPECT_EQ(flow.signal("chat.memberLeft", kBot).effects(), "start virtual_agent 120000");
  const Answer over = flow.timer("virtual_agent");
  EXPECT_EQ(over.effects(), "no prompt, outcome");
  EXPECT_EQ(over.outcome(), "completed/ended_by_virtual_agent");
}

TEST(SignalConversation, WhileOneIsThereNothingIsTimed) {
  FlowDriver flow = talking();
  expect_ignored(flow.timer("virtual_agent"), "it was stopped");
  expect_deaf(flow, "chat.memberJoined", kBot);
  expect_deaf(flow, "virtual_agent.message");
}

TEST(SignalConversation, ALeavingEndUserNeitherStartsNorStopsTheTimer) {
  for (FlowDriver& flow : std::vector<FlowDriver>{awaiting(), talking(), left_alone()}) {
    EXPECT_EQ(flow.signal("finishChat").effects(), "");
    EXPECT_EQ(flow.signal("finishChat.failed").effects(), "");
    EXPECT_EQ(flow.flow().state().phase, Phase::in_conversation);
  }
}

TEST(SignalConversation, WhatSaysNothingOfItIsIgnored) {
  for (FlowDriver& flow : std::vector<FlowDriver>{awaiting(), talking(), left_alone()}) {
    for (const char* signal : {"chat.updated", "chat.ongoing", "chat.dismissed", "noti.checkInRequired", "unheard_of",
                               "updatePostSession", ""}) {
      expect_deaf(flow, signal);
    }
    expect_deaf(flow, "chat.memberLeft", kHuman);
    expect_deaf(flow, "chat.updated", post_session("in_progress"));
    expect_deaf(flow, "updatePostSession", {{"opt_in", false}});
  }
}

TEST(SignalConversation, TheRecordCannotCallItOff) {
  FlowDriver flow = talking();
  expect_deaf(flow, "chat.updated", status("finished"));
  expect_deaf(flow, "chat.updated", status("queued"));
  expect_deaf(flow, "chat.updated", {{"status", "assigned"}, {"human", true}});
}

TEST(SignalConversation, WhatTheRecordSaidBeforeItIsForgotten) {
  FlowDriver flow(through_platform(), chat_session());
  flow.end();
  EXPECT_TRUE(flow.signal("chat.updated", status("finished")).accepted());
  flow.respond(200);
  flow.respond(200);
  expect_deaf(flow, "chat.updated", status("queued"));
  EXPECT_FALSE(flow.flow().state().closed);
}

TEST(SignalConversation, AHostThatFollowsItItselfSaysWhoEndedItAndTheTimerStops) {
  const auto ended = [](FlowDriver flow, const char* by) {
    return flow.event(Json{{"type", "conversation_ended"}, {"at", "t"}, {"by", by}});
  };
  const Answer awaited = ended(awaiting(), "end_user");
  EXPECT_EQ(awaited.effects(), "stop virtual_agent, no prompt, outcome");
  EXPECT_EQ(awaited.outcome(), "completed/ended_by_end_user");
  EXPECT_EQ(ended(left_alone(), "virtual_agent").effects(), "stop virtual_agent, no prompt, outcome");
  EXPECT_EQ(ended(talking(), "virtual_agent").effects(), "no prompt, outcome");
}

TEST(SignalConversation, CalledOffItStopsTheTimerThatRuns) {
  for (const auto& [event, reason] : {std::pair{"cancel", "host_cancelled"},
                                      {"new_conversation", "new_conversation"},
                                      {"chat_resumed", "chat_resumed"}}) {
    FlowDriver waiting = awaiting();
    const Answer off = waiting.event(event);
    EXPECT_EQ(off.effects(), "stop virtual_agent, no prompt, outcome") << event;
    EXPECT_EQ(off.outcome(), std::string("completed/") + reason);
    FlowDriver alone = left_alone();
    EXPECT_EQ(alone.event(event).effects(), "stop virtual_agent, no prompt, outcome") << event;
    FlowDriver present = talking();
    EXPECT_EQ(present.event(event).effects(), "no prompt, outcome") << event;
  }
}

// Before the hand-off has been taken.

TEST(SignalEarly, AVirtualAgentThatComesWhileTheHandoffIsOnItsWayIsNotAwaitedAgain) {
  for (const auto& [signal, more] : {std::pair{"chat.memberJoined", kBot}, {"virtual_agent.message", kNone}}) {
    for (const int taken_before : {0, 1}) {
      FlowDriver flow(through_platform(), chat_session());
      flow.end();
      for (int i = 0; i < taken_before; ++i) {
        flow.respond(200);
      }
      const Answer joined = flow.signal(signal, more);
      EXPECT_TRUE(joined.accepted()) << signal;
      EXPECT_EQ(joined.effects(), "") << signal;
      EXPECT_EQ(joined.phase(), "handing_off") << signal;
      Answer taken = flow.respond(200);
      for (int i = taken_before; i < 1; ++i) {
        taken = flow.respond(200);
      }
      EXPECT_EQ(taken.effects(), "stop attempt, stop budget, handoff, prompt(connected), show_widget") << signal;
      EXPECT_EQ(flow.flow().state().conversation.phase, ConversationState::present);
      EXPECT_EQ(flow.signal("chat.ended").outcome(), "completed/ended_by_virtual_agent");
    }
  }
}

TEST(SignalEarly, OnceItIsThereNothingStallsWhateverBecameOfTheAnswer) {
  FlowDriver flow(through_platform(), chat_session());
  flow.end();
  flow.signal("chat.memberJoined", kBot);
  const Answer budget = flow.timer("budget");
  EXPECT_EQ(budget.phase(), "in_conversation");
  EXPECT_EQ(budget.told("handoff")["state"], "delivered");
}

TEST(SignalEarly, AnEndThatIsSaidBeforeTheHandoffHasBeenTakenEndsItThen) {
  FlowDriver flow(through_platform(), chat_session());
  flow.end();
  flow.signal("chat.memberJoined", kBot);
  EXPECT_EQ(flow.signal("virtual_agent.end").phase(), "handing_off");
  flow.respond(200);
  EXPECT_EQ(flow.respond(200).outcome(), "completed/ended_by_virtual_agent");
}

TEST(SignalEarly, NothingElseIsHeededBeforeTheHandoffHasBeenTaken) {
  FlowDriver flow(through_platform(), chat_session());
  flow.end();
  for (const auto& [signal, more] : telling_signals()) {
    const bool comes = signal == "virtual_agent.message" || signal == "virtual_agent.end" ||
                       (signal == "chat.memberJoined" && more == kBot);
    if (!comes) {
      expect_deaf(flow, signal, more);
    }
  }
  expect_deaf(flow, "chat.updated", post_session("in_progress"));
  flow.respond(200);
  EXPECT_EQ(flow.respond(200).effect("start_timer")["timer"], "virtual_agent");
}

TEST(SignalEarly, InAStallTheSdkSaysNothing) {
  FlowDriver flow(through_platform(), chat_session());
  flow.end();
  flow.timer("budget");
  for (const auto& [signal, more] : telling_signals()) {
    expect_deaf(flow, signal, more);
  }
}

// Conversations elsewhere.

TEST(SignalElsewhere, AConversationByWebhookIsNotThisChats) {
  FlowDriver flow(chat_settings(), chat_session());
  flow.end();
  for (const auto& [signal, more] : telling_signals()) {
    expect_deaf(flow, signal, more);
  }
  EXPECT_EQ(flow.respond(200, {{"conversation", {{"id", "c1"}}}}).phase(), "in_conversation");
  for (const auto& [signal, more] : telling_signals()) {
    expect_deaf(flow, signal, more);
  }
  expect_deaf(flow, "chat.updated", post_session("in_progress"));
  const Answer over = flow.event(Json{{"type", "conversation_ended"}, {"at", "t"}, {"by", "virtual_agent"}});
  EXPECT_EQ(over.effects(), "no prompt, outcome");
  EXPECT_EQ(over.outcome(), "completed/ended_by_virtual_agent");
}

TEST(SignalElsewhere, NorIsOneWithDialogflow) {
  FlowDriver flow(with_dialogflow(), chat_session());
  flow.end();
  flow.respond(200, {{"queryResult", Json::object()}});
  for (const auto& [signal, more] : telling_signals()) {
    expect_deaf(flow, signal, more);
  }
  EXPECT_EQ(flow.event("cancel").effects(), "no prompt, outcome");
}

// Odd signals.

TEST(SignalEvents, WithoutANameOrWithAnUnknownOneAreIgnored) {
  for (FlowDriver& flow : std::vector<FlowDriver>{settling(), asking(), following(), awaiting(), talking()}) {
    const transfer::State before = flow.flow().state();
    for (const Json& name : {Json(nullptr), Json(1), Json(true), Json::array({"exited"}), Json::object()}) {
      EXPECT_EQ(flow.event(Json{{"type", "signal"}, {"at", "t"}, {"signal", name}}).ignored(), "not_expected") << name;
    }
    EXPECT_EQ(flow.event(Json{{"type", "signal"}, {"at", "t"}}).ignored(), "not_expected");
    EXPECT_EQ(flow.signal("unheard_of").ignored(), "not_expected");
    EXPECT_EQ(flow.signal(std::string(100'000, 'x')).ignored(), "not_expected");
    EXPECT_EQ(flow.flow().state(), before);
  }
}

TEST(SignalEvents, AMemberIsHumanOnlyWhereItIsSaid) {
  for (const Json& human : {Json(nullptr), Json("true"), Json(1), Json::array({true})}) {
    FlowDriver flow = awaiting();
    EXPECT_EQ(flow.signal("chat.memberJoined", {{"human", human}}).effects(), "stop virtual_agent") << human;
    EXPECT_EQ(flow.flow().state().conversation.phase, ConversationState::present) << human;
  }
}

TEST(SignalEvents, BeforeAnythingIsToldSayNothing) {
  Flow flow(settings_of(chat_settings()));
  for (const auto& [signal, more] : telling_signals()) {
    Json event{{"type", "signal"}, {"at", "t"}, {"signal", signal}};
    event.update(more);
    const Flow::Result result = flow.step(event.dump());
    EXPECT_EQ(result.ignored, Ignored::not_expected) << signal;
    EXPECT_TRUE(result.effects.empty()) << signal;
  }
  EXPECT_EQ(flow.state(), transfer::State{});
}

}  // namespace
}  // namespace pst::test
