#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pst/json.hpp"
#include "pst/limits.hpp"

namespace pst::json {

/// Fills a document, value by value in the order of the text. What leaves a readable tree (duplicate keys, integers out
/// of range, NUL characters) is noted; what does not ends the building.
class Builder {
 public:
  Builder(std::string_view text, std::size_t depth) : depth_(depth) {
    // A guess that spares most documents a second allocation: measured on sessions and settings, a node takes about 14
    // bytes of text.
    document_.nodes_.reserve(text.size() / 14 + 8);
    document_.pool_.reserve(text.size());
  }

  /// Copies a text into the document.
  Slice store(std::string_view text) {
    const Slice slice{static_cast<std::uint32_t>(document_.pool_.size()), static_cast<std::uint32_t>(text.size())};
    document_.pool_.append(text);
    return slice;
  }

  /// Puts a text where a longer one was stored.
  Slice replace(std::uint32_t offset, std::string_view text) {
    std::ranges::copy(text, document_.pool_.data() + offset);
    return {offset, static_cast<std::uint32_t>(text.size())};
  }

  [[nodiscard]] std::string_view text(Slice slice) const { return document_.text(slice); }

  void null() { add(Kind::null); }
  void boolean(bool value) { add(Kind::boolean).boolean = value; }
  void number(double value) { add(Kind::number).number = value; }
  void string(Slice text) { add(Kind::string).text = text; }
  /// An integer may lie beyond those that a double holds exactly.
  void integer(double value) {
    number(value);
    if (value > limits::kMaxSafeInteger || value < -limits::kMaxSafeInteger) note(ErrorCode::json_number_range);
  }
  /// The key of the next value.
  void key(Slice name) { key_ = name; }

  /// False if it nests too deep.
  bool open(Kind kind);
  void close() {
    const std::uint32_t container = open_.back().container;
    open_.pop_back();
    if (document_.nodes_[container].kind == Kind::object) find_duplicates(container);
  }

  /// The container that values go into now; nothing at the outermost level.
  [[nodiscard]] std::optional<Kind> inside() const {
    return open_.empty() ? std::nullopt : std::optional(document_.nodes_[open_.back().container].kind);
  }

  /// Something is wrong with the value added last.
  void note(ErrorCode code) { note(code, static_cast<std::uint32_t>(document_.nodes_.size() - 1)); }

  /// Something is wrong with the key of the next value.
  void note_next(ErrorCode code) { note(code, static_cast<std::uint32_t>(document_.nodes_.size())); }

  /// Why `open` said false.
  [[nodiscard]] TextError too_deep() const;
  Document finish() &&;

 private:
  struct Open {
    std::uint32_t container = 0;
    std::uint32_t last = 0;  ///< the latest child, 0 = none yet
  };

  Node& add(Kind kind) {
    const auto index = static_cast<std::uint32_t>(document_.nodes_.size());
    Node& node = document_.nodes_.emplace_back();
    node.kind = kind;
    if (open_.empty()) return node;
    Open& parent = open_.back();
    if (parent.last != 0) document_.nodes_[parent.last].next = index;
    parent.last = index;
    Node& container = document_.nodes_[parent.container];
    ++container.count;
    if (container.kind == Kind::object) node.key = key_;
    return node;
  }

  void note(ErrorCode code, std::uint32_t node);
  void find_duplicates(std::uint32_t container);
  void compare_with_earlier(std::uint32_t container, std::uint32_t member);
  void find_duplicates_among_many(std::uint32_t container);
  [[nodiscard]] std::string_view key_of(std::uint32_t index) const {
    return document_.text(document_.nodes_[index].key);
  }

  Document document_;
  Slice key_;
  std::vector<Open> open_;
  std::size_t depth_;  ///< how many containers may be open at a time
};

}  // namespace pst::json
