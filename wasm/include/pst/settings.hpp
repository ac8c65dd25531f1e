#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pst/id_index.hpp"
#include "pst/names.hpp"

/// The settings document (version 1): what an administrator sets in the portal. Immutable once parsed.
namespace pst {

/// A JSON scalar that keeps its type.
using Scalar = std::variant<std::string, double, bool>;

struct Version {
  std::uint32_t major = 0;
  std::uint32_t minor = 0;
  std::uint32_t patch = 0;

  auto operator<=>(const Version&) const = default;

  /// `N.N.N`; an optional `-…` or `+…` after it is ignored. Nothing if it is of another form.
  static std::optional<Version> parse(std::string_view text);
};

/// What the platform's URL parser says about a URL. The core judges; it does not parse URLs.
struct UrlFact {
  std::string href;
  std::string origin;
  std::string protocol;  ///< with its colon: "https:"
  std::string hostname;
  bool userinfo = false;
};

struct Endpoint {
  EndpointKind kind = EndpointKind::ccaip;
  std::vector<std::string> statuses{"ready", "in_progress"};  ///< ccaip
  std::string declined_status = "ready";                      ///< ccaip
  std::string url;  ///< webhook, dialogflow_cx: as given; `fact.href` once judged
  UrlFact fact;
  std::string agent;       ///< dialogflow_cx: agent or environment path
  std::string event;       ///< dialogflow_cx
  std::string language;    ///< dialogflow_cx
  bool idempotent = true;  ///< whether the receiver honours Idempotency-Key
};

struct VirtualAgent {
  std::string id;
  std::string name;
  std::array<bool, kNames<Channel>.size()> serves{};
  Endpoint endpoint;

  [[nodiscard]] bool serves_channel(Channel channel) const { return serves[static_cast<std::size_t>(channel)]; }
};

struct DataParameter {
  std::string field;
  ParameterType type = ParameterType::fixed;
  Source source = Source::ujet_metadata;
  std::string source_field;
  std::optional<Scalar> value;  ///< fixed: the value; dynamic: the default
  bool required = false;
  bool sensitive = false;
  std::string label;
  std::string hint;
  FormInput input = FormInput::text;
  std::vector<std::string> choices;

  [[nodiscard]] bool is_from(Source from) const { return type == ParameterType::dynamic && source == from; }
};

struct DataRecords {
  bool in_metadata = false;
  bool in_crm_record = false;
};

/// One pane "Post-session Transfers": the global chat or call settings, or a queue's own.
struct Block {
  bool enabled = false;
  std::optional<std::uint32_t> agent;  ///< position in `Settings::agents`; always there when enabled
  bool opt_in = false;
  bool data_parameters_enabled = false;
  std::vector<DataParameter> data_parameters;
  DataRecords data_records;

  [[nodiscard]] std::span<const DataParameter> parameters_in_force() const {
    return data_parameters_enabled ? std::span<const DataParameter>(data_parameters) : std::span<const DataParameter>();
  }
};

/// What a queue does with the global chat settings.
enum class Routing : std::uint8_t { inherit, own, off };

struct Queue {
  std::string id;  ///< as decimal text where it was a number
  Routing routing = Routing::inherit;
  Block block;
};

struct Rules {
  std::array<bool, kNames<EndedBy>.size()> ended_by{true, true};  ///< agent, end_user
  std::uint32_t prompt_timeout_s = 0;                             ///< 0 = none
  Version min_sdk_version{3, 0, 0};
};

struct Settings {
  std::vector<VirtualAgent> agents;
  bool has_chat = false;
  bool has_call = false;
  Block chat;
  Block call;
  std::vector<ChatType> chat_types;  ///< in the order given
  std::vector<CallType> call_types;
  std::vector<Queue> queues;
  IdIndex queue_index;
  Rules rules;

  [[nodiscard]] std::optional<std::uint32_t> find_queue(std::string_view id) const { return queue_index.find(id); }
};

/// What may stand in a place of a document: names written in the code.
using Expected = std::span<const std::string_view>;

/// Something wrong, or worth a warning, in a document. Texts for people are made from it at the edge.
struct Finding {
  std::string_view code;  ///< of ErrorCode or WarningCode
  std::string pointer;
  std::uint32_t line = 0;  ///< 0 = the pointer says where
  std::uint32_t column = 0;
  std::string found;        ///< what stands there, shortened
  Expected expected;        ///< what may stand there: names, types or patterns
  std::uint32_t limit = 0;  ///< what was exceeded, 0 = nothing
  std::string_view unit;    ///< of the limit: characters, bytes, entries
};

struct SettingsReport {
  std::shared_ptr<const Settings> settings;  ///< null when there are errors
  std::vector<Finding> errors;               ///< in the order of the document
  std::vector<Finding> warnings;
};

/// Reading takes two steps, because URLs are parsed by the platform: `open` says which URLs it wants judged, `accept`
/// takes the facts.
class SettingsReader {
 public:
  explicit SettingsReader(std::string_view text);
  ~SettingsReader();
  SettingsReader(SettingsReader&&) noexcept;
  SettingsReader& operator=(SettingsReader&&) noexcept;
  SettingsReader(const SettingsReader&) = delete;
  SettingsReader& operator=(const SettingsReader&) = delete;

  /// The URLs in the document, in its order.
  [[nodiscard]] const std::vector<std::string>& urls() const;

  /// Facts in the order of `urls()`; nothing where the platform could not parse the URL.
  SettingsReport accept(std::span<const std::optional<UrlFact>> facts) &&;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pst
