// The flow's part that puts a hand-off, or a No, on record: in each sink by a delivery of its own.

#include <algorithm>
#include <utility>

#include "flow_event.hpp"
#include "pst/flow.hpp"
#include "pst/limits.hpp"
#include "pst/records.hpp"
#include "url_judge.hpp"

namespace pst {

std::optional<Flow::Sink> Flow::read_sink(json::Value value, const std::optional<std::vector<std::string>>& origins) {
  const auto is_function = value.find("function", json::Kind::boolean);
  if (is_function && is_function->boolean()) return Sink{.is_function = true, .allowed = true};
  Sink sink{.fact = read_url_fact(value)};
  sink.allowed =
      !judge_url(sink.fact, EndpointKind::webhook) && origins && std::ranges::contains(*origins, sink.fact->origin);
  return sink;
}

void Flow::start_records() {
  state_.recording.fill(true);
  accepted_at_ = at_;
  resume_records();
}

/// Those that are due, which after a reload are those that were not written yet: their values are resolved again. Only
/// what the settings select is written, and nothing with ccaip: there the platform writes its own.
void Flow::resume_records() {
  const DataRecords selected = decision().data_records;
  for (const DeliveryName name : kRecords) {
    const bool is_due = std::exchange(state_.recording[record_index(name)], false) && !converses();
    if (is_due && (name == DeliveryName::crm ? selected.in_crm_record : selected.in_metadata)) start_record(name);
  }
}

void Flow::start_record(DeliveryName name) {
  const std::size_t i = record_index(name);
  const auto& sink = sinks_[i];
  delivery::State& state = state_.records[i];
  state = {};
  if (!sink || !sink->allowed) {
    state.phase = DeliveryState::given_up;
    state.reason = sink ? Reason::endpoint_not_allowed : Reason::sink_missing;
    emit_record(name);
    return;
  }
  const bool is_resumed = intent_ == transfer::Intent::recording || intent_ == transfer::Intent::in_conversation;
  const ResolvedParameters parameters = resolved(is_resumed ? Unasked::not_kept : Unasked::defaulted);
  const records::Record record{.session = told_->session,
                               .agent = decision().agent,
                               .handoff_id = handoff_id_,
                               .consent = consent_,
                               .parameters = parameters,
                               .accepted_at = accepted_at_};
  const bool is_text = name == DeliveryName::crm;
  record_bodies_[i] =
      records::sink_body(handoff_id_, record_kind(name), is_text ? records::Content::text : records::Content::fragment,
                         is_text ? crm_text(record) : metadata_fragment(record), at_);
  state_.recording[i] = true;
  if (!state_.online) start_timer(TimerName::offline, limits::kOfflineMs, 0, name);
  deliver(name, state_.online ? delivery::Event::start : delivery::Event::start_offline, std::nullopt);
}

/// Of a No only that is on record.
RecordKind Flow::record_kind(DeliveryName name) const {
  if (consent_.selected == "No") return RecordKind::consent;
  return name == DeliveryName::crm ? RecordKind::crm : RecordKind::metadata;
}

void Flow::send_record(DeliveryName name) {
  const std::size_t i = record_index(name);
  const Sink& sink = *sinks_[i];
  const delivery::State& state = state_.records[i];
  record_statuses_[i] = std::nullopt;
  emit_record(name);
  start_attempt_timers(name);
  if (sink.is_function) {
    effects_.emplace_back(WriteRecord{.delivery = name, .attempt = state.attempts, .body = record_bodies_[i]});
    return;
  }
  effects_.emplace_back(Send{.delivery = name,
                             .attempt = state.attempts,
                             .url = sink.fact->href,
                             .origin = sink.fact->origin,
                             .idempotency_key = handoff_id_ + ":" + std::string(name_of(record_kind(name))),
                             .traceparent = handoff::traceparent(handoff_id_, state.attempts),
                             .body = record_bodies_[i],
                             .reauthorize = delivery::wants_fresh_credentials(state)});
}

void Flow::settle_record(DeliveryName name) {
  state_.recording[record_index(name)] = false;
  emit_record(name);
}

void Flow::emit_record(DeliveryName name) {
  const std::size_t i = record_index(name);
  const delivery::State& state = state_.records[i];
  const bool delivered = state.phase == DeliveryState::delivered;
  std::string data;
  json::Writer writer(data);
  writer.begin_object();
  writer.key("handoff_id").string(handoff_id_);
  writer.key("record").name(record_kind(name));
  writer.key("sink").name(name);
  writer.key("state").name(state.phase);
  writer.key("attempt").number(state.attempts);
  writer.key("status");
  if (record_statuses_[i]) {
    writer.number(*record_statuses_[i]);
  } else {
    writer.null();
  }
  writer.key("reason").string_or_null(!delivered && state.reason ? std::optional(name_of(*state.reason))
                                                                 : std::nullopt);
  writer.end_object();
  emit(HostEvent::record, std::move(data));
}

}  // namespace pst
