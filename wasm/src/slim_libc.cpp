// Functions of the C library that nlohmann/json calls, replaced when linking the WebAssembly (see the linker's
// --wrap in CMakeLists.txt).

#include <cerrno>
#include <cstddef>
#include <string_view>

#include "decimal.hpp"

// NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl50-cpp): the names are the linker's.
extern "C" {

/// The lexer calls it with one whole number of JSON.
double __wrap_strtod(const char* text, char** end) {
  const std::string_view number(text);
  if (end != nullptr) *end = const_cast<char*>(text + number.size());
  return pst::decimal::parse(number);
}

/// Whole numbers are left to strtod, which is called where these say that a number is too large.
unsigned long long __wrap_strtoull(const char* /*text*/, char** /*end*/, int /*base*/) {
  errno = ERANGE;
  return 0;
}
long long __wrap_strtoll(const char* /*text*/, char** /*end*/, int /*base*/) {
  errno = ERANGE;
  return 0;
}

/// The lexer uses it to show control characters in texts of errors, which nobody reads: our errors have codes and
/// positions.
int __wrap_snprintf(char* buffer, std::size_t size, const char* /*format*/, ...) {
  if (size > 0) *buffer = '\0';
  return 0;
}
}
// NOLINTEND(bugprone-reserved-identifier,cert-dcl50-cpp)
