#pragma once

#include <span>
#include <string>
#include <string_view>

#include "pst/flow.hpp"
#include "pst/settings.hpp"

/// Tagged answers of the boundary as JSON text, appended to `out`.
namespace pst::answers {

void failure(std::span<const Finding> errors, std::string& out);
void findings(json::Writer& writer, std::span<const Finding> findings);

void begin(Flow& flow, std::string_view text, std::string& out);
void step(Flow& flow, std::string_view event, std::string& out);

}  // namespace pst::answers
