#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "pst/handoff.hpp"
#include "pst/names.hpp"
#include "pst/parameters.hpp"
#include "pst/session.hpp"
#include "pst/settings.hpp"

/// What stays on record: of a hand-off that was accepted its data parameters, of a "No" that it was said.
namespace pst::records {

struct Record {
  const Session& session;
  const VirtualAgent* agent;  ///< null where only the platform knows it
  std::string_view handoff_id;
  const handoff::Consent& consent;
  const ResolvedParameters& parameters;  ///< not looked at without consent
  std::string_view accepted_at;          ///< not looked at without consent
};

/// `{"data_parameters":{…},"post_session_transfer":{…}}`, to be merged into the session metadata. Without consent there
/// are no data parameters in it.
std::string metadata_fragment(const Record& record);

/// The record's text for a CRM, in the platform's style: lines separated by a line feed, at most
/// `limits::kCrmTextBytes`. No name, key or value can forge a line. Data that is invisible to agents is left out.
/// Without consent it says only what was answered.
std::string crm_text(const Record& record);

/// Which form a sink takes a record in.
enum class Content : std::uint8_t { fragment, text };

/// The body that a record sink gets; its key is `handoff_id:kind`. `content` is what `metadata_fragment` or `crm_text`
/// gave.
std::string sink_body(std::string_view handoff_id, RecordKind kind, Content form, std::string_view content,
                      std::string_view written_at);

}  // namespace pst::records
