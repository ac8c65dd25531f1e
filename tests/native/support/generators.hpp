#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pst::test {

/// The documents of tests/golden/generators.mjs; nothing for a name that is not there.
std::optional<std::string> generated(std::string_view name);

}  // namespace pst::test
