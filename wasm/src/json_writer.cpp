#include "pst/json_writer.hpp"

#include <algorithm>

namespace pst::json {

namespace {

[[gnu::noinline]] void append_control(std::string& out, unsigned char c) {
  constexpr std::string_view kLetters = "btn-fr";  // from 0x08
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += '\\';
  if (c >= 0x08 && c <= 0x0D && c != 0x0B) {
    out += kLetters[c - 0x08U];
    return;
  }
  out += "u00";
  out += kDigits[c / 16U];
  out += kDigits[c % 16U];
}

}  // namespace

char* Writer::extend(std::size_t size) {
  const std::size_t before = out_->size();
  const std::size_t comma = first_ ? 0 : 1;
  out_->resize(before + comma + size);
  char* at = out_->data() + before;
  if (!first_) *at++ = ',';
  first_ = false;
  return at;
}

Writer& Writer::open(char bracket) {
  *extend(1) = bracket;
  first_ = true;
  return *this;
}

Writer& Writer::close(char bracket) {
  first_ = true;  // no comma before it
  *extend(1) = bracket;
  return *this;
}

Writer& Writer::key(Key name) {
  const std::string_view text = name;
  char* at = extend(text.size() + 3);
  *at++ = '"';
  at = std::ranges::copy(text, at).out;
  *at++ = '"';
  *at = ':';
  first_ = true;
  return *this;
}

Writer& Writer::key_text(std::string_view name) {
  string(name);
  *out_ += ':';
  first_ = true;
  return *this;
}

Writer& Writer::plain(const std::string_view& text) {
  char* at = extend(text.size() + 2);
  *at++ = '"';
  at = std::ranges::copy(text, at).out;
  *at = '"';
  return *this;
}

Writer& Writer::string(std::string_view text) {
  const auto needs_escape = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; };
  if (std::ranges::none_of(text, needs_escape)) return plain(text);
  *extend(1) = '"';
  std::size_t done = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (!needs_escape(text[i])) continue;
    out_->append(text, done, i - done);
    done = i + 1;
    if (c < 0x20) {
      append_control(*out_, c);
    } else {
      *out_ += '\\';
      *out_ += static_cast<char>(c);
    }
  }
  out_->append(text, done);
  *out_ += '"';
  return *this;
}

Writer& Writer::number(double value) { return raw(number_text(value)); }

Writer& Writer::boolean(bool value) { return raw(value ? "true" : "false"); }

Writer& Writer::null() { return raw("null"); }

Writer& Writer::raw(std::string_view json) {
  std::ranges::copy(json, extend(json.size()));
  return *this;
}

Writer& Writer::value(const Value& value) {  // NOLINT(misc-no-recursion): at most limits::kDepth deep
  switch (value.kind()) {
    case Kind::null:
      return null();
    case Kind::boolean:
      return boolean(value.boolean());
    case Kind::number:
      return number(value.number());
    case Kind::string:
      return string(value.text());
    case Kind::array:
      begin_array();
      for (auto element = value.first(); element; element = element->next()) this->value(*element);
      return end_array();
    case Kind::object:
      begin_object();
      for (auto member = value.first(); member; member = member->next()) key_text(member->key()).value(*member);
      return end_object();
  }
  return *this;
}

}  // namespace pst::json
