#pragma once

#include <cstddef>
#include <expected>
#include <string_view>

#include "pst/json.hpp"

namespace pst::json {

/// Reads a text that is valid UTF-8, without a byte order mark.
std::expected<Document, TextError> scan(std::string_view text, std::size_t depth);

}  // namespace pst::json
