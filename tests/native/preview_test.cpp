// The preview: each data parameter as the portal's dialog shows it.

#include "pst/preview.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "pst/decision.hpp"
#include "support/documents.hpp"

namespace pst::test {
namespace {

Json preview(const Json& settings, const Json& session) {
  const auto loaded = settings_of(settings);
  std::string text;
  json::Writer writer(text);
  write_preview(writer, loaded.get(), session_of(session));
  return dom(text);
}

Json with_parameters(const Json& parameters) {
  Json settings = chat_settings();
  settings["chat"]["data_parameters_enabled"] = true;
  settings["chat"]["data_parameters"] = parameters;
  return settings;
}

/// `value from reason` of the only row.
std::string only(const Json& parameter, const Json& session) {
  const Json rows = preview(with_parameters(Json::array({parameter})), session);
  if (rows.size() != 1) return rows.dump();
  return rows[0]["value"].dump() + " " + rows[0]["from"].dump() + " " + rows[0]["reason"].dump();
}

Json dynamic(std::string_view source, std::string_view source_field, const Json& more = Json::object()) {
  Json parameter{{"type", "dynamic"}, {"field", "p"}, {"source", source}, {"source_field", source_field}};
  parameter.update(more);
  return parameter;
}

TEST(Preview, ShowsARowForEachParameterInTheirOrder) {
  const Json parameters = dom(R"([
    { "type": "fixed", "field": "survey_kind", "value": "csat" },
    { "type": "dynamic", "field": "queueId", "source": "ujet_metadata", "source_field": "queue.id" },
    { "type": "dynamic", "field": "callback", "source": "form", "source_field": "callback", "label": "Phone number",
      "input": "tel", "required": true, "sensitive": true }])");
  Json session = chat_session();
  session["queue"]["id"] = 502;
  const Json rows = preview(with_parameters(parameters), session);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(
      rows[0].dump(),
      R"({"field":"survey_kind","type":"fixed","source":null,"source_field":null,"label":null,"required":false,"sensitive":false,"value":"csat","from":"fixed","reason":null})");
  EXPECT_EQ(
      rows[1].dump(),
      R"({"field":"queueId","type":"dynamic","source":"ujet_metadata","source_field":"queue.id","label":null,"required":false,"sensitive":false,"value":502,"from":"source","reason":null})");
  EXPECT_EQ(
      rows[2].dump(),
      R"({"field":"callback","type":"dynamic","source":"form","source_field":"callback","label":"Phone number","required":true,"sensitive":true,"value":null,"from":null,"reason":"asked_of_consumer"})");
}

TEST(Preview, SaysWhyThereIsNoValue) {
  const Json session = dom(R"({ "id": 7, "channel": "chat", "nothing": null, "queue": { "list": [1] },
    "custom_data": { "unsigned": { "null": null, "item": { "value": null }, "label": { "label": "L" }, "list": [],
      "nested": { "value": { "a": 1 } }, "date": { "value": 8.7e15, "type": "date" } } },
    "session_variables": { "a": 1 } })");
  EXPECT_EQ(only(dynamic("ujet_metadata", "queue.id"), session), R"(null null "not_found")");
  EXPECT_EQ(only(dynamic("ujet_metadata", "nothing"), session), R"(null null "is_null")");
  EXPECT_EQ(only(dynamic("ujet_metadata", "queue"), session), R"(null null "not_a_value")");
  EXPECT_EQ(only(dynamic("ujet_metadata", "queue.list"), session), R"(null null "not_a_value")");
  EXPECT_EQ(only(dynamic("ujet_metadata", "session_variables.a"), session), R"(null null "not_found")");
  EXPECT_EQ(only(dynamic("unsigned", "absent"), session), R"(null null "not_found")");
  EXPECT_EQ(only(dynamic("unsigned", "null"), session), R"(null null "is_null")");
  EXPECT_EQ(only(dynamic("unsigned", "item"), session), R"(null null "is_null")");
  EXPECT_EQ(only(dynamic("unsigned", "label"), session), R"(null null "not_a_value")");
  EXPECT_EQ(only(dynamic("unsigned", "list"), session), R"(null null "not_a_value")");
  EXPECT_EQ(only(dynamic("unsigned", "nested"), session), R"(null null "not_a_value")");
  EXPECT_EQ(only(dynamic("unsigned", "date"), session), R"(null null "date_out_of_range")");
  EXPECT_EQ(only(dynamic("signed", "null"), session), R"(null null "not_found")");
  EXPECT_EQ(only(dynamic("host", "x"), session), R"(null null "asked_of_page")");
}

TEST(Preview, ShowsTheDefaultAndWhyItIsTaken) {
  const Json session = dom(R"({ "id": 7, "channel": "chat" })");
  const Json more{{"default", "none"}};
  EXPECT_EQ(only(dynamic("unsigned", "k", more), session), R"("none" "default" "not_found")");
  EXPECT_EQ(only(dynamic("host", "k", more), session), R"("none" "default" "asked_of_page")");
  EXPECT_EQ(only(dynamic("form", "k", more), session), R"("none" "default" "asked_of_consumer")");
}

TEST(Preview, MasksWhatIsSensitiveAndOnlyThat) {
  const Json session = dom(R"({ "id": 7, "channel": "chat", "custom_data": { "unsigned": { "k": "marked" } } })");
  const Json more{{"sensitive", true}};
  EXPECT_EQ(only(dynamic("unsigned", "k", more), session), R"("***" "source" null)");
  EXPECT_EQ(only(dynamic("unsigned", "absent", more), session), R"(null null "not_found")") << "nothing to mask";
  EXPECT_EQ(only(dynamic("unsigned", "k"), session), R"("marked" "source" null)");
}

TEST(Preview, ShowsWhatIsReserved) {
  const Json session =
      dom(R"({ "id": 7, "channel": "chat", "custom_data": { "unsigned": { "reserved_vip": { "value": true } } } })");
  EXPECT_EQ(only({{"type", "fixed"}, {"field", "reserved_vip"}, {"value", false}}, session),
            R"(true "source" "reserved")");
  EXPECT_EQ(only(dynamic("form", "k", {{"field", "reserved_vip"}}), session), R"(true "source" "reserved")");
  EXPECT_EQ(only({{"type", "fixed"}, {"field", "reserved_other"}, {"value", false}}, session), R"(false "fixed" null)");
}

TEST(Preview, TakesTheBlockInForceWhateverTheDecision) {
  Json settings = with_parameters(dom(R"([{ "type": "fixed", "field": "p", "value": "global" }])"));
  settings["queues"] = dom(R"([
    { "id": 1, "chat_routing": true, "virtual_agent": "orders", "data_parameters_enabled": true,
      "data_parameters": [{ "type": "fixed", "field": "p", "value": "queue" }] },
    { "id": 2 }])");
  settings["call"] = dom(R"({ "enabled": false, "data_parameters_enabled": true,
    "data_parameters": [{ "type": "fixed", "field": "p", "value": "call" }] })");
  const auto value = [&](std::string_view session) {
    const Json rows = preview(settings, dom(session));
    return rows.empty() ? "" : rows[0]["value"].get<std::string>();
  };
  EXPECT_EQ(value(R"({ "id": 7, "channel": "chat", "queue": { "id": "1" } })"), "queue");
  EXPECT_EQ(value(R"({ "id": 7, "channel": "chat", "queue": { "id": 2 } })"), "global");
  EXPECT_EQ(value(R"({ "id": 7, "channel": "chat", "queue": { "id": 3 } })"), "global");
  EXPECT_EQ(value(R"({ "id": 7, "channel": "chat" })"), "global");
  EXPECT_EQ(value(R"({ "id": 7, "channel": "call", "queue": { "id": 1 } })"), "call");
  EXPECT_EQ(value(R"({ "id": 7 })"), "");
}

TEST(Preview, IsEmptyWherePassingThemOnIsNotOurs) {
  const Json parameters = dom(R"([{ "type": "fixed", "field": "p", "value": 1 }])");
  const Json chat = dom(R"({ "id": 7, "channel": "chat" })");
  EXPECT_EQ(preview(with_parameters(parameters), chat).size(), 1U) << "so that the rest can fail";
  Json off = with_parameters(parameters);
  off["chat"]["data_parameters_enabled"] = false;
  EXPECT_EQ(preview(off, chat).dump(), "[]");
  Json ccaip = with_parameters(parameters);
  ccaip["virtual_agents"][0]["endpoint"] = {{"kind", "ccaip"}};
  EXPECT_EQ(preview(ccaip, chat).dump(), "[]");
  Json required = chat;
  required["post_session"] = {{"required", true}};
  EXPECT_EQ(preview(with_parameters(parameters), required).dump(), "[]");
  std::string text;
  json::Writer writer(text);
  write_preview(writer, nullptr, session_of(chat));
  EXPECT_EQ(text, "[]");
}

TEST(BlockInForce, IsTheOneThatDecides) {
  const auto settings = settings_of(full_settings());
  for (const std::string_view queue : {"502", "503", "504", ""}) {
    Json session = chat_session();
    session["queue"] = {{"id", queue}};
    const Session facts = session_of(session);
    const Decision decision = evaluate(settings.get(), facts);
    if (decision.goes_ahead()) {
      EXPECT_EQ(decision.block, block_in_force(*settings, facts)) << queue;
    }
  }
}

}  // namespace
}  // namespace pst::test
