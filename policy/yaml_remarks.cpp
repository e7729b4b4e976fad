// SPDX-License-Identifier: Apache-2.0
#include "policy/yaml_remarks.hpp"

#include <algorithm>
#include <string>

#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

/// As in "don't": r'…' is a quote.
bool is_apostrophe(std::string_view text, std::size_t at) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return at > 1 && is_letter(text[at - 1]) && is_letter(text[at - 2]);
}

/// What an expression leaves open at its end.
struct opened {
  char quote = 0;
  int brackets = 0;

  bool any() const { return quote != 0 || brackets > 0; }
};

opened open_in(std::string_view text) {
  opened out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (out.quote != 0) {
      if (c == '\\') ++i;
      if (c == out.quote) out.quote = 0;
    } else if (c == '"' || (c == '\'' && !is_apostrophe(text, i))) {
      out.quote = c;
    } else {
      out.brackets += (c == '(' || c == '[' || c == '{') - (c == ')' || c == ']' || c == '}');
    }
  }
  return out;
}

/// Where YAML finds a comment in the line, behind `from`.
std::size_t comment_of(std::string_view line, std::size_t from) {
  const std::size_t at = std::min(line.find(" #", from), line.find("\t#", from));
  return at == std::string_view::npos ? at : at + 1;
}

/// The text up to its end or a later remark, whichever leaves nothing open; empty where both do.
std::string_view whole_of(std::string_view text, bool (*is_open)(const opened&)) {
  for (std::size_t at = comment_of(text, 0); at != std::string_view::npos; at = comment_of(text, at)) {
    if (!is_open(open_in(text.substr(0, at)))) return trimmed(text.substr(0, at));
  }
  return is_open(open_in(text)) ? std::string_view{} : trimmed(text);
}

std::string in_quotes(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "''" : std::string(1, c);
  return out + "'";
}

}  // namespace

bilingual cut_message(std::string_view sample) {
  return tell(
      "YAML 把 ' #' 以后当成说明，这里就断了：请把整句放进引号{}",
      "YAML takes what stands behind ' #' for a remark, and the condition breaks off here: put all of it in quotes{}",
      sample.empty() ? bilingual{} : tell("，写成 {}", ", {}", sample));
}

std::optional<std::size_t> cutting_sign(std::string_view line, std::size_t from) {
  const std::size_t sign = comment_of(line, from);
  // Brackets may close on the lines below.
  const auto in_text = [](const opened& o) { return o.quote != 0; };
  if (sign == std::string_view::npos || !in_text(open_in(line.substr(from, sign - from)))) return std::nullopt;
  if (whole_of(line.substr(from), in_text).empty()) return std::nullopt;
  return sign;
}

std::optional<slip_found> find_cut(const yaml_tree& tree, const yaml_value& value) {
  const std::string_view source = tree.source;
  if (value.offset >= source.size() || std::string_view("\"'|>").find(source[value.offset]) != std::string_view::npos) return std::nullopt;
  if (!open_in(value.text).any()) return std::nullopt;
  // Lines of a text without quotes are folded: it and the source differ in blanks alone.
  std::size_t end = value.offset;
  for (const char c : value.text) {
    if (c == ' ') continue;
    end = std::min(source.find(c, end), source.size());
    end = std::min(end + 1, source.size());
  }
  const std::size_t line_end = std::min(source.find('\n', end), source.size());
  const std::size_t sign = end + std::min(source.substr(end, line_end - end).find_first_not_of(" \t"), line_end - end);
  if (sign == line_end || source[sign] != '#') return std::nullopt;
  const std::string text = value.text + std::string(source.substr(end, line_end - end));
  const std::string_view whole = whole_of(text, [](const opened& o) { return o.any(); });
  // What the remark does not close, the writer forgot.
  if (whole.empty()) return std::nullopt;
  const bool one_line = source.substr(value.offset, end - value.offset).find('\n') == std::string_view::npos;
  return slip_found{tree.place_of(sign), cut_message(one_line ? in_quotes(whole) : std::string{})};
}

}  // namespace zhili::policy
