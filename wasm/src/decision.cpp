#include "pst/decision.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace pst {

namespace {

using std::string_view;

std::string queue_pointer(std::uint32_t position, string_view field) {
  return "/queues/" + std::to_string(position) + std::string(field);
}

/// The block of settings that a session falls under, and where its parts stand in the document.
struct InForce {
  const Block* block = nullptr;  ///< null = no such block in the document
  bool on = false;
  Level level = Level::global;
  std::string pointer;        ///< of what switches it on or off
  std::string types_pointer;  ///< of its list of types
};

/// One evaluation. Checks run in the order of `run`; the first that fails decides.
class Evaluation {
 public:
  Evaluation(const Settings* settings, const Session& session, const HostFacts& host)
      : settings_(settings), session_(session), host_(host) {
    constexpr std::size_t kUsualRows = 12;
    decision_.trace.reserve(kUsualRows);
  }

  Decision run() && {
    if (sdk_refused() || channel_unsupported() || platform_flags_decide()) return std::move(decision_);
    if (settings_ == nullptr) {
      without_settings();
    } else if (required_ == true) {
      policy_stops<Overridden::yes>();
      required_by_platform();
    } else if (!policy_stops<Overridden::no>()) {
      eligible();
    }
    return std::move(decision_);
  }

 private:
  /// Whether the platform's `required: true` overrides what the policy says.
  enum class Overridden : std::uint8_t { no, yes };

  // Each check adds a row and says whether it failed.

  bool sdk_refused() {
    const auto platform = session_.sdk_platform();
    const bool is_call = session_.text("channel") == "call";
    if (is_call && !platform) return false;  // no SDK takes part in a plain phone call
    const auto version = session_.text("sdk", "version");
    const auto parsed = version ? Version::parse(*version) : std::nullopt;
    const Version oldest = settings_ != nullptr ? settings_->rules.min_sdk_version : Version{3, 0, 0};
    return failed(Check::sdk_mobile, !platform || !is_mobile_platform(*platform), platform, {}, DecisionOutcome::reject,
                  Reason::mobile_sdk_unsupported) ||
           failed(Check::sdk_known, platform == "web", platform, {}, DecisionOutcome::reject, Reason::sdk_unknown) ||
           failed(Check::sdk_version, parsed && *parsed >= oldest, version, setting("/rules/min_sdk_version"),
                  DecisionOutcome::reject, Reason::sdk_version_unsupported);
  }

  bool channel_unsupported() {
    const auto text = session_.text("channel");
    const auto channel = text ? from_name<Channel>(*text) : std::nullopt;
    if (failed(Check::channel, channel.has_value(), text, {}, DecisionOutcome::skip, Reason::channel_unsupported))
      return true;
    channel_ = *channel;
    return false;
  }

  /// The flags that the platform puts on a chat. `required: true` is remembered: it overrides the policy instead of
  /// ending here.
  bool platform_flags_decide() {
    if (channel_ != Channel::chat || host_.without_flags) return false;
    const auto status = session_.text("post_session", "status");
    required_ = session_.post_session("required");
    decision_.level = Level::platform;
    if (status && !status->empty() && !host_.started_by_us &&
        failed(Check::platform_status, *status == "ready", status, {}, DecisionOutcome::skip, Reason::already_started))
      return true;
    if (required_ && failed(Check::platform_required, *required_, *required_, {}, DecisionOutcome::skip,
                            Reason::platform_not_required))
      return true;
    decision_.level = std::nullopt;
    return false;
  }

  /// Rows 5–9 of the contract. Overridden, they all go into the trace and stop nothing.
  template <Overridden kOverridden>
  bool policy_stops() {
    const auto stops = [](bool row_failed) { return row_failed && kOverridden == Overridden::no; };
    if (stops(ended_by_fails())) return true;
    find_block();
    decision_.level = in_force_.level;
    return (channel_ == Channel::chat && stops(queue_fails())) || stops(block_fails()) || stops(type_not_selected()) ||
           (channel_ == Channel::chat && stops(type_not_supported()));
  }

  bool ended_by_fails() {
    const auto [text, because] = session_.ended_by();
    const auto ender = text ? from_name<EndedBy>(*text) : std::nullopt;
    const bool eligible = ender && settings_->rules.ended_by[static_cast<std::size_t>(*ender)];
    const bool row_failed = failed(Check::ended_by, eligible, text, "/rules/ended_by", DecisionOutcome::skip,
                                   Reason::ended_by_not_eligible);
    decision_.trace.back().because = because;
    return row_failed;
  }

  void find_block() {
    queue_id_ = channel_ == Channel::chat ? session_.queue_id() : std::nullopt;
    const auto position = queue_id_ ? settings_->find_queue(*queue_id_) : std::nullopt;
    if (position) {
      queue_ = &settings_->queues[*position];
      queue_pointer_ = queue_pointer(*position, queue_->routing == Routing::inherit ? "" : "/chat_routing");
    }
    if (queue_ != nullptr && queue_->routing != Routing::inherit) {
      in_force_ = {.block = &queue_->block,
                   .on = queue_->routing == Routing::own,
                   .level = Level::queue,
                   .pointer = queue_pointer_,
                   .types_pointer = queue_pointer_};
      return;
    }
    const bool chat = channel_ == Channel::chat;
    const bool present = chat ? settings_->has_chat : settings_->has_call;
    const Block& block = chat ? settings_->chat : settings_->call;
    const std::string root = chat ? "/chat" : "/call";
    in_force_ = {.block = &block,
                 .on = block.enabled,
                 .level = Level::global,
                 .pointer = present ? root + "/enabled" : root,
                 .types_pointer = present ? root + (chat ? "/chat_types" : "/call_types") : root};
  }

  bool queue_fails() {
    const bool on = queue_ == nullptr || queue_->routing != Routing::off;
    return failed(Check::queue, on, queue_id_, queue_pointer_, DecisionOutcome::skip, Reason::queue_disabled);
  }

  bool block_fails() {
    const Reason reason = channel_ == Channel::chat ? Reason::chat_disabled : Reason::call_disabled;
    return failed(Check::block, in_force_.on, in_force_.on, in_force_.pointer, DecisionOutcome::skip, reason);
  }

  bool type_not_selected() {
    if (channel_ == Channel::call) {
      const auto text = session_.text("call_type");
      const auto type = text ? from_name<CallType>(*text) : std::nullopt;
      const bool selected = type && std::ranges::contains(settings_->call_types, *type);
      return failed(Check::type_selected, selected, text, in_force_.types_pointer, DecisionOutcome::skip,
                    Reason::call_type_not_selected);
    }
    const auto text = session_.text("chat_type");
    chat_type_ = text ? chat_type_of(*text) : std::nullopt;
    chat_type_text_ = chat_type_ ? std::optional(name_of(*chat_type_)) : text;
    if (in_force_.level == Level::queue) {
      // Queues are web queues: they have no list of types.
      selected_ = in_force_.on && chat_type_ == ChatType::web ? std::optional(std::size_t{0}) : std::nullopt;
    } else if (chat_type_) {
      const auto entry = std::ranges::find(settings_->chat_types, *chat_type_);
      if (entry != settings_->chat_types.end())
        selected_ = static_cast<std::size_t>(entry - settings_->chat_types.begin());
    }
    return failed(Check::type_selected, selected_.has_value(), chat_type_text_, in_force_.types_pointer,
                  DecisionOutcome::skip, Reason::chat_type_not_selected);
  }

  bool type_not_supported() {
    const bool unsupported = selected_ && chat_type_ != ChatType::web;
    const bool listed = selected_ && in_force_.level == Level::global;
    std::string pointer = listed ? in_force_.types_pointer + "/" + std::to_string(*selected_) : in_force_.types_pointer;
    return failed(Check::type_supported, !unsupported, chat_type_text_, pointer, DecisionOutcome::skip,
                  Reason::chat_type_unsupported);
  }

  // How the checks add up.

  void eligible() {
    const Block& block = *in_force_.block;
    const VirtualAgent& agent = settings_->agents[*block.agent];
    if (hand_off_impossible(agent.endpoint.kind, &agent)) return;
    const bool platform_asks =
        channel_ == Channel::chat && !host_.without_flags && session_.post_session("opt_in_required") == true;
    go_ahead(&block, agent.endpoint.kind, block.opt_in || platform_asks);
  }

  /// A missing flag never means no: the question is left out only where the platform says so and no block in force asks
  /// for it.
  void required_by_platform() {
    const Block* const block = in_force_.on ? in_force_.block : nullptr;
    const VirtualAgent* const agent = block != nullptr ? &settings_->agents[*block->agent] : nullptr;
    decision_.level = block != nullptr ? in_force_.level : Level::platform;
    decision_.endpoint_conflict = agent != nullptr && agent->endpoint.kind != EndpointKind::ccaip;
    if (hand_off_impossible(EndpointKind::ccaip, agent)) return;
    go_ahead(block, EndpointKind::ccaip,
             (block != nullptr && block->opt_in) || session_.post_session("opt_in_required") != false);
  }

  void without_settings() {
    decision_.level = Level::platform;
    if (required_ != true) return;  // not_configured, as a decision starts
    if (hand_off_impossible(EndpointKind::ccaip, nullptr)) return;
    go_ahead(nullptr, EndpointKind::ccaip, session_.post_session("opt_in_required") != false);
  }

  /// What can never work is not asked for.
  bool hand_off_impossible(EndpointKind kind, const VirtualAgent* agent) {
    const std::string position = agent != nullptr ? std::to_string(agent - settings_->agents.data()) : std::string();
    if (kind == EndpointKind::ccaip) {
      const auto can = session_.sdk_can("update_post_session");
      std::string pointer = agent != nullptr ? "/virtual_agents/" + position + "/endpoint" : std::string();
      return can &&
             failed(Check::sdk_can_hand_off, *can, *can, pointer, DecisionOutcome::reject, Reason::sdk_cannot_hand_off);
    }
    if (!host_.allowed_origins) return false;
    const std::string& origin = agent->endpoint.fact.origin;
    const bool allowed = std::ranges::contains(*host_.allowed_origins, origin);
    return failed(Check::endpoint_allowed, allowed, origin, "/virtual_agents/" + position + "/endpoint/url",
                  DecisionOutcome::skip, Reason::endpoint_not_allowed);
  }

  void go_ahead(const Block* block, EndpointKind hand_off, bool asks) {
    decision_.outcome = asks ? DecisionOutcome::ask : DecisionOutcome::transfer;
    decision_.reason = asks ? Reason::opt_in_required : Reason::eligible;
    decision_.opt_in = asks;
    decision_.hand_off = hand_off;
    decision_.block = block;
    if (block == nullptr) return;
    decision_.agent = &settings_->agents[*block->agent];
    decision_.data_records = block->data_records;
  }

  // Rows.

  template <typename Value>
  bool failed(Check check, bool passed, const Value& value, const std::string& pointer, DecisionOutcome outcome,
              Reason reason) {
    decision_.trace.push_back({.check = check, .passed = passed, .value = row_value(value), .pointer = pointer});
    if (passed) return false;
    decision_.outcome = outcome;
    decision_.reason = reason;
    if (outcome == DecisionOutcome::reject) decision_.level = std::nullopt;
    return true;
  }

  using RowValue = decltype(TraceRow::value);
  static RowValue row_value(bool value) { return value; }
  static RowValue row_value(const std::string& value) { return value; }
  template <typename Text>
  static RowValue row_value(const std::optional<Text>& value) {
    return value ? RowValue(std::string(*value)) : RowValue();
  }

  [[nodiscard]] std::string setting(string_view pointer) const {
    return settings_ != nullptr ? std::string(pointer) : std::string();
  }

  const Settings* settings_;
  const Session& session_;
  const HostFacts& host_;
  Channel channel_ = Channel::chat;
  std::optional<bool> required_;
  const Queue* queue_ = nullptr;
  std::optional<std::string> queue_id_;
  std::string queue_pointer_;
  InForce in_force_;
  std::optional<ChatType> chat_type_;
  std::optional<string_view> chat_type_text_;
  std::optional<std::size_t> selected_;
  Decision decision_;
};

void write_row_value(json::Writer& writer, const decltype(TraceRow::value)& value) {
  if (const bool* flag = std::get_if<bool>(&value)) {
    writer.boolean(*flag);
  } else if (const std::string* text = std::get_if<std::string>(&value)) {
    writer.string(*text);
  } else {
    writer.null();
  }
}

}  // namespace

bool Decision::same_as(const Decision& other) const {
  const auto what = [](const Decision& decision) {
    return std::tuple(decision.outcome, decision.reason, decision.level, decision.block, decision.agent,
                      decision.hand_off, decision.opt_in, decision.endpoint_conflict);
  };
  return what(*this) == what(other);
}

Decision evaluate(const Settings* settings, const Session& session, const HostFacts& host) {
  return Evaluation(settings, session, host).run();
}

const Block* block_in_force(const Settings& settings, const Session& session) {
  const auto text = session.text("channel");
  const auto channel = text ? from_name<Channel>(*text) : std::nullopt;
  if (!channel) return nullptr;
  if (channel == Channel::call) return &settings.call;
  const auto id = session.queue_id();
  const auto position = id ? settings.find_queue(*id) : std::nullopt;
  const Queue* const queue = position ? &settings.queues[*position] : nullptr;
  return queue != nullptr && queue->routing != Routing::inherit ? &queue->block : &settings.chat;
}

void write_summary(json::Writer& writer, const Decision& decision) {
  writer.key("outcome").name(decision.outcome);
  writer.key("reason").name(decision.reason);
  writer.key("level").name_or_null(decision.level);
  writer.key("virtual_agent")
      .string_or_null(decision.agent != nullptr ? std::optional<std::string_view>(decision.agent->id) : std::nullopt);
  writer.key("opt_in").boolean(decision.opt_in);
}

void write(json::Writer& writer, const DataRecords& records) {
  writer.begin_object();
  writer.key("in_metadata").boolean(records.in_metadata);
  writer.key("in_crm_record").boolean(records.in_crm_record);
  writer.end_object();
}

void write(json::Writer& writer, const Decision& decision) {
  writer.begin_object();
  write_summary(writer, decision);
  writer.key("data_records");
  write(writer, decision.data_records);
  if (decision.endpoint_conflict) writer.key("conflicts").begin_array().string("endpoint_conflict").end_array();
  writer.key("trace").begin_array();
  for (const TraceRow& row : decision.trace) {
    writer.begin_object();
    writer.key("check").name(row.check);
    writer.key("passed").boolean(row.passed);
    writer.key("value");
    write_row_value(writer, row.value);
    if (!row.because.empty()) {
      writer.key("because").begin_array();
      for (const std::string_view signal : row.because) writer.string(signal);
      writer.end_array();
    }
    writer.key("pointer").string_or_null(row.pointer.empty() ? std::nullopt
                                                             : std::optional<std::string_view>(row.pointer));
    writer.end_object();
  }
  writer.end_array().end_object();
}

}  // namespace pst
