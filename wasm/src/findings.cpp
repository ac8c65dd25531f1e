#include "findings.hpp"

#include <algorithm>
#include <utility>

#include "pst/json_writer.hpp"
#include "pst/limits.hpp"
#include "utf8.hpp"

namespace pst {

namespace {

/// Enough to recognise a value in an error message.
constexpr std::size_t kShownBytes = 60;

std::string shortened(std::string_view text) {
  if (text.size() <= kShownBytes) return std::string(text);
  std::size_t end = kShownBytes;
  while (end > 0 && utf8::is_continuation(text[end])) --end;
  return std::string(text.substr(0, end)) + "…";
}

std::string shown(json::Value value) {
  switch (value.kind()) {
    case json::Kind::array:
      return "a list";
    case json::Kind::object:
      return "an object";
    case json::Kind::string: {
      std::string quoted;
      json::Writer(quoted).string(shortened(value.text()));
      return quoted;
    }
    default: {
      std::string text;
      json::Writer(text).value(value);
      return text;
    }
  }
}

bool names_its_key(std::string_view code) {
  return code == name_of(ErrorCode::field_unknown) || code == name_of(ErrorCode::json_duplicate_key);
}

/// A URL may hold a password or a token, and the value of a data parameter what is sensitive: neither is told again.
/// Nor is what no text can carry, which may stand anywhere in a session.
bool may_hold_secrets(std::string_view code, json::Value value) {
  const bool is_url = code == name_of(ErrorCode::url_invalid) || code == name_of(ErrorCode::url_insecure);
  const bool anywhere = code == name_of(ErrorCode::json_encoding) || code == name_of(ErrorCode::json_number_range);
  return is_url || anywhere || value.key() == "value" || value.key() == "default";
}

std::string_view kind_of(json::Value value) {
  switch (value.kind()) {
    case json::Kind::array:
      return "a list";
    case json::Kind::object:
      return "an object";
    case json::Kind::string:
      return "text";
    case json::Kind::number:
      return "a number";
    case json::Kind::boolean:
      return "a boolean";
    case json::Kind::null:
      return "null";
  }
  return {};
}

}  // namespace

Finding finding_of(const json::TextError& error) {
  return {.code = name_of(error.code),
          .pointer = error.pointer,
          .line = error.line,
          .column = error.column,
          .found = {},
          .expected = {},
          .limit = 0,
          .unit = {}};
}

void Findings::at(const json::Value& value, ErrorCode code, const Expected& expected) {
  add({.node = value.index(), .code = name_of(code), .expected = expected});
}

void Findings::at(const json::Value& value, WarningCode code) { add({.node = value.index(), .code = name_of(code)}); }

void Findings::exceeds(const json::Value& value, ErrorCode code, std::size_t limit, Key unit) {
  add({.node = value.index(), .code = name_of(code), .limit = static_cast<std::uint32_t>(limit), .unit = unit});
}

void Findings::missing(const json::Value& object, Key field) {
  add({.node = object.index(), .missing = field, .code = name_of(ErrorCode::field_missing)});
}

void Findings::add(const Entry& entry) {
  const bool missing = !entry.missing.empty();
  const std::uint64_t order =
      missing ? 2 * std::uint64_t{document_->last_below(entry.node)} + 1 : 2 * std::uint64_t{entry.node};
  // Of objects that end at the same place the inner one comes first.
  const auto comes_after = [&](const Entry& other) {
    return other.order != order ? other.order > order : missing && other.node < entry.node;
  };
  // Nearly every finding comes after those before it, so its place is looked for from the end.
  auto place = entries_.end();
  while (place != entries_.begin() && comes_after(place[-1])) --place;
  const bool known = !missing && place != entries_.begin() && place[-1].order == order;
  if (known) return;
  entries_.insert(place, entry)->order = order;
  // A document of nothing but mistakes must not make us hold all of them.
  if (entries_.size() > limits::kReportedErrors) entries_.pop_back();
}

void Findings::take_text_errors() {
  for (const json::TextError& error : document_->errors()) at(document_->at(*error.node), error.code);
}

std::vector<Finding> Findings::list() && {
  std::vector<Finding> findings;
  for (const Entry& entry : entries_) {
    const json::Value value = document_->at(entry.node);
    Finding finding{.code = entry.code,
                    .pointer = document_->pointer_to(entry.node),
                    .line = 0,
                    .column = 0,
                    .found = {},
                    .expected = entry.expected,
                    .limit = entry.limit,
                    .unit = entry.unit};
    if (!entry.missing.empty()) {
      json::append_token(finding.pointer, entry.missing);
      finding.found = entry.missing;
    } else {
      finding.found = names_its_key(entry.code)             ? shortened(value.key())
                      : may_hold_secrets(entry.code, value) ? std::string(kind_of(value))
                                                            : shown(value);
    }
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace pst
