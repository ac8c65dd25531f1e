#include "documents.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

#include "urls.hpp"

namespace pst::test {

Json minimal_settings() {
  return dom(R"({
    "version": 1,
    "virtual_agents": [
      { "id": "orders", "name": "Order status", "channels": ["chat", "call"],
        "endpoint": { "kind": "webhook", "url": "https://bots.example.com/handoff" } }
    ]
  })");
}

Json chat_settings() {
  Json document = minimal_settings();
  document["chat"] = dom(R"({ "enabled": true, "chat_types": ["web"], "virtual_agent": "orders" })");
  return document;
}

Json full_settings() {
  return dom(R"({
    "version": 1,
    "virtual_agents": [
      { "id": "survey", "name": "Survey bot", "channels": ["chat", "call"], "endpoint": { "kind": "ccaip" } },
      { "id": "orders", "name": "Order status", "channels": ["chat", "call"],
        "endpoint": { "kind": "webhook", "url": "https://bots.example.com/handoff" } },
      { "id": "cx", "name": "Returns", "channels": ["chat"],
        "endpoint": { "kind": "dialogflow_cx", "url": "https://broker.example.com",
                      "agent": "projects/p/locations/us-central1/agents/a", "event": "POST_SESSION" } }
    ],
    "chat": {
      "enabled": true, "chat_types": ["web"], "virtual_agent": "orders", "opt_in": true,
      "data_parameters_enabled": true,
      "data_parameters": [
        { "type": "fixed",   "field": "survey_kind", "value": "csat" },
        { "type": "dynamic", "field": "queueId",  "source": "ujet_metadata", "source_field": "queue.id" },
        { "type": "dynamic", "field": "order_id", "source": "unsigned", "source_field": "order_id", "default": "none" },
        { "type": "dynamic", "field": "callback", "source": "form", "source_field": "callback",
          "label": "Phone number", "input": "tel", "required": true, "sensitive": true }
      ],
      "data_records": { "in_metadata": true, "in_crm_record": true }
    },
    "call": { "enabled": true, "call_types": ["voice_inbound"], "virtual_agent": "orders" },
    "queues": [
      { "id": 502, "name": "Billing", "chat_routing": true, "virtual_agent": "survey",
        "data_records": { "in_metadata": true }, "opt_in": false },
      { "id": 503, "chat_routing": false }
    ],
    "rules": { "ended_by": ["agent", "end_user"], "prompt_timeout_s": 0, "min_sdk_version": "3.0.0" }
  })");
}

Json chat_session() {
  return dom(R"({
    "id": "12345", "channel": "chat", "tenant": "acme",
    "sdk": { "platform": "web", "version": "3.44.2" },
    "chat_type": "web", "ended_by": "agent", "lang": "en",
    "queue": { "id": 777 },
    "custom_data": { "unsigned": { "order_id": { "label": "Order", "value": "A-1", "type": "string" } } }
  })");
}

Json call_session() {
  return dom(R"({ "id": "c-9", "channel": "call", "call_type": "voice_inbound", "ended_by": "end_user" })");
}

Json& at(Json& document, std::string_view pointer) {
  Json* place = &document;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    const std::string token(pointer.substr(0, end));
    place = place->is_array() ? &(*place)[std::stoul(token)] : &(*place)[token];
    pointer.remove_prefix(end);
  }
  return *place;
}

SettingsReport read_settings_text(std::string_view text) {
  SettingsReader reader(text);
  std::vector<std::optional<UrlFact>> facts;
  for (const std::string& url : reader.urls()) {
    facts.push_back(url_fact(url));
  }
  return std::move(reader).accept(facts);
}

SettingsReport read_settings(const Json& document) { return read_settings_text(document.dump()); }

std::shared_ptr<const Settings> settings_of(const Json& document) {
  SettingsReport report = read_settings(document);
  EXPECT_EQ(summary(report.errors), std::vector<std::string>{});
  return report.settings ? report.settings : std::make_shared<const Settings>();
}

Session session_of(const Json& session) {
  auto parsed = Session::parse(session.dump());
  if (!parsed) {
    ADD_FAILURE() << "this is no session: " << session.dump();
    std::abort();
  }
  return std::move(*parsed);
}

std::vector<std::string> summary(const std::vector<Finding>& findings) {
  std::vector<std::string> lines;
  lines.reserve(findings.size());
  for (const Finding& finding : findings) {
    lines.push_back(std::string(finding.code) + " " + finding.pointer);
  }
  return lines;
}

}  // namespace pst::test
