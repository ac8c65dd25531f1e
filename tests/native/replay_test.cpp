// Event logs that were recorded elsewhere (tests/logs/README.md), in Node and in a browser, come out the same here.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "pst/answers.hpp"
#include "pst/flow.hpp"
#include "pst/limits.hpp"
#include "support/documents.hpp"

namespace pst::test {
namespace {

std::vector<std::filesystem::path> log_files() {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(PST_LOGS_DIR, error)) {
    if (entry.path().extension() == ".json") {
      files.push_back(entry.path());
    }
  }
  std::ranges::sort(files);
  return files;
}

Json read_log(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return dom(std::string(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()));
}

/// The kinds of effects as a log has them.
Json kinds_of(const Json& effects) {
  Json kinds = Json::array();
  for (const Json& effect : effects) {
    std::string kind = effect["type"];
    if (kind == "emit") {
      kind += ":" + effect["event"].get<std::string>();
    }
    kinds.push_back(std::move(kind));
  }
  return kinds;
}

/// What an entry says, of that which is compared.
Json expected_of(const Json& entry) {
  if (entry["type"] == "begin") {
    Json expected = entry["decision"];
    expected["digest"] = entry["digest"];
    return expected;
  }
  return {{"accepted", entry["accepted"]},
          {"ignored", entry.value("ignored", "")},
          {"phase", entry["phase"]},
          {"hash", entry["hash"]},
          {"effects", entry["effects"]}};
}

class Replay {
 public:
  explicit Replay(const Json& settings) : settings_(settings.is_null() ? nullptr : settings_of(settings)) {}

  /// The answer to an entry, as a log would have it.
  Json answer_to(const Json& entry) {
    Flow& flow = flows_.try_emplace(entry["session"].get<int>(), settings_).first->second;
    return entry["type"] == "begin" ? begin(flow, entry) : step(flow, entry);
  }

 private:
  static Json begin(Flow& flow, const Json& entry) {
    Json told = entry["facts"];
    told["at"] = entry["at"];
    if (entry.contains("too_large")) {
      // The id goes into every body, and nothing else depends on it.
      told["session"]["id"] = std::string(limits::kBodyBytes + 1, '*');
    }
    std::string text;
    answers::begin(flow, told.dump(), text);
    const Json answer = dom(text);
    EXPECT_EQ(answer["type"], "success") << text;
    Json decided = Json::object();
    for (const char* field : {"outcome", "reason", "level", "virtual_agent", "opt_in"}) {
      decided[field] = answer["decision"][field];
    }
    decided["digest"] = !answer["digest_of"].is_null();
    return decided;
  }

  static Json step(Flow& flow, const Json& entry) {
    Json event = entry["event"];
    event["at"] = entry["at"];
    std::string text;
    answers::step(flow, event.dump(), text);
    const Json answer = dom(text);
    return {{"accepted", answer["accepted"]},
            {"ignored", answer.value("ignored", "")},
            {"phase", answer["state"]["phase"]},
            {"hash", answer["hash"]},
            {"effects", kinds_of(answer["effects"])}};
  }

  std::shared_ptr<const Settings> settings_;
  std::map<int, Flow> flows_;
};

/// Where a log first comes out differently; "" where it does not.
std::string first_difference(const Json& log) {
  Replay replay(log[0]["settings"]);
  for (std::size_t at = 1; at < log.size(); ++at) {
    const Json expected = expected_of(log[at]);
    const Json actual = replay.answer_to(log[at]);
    if (!same(expected, actual)) {
      return "entry " + std::to_string(at) + ": expected " + expected.dump() + ", got " + actual.dump();
    }
  }
  return "";
}

TEST(Replay, RecordedLogsComeOutTheSame) {
  const auto files = log_files();
  ASSERT_GE(files.size(), 20U);
  for (const auto& file : files) {
    EXPECT_EQ(first_difference(read_log(file)), "") << file.filename() << ": see tests/logs/README.md";
  }
}

TEST(Replay, OneOfThemComesFromABrowser) {
  const auto files = log_files();
  EXPECT_TRUE(std::ranges::any_of(files, [](const auto& file) { return file.stem() == "demo-in-chromium"; }));
}

TEST(Replay, ADifferenceIsFoundWhereItIs) {
  const auto files = log_files();
  ASSERT_FALSE(files.empty());
  for (const auto& file : files) {
    const Json log = read_log(file);
    for (std::size_t at = 1; at < log.size(); ++at) {
      Json changed = log;
      if (log[at]["type"] == "begin") {
        changed[at]["decision"]["reason"] = "observed";
      } else {
        changed[at]["hash"] = "0000000000000000";
      }
      EXPECT_TRUE(first_difference(changed).starts_with("entry " + std::to_string(at) + ":")) << file.filename();
    }
  }
}

}  // namespace
}  // namespace pst::test
