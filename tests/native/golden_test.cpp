// The golden corpus, case by case: tests/golden/README.md.

#include "support/golden.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "pst/decision.hpp"
#include "pst/parameters.hpp"
#include "support/documents.hpp"

namespace pst::test {
namespace {

/// Of a finding those keys that the case names.
Json named_keys(const Finding& finding, const Json& expected) {
  Json actual = Json::object();
  for (const auto& [key, value] : expected.items()) {
    if (key == "code") {
      actual[key] = std::string(finding.code);
    } else if (key == "pointer") {
      actual[key] = finding.pointer;
    } else if (key == "line") {
      actual[key] = finding.line;
    } else if (key == "column") {
      actual[key] = finding.column;
    } else {
      actual[key] = "a key that the runner does not know";
    }
  }
  return actual;
}

void expect_findings(const std::vector<Finding>& actual, const Json& expected) {
  EXPECT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < std::min(actual.size(), expected.size()); ++i) {
    EXPECT_TRUE(same(named_keys(actual[i], expected[i]), expected[i]))
        << "error " << i << " is " << actual[i].code << " " << actual[i].pointer << " at " << actual[i].line << ":"
        << actual[i].column << ", expected " << expected[i];
  }
  if (actual.size() != expected.size()) {
    ADD_FAILURE() << "all found: " << testing::PrintToString(summary(actual));
  }
}

std::shared_ptr<const Settings> settings_in(const GoldenCase& golden) {
  const auto settings = golden.fields.find("settings");
  return settings == golden.fields.end() || settings->is_null() ? nullptr : settings_of(*settings);
}

HostFacts facts_in(const GoldenCase& golden) {
  HostFacts facts;
  const auto given = golden.fields.find("facts");
  if (given == golden.fields.end()) {
    return facts;
  }
  for (const auto& [name, value] : given->items()) {
    if (name != "allowed_origins") {
      ADD_FAILURE() << "the runner does not know the fact " << name;
    } else if (value.is_array()) {
      facts.allowed_origins = value.get<std::vector<std::string>>();
    }
  }
  return facts;
}

Json decision_json(const Decision& decision) {
  std::string text;
  json::Writer writer(text);
  write(writer, decision);
  return dom(text);
}

TEST(Golden, TheCorpusIsThereAndEveryCaseIsUnderstood) {
  EXPECT_EQ(golden_defects(), std::vector<std::string>{});
  EXPECT_GE(golden_cases("expected").size(), 150U);
  EXPECT_FALSE(golden_cases("errors").empty());
  EXPECT_FALSE(golden_cases("warnings").empty());
  EXPECT_FALSE(golden_cases("error").empty());
  EXPECT_FALSE(golden_cases("data_parameters").empty());
}

TEST(Golden, EveryDecisionIsAsTheCorpusSays) {
  for (const GoldenCase& golden : golden_cases("expected")) {
    SCOPED_TRACE(golden.title);
    const auto settings = settings_in(golden);
    const Session session = session_of(golden.fields["session"]);
    const Json actual = decision_json(evaluate(settings.get(), session, facts_in(golden)));
    EXPECT_TRUE(same(actual, golden.fields["expected"]))
        << "expected " << golden.fields["expected"] << "\nactual   " << actual;
  }
}

TEST(Golden, EveryBadSettingsDocumentGivesAllItsErrorsInOrder) {
  for (const GoldenCase& golden : golden_cases("errors")) {
    SCOPED_TRACE(golden.title);
    if (const auto text = golden.text_of("settings")) {
      const SettingsReport report = read_settings_text(*text);
      EXPECT_EQ(report.settings, nullptr);
      expect_findings(report.errors, golden.fields["errors"]);
    }
  }
}

TEST(Golden, EveryGoodSettingsDocumentGivesItsWarningsInOrder) {
  for (const GoldenCase& golden : golden_cases("warnings")) {
    SCOPED_TRACE(golden.title);
    if (const auto text = golden.text_of("settings")) {
      const SettingsReport report = read_settings_text(*text);
      EXPECT_EQ(summary(report.errors), std::vector<std::string>{});
      expect_findings(report.warnings, golden.fields["warnings"]);
    }
  }
}

TEST(Golden, EveryBadSessionGivesItsError) {
  for (const GoldenCase& golden : golden_cases("error")) {
    SCOPED_TRACE(golden.title);
    const auto text = golden.text_of("session");
    if (!text) {
      continue;
    }
    const auto session = Session::parse(*text);
    if (session) {
      ADD_FAILURE() << "the session was accepted";
    } else {
      expect_findings(session.error(), Json::array({golden.fields["error"]}));
    }
  }
}

std::vector<std::string> fields_of(const std::vector<const DataParameter*>& parameters) {
  std::vector<std::string> fields;
  std::ranges::transform(parameters, std::back_inserter(fields),
                         [](const DataParameter* parameter) { return parameter->field; });
  return fields;
}

/// What can be resolved without asking anyone.
Json parameters_json(const Decision& decision, const Session& session) {
  ResolvedParameters resolved;
  if (decision.goes_ahead() && decision.block != nullptr) {
    resolved = resolve_parameters(decision.block->parameters_in_force(), session, Unasked::left_out);
  }
  std::string values;
  json::Writer writer(values);
  write(writer, resolved.values, Sensitive::written);
  return {
      {"data_parameters", dom(values)}, {"missing", fields_of(resolved.missing)}, {"asks", fields_of(resolved.asks)}};
}

TEST(Golden, EveryListOfDataParametersIsAsTheCorpusSaysInItsOrder) {
  for (const GoldenCase& golden : golden_cases("data_parameters")) {
    SCOPED_TRACE(golden.title);
    const auto settings = settings_in(golden);
    const Session session = session_of(golden.fields["session"]);
    const Json actual = parameters_json(evaluate(settings.get(), session, facts_in(golden)), session);
    for (const char* part : {"data_parameters", "missing", "asks"}) {
      EXPECT_EQ(actual[part].dump(), golden.fields[part].dump()) << part;
    }
  }
}

}  // namespace
}  // namespace pst::test
