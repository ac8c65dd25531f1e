#include "json_scanner.hpp"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

#include "json_builder.hpp"
#include "json_parser.hpp"

namespace pst::json {

namespace {

constexpr bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool ends_plain_text(char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; }

/// Eight characters at a time: a set high bit for each that ends a plain text. May set bits above the first one
/// wrongly.
std::uint64_t find_ends(std::uint64_t word) {
  constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
  constexpr std::uint64_t kHighs = 0x8080808080808080ULL;
  const auto zeros = [](std::uint64_t bytes) { return (bytes - kOnes) & ~bytes & kHighs; };
  const std::uint64_t controls = (word - kOnes * 0x20) & ~word & kHighs;
  return zeros(word ^ (kOnes * '"')) | zeros(word ^ (kOnes * '\\')) | controls;
}

/// Goes through a text once, and has nlohmann/json read each token that is not plain. The document keeps the text as it
/// is, so that its strings need no copies of their own.
class Scanner {
 public:
  Scanner(std::string_view text, std::size_t depth) : text_(text), builder_(text, depth) { builder_.store(text); }

  bool scan() {
    for (;;) {
      bool opened = false;
      if (!scan_value(opened)) return false;
      if (opened) continue;
      for (;;) {
        const auto container = builder_.inside();
        const char c = next();
        if (!container) return at_ == text_.size() || fail();
        if (c == ',') {
          ++at_;
          if (*container == Kind::object && !scan_key()) return false;
          break;
        }
        if (c != (*container == Kind::object ? '}' : ']')) return fail();
        ++at_;
        builder_.close();
      }
    }
  }

  std::expected<Document, TextError> finish() && {
    if (error_) return std::unexpected(std::move(*error_));
    return std::move(builder_).finish();
  }

 private:
  /// The next character that is not blank, where the scanner now stands; NUL at the end.
  char next() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  /// `opened`: the value is a container with something in it, and its first value comes next.
  bool scan_value(bool& opened) {
    const char c = next();
    switch (c) {
      case '{':
      case '[':
        return scan_opening(c == '{' ? Kind::object : Kind::array, opened);
      case '"': {
        Slice text;
        const bool plain = scan_text(text);
        if (!plain && !read_text(text)) return false;
        builder_.string(text);
        if (!plain && holds_nul(text)) builder_.note(ErrorCode::json_encoding);
        return true;
      }
      case 't':
        builder_.boolean(true);
        return skip("true") || fail();
      case 'f':
        builder_.boolean(false);
        return skip("false") || fail();
      case 'n':
        builder_.null();
        return skip("null") || fail();
      case '\0':
        return fail();  // the text ends where a value should be
      default:
        return scan_integer() || read_number();
    }
  }

  bool scan_opening(Kind kind, bool& opened) {
    ++at_;
    if (!builder_.open(kind)) {
      error_ = builder_.too_deep();
      return false;
    }
    if (next() == (kind == Kind::object ? '}' : ']')) {
      ++at_;
      builder_.close();
      return true;
    }
    opened = true;
    return kind == Kind::array || scan_key();
  }

  bool scan_key() {
    Slice name;
    if (next() != '"') return fail();
    if (!scan_text(name)) {
      if (!read_text(name)) return false;
      if (holds_nul(name)) builder_.note_next(ErrorCode::json_encoding);
    }
    if (next() != ':') return fail();
    ++at_;
    builder_.key(name);
    return true;
  }

  /// From one quotation mark to the other, if there is no escape and no control character between them.
  bool scan_text(Slice& slice) {
    const std::size_t start = at_ + 1;
    std::size_t end = start;
    for (;;) {
      if (end + sizeof(std::uint64_t) <= text_.size()) {
        std::uint64_t word = 0;
        std::memcpy(&word, text_.data() + end, sizeof word);
        const std::uint64_t ends = find_ends(word);
        if (ends == 0) {
          end += sizeof word;
          continue;
        }
        end += static_cast<std::size_t>(std::countr_zero(ends)) / 8;
      }
      if (end == text_.size()) return false;
      if (ends_plain_text(text_[end])) break;
      ++end;
    }
    if (text_[end] != '"') return false;
    slice = {.offset = static_cast<std::uint32_t>(start), .size = static_cast<std::uint32_t>(end - start)};
    at_ = end + 1;
    return true;
  }

  /// An integer that a double holds exactly. Whatever else a number may be is not plain.
  bool scan_integer() {
    constexpr std::size_t kExactDigits = 15;
    const bool negative = text_[at_] == '-';
    const std::size_t start = negative ? at_ + 1 : at_;
    std::size_t end = start;
    double value = 0;
    while (end < text_.size() && is_digit(text_[end])) value = value * 10 + (text_[end++] - '0');
    const std::size_t digits = end - start;
    const bool leading_zero = digits > 1 && text_[start] == '0';
    if (digits == 0 || digits > kExactDigits || leading_zero) return false;
    const char after = end < text_.size() ? text_[end] : '\0';
    if (after == '.' || after == 'e' || after == 'E') return false;
    builder_.integer(negative ? -value : value);
    at_ = end;
    return true;
  }

  bool skip(std::string_view literal) {
    if (text_.substr(at_, literal.size()) != literal) return false;
    at_ += literal.size();
    return true;
  }

  /// A text with escapes.
  [[gnu::noinline]] bool read_text(Slice& slice) {
    const Token token = read_token(text_, at_);
    if (token.kind != Token::Kind::string) return fail(error_before(text_, token.end), token.end);
    slice = builder_.replace(static_cast<std::uint32_t>(at_), token.text);
    at_ = token.end;
    return true;
  }

  /// A number that is no short integer.
  [[gnu::noinline]] bool read_number() {
    const Token token = read_token(text_, at_);
    if (token.kind != Token::Kind::number) return fail(error_before(text_, token.end), token.end);
    if (!std::isfinite(token.number)) return fail(ErrorCode::json_number_range, token.end);
    if (text_.substr(at_, token.end - at_).find_first_of(".eE") == std::string_view::npos) {
      builder_.integer(token.number);
    } else {
      builder_.number(token.number);
    }
    at_ = token.end;
    return true;
  }

  /// What stands here is not what must stand here.
  [[gnu::noinline]] bool fail() {
    const std::size_t end = read_token(text_, at_).end;
    return fail(error_before(text_, end), end);
  }

  bool fail(ErrorCode code, std::size_t end) {
    error_ = error_at(code, text_, end - 1);
    return false;
  }

  [[nodiscard]] bool holds_nul(Slice slice) const { return builder_.text(slice).contains('\0'); }

  std::string_view text_;
  std::size_t at_ = 0;
  Builder builder_;
  std::optional<TextError> error_;
};

}  // namespace

std::expected<Document, TextError> scan(std::string_view text, std::size_t depth) {
  Scanner scanner(text, depth);
  scanner.scan();
  return std::move(scanner).finish();
}

}  // namespace pst::json
