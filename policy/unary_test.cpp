// SPDX-License-Identifier: Apache-2.0
#include "policy/unary_test.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "policy/suggest.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

bool take(std::string_view& text, std::string_view sign) {
  if (!text.starts_with(sign)) return false;
  text = trimmed(text.substr(sign.size()));
  return true;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

void sort_out(std::vector<span_of_numbers>& spans) {
  std::sort(spans.begin(), spans.end(), [](const auto& a, const auto& b) { return a.low < b.low; });
  std::vector<span_of_numbers> out;
  for (const span_of_numbers& s : spans) {
    if (s.low > s.high) continue;
    if (!out.empty() && (out.back().high == highest || s.low <= out.back().high + 1)) {
      out.back().high = std::max(out.back().high, s.high);
    } else {
      out.push_back(s);
    }
  }
  spans = std::move(out);
}

std::vector<span_of_numbers> without(const std::vector<span_of_numbers>& spans) {
  std::vector<span_of_numbers> out;
  std::int64_t next = lowest;
  bool open = true;
  for (const span_of_numbers& s : spans) {
    if (s.low > next) out.push_back({next, s.low - 1});
    open = s.high != highest;
    if (open) next = s.high + 1;
  }
  if (open) out.push_back({next, highest});
  return out;
}

class cell_reader {
 public:
  cell_reader(std::string_view cell, const table_column& column) : cell_(trimmed(cell)), column_(column) {}

  result<unary_test> run() {
    unary_test out;
    std::string_view rest = cell_;
    if (rest.empty() || rest == "-" || rest == "—" || rest == "任意") {
      out.anything = true;
      return out;
    }
    bool negated = false;
    if (take(rest, "not(") || take(rest, "非(")) {
      if (!rest.ends_with(')'))
        return fail(errc::malformed, bilingual{"not( 后面少了 ')'", "')' is missing behind not("});
      rest.remove_suffix(1);
      negated = true;
    }
    std::vector<std::string> conditions;
    for (const std::string_view part : parts(rest)) {
      if (auto s = one(trimmed(part), out, conditions); !s) return tl::unexpected(s.error());
    }
    finish(out, conditions, negated);
    return out;
  }

 private:
  // At commas outside of brackets and quotes.
  static std::vector<std::string_view> parts(std::string_view text) {
    std::vector<std::string_view> out;
    std::size_t begin = 0;
    bool inside = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '"') inside = !inside;
      const bool wide = text.substr(i).starts_with("，") || text.substr(i).starts_with("、");
      if (inside || (text[i] != ',' && !wide)) continue;
      out.push_back(text.substr(begin, i - begin));
      begin = i + (wide ? 3 : 1);
      i = begin - 1;
    }
    out.push_back(text.substr(begin));
    return out;
  }

  bool is_text() const { return column_.type == value_type::text; }

  result<std::int64_t> number(std::string_view text) const {
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
    if (column_.type == value_type::boolean && (text == "是" || text == "有")) return 1;
    if (column_.type == value_type::boolean && (text == "否" || text == "无")) return 0;
    return parse_value(column_.type, column_.words, text);
  }

  std::string literal(std::string_view text, std::int64_t n) const {
    if (column_.type == value_type::enumeration) return quoted(column_.words[static_cast<std::size_t>(n)]);
    if (column_.type == value_type::boolean) return n != 0 ? "true" : "false";
    return std::string(text);
  }

  status one(std::string_view part, unary_test& out, std::vector<std::string>& conditions) const {
    if (part.empty())
      return fail(
          errc::malformed,
          bilingual{"两个逗号之间没有写东西，或末尾多了一个逗号", "nothing stands between two commas"});
    if (is_text()) {
      if (part.size() >= 2 && part.front() == '"' && part.back() == '"')
        part = part.substr(1, part.size() - 2);
      out.texts.emplace(part);
      conditions.push_back(fmt::format("{} == {}", column_.name, quoted(part)));
      return {};
    }
    if (part.front() == '[' || part.front() == '(' || part.front() == ']')
      return range(part, out, conditions);
    struct sign {
      std::string_view written, means;
    };
    constexpr sign signs[] = {{"<=", "<="}, {"≤", "<="}, {">=", ">="}, {"≥", ">="},
                              {"!=", "!="}, {"≠", "!="}, {"==", "=="}, {"<", "<"},
                              {"＜", "<"},  {">", ">"},  {"＞", ">"},  {"=", "=="}};
    for (const sign& s : signs) {
      std::string_view rest = part;
      if (take(rest, s.written)) return compared(s.means, rest, out, conditions);
    }
    return compared("==", part, out, conditions);
  }

  status compared(
      std::string_view sign, std::string_view text, unary_test& out,
      std::vector<std::string>& conditions) const {
    const auto n = number(text);
    if (!n) return tl::unexpected(n.error());
    const bool ordered = sign[0] == '<' || sign[0] == '>';
    if (ordered && (column_.type == value_type::boolean || column_.type == value_type::enumeration))
      return fail(
          errc::malformed, tell(
                               "'{}' 不能比大小：请写它的词，多个用逗号隔开",
                               "'{}' has no order: write its words", column_.name));
    if (sign == "==") out.numbers.push_back({*n, *n});
    if (sign == "<") out.numbers.push_back({lowest, *n - 1});
    if (sign == "<=") out.numbers.push_back({lowest, *n});
    if (sign == ">") out.numbers.push_back({*n + 1, highest});
    if (sign == ">=") out.numbers.push_back({*n, highest});
    if (sign == "!=") {
      out.numbers.push_back({lowest, *n - 1});
      out.numbers.push_back({*n + 1, highest});
    }
    conditions.push_back(fmt::format("{} {} {}", column_.name, sign, literal(text, *n)));
    return {};
  }

  // [1..5], [1..5), (1..5], (1..5)
  status range(std::string_view part, unary_test& out, std::vector<std::string>& conditions) const {
    const std::size_t dots = part.find("..");
    const char first = part.front(), last = part.back();
    if (dots == std::string_view::npos || part.size() < 5 || (last != ']' && last != ')'))
      return fail(
          errc::malformed, tell(
                               "'{}' 不是范围：请写成 [1..5]（含两头）、[1..5)（不含 5）或 (1..5]（不含 1）",
                               "'{}' is no range: write [1..5], [1..5) or (1..5]", part));
    const std::string_view low_text = trimmed(part.substr(1, dots - 1));
    const std::string_view high_text = trimmed(part.substr(dots + 2, part.size() - dots - 3));
    const auto low = number(low_text), high = number(high_text);
    if (!low) return tl::unexpected(low.error());
    if (!high) return tl::unexpected(high.error());
    const span_of_numbers s{first == '[' ? *low : *low + 1, last == ']' ? *high : *high - 1};
    if (s.low > s.high)
      return fail(errc::malformed, tell("'{}' 里什么都没有：左边应当小于右边", "nothing lies in '{}'", part));
    out.numbers.push_back(s);
    conditions.push_back(fmt::format(
        "({0} {1} {2} && {0} {3} {4})", column_.name, first == '[' ? ">=" : ">", literal(low_text, *low),
        last == ']' ? "<=" : "<", literal(high_text, *high)));
    return {};
  }

  void finish(unary_test& out, const std::vector<std::string>& conditions, bool negated) const {
    sort_out(out.numbers);
    std::string all;
    for (const std::string& c : conditions) all += (all.empty() ? "" : " || ") + c;
    if (conditions.size() > 1) all = "(" + all + ")";
    if (negated) {
      out.numbers = is_text() ? std::vector<span_of_numbers>{} : without(out.numbers);
      out.others = is_text();
      all = "!(" + all + ")";
    }
    out.condition = std::move(all);
  }

  std::string_view cell_;
  const table_column& column_;
};

}  // namespace

result<unary_test> parse_unary_test(std::string_view cell, const table_column& column) {
  return cell_reader(cell, column).run();
}

bool overlap(const unary_test& a, const unary_test& b) {
  if (a.anything || b.anything) return true;
  if (!a.texts.empty() || !b.texts.empty()) {
    if (a.others && b.others) return true;
    const unary_test& listed = a.others ? b : a;
    const unary_test& other = a.others ? a : b;
    return std::any_of(listed.texts.begin(), listed.texts.end(), [&](const std::string& t) {
      return (other.texts.count(t) != 0) != other.others;
    });
  }
  return std::any_of(a.numbers.begin(), a.numbers.end(), [&](const span_of_numbers& x) {
    return std::any_of(b.numbers.begin(), b.numbers.end(), [&](const span_of_numbers& y) {
      return x.low <= y.high && y.low <= x.high;
    });
  });
}

}  // namespace zhili::policy
