#include "pst/names.hpp"

namespace pst::packed {

namespace {

std::size_t length(const char* names) { return static_cast<unsigned char>(*names); }

}  // namespace

std::string_view at(const char* names, std::size_t index) {
  for (; index > 0; --index) names += 1 + length(names);
  return {names + 1, length(names)};
}

std::size_t find(const char* names, std::size_t count, std::string_view name) {
  std::size_t index = 0;
  while (index < count && at(names, 0) != name) {
    names += 1 + length(names);
    ++index;
  }
  return index;
}

}  // namespace pst::packed
