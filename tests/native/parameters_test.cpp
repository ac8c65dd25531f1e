// Data parameters: where their values come from, and what counts as missing.

#include "pst/parameters.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/documents.hpp"

namespace pst::test {
namespace {

/// What a list of parameters gives for a session, as text: `{"a":1} missing[…] asks[…] omitted[…]`, empty lists left
/// out.
std::string resolved(const Json& parameters, const Json& session, Unasked unasked = Unasked::defaulted) {
  Json document = chat_settings();
  document["chat"]["data_parameters_enabled"] = true;
  document["chat"]["data_parameters"] = parameters;
  const auto settings = settings_of(document);
  const Session facts = session_of(session);
  const ResolvedParameters result = resolve_parameters(settings->chat.parameters_in_force(), facts, unasked);
  std::string text;
  json::Writer writer(text);
  write(writer, result.values, Sensitive::written);
  const auto list = [&](std::string_view name, const std::vector<const DataParameter*>& entries) {
    if (entries.empty()) {
      return;
    }
    text += " " + std::string(name) + "[";
    for (const DataParameter* entry : entries) {
      text += (text.ends_with('[') ? "" : ",") + entry->field;
    }
    text += "]";
  };
  list("missing", result.missing);
  list("asks", result.asks);
  list("omitted", result.omitted);
  list("reserved", result.reserved);
  return text;
}

Json dynamic(std::string_view source, std::string_view source_field, const Json& more = Json::object()) {
  Json parameter{{"type", "dynamic"}, {"field", "p"}, {"source", source}, {"source_field", source_field}};
  parameter.update(more);
  return Json::array({parameter});
}

Json session_with(std::string_view member, const Json& value) {
  Json session{{"id", "s"}};
  session[std::string(member)] = value;
  return session;
}

Json unsigned_item(const Json& item) { return session_with("custom_data", {{"unsigned", {{"k", item}}}}); }

TEST(Parameters, KeepTheOrderOfTheSettings) {
  const Json parameters = dom(R"([
    { "type": "fixed", "field": "z", "value": 1 },
    { "type": "dynamic", "field": "a", "source": "ujet_metadata", "source_field": "id" },
    { "type": "fixed", "field": "10", "value": 2 },
    { "type": "fixed", "field": "m", "value": 3 }])");
  Json renamed = parameters;
  renamed[2]["field"] = "_10";
  EXPECT_EQ(resolved(renamed, chat_session()), R"({"z":1,"a":"12345","_10":2,"m":3})");
}

TEST(Parameters, AFixedValueKeepsItsType) {
  const Json parameters = dom(R"([
    { "type": "fixed", "field": "text", "value": "csat" }, { "type": "fixed", "field": "empty", "value": "" },
    { "type": "fixed", "field": "number", "value": 1.50 }, { "type": "fixed", "field": "yes", "value": true },
    { "type": "fixed", "field": "no", "value": false }, { "type": "fixed", "field": "digits", "value": "007" }])");
  EXPECT_EQ(resolved(parameters, chat_session()),
            R"({"text":"csat","empty":"","number":1.5,"yes":true,"no":false,"digits":"007"})");
}

TEST(Parameters, MetadataIsReadAlongADottedPath) {
  const Json session = dom(
      R"({ "id": 7, "queue": { "id": 502, "a": { "b": { "c": "deep" } } }, "flag": false, "list": [1], "": { "": "x" } })");
  EXPECT_EQ(resolved(dynamic("ujet_metadata", "queue.id"), session), R"({"p":502})");
  EXPECT_EQ(resolved(dynamic("ujet_metadata", "queue.a.b.c"), session), R"({"p":"deep"})");
  EXPECT_EQ(resolved(dynamic("ujet_metadata", "id"), session), R"({"p":7})");
  EXPECT_EQ(resolved(dynamic("ujet_metadata", "flag"), session), R"({"p":false})");
  EXPECT_EQ(resolved(dynamic("ujet_metadata", "."), session), R"({"p":"x"})");
}

TEST(Parameters, APathThatLeadsNowhereIsMissing) {
  const Json session = dom(R"({ "id": 7, "queue": { "id": 502, "o": {}, "n": null }, "list": ["x"], "text": "abc" })");
  for (const std::string_view path :
       {"nothing", "queue.nothing", "queue.id.more", "queue", "queue.o", "queue.n", "list", "list.0", "list.length",
        "text.0", "text.length", "queue.", ".id", "queue..id", "__proto__", "queue.constructor", "toString"}) {
    EXPECT_EQ(resolved(dynamic("ujet_metadata", path), session), "{} omitted[p]") << path;
  }
}

TEST(Parameters, MetadataHasNoWayIntoCustomDataOrSessionVariables) {
  const Json session = dom(
      R"({ "id": 7, "custom_data": { "unsigned": { "a": 1 } }, "session_variables": { "a": 1 }, "x": { "custom_data": 2, "session_variables": 3 } })");
  for (const std::string_view path :
       {"custom_data", "custom_data.unsigned.a", "session_variables", "session_variables.a"}) {
    EXPECT_EQ(resolved(dynamic("ujet_metadata", path), session), "{} omitted[p]") << path;
  }
  EXPECT_EQ(resolved(dynamic("ujet_metadata", "x.custom_data"), session), R"({"p":2})") << "only at the top";
  EXPECT_EQ(resolved(dynamic("ujet_metadata", "x.session_variables"), session), R"({"p":3})") << "only at the top";
}

TEST(Parameters, EveryOtherSourceIsReadByAnExactKey) {
  const Json session = dom(
      R"({ "id": "s", "custom_data": { "unsigned": { "a.b": 1, "a": { "b": 9 } }, "signed": { "a.b": 2 } }, "session_variables": { "a.b": 3 } })");
  EXPECT_EQ(resolved(dynamic("unsigned", "a.b"), session), R"({"p":1})");
  EXPECT_EQ(resolved(dynamic("signed", "a.b"), session), R"({"p":2})");
  EXPECT_EQ(resolved(dynamic("session_variables", "a.b"), session), R"({"p":3})");
  EXPECT_EQ(resolved(dynamic("unsigned", "A.B"), session), "{} omitted[p]");
}

TEST(Parameters, SignedAndUnsignedAreNotMixedUp) {
  const Json session = dom(R"({ "id": "s", "custom_data": { "unsigned": { "u": 1 }, "signed": { "s": 2 } } })");
  EXPECT_EQ(resolved(dynamic("signed", "u"), session), "{} omitted[p]");
  EXPECT_EQ(resolved(dynamic("unsigned", "s"), session), "{} omitted[p]");
}

TEST(Parameters, ACustomDataItemIsAPlainValueOrAnObjectWithOne) {
  EXPECT_EQ(resolved(dynamic("unsigned", "k"), unsigned_item("v")), R"({"p":"v"})");
  EXPECT_EQ(resolved(dynamic("unsigned", "k"), unsigned_item(5)), R"({"p":5})");
  EXPECT_EQ(resolved(dynamic("unsigned", "k"), unsigned_item({{"label", "L"}, {"value", "v"}, {"type", "string"}})),
            R"({"p":"v"})");
  EXPECT_EQ(resolved(dynamic("unsigned", "k"), unsigned_item({{"value", "v"}, {"invisible_to_agent", true}})),
            R"({"p":"v"})");
  EXPECT_EQ(resolved(dynamic("unsigned", "k"), unsigned_item({{"label", "no value"}})), "{} omitted[p]");
}

TEST(Parameters, ADeclaredTypeChangesNothingButADate) {
  EXPECT_EQ(resolved(dynamic("unsigned", "k"), unsigned_item({{"value", "5"}, {"type", "number"}})), R"({"p":"5"})");
  EXPECT_EQ(resolved(dynamic("unsigned", "k"), unsigned_item({{"value", 5}, {"type", "string"}})), R"({"p":5})");
  EXPECT_EQ(resolved(dynamic("unsigned", "k"), unsigned_item({{"value", "no URL"}, {"type", "url"}})),
            R"({"p":"no URL"})");
  EXPECT_EQ(resolved(dynamic("unsigned", "k"), unsigned_item({{"value", 1700000000000}, {"type", "date"}})),
            R"({"p":"2023-11-14T22:13:20.000Z"})");
  EXPECT_EQ(resolved(dynamic("unsigned", "k"), unsigned_item({{"value", "yesterday"}, {"type", "date"}})),
            R"({"p":"yesterday"})");
  EXPECT_EQ(resolved(dynamic("unsigned", "k"), unsigned_item({{"value", 5}, {"type", "Date"}})), R"({"p":5})");
}

TEST(Parameters, ADateNumberOutsideWhatADateCanHoldIsMissing) {
  for (const Json& value : {Json(8.64e15 + 1), Json(-8.64e15 - 1), Json(1e300)}) {
    EXPECT_EQ(resolved(dynamic("unsigned", "k"), unsigned_item({{"value", value}, {"type", "date"}})), "{} omitted[p]")
        << value;
  }
  EXPECT_EQ(resolved(dynamic("unsigned", "k"), unsigned_item({{"value", 8.64e15}, {"type", "date"}})),
            R"({"p":"+275760-09-13T00:00:00.000Z"})");
}

TEST(Parameters, EmptyTextIsAValue) {
  EXPECT_EQ(resolved(dynamic("unsigned", "k", {{"default", "d"}}), unsigned_item("")), R"({"p":""})");
  EXPECT_EQ(resolved(dynamic("unsigned", "k", {{"default", "d"}}), unsigned_item({{"value", ""}})), R"({"p":""})");
}

TEST(Parameters, FalseAndZeroAreValues) {
  EXPECT_EQ(resolved(dynamic("unsigned", "k", {{"default", "d"}}), unsigned_item(false)), R"({"p":false})");
  EXPECT_EQ(resolved(dynamic("unsigned", "k", {{"default", "d"}}), unsigned_item(0)), R"({"p":0})");
}

TEST(Parameters, NullObjectsAndListsCountAsMissing) {
  for (const Json& value : {Json(nullptr), Json::array(), Json::array({1}), Json::object()}) {
    EXPECT_EQ(resolved(dynamic("unsigned", "k"), unsigned_item(value)), "{} omitted[p]") << value;
    EXPECT_EQ(resolved(dynamic("unsigned", "k"), unsigned_item({{"value", value}})), "{} omitted[p]") << value;
    EXPECT_EQ(resolved(dynamic("unsigned", "k", {{"default", "d"}}), unsigned_item(value)), R"({"p":"d"})") << value;
  }
}

TEST(Parameters, ASourceOfAnotherTypeIsMissing) {
  for (const Json& value : {Json(nullptr), Json("text"), Json(1), Json::array({1})}) {
    EXPECT_EQ(resolved(dynamic("unsigned", "k"), session_with("custom_data", value)), "{} omitted[p]") << value;
    EXPECT_EQ(resolved(dynamic("unsigned", "k"), session_with("custom_data", {{"unsigned", value}})), "{} omitted[p]")
        << value;
    EXPECT_EQ(resolved(dynamic("session_variables", "k"), session_with("session_variables", value)), "{} omitted[p]")
        << value;
  }
}

TEST(Parameters, AMissingValueIsTheDefaultWhateverItsType) {
  for (const Json& value : {Json("none"), Json(""), Json(0), Json(false), Json(1.5)}) {
    EXPECT_EQ(resolved(dynamic("unsigned", "k", {{"default", value}}), chat_session()), Json({{"p", value}}).dump());
    EXPECT_EQ(resolved(dynamic("unsigned", "k", {{"default", value}, {"required", true}}), chat_session()),
              Json({{"p", value}}).dump());
  }
}

TEST(Parameters, AMissingRequiredValueWithoutADefaultIsNamed) {
  EXPECT_EQ(resolved(dynamic("unsigned", "k", {{"required", true}}), chat_session()), "{} missing[p]");
  EXPECT_EQ(resolved(dynamic("unsigned", "k", {{"required", false}}), chat_session()), "{} omitted[p]");
}

TEST(Parameters, AFormFieldIsAskedForAndTakesItsDefaultWhereNobodyCanBeAsked) {
  EXPECT_EQ(resolved(dynamic("form", "k"), chat_session()), "{} asks[p] omitted[p]");
  EXPECT_EQ(resolved(dynamic("form", "k", {{"required", true}}), chat_session()), "{} missing[p] asks[p]");
  EXPECT_EQ(resolved(dynamic("form", "k", {{"default", "d"}}), chat_session()), R"({"p":"d"} asks[p])");
  EXPECT_EQ(resolved(dynamic("form", "k", {{"default", "d"}}), chat_session(), Unasked::left_out), "{} asks[p]");
  EXPECT_EQ(resolved(dynamic("form", "k", {{"required", true}}), chat_session(), Unasked::left_out), "{} asks[p]")
      << "what is going to be asked for is not missing yet";
}

TEST(Parameters, AHostValueTakesItsDefaultWhereThePageIsNotAsked) {
  EXPECT_EQ(resolved(dynamic("host", "k", {{"default", "d"}}), chat_session()), R"({"p":"d"})");
  EXPECT_EQ(resolved(dynamic("host", "k", {{"required", true}}), chat_session()), "{} missing[p]");
}

TEST(Parameters, NumbersAreWrittenAsEcmaScriptWritesThem) {
  const auto session =
      Session::parse(R"({"id":"s","session_variables":{"a":1e21,"b":1E-7,"c":-0,"d":100.0,"e":0.30000000000000004}})");
  ASSERT_TRUE(session);
  Json document = chat_settings();
  document["chat"]["data_parameters_enabled"] = true;
  document["chat"]["data_parameters"] = Json::array();
  for (const std::string key : {"a", "b", "c", "d", "e"}) {
    document["chat"]["data_parameters"].push_back(
        {{"type", "dynamic"}, {"field", key}, {"source", "session_variables"}, {"source_field", key}});
  }
  const auto settings = settings_of(document);
  std::string text;
  json::Writer writer(text);
  write(writer, resolve_parameters(settings->chat.parameters_in_force(), *session, Unasked::defaulted).values,
        Sensitive::written);
  EXPECT_EQ(text, R"({"a":1e+21,"b":1e-7,"c":0,"d":100,"e":0.30000000000000004})");
}

TEST(Parameters, SensitiveValuesAreMaskedWhereverTheyAreNotSent) {
  Json document = chat_settings();
  document["chat"]["data_parameters_enabled"] = true;
  document["chat"]["data_parameters"] = dom(R"([
    { "type": "fixed", "field": "open", "value": 1 }, { "type": "fixed", "field": "text", "value": "secret", "sensitive": true },
    { "type": "fixed", "field": "number", "value": 42, "sensitive": true }, { "type": "fixed", "field": "flag", "value": false, "sensitive": true }])");
  const auto settings = settings_of(document);
  const ResolvedParameters resolved =
      resolve_parameters(settings->chat.parameters_in_force(), session_of(chat_session()), Unasked::defaulted);
  const auto text = [&](Sensitive sensitive) {
    std::string out;
    json::Writer writer(out);
    write(writer, resolved.values, sensitive);
    return out;
  };
  EXPECT_EQ(text(Sensitive::masked), R"({"open":1,"text":"***","number":"***","flag":"***"})");
  EXPECT_EQ(text(Sensitive::written), R"({"open":1,"text":"secret","number":42,"flag":false})");
}

TEST(Parameters, NoneAreInForceWhileTheyAreSwitchedOff) {
  Json document = chat_settings();
  document["chat"]["data_parameters"] = dom(R"([{ "type": "fixed", "field": "a", "value": 1 }])");
  const auto off = settings_of(document);
  EXPECT_EQ(off->chat.parameters_in_force().size(), 0U);
  document["chat"]["data_parameters_enabled"] = true;
  const auto on = settings_of(document);
  EXPECT_EQ(on->chat.parameters_in_force().size(), 1U);
}

TEST(IsoText, IsWhatToISOStringGives) {
  const std::vector<std::pair<double, std::string_view>> table{
      {0, "1970-01-01T00:00:00.000Z"},
      {-0.0, "1970-01-01T00:00:00.000Z"},
      {1, "1970-01-01T00:00:00.001Z"},
      {-1, "1969-12-31T23:59:59.999Z"},
      {86'399'999, "1970-01-01T23:59:59.999Z"},
      {86'400'000, "1970-01-02T00:00:00.000Z"},
      {951'782'400'000, "2000-02-29T00:00:00.000Z"},
      {951'868'800'000, "2000-03-01T00:00:00.000Z"},
      {1'709'164'800'000, "2024-02-29T00:00:00.000Z"},
      {1'709'251'199'999, "2024-02-29T23:59:59.999Z"},
      {1'735'689'599'999, "2024-12-31T23:59:59.999Z"},
      {1'735'689'600'000, "2025-01-01T00:00:00.000Z"},
      {4'107'542'399'000, "2100-02-28T23:59:59.000Z"},
      {4'107'542'400'000, "2100-03-01T00:00:00.000Z"},  // 2100 is no leap year
      {-2'203'891'200'000, "1900-03-01T00:00:00.000Z"},
      {-2'203'891'200'001, "1900-02-28T23:59:59.999Z"},
      {1'767'261'600'123, "2026-01-01T10:00:00.123Z"},
      {253'402'300'799'999, "9999-12-31T23:59:59.999Z"},
      {253'402'300'800'000, "+010000-01-01T00:00:00.000Z"},
      {-62'167'219'200'000, "0000-01-01T00:00:00.000Z"},
      {-62'167'219'200'001, "-000001-12-31T23:59:59.999Z"},
      {-62'198'755'200'000, "-000001-01-01T00:00:00.000Z"},
      {-62'135'596'800'000, "0001-01-01T00:00:00.000Z"},
      {8.64e15, "+275760-09-13T00:00:00.000Z"},
      {-8.64e15, "-271821-04-20T00:00:00.000Z"},
      {0.9, "1970-01-01T00:00:00.000Z"},
      {-0.9, "1970-01-01T00:00:00.000Z"},
      {1.999, "1970-01-01T00:00:00.001Z"},
      {-1.5, "1969-12-31T23:59:59.999Z"},
      {-86'400'000.5, "1969-12-31T00:00:00.000Z"},
  };
  for (const auto& [milliseconds, text] : table) {
    EXPECT_EQ(iso_text(milliseconds), text);
  }
}

TEST(IsoText, CountsEveryDayOfFourCenturies) {
  // A second calendar: it only adds days.
  constexpr int kDaysOf[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  double milliseconds = -2'208'988'800'000;  // 1900-01-01
  for (int year = 1900; year < 2300; ++year) {
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    for (int month = 1; month <= 12; ++month) {
      const int days = kDaysOf[month - 1] + (leap && month == 2 ? 1 : 0);
      for (int day = 1; day <= days; ++day, milliseconds += 86'400'000) {
        char expected[40];
        std::snprintf(expected, sizeof expected, "%04d-%02d-%02dT00:00:00.000Z", year, month, day);
        ASSERT_EQ(iso_text(milliseconds), expected);
      }
    }
  }
}

/// One parameter with a reserved destination field.
Json reserved(const Json& parameter, std::string_view field = "reserved_vip") {
  Json list = parameter;
  list[0]["field"] = field;
  return list;
}
Json fixed_value(const Json& value) { return Json::array({{{"type", "fixed"}, {"field", "p"}, {"value", value}}}); }
Json custom(const Json& signed_data, const Json& unsigned_data) {
  return session_with("custom_data", {{"signed", signed_data}, {"unsigned", unsigned_data}});
}

TEST(ReservedParameters, AreNotOverwrittenByOtherSources) {
  Json session = custom(Json::object(), {{"reserved_vip", {{"value", true}}}});
  session["metadata"] = false;
  session["session_variables"] = {{"k", false}};
  session["sip_headers"] = {{"k", false}};
  const std::string kept = R"({"reserved_vip":true} reserved[reserved_vip])";
  EXPECT_EQ(resolved(reserved(fixed_value(false)), session), kept);
  EXPECT_EQ(resolved(reserved(dynamic("ujet_metadata", "metadata")), session), kept);
  EXPECT_EQ(resolved(reserved(dynamic("session_variables", "k")), session), kept);
  EXPECT_EQ(resolved(reserved(dynamic("host", "k")), session), kept);
  EXPECT_EQ(resolved(reserved(dynamic("form", "k")), session), kept) << "and nobody is asked";
  EXPECT_EQ(resolved(reserved(dynamic("form", "k", {{"required", true}})), session, Unasked::left_out), kept);
}

TEST(ReservedParameters, AreTheTwoKindsOfNameAndNoOther) {
  const Json data = {{"reserved_", 1},  {"reserved_x", 1}, {"external_chat_transfer", 1},
                     {"reserved", 1},   {"Reserved_x", 1}, {"external_chat_transfer_", 1},
                     {"x_reserved_", 1}};
  for (const std::string_view field : {"reserved_", "reserved_x", "external_chat_transfer"})
    EXPECT_TRUE(resolved(reserved(fixed_value(2), field), custom(Json::object(), data)).contains(":1}")) << field;
  for (const std::string_view field : {"reserved", "Reserved_x", "external_chat_transfer_", "x_reserved_"})
    EXPECT_TRUE(resolved(reserved(fixed_value(2), field), custom(Json::object(), data)).contains(":2}")) << field;
}

TEST(ReservedParameters, KeepTheirOwnValueWhereCustomDataHasNone) {
  for (const Json& item : {Json(nullptr), Json::object(), Json::array(), Json{{"value", nullptr}},
                           Json{{"value", 9e15}, {"type", "date"}}}) {
    EXPECT_EQ(resolved(reserved(fixed_value(false)), custom(Json::object(), {{"reserved_vip", item}})),
              R"({"reserved_vip":false})")
        << item;
  }
  EXPECT_EQ(resolved(reserved(fixed_value(false)), chat_session()), R"({"reserved_vip":false})");
}

TEST(ReservedParameters, TakeSignedBeforeUnsigned) {
  const Json both = custom({{"reserved_vip", "s"}, {"own", "o"}}, {{"reserved_vip", "u"}, {"other", "x"}});
  EXPECT_EQ(resolved(reserved(fixed_value("f")), both), R"({"reserved_vip":"s"} reserved[reserved_vip])");
  EXPECT_EQ(resolved(reserved(dynamic("unsigned", "reserved_vip")), both),
            R"({"reserved_vip":"s"} reserved[reserved_vip])");
  EXPECT_EQ(resolved(reserved(dynamic("unsigned", "other")), both), R"({"reserved_vip":"s"} reserved[reserved_vip])");
  EXPECT_EQ(resolved(reserved(dynamic("signed", "reserved_vip")), both), R"({"reserved_vip":"s"})");
  EXPECT_EQ(resolved(reserved(dynamic("signed", "own")), both), R"({"reserved_vip":"s"} reserved[reserved_vip])");
}

TEST(ReservedParameters, GiveWayToTheirOwnNameInTheSameData) {
  const Json session = custom(Json::object(), {{"reserved_vip", true}, {"other", false}});
  EXPECT_EQ(resolved(reserved(dynamic("unsigned", "other")), session),
            R"({"reserved_vip":true} reserved[reserved_vip])");
  EXPECT_EQ(resolved(reserved(dynamic("unsigned", "reserved_vip")), session), R"({"reserved_vip":true})");
}

TEST(ReservedParameters, DoNotTakeUnsignedDataForSigned) {
  const Json session = custom(Json::object(), {{"reserved_vip", true}});
  EXPECT_EQ(resolved(reserved(dynamic("signed", "reserved_vip")), session), "{} omitted[reserved_vip]");
  EXPECT_EQ(resolved(reserved(dynamic("signed", "reserved_vip", {{"default", false}})), session),
            R"({"reserved_vip":false})");
}

}  // namespace
}  // namespace pst::test
