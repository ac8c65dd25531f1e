#include "url_judge.hpp"

#include <algorithm>
#include <array>

namespace pst {

namespace {

/// The names and addresses that never leave the machine, as the platform's URL parser writes them.
bool is_loopback(std::string_view hostname) {
  const bool v4 = hostname.starts_with("127.") && hostname.find_first_not_of("0123456789.") == std::string_view::npos;
  return v4 || hostname == "localhost" || hostname.ends_with(".localhost") || hostname == "[::1]";
}

/// A name that stays one segment of the URL that is built from it.
bool is_path_segment(std::string_view name) {
  const auto breaks_out = [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '?' || c == '#' || c == '%' || c == '\\' || c == '\x7F';
  };
  return !name.empty() && name != "." && name != ".." && std::ranges::none_of(name, breaks_out);
}

}  // namespace

std::optional<UrlFact> read_url_fact(json::Value value) {
  if (!value.is(json::Kind::object)) return std::nullopt;
  const auto text = [&](Key field) {
    const auto member = value.find(field, json::Kind::string);
    return std::string(member ? member->text() : std::string_view());
  };
  const auto userinfo = value.find("userinfo", json::Kind::boolean);
  return UrlFact{.href = text("href"),
                 .origin = text("origin"),
                 .protocol = text("protocol"),
                 .hostname = text("hostname"),
                 .userinfo = !userinfo || userinfo->boolean()};
}

std::optional<ErrorCode> judge_url(const std::optional<UrlFact>& fact, EndpointKind kind) {
  if (!fact || fact->userinfo) return ErrorCode::url_invalid;
  // A path goes behind the URL of a Dialogflow agent: a query or a fragment would swallow it.
  const bool is_base = kind == EndpointKind::dialogflow_cx;
  if (is_base && fact->href.find_first_of("?#") != std::string::npos) return ErrorCode::url_invalid;
  if (fact->protocol == "https:") return std::nullopt;
  if (fact->protocol != "http:") return ErrorCode::url_invalid;
  return is_loopback(fact->hostname) ? std::nullopt : std::optional(ErrorCode::url_insecure);
}

bool is_dialogflow_path(std::string_view path, std::string_view field) {
  constexpr std::array<std::string_view, 4> kSteps{"projects/", "locations/", "agents/", "environments/"};
  constexpr std::size_t kAgentSteps = 3;
  std::size_t steps = 0;
  while (steps < kSteps.size() && path.starts_with(kSteps[steps])) {
    path.remove_prefix(kSteps[steps].size());
    const std::size_t end = std::min(path.find('/'), path.size());
    if (!is_path_segment(path.substr(0, end))) return false;
    ++steps;
    if (end == path.size()) return field == "environment" ? steps == kSteps.size() : steps >= kAgentSteps;
    path.remove_prefix(end + 1);
  }
  return false;
}

}  // namespace pst
