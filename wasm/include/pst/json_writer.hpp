#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pst/json.hpp"

/// Writing JSON text as `JSON.stringify` would: no blanks, numbers as ECMAScript writes them.
namespace pst::json {

/// A number as ECMAScript's Number::toString gives it: the shortest digits that read back as the same number. `value`
/// is finite.
std::string number_text(double value);

class Writer {
 public:
  explicit Writer(std::string& out) : out_(&out) {}

  Writer& begin_object() { return open('{'); }
  Writer& end_object() { return close('}'); }
  Writer& begin_array() { return open('['); }
  Writer& end_array() { return close(']'); }

  Writer& key(Key name);
  /// A key that is not written in the code.
  Writer& key_text(std::string_view name);
  Writer& string(std::string_view text);
  Writer& number(double value);
  Writer& boolean(bool value);
  Writer& null();
  /// A copy of a parsed value. Recursion is bounded by the depth that the parser allows.
  Writer& value(const Value& value);
  /// Text that is JSON already.
  Writer& raw(std::string_view json);

  Writer& string_or_null(const std::optional<std::string_view>& text) { return text ? string(*text) : null(); }

  template <typename Enum>
  Writer& name(Enum value) {
    return named(packed::kNames<Enum>.data(), static_cast<std::size_t>(value));
  }
  template <typename Enum>
  Writer& name_or_null(const std::optional<Enum>& value) {
    return value ? name(*value) : null();
  }

 private:
  /// Text of which nothing needs an escape.
  Writer& plain(const std::string_view& text);
  Writer& named(const char* names, std::size_t index) { return plain(packed::at(names, index)); }
  Writer& open(char bracket);
  Writer& close(char bracket);
  /// Room for `size` more characters and a comma before them, which is written if one is due.
  char* extend(std::size_t size);

  std::string* out_;
  bool first_ = true;  ///< nothing has been written in the innermost container yet
};

}  // namespace pst::json
