#pragma once

#include <optional>
#include <string_view>

#include "pst/settings.hpp"

namespace pst::test {

/// What `new URL(text)` says, well enough for the URLs of the tests: no dot segments, no percent-encoding, no IDNA.
/// Nothing where `URL` throws.
std::optional<UrlFact> url_fact(std::string_view text);

}  // namespace pst::test
