#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace pst::test {

/// What the tests build documents with and read answers by: another parser than the core's own reading of JSON.
using Json = nlohmann::ordered_json;

/// The text as a value. Text that is no JSON fails the test and gives null.
inline Json dom(std::string_view text) {
  Json value = Json::parse(text, nullptr, false);
  if (value.is_discarded()) {
    ADD_FAILURE() << "this is no JSON: " << text;
    return nullptr;
  }
  return value;
}

/// Equal as JSON: the order of an object's members does not count.
inline bool same(const Json& a, const Json& b) { return nlohmann::json(a) == nlohmann::json(b); }

}  // namespace pst::test
