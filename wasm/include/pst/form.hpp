#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pst/catalogue.hpp"
#include "pst/json.hpp"
#include "pst/json_writer.hpp"
#include "pst/parameters.hpp"
#include "pst/prompt.hpp"
#include "pst/settings.hpp"

namespace pst {

/// What the consumer is asked for: the form parameters of a block. Several parameters may take their value from one
/// field, which is asked for once.
class Form {
 public:
  Form() = default;
  explicit Form(std::span<const DataParameter* const> parameters);

  [[nodiscard]] bool empty() const { return entries_.empty(); }
  /// Of the fields that are to be filled in.
  [[nodiscard]] bool has_required() const;
  [[nodiscard]] bool has_errors() const;

  /// Judges what was given, an object by `source_field` (or by `field`): texts and numbers, all else is nothing. A
  /// field that is not in it is left as it is.
  void take(std::optional<json::Value> values);
  /// The same, judged before: when an event is replayed, its values are masked.
  void take_judged(std::optional<json::Value> values, std::optional<json::Value> invalid);
  /// The names of the fields that were refused.
  [[nodiscard]] std::vector<std::string_view> invalid() const;

  /// After a reload: values that were given before. Sensitive ones are not kept, and are asked for again.
  /// `masked`: in a replay, whose values cannot be judged.
  void restore(json::Value values, bool masked);
  [[nodiscard]] bool is_restored() const;
  [[nodiscard]] bool needs_asking_again() const;
  void write_kept(json::Writer& writer) const;

  /// The fields that are to be filled in: all of them, or after a reload those that are missing.
  [[nodiscard]] std::vector<PromptField> fields(const Catalogue& catalogue) const;
  [[nodiscard]] const std::vector<GivenValue>& values() const { return values_; }

 private:
  struct Entry {
    const DataParameter* parameter;  ///< the first that takes its value from the field; owned by the settings
    bool required = false;
    bool sensitive = false;
    bool restored = false;  ///< given before a reload, and not asked for again
    std::optional<MessageKey> error;
  };
  [[nodiscard]] std::optional<json::Value> find(const Entry& entry, std::optional<json::Value> values) const;
  void judge(Entry& entry, std::optional<json::Value> given);
  void set(const Entry& entry, std::optional<Scalar> value);
  [[nodiscard]] const Scalar* value_of(const Entry& entry) const;

  std::vector<Entry> entries_;
  std::vector<GivenValue> values_;
};

}  // namespace pst
