// The flow from every side: all states that events can reach, explored to the last, and a long random walk. What is
// asserted are the invariants of the contract (§6), whatever the events.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "pst/flow.hpp"
#include "support/flow_driver.hpp"

namespace pst::test {
namespace {

/// An event in the words of the bindings, and what the observer has to know of it.
struct Happening {
  EventType type;
  std::string text;
  std::optional<ActionName> action = std::nullopt;
  std::optional<TimerName> timer = std::nullopt;
  DeliveryName delivery = DeliveryName::handoff;
  int status = 0;
  std::string told_before = "";  ///< what `begin` is told before it
};

constexpr std::array kDeliveries{DeliveryName::handoff, DeliveryName::metadata, DeliveryName::crm};
constexpr std::array kRecords{DeliveryName::metadata, DeliveryName::crm};

/// What only a hand-off and its records may say.
constexpr std::string_view kFilledIn = "filled-in";
constexpr std::string_view kFromHost = "from-the-host";
constexpr std::string_view kOfSession = "A-1";

const delivery::State& state_of(const transfer::State& state, DeliveryName name) {
  return name == DeliveryName::handoff    ? state.handoff
         : name == DeliveryName::metadata ? state.records[0]
                                          : state.records[1];
}

bool is_recording(const transfer::State& state, DeliveryName name) {
  return state.recording.at(name == DeliveryName::crm ? 1 : 0);
}

Happening plain(EventType type) {
  return {type, R"({"type":")" + std::string(name_of(type)) + R"(","at":"t","by":"virtual_agent"})"};
}

Happening session_ended() {
  return {EventType::session_ended,
          R"({"type":"session_ended","at":"t","digest":")" + std::string(kSomeDigest) + "\"}"};
}

Happening pressed(ActionName action) {
  return {EventType::action,
          R"({"type":"action","at":"t","action":")" + std::string(name_of(action)) + R"(","values":{}})", action};
}

/// An answer with values, right or wrong.
Happening given(ActionName action, bool is_right) {
  Happening event = pressed(action);
  event.text = R"({"type":"action","at":"t","action":")" + std::string(name_of(action)) + R"(","values":{"name":")" +
               std::string(is_right ? kFilledIn : "") + R"("}})";
  return event;
}

Happening provided(std::string_view field) {
  return {EventType::provided, R"({"type":"provided","at":"t","field":")" + std::string(field) + R"(","value":")" +
                                   std::string(kFromHost) + R"("})"};
}

Happening fired(TimerName timer, DeliveryName delivery = DeliveryName::handoff) {
  return {EventType::timer,
          R"({"type":"timer","at":"t","timer":")" + std::string(name_of(timer)) + R"(","delivery":")" +
              std::string(name_of(delivery)) + R"("})",
          std::nullopt, timer, delivery};
}

Happening signal(std::string_view name, std::string_view more = "") {
  return {EventType::signal,
          R"({"type":"signal","at":"t","signal":")" + std::string(name) + "\"" + std::string(more) + "}"};
}

Happening responded(int attempt, int status, std::string_view body = "null",
                    DeliveryName delivery = DeliveryName::handoff) {
  return {EventType::response,
          R"({"type":"response","at":"t","delivery":")" + std::string(name_of(delivery)) + R"(","attempt":)" +
              std::to_string(attempt) + R"(,"status":)" + std::to_string(status) + R"(,"retry_after_ms":null,"body":)" +
              std::string(body) + "}",
          std::nullopt,
          std::nullopt,
          delivery,
          status};
}

Happening network_failed(int attempt, DeliveryName delivery = DeliveryName::handoff) {
  return {EventType::network_error,
          R"({"type":"network_error","at":"t","delivery":")" + std::string(name_of(delivery)) + R"(","attempt":)" +
              std::to_string(attempt) + "}",
          std::nullopt, std::nullopt, delivery};
}

/// A timer of one delivery, or of none, which is the hand-off's.
using Running = std::pair<DeliveryName, TimerName>;

/// What a scenario says from the start.
struct Given {
  bool must_ask = true;
  bool said_yes = false;  ///< on a page before this one
  bool accepted = false;  ///< the same
  bool said_no = false;   ///< the same
  bool timed = false;
};

/// What the bindings would know after the effects so far, and every promise that was broken on the way.
class Observer {
 public:
  explicit Observer(const Given& given)
      : must_ask_(given.must_ask),
        timed_(given.timed),
        said_yes_(given.said_yes),
        said_no_(given.said_no),
        accepted_(given.accepted) {}

  /// An event that is about to be given to the flow.
  void event(const Happening& event) {
    if (event.timer) {
      running_.erase({event.delivery, *event.timer});
    }
  }

  /// The flow's answer to it.
  void answer(const Happening& event, const transfer::State& before, const transfer::State& after,
              const Flow::Result& result) {
    if (result.ignored) {
      expect(result.effects.empty(), "an ignored event has effects");
      expect(before == after, "an ignored event changes the state");
      expect(result.invalid.empty(), "an ignored event was judged");
    }
    was_done_ = before.phase == Phase::done;
    if (was_done_) {
      expect(after.phase == Phase::done && after.outcome == before.outcome && after.reason == before.reason,
             "done is left");
      expect(result.effects.empty() || before.is_recording(), "done has effects");
    }
    if (!result.ignored) {
      take_event(event, before);
    }
    for (const Effect& effect : result.effects) {
      std::visit([this](const auto& value) { take(value); }, effect);
    }
    expect(!widget_shown_ || after.connected, "the widget is shown without a connection");
    expect((after.phase == Phase::done) == (outcomes_ == 1), "done and the outcome event do not come together");
    if (after.phase == Phase::done) {
      expect(std::ranges::none_of(running_, [](Running one) { return one.first == DeliveryName::handoff; }),
             "a timer runs on after the outcome");
      expect(!in_flight_.contains(DeliveryName::handoff), "an attempt is in flight after the outcome");
      expect(releases_ == (held_ && !after.connected ? 1 : 0),
             "the host is not released exactly where it was held and we did not connect");
      expect(after.is_recording() || running_.empty(), "a timer runs on after the records");
    }
    for (const DeliveryName name : kDeliveries) {
      expect_delivery(name, after);
    }
    expect_collecting(after);
    expect(after.phase != Phase::stalled || runs(TimerName::stall), "a stall without its timer");
  }

  [[nodiscard]] const std::set<std::string>& broken() const { return broken_; }
  [[nodiscard]] const std::set<Running>& running() const { return running_; }
  [[nodiscard]] bool runs(TimerName timer, DeliveryName delivery = DeliveryName::handoff) const {
    return running_.contains({delivery, timer});
  }
  [[nodiscard]] int sends() const { return sends_; }
  [[nodiscard]] int prompts() const { return prompts_; }
  [[nodiscard]] bool wrote(DeliveryName name) const { return written_.contains(name); }

 private:
  void expect(bool holds, const char* promise) {
    if (!holds) {
      broken_.insert(promise);
    }
  }

  void take_event(const Happening& event, const transfer::State& before) {
    if (event.type == EventType::lead_lost) {
      bodies_.clear();  // values may be collected anew
      unanswered_ = false;
      failed_ = false;
    }
    if (event.type == EventType::response || event.type == EventType::network_error) {
      in_flight_.erase(event.delivery);
    }
    if (event.status >= 200 && event.status < 300) {
      if (event.delivery == DeliveryName::handoff) {
        accepted_ = true;
        unanswered_ = false;
      } else {
        expect(written_.insert(event.delivery).second, "a record was written twice");
      }
    }
    if (before.phase == Phase::asking && event.type == EventType::action) {
      may_say_yes_ = event.action == ActionName::yes;
      said_no_ = said_no_ || event.action == ActionName::no;
    }
  }

  void expect_delivery(DeliveryName name, const transfer::State& after) {
    const delivery::State& state = state_of(after, name);
    const bool is_record = name != DeliveryName::handoff;
    const bool in_flight = in_flight_.contains(name);
    const bool begun = is_record ? is_recording(after, name) : after.phase == Phase::handing_off;
    expect(in_flight == (state.phase == DeliveryState::sending),
           "the state does not know whether an attempt is in flight");
    expect(in_flight == runs(TimerName::attempt, name),
           "the attempt timer does not run exactly while an attempt is in flight");
    expect((state.phase == DeliveryState::backing_off) == runs(TimerName::retry, name),
           "the retry timer does not run exactly while backing off");
    expect((begun && state.phase == DeliveryState::waiting) == runs(TimerName::offline, name),
           "the offline timer does not run exactly while a delivery waits for the network");
    const bool tries = state.phase == DeliveryState::sending || state.phase == DeliveryState::backing_off;
    expect(tries == runs(TimerName::budget, name), "the budget does not run exactly while it is used");
    expect(state.attempts <= 10, "more than ten attempts");
    if (is_record) {
      expect(begun == (in_flight || runs(TimerName::retry, name) || runs(TimerName::offline, name)),
             "a record is due and nothing is under way, or the other way round");
      expect(!begun || accepted_ || said_no_, "a record before the acceptance or a No");
    }
  }

  void expect_collecting(const transfer::State& after) {
    const bool host = after.collecting == transfer::Collecting::host;
    const bool form = after.collecting == transfer::Collecting::form;
    expect(after.collecting == transfer::Collecting::nothing || after.phase == Phase::collecting,
           "something is collected elsewhere");
    expect(after.phase != Phase::collecting || host || form, "nothing is waited for while collecting");
    expect(host == providing_, "the host does not know whether it is asked");
    expect(host == runs(TimerName::provide), "the host is not asked exactly while its timer runs");
    const bool asked = (after.phase == Phase::asking && !after.following) || form;
    expect((asked && timed_) == runs(TimerName::prompt), "the time to answer does not run exactly while one is asked");
    expect(runs(TimerName::prompt_warning) == (runs(TimerName::prompt) && !after.warned),
           "the warning does not run exactly while it is to come");
  }

  void take(const Emit& emit) {
    outcomes_ += emit.event == HostEvent::outcome ? 1 : 0;
    releases_ += emit.event == HostEvent::release ? 1 : 0;
    held_ = held_ || emit.event == HostEvent::hold;
    if (emit.event == HostEvent::consent) {
      said_yes_ = said_yes_ || (may_say_yes_ && emit.data.contains("\"Yes\""));
    }
    expect(!was_done_ || emit.event == HostEvent::record, "the host is told more after the outcome");
    expect(nlohmann::json::accept(emit.data), "an event's data is no JSON");
    expect_no_value(emit.data);
  }
  void take(const Persist& persist) {
    expect(persist.state.empty() || nlohmann::json::accept(persist.state), "what is kept is no JSON");
    expect(!persist.state.contains(kOfSession) && !persist.state.contains(kFromHost),
           "what is kept holds more than it must");
    expect(!said_no_ || !persist.state.contains(kFilledIn), "what was filled in is kept after a No");
  }
  void take(const ShowWidget& /*show*/) { widget_shown_ = true; }
  void take(const ShowPrompt& show) {
    prompts_ += show.prompt ? 1 : 0;
    expect(!was_done_, "something is shown after the outcome");
  }
  void take(const UpdatePostSession& update) {
    if (update.attempt == 0) {
      expect(said_no_ && update.opt_in == false, "an update that nobody waits for tells no No");
      return;
    }
    take_attempt(DeliveryName::handoff, update.attempt);
    expect(update.opt_in == (said_yes_ ? std::optional(true) : std::nullopt), "the platform is not told what was said");
    failed_ = failed_ || unanswered_;
    expect(std::ranges::contains(update.reached, update.status) == failed_,
           "a call may be found needless exactly after one that was not answered");
    unanswered_ = true;
  }
  void take(const Provide& provide) {
    expect(!provide.parameters.empty(), "the host is asked for nothing");
    expect(!providing_, "the host is asked while it is asked");
    expect(!must_ask_ || said_yes_, "the host is asked before the Yes");
    providing_ = true;
  }
  void take(const StopProviding& /*stop*/) {
    expect(providing_, "the host is told to stop what it was not asked for");
    providing_ = false;
  }
  void take(const WriteRecord& write) {
    take_attempt(write.delivery, write.attempt);
    take_record(write.delivery, write.body);
  }
  void take(const Send& send) {
    take_attempt(send.delivery, send.attempt);
    if (send.delivery != DeliveryName::handoff) {
      expect(send.idempotency_key ==
                 std::string(kSomeHandoffId) + ":" + (said_no_ ? "consent" : std::string(name_of(send.delivery))),
             "a record under another key");
      return take_record(send.delivery, send.body);
    }
    expect(send.idempotency_key == kSomeHandoffId, "another key");
    take_body(send.delivery, send.body);
  }
  void take_record(DeliveryName name, const std::string& body) {
    expect(accepted_ || said_no_, "a record is sent before the acceptance or a No");
    expect(!written_.contains(name), "a record is sent that was written");
    if (said_no_) {
      expect_no_value(body);
    }
    take_body(name, body);
  }
  void take_body(DeliveryName name, const std::string& body) {
    expect(nlohmann::json::accept(body), "a body is no JSON");
    expect(bodies_.try_emplace(name, body).first->second == body, "another body under the same key");
  }
  void expect_no_value(std::string_view text) {
    for (const std::string_view value : {kFilledIn, kFromHost, kOfSession}) {
      expect(!text.contains(value), "a parameter is told where none may be");
    }
  }
  void take_attempt(DeliveryName name, int attempt) {
    const bool is_record = name != DeliveryName::handoff;
    expect(in_flight_.insert(name).second, "two attempts are in flight");
    int& in_budget = sends_in_budget_[name];
    ++in_budget;
    expect(in_budget <= 10, "more than ten sends in a budget");
    expect(attempt == in_budget, "attempts are not counted up");
    expect(!must_ask_ || said_yes_ || (is_record && said_no_), "a send without a Yes");
    if (is_record) {
      return;
    }
    ++sends_;
    expect(outcomes_ == 0, "a send after the outcome");
    expect(!said_no_, "a send after a No");
  }
  void take(const Abort& abort) { expect(in_flight_.erase(abort.delivery) == 1, "an abort of nothing"); }
  void take(const StartTimer& start) {
    expect(running_.insert({start.delivery, start.timer}).second, "a timer is started while it runs");
    expect(!was_done_ || start.delivery != DeliveryName::handoff, "a timer is started after the outcome");
    if (start.timer == TimerName::budget) {
      sends_in_budget_[start.delivery] = 0;
    }
  }
  void take(const StopTimer& stop) { running_.erase({stop.delivery, stop.timer}); }

  bool must_ask_;
  bool timed_;
  bool said_yes_;
  bool said_no_;
  bool accepted_;
  bool may_say_yes_ = false;
  bool was_done_ = false;
  bool held_ = false;
  bool widget_shown_ = false;
  bool providing_ = false;
  int outcomes_ = 0;
  int releases_ = 0;
  int sends_ = 0;
  int prompts_ = 0;
  std::set<DeliveryName> in_flight_;
  bool unanswered_ = false;  // the latest update of the platform's status
  bool failed_ = false;      // one before it was not answered
  std::set<DeliveryName> written_;
  std::map<DeliveryName, int> sends_in_budget_;
  std::map<DeliveryName, std::string> bodies_;
  std::set<Running> running_;
  std::set<std::string> broken_;
};

/// A flow and what was observed of it; copied to go on from the same place in several ways.
struct Place {
  Flow flow;
  Observer observer;

  void step(const Happening& event) {
    const transfer::State before = flow.state();
    observer.event(event);
    if (!event.told_before.empty()) {
      ASSERT_TRUE(flow.begin(event.told_before).has_value());
    }
    const Flow::Result result = flow.step(event.text);
    observer.answer(event, before, flow.state(), result);
  }
};

struct Scenario {
  const char* name;
  Json settings;
  Json session = chat_session();
  Json begin = Json::object();
  std::vector<Json> told_again = {};  ///< sessions that may be told before anything is answered
  bool steady = false;                ///< every attempt is taken: what a delivery goes through is seen elsewhere
  std::vector<Happening> more = {};   ///< what else can happen
  bool calm = false;                  ///< nothing is heard from the SDK
};

Json settings_with(bool opt_in, int prompt_timeout_s) {
  Json settings = chat_settings();
  settings["chat"]["opt_in"] = opt_in;
  settings["rules"]["prompt_timeout_s"] = prompt_timeout_s;
  return settings;
}

Json through_platform(bool opt_in) {
  Json settings = settings_with(opt_in, 0);
  settings["virtual_agents"] =
      dom(R"([{ "id": "orders", "name": "Orders", "channels": ["chat"], "endpoint": { "kind": "ccaip" } }])");
  return settings;
}

Json saved(const char* phase, const char* answer, double age_ms) {
  const Json state{{"phase", phase}, {"answer", answer}, {"handoff_id", kSomeHandoffId}, {"decided_at", "t"}};
  return {{"saved", state}, {"saved_age_ms", age_ms}};
}

/// What a form and the host give; with records, in one sink or both.
Json collecting_settings(bool opt_in, int timeout_s, bool host, bool metadata = false, bool crm = false) {
  Json settings = settings_with(opt_in, timeout_s);
  settings["chat"]["data_parameters_enabled"] = true;
  settings["chat"]["data_parameters"] = dom(R"([
    { "type": "dynamic", "field": "order", "source": "unsigned", "source_field": "order_id", "sensitive": true },
    { "type": "dynamic", "field": "name", "source": "form", "source_field": "name", "required": true }])");
  if (host) {
    for (const char* field : {"plan", "tier"}) {
      settings["chat"]["data_parameters"].push_back(
          {{"type", "dynamic"}, {"field", field}, {"source", "host"}, {"source_field", field}});
    }
  }
  settings["chat"]["data_records"] = {{"in_metadata", metadata}, {"in_crm_record", crm}};
  return settings;
}

/// A function for the metadata, a URL for the CRM.
Json sinks() {
  return {{"allowed_origins", {"https://bots.example.com", "https://crm.example.com"}},
          {"sinks",
           {{"metadata", {{"function", true}}},
            {"crm",
             {{"href", "https://crm.example.com/notes"},
              {"origin", "https://crm.example.com"},
              {"protocol", "https:"},
              {"hostname", "crm.example.com"},
              {"userinfo", false}}}}}};
}

std::vector<Happening> answers_to_fields() {
  return {given(ActionName::yes, true),
          given(ActionName::yes, false),
          given(ActionName::continue_, true),
          given(ActionName::continue_, false),
          pressed(ActionName::more_time),
          provided("plan"),
          provided("tier")};
}

Json with(Json document, const Json& more) {
  document.update(more);
  return document;
}

std::vector<Scenario> scenarios() {
  Json due = saved("done", "yes", 1000);
  due["saved"]["recording"] = {true, true};
  Json due_no = saved("done", "no", 1000);
  due_no["saved"]["recording"] = {true, true};
  Json due_talking = saved("in_conversation", "yes", 1000);
  due_talking["saved"]["recording"] = {true, false};
  Json ios = chat_session();
  ios["sdk"]["platform"] = "ios";
  Json missing = settings_with(true, 0);
  missing["chat"]["data_parameters_enabled"] = true;
  missing["chat"]["data_parameters"] = dom(
      R"([{ "type": "dynamic", "field": "must", "source": "unsigned", "source_field": "gone", "required": true }])");
  Json required = chat_session();
  required["post_session"]["required"] = true;
  Json heard = chat_session();
  heard["signals"] = dom(R"([{ "signal": "noti.chatEnded", "at": 1 }])");
  Json heard_required = heard;
  heard_required["post_session"]["required"] = true;
  Json heard_not_required = heard;
  heard_not_required["post_session"]["required"] = false;
  const Json platform_asks{{"prompt", "platform"}};
  return {
      {"no opt-in", settings_with(false, 0)},
      {"opt-in", settings_with(true, 0)},
      {"opt-in with a time-out", settings_with(true, 30)},
      {"a mobile SDK", settings_with(true, 0), ios},
      {"skipped", minimal_settings()},
      {"observed", settings_with(true, 0), chat_session(), {{"mode", "observe"}}},
      {"a missing parameter", missing},
      {"through the platform", through_platform(false)},
      {"through the platform, asked", through_platform(true)},
      {"required by the platform", settings_with(false, 0), required, Json::object(), {}, true},
      {"no settings", nullptr},
      {"came back to the question", settings_with(true, 0), chat_session(), saved("asking", "none", 1000)},
      {"came back too late to the question", settings_with(true, 0), chat_session(), saved("asking", "none", 2e6)},
      {"came back after Yes", settings_with(true, 0), chat_session(), saved("handing_off", "yes", 1000)},
      {"came back too late after Yes", settings_with(true, 0), chat_session(), saved("handing_off", "yes", 2e6)},
      {"came back to a stall", settings_with(false, 0), chat_session(), saved("stalled", "not_asked", 1000)},
      {"came back to a conversation", through_platform(true), chat_session(), saved("in_conversation", "yes", 1000)},
      {"came back with an answer to nothing asked", settings_with(true, 0), chat_session(),
       saved("handing_off", "not_asked", 1000)},
      {"no settings, flags late", nullptr, heard, Json::object(), {heard_required, heard_not_required}, true},
      {"skipped, flags late", minimal_settings(), heard, Json::object(), {heard_required}, true},
      {"asked, flags late", settings_with(true, 30), heard, Json::object(), {heard_required, heard_not_required}, true},
      {"the widget asks", through_platform(true), required, platform_asks},
      {"the widget asks, flags late", through_platform(true), heard, platform_asks, {heard_required}},
      {"the widget would ask, but is not told to", through_platform(true), chat_session(), platform_asks},
      {"the widget asks nothing", settings_with(false, 0), chat_session(), platform_asks},
      {"asked with a form",
       collecting_settings(true, 30, false),
       chat_session(),
       Json::object(),
       {},
       true,
       answers_to_fields()},
      {"a form and the host, nobody asked",
       collecting_settings(false, 30, true),
       chat_session(),
       Json::object(),
       {},
       true,
       answers_to_fields()},
      {"asked with a form, then the host",
       collecting_settings(true, 30, true),
       chat_session(),
       Json::object(),
       {},
       true,
       answers_to_fields(),
       true},
      {"a stall to collect for again",
       collecting_settings(false, 30, true),
       chat_session(),
       saved("stalled", "not_asked", 1000),
       {},
       true,
       answers_to_fields(),
       true},
      {"a record for a function",
       collecting_settings(true, 0, false, true, false),
       chat_session(),
       sinks(),
       {},
       true,
       answers_to_fields(),
       true},
      {"a record for a URL",
       collecting_settings(true, 0, false, false, true),
       chat_session(),
       sinks(),
       {},
       true,
       answers_to_fields(),
       true},
      {"records due from before",
       collecting_settings(true, 0, false, true, false),
       chat_session(),
       with(sinks(), due),
       {},
       true,
       {},
       true},
      {"records of a No due from before",
       collecting_settings(true, 0, false, false, true),
       chat_session(),
       with(sinks(), due_no),
       {},
       true,
       {},
       true},
      {"records due in a conversation",
       collecting_settings(true, 0, false, true, false),
       chat_session(),
       with(sinks(), due_talking),
       {},
       true,
       {},
       true},
  };
}

std::string begin_text(const Scenario& scenario, const Json& session) {
  Json text{{"session", session}, {"mode", "enforce"}, {"allowed_origins", nullptr}, {"at", "t"}};
  text.update(scenario.begin);
  return text.dump();
}

Place begin(const Scenario& scenario) {
  Flow flow(scenario.settings.is_null() ? nullptr : settings_of(scenario.settings));
  const auto begun = flow.begin(begin_text(scenario, scenario.session));
  if (!begun) {
    ADD_FAILURE() << scenario.name << ": " << testing::PrintToString(summary(begun.error()));
    return {std::move(flow), Observer(Given())};
  }
  const Json saved = scenario.begin.value("saved", Json::object());
  const std::string phase = saved.value("phase", "");
  const std::string answer = saved.value("answer", "");
  const bool accepted = (phase == "done" || phase == "in_conversation") && answer != "no";
  const Json rules = scenario.settings.is_null() ? Json::object() : scenario.settings.value("rules", Json::object());
  const int timeout_s = rules.value("prompt_timeout_s", 0);
  return {std::move(flow),
          Observer({.must_ask = begun->decision->outcome != DecisionOutcome::transfer || !scenario.told_again.empty(),
                    .said_yes = answer == "yes",
                    .accepted = accepted,
                    .said_no = answer == "no",
                    .timed = timeout_s > 0})};
}

/// What can happen at a place: everything the bindings can say there; a timer only while it runs.
std::vector<Happening> events_at(const Scenario& scenario, const Place& place) {
  static const std::vector<Happening> always{
      session_ended(),
      pressed(ActionName::yes),
      pressed(ActionName::no),
      pressed(ActionName::try_again),
      pressed(ActionName::not_now),
      plain(EventType::new_conversation),
      plain(EventType::chat_resumed),
      plain(EventType::lead_awaited),
      plain(EventType::lead_lost),
      plain(EventType::handled_elsewhere),
      plain(EventType::cancel),
      plain(EventType::conversation_ended),
      signal("chat.memberJoined", R"(,"human":false)"),
      signal("chat.memberJoined", R"(,"human":true)"),
      signal("chat.memberLeft", R"(,"human":false)"),
      signal("chat.memberLeft", R"(,"human":true)"),
      signal("virtual_agent.message"),
      signal("virtual_agent.end"),
      signal("finishChat"),
      signal("finishChat.failed"),
      signal("finishChat.done"),
      signal("noti.chatEnded"),
      signal("chat.ended", R"(,"status":"finished")"),
      signal("chat.destroyed"),
      signal("chat.timeout"),
      signal("exited"),
      signal("chat.updated", R"(,"status":"queued")"),
      signal("chat.updated", R"(,"status":"assigned","human":true)"),
      signal("chat.updated", R"(,"post_session_status":"ready")"),
      signal("chat.updated", R"(,"post_session_status":"in_progress")"),
      signal("updatePostSession", R"(,"opt_in":false)"),
      signal("unheard_of"),
  };
  std::vector<Happening> events = always;
  if (scenario.calm) {
    std::erase_if(events, [](const Happening& event) { return event.type == EventType::signal; });
  }
  events.insert(events.end(), scenario.more.begin(), scenario.more.end());
  for (const Json& session : scenario.told_again) {
    events.push_back(session_ended());
    events.back().told_before = begin_text(scenario, session);
  }
  for (const auto& [delivery, timer] : place.observer.running()) {
    events.push_back(fired(timer, delivery));
  }
  for (const DeliveryName record : kRecords) {
    const int attempt = state_of(place.flow.state(), record).attempts;
    if (attempt == 0) {
      continue;
    }
    for (const int status : {204, 401, 500}) {
      events.push_back(responded(attempt, status, "null", record));
    }
    events.push_back(network_failed(attempt, record));
  }
  const int attempt = place.flow.state().handoff.attempts;
  if (scenario.calm || !scenario.steady) {
    events.push_back(plain(EventType::online));
    events.push_back(plain(EventType::offline));
  }
  if (scenario.steady) {
    events.push_back(responded(attempt, 200));
    return events;
  }
  for (const int status : {200, 401, 403, 500}) {
    events.push_back(responded(attempt, status));
  }
  events.push_back(responded(attempt, 200, R"({"conversation":{"id":"c"}})"));
  events.push_back(network_failed(attempt));
  return events;
}

/// Every place with a different state that can be reached.
std::vector<Place> explore(const Scenario& scenario) {
  std::vector<Place> places;
  std::set<std::uint64_t> seen;
  std::vector<Place> todo{begin(scenario)};
  while (!todo.empty()) {
    Place place = std::move(todo.back());
    todo.pop_back();
    if (!seen.insert(transfer::hash(place.flow.state())).second) {
      continue;
    }
    for (const Happening& event : events_at(scenario, place)) {
      Place next = place;
      next.step(event);
      todo.push_back(std::move(next));
    }
    places.push_back(std::move(place));
  }
  return places;
}

/// Explored once, looked at by many tests.
const std::map<std::string, std::vector<Place>>& explored() {
  static const auto all = [] {
    std::map<std::string, std::vector<Place>> places;
    for (const Scenario& scenario : scenarios()) {
      places[scenario.name] = explore(scenario);
    }
    return places;
  }();
  return all;
}

template <typename Visit>
void for_every_place(const Visit& visit) {
  for (const auto& [name, places] : explored()) {
    SCOPED_TRACE(name);
    for (const Place& place : places) {
      visit(place);
      if (testing::Test::HasFatalFailure()) {
        return;
      }
    }
  }
}

std::string described(const transfer::State& state) {
  return std::string(name_of(state.phase)) + ", delivery " + std::string(name_of(state.handoff.phase)) + " after " +
         std::to_string(state.handoff.attempts) + " attempts" + (state.online ? "" : ", offline");
}

TEST(Exploration, ReachesEveryPhaseAndEveryOutcome) {
  std::set<Phase> phases;
  std::set<Outcome> outcomes;
  for_every_place([&](const Place& place) {
    phases.insert(place.flow.state().phase);
    if (place.flow.state().outcome) {
      outcomes.insert(*place.flow.state().outcome);
    }
  });
  EXPECT_EQ(phases.size(), kNames<Phase>.size());
  EXPECT_EQ(outcomes.size(), kNames<Outcome>.size());
}

TEST(Exploration, NoPromiseIsBrokenAnywhere) {
  for_every_place([](const Place& place) {
    ASSERT_EQ(place.observer.broken(), std::set<std::string>{}) << described(place.flow.state());
  });
}

TEST(Exploration, ARefusedSdkNeverShowsAPromptNorSends) {
  for (const char* name : {"a mobile SDK", "skipped", "observed", "no settings", "the widget asks",
                           "the widget would ask, but is not told to"}) {
    for (const Place& place : explored().at(name)) {
      ASSERT_EQ(place.observer.prompts(), 0) << name;
      ASSERT_EQ(place.observer.sends(), 0) << name;
    }
  }
}

TEST(Exploration, EveryOutcomeHasAReason) {
  for_every_place([](const Place& place) {
    const transfer::State& state = place.flow.state();
    ASSERT_TRUE(!state.outcome || state.reason)
        << name_of(*state.outcome) << " without a reason, after " << described(state);
  });
}

TEST(Exploration, DoneIsReachedFromEverywhereByTimersAloneUnlessThePersonIsWaitedFor) {
  // The network is down for ever: every attempt times out.
  constexpr std::array kPatience{TimerName::attempt, TimerName::retry,  TimerName::prompt,
                                 TimerName::provide, TimerName::stall,  TimerName::offline,
                                 TimerName::budget,  TimerName::settle, TimerName::virtual_agent};
  for_every_place([&](const Place& start) {
    Place place = start;
    for (int i = 0; i < 100 && (place.flow.state().phase != Phase::done || place.flow.state().is_recording()); ++i) {
      const auto due = std::ranges::find_if(kPatience, [&](TimerName timer) {
        return std::ranges::any_of(place.observer.running(), [&](Running one) { return one.second == timer; });
      });
      if (due == kPatience.end()) {
        break;
      }
      const auto of = std::ranges::find(place.observer.running(), *due, &Running::second);
      place.step(fired(*due, of->first));
    }
    const transfer::State& state = place.flow.state();
    const bool waits_for_the_person = state.phase == Phase::idle || state.phase == Phase::asking ||
                                      state.phase == Phase::in_conversation ||
                                      state.collecting == transfer::Collecting::form;
    ASSERT_TRUE(state.phase == Phase::done || waits_for_the_person) << described(state);
    ASSERT_FALSE(state.is_recording()) << described(state);
  });
}

TEST(Exploration, ANewConversationAResumedChatAndACancelEndEveryFlowThatHasBegun) {
  for_every_place([](const Place& start) {
    if (start.flow.state().phase == Phase::idle) {
      return;
    }
    for (const EventType type : {EventType::new_conversation, EventType::chat_resumed, EventType::cancel}) {
      Place place = start;
      place.step(plain(type));
      ASSERT_EQ(place.flow.state().phase, Phase::done) << name_of(type) << " in " << described(start.flow.state());
      ASSERT_EQ(place.observer.broken(), std::set<std::string>{})
          << name_of(type) << " in " << described(start.flow.state());
    }
  });
}

TEST(Exploration, TheStateSpaceIsSmall) {
  std::size_t all = 0;
  for (const auto& [name, places] : explored()) {
    EXPECT_LT(places.size(), 15'000U) << name;
    std::cout << places.size() << " states: " << name << "\n";
    all += places.size();
  }
  std::cout << all << " states in all\n";
}

TEST(Exploration, RecordsAreWrittenSomewhere) {
  for (const auto& [name, sink] : {std::pair{"a record for a function", DeliveryName::metadata},
                                   std::pair{"a record for a URL", DeliveryName::crm},
                                   std::pair{"records due from before", DeliveryName::metadata},
                                   std::pair{"records of a No due from before", DeliveryName::crm},
                                   std::pair{"records due in a conversation", DeliveryName::metadata}}) {
    EXPECT_TRUE(std::ranges::any_of(explored().at(name), [&](const Place& place) {
      return place.observer.wrote(sink);
    })) << name;
  }
}

// The walk.

template <typename T>
const T& any_of(const std::vector<T>& from, std::mt19937& random) {
  return from[random() % from.size()];
}

/// Events that no bindings should send, and texts that are none. Nothing may come of them at any place.
std::string odd_event(const Place& place, std::mt19937& random) {
  static const std::vector<std::string> odd{
      "",
      "{}",
      "null",
      R"({"type":"cancel")",
      R"({"type":"action"})",
      R"({"type":"action","action":"maybe"})",
      R"({"type":"timer","timer":"tea"})",
      R"({"type":"response"})",
      R"({"type":"response","attempt":99,"status":200})",
      R"({"type":"response","attempt":"1","status":200})",
      R"({"type":"network_error","attempt":-1})",
      R"({"type":"unheard_of"})",
      R"({"type":["cancel"]})",
      "\xFF\xFE",
  };
  return random() % 4 == 0 ? responded(place.flow.state().handoff.attempts + 1, 200).text : any_of(odd, random);
}

TEST(RandomWalk, KeepsEveryPromiseOverFiftyThousandEvents) {
  std::mt19937 random(20260102);
  const std::vector<Scenario> all = scenarios();
  // The ways that lead far are walked more often than those that end at once.
  std::size_t scenario = 0;
  std::map<std::uint64_t, transfer::State> by_hash;
  Place place = begin(all[scenario]);
  int since_done = 0;
  int finished = 0;
  for (int i = 0; i < 50'000; ++i) {
    if (random() % 10 == 0) {
      const transfer::State before = place.flow.state();
      const std::string text = odd_event(place, random);
      const Flow::Result result = place.flow.step(text);
      ASSERT_TRUE(result.ignored) << text;
      ASSERT_TRUE(result.effects.empty()) << text;
      ASSERT_EQ(place.flow.state(), before) << text;
    }
    const std::vector<Happening> events = events_at(all[scenario], place);
    Happening event = any_of(events, random);
    const bool ends = event.type == EventType::cancel || event.type == EventType::new_conversation ||
                      event.type == EventType::chat_resumed;
    if (ends && random() % 8 != 0) {
      event = any_of(events, random);  // endings are rare, so that flows grow old
    }
    place.step(event);
    const transfer::State& after = place.flow.state();
    ASSERT_EQ(place.observer.broken(), std::set<std::string>{}) << "at event " << i << ", now " << described(after);
    const auto [known, is_new] = by_hash.try_emplace(transfer::hash(after), after);
    ASSERT_EQ(known->second, after) << "two states, one hash";
    if (after.phase == Phase::done && ++since_done > 5) {
      scenario = random() % 3 == 0 ? random() % all.size() : random() % 3;
      place = begin(all[scenario]);
      since_done = 0;
      ++finished;
    }
  }
  EXPECT_GT(finished, 500);
  EXPECT_GT(by_hash.size(), 100U);
}

}  // namespace
}  // namespace pst::test
