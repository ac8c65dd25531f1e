# Toolchain of the `wasm` preset: the Emscripten that set-up has found or brought.

set(_resolved "${CMAKE_CURRENT_LIST_DIR}/../../build/emscripten.cmake")
if(NOT EXISTS "${_resolved}")
  message(FATAL_ERROR "Emscripten has not been set up. Run: npm run setup")
endif()
include("${_resolved}")

include("${CMAKE_CURRENT_LIST_DIR}/system-sources.cmake")
