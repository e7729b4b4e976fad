// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "node/policy/text_judge.hpp"

namespace zhili::node {
namespace {

constexpr std::uint32_t replacement = 0xfffd;

void append_utf8(std::uint32_t c, std::string& out) {
  const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xc0 | c >> 6);
  } else if (c < 0x10000) {
    put(0xe0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3f));
  } else {
    put(0xf0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3f));
    put(0x80 | (c >> 6 & 0x3f));
  }
  put(0x80 | (c & 0x3f));
}

/// The value of `\uXXXX` at the front of `s`, or UINT32_MAX where none stands there.
std::uint32_t unit_at(std::string_view s) {
  if (s.size() < 6 || s[0] != '\\' || s[1] != 'u') return UINT32_MAX;
  std::uint32_t value = 0;
  for (const char c : s.substr(2, 4)) {
    const bool digit = c >= '0' && c <= '9';
    const char lower = static_cast<char>(c | 0x20);
    if (!digit && (lower < 'a' || lower > 'f')) return UINT32_MAX;
    value = value << 4 | static_cast<std::uint32_t>(digit ? c - '0' : lower - 'a' + 10);
  }
  return value;
}

constexpr bool is_high(std::uint32_t c) { return c >= 0xd800 && c < 0xdc00; }
constexpr bool is_low(std::uint32_t c) { return c >= 0xdc00 && c < 0xe000; }

}  // namespace

void unescape_line(std::string_view line, std::string& out) {
  out.clear();
  while (!line.empty()) {
    const std::size_t plain = std::min(line.find('\\'), line.size());
    out.append(line.substr(0, plain));
    line.remove_prefix(plain);
    if (line.empty()) return;
    const char next = line.size() > 1 ? line[1] : '\0';
    if (next == 'n' || next == 't' || next == '\\') {
      out.push_back(next == 'n' ? '\n' : next == 't' ? '\t' : '\\');
      line.remove_prefix(2);
      continue;
    }
    const std::uint32_t unit = unit_at(line);
    if (unit == UINT32_MAX) {
      out.push_back('\\');
      line.remove_prefix(1);
      continue;
    }
    line.remove_prefix(6);
    const std::uint32_t second = is_high(unit) ? unit_at(line) : UINT32_MAX;
    if (is_high(unit) && second != UINT32_MAX && is_low(second)) {
      line.remove_prefix(6);
      append_utf8(0x10000 + ((unit - 0xd800) << 10) + (second - 0xdc00), out);
    } else {
      append_utf8(is_high(unit) || is_low(unit) ? replacement : unit, out);
    }
  }
}

void append_escaped(std::string_view text, std::string& out) {
  for (const char c : text) {
    switch (c) {
      case '\n': out += "\\n"; break;
      case '\t': out += "\\t"; break;
      case '\\': out += "\\\\"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
        } else {
          out.push_back(c);
        }
    }
  }
}

}  // namespace zhili::node
