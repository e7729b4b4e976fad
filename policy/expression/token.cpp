// SPDX-License-Identifier: Apache-2.0
#include "policy/expression/token.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace zhili::policy {
namespace {

struct spelling {
  std::string_view written;
  token_kind kind;
};

// Longest first.
constexpr spelling operators[] = {
    {"&&", token_kind::and_and},
    {"||", token_kind::or_or},
    {"==", token_kind::equal},
    {"!=", token_kind::not_equal},
    {"<=", token_kind::less_equal},
    {">=", token_kind::greater_equal},
    {"<", token_kind::less},
    {">", token_kind::greater},
    {"!", token_kind::exclamation},
    {"-", token_kind::minus},
    {"(", token_kind::left_parenthesis},
    {")", token_kind::right_parenthesis},
    {"[", token_kind::left_bracket},
    {"]", token_kind::right_bracket},
    {",", token_kind::comma},
};

// What a Chinese input method or another language puts in place of an operator, and what is right. Read as if
// right, so that one slip gives one error.
struct slip {
  std::string_view written, right;
  token_kind kind;
};
constexpr slip slips[] = {
    {"（", "(", token_kind::left_parenthesis},
    {"）", ")", token_kind::right_parenthesis},
    {"［", "[", token_kind::left_bracket},
    {"］", "]", token_kind::right_bracket},
    {"【", "[", token_kind::left_bracket},
    {"】", "]", token_kind::right_bracket},
    {"，", ",", token_kind::comma},
    {"、", ",", token_kind::comma},
    {"！", "!", token_kind::exclamation},
    {"＞", ">", token_kind::greater},
    {"＜", "<", token_kind::less},
    {"＝", "==", token_kind::equal},
    {"≥", ">=", token_kind::greater_equal},
    {"≤", "<=", token_kind::less_equal},
    {"≠", "!=", token_kind::not_equal},
    {"<>", "!=", token_kind::not_equal},
    {"=>", ">=", token_kind::greater_equal},
    {"=<", "<=", token_kind::less_equal},
    {"=", "==", token_kind::equal},
    {"&", "&&", token_kind::and_and},
    {"|", "||", token_kind::or_or},
};
constexpr slip word_slips[] = {
    {"and", "&&", token_kind::and_and},    {"AND", "&&", token_kind::and_and},
    {"or", "||", token_kind::or_or},       {"OR", "||", token_kind::or_or},
    {"not", "!", token_kind::exclamation}, {"NOT", "!", token_kind::exclamation},
    {"且", "&&", token_kind::and_and},     {"或", "||", token_kind::or_or},
    {"并且", "&&", token_kind::and_and},   {"或者", "||", token_kind::or_or},
};
constexpr std::string_view quotes_of_others[] = {"“",  "”",  "‘",  "’",  "「", "」",
                                                 "『", "』", "《", "》", "＂"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

class lexer {
 public:
  lexer(std::string_view source, std::vector<problem>& problems) : source_(source), problems_(problems) {}

  std::vector<token> run() {
    while (true) {
      while (at_ < source_.size() && std::string_view(" \t\r\n").find(source_[at_]) != std::string_view::npos)
        ++at_;
      if (at_ >= source_.size()) break;
      next();
    }
    out_.push_back({token_kind::end, source_.size(), {}, {}, 0, {}});
    return std::move(out_);
  }

 private:
  std::string_view rest() const { return source_.substr(at_); }
  void report(std::size_t offset, std::string message) { problems_.push_back({offset, std::move(message)}); }

  void push(token_kind kind, std::size_t bytes) {
    out_.push_back({kind, at_, source_.substr(at_, bytes), {}, 0, {}});
    at_ += bytes;
  }

  void push_literal(std::size_t bytes, value_type type, std::int64_t number, std::string text = {}) {
    out_.push_back({token_kind::literal, at_, source_.substr(at_, bytes), type, number, std::move(text)});
    at_ += bytes;
  }

  void next() {
    const char c = source_[at_];
    if (is_digit(c)) return number();
    if (c == '"' || c == '\'') return quoted(c);
    for (const auto& [written, kind] : operators) {
      if (rest().starts_with(written) && !rest().starts_with("<>")) return push(kind, written.size());
    }
    for (const slip& s : slips) {
      if (!rest().starts_with(s.written)) continue;
      report(at_, fmt::format("'{}' is not known; did you mean '{}'?", s.written, s.right));
      return push(s.kind, s.written.size());
    }
    for (const std::string_view q : quotes_of_others) {
      if (!rest().starts_with(q)) continue;
      report(at_, fmt::format("'{}' is not known: texts stand in straight quotes, \"…\"", q));
      at_ += q.size();
      return;
    }
    if (std::string_view("?:").find(c) != std::string_view::npos) {
      report(at_++, fmt::format("'{}' is not known here: write one rule for each case", c));
    } else if (std::string_view("+*/%").find(c) != std::string_view::npos) {
      report(
          at_++,
          fmt::format(
              "'{}' is not known here: there is no arithmetic; look for a field that holds the figure", c));
    } else if (is_letter(c) || (static_cast<unsigned char>(c) & 0x80) != 0) {
      word();
    } else {
      report(at_++, fmt::format("'{}' is not known here", c));
    }
  }

  bool punctuation_at(std::size_t pos) const {
    const auto begins = [&](std::string_view what) { return source_.substr(pos).starts_with(what); };
    for (const slip& s : slips) {
      if (begins(s.written)) return true;
    }
    for (const std::string_view q : quotes_of_others) {
      if (begins(q)) return true;
    }
    return false;
  }

  void word() {
    std::size_t end = at_;
    while (end < source_.size()) {
      const bool beyond_ascii = (static_cast<unsigned char>(source_[end]) & 0x80) != 0;
      if (!is_letter(source_[end]) && !is_digit(source_[end]) && !beyond_ascii) break;
      if (beyond_ascii && punctuation_at(end)) break;
      ++end;
    }
    const std::string_view w = source_.substr(at_, end - at_);
    for (const slip& s : word_slips) {
      if (w != s.written) continue;
      report(at_, fmt::format("'{}' is not known; did you mean '{}'?", w, s.right));
      return push(s.kind, w.size());
    }
    if (w == "true" || w == "false") return push_literal(w.size(), value_type::boolean, w == "true" ? 1 : 0);
    push(w == "in" ? token_kind::in : token_kind::name, w.size());
  }

  // 12, 9.9元, 1万元, 30m, 2021-07-18
  void number() {
    std::size_t end = at_;
    const auto digits = [&] {
      while (end < source_.size() && is_digit(source_[end])) ++end;
    };
    digits();
    const auto shape = source_.substr(at_, 10);
    if (end - at_ == 4 && shape.size() == 10 && shape[4] == '-' && shape[7] == '-' && is_digit(shape[5]) &&
        is_digit(shape[9])) {
      return typed(10, value_type::date);
    }
    const bool decimals = end + 1 < source_.size() && source_[end] == '.' && is_digit(source_[end + 1]);
    if (decimals) {
      ++end;
      digits();
    }
    for (const std::string_view unit : {"万元", "元"}) {
      if (source_.substr(end).starts_with(unit)) return typed(end + unit.size() - at_, value_type::money);
    }
    std::size_t letters = end;
    while (letters < source_.size() && is_letter(source_[letters])) ++letters;
    if (letters > end) return typed(letters - at_, value_type::duration);
    if (decimals) {
      report(
          at_, fmt::format(
                   "'{0}' has decimals: only money has them, such as {0}元", source_.substr(at_, end - at_)));
      return push_literal(end - at_, value_type::money, 0);
    }
    typed(end - at_, value_type::integer);
  }

  void typed(std::size_t bytes, value_type type) {
    const auto value = parse_value(type, {}, source_.substr(at_, bytes));
    if (!value) report(at_, value.error().detail);
    push_literal(bytes, type, value.value_or(0));
  }

  void quoted(char quote) {
    std::string text;
    std::size_t i = at_ + 1;
    for (; i < source_.size() && source_[i] != quote; ++i) {
      if (source_[i] != '\\') {
        text += source_[i];
        continue;
      }
      const char escaped = ++i < source_.size() ? source_[i] : '\0';
      if (escaped == 'n' || escaped == 't') {
        text += escaped == 'n' ? '\n' : '\t';
      } else if (escaped == '\\' || escaped == '"' || escaped == '\'') {
        text += escaped;
      } else {
        report(i - 1, "after '\\' only n, t, \\, \" and ' are known");
      }
    }
    if (i >= source_.size()) {
      report(at_, fmt::format("the text that begins here has no closing {}", quote));
      i = source_.size() - 1;
    }
    push_literal(i + 1 - at_, value_type::text, 0, std::move(text));
  }

  std::string_view source_;
  std::vector<problem>& problems_;
  std::size_t at_ = 0;
  std::vector<token> out_;
};

}  // namespace

std::vector<token> tokenise(std::string_view source, std::vector<problem>& problems) {
  return lexer(source, problems).run();
}

}  // namespace zhili::policy
