#include "pst/policy.hpp"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "findings.hpp"
#include "pst/answers.hpp"
#include "pst/decision.hpp"
#include "pst/parameters.hpp"
#include "pst/preview.hpp"
#include "url_judge.hpp"

namespace pst {

namespace {

/// Facts in the order of the document's URLs. Without them every URL counts as one the platform could not parse.
std::vector<std::optional<UrlFact>> read_facts(std::string_view text) {
  std::vector<std::optional<UrlFact>> facts;
  const auto document = json::Document::parse(text);
  const auto list = document ? document->root().find("urls", json::Kind::array) : std::nullopt;
  for (auto item = list ? list->first() : std::nullopt; item; item = item->next())
    facts.push_back(read_url_fact(*item));
  return facts;
}

void write_fields(json::Writer& writer, Key key, std::span<const DataParameter* const> parameters) {
  if (parameters.empty()) return;
  writer.key(key).begin_array();
  for (const DataParameter* parameter : parameters) writer.string(parameter->field);
  writer.end_array();
}

void write_simulated(json::Writer& writer, const Session& session, const Decision& decision) {
  ResolvedParameters parameters;
  if (decision.block != nullptr)
    parameters = resolve_parameters(decision.block->parameters_in_force(), session, Unasked::left_out);
  writer.begin_object();
  writer.key("id").value(*session.root().find("id"));
  write_summary(writer, decision);
  writer.key("data_parameters");
  write(writer, parameters.values, Sensitive::masked);
  writer.key("data_records");
  write(writer, decision.data_records);
  write_fields(writer, "missing", parameters.missing);
  write_fields(writer, "asks", parameters.asks);
  writer.end_object();
}

}  // namespace

void Policy::open(std::string_view text, std::string& out) {
  opened_.emplace(text);
  json::Writer writer(out);
  writer.begin_object().key("type").string("facts_needed").key("urls").begin_array();
  for (const std::string& url : opened_->urls()) writer.string(url);
  writer.end_array().end_object();
}

void Policy::accept(std::string_view text, std::string& out) {
  SettingsReader reader = opened_ ? std::move(*opened_) : SettingsReader("");
  opened_.reset();
  const SettingsReport report = std::move(reader).accept(read_facts(text));
  if (!report.settings) return answers::failure(report.errors, out);
  settings_ = report.settings;
  json::Writer writer(out);
  writer.begin_object().key("type").string("success").key("warnings");
  answers::findings(writer, report.warnings);
  writer.key("prompt_timeout_s").number(settings_->rules.prompt_timeout_s);
  writer.end_object();
}

void Policy::evaluate(std::string_view text, std::string& out) const {
  const auto session = Session::parse(text);
  if (!session) return answers::failure(session.error(), out);
  json::Writer writer(out);
  writer.begin_object().key("type").string("success").key("decision");
  write(writer, pst::evaluate(settings_.get(), *session));
  writer.end_object();
}

void Policy::preview(std::string_view text, std::string& out) const {
  const auto session = Session::parse(text);
  if (!session) return answers::failure(session.error(), out);
  json::Writer writer(out);
  writer.begin_object().key("type").string("success").key("preview");
  write_preview(writer, settings_.get(), *session);
  writer.end_object();
}

void Policy::simulate(std::string_view lines, std::string& out) const {
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) {
      if (const auto session = Session::parse(line)) {
        json::Writer writer(out);
        write_simulated(writer, *session, pst::evaluate(settings_.get(), *session));
      } else {
        answers::failure(session.error(), out);
      }
    }
    out += '\n';
  }
}

}  // namespace pst
