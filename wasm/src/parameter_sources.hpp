#pragma once

#include <optional>

#include "pst/json.hpp"
#include "pst/session.hpp"
#include "pst/settings.hpp"

/// Where a session carries what a data parameter takes, and what that is worth.
namespace pst::sources {

/// What stands where a parameter's source and source field point to; nothing for a fixed one, and for those that are
/// asked of the consumer or of the page.
std::optional<json::Value> find(const DataParameter& parameter, const Session& session);

/// The value of what was found; nothing if it is null, an object, a list or a date that no Date can hold. Session facts
/// are plain values; any other source has items: a plain value or `{label, value, type, invisible_to_agent}`, where of
/// the types only `date` changes a value.
std::optional<Scalar> value_of(Source source, json::Value found);

/// The destination fields `reserved_…` and `external_chat_transfer` belong to the custom data. The item under that name
/// that the parameter may not overwrite: signed before unsigned, and only if it has a value and is trusted more than
/// the parameter's own source.
std::optional<json::Value> reserved_item(const DataParameter& parameter, const Session& session);
std::optional<Scalar> reserved_value(const DataParameter& parameter, const Session& session);

/// Whether the item is marked `invisible_to_agent: true`.
bool hides(std::optional<json::Value> item);
/// Whether what the parameter takes is marked so, or stands in something that is.
bool is_hidden(const DataParameter& parameter, const Session& session);

}  // namespace pst::sources
