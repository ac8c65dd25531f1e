// Embind's own start-up, with the types that our functions have: numbers, and nothing. The library's file registers
// twenty more (strings, vectors, views of the memory), and each brings the glue that converts it.

#include <emscripten/bind.h>
#include <emscripten/wire.h>

#include <cstdint>
#include <limits>

namespace {

template <typename T>
void register_integer(const char* name) {
  using Limits = std::numeric_limits<T>;
  emscripten::internal::_embind_register_integer(emscripten::internal::TypeID<T>::get(), name, sizeof(T), Limits::min(),
                                                 Limits::max());
}

}  // namespace

EMSCRIPTEN_BINDINGS(numbers) {
  emscripten::internal::_embind_register_void(emscripten::internal::TypeID<void>::get(), "void");
  // No function has one, but with it comes a constant that the glue for whole numbers forgets to ask for.
  emscripten::internal::_embind_register_bool(emscripten::internal::TypeID<bool>::get(), "bool", true, false);
  register_integer<std::int32_t>("int");
  register_integer<std::uint32_t>("unsigned int");
  register_integer<unsigned long>("unsigned long");
}

// NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the names are Embind's.
extern "C" {

/// Bindings register themselves when the module starts; only threads, which we have none of, would do it again.
void _embind_register_bindings(emscripten::internal::InitFunc* /*init*/) {}

/// For messages about types that are not registered: of them there are none, or no test would pass.
const char* __getTypeName(const std::type_info* /*type*/) { return nullptr; }
}
// NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
