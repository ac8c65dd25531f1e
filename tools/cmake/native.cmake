# Toolchain of the `native` preset: what the core is developed and debugged with.

set(CMAKE_C_COMPILER clang-19)
set(CMAKE_CXX_COMPILER clang++-19)

# The wasm build uses libc++ too: what compiles here compiles there, and std::expected has its monadic members.
# Its hardened mode ends the test that reads an empty optional or past the end of a view.
set(CMAKE_CXX_FLAGS_INIT "-stdlib=libc++ -D_LIBCPP_HARDENING_MODE=_LIBCPP_HARDENING_MODE_DEBUG")

# Every undefined behaviour and every memory error ends the test that shows it, with a readable stack.
foreach(language C CXX)
  string(APPEND CMAKE_${language}_FLAGS_INIT
         " -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer")
  # Without any optimisation the sanitizers make tests slow, with more of it stacks become hard to read.
  set(CMAKE_${language}_FLAGS_DEBUG_INIT "-O1")
endforeach()

set(CMAKE_EXE_LINKER_FLAGS_INIT "-fuse-ld=lld")

include("${CMAKE_CURRENT_LIST_DIR}/system-sources.cmake")
