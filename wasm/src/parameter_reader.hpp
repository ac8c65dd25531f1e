#pragma once

#include <cstdint>
#include <vector>

#include "findings.hpp"
#include "pst/json.hpp"
#include "pst/names.hpp"
#include "pst/settings.hpp"

namespace pst {

/// Who passes the data parameters to the virtual agent: with a ccaip agent the platform does, from its own portal's
/// list.
enum class PassedBy : std::uint8_t { module, platform };

std::vector<DataParameter> read_parameters(json::Value list, Channel channel, PassedBy passed_by, Findings& findings);

}  // namespace pst
