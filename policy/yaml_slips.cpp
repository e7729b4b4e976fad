// SPDX-License-Identifier: Apache-2.0
#include "policy/yaml_slips.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "policy/yaml_remarks.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

constexpr std::string_view wide_colon = "：", wide_comma = "，";

bool is_key_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '.';
}

/// Bytes of the key at the beginning, 0 where there is none.
std::size_t key_bytes(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && is_key_character(text[n])) ++n;
  return n;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
    text.remove_suffix(1);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return text;
}

/// A line taken apart.
struct source_line {
  std::string_view all;
  std::size_t indent = 0;
  /// "- " stands before the content.
  bool dash = false;
  /// Behind indentation and dash; comments stay.
  std::string_view content;
  std::size_t content_at = 0;
  std::string_view key, value;

  bool empty() const { return content.empty() || content[0] == '#'; }
  bool has_key() const { return !key.empty(); }
};

source_line taken_apart(std::string_view all) {
  source_line out{all, 0, false, {}, 0, {}, {}};
  while (out.indent < all.size() && all[out.indent] == ' ') ++out.indent;
  std::size_t at = out.indent;
  if (all.substr(at).starts_with("- ")) {
    out.dash = true;
    ++at;
    while (at < all.size() && all[at] == ' ') ++at;
  }
  out.content_at = at;
  out.content = trimmed(all.substr(at));
  const std::size_t key = key_bytes(out.content);
  const std::string_view behind = out.content.substr(key);
  if (key > 0 && (behind == ":" || behind.starts_with(": "))) {
    out.key = out.content.substr(0, key);
    out.value = trimmed(behind.substr(1));
    if (out.value.starts_with('#')) out.value = {};
  }
  return out;
}

class finder {
 public:
  finder(const yaml_tree& tree, std::size_t line) : tree_(tree) {
    for (std::size_t i = 0; i < tree.lines.size(); ++i) lines_.push_back(taken_apart(line_text(i)));
    last_ = std::min(line, lines_.size() - 1);
  }

  std::optional<slip_found> run() {
    // What explains a stop further down may stand anywhere above it; what stands nearest is tried first.
    for (std::size_t n = 0; n <= std::min<std::size_t>(last_, near_lines) && !found_; ++n) signs(last_ - n);
    if (!found_) unclosed();
    if (!found_) alignment();
    return found_;
  }

 private:
  static constexpr std::size_t near_lines = 2;

  std::string_view line_text(std::size_t i) const {
    const std::size_t begin = tree_.lines[i];
    const std::size_t end = i + 1 < tree_.lines.size() ? tree_.lines[i + 1] - 1 : tree_.source.size();
    return std::string_view(tree_.source).substr(begin, end - begin);
  }

  void report(std::size_t line, std::size_t byte, bilingual message) {
    if (!found_) found_ = slip_found{tree_.place_of(tree_.lines[line] + byte), std::move(message)};
  }

  // ---- signs on one line

  void signs(std::size_t i) {
    const source_line& l = lines_[i];
    if (l.empty()) return;
    const std::size_t tab = l.all.find('\t');
    if (tab != std::string_view::npos && trimmed(l.all.substr(0, tab)).empty())
      return report(
          i, tab,
          tell("这一行用 Tab 缩进：请改用空格", "this line is indented with a tab: indent with spaces"));
    for (const std::string_view blank : {"\u3000", "\u00a0"}) {
      if (l.content.starts_with(blank))
        return report(
            i, l.content_at,
            tell(
                "行首有全角空格：请改成普通的半角空格",
                "the line begins with a wide blank: indent with ordinary blanks"));
    }
    colon(i, l);
    dash(i, l);
    commas(i, l);
    beginning(i, l);
    remark(i, l);
  }

  // Behind a remark a text without quotes does not go on.
  void remark(std::size_t i, const source_line& l) {
    if (!l.has_key() || l.value.empty() || std::string_view("\"'|>{[").find(l.value[0]) != std::string_view::npos) return;
    const auto from = static_cast<std::size_t>(l.value.data() - l.all.data());
    if (const auto sign = cutting_sign(l.all, from)) report(i, *sign, cut_message({}));
  }

  void colon(std::size_t i, const source_line& l) {
    const std::size_t key = key_bytes(l.content);
    if (key == 0 || l.has_key()) return;
    const std::string_view name = l.content.substr(0, key), behind = l.content.substr(key);
    if (behind.starts_with(wide_colon)) {
      return report(
          i, l.content_at + key,
          tell(
              "冒号是全角的：请写成 '{}: '（半角冒号加一个空格）",
              "this colon is wide: write '{}: ' (a half-width colon and a space)", name));
    }
    if (behind.starts_with(":") && !behind.starts_with("://")) {
      report(
          i, l.content_at + key,
          tell(
              "冒号后面少一个空格：请写成 '{}: {}'", "a space is missing behind the colon: write '{}: {}'",
              name, behind.substr(1)));
    }
  }

  void dash(std::size_t i, const source_line& l) {
    if (l.dash) return;
    for (const std::string_view wide : {"－", "—", "–", "•"}) {
      if (l.content.starts_with(wide))
        return report(
            i, l.content_at,
            tell(
                "'{}' 不是列表的短横：请写成半角的 '- '", "'{}' is not the dash of a list: write '- '",
                wide));
    }
    if (l.content.starts_with("-") && l.content.size() > 1 &&
        (l.content[1] == '{' || is_key_character(l.content[1])) && !l.content.starts_with("--"))
      report(
          i, l.content_at,
          tell("短横后面少一个空格：请写成 '- '", "a space is missing behind the dash: write '- '"));
  }

  // Inside { } commas separate; a wide one does not.
  void commas(std::size_t i, const source_line& l) {
    if (l.content.find('{') == std::string_view::npos && l.content.find("｛") == std::string_view::npos)
      return;
    for (const std::string_view wide : {"｛", "｝"}) {
      if (const auto at = l.all.find(wide); at != std::string_view::npos)
        return report(
            i, at,
            tell(
                "花括号是全角的：请写成半角的 '{}'", "this brace is wide: write '{}'",
                wide == "｛" ? "{" : "}"));
    }
    for (std::size_t at = l.all.find(wide_comma); at != std::string_view::npos;
         at = l.all.find(wide_comma, at + 1)) {
      std::string_view behind = trimmed(l.all.substr(at + wide_comma.size()));
      const std::size_t key = key_bytes(behind);
      if (key > 0 && behind.substr(key).starts_with(":"))
        return report(
            i, at,
            tell(
                "'{}' 前面的逗号是全角的：请写成 ', '", "the comma before '{}' is wide: write ', '",
                behind.substr(0, key)));
    }
    for (std::size_t at = l.all.find(wide_colon); at != std::string_view::npos;
         at = l.all.find(wide_colon, at + 1)) {
      std::size_t begin = at;
      while (begin > 0 && is_key_character(l.all[begin - 1])) --begin;
      if (begin == at || begin == 0 || (l.all[begin - 1] != ' ' && l.all[begin - 1] != '{')) continue;
      return report(
          i, at,
          tell(
              "冒号是全角的：请写成 '{}: '（半角冒号加一个空格）",
              "this colon is wide: write '{}: ' (a half-width colon and a space)",
              l.all.substr(begin, at - begin)));
    }
  }

  // How a value begins decides how YAML reads it.
  void beginning(std::size_t i, const source_line& l) {
    if (l.value.empty()) return;
    const auto at = static_cast<std::size_t>(l.value.data() - l.all.data());
    const char c = l.value[0];
    const auto quoted = [&] {
      const char q = l.value.find('\'') == std::string_view::npos ? '\'' : '"';
      return fmt::format("{}: {}{}{}", l.key, q, l.value, q);
    };
    if (c == '@' || c == '%' || c == '`' || c == '!' || c == '&' || c == '*') {
      return report(
          i, at,
          tell(
              "以 '{}' 开头的句子要整句放进引号：写成 {}",
              "a line that begins with '{}' stands in quotes as a whole: write {}", c, quoted()));
    }
    if (c == '"' || c == '\'' || c == '[') {
      const char closing = c == '[' ? ']' : c;
      const std::size_t end = l.value.find(closing, 1);
      if (end == std::string_view::npos) return;
      const std::string_view behind = trimmed(l.value.substr(end + 1));
      if (behind.empty() || behind[0] == '#') return;
      return report(
          i, at,
          tell(
              "以 '{}' 开头的句子要整句放进引号：写成 {}",
              "a line that begins with '{}' stands in quotes as a whole: write {}", c, quoted()));
    }
    if (c == '|' || c == '>') {
      if (trimmed(l.value.substr(1)).size() > 1)
        report(i, at, tell("'{}' 后面要换行再写", "behind '{}' the text begins on the next line", c));
      return;
    }
    if (c == '{') return;
    const std::size_t colon = l.value.find(": ");
    if (colon != std::string_view::npos || l.value.ends_with(':')) {
      report(
          i, at + std::min(colon, l.value.size() - 1),
          tell(
              "文字里有半角冒号：整句放进引号，写成 {}",
              "there is a colon in the text: put all of it in quotes, {}", quoted()));
    }
  }

  // ---- brackets and quotes

  void unclosed() {
    struct opened {
      char sign;
      std::size_t line, byte;
    };
    std::vector<opened> open;
    for (std::size_t i = 0; i <= last_; ++i) {
      const source_line& l = lines_[i];
      if (l.empty()) continue;
      // What stands in brackets goes on further to the right; at a line that does not, they were forgotten.
      if (!open.empty() && (l.has_key() || l.dash) && l.indent <= lines_[open.back().line].indent) break;
      if (open.empty() && !flows(l)) continue;
      char quote = 0;
      std::size_t quote_at = 0;
      const std::size_t from = open.empty() ? l.all.find_first_of("{[\"'", l.content_at) : l.content_at;
      for (std::size_t at = from; at < l.all.size(); ++at) {
        const char c = l.all[at];
        if (quote != 0) {
          if (c == quote) quote = 0;
        } else if (
            (c == '"' || c == '\'') &&
            (at == 0 || std::string_view(" {[,:").find(l.all[at - 1]) != std::string_view::npos)) {
          quote = c;
          quote_at = at;
        } else if (c == '{' || c == '[') {
          open.push_back({c, i, at});
        } else if ((c == '}' || c == ']') && !open.empty()) {
          open.pop_back();
        }
      }
      if (quote != 0)
        return report(
            i, quote_at,
            tell("这里的引号 {} 没有配对", "the quote {} that opens here does not close", quote));
    }
    if (open.empty()) return;
    report(
        open.back().line, open.back().byte,
        tell(
            "这里的 '{}' 没有配对的 '{}'", "the '{}' that opens here has no '{}'", open.back().sign,
            open.back().sign == '{' ? '}' : ']'));
  }

  static bool flows(const source_line& l) {
    const std::string_view begins = l.has_key() ? l.value : l.content;
    return !begins.empty() && std::string_view("{[\"'").find(begins[0]) != std::string_view::npos;
  }

  // ---- alignment

  struct level {
    std::size_t indent;
    bool dash;
    std::size_t line;
  };

  void alignment() {
    std::vector<level> open;
    const source_line* above = nullptr;
    bool inside_text = false;
    std::size_t text_indent = 0;
    int depth = 0;
    for (std::size_t i = 0; i <= last_ && !found_; ++i) {
      const source_line& l = lines_[i];
      if (l.empty()) continue;
      if (inside_text && l.indent > text_indent) continue;
      inside_text = false;
      const bool inside_flow = depth > 0;
      if (inside_flow || flows(l)) depth += brackets(l.all);
      if (inside_flow) continue;
      if (l.has_key() || l.dash) align(i, l, above, open);
      const std::string_view value = l.has_key() ? l.value : std::string_view{};
      if (value.starts_with('|') || value.starts_with('>')) {
        inside_text = true;
        text_indent = l.dash ? l.content_at : l.indent;
      }
      above = &l;
    }
  }

  void align(std::size_t i, const source_line& l, const source_line* above, std::vector<level>& open) {
    const std::vector<level> before = open;
    const bool begins_below =
        above == nullptr || (above->has_key() && above->value.empty()) || above->content.empty();
    while (!open.empty() && open.back().indent > l.indent) open.pop_back();
    // A list may stand as deep as its key.
    if (!l.dash && open.size() > 1 && open.back().dash && open.back().indent == l.indent &&
        !open[open.size() - 2].dash && open[open.size() - 2].indent == l.indent)
      open.pop_back();
    const bool same = !open.empty() && open.back().indent == l.indent;
    bool fits = same && open.back().dash == l.dash;
    if (same && l.dash && !open.back().dash) fits = begins_below;
    if (!same) fits = begins_below && open.size() == before.size();
    if (!fits && begins_below && !same && above != nullptr && above->has_key() &&
        l.indent <= key_indent(*above)) {
      return report(
          i, l.indent,
          tell(
              "缩进不够：这一行属于上面的 '{}:'，要比它多缩进两个空格",
              "not aligned: this line belongs to '{}:' above it; indent it by two more", above->key));
    }
    if (!fits) return misaligned(i, l, before);
    if (!same || (l.dash && !open.back().dash)) open.push_back({l.indent, l.dash, i});
    // The line that people compare with is the nearest one.
    open.back().line = i;
    if (l.dash && l.has_key()) open.push_back({l.content_at, false, i});
  }

  /// How many more open on the line than close, quotes aside.
  static int brackets(std::string_view line) {
    int depth = 0;
    char quote = 0;
    for (const char c : line) {
      if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else {
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
      }
    }
    return depth;
  }

  static std::size_t key_indent(const source_line& l) { return l.dash ? l.content_at : l.indent; }

  static constexpr long unlike = 100;

  void misaligned(std::size_t i, const source_line& l, const std::vector<level>& open) {
    const level* nearest = nullptr;
    const level* other = nullptr;
    const auto distance = [&](const level& x) {
      const source_line& there = lines_[x.line];
      // Items of one list look alike.
      const bool alike =
          !l.dash || (l.key == there.key && l.content.starts_with('{') == there.content.starts_with('{'));
      return std::abs(static_cast<long>(x.indent) - static_cast<long>(l.indent)) + (alike ? 0 : unlike);
    };
    for (const level& x : open) {
      if (x.dash != l.dash && !(l.dash && open.size() == 1)) continue;
      other = nearest != nullptr && distance(x) == distance(*nearest) ? nearest : nullptr;
      if (nearest == nullptr || distance(x) <= distance(*nearest)) nearest = &x;
    }
    if (nearest == nullptr || nearest->indent == l.indent) {
      return report(
          i, l.indent,
          tell(
              "缩进没有对齐：这一行前面有 {} 个空格，与上面同级的行不一样",
              "not aligned: {} blanks stand before this line, and others before the lines above", l.indent));
    }
    if (other != nullptr && other->indent != nearest->indent) {
      return report(
          i, l.indent,
          tell(
              "缩进没有对齐：这一行前面有 {} 个空格，而第 {} 行有 {} 个，第 {} 行有 {} "
              "个：要和同级的那一行一样",
              "not aligned: {} blanks stand before this line, line {} has {} and line {} has {}: align it "
              "with the one of "
              "its level",
              l.indent, other->line + 1, other->indent, nearest->line + 1, nearest->indent));
    }
    report(
        i, l.indent,
        tell(
            "缩进没有对齐：这一行前面有 {} 个空格，同级的第 {} 行有 {} 个",
            "not aligned: {} blanks stand before this line, and line {} of the same level has {}", l.indent,
            nearest->line + 1, nearest->indent));
  }

  const yaml_tree& tree_;
  std::vector<source_line> lines_;
  std::size_t last_ = 0;
  std::optional<slip_found> found_;
};

struct parser_message {
  std::string_view en, zh;
};
constexpr parser_message parser_messages[] = {
    {"end of map not found", "这几行没有对齐"},
    {"end of sequence not found", "这个列表的几行没有对齐"},
    {"end of map flow not found", "花括号里少了逗号，或者没有闭合"},
    {"end of sequence flow not found", "方括号里少了逗号，或者没有闭合"},
    {"illegal map value", "这里不该有冒号：看看上一行的缩进和冒号"},
    {"illegal map key", "这里不该有键"},
    {"illegal block entry", "这里不该有 '- '：看看上一行的缩进"},
    {"illegal flow end", "这里多了一个括号"},
    {"illegal tab when looking for indentation", "缩进里有 Tab"},
    {"illegal EOF in scalar", "文件在引号里就结束了：有引号没有配对"},
    {"illegal document indicator in scalar", "引号里出现了 '---'：有引号没有配对"},
    {"illegal character in scalar", "有不能写在这里的字符"},
    {"unknown escape character", "双引号里的反斜杠后面不能是这个字符：改用单引号"},
    {"unknown token", "这个符号不能写在开头：整句放进引号"},
    {"unexpected character in block scalar", "'|' 后面要换行再写"},
};

}  // namespace

std::optional<slip_found> find_slip(const yaml_tree& tree, std::size_t line) {
  if (tree.lines.empty()) return std::nullopt;
  return finder(tree, line).run();
}

bilingual parser_words(std::string_view message) {
  for (const parser_message& m : parser_messages) {
    if (message.starts_with(m.en)) return {std::string(m.zh), std::string(message)};
  }
  return {std::string(message), std::string(message)};
}

}  // namespace zhili::policy
