#include "pst/flow.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "findings.hpp"
#include "flow_event.hpp"
#include "pst/limits.hpp"

namespace pst {

using std::string_view;

namespace {

/// Statuses of a chat whose record says that it is over.
bool is_over(string_view status) {
  constexpr std::array<string_view, 6> kOver{"finished", "dismissed", "va_dismissed",
                                             "canceled", "failed",    "no_response"};
  return std::ranges::contains(kOver, status);
}

}  // namespace

std::expected<Flow::Begun, std::vector<Finding>> Flow::begin(string_view text) {
  // What has been answered stays answered.
  if (state_.phase != Phase::idle && state_.phase != Phase::asking)
    return Begun{.decision = &decision(), .digest_of = std::nullopt};
  // The session in there may be as large, and as deep, as one that is only evaluated.
  auto document = json::Document::parse(
      text, {.bytes = limits::kTextBytes + limits::kBesideSessionBytes, .depth = limits::kDepth + 1});
  if (!document) return std::unexpected(std::vector{finding_of(document.error())});
  const json::Value root = document->root();
  const auto session_value = root.find("session");
  if (!session_value) {
    Findings findings(*document);
    findings.missing(root, "session");
    return std::unexpected(std::move(findings).list());
  }
  const auto chose = [&](Key name, string_view value) {
    const auto member = root.find(name, json::Kind::string);
    return member && member->text() == value;
  };
  const auto at = root.find("at", json::Kind::string);
  const auto time_zone = root.find("time_zone", json::Kind::string);
  HostFacts host;
  if (const auto origins = root.find("allowed_origins", json::Kind::array)) {
    host.allowed_origins.emplace();
    for (auto origin = origins->first(); origin; origin = origin->next()) {
      if (origin->is(json::Kind::string)) host.allowed_origins->emplace_back(origin->text());
    }
  }
  const auto sinks = root.find("sinks", json::Kind::object);
  const auto sink = [&](Key name) {
    const auto member = sinks ? sinks->find(name, json::Kind::object) : std::nullopt;
    return member ? read_sink(*member, host.allowed_origins) : std::nullopt;
  };
  sinks_ = {sink("metadata"), sink("crm")};
  host_converses_ = chose("conversation", "host");
  const bool observing = chose("mode", "observe");
  const bool platform_asks = chose("prompt", "platform");
  std::string decided_at(at ? at->text() : string_view());
  std::optional<std::string> zone = time_zone ? std::optional(std::string(time_zone->text())) : std::nullopt;
  const auto saved_value = root.find("saved", json::Kind::object);
  auto saved = saved_value ? read_saved(*saved_value) : std::nullopt;
  const auto age = root.find("saved_age_ms", json::Kind::number);
  const double age_ms = age ? age->number() : 0;
  const auto masked = root.find("saved_masked", json::Kind::boolean);
  saved_masked_ = masked && masked->boolean();
  host.started_by_us = saved && saved->phase != Phase::asking;
  const std::uint32_t node = session_value->index();
  auto session = Session::from(std::move(*document), node);
  if (!session) return std::unexpected(std::move(session.error()));

  observing_ = observing;
  platform_asks_ = platform_asks;
  time_zone_ = std::move(zone);
  Decision decision = evaluate(settings_.get(), *session, host);
  std::optional<Reason> disagreement;
  if (const auto required = session->post_session("required"); required && settings_) {
    host.without_flags = true;
    const Decision alone = evaluate(settings_.get(), *session, host);
    if (alone.goes_ahead() != *required) disagreement = alone.reason;
  }
  told_again_ = std::make_shared<const Told>(std::move(*session), std::move(decision), std::move(decided_at),
                                             disagreement, std::move(saved), age_ms);
  return Begun{.decision = &told_again_->decision,
               .digest_of = told_again_->decision.goes_ahead()
                                ? std::optional(handoff::identity_text(told_again_->session, told_again_->decision))
                                : std::nullopt};
}

Flow::Result Flow::step(string_view text) {
  effects_.clear();
  const auto document = json::Document::parse(text);
  if (!document) return {.ignored = Ignored::malformed, .effects = {}};
  const json::Value root = document->root();
  const auto name = root.find("type", json::Kind::string);
  const auto type = name ? from_name<EventType>(name->text()) : std::nullopt;
  if (!type) return {.ignored = Ignored::malformed, .effects = {}};
  const Event event{.type = *type, .members = root};
  at_ = event.text("at").value_or("");
  retry_after_ms_ = 0;
  throttled_ = event.flag("throttled");
  form_judged_ = false;
  const bool is_answer = *type == EventType::response || *type == EventType::network_error;
  if (is_answer && event.number("attempt") != state_of(event.delivery()).attempts)
    return {.ignored = Ignored::stale, .effects = {}};
  const bool accepted = dispatch(event);
  if (accepted) persist();
  return {.ignored = accepted ? std::nullopt : std::optional(Ignored::not_expected),
          .effects = std::move(effects_),
          .invalid = form_judged_ ? form_.invalid() : std::vector<string_view>()};
}

bool Flow::dispatch(const Event& event) {
  switch (event.type) {
    case EventType::session_ended:
      return on_session_ended(event);
    case EventType::action:
      return on_action(event);
    case EventType::provided:
      return on_provided(event);
    case EventType::timer:
      return on_timer(event);
    case EventType::response:
      return on_response(event);
    case EventType::network_error:
      // With a cause of our own nothing was sent: trying again is safe.
      return deliver(event.delivery(),
                     event.text("cause") ? delivery::Event::retryable : delivery::Event::network_failed,
                     failure_of(event.delivery(), event));
    case EventType::online:
      return on_online(true);
    case EventType::offline:
      return on_online(false);
    case EventType::signal:
      return on_signal(event);
    case EventType::conversation_ended:
      return on_conversation_ended(event);
    case EventType::new_conversation:
      return knows_session() && raise(transfer::Event::new_conversation);
    case EventType::chat_resumed:
      return knows_session() && raise(transfer::Event::chat_resumed);
    case EventType::lead_awaited:
      return knows_session() && raise(transfer::Event::lead_awaited);
    case EventType::lead_lost:
      return raise(transfer::Event::lead_lost);
    case EventType::handled_elsewhere:
      if (!knows_session()) return false;
      if (event.flag("connected") && state_.phase != Phase::done) state_.connected = true;
      return raise(transfer::Event::handled_elsewhere);
    case EventType::cancel:
      knows_session();
      return raise(transfer::Event::cancel);
  }
  return false;
}

/// The texts of the person's language, which may take a moment to load.
void Flow::take_words(const Event& event) {
  const auto words = event.members.find("words", json::Kind::object);
  if (!words) return;
  const auto text = [&](Key name) {
    const auto member = words->find(name, json::Kind::string);
    return std::string(member ? member->text() : string_view());
  };
  time_to_answer_ = text("time_to_answer");
  time_of_warning_ = text("time_of_warning");
  const auto catalogue = words->find("catalogue", json::Kind::object);
  catalogue_ = catalogue ? Catalogue::from(*catalogue) : Catalogue();
}

bool Flow::on_session_ended(const Event& event) {
  const auto told = std::exchange(told_again_, nullptr);
  const bool asking = state_.phase == Phase::asking;
  if (asking ? !told : state_.phase != Phase::idle || !(told || told_)) return false;
  if (asking && told->decision.same_as(decision())) {
    // Nothing new is decided, but more is known.
    told_ = told;
    return show_changed_question();
  }
  // Whoever has been asked is asked on in the same language.
  if (!asking) take_words(event);
  if (asking && told->decision.reason == Reason::already_started) return raise(transfer::Event::platform_started);
  if (told) adopt(told);
  note_status(told_->session.text("status").value_or(""));
  if (state_.settling && facts_may_follow()) return told != nullptr;
  const auto digest = event.text("digest");
  const auto id = digest ? handoff::id_from_digest(*digest) : std::nullopt;
  if (id || !asking) handoff_id_ = id.value_or("");
  state_.handoff.idempotent = endpoint().idempotent;
  form_ = blank_form();
  state_.form_refused = false;
  // Whoever has been asked is waited for.
  if (asking) return raise(transfer::Event::redecided);
  state_.answer = decision().opt_in ? transfer::Answer::none : transfer::Answer::not_asked;
  consent_.required = decision().opt_in;
  const bool goes_on = told_->saved && !observing_ && decision().outcome != DecisionOutcome::reject;
  return raise(goes_on && take_up(*told_->saved, told_->age_ms) ? transfer::Event::restored
                                                                : transfer::Event::session_ended);
}

const Decision& Flow::decision() const {
  static const Decision none;
  return told_ ? told_->decision : none;
}

/// Before its end is told: what is known of it so far.
bool Flow::knows_session() {
  if (state_.phase == Phase::idle && told_again_) adopt(std::exchange(told_again_, nullptr));
  return told_ != nullptr;
}

void Flow::adopt(std::shared_ptr<const Told> told) {
  announced_ = announced_ && told->decision.same_as(decision());
  decided_at_ = told->decided_at;
  if (told->saved && persisted_.empty()) persisted_ = "by a page before this one";
  told_ = std::move(told);
}

bool Flow::on_action(const Event& event) {
  const auto name = event.text("action");
  const auto action = name ? from_name<ActionName>(*name) : std::nullopt;
  if (!action) return false;
  switch (*action) {
    case ActionName::yes:
      if (state_.phase == Phase::asking && !state_.following) take_form(event);
      return raise(transfer::Event::yes);
    case ActionName::no:
      return raise(transfer::Event::no);
    case ActionName::try_again:
      return raise(transfer::Event::try_again);
    case ActionName::not_now:
      return raise(transfer::Event::not_now);
    case ActionName::continue_:
      if (state_.collecting == transfer::Collecting::form) take_form(event);
      return raise(transfer::Event::form_given);
    case ActionName::more_time:
      return raise(transfer::Event::more_time);
  }
  return false;
}

bool Flow::on_timer(const Event& event) {
  const auto name = event.text("timer");
  const auto timer = name ? from_name<TimerName>(*name) : std::nullopt;
  if (!timer) return false;
  switch (*timer) {
    case TimerName::prompt:
      return raise(transfer::Event::prompt_expired);
    case TimerName::prompt_warning:
      return raise(transfer::Event::time_short);
    case TimerName::provide:
      return raise(transfer::Event::provide_expired);
    case TimerName::stall:
      return raise(transfer::Event::stall_expired);
    case TimerName::settle:
      if (!state_.settling) return false;
      state_.settling = false;
      settled_ = true;
      return raise(transfer::Event::session_ended);
    case TimerName::virtual_agent:
      return state_.phase == Phase::in_conversation && converses() && converse(conversation::Event::waited_enough);
    case TimerName::offline:
      return waits_for_network(event.delivery()) &&
             deliver(event.delivery(), delivery::Event::offline_expired, Reason::network_or_cors);
    case TimerName::attempt:
      return event.flag("unsent")
                 ? deliver(event.delivery(), delivery::Event::unsent_expired, Reason::authorize_failed)
                 : deliver(event.delivery(), delivery::Event::attempt_expired, Reason::attempt_timeout);
    case TimerName::retry:
      return deliver(event.delivery(), delivery::Event::retry_due, std::nullopt);
    case TimerName::budget:
      return deliver(event.delivery(), delivery::Event::budget_expired,
                     reason_when_budget_ends(event.delivery(), event.flag("unsent")));
  }
  return false;
}

bool Flow::on_response(const Event& event) {
  const auto status = event.number("status");
  const DeliveryName name = event.delivery();
  if (!status || state_of(name).phase != DeliveryState::sending) return false;
  const bool is_record = name != DeliveryName::handoff;
  (is_record ? record_statuses_[record_index(name)] : status_) = status;
  auto [verdict, reason] = delivery::judge_status(*status);
  // Whoever goes on with a hand-off under its key is told so when it had been accepted with another body: facts that
  // are not kept may have changed.
  using transfer::Intent;
  const bool goes_on = is_record ? intent_ == Intent::recording || intent_ == Intent::in_conversation : may_have_sent_;
  if (goes_on && reason == Reason::idempotency_conflict) verdict = delivery::Event::accepted;
  const double retry_after = std::max(0.0, event.number("retry_after_ms").value_or(0));
  // Waiting longer than the whole budget is giving up now, not later.
  const bool retries = verdict == delivery::Event::retryable ||
                       (verdict == delivery::Event::network_failed && state_of(name).idempotent);
  if (retries && retry_after >= limits::kBudgetMs) verdict = delivery::Event::refused;
  retry_after_ms_ = static_cast<std::uint32_t>(std::min(retry_after, static_cast<double>(limits::kBudgetMs)));
  if (verdict == delivery::Event::accepted && !is_record) take_answer(event);
  return deliver(name, verdict, reason);
}

bool Flow::on_online(bool online) {
  state_.online = online;
  if (!online) return true;
  for (const DeliveryName name : {DeliveryName::metadata, DeliveryName::crm, DeliveryName::handoff}) {
    if (!waits_for_network(name)) continue;
    stop_timer(TimerName::offline, name);
    if (name == DeliveryName::handoff) show(PromptKind::connecting);
    deliver(name, delivery::Event::online, std::nullopt);
  }
  return true;
}

bool Flow::on_conversation_ended(const Event& event) {
  const auto by = event.text("by");
  conversation_reason_ = by == "virtual_agent" ? Reason::ended_by_virtual_agent
                         : by == "end_user"    ? Reason::ended_by_end_user
                                               : Reason::ended_by_unknown;
  return raise(transfer::Event::conversation_ended);
}

/// What the SDK tells once the session has ended.
bool Flow::on_signal(const Event& event) {
  const auto signal = event.text("signal");
  if (!signal) return false;
  const bool human = event.flag("human");
  const bool noted = note_status(event.text("status").value_or(""));
  if (goes_on_again(event)) return raise(transfer::Event::chat_resumed);
  if (state_.phase == Phase::asking && platform_acts(*signal, event)) return true;
  const auto sign = conversation::event_of(*signal, human);
  if (!sign || !converses()) return noted;
  // The platform may be quicker than its answer to us. What closes then is the human agent's part.
  using enum conversation::Event;
  const bool early = state_.phase == Phase::handing_off && (*sign == joined || *sign == left || *sign == end_said);
  const bool heeded = state_.phase == Phase::in_conversation || early;
  return (heeded && converse(*sign)) || noted;
}

/// Remembers that the chat's record says that it is over. Whether that is news.
bool Flow::note_status(string_view status) {
  const bool matters = state_.phase != Phase::in_conversation && state_.phase != Phase::done;
  if (state_.closed || !matters || !is_over(status)) return false;
  state_.closed = true;
  return true;
}

/// Whether a chat whose record said that it was over waits for a human agent again, or has one.
bool Flow::goes_on_again(const Event& event) const {
  const string_view status = event.text("status").value_or("");
  // On its way to the platform's virtual agent a chat may be queued.
  const bool queued = status == "queued" && !(state_.phase == Phase::handing_off && converses());
  const bool again = queued || (status == "assigned" && event.flag("human"));
  return state_.closed && again;
}

/// While a question is open: what the platform, or the widget, does by itself.
bool Flow::platform_acts(string_view signal, const Event& event) {
  const auto status = event.text("post_session_status").value_or("");
  const Endpoint& platform = endpoint();
  const bool is_refusal = status != "ready" && status == platform.declined_status &&
                          !std::ranges::contains(platform.statuses, platform.declined_status);
  if (state_.following) {
    if (is_refusal || event.members.find("opt_in", json::Kind::boolean).transform(&json::Value::boolean) == false)
      return raise(transfer::Event::platform_declined);
    const auto sign = conversation::event_of(signal, event.flag("human"));
    if (sign == conversation::Event::exited || sign == conversation::Event::destroyed)
      return raise(transfer::Event::platform_closed);
    if (sign == conversation::Event::joined) {
      raise(transfer::Event::platform_started);
      return converse(*sign);
    }
  }
  // The record tells a newcomer from one who was there before the end, and is told of late.
  const string_view record = event.text("status").value_or("");
  const bool comes = signal == "chat.memberJoined" && !event.flag("human") && !record.empty() && !is_over(record);
  const bool started = !status.empty() && status != "ready" && !is_refusal;
  return (started || comes) && raise(transfer::Event::platform_started);
}

bool Flow::converse(conversation::Event event) {
  const conversation::Step step = conversation::step(state_.conversation, event);
  if (step.row == nullptr) return false;
  const bool timed = state_.phase == Phase::in_conversation;
  const bool waited = state_.conversation.waits() && event != conversation::Event::waited_enough;
  state_.conversation = step.next;
  if (timed && waited && !state_.conversation.waits()) stop_timer(TimerName::virtual_agent);
  if (timed && !waited && state_.conversation.waits()) start_timer(TimerName::virtual_agent, limits::kVirtualAgentMs);
  if (!step.row->ending) return true;
  conversation_reason_ = *step.row->ending;
  return !timed || raise(conversation_reason_ == Reason::virtual_agent_absent ? transfer::Event::virtual_agent_absent
                                                                              : transfer::Event::conversation_ended);
}

/// The SDK tells the end of a chat in several steps. What comes with a later one, the platform's flags above all, can
/// still turn the decision around: to ask is decided at once, and all else, for which nobody waits, a moment later.
bool Flow::facts_may_follow() const {
  if (settled_ || !told_ || !told_->session.root().find("signals", json::Kind::array)) return false;
  if (told_->session.text("channel") != "chat" || told_->session.post_session("required")) return false;
  const DecisionOutcome outcome = decision().outcome;
  return outcome == DecisionOutcome::skip || outcome == DecisionOutcome::transfer ||
         (platform_asks_ && outcome == DecisionOutcome::ask);
}

transfer::Facts Flow::facts() const {
  const auto reason = state_.handoff.reason;
  const bool platform_leads =
      platform_asks_ && decision().goes_ahead() && told_ && told_->session.post_session("required") == true;
  const bool form_open = state_.collecting == transfer::Collecting::form;
  const bool asks = (state_.phase == Phase::asking && !state_.following) || form_open;
  return {.facts_may_follow = facts_may_follow(),
          .intent = intent_,
          .decision = decision().outcome,
          .observing = observing_,
          .platform_leads = platform_leads,
          .platform_silent = platform_asks_ && decision().outcome == DecisionOutcome::ask,
          .identified = !handoff_id_.empty(),
          .value_missing = value_missing_,
          .body_too_large = body_.size() > limits::kBodyBytes,
          // Through the platform, or with Dialogflow, the virtual agent goes on in the same session.
          .conversation_follows = decision().hand_off != EndpointKind::webhook || !conversation_.empty(),
          .failure_is_final = reason && delivery::is_final(*reason),
          .we_ask = !state_.following,
          .values_wrong = asks && state_.form_refused,
          .timed = asks && settings_ && settings_->rules.prompt_timeout_s > 0,
          .form_needed = !state_.form_taken && !form_.empty(),
          .form_open = form_open,
          .host_needed = !state_.host_asked && !host_parameters().empty(),
          .host_open = state_.collecting == transfer::Collecting::host,
          .throttled = throttled_,
          .uncollected = body_.empty() && !converses()};
}

bool Flow::raise(transfer::Event event) {
  const transfer::Row* const row = transfer::find_row(state_.phase, event, facts());
  if (row == nullptr) return false;
  if (row->to != state_.phase) leave(state_.phase);
  if (row->guard == transfer::Guard::platform_leads) state_.following = true;
  state_.phase = row->to;
  // What only mattered on the way is forgotten.
  if (row->to == Phase::in_conversation || row->to == Phase::done) state_.closed = false;
  if (row->to == Phase::done) state_.conversation = {};
  for (const transfer::Action action : row->actions) {
    const bool answers = event == transfer::Event::yes || event == transfer::Event::no;
    if (answers && row->to != Phase::asking) {
      state_.answer = event == transfer::Event::yes ? transfer::Answer::yes : transfer::Answer::no;
    }
    run(action);
  }
  if (row->ending) finish(*row->ending);
  if (row->to == Phase::idle && row->from != Phase::idle) forget_progress();
  return true;
}

/// Gone on with elsewhere: what was saved says where from.
void Flow::forget_progress() {
  state_.handoff = {};
  state_.answer = transfer::Answer::none;
  state_.statuses_set = 0;
  state_.maybe_set = false;
  state_.closed = false;
  state_.form_taken = false;
  state_.form_refused = false;
  state_.host_asked = false;
  consent_ = {};
  asked_for_.clear();
  body_.clear();
}

void Flow::leave(Phase phase) {
  if (facts().timed) stop_prompt_timer();
  if (state_.collecting == transfer::Collecting::host) {
    stop_timer(TimerName::provide);
    effects_.emplace_back(StopProviding{});
  }
  state_.collecting = transfer::Collecting::nothing;
  if (state_.settling) {
    state_.settling = false;
    stop_timer(TimerName::settle);
  }
  if (phase == Phase::in_conversation && converses() && state_.conversation.waits())
    stop_timer(TimerName::virtual_agent);
  if (phase == Phase::stalled) stop_timer(TimerName::stall);
}

void Flow::run(transfer::Action action) {
  using Action = transfer::Action;
  switch (action) {
    case Action::none:
      return;
    case Action::start_settle_timer:
      state_.settling = true;
      return start_timer(TimerName::settle, limits::kSettleMs);
    case Action::announce_decision: {
      if (announced_) return;
      announced_ = true;
      std::string data;
      json::Writer writer(data);
      write(writer, decision());
      emit(HostEvent::decision, std::move(data));
      if (told_ && told_->disagreement) emit_diagnostic("platform_disagrees", name_of(*told_->disagreement));
      if (decision().endpoint_conflict) emit_diagnostic("endpoint_conflict", decision().agent->id);
      return;
    }
    case Action::hold:
      if (state_.held) return;
      state_.held = true;
      return emit(HostEvent::hold);
    case Action::show_opt_in:
      start_prompt_timer();
      return show_question("none");
    case Action::show_opt_in_again:
      show_changed_question();
      return;
    case Action::show_errors:
      return show_question("invalid");
    case Action::show_time_left:
      state_.warned = true;
      return show_time_left();
    case Action::grant_time:
      stop_prompt_timer();
      start_prompt_timer();
      return show_question("none");
    case Action::collect:
      if (facts().timed) stop_prompt_timer();
      state_.collecting = transfer::Collecting::nothing;
      raise(transfer::Event::entered);
      return;
    case Action::show_form:
      state_.collecting = transfer::Collecting::form;
      start_prompt_timer();
      return show_question("none");
    case Action::ask_host:
      return ask_host();
    case Action::stop_host:
      stop_timer(TimerName::provide);
      effects_.emplace_back(StopProviding{});
      return;
    case Action::hand_over:
      raise(transfer::Event::prepared);
      return;
    case Action::show_throttled:
      return show(PromptKind::stalled, Reason::too_many_tries);
    case Action::show_declined:
      return show(PromptKind::declined);
    case Action::show_expired:
      return show(PromptKind::expired);
    case Action::show_stalled:
      return show(PromptKind::stalled, state_.handoff.reason);
    case Action::show_connected:
      return show_connected();
    case Action::show_failed:
      return show(PromptKind::failed, failure_reason());
    case Action::hide_prompt:
      on_screen_ = std::nullopt;
      effects_.emplace_back(ShowPrompt{});
      return;
    case Action::record_consent:
      return record_consent();
    case Action::tell_platform_no:
      return tell_platform_no();
    case Action::prepare_handoff:
      return prepare_handoff();
    case Action::start_delivery:
      state_.handoff = {.idempotent = state_.handoff.idempotent};
      // Said once, also where the host was asked first.
      if (!state_.online || on_screen_ != PromptKind::connecting)
        show(state_.online ? PromptKind::connecting : PromptKind::waiting_online);
      if (!state_.online) start_timer(TimerName::offline, limits::kOfflineMs);
      deliver(DeliveryName::handoff, state_.online ? delivery::Event::start : delivery::Event::start_offline,
              std::nullopt);
      return;
    case Action::abandon_delivery:
      deliver(DeliveryName::handoff, delivery::Event::abandon, std::nullopt);
      return;
    case Action::start_records:
      return start_records();
    case Action::resume_records:
      return resume_records();
    case Action::start_stall_timer:
      return start_timer(TimerName::stall, limits::kStallMs);
    case Action::connect:
      state_.connected = true;
      return;
    case Action::follow:
      state_.handoff.phase = DeliveryState::delivered;
      emit_handoff();
      if (converses()) start_timer(TimerName::virtual_agent, limits::kVirtualAgentMs);
      return;
    case Action::await_conversation:
      if (!converses()) return;
      if (state_.conversation.phase == ConversationState::over) {
        raise(transfer::Event::conversation_ended);
        return;
      }
      effects_.emplace_back(ShowWidget{});
      if (state_.conversation.waits()) start_timer(TimerName::virtual_agent, limits::kVirtualAgentMs);
      return;
  }
}

std::optional<Reason> Flow::failure_reason() const {
  if (value_missing_) return Reason::parameter_missing;
  if (body_.size() > limits::kBodyBytes) return Reason::payload_too_large;
  return state_.handoff.reason;
}

void Flow::finish(const transfer::Ending& ending) {
  using enum transfer::ReasonFrom;
  state_.outcome = ending.outcome;
  switch (ending.from) {
    case row:
      state_.reason = ending.reason;
      break;
    case decision:
      state_.reason = this->decision().reason;
      break;
    case delivery:
      state_.reason = state_.handoff.reason;
      break;
    case conversation:
      state_.reason = conversation_reason_;
      break;
  }
  std::string data;
  json::Writer writer(data);
  writer.begin_object();
  writer.key("outcome").name(*state_.outcome);
  writer.key("reason").name_or_null(state_.reason);
  writer.key("session_id").string_or_null(told_ ? std::optional<string_view>(told_->session.id()) : std::nullopt);
  writer.key("virtual_agent")
      .string_or_null(this->decision().agent != nullptr ? std::optional<string_view>(this->decision().agent->id)
                                                        : std::nullopt);
  writer.key("handoff_id").string_or_null(handoff_id_.empty() ? std::nullopt : std::optional<string_view>(handoff_id_));
  writer.end_object();
  emit(HostEvent::outcome, std::move(data));
  if (state_.held && !state_.connected) emit(HostEvent::release);
}

void Flow::show(PromptKind kind, std::optional<Reason> reason) {
  Prompt prompt = make_prompt(
      catalogue_, kind, decision().agent != nullptr ? string_view(decision().agent->name) : string_view(), reason);
  show(std::move(prompt));
}

/// With what the virtual agent says right away, unless the host shows that in its own way.
void Flow::show_connected() {
  Prompt prompt = make_prompt(catalogue_, PromptKind::connected, agent_name(), std::nullopt);
  if (!host_converses_) {
    for (const std::string& message : said_) prompt.announcement.append(" ").append(message);
    prompt.messages = std::exchange(said_, {});
    if (!link_.empty())
      prompt.link = {.url = link_, .label = std::string(catalogue_.text(MessageKey::open_conversation))};
  }
  show(std::move(prompt));
}

void Flow::show(Prompt prompt) {
  prompt.seq = ++announcements_;
  on_screen_ = prompt.kind;
  effects_.emplace_back(ShowPrompt{std::move(prompt)});
}

void Flow::emit_handoff() {
  const delivery::State& handoff = state_.handoff;
  const bool delivered = handoff.phase == DeliveryState::delivered;
  std::string data;
  json::Writer writer(data);
  writer.begin_object();
  writer.key("handoff_id").string(handoff_id_);
  writer.key("virtual_agent")
      .string_or_null(this->decision().agent != nullptr ? std::optional<string_view>(this->decision().agent->id)
                                                        : std::nullopt);
  writer.key("endpoint").name(decision().hand_off);
  writer.key("state").name(handoff.phase);
  writer.key("attempt").number(handoff.attempts);
  writer.key("status");
  if (status_) {
    writer.number(*status_);
  } else {
    writer.null();
  }
  writer.key("reason").string_or_null(!delivered && handoff.reason ? std::optional(name_of(*handoff.reason))
                                                                   : std::nullopt);
  writer.key("conversation").raw(delivered && !conversation_.empty() ? string_view(conversation_) : "null");
  writer.key("messages").raw(delivered ? string_view(messages_) : "[]");
  writer.end_object();
  emit(HostEvent::handoff, std::move(data));
}

void Flow::emit_diagnostic(string_view code, string_view detail) {
  std::string data;
  json::Writer(data).begin_object().key("code").string(code).key("detail").string(detail).end_object();
  emit(HostEvent::diagnostic, std::move(data));
}

void Flow::record_consent() {
  consent_ = {.required = true,
              .selected = state_.answer == transfer::Answer::yes ? "Yes" : "No",
              .text_version = catalogue_.version,
              .locale = catalogue_.locale,
              .at = at_};
  std::string data;
  json::Writer writer(data);
  write(writer, consent_);
  emit(HostEvent::consent, std::move(data));
}

}  // namespace pst
