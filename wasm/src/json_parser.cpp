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

/// Passes the parser's events on. Its names are those of nlohmann's SAX interface.
class Sax {
 public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  explicit Sax(std::string_view text) : text_(text), builder_(text) {}

  bool null() {
    builder_.null();
    return added();
  }
  bool boolean(bool value) {
    builder_.boolean(value);
    return added();
  }
  bool number_integer(number_integer_t value) {
    builder_.integer(static_cast<double>(value));
    return added();
  }
  bool number_unsigned(number_unsigned_t value) {
    builder_.integer(static_cast<double>(value));
    return added();
  }

  bool number_float(number_float_t value, const string_t& literal) {
    // The parser falls back to a float where an integer does not fit 64 bits.
    const bool integer = literal.find_first_of(".eE") == string_t::npos;
    if (integer) {
      builder_.integer(value);
    } else {
      builder_.number(value);
    }
    return added();
  }

  bool string(const string_t& value) {
    builder_.string(builder_.store(value));
    added();
    if (holds_nul(value)) builder_.note(ErrorCode::json_encoding);
    return true;
  }

  bool binary(const binary_t& /*value*/) { return false; }

  bool start_object(std::size_t /*count*/) { return open(Kind::object); }
  bool start_array(std::size_t /*count*/) { return open(Kind::array); }
  bool end_object() {
    builder_.close();
    return true;
  }
  bool end_array() {
    builder_.close();
    return true;
  }

  bool key(const string_t& name) {
    builder_.key(builder_.store(name));
    key_holds_nul_ = holds_nul(name);
    return true;
  }

  template <typename Exception>
  bool parse_error(std::size_t position, const std::string& /*token*/, const Exception& error) {
    constexpr int kNumberOverflow = 406;
    const ErrorCode code = error.id == kNumberOverflow               ? ErrorCode::json_number_range
                           : ends_in_lone_surrogate(text_, position) ? ErrorCode::json_encoding
                                                                     : ErrorCode::json_syntax;
    fatal_ = error_at(code, text_, position == 0 ? 0 : position - 1);
    return false;
  }

  std::expected<Document, TextError> finish() && {
    if (fatal_) return std::unexpected(std::move(*fatal_));
    return std::move(builder_).finish();
  }

 private:
  static bool holds_nul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

  /// A value has been added: its key can be blamed now.
  bool added() {
    if (std::exchange(key_holds_nul_, false)) builder_.note(ErrorCode::json_encoding);
    return true;
  }

  bool open(Kind kind) {
    const bool opened = builder_.open(kind);
    added();
    if (!opened) fatal_ = builder_.too_deep();
    return opened;
  }

  std::string_view text_;
  Builder builder_;
  bool key_holds_nul_ = false;
  std::optional<TextError> fatal_;
};

}  // namespace

TextError error_at(ErrorCode code, std::string_view text, std::size_t offset) {
  const Position position = position_of(text, std::min(offset, text.size()));
  return {.code = code, .node = std::nullopt, .line = position.line, .column = position.column, .pointer = {}};
}

std::expected<Document, TextError> parse_all(std::string_view text) {
  Sax sax(text);
  nlohmann::json::sax_parse(text.data(), text.data() + text.size(), &sax);
  return std::move(sax).finish();
}

}  // namespace pst::json
