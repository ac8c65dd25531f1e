#pragma once

#include <cstddef>
#include <string_view>

namespace pst {

/// A name that is written in the code. As an argument it is one address, where a `string_view` would be two values put
/// on the stack: at some hundred calls that is a tenth of the whole WebAssembly.
class Key {
 public:
  template <std::size_t N>
  consteval Key(const char (&literal)[N])
      : text_(literal) {}  // NOLINT(google-explicit-constructor): a literal is a key

  constexpr operator std::string_view() const { return text_; }  // NOLINT(google-explicit-constructor)

 private:
  const char* text_;
};

}  // namespace pst
