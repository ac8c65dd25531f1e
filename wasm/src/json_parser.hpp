#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "pst/json.hpp"

namespace pst::json {

/// A token of JSON, as nlohmann/json reads it.
struct Token {
  enum class Kind : std::uint8_t { string, number, other };

  Kind kind;         ///< `other`: any other token, and what is none
  std::size_t end;   ///< what has been read of the text; one more than there is where the text ends too early
  std::string text;  ///< of a string, without its escapes
  double number;     ///< infinite if a double cannot hold it
};

/// Reads the token at a byte of a text that is valid UTF-8. It is not preceded by blanks.
Token read_token(std::string_view text, std::size_t at);

/// What is wrong with a text whose reading ended there.
ErrorCode error_before(std::string_view text, std::size_t end);

/// An error at a byte of a text.
TextError error_at(ErrorCode code, std::string_view text, std::size_t offset);

}  // namespace pst::json
