#pragma once

#include <optional>
#include <string_view>

#include "pst/json.hpp"
#include "pst/names.hpp"
#include "pst/settings.hpp"

namespace pst {

/// What the bindings say about a URL: `{href, origin, protocol, hostname, userinfo}`; nothing where it is no such
/// object.
std::optional<UrlFact> read_url_fact(json::Value value);

/// What is wrong with a URL as a place to send personal data to; nothing if it is fine. No fact = the platform could
/// not parse it.
std::optional<ErrorCode> judge_url(const std::optional<UrlFact>& fact, EndpointKind kind);

/// Whether a text is the path of a Dialogflow CX agent (field `agent`: of an agent or an environment; `environment`: of
/// an environment).
bool is_dialogflow_path(std::string_view path, std::string_view field);

}  // namespace pst
