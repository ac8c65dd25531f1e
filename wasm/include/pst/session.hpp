#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pst/json.hpp"
#include "pst/names.hpp"
#include "pst/settings.hpp"

namespace pst {

/// The facts of one session, as a widget's adapter or a back end gives them.
///
/// Read tolerantly, because the platform keeps adding to them: only a text that is no JSON object with a usable `id` is
/// an error. A field that is absent, null or of another type is missing; unknown fields are ignored. Views are valid as
/// long as the session is.
class Session {
 public:
  static std::expected<Session, std::vector<Finding>> parse(std::string_view text);
  /// From a value inside a larger document, which the session then owns.
  static std::expected<Session, std::vector<Finding>> from(json::Document document, std::uint32_t node);

  [[nodiscard]] json::Value root() const { return document_.at(node_); }
  /// The session's id; a number as ECMAScript prints it.
  [[nodiscard]] const std::string& id() const { return id_; }

  [[nodiscard]] std::optional<std::string_view> text(Key field) const;
  [[nodiscard]] std::optional<std::string_view> text(Key object, Key field) const;

  struct Ended {
    std::optional<std::string_view> by;     ///< as given, or a name of EndedBy
    std::vector<std::string_view> because;  ///< the signals that it was derived from; empty where it was given
  };
  /// Who ended it: `ended_by` if it is given, otherwise derived from all of `signals` ({signal, at}), in any order of
  /// their arrival.
  [[nodiscard]] Ended ended_by() const;

  /// `sdk.platform`, trimmed, in lower case, blanks and `-` as `_`; nothing if missing or empty.
  [[nodiscard]] std::optional<std::string> sdk_platform() const;
  /// Whether `sdk.can` names a capability; nothing if the list is not known.
  [[nodiscard]] std::optional<bool> sdk_can(std::string_view capability) const;
  /// `queue.id` as text; nothing if there is no queue.
  [[nodiscard]] std::optional<std::string> queue_id() const;
  [[nodiscard]] std::optional<bool> post_session(Key flag) const;

 private:
  Session(json::Document document, std::uint32_t node, std::string id);

  json::Document document_;
  std::uint32_t node_;
  std::string id_;
};

/// The chat type that a text of the platform means, ignoring case.
std::optional<ChatType> chat_type_of(std::string_view text);
bool is_mobile_platform(std::string_view platform);

}  // namespace pst
