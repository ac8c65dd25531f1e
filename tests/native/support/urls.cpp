#include "urls.hpp"

#include <algorithm>
#include <cctype>
#include <string>

namespace pst::test {

namespace {

std::string lowered(std::string_view text) {
  std::string copy(text);
  std::ranges::transform(copy, copy.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return copy;
}

bool is_scheme(std::string_view text) {
  return !text.empty() && std::isalpha(static_cast<unsigned char>(text[0])) != 0 &&
         std::ranges::all_of(text,
                             [](unsigned char c) { return std::isalnum(c) != 0 || c == '+' || c == '-' || c == '.'; });
}

std::string_view default_port(std::string_view scheme) {
  return scheme == "https" ? ":443" : scheme == "http" ? ":80" : "";
}

}  // namespace

std::optional<UrlFact> url_fact(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || !is_scheme(text.substr(0, colon))) {
    return std::nullopt;
  }
  const std::string scheme = lowered(text.substr(0, colon));
  std::string_view rest = text.substr(colon + 1);
  if (scheme != "http" && scheme != "https") {
    return UrlFact{
        .href = std::string(text), .origin = "null", .protocol = scheme + ":", .hostname = {}, .userinfo = false};
  }
  while (rest.starts_with('/')) {
    rest.remove_prefix(1);
  }
  const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
  std::string_view authority = rest.substr(0, end);
  const std::size_t at = authority.rfind('@');
  const std::string userinfo(at == std::string_view::npos ? std::string_view() : authority.substr(0, at + 1));
  if (at != std::string_view::npos) {
    authority.remove_prefix(at + 1);
  }
  const std::size_t bracket = authority.find(']');
  const std::size_t port_at = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const std::string hostname = lowered(authority.substr(0, port_at));
  std::string port(port_at == std::string_view::npos ? std::string_view() : authority.substr(port_at));
  if (port == default_port(scheme) || port == ":") {
    port.clear();
  }
  if (hostname.empty() || hostname.contains(' ')) {
    return std::nullopt;
  }
  const std::string_view path = rest.substr(end);
  const std::string origin = scheme + "://" + hostname + port;
  return UrlFact{
      .href = scheme + "://" + userinfo + hostname + port + (path.starts_with('/') ? "" : "/") + std::string(path),
      .origin = origin,
      .protocol = scheme + ":",
      .hostname = hostname,
      .userinfo = userinfo.size() > 1};
}

}  // namespace pst::test
