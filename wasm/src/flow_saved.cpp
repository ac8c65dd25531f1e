// The flow's part that outlives a page: what is kept of it, and how it is gone on with.

#include <algorithm>

#include "pst/flow.hpp"
#include "pst/limits.hpp"

namespace pst {

/// Goes on where a page before this one had got to. False where the question is to be asked as if nothing had been
/// saved.
bool Flow::take_up(const Saved& saved, double age_ms) {
  using transfer::Answer;
  using transfer::Intent;
  const bool expired = age_ms > limits::kSavedMs;
  const bool is_over = saved.phase == Phase::done;
  const bool fits = saved.handoff_id == handoff_id_ && decision().goes_ahead();
  const bool accepted = saved.answer == Answer::yes || (saved.answer == Answer::not_asked && !decision().opt_in);
  const bool answered = saved.phase != Phase::asking && (accepted || (is_over && saved.answer == Answer::no));
  if (!answered && is_over) {
    intent_ = Intent::recording;
    return true;
  }
  if (!answered) {
    // INVARIANT 1: without a Yes that fits, the person is asked.
    intent_ = Intent::question_expired;
    return expired && decision().outcome == DecisionOutcome::ask;
  }
  state_.answer = saved.answer;
  restore_consent(saved);
  accepted_at_ = saved.accepted_at;
  // The same body under the same key.
  if (!saved.decided_at.empty()) decided_at_ = saved.decided_at;
  // The last status is what accepts the hand-off: there is always one to set.
  const std::size_t last_status = endpoint().statuses.empty() ? 0 : endpoint().statuses.size() - 1;
  state_.statuses_set = static_cast<std::uint8_t>(std::min<std::size_t>(saved.statuses_set, last_status));
  if (const auto form = json::Document::parse(saved.form)) form_.restore(form->root(), saved_masked_);
  // Where nothing that was given is known, the form may still have been open.
  const bool may_be_open =
      saved.phase == Phase::collecting && saved.answer == Answer::not_asked && form_.values().empty();
  state_.form_taken = !form_.needs_asking_again() && !may_be_open;
  const bool goes_on = fits && !expired;
  if (goes_on && (is_over || saved.phase == Phase::in_conversation)) state_.recording = saved.recording;
  if (is_over) state_.connected = accepted;
  may_have_sent_ = saved.phase == Phase::handing_off || saved.phase == Phase::stalled;
  state_.maybe_set = may_have_sent_ && converses();
  state_.handoff.reason = saved.reason;
  const bool unknown_why = saved.phase == Phase::stalled && !saved.reason;
  const bool may_have_arrived = saved.phase == Phase::handing_off && !endpoint().idempotent;
  if (may_have_arrived || unknown_why) state_.handoff.reason = Reason::outcome_unknown;
  intent_ = is_over                                             ? Intent::recording
            : expired                                           ? Intent::expired
            : !fits                                             ? Intent::changed
            : saved.phase == Phase::in_conversation             ? Intent::in_conversation
            : saved.phase == Phase::stalled || may_have_arrived ? Intent::stalled
                                                                : Intent::open;
  return true;
}

void Flow::restore_consent(const Saved& saved) {
  using transfer::Answer;
  if (saved.answer != Answer::yes && saved.answer != Answer::no) return;
  consent_ = {.required = true,
              .selected = saved.answer == Answer::yes ? "Yes" : "No",
              .text_version = saved.text_version,
              .locale = saved.locale,
              .at = saved.answered_at};
}

/// Tells the bindings what to keep, where that has changed. It comes first: before anything leaves the page.
void Flow::persist() {
  if (state_.phase == Phase::idle || state_.following) return;
  if (state_.phase == Phase::done && !state_.is_recording()) {
    // What was never begun here need not be forgotten.
    const bool begun = !persisted_.empty() || state_.held || state_.reason == Reason::handled_elsewhere;
    if (persisted_ == "done" || !begun) return;
    effects_.emplace(effects_.begin(), Persist{.state = {}, .connected = state_.connected});
    persisted_ = "done";
    return;
  }
  const bool answered = consent_.selected.has_value();
  // What was filled in counts once it was agreed to.
  const bool agreed = state_.answer == transfer::Answer::yes || state_.answer == transfer::Answer::not_asked;
  std::string form;
  json::Writer form_writer(form);
  // Only what was taken as a whole: a replay, whose values are masked, cannot tell the others apart.
  const bool keeps_form = agreed && (state_.form_taken || form_.is_restored());
  (keeps_form ? form_ : Form()).write_kept(form_writer);
  std::string text;
  json::Writer writer(text);
  write(writer, Saved{.phase = state_.phase,
                      .answer = state_.answer,
                      .handoff_id = handoff_id_,
                      .decided_at = decided_at_,
                      .answered_at = answered ? consent_.at : std::string(),
                      .accepted_at = accepted_at_,
                      .text_version = answered ? consent_.text_version : std::string(),
                      .locale = answered ? consent_.locale : std::string(),
                      .statuses_set = state_.statuses_set,
                      .reason = state_.phase == Phase::stalled ? state_.handoff.reason : std::nullopt,
                      .recording = state_.recording,
                      .form = form});
  if (text == persisted_) return;
  effects_.emplace(effects_.begin(), Persist{.state = text, .connected = state_.connected});
  persisted_ = std::move(text);
}

}  // namespace pst
