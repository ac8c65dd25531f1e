#include <gtest/gtest.h>

#include "pst/policy.hpp"

namespace pst {
namespace {

TEST(Decision, Smoke) {
  Policy policy;
  std::string out;
  policy.evaluate(R"({"id":"1"})", out);
  EXPECT_EQ(out, "");
}

}  // namespace
}  // namespace pst
