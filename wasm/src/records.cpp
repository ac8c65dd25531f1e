#include "pst/records.hpp"

#include <optional>
#include <vector>

#include "pst/limits.hpp"
#include "readable_text.hpp"

namespace pst::records {

namespace {

using std::string_view;

/// Whether data parameters were passed on. A question that was not answered "Yes" means no.
bool passed_on(const handoff::Consent& consent) {
  return consent.selected ? *consent.selected == "Yes" : !consent.required;
}

void write_agent(json::Writer& writer, const VirtualAgent* agent) {
  if (agent == nullptr) {
    writer.null();
    return;
  }
  writer.begin_object();
  writer.key("id").string(agent->id);
  writer.key("name").string(agent->name);
  writer.end_object();
}

/// `key: value` on one line, neither of which can begin another.
std::string line_of(string_view key, string_view value) {
  return std::string(key) + ": " + shortened(one_line(value), limits::kCrmValueBytes);
}

string_view name_of_agent(const Record& record) {
  return record.agent != nullptr ? string_view(record.agent->name) : string_view("Virtual Agent");
}

std::string shortened_line(std::size_t left_out) { return "\n(shortened: " + std::to_string(left_out) + " more)"; }

/// The lines, in their order, as far as they and the line that counts the others fit.
void append_lines(std::string& text, const std::vector<std::string>& lines) {
  std::size_t all = text.size();
  for (const std::string& line : lines) all += 1 + line.size();
  const std::size_t reserved = all > limits::kCrmTextBytes ? shortened_line(lines.size()).size() : 0;
  std::size_t written = 0;
  while (written < lines.size() && text.size() + 1 + lines[written].size() + reserved <= limits::kCrmTextBytes) {
    text += '\n';
    text += lines[written];
    ++written;
  }
  if (written < lines.size()) text += shortened_line(lines.size() - written);
}

std::string consent_text(const Record& record) {
  const handoff::Consent& consent = record.consent;
  std::string text = "Chatbot Workflow: Post Session Transfer - Chat";
  append_lines(
      text, {line_of("Virtual Agent", name_of_agent(record)), line_of("Opt-in", consent.selected.value_or("No answer")),
             line_of("Opt-in Text Version", consent.text_version), line_of("Opt-in Locale", consent.locale),
             line_of("Answered At", consent.at)});
  return text;
}

}  // namespace

std::string metadata_fragment(const Record& record) {
  const bool accepted = passed_on(record.consent);
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  if (accepted) {
    writer.key("data_parameters");
    write(writer, record.parameters.values, Sensitive::written);
  }
  writer.key("post_session_transfer").begin_object();
  writer.key("handoff_id").string(record.handoff_id);
  writer.key("session_id").string(record.session.id());
  writer.key("virtual_agent");
  write_agent(writer, record.agent);
  if (accepted) writer.key("ended_by").string_or_null(record.session.ended_by().by);
  writer.key("opt_in");
  handoff::write(writer, record.consent);
  if (accepted) writer.key("accepted_at").string(record.accepted_at);
  writer.key("outcome").string(accepted ? "accepted" : "declined");
  writer.end_object().end_object();
  return text;
}

std::string crm_text(const Record& record) {
  if (!passed_on(record.consent)) return consent_text(record);
  std::string text = "Data parameters passed to " + shortened(one_line(name_of_agent(record)), limits::kCrmValueBytes) +
                     "\nData parameters passed:";
  std::vector<std::string> lines;
  for (const auto& [parameter, value, invisible] : record.parameters.values) {
    if (!invisible && !invisible_to_agent(*parameter, record.session))
      lines.push_back(line_of(parameter->field, text_of(value)));
  }
  append_lines(text, lines);
  return text;
}

std::string sink_body(string_view handoff_id, RecordKind kind, Content form, string_view content,
                      string_view written_at) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  writer.key("schema").number(1);
  writer.key("handoff_id").string(handoff_id);
  writer.key("record").name(kind);
  if (form == Content::fragment) {
    writer.key("fragment").raw(content);
  } else {
    writer.key("text").string(content);
  }
  writer.key("written_at").string(written_at);
  writer.end_object();
  return text;
}

}  // namespace pst::records
