#pragma once

#include <array>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pst/catalogue.hpp"
#include "pst/decision.hpp"
#include "pst/effects.hpp"
#include "pst/form.hpp"
#include "pst/handoff.hpp"
#include "pst/names.hpp"
#include "pst/saved.hpp"
#include "pst/session.hpp"
#include "pst/settings.hpp"
#include "pst/transfer.hpp"

namespace pst {

/// One session's way from its end to its outcome: the machines' state, and beside it what is not small and finite (the
/// session, texts, parameters, times). Events go in, effects come out; nothing else happens.
class Flow {
 public:
  /// `settings` may be null: then the platform's own flags decide.
  explicit Flow(std::shared_ptr<const Settings> settings) : settings_(std::move(settings)) {}

  struct Begun {
    const Decision* decision;              ///< valid until the next call
    std::optional<std::string> digest_of;  ///< the text whose SHA-256 `session_ended` must bring
  };
  /// Takes the session's facts and decides. `text` is the JSON of docs/architecture.md, "The boundary". Changes no
  /// state: `session_ended` puts the decision in force. Before anything was answered a session may be told again, with
  /// facts that came later.
  std::expected<Begun, std::vector<Finding>> begin(std::string_view text);

  struct Result {
    std::optional<Ignored> ignored;
    std::vector<Effect> effects;
    std::vector<std::string_view> invalid;  ///< fields that were refused, until the next call
  };
  /// Takes one event. Any text in any state is answered.
  Result step(std::string_view event);

  [[nodiscard]] const transfer::State& state() const { return state_; }

 private:
  struct Event;

  // Events from outside.
  bool dispatch(const Event& event);
  bool on_session_ended(const Event& event);
  void take_words(const Event& event);
  bool on_action(const Event& event);
  bool on_provided(const Event& event);
  bool on_timer(const Event& event);
  bool on_response(const Event& event);
  bool on_online(bool online);
  bool on_signal(const Event& event);
  bool note_status(std::string_view status);
  [[nodiscard]] bool goes_on_again(const Event& event) const;
  bool platform_acts(std::string_view signal, const Event& event);
  bool on_conversation_ended(const Event& event);

  // The transfer machine.
  bool raise(transfer::Event event);
  void leave(Phase phase);
  void forget_progress();
  void run(transfer::Action action);
  void finish(const transfer::Ending& ending);
  bool converse(conversation::Event event);
  [[nodiscard]] bool facts_may_follow() const;
  bool take_up(const Saved& saved, double age_ms);
  void restore_consent(const Saved& saved);
  void persist();
  /// Whether the conversation goes on in this chat, so that the SDK's signals tell of it.
  [[nodiscard]] bool converses() const { return decision().hand_off == EndpointKind::ccaip; }
  [[nodiscard]] transfer::Facts facts() const;
  [[nodiscard]] std::optional<Reason> failure_reason() const;
  [[nodiscard]] Reason reason_when_budget_ends(DeliveryName name, bool unsent) const;

  // What is collected.
  void show_question(std::string_view focus);
  bool show_changed_question();
  [[nodiscard]] std::vector<std::string> asked_for() const;
  void show_time_left();
  [[nodiscard]] Prompt question() const;
  void show(Prompt prompt);
  [[nodiscard]] std::string time_left() const;
  [[nodiscard]] std::vector<SharedItem> shared() const;
  void start_prompt_timer();
  void stop_prompt_timer();
  void take_form(const Event& event);
  void ask_host();
  [[nodiscard]] std::vector<const DataParameter*> host_parameters() const;
  [[nodiscard]] std::span<const DataParameter> parameters() const;
  [[nodiscard]] Form blank_form() const;
  [[nodiscard]] ResolvedParameters resolved(Unasked unasked = Unasked::defaulted) const;

  // The delivery machine.
  [[nodiscard]] bool waits_for_network(DeliveryName name) const;
  [[nodiscard]] delivery::State& state_of(DeliveryName name);
  [[nodiscard]] const delivery::State& state_of(DeliveryName name) const;
  bool deliver(DeliveryName name, delivery::Event event, std::optional<Reason> reason);
  void run(DeliveryName name, delivery::Action action);
  void start_attempt_timers(DeliveryName name);
  void send();
  void settle();
  [[nodiscard]] Reason failure_of(DeliveryName name, const Event& event) const;

  // Records.
  void start_records();
  void start_record(DeliveryName name);
  void send_record(DeliveryName name);
  void settle_record(DeliveryName name);
  void emit_record(DeliveryName name);
  [[nodiscard]] RecordKind record_kind(DeliveryName name) const;
  void resume_records();

  // Effects.
  void show(PromptKind kind, std::optional<Reason> reason = std::nullopt);
  void show_connected();
  void start_timer(TimerName timer, std::uint32_t ms, std::uint32_t jitter_ms = 0,
                   DeliveryName delivery = DeliveryName::handoff) {
    effects_.emplace_back(StartTimer{timer, ms, jitter_ms, delivery});
  }
  void stop_timer(TimerName timer, DeliveryName delivery = DeliveryName::handoff) {
    effects_.emplace_back(StopTimer{timer, delivery});
  }
  void emit(HostEvent event, std::string data = "{}") { effects_.emplace_back(Emit{event, std::move(data)}); }
  void emit_handoff();
  void emit_diagnostic(std::string_view code, std::string_view detail);
  void record_consent();
  void tell_platform_no();
  void prepare_handoff();
  void update_post_session();
  void post();
  void take_answer(const Event& event);
  void take_said(json::Value messages);
  /// How the hand-off is delivered: the agent's endpoint, or the platform's where the platform requires its own.
  [[nodiscard]] const Endpoint& endpoint() const;

  std::shared_ptr<const Settings> settings_;
  transfer::State state_;

  /// What was told of the session, and what follows from it.
  struct Told {
    Session session;
    Decision decision;
    std::string decided_at;
    std::optional<Reason> disagreement;  ///< what the settings alone say, where the platform says the opposite
    std::optional<Saved> saved;          ///< where a page before this one, or another tab, had got to
    double age_ms = 0;                   ///< how long ago
  };
  bool knows_session();
  void adopt(std::shared_ptr<const Told> told);
  [[nodiscard]] const Decision& decision() const;
  /// Empty where it has none.
  [[nodiscard]] std::string_view agent_name() const {
    return decision().agent != nullptr ? std::string_view(decision().agent->name) : std::string_view();
  }
  std::shared_ptr<const Told> told_;        ///< in force
  std::shared_ptr<const Told> told_again_;  ///< not yet

  /// Where a record goes: the host's function, or a URL.
  struct Sink {
    bool is_function = false;
    std::optional<UrlFact> fact;
    bool allowed = false;
  };
  static std::optional<Sink> read_sink(json::Value value, const std::optional<std::vector<std::string>>& origins);

  bool observing_ = false;
  bool saved_masked_ = false;    ///< a replay: what was given in fields cannot be judged again
  bool platform_asks_ = false;   ///< asking is left to the stock widget
  bool host_converses_ = false;  ///< the host shows what the virtual agent says
  transfer::Intent intent_ = transfer::Intent::none;
  bool may_have_sent_ = false;  ///< a page before this one, or another tab: the hand-off
  std::string persisted_;       ///< what the bindings keep
  bool announced_ = false;      ///< the host knows the decision
  bool settled_ = false;        ///< no further facts are waited for
  std::string decided_at_;
  std::string accepted_at_;  ///< or declined
  std::optional<std::string> time_zone_;
  Catalogue catalogue_;
  std::string time_to_answer_;   ///< in the person's language: "2 minutes"
  std::string time_of_warning_;  ///< "20 seconds"
  std::array<std::optional<Sink>, transfer::kRecordSinks> sinks_;
  Form form_;
  std::vector<std::string> asked_for_;            ///< by the question that is or was on screen; empty = none was
  std::vector<const DataParameter*> host_asked_;  ///< and has not answered; owned by the settings
  std::vector<GivenValue> host_values_;
  Endpoint platform_;  ///< ccaip with its defaults
  std::string handoff_id_;
  handoff::Consent consent_;
  bool value_missing_ = false;
  std::string body_;

  // Of the event in hand.
  std::string at_;
  std::uint32_t retry_after_ms_ = 0;
  bool throttled_ = false;
  bool form_judged_ = false;
  std::optional<double> status_;
  std::array<std::optional<double>, transfer::kRecordSinks> record_statuses_;
  std::array<std::string, transfer::kRecordSinks> record_bodies_;
  std::string conversation_;  ///< JSON of the accepted answer's conversation, empty = none
  std::string messages_ = "[]";
  std::vector<std::string> said_;  ///< of these what people can read, shortened
  std::string link_;               ///< where the conversation goes on, empty = nowhere else
  Reason conversation_reason_ = Reason::ended_by_unknown;
  std::uint32_t announcements_ = 0;
  std::optional<PromptKind> on_screen_;
  std::vector<Effect> effects_;
};

}  // namespace pst
