// SPDX-License-Identifier: Apache-2.0
#include "policy/text/escapes.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>

#include "policy/text/utf8.hpp"

namespace zhili::policy {
namespace {

constexpr std::size_t tag_bytes_max = 256;

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_scalar(std::uint32_t c) { return c != 0 && c < 0x110000 && (c & 0x1FF800U) != 0xD800U; }

struct named {
  std::string_view name;
  std::uint32_t character;
};

constexpr named entities[] = {
    {"amp", '&'},      {"apos", '\''},    {"bull", 0x2022},  {"emsp", 0x2003}, {"ensp", 0x2002}, {"gt", '>'},
    {"hearts", 0x2665}, {"hellip", 0x2026}, {"ldquo", 0x201C}, {"lt", '<'},      {"mdash", 0x2014}, {"middot", 0xB7},
    {"nbsp", 0xA0},    {"ndash", 0x2013}, {"quot", '"'},     {"rdquo", 0x201D}, {"shy", 0xAD},    {"thinsp", 0x2009},
    {"times", 0xD7},   {"yen", 0xA5},     {"zwj", 0x200D},   {"zwnj", 0x200C},
};

/// `text` begins behind the ampersand; the length counts from there.
escape number_at(std::string_view text) {
  std::size_t at = 1;
  const bool in_hex = text.size() > 1 && (text[1] == 'x' || text[1] == 'X');
  if (in_hex) ++at;
  std::uint32_t value = 0;
  const std::size_t first = at;
  for (; at < text.size() && at - first < 8; ++at) {
    const int digit = hex(text[at]);
    if (digit < 0 || (!in_hex && digit > 9)) break;
    value = value * (in_hex ? 16 : 10) + static_cast<std::uint32_t>(digit);
  }
  if (at == first || !is_scalar(value)) return {};
  if (at < text.size() && text[at] == ';') ++at;
  return {value, static_cast<std::uint32_t>(at)};
}

escape entity_at(std::string_view text) {
  std::size_t skipped = 1;
  // Escaped twice: &amp;#24494;
  while (text.substr(skipped).starts_with("amp;") && skipped < 32) skipped += 4;
  const auto body = text.substr(skipped);
  escape found;
  if (body.starts_with('#')) {
    found = number_at(body);
  } else {
    for (const auto& [name, character] : entities) {
      if (body.starts_with(name) && body.size() > name.size() && body[name.size()] == ';')
        found = {character, static_cast<std::uint32_t>(name.size() + 1)};
    }
  }
  if (found.length == 0) return skipped == 1 ? escape{} : escape{'&', static_cast<std::uint32_t>(skipped)};
  return {found.character, found.length + static_cast<std::uint32_t>(skipped)};
}

/// A byte written as %XX, or -1.
int percent_byte(std::string_view text, std::size_t at) {
  if (at + 3 > text.size() || text[at] != '%') return -1;
  const int high = hex(text[at + 1]);
  const int low = hex(text[at + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

escape percent_at(std::string_view text, bool goes_on) {
  unsigned char bytes[4];
  std::size_t count = 0;
  for (; count < 4; ++count) {
    const int byte = percent_byte(text, 3 * count);
    if (byte < 0) break;
    bytes[count] = static_cast<unsigned char>(byte);
  }
  if (count == 0) return {};
  if (bytes[0] < 0x80) {
    const bool one_of_many = goes_on || count > 1;
    return one_of_many && bytes[0] != 0 ? escape{bytes[0], 3} : escape{};
  }
  const auto [code_point, length] = utf8::decode(bytes, count);
  return length == 0 ? escape{} : escape{code_point, 3 * length};
}

/// Four hexadecimal digits behind \u, or -1.
int unit_at(std::string_view text) {
  if (text.size() < 6 || text[0] != '\\' || (text[1] != 'u' && text[1] != 'U')) return -1;
  int value = 0;
  for (std::size_t i = 2; i < 6; ++i) {
    const int digit = hex(text[i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

escape backslash_at(std::string_view text) {
  const int first = unit_at(text);
  if (first < 0) return {};
  const auto c = static_cast<std::uint32_t>(first);
  if ((c & 0xFC00U) == 0xD800U) {
    const int second = unit_at(text.substr(6));
    if (second < 0 || (static_cast<std::uint32_t>(second) & 0xFC00U) != 0xDC00U) return {};
    return {0x10000U + ((c & 0x3FFU) << 10 | (static_cast<std::uint32_t>(second) & 0x3FFU)), 12};
  }
  return is_scalar(c) ? escape{c, 6} : escape{};
}

constexpr std::string_view inline_tags[] = {"a", "abbr", "b", "big", "code", "del", "em", "font", "i", "img", "ins", "label",
                                            "mark", "q", "s", "small", "span", "strike", "strong", "sub", "sup", "u", "wbr"};
constexpr std::string_view block_tags[] = {"blockquote", "body", "br", "center", "dd", "div", "dl", "dt", "h1", "h2", "h3",
                                           "h4", "h5", "h6", "head", "hr", "html", "li", "ol", "p", "pre", "section",
                                           "table", "tbody", "td", "th", "thead", "tr", "ul"};

escape tag_at(std::string_view text) {
  if (text.starts_with("<!--")) {
    const auto end = text.substr(0, tag_bytes_max).find("-->", 4);
    return end == std::string_view::npos ? escape{} : escape{0, static_cast<std::uint32_t>(end + 3)};
  }
  std::size_t at = 1;
  if (at < text.size() && text[at] == '/') ++at;
  char name[12];
  std::size_t length = 0;
  for (; at < text.size() && length < sizeof name && (is_letter(text[at]) || hex(text[at]) >= 0); ++at)
    name[length++] = static_cast<char>(text[at] | 0x20);
  const std::string_view tag(name, length);
  const bool in_line = std::find(std::begin(inline_tags), std::end(inline_tags), tag) != std::end(inline_tags);
  if (!in_line && std::find(std::begin(block_tags), std::end(block_tags), tag) == std::end(block_tags)) return {};
  const auto rest = text.substr(at, tag_bytes_max);
  const auto end = rest.find('>');
  if (end == std::string_view::npos || rest.substr(0, end).find('<') != std::string_view::npos) return {};
  if (end != 0 && rest[0] != ' ' && rest[0] != '/' && rest[0] != '\t') return {};
  return {in_line ? 0U : static_cast<std::uint32_t>('\n'), static_cast<std::uint32_t>(at + end + 1)};
}

}  // namespace

escape escape_at(std::string_view text, bool goes_on) {
  switch (text[0]) {
    case '&': return entity_at(text);
    case '%': return percent_at(text, goes_on);
    case '<': return tag_at(text);
    default: return backslash_at(text);
  }
}

}  // namespace zhili::policy
