// The flow's part that asks: the consumer, by the question and its form, and the host.

#include <algorithm>
#include <utility>

#include "flow_event.hpp"
#include "parameter_sources.hpp"
#include "pst/flow.hpp"
#include "pst/limits.hpp"

namespace pst {

using std::string_view;

namespace {

/// Seconds, where the bindings have no words for the time.
std::string seconds_text(std::uint32_t seconds) { return std::to_string(seconds) + " s"; }

}  // namespace

// Through the platform nothing of ours is collected: it passes the parameters that its portal holds.
std::span<const DataParameter> Flow::parameters() const {
  const bool ours = decision().goes_ahead() && decision().block != nullptr && !converses();
  return ours ? decision().block->parameters_in_force() : std::span<const DataParameter>();
}

/// Of what is reserved, and has a value, nobody is asked.
Form Flow::blank_form() const { return Form(resolve_parameters(parameters(), told_->session, Unasked::left_out).asks); }

ResolvedParameters Flow::resolved(Unasked unasked) const {
  return resolve_parameters(parameters(), told_->session, unasked, {.form = form_.values(), .host = host_values_});
}

void Flow::start_prompt_timer() {
  state_.warned = false;
  const std::uint32_t seconds = settings_ ? settings_->rules.prompt_timeout_s : 0;
  if (seconds == 0) return;
  start_timer(TimerName::prompt, seconds * 1000);
  if (seconds > limits::kPromptWarningSeconds)
    start_timer(TimerName::prompt_warning, (seconds - limits::kPromptWarningSeconds) * 1000);
}

void Flow::stop_prompt_timer() {
  const std::uint32_t seconds = settings_ ? settings_->rules.prompt_timeout_s : 0;
  stop_timer(TimerName::prompt);
  if (seconds > limits::kPromptWarningSeconds && !state_.warned) stop_timer(TimerName::prompt_warning);
}

std::string Flow::time_left() const {
  const std::uint32_t seconds = settings_ ? settings_->rules.prompt_timeout_s : 0;
  if (seconds == 0) return {};
  const std::string& words = state_.warned ? time_of_warning_ : time_to_answer_;
  return catalogue_.filled(MessageKey::time_left, !words.empty()  ? words
                                                  : state_.warned ? seconds_text(limits::kPromptWarningSeconds)
                                                                  : seconds_text(seconds));
}

Prompt Flow::question() const {
  const bool is_form = state_.phase == Phase::collecting;
  Prompt prompt = make_prompt(catalogue_, is_form ? PromptKind::form : PromptKind::opt_in, agent_name(), std::nullopt);
  prompt.fields = form_.fields(catalogue_);
  prompt.shared_title = catalogue_.text(MessageKey::shared_title);
  prompt.shared = shared();
  if (is_form) prompt.add_action(catalogue_, ActionName::continue_);
  if (is_form && form_.has_required()) prompt.add_action(catalogue_, ActionName::not_now);
  prompt.note = time_left();
  if (!prompt.note.empty()) {
    prompt.add_action(catalogue_, ActionName::more_time);
    prompt.announcement += " " + prompt.note;
  }
  return prompt;
}

/// The virtual agent that the question names, its fields, and what it says would be shared: no values, which may change
/// while the person is asked.
std::vector<std::string> Flow::asked_for() const {
  std::vector<std::string> texts{std::string(agent_name())};
  for (const PromptField& field : blank_form().fields(catalogue_)) {
    std::string text = field.name + "\n" + field.label + "\n" + std::string(name_of(field.input));
    for (const std::string& choice : field.choices) text += "\n" + choice;
    texts.push_back(std::move(text));
  }
  for (SharedItem& item : shared()) texts.push_back(std::move(item.label));
  return texts;
}

/// Where a question is on screen that does not say all that it should by now.
bool Flow::show_changed_question() {
  const auto is_said = [&](const std::string& text) { return std::ranges::contains(asked_for_, text); };
  if (asked_for_.empty() || std::ranges::all_of(asked_for(), is_said)) return false;
  show_question("none");
  return true;
}

void Flow::show_question(string_view focus) {
  asked_for_ = asked_for();
  Prompt prompt = question();
  prompt.focus = focus;
  if (focus == "invalid") {
    prompt.announcement = catalogue_.text(MessageKey::form_invalid);
    prompt.note = prompt.announcement + (prompt.note.empty() ? "" : " " + prompt.note);
  }
  show(std::move(prompt));
}

void Flow::show_time_left() {
  Prompt prompt = question();
  prompt.announcement = prompt.note;
  show(std::move(prompt));
}

/// What would leave the page, in the order of the settings. What is not known yet is named all the same.
std::vector<SharedItem> Flow::shared() const {
  std::vector<SharedItem> items;
  if (!told_ || converses()) return items;
  const Session& session = told_->session;
  const auto add = [&](string_view label, std::string value) {
    items.push_back({.label = std::string(label), .value = std::move(value)});
  };
  const auto add_fact = [&](MessageKey label, string_view path, string_view value) {
    const bool hidden = std::ranges::any_of(parameters(), [&](const DataParameter& parameter) {
      return parameter.sensitive && parameter.is_from(Source::ujet_metadata) && parameter.source_field == path;
    });
    add(catalogue_.text(label),
        hidden ? std::string(catalogue_.text(MessageKey::shared_hidden)) : shown(value, limits::kSharedCharacters));
  };
  add_fact(MessageKey::shared_chat, "id", session.id());
  if (const auto lang = session.text("lang")) add_fact(MessageKey::shared_language, "lang", *lang);
  if (const auto queue = session.queue_id()) add_fact(MessageKey::shared_queue, "queue.id", *queue);
  const ResolvedParameters known = resolved();
  for (const DataParameter& parameter : parameters()) {
    const auto label = label_of(parameter, session);
    const auto entry = std::ranges::find(known.values, &parameter, &ResolvedParameters::Entry::parameter);
    const bool asked = (parameter.is_from(Source::form) || parameter.is_from(Source::host)) &&
                       !sources::reserved_value(parameter, session);
    if (parameter.sensitive && (asked || entry != known.values.end())) {
      add(isolated(label), std::string(catalogue_.text(MessageKey::shared_hidden)));
    } else if (asked) {
      add(isolated(label), std::string(catalogue_.text(MessageKey::shared_later)));
    } else if (entry != known.values.end()) {
      add(isolated(label), shown(text_of(entry->value), limits::kSharedCharacters));
    }
  }
  return items;
}

/// Judges what the consumer gave.
void Flow::take_form(const Event& event) {
  const auto values = event.members.find("values", json::Kind::object);
  if (const auto invalid = event.members.find("invalid", json::Kind::array)) {
    form_.take_judged(values, invalid);
  } else {
    form_.take(values);
  }
  form_judged_ = true;
  state_.form_refused = form_.has_errors();
  state_.form_taken = !state_.form_refused;
}

std::vector<const DataParameter*> Flow::host_parameters() const {
  std::vector<const DataParameter*> asked;
  for (const DataParameter& parameter : parameters()) {
    const bool asks = parameter.is_from(Source::host) && !sources::reserved_value(parameter, told_->session);
    if (asks) asked.push_back(&parameter);
  }
  return asked;
}

void Flow::ask_host() {
  host_asked_ = host_parameters();
  host_values_.clear();
  state_.host_asked = true;
  state_.host_pending = static_cast<std::uint8_t>(host_asked_.size());
  state_.collecting = transfer::Collecting::host;
  Provide provide;
  for (const DataParameter* parameter : host_asked_)
    provide.parameters.push_back({.field = parameter->field, .source_field = parameter->source_field});
  show(PromptKind::connecting);
  start_timer(TimerName::provide, limits::kProvideMs);
  effects_.emplace_back(std::move(provide));
}

bool Flow::on_provided(const Event& event) {
  if (state_.collecting != transfer::Collecting::host) return false;
  const auto asked = std::ranges::find(host_asked_, event.text("field").value_or(""), &DataParameter::field);
  if (asked == host_asked_.end()) return false;
  const auto item = event.members.find("value");
  if (auto value = item ? sources::value_of(Source::host, *item) : std::nullopt) {
    host_values_.push_back(
        {.key = (*asked)->field, .value = std::move(*value), .invisible_to_agent = sources::hides(item)});
  }
  host_asked_.erase(asked);
  return --state_.host_pending > 0 || raise(transfer::Event::provided);
}

}  // namespace pst
