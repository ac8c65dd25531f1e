#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pst/answers.hpp"
#include "pst/flow.hpp"
#include "pst/policy.hpp"

/// Between addresses on the heap and the core's texts. Embind's own strings would cost about sixty times as much.
namespace pst::bindings {

using Address = std::uintptr_t;

template <typename Handle>
Handle* at(Address address) {
  return reinterpret_cast<Handle*>(
      address);  // NOLINT(performance-no-int-to-ptr): that is what a handle is on the other side
}
template <typename Handle>
Address address_of(Handle* handle) {
  return reinterpret_cast<Address>(handle);
}

/// Where JavaScript writes a text and reads the answer: the address of a 32-bit length followed by that many bytes.
class Exchange {
 public:
  Address reserve(std::uint32_t bytes) {
    if (in_.size() < bytes) in_.resize(bytes);
    return reinterpret_cast<Address>(in_.data());
  }

 protected:
  [[nodiscard]] std::string_view text(std::uint32_t bytes) const { return std::string_view(in_).substr(0, bytes); }

  Address answer() {
    const auto size = static_cast<std::uint32_t>(out_.size() - sizeof(std::uint32_t));
    out_.replace(0, sizeof size, reinterpret_cast<const char*>(&size), sizeof size);
    return reinterpret_cast<Address>(out_.data());
  }

  /// Empty but for the room of the length.
  std::string& blank() {
    out_.assign(sizeof(std::uint32_t), '\0');
    return out_;
  }

 private:
  std::string in_;
  std::string out_;
};

class PolicyHandle : public Exchange {
 public:
  Address open(std::uint32_t bytes) {
    policy_.open(text(bytes), blank());
    return answer();
  }
  Address accept(std::uint32_t bytes) {
    policy_.accept(text(bytes), blank());
    return answer();
  }
  Address evaluate(std::uint32_t bytes) {
    policy_.evaluate(text(bytes), blank());
    return answer();
  }
  Address preview(std::uint32_t bytes) {
    policy_.preview(text(bytes), blank());
    return answer();
  }
  Address simulate(std::uint32_t bytes) {
    policy_.simulate(text(bytes), blank());
    return answer();
  }
  [[nodiscard]] const Policy& policy() const { return policy_; }

 private:
  Policy policy_;
};

class FlowHandle : public Exchange {
 public:
  explicit FlowHandle(const PolicyHandle& policy) : flow_(policy.policy().settings()) {}

  Address begin(std::uint32_t bytes) {
    answers::begin(flow_, text(bytes), blank());
    return answer();
  }
  Address step(std::uint32_t bytes) {
    answers::step(flow_, text(bytes), blank());
    return answer();
  }

 private:
  Flow flow_;
};

}  // namespace pst::bindings
