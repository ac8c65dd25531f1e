#include "flow_driver.hpp"

#include <algorithm>
#include <utility>

#include "pst/answers.hpp"

namespace pst::test {

std::string brief(const Json& effect) {
  std::string type = effect["type"];
  if (type == "emit") {
    return effect["event"];
  }
  if (type == "show_prompt") {
    return effect["prompt"].is_null() ? "no prompt" : "prompt(" + effect["prompt"]["kind"].get<std::string>() + ")";
  }
  if (type == "send") {
    return "send " + effect["attempt"].dump();
  }
  if (type == "update_post_session") {
    return "update " + effect["status"].get<std::string>() + " " + effect["opt_in"].dump() + " " +
           effect["attempt"].dump();
  }
  if (type == "start_timer") {
    const std::string jitter = effect["jitter_ms"] == 0 ? "" : "+" + effect["jitter_ms"].dump();
    return "start " + effect["timer"].get<std::string>() + " " + effect["ms"].dump() + jitter;
  }
  if (type == "stop_timer") {
    return "stop " + effect["timer"].get<std::string>();
  }
  return type;
}

std::string Answer::outcome() const {
  const Json& state = json["state"];
  const auto text = [](const Json& value) {
    return value.is_string() ? value.get<std::string>() : std::string("none");
  };
  return state["outcome"].is_null() ? "" : text(state["outcome"]) + "/" + text(state["reason"]);
}

std::string Answer::effects() const {
  std::string all;
  for (const Json& effect : json["effects"]) {
    if (effect["type"] != "persist") {
      all += (all.empty() ? "" : ", ") + brief(effect);
    }
  }
  return all;
}

Json Answer::effect(std::string_view type) const {
  for (const Json& effect : json["effects"]) {
    if (effect["type"] == type) {
      return effect;
    }
  }
  return nullptr;
}

Json Answer::told(std::string_view event) const {
  Json data = nullptr;
  for (const Json& effect : json["effects"]) {
    if (effect["type"] == "emit" && effect["event"] == event) {
      data = effect["data"];
    }
  }
  return data;
}

FlowDriver::FlowDriver(const Json& settings, const Json& session, const Json& begin)
    : flow_(settings.is_null() ? nullptr : settings_of(settings)),
      begin_{{"mode", "enforce"}, {"prompt", "module"}, {"allowed_origins", nullptr}, {"at", kDecidedAt}} {
  begin_.update(begin);
  this->begin(session);
}

void FlowDriver::begin(const Json& session) {
  Json text = begin_;
  text["session"] = session;
  std::string answer;
  answers::begin(flow_, text.dump(), answer);
  begun_ = dom(answer);
  EXPECT_EQ(begun_.value("type", ""), "success") << answer;
}

Answer FlowDriver::event(const Json& event) { return text(event.dump()); }

Answer FlowDriver::text(std::string_view event) {
  std::string text;
  answers::step(flow_, event, text);
  Answer answer{dom(text)};
  EXPECT_EQ(answer.json.value("type", ""), "success") << text;
  EXPECT_EQ(answer.accepted(), answer.ignored().empty());
  for (const Json& effect : answer.json["effects"]) {
    if (effect["type"] == "send") {
      sends_.push_back(effect);
      attempt_ = effect["attempt"];
    }
    if (effect["type"] == "update_post_session" && effect["attempt"] != 0) {
      attempt_ = effect["attempt"];
    }
    if (effect["type"] == "emit") {
      told_.push_back(effect["event"]);
    }
  }
  return answer;
}

Answer FlowDriver::signal(std::string_view name, const Json& more) {
  Json event{{"type", "signal"}, {"at", kNow}, {"signal", name}};
  event.update(more);
  return this->event(event);
}

Answer FlowDriver::respond(int status, const Json& body, const Json& retry_after_ms) {
  return event(Json{{"type", "response"},
                    {"at", kNow},
                    {"delivery", "handoff"},
                    {"attempt", attempt_},
                    {"status", status},
                    {"retry_after_ms", retry_after_ms},
                    {"body", body}});
}

Answer FlowDriver::network_error() {
  return event(Json{{"type", "network_error"}, {"at", kNow}, {"delivery", "handoff"}, {"attempt", attempt_}});
}

int FlowDriver::times_told(std::string_view event) const { return static_cast<int>(std::ranges::count(told_, event)); }

}  // namespace pst::test
