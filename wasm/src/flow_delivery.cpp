// The flow's part that gets the hand-off to where it goes: through the delivery machine, by each kind of endpoint.

#include <algorithm>
#include <utility>

#include "flow_event.hpp"
#include "pst/flow.hpp"
#include "pst/limits.hpp"

namespace pst {

void Flow::tell_platform_no() {
  if (decision().hand_off != EndpointKind::ccaip) return;
  effects_.emplace_back(UpdatePostSession{.delivery = DeliveryName::handoff,
                                          .attempt = 0,
                                          .status = endpoint().declined_status,
                                          .opt_in = false,
                                          .reached = {}});
}

void Flow::prepare_handoff() {
  // Through the platform nothing of ours is sent: it passes the parameters that its portal holds.
  if (decision().hand_off == EndpointKind::ccaip) return;
  const ResolvedParameters parameters = resolved();
  value_missing_ = !parameters.missing.empty();
  for (const DataParameter* parameter : parameters.missing) emit_diagnostic("parameter_missing", parameter->field);
  for (const DataParameter* parameter : parameters.omitted) emit_diagnostic("parameter_omitted", parameter->field);
  const handoff::Envelope envelope{.session = told_->session,
                                   .decision = decision(),
                                   .handoff_id = handoff_id_,
                                   .consent = consent_,
                                   .parameters = parameters,
                                   .decided_at = decided_at_};
  for (const DataParameter* parameter : parameters.reserved) emit_diagnostic("parameter_reserved", parameter->field);
  body_ = decision().hand_off == EndpointKind::webhook ? handoff::envelope_text(envelope)
                                                       : handoff::detect_intent_text(envelope, time_zone_);
}

delivery::State& Flow::state_of(DeliveryName name) {
  return name == DeliveryName::handoff ? state_.handoff : state_.records[record_index(name)];
}

const delivery::State& Flow::state_of(DeliveryName name) const {
  return name == DeliveryName::handoff ? state_.handoff : state_.records[record_index(name)];
}

bool Flow::waits_for_network(DeliveryName name) const {
  const bool begun =
      name == DeliveryName::handoff ? state_.phase == Phase::handing_off : state_.recording[record_index(name)];
  return begun && state_of(name).phase == DeliveryState::waiting;
}

bool Flow::deliver(DeliveryName name, delivery::Event event, std::optional<Reason> reason) {
  delivery::State& state = state_of(name);
  const delivery::Step step = delivery::step(state, event, reason);
  if (step.row == nullptr) return false;
  if (state.phase == DeliveryState::waiting && event == delivery::Event::abandon) stop_timer(TimerName::offline, name);
  if (state.phase == DeliveryState::sending) stop_timer(TimerName::attempt, name);
  if (state.phase == DeliveryState::backing_off && event != delivery::Event::retry_due)
    stop_timer(TimerName::retry, name);
  state = step.next;
  // An update that failed may have been taken all the same: also when the person tries again.
  const bool failed = state.phase == DeliveryState::given_up && state.attempts > 0;
  if (name == DeliveryName::handoff && converses() && failed) state_.maybe_set = true;
  for (const delivery::Action action : step.row->actions) run(name, action);
  return true;
}

void Flow::run(DeliveryName name, delivery::Action action) {
  using Action = delivery::Action;
  const bool is_record = name != DeliveryName::handoff;
  switch (action) {
    case Action::none:
      return;
    case Action::send:
      if (is_record) {
        send_record(name);
      } else {
        send();
      }
      return;
    case Action::back_off: {
      const auto [at_least_ms, jitter_ms] =
          delivery::backoff_after(state_of(name).attempts, std::exchange(retry_after_ms_, 0));
      if (is_record) {
        emit_record(name);
      } else {
        emit_handoff();
      }
      return start_timer(TimerName::retry, at_least_ms, jitter_ms, name);
    }
    case Action::abort:
      effects_.emplace_back(Abort{name});
      return;
    case Action::settle:
      if (state_of(name).attempts > 0) stop_timer(TimerName::budget, name);
      if (is_record) {
        settle_record(name);
      } else {
        settle();
      }
      return;
  }
}

/// Why an attempt failed of which nothing better is known.
Reason Flow::failure_of(DeliveryName name, const Event& event) const {
  if (event.text("cause") == "authorize") return Reason::authorize_failed;
  if (event.text("cause") == "sink") return Reason::sink_failed;
  if (name == DeliveryName::handoff && converses()) return Reason::sdk_rejected;
  return Reason::network_or_cors;
}

void Flow::start_attempt_timers(DeliveryName name) {
  if (state_of(name).attempts == 1) start_timer(TimerName::budget, limits::kBudgetMs, 0, name);
  start_timer(TimerName::attempt, limits::kAttemptMs, 0, name);
}

void Flow::send() {
  status_ = std::nullopt;
  emit_handoff();
  start_attempt_timers(DeliveryName::handoff);
  if (decision().hand_off == EndpointKind::ccaip) {
    update_post_session();
  } else {
    post();
  }
}

void Flow::update_post_session() {
  const std::vector<std::string>& statuses = endpoint().statuses;
  const auto next = statuses.begin() + state_.statuses_set;
  UpdatePostSession update{.delivery = DeliveryName::handoff,
                           .attempt = state_.handoff.attempts,
                           .status = *next,
                           .opt_in = std::nullopt,
                           .reached = {}};
  if (state_.answer == transfer::Answer::yes) update.opt_in = true;
  if (state_.handoff.attempts > 1) state_.maybe_set = true;
  if (state_.maybe_set) update.reached.assign(next, statuses.end());
  effects_.emplace_back(std::move(update));
}

void Flow::post() {
  const bool webhook = decision().hand_off == EndpointKind::webhook;
  effects_.emplace_back(
      Send{.delivery = DeliveryName::handoff,
           .attempt = state_.handoff.attempts,
           .url = webhook ? endpoint().fact.href : handoff::detect_intent_url(endpoint(), handoff_id_),
           .origin = endpoint().fact.origin,
           .idempotency_key = handoff_id_,
           .traceparent = handoff::traceparent(handoff_id_, state_.handoff.attempts),
           .body = body_,
           .reauthorize = delivery::wants_fresh_credentials(state_.handoff)});
}

const Endpoint& Flow::endpoint() const {
  const bool own = decision().agent != nullptr && decision().agent->endpoint.kind == decision().hand_off;
  return own ? decision().agent->endpoint : platform_;
}

void Flow::settle() {
  const bool delivered = state_.handoff.phase == DeliveryState::delivered;
  if (delivered && decision().hand_off == EndpointKind::ccaip && ++state_.statuses_set < endpoint().statuses.size()) {
    state_.handoff = {.idempotent = state_.handoff.idempotent};
    deliver(DeliveryName::handoff, delivery::Event::start, std::nullopt);
    return;
  }
  // Whatever became of the answer: the virtual agent is there.
  const bool is_there = converses() && state_.conversation.phase == ConversationState::present;
  if (is_there && state_.phase == Phase::handing_off) state_.handoff.phase = DeliveryState::delivered;
  emit_handoff();
  if (state_.phase != Phase::handing_off) return;  // abandoned: the transfer has gone on already
  raise(delivered || is_there ? transfer::Event::delivered : transfer::Event::gave_up);
}

/// What failed before, unless the attempt in flight was the remedy for it: then that attempt was not answered.
Reason Flow::reason_when_budget_ends(DeliveryName name, bool unsent) const {
  const delivery::State& state = state_of(name);
  const bool in_flight = state.phase == DeliveryState::sending;
  if (in_flight && unsent) return Reason::authorize_failed;
  if (in_flight && !state.idempotent) return Reason::outcome_unknown;
  const Reason reason = state.reason.value_or(Reason::attempt_timeout);
  return delivery::is_final(reason) ? Reason::attempt_timeout : reason;
}

/// What the virtual agent says right away. Anything may stand there: it is passed on as data, never acted upon.
void Flow::take_answer(const Event& event) {
  conversation_.clear();
  messages_ = "[]";
  said_.clear();
  link_.clear();
  const auto body = event.members.find("body", json::Kind::object);
  if (!body) return;
  const bool dialogflow = decision().hand_off == EndpointKind::dialogflow_cx;
  const auto result = dialogflow ? body->find("queryResult", json::Kind::object) : std::nullopt;
  const auto messages = dialogflow ? (result ? result->find("responseMessages", json::Kind::array) : std::nullopt)
                                   : body->find("messages", json::Kind::array);
  if (messages) {
    messages_.clear();
    json::Writer(messages_).value(*messages);
    if (!dialogflow) take_said(*messages);
  }
  const auto conversation = dialogflow ? std::nullopt : body->find("conversation", json::Kind::object);
  const auto id = conversation ? conversation->find("id", json::Kind::string) : std::nullopt;
  const auto url = conversation ? conversation->find("url", json::Kind::string) : std::nullopt;
  if (!id && !url) return;  // nothing that could be followed
  if (url) link_ = url->text();
  json::Writer writer(conversation_);
  writer.begin_object();
  writer.key("id").string_or_null(id ? std::optional(id->text()) : std::nullopt);
  writer.key("url").string_or_null(url ? std::optional(url->text()) : std::nullopt);
  writer.end_object();
}

/// Texts, and the texts of objects; of all else nobody knows how to show it.
void Flow::take_said(json::Value messages) {
  for (auto one = messages.first(); one && said_.size() < limits::kShownMessages; one = one->next()) {
    const auto text = one->is(json::Kind::object) ? one->find("text") : one;
    if (text && text->is(json::Kind::string) && !text->text().empty())
      said_.push_back(shown(text->text(), limits::kMessageCharacters));
  }
}

}  // namespace pst
