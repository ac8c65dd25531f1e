#pragma once

#include <optional>
#include <string_view>

#include "pst/names.hpp"
#include "pst/settings.hpp"

namespace pst {

/// What is wrong with a URL as a place to send personal data to; nothing if it is fine. No fact = the platform could
/// not parse it.
std::optional<ErrorCode> judge_url(const std::optional<UrlFact>& fact, EndpointKind kind);

/// Whether a text is the path of a Dialogflow CX agent (field `agent`: of an agent or an environment; `environment`: of
/// an environment).
bool is_dialogflow_path(std::string_view path, std::string_view field);

}  // namespace pst
