# Libraries that are used as sources or headers and that the system may have. What is not here stays unset, and the
# build fetches it.

set(_nlohmann "${CMAKE_CURRENT_LIST_DIR}/../../build/deps/nlohmann-json/include")
if(EXISTS "${_nlohmann}/nlohmann/json.hpp")
  cmake_path(NORMAL_PATH _nlohmann)
  set(NLOHMANN_INCLUDE_DIR "${_nlohmann}" CACHE PATH "Folder that holds only nlohmann/")
endif()

if(EXISTS "/usr/src/googletest/CMakeLists.txt")
  set(GTEST_SOURCE_DIR "/usr/src/googletest" CACHE PATH "GoogleTest's sources")
endif()
