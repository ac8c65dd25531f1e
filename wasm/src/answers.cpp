#include "pst/answers.hpp"

#include <array>
#include <cstdint>

namespace pst::answers {

namespace {

std::array<char, 16> hex_text(std::uint64_t value) {
  std::array<char, 16> digits{};
  for (std::size_t i = digits.size(); i-- > 0; value >>= 4U) digits[i] = "0123456789abcdef"[value & 0xFU];
  return digits;
}

void write_state(json::Writer& writer, const transfer::State& state) {
  writer.begin_object();
  writer.key("phase").name(state.phase);
  writer.key("delivery").name(state.handoff.phase);
  writer.key("attempts").number(state.handoff.attempts);
  writer.key("outcome").name_or_null(state.outcome);
  writer.key("reason").name_or_null(state.reason);
  writer.key("recording").boolean(state.is_recording());
  writer.end_object();
}

}  // namespace

void findings(json::Writer& writer, std::span<const Finding> findings) {
  writer.begin_array();
  for (const Finding& finding : findings) {
    writer.begin_object();
    writer.key("code").string(finding.code);
    writer.key("pointer").string(finding.pointer);
    if (finding.line != 0) writer.key("line").number(finding.line).key("column").number(finding.column);
    writer.key("found").string(finding.found);
    writer.key("expected").begin_array();
    for (const std::string_view expected : finding.expected) writer.string(expected);
    writer.end_array();
    if (finding.limit != 0) writer.key("limit").number(finding.limit).key("unit").string(finding.unit);
    writer.end_object();
  }
  writer.end_array();
}

void failure(std::span<const Finding> errors, std::string& out) {
  json::Writer writer(out);
  writer.begin_object().key("type").string("failure").key("errors");
  findings(writer, errors);
  writer.end_object();
}

void begin(Flow& flow, std::string_view text, std::string& out) {
  const auto begun = flow.begin(text);
  if (!begun) return failure(begun.error(), out);
  json::Writer writer(out);
  writer.begin_object().key("type").string("success").key("decision");
  write(writer, *begun->decision);
  writer.key("digest_of").string_or_null(begun->digest_of);
  writer.end_object();
}

void step(Flow& flow, std::string_view event, std::string& out) {
  const Flow::Result result = flow.step(event);
  const auto hash = hex_text(transfer::hash(flow.state()));
  json::Writer writer(out);
  writer.begin_object().key("type").string("success");
  writer.key("accepted").boolean(!result.ignored);
  if (result.ignored) writer.key("ignored").name(*result.ignored);
  writer.key("state");
  write_state(writer, flow.state());
  writer.key("hash").string(std::string_view(hash.data(), hash.size()));
  if (!result.invalid.empty()) {
    writer.key("invalid").begin_array();
    for (const std::string_view name : result.invalid) writer.string(name);
    writer.end_array();
  }
  writer.key("effects").begin_array();
  for (const Effect& effect : result.effects) write(writer, effect);
  writer.end_array().end_object();
}

}  // namespace pst::answers
