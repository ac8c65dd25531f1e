#include "pst/settings.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "findings.hpp"
#include "object_reader.hpp"
#include "parameter_reader.hpp"
#include "pst/json_writer.hpp"
#include "pst/limits.hpp"
#include "url_judge.hpp"

namespace pst {

namespace {

using std::string_view;

constexpr std::array<string_view, 6> kRootFields{"version", "virtual_agents", "chat", "call", "queues", "rules"};
constexpr std::array<string_view, 4> kAgentFields{"id", "name", "channels", "endpoint"};
constexpr std::array<string_view, 3> kCcaipFields{"kind", "statuses", "declined_status"};
constexpr std::array<string_view, 2> kWebhookFields{"kind", "url"};
constexpr std::array<string_view, 7> kDialogflowFields{"kind",  "url",           "agent",     "environment",
                                                       "event", "language_code", "idempotent"};
constexpr std::array<string_view, 7> kChatFields{
    "enabled", "chat_types", "virtual_agent", "opt_in", "data_parameters_enabled", "data_parameters", "data_records"};
constexpr std::array<string_view, 6> kCallFields{
    "enabled", "call_types", "virtual_agent", "data_parameters_enabled", "data_parameters", "data_records"};
constexpr std::array<string_view, 8> kQueueFields{
    "id",          "name", "chat_routing", "virtual_agent", "opt_in", "data_parameters_enabled", "data_parameters",
    "data_records"};
constexpr std::array<string_view, 2> kRecordFields{"in_metadata", "in_crm_record"};
constexpr std::array<string_view, 3> kRuleFields{"ended_by", "prompt_timeout_s", "min_sdk_version"};

/// Names an administrator may look for where the platform has nothing: they get their own error instead of "unknown
/// field".
constexpr std::array<string_view, 5> kQueueLevelInCall{"queues", "queue", "queue_id", "call_routing", "chat_routing"};
constexpr std::array<string_view, 4> kCallInQueue{"call", "call_types", "call_type", "call_routing"};

constexpr std::array<string_view, 1> kVersions{"1"};
constexpr std::array<string_view, 1> kOnePath{"either agent or environment"};
constexpr std::array<string_view, 2> kDialogflowPaths{"projects/P/locations/L/agents/A",
                                                      "projects/P/locations/L/agents/A/environments/E"};
constexpr std::array<string_view, 2> kQueueIdTypes{"string", "integer"};
/// The enders that rules may name: those that end a session (not `dismissed`, which can be resumed, nor `unknown`).
constexpr Expected kEnders = names_of<EndedBy>().first(3);
constexpr std::array<string_view, 1> kInteger{"integer"};
constexpr std::array<string_view, 2> kTimeouts{"0", "20–3600"};
constexpr std::array<string_view, 1> kVersionPattern{"N.N.N"};

constexpr TextLimits kIdLimits{.max_characters = limits::kIdCharacters};
constexpr TextLimits kNameLimits{.max_characters = limits::kNameCharacters};
constexpr TextLimits kTextLimits{.max_bytes = limits::kValueBytes};

template <std::size_t N, std::size_t M>
constexpr auto joined(const std::array<string_view, N>& a, const std::array<string_view, M>& b) {
  std::array<string_view, N + M> both{};
  std::ranges::copy(a, both.begin());
  std::ranges::copy(b, both.begin() + N);
  return both;
}

bool is_number_other_than_one(json::Value version) { return version.is(json::Kind::number) && version.number() != 1; }

}  // namespace

/// Walks a document once; everything it notices goes to `findings` and `warnings`.
struct SettingsReader::State {
  struct UrlAt {
    std::uint32_t node;
    std::uint32_t agent;
  };

  explicit State(json::Document&& parsed) : document(std::move(parsed)), findings(document), warnings(document) {}

  // `findings` points into `document`, so the state stays where it is.
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  State(State&&) = delete;
  State& operator=(State&&) = delete;
  ~State() = default;

  void read();
  void read_agents(json::Value list);
  void read_agent(json::Value value);
  void index_ids(IdIndex& index, const std::vector<std::uint32_t>& nodes);
  void read_endpoint(json::Value value, std::uint32_t agent_position);
  void read_ccaip(json::Value value, Endpoint& endpoint);
  void read_dialogflow(ObjectReader& reader, Endpoint& endpoint);
  void read_url(ObjectReader& reader, std::uint32_t agent_position);
  void read_chat(json::Value value);
  void read_call(json::Value value);
  void read_queues(json::Value list);
  void read_queue(json::Value value);
  std::string read_queue_id(ObjectReader& reader);
  void read_rules(json::Value value);
  void read_block(ObjectReader& reader, Block& block, Channel channel, Presence agent_presence);
  void read_block_agent(ObjectReader& reader, Block& block, Channel channel, Presence presence);
  template <typename Enum>
  std::vector<Enum> read_types(ObjectReader& reader, Key field, Presence presence);

  json::Document document;
  Findings findings;
  Findings warnings;
  Settings settings;
  std::vector<UrlAt> url_places;
  std::vector<std::string> urls;
  IdIndex agent_index;
  bool agents_known = false;
  std::optional<Finding> unreadable;
};

void SettingsReader::State::read() {
  const json::Value root = document.root();
  findings.take_text_errors();
  if (!expect_kind(root, json::Kind::object, findings)) return;
  if (const auto version = root.find("version"); version && is_number_other_than_one(*version)) {
    // Of a document of another version nothing else can be judged.
    findings.at(*version, ErrorCode::version_unsupported, kVersions);
    return;
  }
  ObjectReader reader(root, kRootFields, findings);
  (void)reader.find("version", json::Kind::number, Presence::required);
  if (const auto agents = reader.find("virtual_agents", json::Kind::array, Presence::required)) read_agents(*agents);
  if (const auto chat = reader.find("chat", json::Kind::object)) read_chat(*chat);
  if (const auto call = reader.find("call", json::Kind::object)) read_call(*call);
  if (const auto queues = reader.find("queues", json::Kind::array)) read_queues(*queues);
  if (const auto rules = reader.find("rules", json::Kind::object)) read_rules(*rules);
}

void SettingsReader::State::read_agents(json::Value list) {
  agents_known = true;
  std::vector<std::uint32_t> nodes;
  for (auto agent = list.first(); agent && !findings.full_before(*agent); agent = agent->next()) {
    if (!expect_kind(*agent, json::Kind::object, findings)) continue;
    nodes.push_back(agent->index());
    read_agent(*agent);
  }
  index_ids(agent_index, nodes);
}

/// An id that stands twice is reported where it stands the second time. Unusable ids have been reported already.
void SettingsReader::State::index_ids(IdIndex& index, const std::vector<std::uint32_t>& nodes) {
  for (const std::uint32_t repeated : index.build())
    findings.at(*document.at(nodes[repeated]).find("id"), ErrorCode::id_duplicate);
}

void SettingsReader::State::read_agent(json::Value value) {
  const auto position = static_cast<std::uint32_t>(settings.agents.size());
  VirtualAgent& agent = settings.agents.emplace_back();
  ObjectReader reader(value, kAgentFields, findings);
  reader.text("id", agent.id, kIdLimits, Presence::required);
  agent_index.add(agent.id);
  reader.text("name", agent.name, kNameLimits, Presence::required);
  for (const Channel channel : read_types<Channel>(reader, "channels", Presence::required)) {
    agent.serves[static_cast<std::size_t>(channel)] = true;
  }
  if (const auto endpoint = reader.find("endpoint", json::Kind::object, Presence::required))
    read_endpoint(*endpoint, position);
}

void SettingsReader::State::read_endpoint(json::Value value, std::uint32_t agent_position) {
  Endpoint& endpoint = settings.agents[agent_position].endpoint;
  const auto kind_text = value.find("kind", json::Kind::string);
  const auto kind = kind_text ? from_name<EndpointKind>(kind_text->text()) : std::nullopt;
  if (!kind) {
    // Without a kind it is not known which other fields belong here: only this is reported.
    if (kind_text) {
      findings.at(*kind_text, ErrorCode::value_invalid, names_of<EndpointKind>());
    } else if (const auto other = value.find("kind")) {
      expect_kind(*other, json::Kind::string, findings);
    } else {
      findings.missing(value, "kind");
    }
    return;
  }
  endpoint.kind = *kind;
  switch (*kind) {
    case EndpointKind::ccaip:
      return read_ccaip(value, endpoint);
    case EndpointKind::webhook: {
      ObjectReader reader(value, kWebhookFields, findings);
      return read_url(reader, agent_position);
    }
    case EndpointKind::dialogflow_cx: {
      ObjectReader reader(value, kDialogflowFields, findings);
      read_url(reader, agent_position);
      return read_dialogflow(reader, endpoint);
    }
  }
}

void SettingsReader::State::read_ccaip(json::Value value, Endpoint& endpoint) {
  ObjectReader reader(value, kCcaipFields, findings);
  if (const auto statuses = reader.find("statuses", json::Kind::array)) {
    endpoint.statuses.clear();
    if (statuses->count() == 0) findings.at(*statuses, ErrorCode::list_empty);
    for (auto status = statuses->first(); status; status = status->next()) {
      if (expect_kind(*status, json::Kind::string, findings) && expect_length(*status, kIdLimits, findings)) {
        endpoint.statuses.emplace_back(status->text());
      }
    }
  }
  reader.text("declined_status", endpoint.declined_status, kIdLimits);
}

void SettingsReader::State::read_dialogflow(ObjectReader& reader, Endpoint& endpoint) {
  const json::Value value = reader.object();
  const bool environment = value.find("environment").has_value();
  if (environment && value.find("agent")) {
    findings.at(*value.find("environment"), ErrorCode::value_invalid, kOnePath);
  }
  const Key path_field = environment ? Key("environment") : Key("agent");
  reader.text(path_field, endpoint.agent, kTextLimits, Presence::required);
  if (const auto path = value.find(path_field, json::Kind::string);
      path && !is_dialogflow_path(path->text(), path_field)) {
    findings.at(*path, ErrorCode::value_invalid, kDialogflowPaths);
  }
  reader.text("event", endpoint.event, kNameLimits, Presence::required);
  reader.text("language_code", endpoint.language, kIdLimits);
  reader.boolean("idempotent", endpoint.idempotent);
}

void SettingsReader::State::read_url(ObjectReader& reader, std::uint32_t agent_position) {
  std::string& url = settings.agents[agent_position].endpoint.url;
  reader.text("url", url, {.min_characters = 0, .max_bytes = limits::kValueBytes}, Presence::required);
  const auto value = reader.object().find("url", json::Kind::string);
  if (!value || value->text().size() > limits::kValueBytes) return;
  url_places.push_back({.node = value->index(), .agent = agent_position});
  urls.push_back(url);
}

template <typename Enum>
std::vector<Enum> SettingsReader::State::read_types(ObjectReader& reader, Key field, Presence presence) {
  std::vector<Enum> types;
  const auto list = reader.find(field, json::Kind::array, presence);
  if (!list) return types;
  if (list->count() == 0 && presence == Presence::required) findings.at(*list, ErrorCode::list_empty, names_of<Enum>());
  for (auto item = list->first(); item; item = item->next()) {
    if (!expect_kind(*item, json::Kind::string, findings)) continue;
    if (const auto type = from_name<Enum>(item->text())) {
      types.push_back(*type);
    } else {
      findings.at(*item, ErrorCode::value_invalid, names_of<Enum>());
    }
  }
  return types;
}

void SettingsReader::State::read_chat(json::Value value) {
  settings.has_chat = true;
  ObjectReader reader(value, kChatFields, findings);
  reader.boolean("enabled", settings.chat.enabled);
  const Presence presence = settings.chat.enabled ? Presence::required : Presence::optional;
  settings.chat_types = read_types<ChatType>(reader, "chat_types", presence);
  if (const auto list = value.find("chat_types", json::Kind::array)) {
    for (auto item = list->first(); item; item = item->next()) {
      const auto type = item->is(json::Kind::string) ? from_name<ChatType>(item->text()) : std::nullopt;
      if (type && *type != ChatType::web) warnings.at(*item, WarningCode::chat_type_unsupported);
    }
  }
  read_block(reader, settings.chat, Channel::chat, presence);
}

void SettingsReader::State::read_call(json::Value value) {
  settings.has_call = true;
  static constexpr auto kFields = joined(joined(kCallFields, kQueueLevelInCall), std::array<string_view, 1>{"opt_in"});
  ObjectReader reader(value, kFields, findings);
  if (const auto opt_in = value.find("opt_in")) findings.at(*opt_in, ErrorCode::opt_in_not_for_calls);
  for (const string_view field : kQueueLevelInCall) {
    if (const auto misplaced = value.find_member(field)) findings.at(*misplaced, ErrorCode::queue_not_for_calls);
  }
  reader.boolean("enabled", settings.call.enabled);
  const Presence presence = settings.call.enabled ? Presence::required : Presence::optional;
  settings.call_types = read_types<CallType>(reader, "call_types", presence);
  if (const auto list = value.find("call_types", json::Kind::array)) {
    for (auto item = list->first(); item; item = item->next()) {
      const bool mobile =
          item->is(json::Kind::string) && from_name<CallType>(item->text()) && item->text().ends_with("_mobile");
      if (mobile) warnings.at(*item, WarningCode::call_type_mobile);
    }
  }
  read_block(reader, settings.call, Channel::call, presence);
}

void SettingsReader::State::read_queues(json::Value list) {
  std::vector<std::uint32_t> nodes;
  for (auto queue = list.first(); queue && !findings.full_before(*queue); queue = queue->next()) {
    if (!expect_kind(*queue, json::Kind::object, findings)) continue;
    nodes.push_back(queue->index());
    read_queue(*queue);
  }
  index_ids(settings.queue_index, nodes);
}

std::string SettingsReader::State::read_queue_id(ObjectReader& reader) {
  const auto id = reader.find("id", Presence::required);
  if (!id) return {};
  if (id->is_integer()) return json::number_text(id->number());
  if (!id->is(json::Kind::string)) {
    findings.at(*id, ErrorCode::type_mismatch, kQueueIdTypes);
    return {};
  }
  return expect_length(*id, kIdLimits, findings) ? std::string(id->text()) : std::string();
}

void SettingsReader::State::read_queue(json::Value value) {
  static constexpr auto kFields = joined(kQueueFields, kCallInQueue);
  Queue& queue = settings.queues.emplace_back();
  ObjectReader reader(value, kFields, findings);
  for (const string_view field : kCallInQueue) {
    if (const auto misplaced = value.find_member(field)) findings.at(*misplaced, ErrorCode::queue_not_for_calls);
  }
  queue.id = read_queue_id(reader);
  settings.queue_index.add(queue.id);
  std::string name;
  reader.text("name", name, kNameLimits);
  if (const auto routing = reader.find("chat_routing", json::Kind::boolean))
    queue.routing = routing->boolean() ? Routing::own : Routing::off;
  queue.block.enabled = queue.routing == Routing::own;
  read_block(reader, queue.block, Channel::chat, queue.block.enabled ? Presence::required : Presence::optional);
  if (!value.find("chat_routing")) {
    for (auto member = value.first(); member; member = member->next()) {
      if (member->key() == "id" || member->key() == "name") continue;
      warnings.at(value, WarningCode::queue_settings_unused);
      break;
    }
  }
}

void SettingsReader::State::read_block_agent(ObjectReader& reader, Block& block, Channel channel, Presence presence) {
  const auto id = reader.find("virtual_agent", json::Kind::string, presence);
  if (!id || !agents_known) return;
  block.agent = agent_index.find(id->text());
  if (!block.enabled) return;
  if (!block.agent) {
    findings.at(*id, ErrorCode::agent_unknown);
  } else if (!settings.agents[*block.agent].serves_channel(channel)) {
    findings.at(*id, ErrorCode::agent_channel_mismatch);
  }
}

void SettingsReader::State::read_block(ObjectReader& reader, Block& block, Channel channel, Presence agent_presence) {
  read_block_agent(reader, block, channel, agent_presence);
  if (channel == Channel::chat) reader.boolean("opt_in", block.opt_in);
  reader.boolean("data_parameters_enabled", block.data_parameters_enabled);
  if (const auto records = reader.find("data_records", json::Kind::object)) {
    ObjectReader record_reader(*records, kRecordFields, findings);
    record_reader.boolean("in_metadata", block.data_records.in_metadata);
    record_reader.boolean("in_crm_record", block.data_records.in_crm_record);
  }
  if (const auto list = reader.find("data_parameters", json::Kind::array)) {
    const bool through_platform = block.agent && settings.agents[*block.agent].endpoint.kind == EndpointKind::ccaip;
    block.data_parameters =
        read_parameters(*list, channel, through_platform ? PassedBy::platform : PassedBy::module, findings);
  }
}

void SettingsReader::State::read_rules(json::Value value) {
  Rules& rules = settings.rules;
  ObjectReader reader(value, kRuleFields, findings);
  if (const auto list = reader.find("ended_by", json::Kind::array)) {
    rules.ended_by = {};
    if (list->count() == 0) findings.at(*list, ErrorCode::list_empty, kEnders);
    for (auto item = list->first(); item; item = item->next()) {
      if (!expect_kind(*item, json::Kind::string, findings)) continue;
      const auto ender = from_name<EndedBy>(item->text());
      if (!ender || *ender > EndedBy::timeout) {
        findings.at(*item, ErrorCode::value_invalid, kEnders);
      } else {
        rules.ended_by[static_cast<std::size_t>(*ender)] = true;
      }
    }
  }
  if (const auto timeout = reader.find("prompt_timeout_s", json::Kind::number)) {
    const double seconds = timeout->number();
    if (!timeout->is_integer()) {
      findings.at(*timeout, ErrorCode::type_mismatch, kInteger);
    } else if (seconds != 0 &&
               (seconds < limits::kPromptTimeoutMinSeconds || seconds > limits::kPromptTimeoutMaxSeconds)) {
      findings.at(*timeout, ErrorCode::value_invalid, kTimeouts);
    } else {
      rules.prompt_timeout_s = static_cast<std::uint32_t>(seconds);
    }
  }
  if (const auto version = reader.find("min_sdk_version", json::Kind::string)) {
    if (const auto parsed = Version::parse(version->text())) {
      rules.min_sdk_version = *parsed;
    } else {
      findings.at(*version, ErrorCode::value_invalid, kVersionPattern);
    }
  }
}

SettingsReader::SettingsReader(string_view text) {
  auto document = json::Document::parse(text);
  state_ = std::make_unique<State>(document ? std::move(*document) : json::Document());
  if (document) {
    state_->read();
  } else {
    state_->unreadable = finding_of(document.error());
  }
}

SettingsReader::~SettingsReader() = default;
SettingsReader::SettingsReader(SettingsReader&&) noexcept = default;
SettingsReader& SettingsReader::operator=(SettingsReader&&) noexcept = default;

const std::vector<std::string>& SettingsReader::urls() const { return state_->urls; }

SettingsReport SettingsReader::accept(std::span<const std::optional<UrlFact>> facts) && {
  SettingsReport report;
  if (state_->unreadable) {
    report.errors.push_back(std::move(*state_->unreadable));
    return report;
  }
  for (std::size_t i = 0; i < state_->url_places.size(); ++i) {
    const auto [node, agent] = state_->url_places[i];
    const std::optional<UrlFact> fact = i < facts.size() ? facts[i] : std::nullopt;
    if (const auto code = judge_url(fact, state_->settings.agents[agent].endpoint.kind)) {
      state_->findings.at(state_->document.at(node), *code);
    } else {
      state_->settings.agents[agent].endpoint.fact = *fact;
    }
  }
  report.errors = std::move(state_->findings).list();
  if (report.errors.empty()) {
    report.warnings = std::move(state_->warnings).list();
    report.settings = std::make_shared<const Settings>(std::move(state_->settings));
  }
  return report;
}

}  // namespace pst
