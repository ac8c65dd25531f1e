#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pst/json.hpp"
#include "pst/limits.hpp"
#include "pst/settings.hpp"

/// Collecting what is wrong with a document, and putting it into the document's order.
namespace pst {

/// A finding for a text that could not be read.
Finding finding_of(const json::TextError& error);

template <typename Enum>
constexpr Expected names_of() {
  return kNames<Enum>;
}

class Findings {
 public:
  explicit Findings(const json::Document& document) : document_(&document) {}

  /// What reading the text has found. Comes first: the first finding about a value is the only one.
  void take_text_errors();

  void at(const json::Value& value, ErrorCode code, const Expected& expected = {});
  void at(const json::Value& value, WarningCode code);
  void exceeds(const json::Value& value, ErrorCode code, std::size_t limit, Key unit);

  /// About a field that is not there: it stands after all that is in its object.
  void missing(const json::Value& object, Key field);

  /// Whether nothing from here on could be among the errors that are told: a list of nothing but mistakes need not be
  /// read to its end.
  [[nodiscard]] bool full_before(const json::Value& value) const {
    return entries_.size() == limits::kReportedErrors && entries_.back().order < 2 * std::uint64_t{value.index()};
  }

  [[nodiscard]] bool empty() const { return entries_.empty(); }

  /// In the document's order, at most `limits::kReportedErrors`.
  [[nodiscard]] std::vector<Finding> list() &&;

 private:
  struct Entry {
    std::uint32_t node = 0;
    std::string_view missing;  ///< the field that is not there
    std::string_view code;
    Expected expected;
    std::uint32_t limit = 0;
    std::string_view unit;
    std::uint64_t order = 0;  ///< the place in the document
  };

  void add(const Entry& entry);

  const json::Document* document_;
  std::vector<Entry> entries_;  ///< in the document's order
};

}  // namespace pst
