#pragma once

#include "pst/json_writer.hpp"
#include "pst/session.hpp"
#include "pst/settings.hpp"

namespace pst {

/// The data parameters of the block in force as the portal's dialog shows them: one row each, in the order of the
/// settings, with the value that it would have now, or why it has none. Whether the session is transferred does not
/// matter. Values of sensitive parameters are masked.
///
/// No rows where no parameter is passed on by us: without settings, with the parameters switched off, and where the
/// hand-off goes through the platform, which passes its own. `settings` may be null.
void write_preview(json::Writer& writer, const Settings* settings, const Session& session);

}  // namespace pst
