#include "json_builder.hpp"

#include "pst/id_index.hpp"

namespace pst::json {

namespace {

/// Up to this many members, comparing each with each is the fastest way to find duplicates.
constexpr std::uint32_t kFewMembers = 48;

/// One of 64 numbers that tells most keys apart.
std::uint32_t sketch(std::string_view key) {
  if (key.empty()) return 0;
  const auto first = static_cast<unsigned char>(key.front());
  const auto last = static_cast<unsigned char>(key.back());
  return (static_cast<std::uint32_t>(key.size()) * 7U + first * 3U + last) % 64U;
}

}  // namespace

bool Builder::open(Kind kind) {
  add(kind).count = 0;
  if (open_.size() == depth_) return false;
  open_.push_back({.container = static_cast<std::uint32_t>(document_.nodes_.size() - 1)});
  return true;
}

TextError Builder::too_deep() const {
  const auto node = static_cast<std::uint32_t>(document_.nodes_.size() - 1);
  return {
      .code = ErrorCode::json_too_deep, .node = node, .line = 0, .column = 0, .pointer = document_.pointer_to(node)};
}

Document Builder::finish() && {
  for (TextError& error : document_.errors_) error.pointer = document_.pointer_to(*error.node);
  return std::move(document_);
}

void Builder::note(ErrorCode code, std::uint32_t node) {
  if (document_.errors_.size() >= limits::kReportedErrors) return;
  document_.errors_.push_back({.code = code, .node = node, .line = 0, .column = 0, .pointer = {}});
}

void Builder::find_duplicates(std::uint32_t container) {
  const std::uint32_t count = document_.nodes_[container].count;
  if (count < 2) return;
  if (count > kFewMembers) return find_duplicates_among_many(container);
  // Keys that differ in length or at an end need not be compared: a word of bits remembers which of these were seen.
  std::uint64_t seen = 0;
  for (std::uint32_t i = container + 1; i != 0; i = document_.nodes_[i].next) {
    const std::uint64_t bit = std::uint64_t{1} << sketch(key_of(i));
    if ((seen & bit) != 0) compare_with_earlier(container, i);
    seen |= bit;
  }
}

void Builder::compare_with_earlier(std::uint32_t container, std::uint32_t member) {
  for (std::uint32_t j = container + 1; j != member; j = document_.nodes_[j].next) {
    if (key_of(j) == key_of(member)) return note(ErrorCode::json_duplicate_key, member);
  }
}

// Out of line: only hostile or generated objects are that large, and their keys are sorted instead of compared each
// with each.
[[gnu::noinline]] void Builder::find_duplicates_among_many(std::uint32_t container) {
  std::vector<std::uint32_t> members;
  IdIndex keys;
  for (std::uint32_t i = container + 1; i != 0; i = document_.nodes_[i].next) {
    members.push_back(i);
    keys.add(key_of(i));
  }
  for (const std::uint32_t repeated : keys.build()) note(ErrorCode::json_duplicate_key, members[repeated]);
}

}  // namespace pst::json
