#include "pst/catalogue.hpp"

#include "pst/names.hpp"

namespace pst {

using std::string_view;

namespace {

constexpr auto kKeys = packed::pack<packed::size(kMessageKeys)>(kMessageKeys);
constexpr auto kTexts = packed::pack<packed::size(kEnglish)>(kEnglish);

}  // namespace

Catalogue Catalogue::from(json::Value value) {
  Catalogue catalogue;
  const auto take = [&](Key name, std::string& into) {
    if (const auto member = value.find(name, json::Kind::string)) into = member->text();
  };
  take("locale", catalogue.locale);
  take("version", catalogue.version);
  take("dir", catalogue.direction);
  if (catalogue.direction != "rtl") catalogue.direction = "ltr";
  const auto texts = value.find("texts", json::Kind::object);
  if (!texts) return catalogue;
  for (std::size_t i = 0; i < kMessageKeys.size(); ++i) {
    const auto text = texts->find_member(packed::at(kKeys.data(), i));
    if (text && text->is(json::Kind::string)) catalogue.texts_[i] = text->text();
  }
  return catalogue;
}

string_view Catalogue::text(MessageKey key) const {
  const auto i = static_cast<std::size_t>(key);
  return texts_[i] ? string_view(*texts_[i]) : packed::at(kTexts.data(), i);
}

std::string Catalogue::filled(MessageKey key, string_view first, string_view second) const {
  std::string result;
  string_view pattern = text(key);
  // Not by replacing: what is filled in may hold "{1}" itself.
  for (std::size_t at = pattern.find('{'); at != string_view::npos; at = pattern.find('{')) {
    const string_view placeholder = pattern.substr(at, 3);
    const bool is_first = placeholder == "{0}";
    const bool is_placeholder = is_first || placeholder == "{1}";
    result += pattern.substr(0, at);
    if (is_placeholder) {
      result += is_first ? first : second;
    } else {
      result += '{';
    }
    pattern.remove_prefix(at + (is_placeholder ? 3 : 1));
  }
  return result += pattern;
}

}  // namespace pst
