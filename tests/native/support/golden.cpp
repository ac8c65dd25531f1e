#include "golden.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "generators.hpp"

namespace pst::test {

namespace {

constexpr std::array<std::string_view, 5> kKinds{"expected", "errors", "warnings", "error", "data_parameters"};

/// The fields that belong to each kind of case, in the order of `kKinds`.
const std::array<std::vector<std::string_view>, 5> known_fields{{
    {"name", "about", "settings", "session", "facts", "expected"},
    {"name", "about", "settings", "settings_text", "settings_base64", "settings_generated", "errors"},
    {"name", "about", "settings", "settings_text", "settings_base64", "settings_generated", "warnings"},
    {"name", "about", "session_text", "session_base64", "session_generated", "error"},
    {"name", "about", "settings", "session", "facts", "data_parameters", "missing", "asks"},
}};

struct Corpus {
  std::vector<GoldenCase> cases;
  std::vector<std::string> defects;
};

std::string contents_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::string text_or(const Json& object, const char* field, const std::string& otherwise) {
  return object.contains(field) && object[field].is_string() ? object[field].get<std::string>() : otherwise;
}

std::vector<std::string> defects_of(const GoldenCase& golden) {
  const auto kind_count =
      std::ranges::count_if(kKinds, [&](std::string_view kind) { return golden.fields.contains(kind); });
  if (kind_count != 1) {
    return {golden.title + ": a case of " + std::to_string(kind_count) + " kinds"};
  }
  const auto kind = std::ranges::find_if(kKinds, [&](std::string_view name) { return golden.fields.contains(name); });
  const auto& known = known_fields[static_cast<std::size_t>(kind - kKinds.begin())];
  std::vector<std::string> defects;
  for (const auto& [field, value] : golden.fields.items()) {
    if (std::ranges::find(known, field) == known.end()) {
      defects.push_back(golden.title + ": the runner does not know the field " + field);
    }
  }
  return defects;
}

void read_file(const std::filesystem::path& file, Corpus& corpus) {
  const Json root = Json::parse(contents_of(file), nullptr, false);
  const std::string name = file.filename().string();
  if (!root.is_object() || !root.contains("cases") || !root["cases"].is_array()) {
    corpus.defects.push_back(name + ": no object with a list of cases");
    return;
  }
  const Json bases = root.value("settings", Json::object());
  for (const Json& fields : root["cases"]) {
    if (!fields.is_object()) {
      corpus.defects.push_back(name + ": a case that is no object");
      continue;
    }
    GoldenCase golden{.title = name + ": " + text_or(fields, "name", "(no name)"), .fields = fields};
    if (fields.contains("settings") && fields["settings"].is_string()) {
      const auto base = fields["settings"].get<std::string>();
      if (!bases.contains(base)) {
        corpus.defects.push_back(golden.title + ": names no settings of its file: " + base);
        continue;
      }
      golden.fields["settings"] = bases[base];
    }
    std::ranges::move(defects_of(golden), std::back_inserter(corpus.defects));
    corpus.cases.push_back(std::move(golden));
  }
}

const Corpus& corpus() {
  static const Corpus read = [] {
    Corpus all;
    std::error_code error;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(PST_GOLDEN_DIR, error)) {
      if (entry.path().extension() == ".json") {
        files.push_back(entry.path());
      }
    }
    if (error) {
      all.defects.push_back(std::string(PST_GOLDEN_DIR) + ": " + error.message());
    }
    std::ranges::sort(files);
    for (const auto& file : files) {
      read_file(file, all);
    }
    return all;
  }();
  return read;
}

std::string from_base64(std::string_view text) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) {
      break;
    }
    bits = (bits << 6U) | static_cast<unsigned>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU);
    }
  }
  return bytes;
}

}  // namespace

std::optional<std::string> GoldenCase::text_of(const std::string& document) const {
  if (const auto text = fields.find(document + "_text"); text != fields.end()) {
    return text->get<std::string>();
  }
  if (const auto base64 = fields.find(document + "_base64"); base64 != fields.end()) {
    return from_base64(base64->get<std::string>());
  }
  if (const auto name = fields.find(document + "_generated"); name != fields.end()) {
    auto text = generated(name->get<std::string>());
    EXPECT_TRUE(text) << title << ": support/generators.cpp lacks the generator " << *name;
    return text;
  }
  if (const auto value = fields.find(document); value != fields.end()) {
    return value->dump();
  }
  ADD_FAILURE() << title << ": gives no " << document;
  return std::nullopt;
}

std::vector<GoldenCase> golden_cases(std::string_view kind) {
  std::vector<GoldenCase> cases;
  std::ranges::copy_if(corpus().cases, std::back_inserter(cases),
                       [&](const GoldenCase& golden) { return golden.fields.contains(kind); });
  return cases;
}

std::vector<std::string> golden_defects() { return corpus().defects; }

}  // namespace pst::test
