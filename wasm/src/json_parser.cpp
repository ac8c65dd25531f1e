#include "json_parser.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "json_builder.hpp"
#include "utf8.hpp"

namespace pst::json {

namespace {

struct Position {
  std::uint32_t line;
  std::uint32_t column;
};

Position position_of(std::string_view text, std::size_t offset) {
  Position position{1, 1};
  for (const char c : text.substr(0, offset)) {
    if (c == '\n') {
      ++position.line;
      position.column = 1;
    } else if (!utf8::is_continuation(c)) {
      ++position.column;
    }
  }
  return position;
}

/// Whether a text begins with a `\u` escape whose first digit is `first` and whose second is between `low` and `high`.
bool is_hex_escape(std::string_view text, char first, char low, char high) {
  if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return false;
  const auto lower = [](char c) { return static_cast<char>(c | 0x20); };
  return lower(text[2]) == first && lower(text[3]) >= low && lower(text[3]) <= high;
}

/// Whether the backslash at `at` begins an escape, and is not itself escaped.
bool begins_escape(std::string_view text, std::size_t at) {
  std::size_t backslashes = 0;
  while (backslashes < at && text[at - backslashes - 1] == '\\') ++backslashes;
  return backslashes % 2 == 0;
}

/// Whether what the parser stopped at is an escape for half of a surrogate pair.
bool ends_in_lone_surrogate(std::string_view text, std::size_t position) {
  // The parser has read at most the escape, and the six characters in which its other half was expected.
  constexpr std::size_t kTwoEscapes = 12;
  const std::size_t from = position < kTwoEscapes ? 0 : position - kTwoEscapes;
  for (std::size_t i = from; i < std::min(position, text.size()); ++i) {
    const bool high = is_hex_escape(text.substr(i), 'd', '8', 'b');
    const bool low = is_hex_escape(text.substr(i), 'd', 'c', 'f');
    if (!begins_escape(text, i)) continue;
    if (high && !is_hex_escape(text.substr(i + 6), 'd', 'c', 'f')) return true;
    if (low && (i < 6 || !is_hex_escape(text.substr(i - 6), 'd', '8', 'b'))) return true;
  }
  return false;
}

}  // namespace

TextError error_at(ErrorCode code, std::string_view text, std::size_t offset) {
  const Position position = position_of(text, std::min(offset, text.size()));
  return {.code = code, .node = std::nullopt, .line = position.line, .column = position.column, .pointer = {}};
}

Token read_token(std::string_view text, std::size_t at) {
  using Input = nlohmann::detail::iterator_input_adapter<const char*>;
  using Lexer = nlohmann::detail::lexer<nlohmann::json, Input>;
  Token token{.kind = Token::Kind::other, .end = at + 1, .text = {}, .number = 0};
  // At its start the lexer would take it for a byte order mark.
  if (at < text.size() && text[at] == utf8::kByteOrderMark.front()) return token;
  Lexer lexer(Input(text.data() + at, text.data() + text.size()));
  const auto type = lexer.scan();
  token.end = at + lexer.get_position().chars_read_total;
  switch (type) {
    case Lexer::token_type::value_string:
      token.kind = Token::Kind::string;
      token.text = std::move(lexer.get_string());
      break;
    case Lexer::token_type::value_unsigned:
      token.kind = Token::Kind::number;
      token.number = static_cast<double>(lexer.get_number_unsigned());
      break;
    case Lexer::token_type::value_integer:
      token.kind = Token::Kind::number;
      token.number = static_cast<double>(lexer.get_number_integer());
      break;
    case Lexer::token_type::value_float:
      token.kind = Token::Kind::number;
      token.number = lexer.get_number_float();
      break;
    default:
      break;
  }
  return token;
}

ErrorCode error_before(std::string_view text, std::size_t end) {
  return ends_in_lone_surrogate(text, end) ? ErrorCode::json_encoding : ErrorCode::json_syntax;
}

}  // namespace pst::json
