#pragma once

#include <expected>
#include <optional>
#include <string_view>

#include "pst/json.hpp"

namespace pst::json {

/// Reads any text with nlohmann/json, and says what is wrong with it. The text is valid UTF-8.
std::expected<Document, TextError> parse_all(std::string_view text);

/// Reads most texts several times as fast: those without escapes, fractions or anything wrong. Nothing = this is not
/// one of them.
std::optional<Document> scan_plain(std::string_view text);

/// What is wrong at a byte of a text.
TextError error_at(ErrorCode code, std::string_view text, std::size_t offset);

}  // namespace pst::json
