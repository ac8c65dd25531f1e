#include "generators.hpp"

#include <array>
#include <functional>

#include "documents.hpp"

namespace pst::test {

namespace {

constexpr std::size_t kMaxBytes = std::size_t{4} * 1024 * 1024;

std::string padded(std::string text, std::size_t bytes) {
  text.resize(bytes, ' ');
  return text;
}

std::string levels_of_lists(std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); }

Json parameters(int count) {
  Json list = Json::array();
  for (int i = 0; i < count; ++i) {
    list.push_back({{"type", "fixed"}, {"field", "p" + std::to_string(i)}, {"value", i}});
  }
  return list;
}

std::string with_parameters(int count) {
  Json document = chat_settings();
  document["chat"]["data_parameters"] = parameters(count);
  return document.dump();
}

std::string with_unknown_fields(int count) {
  Json document = minimal_settings();
  for (int i = 0; i < count; ++i) {
    document["x" + std::to_string(i)] = 1;
  }
  return document.dump();
}

Json with_queues(int count) {
  Json document = minimal_settings();
  document["queues"] = Json::array();
  for (int i = 0; i < count; ++i) {
    document["queues"].push_back({{"id", i}, {"chat_routing", false}});
  }
  return document;
}

std::string with_a_duplicate_queue() {
  Json document = with_queues(10'000);
  document["queues"].push_back({{"id", "0"}, {"chat_routing", false}});
  return document.dump();
}

struct Generator {
  std::string_view name;
  std::function<std::string()> make;
};

}  // namespace

std::optional<std::string> generated(std::string_view name) {
  const std::array<Generator, 13> generators{{
      {"exactly 4 MiB", [] { return padded(minimal_settings().dump(), kMaxBytes); }},
      {"one byte over 4 MiB", [] { return padded(minimal_settings().dump(), kMaxBytes + 1); }},
      {"a session of one byte over 4 MiB", [] { return padded(R"({"id":"1"})", kMaxBytes + 1); }},
      {"32 levels of lists", [] { return levels_of_lists(32); }},
      {"33 levels of lists", [] { return levels_of_lists(33); }},
      {"100,000 levels of lists", [] { return std::string(100'000, '['); }},
      {"a session 33 levels deep", [] { return R"({"id":"1","x":)" + levels_of_lists(32) + "}"; }},
      {"100 parameters", [] { return with_parameters(100); }},
      {"101 parameters", [] { return with_parameters(101); }},
      {"100 unknown fields", [] { return with_unknown_fields(100); }},
      {"101 unknown fields", [] { return with_unknown_fields(101); }},
      {"10,000 queues", [] { return with_queues(10'000).dump(); }},
      {"10,000 queues, the last a duplicate", [] { return with_a_duplicate_queue(); }},
  }};
  for (const Generator& generator : generators) {
    if (generator.name == name) {
      return generator.make();
    }
  }
  return std::nullopt;
}

}  // namespace pst::test
