#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pst/key.hpp"
#include "pst/limits.hpp"
#include "pst/names.hpp"

/// Reading JSON. nlohmann/json reads every token that is not plain. A flat list of nodes instead of its tree keeps
/// duplicate keys, order and positions, is neither built nor freed recursively, and is half the size as WebAssembly.
namespace pst::json {

enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

struct Slice {
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
};

struct Node {
  Slice key;               ///< of a member; empty for elements and the root
  std::uint32_t next = 0;  ///< the following sibling, 0 = none; the first child of a container is the node after it
  Kind kind = Kind::null;
  bool boolean = false;
  union {
    double number = 0;
    Slice text;
    std::uint32_t count;  ///< members or elements
  };
};

/// Something wrong with a text, before anybody asks what it means.
struct TextError {
  ErrorCode code;
  std::optional<std::uint32_t> node;  ///< where, if parsing got that far
  std::uint32_t line = 0;             ///< 1-based; 0 = not known
  std::uint32_t column = 0;           ///< 1-based, in characters; 0 = not known
  std::string pointer;                ///< JSON Pointer, if `node` or the containers around the error are known
};

class Document;

/// What a text may be at most.
struct Bounds {
  std::size_t bytes = limits::kTextBytes;
  std::size_t depth = limits::kDepth;
};

/// One value of a document: cheap to copy, valid as long as the document is.
class Value {
 public:
  Value(const Document& document, std::uint32_t index) : document_(&document), index_(index) {}

  [[nodiscard]] Kind kind() const { return node().kind; }
  [[nodiscard]] bool is(Kind kind) const { return node().kind == kind; }
  [[nodiscard]] std::uint32_t index() const { return index_; }
  [[nodiscard]] std::string_view key() const;

  [[nodiscard]] bool boolean() const { return node().boolean; }
  [[nodiscard]] double number() const { return node().number; }
  [[nodiscard]] bool is_integer() const;
  [[nodiscard]] std::string_view text() const;
  /// Members of an object or elements of an array.
  [[nodiscard]] std::uint32_t count() const { return node().count; }

  [[nodiscard]] std::optional<Value> first() const;
  [[nodiscard]] std::optional<Value> next() const;
  /// The member `key` of an object; nothing for any other kind of value.
  [[nodiscard]] std::optional<Value> find(Key key) const { return find_member(key); }
  /// The member `key` if it is of that kind.
  [[nodiscard]] std::optional<Value> find(Key key, Kind kind) const;
  /// Like `find`, for a name that is not written in the code.
  [[nodiscard]] std::optional<Value> find_member(std::string_view name) const;

 private:
  [[nodiscard]] const Node& node() const;

  const Document* document_;
  std::uint32_t index_;
};

/// A parsed text. Its values refer to it by position, so it may be moved but must outlive them.
class Document {
 public:
  /// Parses a whole text. Errors that leave a readable tree (duplicate keys, integers out of range) are collected in
  /// `errors()`; the first one that does not is returned instead of a document.
  static std::expected<Document, TextError> parse(std::string_view text);
  static std::expected<Document, TextError> parse(std::string_view text, const Bounds& bounds);

  [[nodiscard]] Value root() const { return Value(*this, 0); }
  [[nodiscard]] Value at(std::uint32_t index) const { return Value(*this, index); }
  [[nodiscard]] const std::vector<TextError>& errors() const { return errors_; }
  [[nodiscard]] std::string pointer_to(std::uint32_t index) const;
  /// The last node below `index`, or `index` itself.
  [[nodiscard]] std::uint32_t last_below(std::uint32_t index) const;

 private:
  friend class Value;
  friend class Builder;

  [[nodiscard]] std::string_view text(Slice slice) const {
    return std::string_view(pool_).substr(slice.offset, slice.size);
  }

  std::vector<Node> nodes_;
  std::string pool_;
  std::vector<TextError> errors_;
};

inline const Node& Value::node() const { return document_->nodes_[index_]; }
inline std::string_view Value::key() const { return document_->text(node().key); }
inline std::string_view Value::text() const { return document_->text(node().text); }

/// Appends `token` to a JSON Pointer, escaped.
void append_token(std::string& pointer, std::string_view token);

}  // namespace pst::json
