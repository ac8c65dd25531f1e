// What the consumer fills in: each kind of input, right and wrong, and what is kept of it.

#include "pst/form.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "field_values.hpp"
#include "pst/limits.hpp"
#include "support/documents.hpp"

namespace pst::test {
namespace {

using enum MessageKey;

// ── One value ───────────────────────────────────────────────────────────────────────────────────────────────────────

/// What becomes of a text in a field: the value as JSON, "missing", or the key of the message that refuses it.
std::string judged(const DataParameter& parameter, std::string_view text) {
  const auto value = fields::judge(parameter, text);
  if (!value) {
    return std::string(kMessageKeys[static_cast<std::size_t>(value.error())]);
  }
  if (!*value) {
    return "missing";
  }
  std::string json;
  json::Writer writer(json);
  write(writer, **value);
  return json;
}

std::string judged(FormInput input, std::string_view text) {
  DataParameter parameter;
  parameter.input = input;
  return judged(parameter, text);
}

constexpr std::initializer_list<FormInput> kInputs{FormInput::text,  FormInput::number, FormInput::tel,
                                                   FormInput::email, FormInput::date,   FormInput::choice};

TEST(FieldValue, WhatIsBlankInAnyScriptIsMissing) {
  for (const FormInput input : kInputs) {
    for (const std::string_view blank : {"", " ", "\t \n", "\u00A0", "\u3000\u2003", "\uFEFF", "\u2028 \u202F"}) {
      EXPECT_EQ(judged(input, blank), "missing") << static_cast<int>(input);
    }
  }
}

TEST(FieldValue, BlanksAroundAValueAreDropped) {
  EXPECT_EQ(judged(FormInput::text, " \u3000 a b\u00A0\r\n"), R"("a b")");
  EXPECT_EQ(judged(FormInput::number, "\u00A07 "), "7");
  EXPECT_EQ(judged(FormInput::date, "\t2026-01-02 "), R"("2026-01-02")");
}

TEST(FieldValue, TooLongIsTwoKibibytesOfUtf8InEveryInput) {
  for (const FormInput input : kInputs) {
    EXPECT_EQ(judged(input, std::string(limits::kValueBytes + 1, '7')), "error_too_long");
  }
  EXPECT_EQ(judged(FormInput::text, std::string(limits::kValueBytes, '7')).size(), limits::kValueBytes + 2);
  std::string two_bytes_each;
  while (two_bytes_each.size() < limits::kValueBytes) {
    two_bytes_each += "é";
  }
  EXPECT_NE(judged(FormInput::text, two_bytes_each), "error_too_long");
  EXPECT_EQ(judged(FormInput::text, two_bytes_each + "x"), "error_too_long");
}

TEST(FieldValue, ANumberIsWhatPeopleMeanByOne) {
  const auto number = [](std::string_view text) { return judged(FormInput::number, text); };
  EXPECT_EQ(number("0"), "0");
  EXPECT_EQ(number("-0"), "0");
  EXPECT_EQ(number("007"), "7");
  EXPECT_EQ(number("00"), "0");
  EXPECT_EQ(number("-00.50"), "-0.5");
  EXPECT_EQ(number("+5"), "5");
  EXPECT_EQ(number(".5"), "0.5");
  EXPECT_EQ(number("-.5"), "-0.5");
  EXPECT_EQ(number("+.5"), "0.5");
  EXPECT_EQ(number("1e3"), "1000");
  EXPECT_EQ(number("1,5"), "1.5");
  EXPECT_EQ(number(",5"), "0.5");
  EXPECT_EQ(number("1,50"), "1.5");
  EXPECT_EQ(number("1,2345"), "1.2345");
  EXPECT_EQ(number("٤٢"), "42");
  EXPECT_EQ(number("۴۲٫۵"), "42.5");
  EXPECT_EQ(number("४२"), "42");
  EXPECT_EQ(number("４２"), "42");
  EXPECT_EQ(number("๔๒"), "42");
}

TEST(FieldValue, ANumberThatCouldMeanAnythingElseIsRefused) {
  for (const std::string_view text :
       {"1,234", "1,234.5", "1.234,5", "1,2,3", "1.2.3", ".",  ",",          "-",        "+",   "+-5",  "-+5",
        "--5",   "++5",     "5-",      "5 0",   "0x10",  "1e", "1e999",      "Infinity", "NaN", "true", "null",
        "\"7\"", "[7]",     "{}",      "7;",    "seven", "٬",  "１，２３４", "7\n8",     "7//8"}) {
    EXPECT_EQ(judged(FormInput::number, text), "error_number") << text;
  }
}

TEST(FieldValue, ATelephoneNumberStaysAsItWasTyped) {
  for (const std::string_view text :
       {"+1 (555) 010-0000", "112", "0800-123", "555 0100 x12", "٠١٢٣٤", "０３-1234", "+49 30 / 1234"}) {
    EXPECT_EQ(judged(FormInput::tel, text), "\"" + std::string(text) + "\"");
  }
  for (const std::string_view text : {"12", "call me", "+", "x", "555-CALL", "123\n456", "123\t456"}) {
    EXPECT_EQ(judged(FormInput::tel, text), "error_tel") << text;
  }
}

TEST(FieldValue, AnEmailAddressHasOneAtAndADomain) {
  for (const std::string_view text :
       {"a@b.c", "first.last+tag@sub.example.com", "用户@例子.公司", "o'neil@example.ie"}) {
    EXPECT_EQ(judged(FormInput::email, text), "\"" + std::string(text) + "\"");
  }
  for (const std::string_view text :
       {"a", "@b.c", "a@", "a@b", "a@@b.c", "a@b@c.d", "a@.c", "a@b.", "a@b..c", "a b@c.d", "a@b.c,d@e.f", "a@b.c;d",
        "<a@b.c>", "a@b.c\nBcc:x", "a@b.c\rx", "a\u00A0@b.c", "a@b\u3000.c", "a@b.c\vx"}) {
    EXPECT_EQ(judged(FormInput::email, text), "error_email") << text;
  }
}

TEST(FieldValue, ADateIsADayThatExists) {
  for (const std::string_view text : {"2026-01-31", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"}) {
    EXPECT_EQ(judged(FormInput::date, text), "\"" + std::string(text) + "\"");
  }
  for (const std::string_view text :
       {"2025-02-29", "1900-02-29", "2100-02-29",       "2026-02-30", "2026-04-31", "2026-13-01",
        "2026-00-10", "2026-01-00", "2026-01-32",       "0000-01-01", "2026-1-1",   "26-01-01",
        "2026/01/01", "01.02.2026", "2026-01-01T00:00", "20260101",   "-026-01-01", "+026-01-01",
        "2026-+1-01", "2026-01- 1", "abcd-ef-gh",       "12026-01-01"}) {
    EXPECT_EQ(judged(FormInput::date, text), "error_date") << text;
  }
}

TEST(FieldValue, AChoiceIsOneOfThoseOfferedToTheLetter) {
  DataParameter parameter;
  parameter.input = FormInput::choice;
  parameter.choices = {"Red", "Light blue", " padded ", "7"};
  EXPECT_EQ(judged(parameter, "Red"), R"("Red")");
  EXPECT_EQ(judged(parameter, "Light blue"), R"("Light blue")");
  EXPECT_EQ(judged(parameter, " padded "), R"(" padded ")");
  EXPECT_EQ(judged(parameter, "7"), R"("7")");
  EXPECT_EQ(judged(parameter, "red"), "error_choice");
  EXPECT_EQ(judged(parameter, "Green"), "error_choice");
  EXPECT_EQ(judged(parameter, "Red\nGreen"), "error_choice");
}

// ── A form ──────────────────────────────────────────────────────────────────────────────────────────────────────────

Json field(std::string_view name, const Json& more = Json::object()) {
  Json parameter{{"type", "dynamic"}, {"field", name}, {"source", "form"}, {"source_field", name}};
  parameter.update(more);
  return parameter;
}

/// A form and the settings that own its parameters.
struct Asked {
  std::shared_ptr<const Settings> settings;
  Form form;

  explicit Asked(const Json& parameters) {
    Json document = chat_settings();
    document["chat"]["data_parameters_enabled"] = true;
    document["chat"]["data_parameters"] = parameters;
    settings = settings_of(document);
    std::vector<const DataParameter*> asks;
    for (const DataParameter& parameter : settings->chat.parameters_in_force()) {
      if (parameter.is_from(Source::form)) asks.push_back(&parameter);
    }
    form = Form(asks);
  }

  void take(const Json& values) {
    const auto document = json::Document::parse(values.dump());
    form.take(document->root());
  }
  void restore(const Json& values, bool masked = false) {
    const auto document = json::Document::parse(values.dump());
    form.restore(document->root(), masked);
  }
  void take_judged(const Json& values, const Json& invalid) {
    const auto given = json::Document::parse(values.dump());
    const auto names = json::Document::parse(invalid.dump());
    form.take_judged(given->root(), names->root());
  }

  /// `{source_field: value}`.
  [[nodiscard]] Json values() const {
    Json values = Json::object();
    for (const auto& [key, value, invisible] : form.values()) {
      std::string text;
      json::Writer writer(text);
      write(writer, value);
      values[key] = dom(text);
    }
    return values;
  }
  [[nodiscard]] Json kept() const {
    std::string text;
    json::Writer writer(text);
    form.write_kept(writer);
    return dom(text);
  }
  [[nodiscard]] std::vector<PromptField> fields() const { return form.fields(Catalogue()); }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const PromptField& one : fields()) {
      names.push_back(one.name);
    }
    return names;
  }
  /// `name: error` of those refused.
  [[nodiscard]] std::string errors() const {
    std::string all;
    for (const PromptField& one : fields()) {
      if (!one.error.empty()) {
        all += (all.empty() ? "" : "; ") + one.name + ": " + one.error;
      }
    }
    return all;
  }
};

using Names = std::vector<std::string>;

TEST(Form, AsksOnlyForFormParameters) {
  Asked asked(Json::array({{{"type", "fixed"}, {"field", "kind"}, {"value", 1}},
                           {{"type", "dynamic"}, {"field", "h"}, {"source", "host"}, {"source_field", "h"}},
                           field("b"),
                           field("a")}));
  EXPECT_EQ(asked.names(), (Names{"b", "a"}));
  EXPECT_TRUE(Asked(Json::array()).form.empty());
}

TEST(Form, DescribesEachFieldForTheView) {
  Asked asked(Json::array({field("colour", {{"label", "Colour"},
                                            {"hint", "Of the shoe"},
                                            {"input", "choice"},
                                            {"choices", {"Red", "Blue"}},
                                            {"required", true}}),
                           field("pin", {{"sensitive", true}})}));
  const auto fields = asked.fields();
  ASSERT_EQ(fields.size(), 2U);
  EXPECT_EQ(fields[0].label, "Colour");
  EXPECT_EQ(fields[0].hint, "Of the shoe");
  EXPECT_EQ(fields[0].input, FormInput::choice);
  EXPECT_EQ(fields[0].choices, (Names{"Red", "Blue"}));
  EXPECT_EQ(fields[0].placeholder, "Please choose");
  EXPECT_TRUE(fields[0].required);
  EXPECT_FALSE(fields[0].sensitive);
  EXPECT_EQ(fields[1].label, "\u2068pin\u2069 (optional)") << "without a label its name, and where it may be left out";
  EXPECT_TRUE(fields[1].sensitive);
  EXPECT_FALSE(fields[1].required);
  EXPECT_EQ(fields[1].placeholder, "");
}

TEST(Form, TakesTextsAndNumbers) {
  Asked asked(Json::array({field("t"), field("n", {{"input", "number"}}), field("m", {{"input", "number"}}),
                           field("p", {{"input", "tel"}})}));
  asked.take({{"t", " x "}, {"n", 7.5}, {"m", "8"}, {"p", "555 0100"}});
  EXPECT_FALSE(asked.form.has_errors());
  EXPECT_EQ(asked.values(), Json({{"t", "x"}, {"n", 7.5}, {"m", 8}, {"p", "555 0100"}}));
}

TEST(Form, ANumberForATextIsTheTextOfIt) {
  Asked asked(Json::array({field("t"), field("p", {{"input", "tel"}}), field("d", {{"input", "date"}}),
                           field("c", {{"input", "choice"}, {"choices", {"7"}}})}));
  asked.take({{"t", 0.5}, {"p", 5550100}, {"d", 7}, {"c", 7}});
  EXPECT_EQ(asked.values(), Json({{"t", "0.5"}, {"p", "5550100"}, {"c", "7"}}));
  EXPECT_EQ(asked.errors(), "d: Please enter a date.");
}

TEST(Form, WhatIsNoTextAndNoNumberIsNothing) {
  for (const Json& value : {Json(nullptr), Json(true), Json::array({"x"}), Json({{"value", "x"}})}) {
    Asked asked(Json::array({field("must", {{"required", true}}), field("may")}));
    asked.take({{"must", value}, {"may", value}});
    EXPECT_EQ(asked.errors(), "must: Please fill in this field.") << value;
    EXPECT_EQ(asked.values(), Json::object()) << value;
  }
}

TEST(Form, AFieldThatIsLeftOutStaysAsItWas) {
  Asked asked(Json::array({field("a", {{"required", true}}), field("b", {{"required", true}})}));
  asked.take({{"a", "1"}});
  EXPECT_EQ(asked.errors(), "b: Please fill in this field.");
  asked.take({{"b", "2"}});
  EXPECT_FALSE(asked.form.has_errors());
  EXPECT_EQ(asked.values(), Json({{"a", "1"}, {"b", "2"}}));
}

TEST(Form, AnEmptiedFieldIsEmpty) {
  Asked asked(Json::array({field("a")}));
  asked.take({{"a", "1"}});
  asked.take({{"a", ""}});
  EXPECT_EQ(asked.values(), Json::object());
}

TEST(Form, WhatWasRefusedIsNotAValue) {
  Asked asked(Json::array({field("n", {{"input", "number"}})}));
  asked.take({{"n", "7"}});
  asked.take({{"n", "seven"}});
  EXPECT_EQ(asked.errors(), "n: Please enter a number.");
  EXPECT_EQ(asked.form.invalid(), (std::vector<std::string_view>{"n"}));
  EXPECT_EQ(asked.values(), Json::object());
  asked.take({{"n", "8"}});
  EXPECT_FALSE(asked.form.has_errors());
  EXPECT_TRUE(asked.form.invalid().empty());
}

TEST(Form, WithoutAnyValuesWhatIsRequiredIsMissing) {
  Asked asked(Json::array({field("a", {{"required", true}}), field("b")}));
  asked.form.take(std::nullopt);
  EXPECT_EQ(asked.errors(), "a: Please fill in this field.");
}

TEST(Form, ParametersThatShareAFieldAreAskedForOnce) {
  Asked asked(Json::array({field("x", {{"source_field", "phone"}, {"label", "Phone"}, {"input", "tel"}}),
                           field("y", {{"source_field", "phone"}, {"label", "Other"}, {"required", true}}),
                           field("z", {{"source_field", "phone"}, {"sensitive", true}})}));
  const auto fields = asked.fields();
  ASSERT_EQ(fields.size(), 1U);
  EXPECT_EQ(fields[0].name, "phone");
  EXPECT_EQ(fields[0].label, "Phone");
  EXPECT_EQ(fields[0].input, FormInput::tel);
  EXPECT_TRUE(fields[0].required) << "as soon as one of them is";
  EXPECT_TRUE(fields[0].sensitive) << "as soon as one of them is";
  asked.take({{"phone", "555 0100"}});
  EXPECT_EQ(asked.values(), Json({{"phone", "555 0100"}}));
  EXPECT_EQ(asked.kept(), Json::object());
}

TEST(Form, ADefaultStandsInForWhatIsRequired) {
  Asked asked(Json::array({field("a", {{"required", true}, {"default", "d"}})}));
  EXPECT_FALSE(asked.fields()[0].required);
  EXPECT_FALSE(asked.form.has_required());
  EXPECT_EQ(asked.fields()[0].value, "") << "a default is not put into the person's mouth";
  asked.take({{"a", ""}});
  EXPECT_FALSE(asked.form.has_errors());
  EXPECT_EQ(asked.values(), Json::object());
}

TEST(Form, OneWithoutADefaultMakesTheSharedFieldRequired) {
  Asked asked(Json::array({field("a", {{"source_field", "f"}, {"required", true}, {"default", "d"}}),
                           field("b", {{"source_field", "f"}, {"required", true}})}));
  asked.take({{"f", ""}});
  EXPECT_EQ(asked.errors(), "f: Please fill in this field.");
}

TEST(Form, SensitiveValuesAreNeverRepeatedNorKept) {
  Asked asked(Json::array({field("pin", {{"sensitive", true}}), field("name"), field("bad", {{"input", "date"}})}));
  asked.take({{"pin", "1234"}, {"name", "Ada"}, {"bad", "x"}});
  const auto fields = asked.fields();
  EXPECT_EQ(fields[0].value, "");
  EXPECT_EQ(fields[1].value, "Ada");
  EXPECT_EQ(asked.kept(), Json({{"name", "Ada"}}));
  EXPECT_EQ(asked.values(), Json({{"pin", "1234"}, {"name", "Ada"}}));
}

TEST(Form, HostileLabelsStayOnTheirLine) {
  const std::string hostile = "Pin\u202E\n\u2066x\u2069\u0007{0}<b>";
  Asked asked(Json::array(
      {field("a", {{"label", hostile}, {"hint", hostile}, {"required", true}}), field("b", {{"label", hostile}})}));
  const auto fields = asked.fields();
  EXPECT_EQ(fields[0].label, "Pin   x  {0}<b>");
  EXPECT_EQ(fields[0].hint, "Pin   x  {0}<b>");
  EXPECT_EQ(fields[1].label, "\u2068Pin   x  {0}<b>\u2069 (optional)");
}

TEST(Form, AValueMayBeNamedByItsDestination) {
  Asked asked(Json::array({field("callback", {{"source_field", "phone.number"}, {"required", true}})}));
  asked.take({{"callback", "1"}});
  EXPECT_EQ(asked.values(), Json({{"phone.number", "1"}}));
  asked.take({{"callback", "1"}, {"phone.number", "2"}});
  EXPECT_EQ(asked.values(), Json({{"phone.number", "2"}})) << "the field's own name goes first";
}

TEST(Form, ADestinationDoesNotStealTheValueOfAFieldOfThatName) {
  Asked asked(Json::array({field("contact", {{"source_field", "phone"}}), field("c2", {{"source_field", "contact"}})}));
  asked.take({{"contact", "Ada"}});
  EXPECT_EQ(asked.values(), Json({{"contact", "Ada"}}));
}

TEST(Form, NamesLikeThoseOfObjectsAreNames) {
  Asked asked(Json::array({field("a", {{"source_field", "__proto__"}}), field("b", {{"source_field", "a.b"}})}));
  asked.take({{"__proto__", "1"}, {"a.b", "2"}, {"a", {{"b", "3"}}}});
  EXPECT_EQ(asked.values()["__proto__"], "1");
  EXPECT_EQ(asked.values()["a.b"], "2");
}

// ── After a reload ──────────────────────────────────────────────────────────────────────────────────────────────────

Json name_pin_and_note() {
  return Json::array({field("name", {{"required", true}}), field("pin", {{"required", true}, {"sensitive", true}}),
                      field("note"), field("count", {{"input", "number"}})});
}

TEST(RestoredForm, AsksOnlyForWhatIsMissing) {
  Asked before(name_pin_and_note());
  before.take({{"name", "Ada"}, {"pin", "1234"}, {"note", "n"}, {"count", 3}});
  Asked after(name_pin_and_note());
  after.restore(before.kept());
  EXPECT_TRUE(after.form.needs_asking_again());
  EXPECT_EQ(after.names(), (Names{"pin"}));
  EXPECT_FALSE(after.form.has_errors());
  after.take({{"pin", "1234"}});
  EXPECT_FALSE(after.form.has_errors());
  EXPECT_TRUE(same(after.values(), before.values()));
}

TEST(RestoredForm, WhatIsFilledInNowStaysOnScreen) {
  Asked asked(Json::array({field("a", {{"required", true}}), field("b", {{"required", true}}), field("c")}));
  asked.restore({{"c", "x"}});
  asked.take({{"a", "1"}, {"b", ""}});
  EXPECT_EQ(asked.names(), (Names{"a", "b"}));
  EXPECT_EQ(asked.fields()[0].value, "1");
}

TEST(RestoredForm, IsNotAskedAgainWithoutNeed) {
  Asked asked(Json::array({field("name", {{"required", true}}), field("note")}));
  asked.restore({{"name", "Ada"}});
  EXPECT_FALSE(asked.form.needs_asking_again());
  EXPECT_EQ(asked.values(), Json({{"name", "Ada"}}));
}

TEST(RestoredForm, AnOptionalSensitiveValueIsAskedForAgain) {
  Asked asked(Json::array({field("name", {{"required", true}}), field("pin", {{"sensitive", true}})}));
  asked.restore({{"name", "Ada"}});
  EXPECT_TRUE(asked.form.needs_asking_again());
  EXPECT_EQ(asked.names(), (Names{"pin"}));
  EXPECT_FALSE(asked.form.has_required()) << "nothing that is on screen is";
}

TEST(RestoredForm, WhatWasTamperedWithIsJudgedAgain) {
  Asked asked(name_pin_and_note());
  asked.restore({{"name", std::string(3000, 'x')}, {"pin", 7}, {"note", Json::array()}, {"count", "x"}, {"more", 1}});
  EXPECT_TRUE(asked.form.needs_asking_again());
  EXPECT_FALSE(asked.form.has_errors());
  EXPECT_EQ(asked.values(), Json::object({{"pin", "7"}}));
}

TEST(RestoredForm, ReadsNothingOfWhatIsNoObject) {
  for (const Json& saved : {Json(nullptr), Json("x"), Json::array({1}), Json(7)}) {
    Asked asked(name_pin_and_note());
    asked.restore(saved);
    EXPECT_TRUE(asked.form.needs_asking_again()) << saved;
    EXPECT_EQ(asked.values(), Json::object()) << saved;
  }
}

// ── In a replay ─────────────────────────────────────────────────────────────────────────────────────────────────────

TEST(JudgedForm, TakesTheWordOfTheLog) {
  Asked asked(name_pin_and_note());
  asked.take_judged({{"name", "***"}, {"pin", "***"}, {"note", ""}, {"count", 0}}, Json::array({"count"}));
  EXPECT_EQ(asked.form.invalid(), (std::vector<std::string_view>{"count"}));
  EXPECT_EQ(asked.values(), Json({{"name", "***"}, {"pin", "***"}})) << "what was refused is no value";
  asked.take_judged({{"count", 0}}, Json::array());
  EXPECT_FALSE(asked.form.has_errors());
  EXPECT_EQ(asked.values().size(), 3U);
}

TEST(JudgedForm, FindsValuesByTheNamesThatTheyWereGivenBy) {
  Asked asked(Json::array({field("callback", {{"source_field", "phone"}, {"required", true}})}));
  asked.take_judged({{"callback", "***"}}, Json::array());
  EXPECT_EQ(asked.values(), Json({{"phone", "***"}}));
}

TEST(JudgedForm, ValuesOfOtherKindsAreNone) {
  Asked asked(name_pin_and_note());
  asked.take_judged({{"name", nullptr}, {"note", false}, {"pin", Json::array()}}, Json::array({"name", "pin", 7}));
  EXPECT_EQ(asked.values(), Json::object());
  EXPECT_EQ(asked.form.invalid().size(), 2U);
}

TEST(JudgedForm, IsRestoredFromMasks) {
  Asked asked(name_pin_and_note());
  asked.restore({{"name", "***"}, {"count", 0}}, true);
  EXPECT_EQ(asked.names(), (Names{"pin", "note"}));
  EXPECT_TRUE(asked.form.needs_asking_again());
}

}  // namespace
}  // namespace pst::test
