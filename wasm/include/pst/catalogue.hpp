#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "pst/json.hpp"
#include "pst/messages.hpp"

namespace pst {

/// The texts of one language. English is built in; the bindings load the others.
struct Catalogue {
  std::string locale = "en";
  std::string version{kEnglishVersion};  ///< goes on record with the answer
  std::string direction = "ltr";

  /// From `{locale, version, dir, texts: {key: text}}`. What is missing stays English.
  static Catalogue from(json::Value value);

  [[nodiscard]] std::string_view text(MessageKey key) const;
  /// With {0}, and {1} where there is one, filled in.
  [[nodiscard]] std::string filled(MessageKey key, std::string_view first, std::string_view second = {}) const;

 private:
  std::array<std::optional<std::string>, kEnglish.size()> texts_;
};

}  // namespace pst
