#include <emscripten/bind.h>

#include "conversions.hpp"

// The boundary: two kinds of handle, text in and text out (docs/architecture.md). C++ never calls JavaScript.
//
// Handles are addresses and methods are functions: Embind's classes would add a quarter to the glue and a look-up to
// every call.
EMSCRIPTEN_BINDINGS(pst) {
  using emscripten::function;
  namespace b = pst::bindings;

  function("abi", +[] { return pst::kAbi; });

  function("policy_new", +[] { return b::address_of(new b::PolicyHandle()); });
  function("policy_delete", +[](b::Address policy) { delete b::at<b::PolicyHandle>(policy); });
  function(
      "policy_reserve",
      +[](b::Address policy, std::uint32_t bytes) { return b::at<b::PolicyHandle>(policy)->reserve(bytes); });
  function(
      "policy_open",
      +[](b::Address policy, std::uint32_t bytes) { return b::at<b::PolicyHandle>(policy)->open(bytes); });
  function(
      "policy_accept",
      +[](b::Address policy, std::uint32_t bytes) { return b::at<b::PolicyHandle>(policy)->accept(bytes); });
  function(
      "policy_evaluate",
      +[](b::Address policy, std::uint32_t bytes) { return b::at<b::PolicyHandle>(policy)->evaluate(bytes); });
  function(
      "policy_preview",
      +[](b::Address policy, std::uint32_t bytes) { return b::at<b::PolicyHandle>(policy)->preview(bytes); });
  function(
      "policy_simulate",
      +[](b::Address policy, std::uint32_t bytes) { return b::at<b::PolicyHandle>(policy)->simulate(bytes); });

  function(
      "flow_new", +[](b::Address policy) { return b::address_of(new b::FlowHandle(*b::at<b::PolicyHandle>(policy))); });
  function("flow_delete", +[](b::Address flow) { delete b::at<b::FlowHandle>(flow); });
  function(
      "flow_reserve", +[](b::Address flow, std::uint32_t bytes) { return b::at<b::FlowHandle>(flow)->reserve(bytes); });
  function(
      "flow_begin", +[](b::Address flow, std::uint32_t bytes) { return b::at<b::FlowHandle>(flow)->begin(bytes); });
  function("flow_step", +[](b::Address flow, std::uint32_t bytes) { return b::at<b::FlowHandle>(flow)->step(bytes); });
}
