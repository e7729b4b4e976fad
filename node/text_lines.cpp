// SPDX-License-Identifier: Apache-2.0
#include "node/text_lines.hpp"

#include <charconv>
#include <cstdint>

#include "policy/text/utf8.hpp"

namespace zhili::node {
namespace {

/// The code unit behind \u, or -1.
int unit_at(std::string_view text) {
  if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return -1;
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data() + 2, text.data() + 6, value, 16);
  return error == std::errc{} && end == text.data() + 6 ? static_cast<int>(value) : -1;
}

bool leads(std::uint32_t unit) { return (unit & 0xFC00U) == 0xD800U; }
bool trails(std::uint32_t unit) { return (unit & 0xFC00U) == 0xDC00U; }

void append(std::string& out, std::uint32_t code_point) {
  char bytes[4];
  out.append(bytes, policy::utf8::encode(code_point, bytes));
}

/// How many bytes of input were taken; 0: no \uXXXX here.
std::size_t undo_unit(std::string_view text, std::string& out) {
  const int first = unit_at(text);
  if (first < 0) return 0;
  const auto lead = static_cast<std::uint32_t>(first);
  const int second = leads(lead) ? unit_at(text.substr(6)) : -1;
  if (second >= 0 && trails(static_cast<std::uint32_t>(second))) {
    append(out, 0x10000U + ((lead & 0x3FFU) << 10 | (static_cast<std::uint32_t>(second) & 0x3FFU)));
    return 12;
  }
  append(out, leads(lead) || trails(lead) ? 0xFFFDU : lead);
  return 6;
}

}  // namespace

void undo_escapes(std::string_view line, std::string& out) {
  out.clear();
  for (std::size_t at = 0; at < line.size();) {
    const char next = at + 1 < line.size() ? line[at + 1] : '\0';
    if (line[at] != '\\') {
      out += line[at++];
    } else if (next == 'n' || next == 't' || next == '\\') {
      out += next == 'n' ? '\n' : next == 't' ? '\t' : '\\';
      at += 2;
    } else if (const std::size_t taken = undo_unit(line.substr(at), out); taken != 0) {
      at += taken;
    } else {
      out += line[at++];
    }
  }
}

std::string one_line(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '\n': out += "\\n"; break;
      case '\t': out += "\\t"; break;
      case '\r': out += "\\r"; break;
      case '\\': out += "\\\\"; break;
      default: out += c;
    }
  }
  return out;
}

std::optional<line_reader::outcome> line_reader::next(std::string& line) {
  line.clear();
  raw_.clear();
  auto& from = *in_.rdbuf();
  bool any = false, too_long = false;
  for (int c = from.sbumpc(); c != std::char_traits<char>::eof(); c = from.sbumpc()) {
    any = true;
    if (c == '\n') break;
    if (raw_.size() == bytes_max) too_long = true;
    if (!too_long) raw_ += static_cast<char>(c);
  }
  if (!any) return {};
  ++number_;
  if (too_long) return outcome::too_long;
  if (raw_.ends_with('\r')) raw_.pop_back();
  undo_escapes(raw_, line);
  return outcome::read;
}

}  // namespace zhili::node
