#include "pst/session.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "findings.hpp"
#include "pst/json_writer.hpp"

namespace pst {

namespace {

using std::string_view;

constexpr std::array<string_view, 1> kObject{"object"};
constexpr std::array<string_view, 2> kIdentifier{"text that is not empty", "integer"};

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool equals_ignoring_case(string_view a, string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

constexpr bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

struct ChatTypeAlias {
  string_view text;
  ChatType type;
};

/// `chat_type`, `session_type_v2` and the portal's wording for the same thing (the platform's chat and CRM session
/// metadata pages).
constexpr std::array<ChatTypeAlias, 12> kChatTypeAliases{{
    {"web", ChatType::web},
    {"Messaging Inbound (Web Chat)", ChatType::web},
    {"Messaging (Web)", ChatType::web},
    {"mobile", ChatType::mobile},
    {"Messaging Inbound (App Chat)", ChatType::mobile},
    {"Messaging Inbound (Mobile Chat)", ChatType::mobile},
    {"Messaging (Mobile)", ChatType::mobile},
    {"sms", ChatType::sms},
    {"Messaging (SMS)", ChatType::sms},
    {"Messaging Inbound (SMS)", ChatType::sms},
    {"whatsapp", ChatType::whatsapp},
    {"Messaging (WhatsApp)", ChatType::whatsapp},
}};

/// A non-empty text as it is, an integer as ECMAScript prints it.
std::optional<std::string> identifier(json::Value value) {
  if (value.is(json::Kind::string) && !value.text().empty()) return std::string(value.text());
  if (value.is_integer()) return json::number_text(value.number());
  return std::nullopt;
}

}  // namespace

std::optional<ChatType> chat_type_of(string_view text) {
  const auto* const alias = std::ranges::find_if(
      kChatTypeAliases, [&](const ChatTypeAlias& entry) { return equals_ignoring_case(entry.text, text); });
  return alias == kChatTypeAliases.end() ? std::nullopt : std::optional(alias->type);
}

bool is_mobile_platform(string_view platform) { return from_name<MobilePlatform>(platform).has_value(); }

std::expected<Session, std::vector<Finding>> Session::parse(string_view text) {
  auto document = json::Document::parse(text);
  if (!document) return std::unexpected(std::vector{finding_of(document.error())});
  return from(std::move(*document), 0);
}

std::expected<Session, std::vector<Finding>> Session::from(json::Document document, std::uint32_t node) {
  Findings findings(document);
  findings.take_text_errors();
  const json::Value root = document.at(node);
  std::optional<std::string> id;
  if (!root.is(json::Kind::object)) {
    findings.at(root, ErrorCode::type_mismatch, kObject);
  } else if (const auto value = root.find("id"); !value) {
    findings.missing(root, "id");
  } else if (id = identifier(*value); !id) {
    findings.at(*value, value->is(json::Kind::string) ? ErrorCode::value_invalid : ErrorCode::type_mismatch,
                kIdentifier);
  }
  std::vector<Finding> errors = std::move(findings).list();
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return Session(std::move(document), node, std::move(*id));
}

Session::Session(json::Document document, std::uint32_t node, std::string id)
    : document_(std::move(document)), node_(node), id_(std::move(id)) {}

std::optional<string_view> Session::text(Key field) const {
  const auto value = root().find(field, json::Kind::string);
  return value ? std::optional(value->text()) : std::nullopt;
}

std::optional<string_view> Session::text(Key object, Key field) const {
  const auto parent = root().find(object);
  const auto value = parent ? parent->find(field, json::Kind::string) : std::nullopt;
  return value ? std::optional(value->text()) : std::nullopt;
}

std::optional<std::string> Session::sdk_platform() const {
  const auto given = text("sdk", "platform");
  if (!given) return std::nullopt;
  const auto* first = std::ranges::find_if_not(*given, is_blank);
  const auto* last = given->end();
  while (last != first && is_blank(last[-1])) --last;
  if (first == last) return std::nullopt;
  std::string platform(first, last);
  for (char& c : platform) c = is_blank(c) || c == '-' ? '_' : lower(c);
  return platform;
}

std::optional<bool> Session::sdk_can(string_view capability) const {
  const auto sdk = root().find("sdk");
  const auto list = sdk ? sdk->find("can", json::Kind::array) : std::nullopt;
  if (!list) return std::nullopt;
  for (auto item = list->first(); item; item = item->next()) {
    if (item->is(json::Kind::string) && item->text() == capability) return true;
  }
  return false;
}

std::optional<std::string> Session::queue_id() const {
  const auto queue = root().find("queue");
  const auto id = queue ? queue->find("id") : std::nullopt;
  return id ? identifier(*id) : std::nullopt;
}

std::optional<bool> Session::post_session(Key flag) const {
  const auto flags = root().find("post_session");
  const auto value = flags ? flags->find(flag, json::Kind::boolean) : std::nullopt;
  return value ? std::optional(value->boolean()) : std::nullopt;
}

}  // namespace pst
