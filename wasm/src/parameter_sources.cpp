#include "parameter_sources.hpp"

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "pst/limits.hpp"
#include "pst/parameters.hpp"

namespace pst {

namespace {

std::optional<Scalar> scalar_of(json::Value value) {
  switch (value.kind()) {
    case json::Kind::boolean:
      return Scalar(value.boolean());
    case json::Kind::number:
      return Scalar(value.number());
    case json::Kind::string:
      return Scalar(std::string(value.text()));
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<Scalar> custom_value(json::Value item) {
  if (!item.is(json::Kind::object)) return scalar_of(item);
  const auto value = item.find("value");
  if (!value) return std::nullopt;
  const auto type = item.find("type", json::Kind::string);
  if (type && type->text() == "date" && value->is(json::Kind::number)) {
    if (std::fabs(value->number()) > limits::kDateMs) return std::nullopt;
    return Scalar(iso_text(value->number()));
  }
  return scalar_of(*value);
}

namespace sources {

bool hides(std::optional<json::Value> item) {
  const auto mark = item ? item->find("invisible_to_agent", json::Kind::boolean) : std::nullopt;
  return mark && mark->boolean();
}

namespace {

using std::string_view;

/// `hidden` is set where the path leads through an item that is marked so.
std::optional<json::Value> find_metadata(const Session& session, string_view path, bool& hidden) {
  std::optional<json::Value> value = session.root();
  bool top = true;
  while (value) {
    hidden |= hides(value);
    const std::size_t dot = path.find('.');
    const string_view name = path.substr(0, dot);
    if (top && (name == "custom_data" || name == "session_variables")) return std::nullopt;
    top = false;
    value = value->find_member(name);
    if (dot == string_view::npos) break;
    path.remove_prefix(dot + 1);
  }
  return value;
}

std::optional<json::Value> find_item(std::optional<json::Value> object, string_view key) {
  return object ? object->find_member(key) : std::nullopt;
}

std::optional<json::Value> find_custom(const Session& session, Key kind, string_view key) {
  const auto custom = session.root().find("custom_data");
  return find_item(custom ? custom->find(kind) : std::nullopt, key);
}

/// How far a value is trusted where the destination field is reserved.
enum class Trust : std::uint8_t { other, unsigned_data, signed_data };

Trust trust_in(const DataParameter& parameter) {
  if (parameter.type == ParameterType::fixed) return Trust::other;
  // Another entry of the same data is as strange to it as any other source.
  if (parameter.source_field != parameter.field) return Trust::other;
  if (parameter.source == Source::signed_) return Trust::signed_data;
  return parameter.source == Source::unsigned_ ? Trust::unsigned_data : Trust::other;
}

bool is_reserved(string_view field) { return field.starts_with("reserved_") || field == "external_chat_transfer"; }

}  // namespace

std::optional<json::Value> find(const DataParameter& parameter, const Session& session) {
  if (parameter.type == ParameterType::fixed) return std::nullopt;
  switch (parameter.source) {
    case Source::ujet_metadata: {
      bool hidden = false;
      return find_metadata(session, parameter.source_field, hidden);
    }
    case Source::unsigned_:
      return find_custom(session, "unsigned", parameter.source_field);
    case Source::signed_:
      return find_custom(session, "signed", parameter.source_field);
    case Source::session_variables:
      return find_item(session.root().find("session_variables"), parameter.source_field);
    case Source::sip_headers:
      return find_item(session.root().find("sip_headers"), parameter.source_field);
    case Source::form:
    case Source::host:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Scalar> value_of(Source source, json::Value found) {
  return source == Source::ujet_metadata ? scalar_of(found) : custom_value(found);
}

std::optional<json::Value> reserved_item(const DataParameter& parameter, const Session& session) {
  if (!is_reserved(parameter.field)) return std::nullopt;
  const Trust own = trust_in(parameter);
  const auto carried = [&](Key kind) -> std::optional<json::Value> {
    const auto item = find_custom(session, kind, parameter.field);
    return item && custom_value(*item) ? item : std::nullopt;
  };
  auto item = own < Trust::signed_data ? carried("signed") : std::nullopt;
  // Unsigned data never stands in for signed.
  const bool is_signed = parameter.type == ParameterType::dynamic && parameter.source == Source::signed_;
  if (!item && own < Trust::unsigned_data && !is_signed) item = carried("unsigned");
  return item;
}

std::optional<Scalar> reserved_value(const DataParameter& parameter, const Session& session) {
  const auto item = reserved_item(parameter, session);
  return item ? custom_value(*item) : std::nullopt;
}

bool is_hidden(const DataParameter& parameter, const Session& session) {
  if (!parameter.is_from(Source::ujet_metadata)) return hides(find(parameter, session));
  bool hidden = false;
  find_metadata(session, parameter.source_field, hidden);
  return hidden;
}

}  // namespace sources

}  // namespace pst
