#include "pst/json.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "pst/id_index.hpp"
#include "pst/limits.hpp"
#include "utf8.hpp"

namespace pst::json {

namespace {

/// Up to this many members, comparing each with each is the fastest way to find duplicates.
constexpr std::uint32_t kFewMembers = 48;

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

TextError error_at(ErrorCode code, std::string_view text, std::size_t offset) {
  const Position position = position_of(text, std::min(offset, text.size()));
  return {.code = code, .node = std::nullopt, .line = position.line, .column = position.column, .pointer = {}};
}

bool is_hex_escape(std::string_view text, char first, char low, char high) {
  if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return false;
  const auto lower = [](char c) { return static_cast<char>(c | 0x20); };
  return lower(text[2]) == first && lower(text[3]) >= low && lower(text[3]) <= high;
}

/// Whether what the parser stopped at is an escape for half of a surrogate pair.
bool ends_in_lone_surrogate(std::string_view text, std::size_t position) {
  // The parser has read at most the escape, and the six characters in which its other half was expected.
  constexpr std::size_t kTwoEscapes = 12;
  const std::size_t from = position < kTwoEscapes ? 0 : position - kTwoEscapes;
  for (std::size_t i = from; i < std::min(position, text.size()); ++i) {
    const bool high = is_hex_escape(text.substr(i), 'd', '8', 'b');
    const bool low = is_hex_escape(text.substr(i), 'd', 'c', 'f');
    if (high && !is_hex_escape(text.substr(i + 6), 'd', 'c', 'f')) return true;
    if (low && (i < 6 || !is_hex_escape(text.substr(i - 6), 'd', '8', 'b'))) return true;
  }
  return false;
}

}  // namespace

/// Fills a document from the parser's events.
class Builder {
 public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  explicit Builder(std::string_view text) : text_(text) {
    // A guess that spares most documents a second allocation: measured on sessions and settings, a node takes about 14
    // bytes of text.
    document_.nodes_.reserve(text.size() / 14 + 8);
    document_.pool_.reserve(text.size());
  }

  // NOLINTBEGIN(readability-identifier-naming): the names are those of nlohmann's SAX interface.
  bool null() { return add(Kind::null); }

  bool boolean(bool value) {
    if (!add(Kind::boolean)) return false;
    document_.nodes_.back().boolean = value;
    return true;
  }

  bool number_integer(number_integer_t value) { return add_integer(static_cast<double>(value)); }
  bool number_unsigned(number_unsigned_t value) { return add_integer(static_cast<double>(value)); }

  bool number_float(number_float_t value, const string_t& literal) {
    // The parser falls back to a float where an integer does not fit 64 bits.
    if (literal.find_first_of(".eE") == string_t::npos) return add_integer(value);
    return add_number(value);
  }

  bool string(const string_t& value) {
    if (!add(Kind::string)) return false;
    document_.nodes_.back().text = store(value);
    refuse_nul(value);
    return true;
  }

  bool binary(const binary_t& /*value*/) { return false; }

  bool start_object(std::size_t /*count*/) { return open(Kind::object); }
  bool start_array(std::size_t /*count*/) { return open(Kind::array); }

  bool key(const string_t& name) {
    key_ = store(name);
    refuse_nul(name);
    return true;
  }

  bool end_object() {
    find_duplicates(open_.back().container);
    open_.pop_back();
    return true;
  }

  bool end_array() {
    open_.pop_back();
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
  // NOLINTEND(readability-identifier-naming)

  std::expected<Document, TextError> finish() && {
    if (fatal_) return std::unexpected(std::move(*fatal_));
    for (TextError& error : document_.errors_) error.pointer = document_.pointer_to(*error.node);
    return std::move(document_);
  }

 private:
  struct Open {
    std::uint32_t container;
    std::uint32_t last = 0;  ///< the latest child, 0 = none yet
  };

  Slice store(std::string_view text) {
    const Slice slice{static_cast<std::uint32_t>(document_.pool_.size()), static_cast<std::uint32_t>(text.size())};
    document_.pool_.append(text);
    return slice;
  }

  bool add(Kind kind) {
    const auto index = static_cast<std::uint32_t>(document_.nodes_.size());
    Node node;
    node.kind = kind;
    if (!open_.empty()) {
      Open& parent = open_.back();
      if (parent.last != 0) document_.nodes_[parent.last].next = index;
      parent.last = index;
      Node& container = document_.nodes_[parent.container];
      ++container.count;
      if (container.kind == Kind::object) node.key = key_;
    }
    document_.nodes_.push_back(node);
    return true;
  }

  bool add_number(double value) {
    add(Kind::number);
    document_.nodes_.back().number = value;
    return true;
  }

  bool add_integer(double value) {
    add_number(value);
    if (std::fabs(value) > limits::kMaxSafeInteger) report(ErrorCode::json_number_range);
    return true;
  }

  bool open(Kind kind) {
    add(kind);
    document_.nodes_.back().count = 0;
    const auto index = static_cast<std::uint32_t>(document_.nodes_.size() - 1);
    if (open_.size() == limits::kDepth) {
      fatal_ = TextError{.code = ErrorCode::json_too_deep,
                         .node = index,
                         .line = 0,
                         .column = 0,
                         .pointer = document_.pointer_to(index)};
      return false;
    }
    open_.push_back({.container = index});
    return true;
  }

  void report(ErrorCode code) { report(code, static_cast<std::uint32_t>(document_.nodes_.size() - 1)); }

  void report(ErrorCode code, std::uint32_t node) {
    if (document_.errors_.size() >= limits::kReportedErrors) return;
    document_.errors_.push_back({.code = code, .node = node, .line = 0, .column = 0, .pointer = {}});
  }

  void refuse_nul(std::string_view text) {
    if (text.find('\0') != std::string_view::npos && !document_.nodes_.empty()) report(ErrorCode::json_encoding);
  }

  void find_duplicates(std::uint32_t container) {
    const std::uint32_t count = document_.nodes_[container].count;
    if (count < 2) return;
    if (count > kFewMembers) return find_duplicates_among_many(container);
    // Keys that differ in length or at an end need not be compared: a word of bits remembers which of these were seen.
    std::uint64_t seen = 0;
    for (std::uint32_t i = container + 1; i != 0; i = document_.nodes_[i].next) {
      const std::uint64_t bit = std::uint64_t{1} << sketch(key_of(i));
      if ((seen & bit) != 0) compare_with_earlier(container, i);
      seen |= bit;
    }
  }

  static std::uint32_t sketch(std::string_view key) {
    if (key.empty()) return 0;
    const auto first = static_cast<unsigned char>(key.front());
    const auto last = static_cast<unsigned char>(key.back());
    return (static_cast<std::uint32_t>(key.size()) * 7U + first * 3U + last) % 64U;
  }

  void compare_with_earlier(std::uint32_t container, std::uint32_t member) {
    for (std::uint32_t j = container + 1; j != member; j = document_.nodes_[j].next) {
      if (key_of(j) == key_of(member)) return report(ErrorCode::json_duplicate_key, member);
    }
  }

  // Out of line and small: only hostile or generated objects are that large, and their keys are sorted instead of
  // compared each with each.
  [[gnu::noinline]] void find_duplicates_among_many(std::uint32_t container) {
    std::vector<std::uint32_t> members;
    IdIndex keys;
    for (std::uint32_t i = container + 1; i != 0; i = document_.nodes_[i].next) {
      members.push_back(i);
      keys.add(key_of(i));
    }
    for (const std::uint32_t repeated : keys.build()) report(ErrorCode::json_duplicate_key, members[repeated]);
  }

  [[nodiscard]] std::string_view key_of(std::uint32_t index) const {
    return document_.text(document_.nodes_[index].key);
  }

  std::string_view text_;
  Document document_;
  Slice key_;
  std::vector<Open> open_;
  std::optional<TextError> fatal_;
};

std::expected<Document, TextError> Document::parse(std::string_view text) {
  if (text.size() > limits::kTextBytes) {
    return std::unexpected(
        TextError{.code = ErrorCode::json_too_large, .node = std::nullopt, .line = 0, .column = 0, .pointer = {}});
  }
  if (text.starts_with(utf8::kByteOrderMark)) return std::unexpected(error_at(ErrorCode::json_encoding, text, 0));
  if (const std::size_t bad = utf8::find_invalid(text); bad != std::string_view::npos) {
    return std::unexpected(error_at(ErrorCode::json_encoding, text, bad));
  }
  Builder builder(text);
  nlohmann::json::sax_parse(text.data(), text.data() + text.size(), &builder);
  return std::move(builder).finish();
}

bool Value::is_integer() const {
  const double value = node().number;
  return node().kind == Kind::number && std::fabs(value) <= limits::kMaxSafeInteger && std::trunc(value) == value;
}

std::optional<Value> Value::first() const {
  const bool container = is(Kind::object) || is(Kind::array);
  if (!container || node().count == 0) return std::nullopt;
  return Value(*document_, index_ + 1);
}

std::optional<Value> Value::next() const {
  if (node().next == 0) return std::nullopt;
  return Value(*document_, node().next);
}

std::optional<Value> Value::find_member(std::string_view name) const {
  if (!is(Kind::object) || node().count == 0) return std::nullopt;
  for (std::uint32_t i = index_ + 1; i != 0; i = document_->nodes_[i].next) {
    if (document_->text(document_->nodes_[i].key) == name) return Value(*document_, i);
  }
  return std::nullopt;
}

std::optional<Value> Value::find(Key key, Kind kind) const {
  const auto member = find(key);
  return member && member->is(kind) ? member : std::nullopt;
}

void append_token(std::string& pointer, std::string_view token) {
  pointer += '/';
  for (const char c : token) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
}

std::string Document::pointer_to(std::uint32_t index) const {
  std::string pointer;
  std::uint32_t current = 0;
  while (current != index) {
    const Node& container = nodes_[current];
    std::uint32_t child = current + 1;
    std::uint32_t position = 0;
    while (nodes_[child].next != 0 && nodes_[child].next <= index) {
      child = nodes_[child].next;
      ++position;
    }
    append_token(pointer,
                 container.kind == Kind::object ? std::string(text(nodes_[child].key)) : std::to_string(position));
    current = child;
  }
  return pointer;
}

std::uint32_t Document::last_below(std::uint32_t index) const {
  while ((nodes_[index].kind == Kind::object || nodes_[index].kind == Kind::array) && nodes_[index].count > 0) {
    ++index;
    while (nodes_[index].next != 0) index = nodes_[index].next;
  }
  return index;
}

}  // namespace pst::json
