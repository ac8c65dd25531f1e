#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dom.hpp"

/// The golden corpus (tests/golden/README.md), as every runner reads it.
namespace pst::test {

struct GoldenCase {
  std::string title;  ///< file and name
  Json fields;        ///< of the case, with settings that are named by a base replaced by that document

  /// The text of a document that the case gives as `…` (an object), `…_text`, `…_base64` or `…_generated`; nothing, and
  /// a failure, if it gives none.
  [[nodiscard]] std::optional<std::string> text_of(const std::string& document) const;
};

/// The cases that have a field `kind`: `expected`, `errors`, `warnings`, `error` or `data_parameters`.
std::vector<GoldenCase> golden_cases(std::string_view kind);

/// What is wrong with the corpus itself: files that cannot be read, cases of no kind or of several, fields that no
/// runner knows.
std::vector<std::string> golden_defects();

}  // namespace pst::test
