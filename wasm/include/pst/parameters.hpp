#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pst/json_writer.hpp"
#include "pst/session.hpp"
#include "pst/settings.hpp"

namespace pst {

/// What becomes of what nobody was asked for. A form field is left out, or takes its default; after a reload what had
/// been given but is not kept (the host's values, and sensitive fields) is left out: its default may not be what was
/// passed.
enum class Unasked : std::uint8_t { left_out, defaulted, not_kept };

/// What was given on request: by the consumer, keyed by the field's name, or by the host, keyed by destination field.
struct GivenValue {
  std::string key;
  Scalar value;
  bool invisible_to_agent = false;
};
struct Given {
  std::span<const GivenValue> form;
  std::span<const GivenValue> host;
};

/// The data parameters of a session.
struct ResolvedParameters {
  struct Entry {
    const DataParameter* parameter;  ///< owned by the settings
    Scalar value;
    bool invisible_to_agent = false;  ///< as the host said when it gave the value
  };
  std::vector<Entry> values;                   ///< in the order of the settings
  std::vector<const DataParameter*> missing;   ///< required and without a value
  std::vector<const DataParameter*> asks;      ///< form fields, asked of the consumer
  std::vector<const DataParameter*> omitted;   ///< not required and without a value
  std::vector<const DataParameter*> reserved;  ///< whose own value gave way to custom data's (`reserved_…`)
};

ResolvedParameters resolve_parameters(std::span<const DataParameter> parameters, const Session& session,
                                      Unasked unasked, const Given& given = {});

/// Whether what a parameter takes from the session is marked as not for agents' eyes (`invisible_to_agent: true`): then
/// neither its name nor its value may reach a CRM.
bool invisible_to_agent(const DataParameter& parameter, const Session& session);

/// Whether the values of sensitive parameters are written: only into what is sent to the endpoint and the record sinks.
enum class Sensitive : std::uint8_t { masked, written };

/// The values as one JSON object, keyed by destination field.
void write(json::Writer& writer, std::span<const ResolvedParameters::Entry> values, Sensitive sensitive);

/// What people call a parameter: its own label, that of its custom data item, or its destination field.
std::string label_of(const DataParameter& parameter, const Session& session);

void write(json::Writer& writer, const Scalar& value);
/// For people: a text as it is, numbers as ECMAScript writes them.
std::string text_of(const Scalar& value);

/// Milliseconds since the epoch (within ±8.64e15) as `Date.prototype.toISOString` gives them.
std::string iso_text(double milliseconds);

}  // namespace pst
