#include "pst/json.hpp"

#include <algorithm>
#include <cmath>

#include "json_parser.hpp"
#include "json_scanner.hpp"
#include "pst/limits.hpp"
#include "utf8.hpp"

namespace pst::json {

std::expected<Document, TextError> Document::parse(std::string_view text) { return parse(text, Bounds{}); }

std::expected<Document, TextError> Document::parse(std::string_view text, const Bounds& bounds) {
  if (text.size() > bounds.bytes) {
    return std::unexpected(
        TextError{.code = ErrorCode::json_too_large, .node = std::nullopt, .line = 0, .column = 0, .pointer = {}});
  }
  if (text.starts_with(utf8::kByteOrderMark)) return std::unexpected(error_at(ErrorCode::json_encoding, text, 0));
  if (const std::size_t bad = utf8::find_invalid(text); bad != std::string_view::npos) {
    return std::unexpected(error_at(ErrorCode::json_encoding, text, bad));
  }
  return scan(text, bounds.depth);
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
  std::size_t end = std::min(token.size(), limits::kPointerTokenBytes);
  while (end < token.size() && utf8::is_continuation(token[end])) --end;
  for (const char c : token.substr(0, end)) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
  if (end < token.size()) pointer += "…";
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
