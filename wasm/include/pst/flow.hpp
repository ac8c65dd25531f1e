#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pst/catalogue.hpp"
#include "pst/decision.hpp"
#include "pst/effects.hpp"
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
  };
  /// Takes one event. Any text in any state is answered.
  Result step(std::string_view event);

  [[nodiscard]] const transfer::State& state() const { return state_; }

 private:
  struct Event;

  // Events from outside.
  bool dispatch(const Event& event);
  bool on_session_ended(const Event& event);
  bool on_action(const Event& event);
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
  void run(transfer::Action action);
  void finish(const transfer::Ending& ending);
  bool converse(conversation::Event event);
  [[nodiscard]] bool facts_may_follow() const;
  bool take_up(const Saved& saved, double age_ms);
  void persist();
  /// Whether the conversation goes on in this chat, so that the SDK's signals tell of it.
  [[nodiscard]] bool converses() const { return decision().hand_off == EndpointKind::ccaip; }
  [[nodiscard]] transfer::Facts facts() const;
  [[nodiscard]] std::optional<Reason> failure_reason() const;
  [[nodiscard]] Reason reason_when_budget_ends() const;

  // The delivery machine.
  bool deliver(delivery::Event event, std::optional<Reason> reason);
  void run(delivery::Action action);
  void send();
  void settle();

  // Effects.
  void show(PromptKind kind, std::optional<Reason> reason = std::nullopt);
  void start_timer(TimerName timer, std::uint32_t ms, std::uint32_t jitter_ms = 0) {
    effects_.emplace_back(StartTimer{timer, ms, jitter_ms});
  }
  void stop_timer(TimerName timer) { effects_.emplace_back(StopTimer{timer}); }
  void emit(HostEvent event, std::string data = "{}") { effects_.emplace_back(Emit{event, std::move(data)}); }
  void emit_handoff();
  void emit_diagnostic(std::string_view code, std::string_view detail);
  void record_consent();
  void tell_platform_no();
  void prepare_handoff();
  void update_post_session();
  void post();
  void take_answer(const Event& event);
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
  std::shared_ptr<const Told> told_;        ///< in force
  std::shared_ptr<const Told> told_again_;  ///< not yet

  bool observing_ = false;
  bool platform_asks_ = false;  ///< asking is left to the stock widget
  transfer::Intent intent_ = transfer::Intent::none;
  std::string persisted_;   ///< what the bindings keep
  bool announced_ = false;  ///< the host knows the decision
  bool settled_ = false;    ///< no further facts are waited for
  std::string decided_at_;
  std::optional<std::string> time_zone_;
  Catalogue catalogue_;
  Endpoint platform_;  ///< ccaip with its defaults
  std::string handoff_id_;
  handoff::Consent consent_;
  bool value_missing_ = false;
  std::string body_;

  // Of the event in hand.
  std::string at_;
  std::uint32_t retry_after_ms_ = 0;
  std::optional<double> status_;
  std::string conversation_;  ///< JSON of the accepted answer's conversation, empty = none
  std::string messages_ = "[]";
  Reason conversation_reason_ = Reason::ended_by_unknown;
  std::uint32_t announcements_ = 0;
  std::vector<Effect> effects_;
};

}  // namespace pst
