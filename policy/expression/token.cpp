// SPDX-License-Identifier: Apache-2.0
#include "policy/expression/token.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <utility>

#include "policy/expression/quoted.hpp"
#include "policy/prices.hpp"
#include "protocols/types/half_width.hpp"
#include "protocols/types/tell.hpp"

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
    {"{", token_kind::left_brace},
    {"}", token_kind::right_brace},
    {",", token_kind::comma},
    {".", token_kind::dot},
    {"?", token_kind::question},
    {":", token_kind::colon},
    {"+", token_kind::plus},
    {"*", token_kind::star},
    {"/", token_kind::slash},
    {"%", token_kind::percent},
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
    {"｛", "{", token_kind::left_brace},
    {"｝", "}", token_kind::right_brace},
    {"？", "?", token_kind::question},
    {"：", ":", token_kind::colon},
    {"＋", "+", token_kind::plus},
    {"×", "*", token_kind::star},
    {"÷", "/", token_kind::slash},
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
      skip_blanks();
      if (at_ >= source_.size()) break;
      next();
    }
    out_.push_back({token_kind::end, source_.size(), {}, {}, false});
    return std::move(out_);
  }

 private:
  std::string_view rest() const { return source_.substr(at_); }
  void report(std::size_t offset, bilingual message) { problems_.push_back({offset, std::move(message)}); }

  void skip_blanks() {
    while (at_ < source_.size()) {
      if (rest().starts_with("//")) {
        while (at_ < source_.size() && source_[at_] != '\n') ++at_;
      } else if (std::string_view(" \t\r\n\f").find(source_[at_]) != std::string_view::npos) {
        ++at_;
      } else {
        return;
      }
    }
  }

  void push(token_kind kind, std::size_t bytes) {
    out_.push_back({kind, at_, source_.substr(at_, bytes), {}, false});
    at_ += bytes;
  }

  void push_literal(std::size_t bytes, value scalar, std::string text = {}) {
    out_.push_back({token_kind::literal, at_, source_.substr(at_, bytes), {scalar, std::move(text)}, false});
    at_ += bytes;
  }

  void next() {
    const char c = source_[at_];
    const bool digit_follows = at_ + 1 < source_.size() && is_digit(source_[at_ + 1]);
    // x.1 is no member, so a point before a digit begins a number.
    if (is_digit(c) || (c == '.' && digit_follows)) return number();
    if (const auto shape = string_shape(rest())) return quoted(*shape);
    if (c == '`') return quoted_name();
    for (const auto& [written, kind] : operators) {
      if (rest().starts_with(written) && !rest().starts_with("<>")) return push(kind, written.size());
    }
    for (const slip& s : slips) {
      if (!rest().starts_with(s.written)) continue;
      report(at_, mended(s.written, s.right));
      return push(s.kind, s.written.size());
    }
    for (const std::string_view q : quotes_of_others) {
      if (!rest().starts_with(q)) continue;
      report(
          at_, tell(
                   "不认识 '{}'：文字要放在半角直引号里，写成 \"…\"",
                   "'{}' is not known: texts stand in straight quotes, \"…\"", q));
      at_ += q.size();
      return;
    }
    if (is_letter(c) || (static_cast<unsigned char>(c) & 0x80) != 0) {
      word();
    } else {
      report(at_++, tell("这里不认识 '{}'", "'{}' is not known here", c));
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
      report(at_, mended(w, s.right));
      return push(s.kind, w.size());
    }
    if (const std::string narrow = half_width(w); narrow != w) return wide_word(w, narrow);
    if (const auto amount = amount_meant(w)) {
      report(at_, mended(w, to_string(*amount)));
      return push_literal(w.size(), number_value(kind::money, amount->value));
    }
    if (w == "true" || w == "false") return push_literal(w.size(), bool_value(w == "true"));
    if (w == "null") return push_literal(w.size(), value{});
    push(w == "in" ? token_kind::in : token_kind::name, w.size());
  }

  // `content-type`
  void quoted_name() {
    const auto belongs = [](char c) {
      return is_letter(c) || is_digit(c) || (static_cast<unsigned char>(c) & 0x80) != 0 ||
             std::string_view("-./ ").find(c) != std::string_view::npos;
    };
    std::size_t end = at_ + 1;
    while (end < source_.size() && belongs(source_[end])) ++end;
    const bool closed = end < source_.size() && source_[end] == '`';
    if (!closed || end == at_ + 1)
      report(
          at_, bilingual{"两个 ` 之间写成员的名字：字母、数字、_ . - / 和空格",
                         "between ` and ` stands a member's name: letters, digits, _ . - / and blanks"});
    push(token_kind::quoted_name, end + (closed ? 1 : 0) - at_);
  }

  // 十元, ￥10: an amount as texts write it.
  static std::optional<fen> amount_meant(std::string_view w) {
    const auto any = [&](auto... marks) { return (... || marks); };
    if (!any(
            w.ends_with("元"), w.ends_with("块"), w.ends_with("块钱"), w.starts_with("￥"),
            w.starts_with("¥")))
      return std::nullopt;
    fen found[2];
    if (find_prices(w, found) != 1) return std::nullopt;
    return found[0];
  }

  static bilingual mended(std::string_view written, std::string_view right) {
    return tell("不认识 '{}'；你是不是想写 '{}'？", "'{}' is not known; did you mean '{}'?", written, right);
  }

  // １元, ａｂ: named, and read as if written narrow.
  void wide_word(std::string_view w, const std::string& narrow) {
    report(
        at_,
        tell("'{}' 是全角的；你是不是想写 '{}'？", "'{}' is written wide; did you mean '{}'?", w, narrow));
    std::vector<problem> ignored;
    const std::vector<token> read = lexer(narrow, ignored).run();
    if (!ignored.empty() || read.size() != 2) return push(token_kind::name, w.size());
    out_.push_back({read[0].kind, at_, w, read[0].literal, false});
    at_ += w.size();
  }

  // 12, 0x1f, 1u, 2.5e3, 9.9元, 1万元, 30m, 2021-07-18
  void number() {
    if (rest().starts_with("0x") || rest().starts_with("0X")) return hexadecimal();
    std::size_t end = at_;
    const auto digits = [&] {
      while (end < source_.size() && is_digit(source_[end])) ++end;
    };
    digits();
    const auto shape = source_.substr(at_, 10);
    if (end - at_ == 4 && shape.size() == 10 && shape[4] == '-' && shape[7] == '-' && is_digit(shape[5]) &&
        is_digit(shape[6]) && is_digit(shape[8]) && is_digit(shape[9])) {
      return typed(10, value_type::date);
    }
    bool decimals = end + 1 < source_.size() && source_[end] == '.' && is_digit(source_[end + 1]);
    if (decimals) {
      ++end;
      digits();
    }
    for (const std::string_view unit : {"万元", "元"}) {
      if (source_.substr(end).starts_with(unit)) return typed(end + unit.size() - at_, value_type::money);
    }
    if (const auto unit = unit_of_others(source_.substr(end)); !unit.written.empty())
      return other_unit(end - at_, unit);
    if (const std::size_t exponent = exponent_bytes(end); exponent > 0) {
      end += exponent;
      decimals = true;
    }
    std::size_t letters = end;
    while (letters < source_.size() && (is_letter(source_[letters]) || is_digit(source_[letters]))) ++letters;
    const std::string_view tail = source_.substr(end, letters - end);
    if (!decimals && (tail == "u" || tail == "U")) return whole(end, 1, 10, 0);
    if (!tail.empty()) return typed(letters - at_, value_type::duration);
    if (decimals) return real(end - at_);
    whole(end, 0, 10, 0);
  }

  struct other {
    std::string_view written, right;
    value_type type = value_type::money;
  };
  // 1块, 24小时: what people say for the units that are read.
  static other unit_of_others(std::string_view rest) {
    constexpr other units[] = {
        {"块钱", "元"},
        {"块", "元"},
        {"圆", "元"},
        {"小时", "h", value_type::duration},
        {"分钟", "m", value_type::duration},
        {"天", "d", value_type::duration},
        {"秒", "s", value_type::duration}};
    for (const other& u : units) {
      if (rest.starts_with(u.written)) return u;
    }
    return {};
  }

  void other_unit(std::size_t digits, const other& unit) {
    const std::string right = fmt::format("{}{}", source_.substr(at_, digits), unit.right);
    report(at_, mended(source_.substr(at_, digits + unit.written.size()), right));
    push_literal(
        digits + unit.written.size(),
        number_value(kind_of(unit.type), parse_value(unit.type, {}, right).value_or(0)));
  }

  std::size_t exponent_bytes(std::size_t at) const {
    if (at >= source_.size() || (source_[at] != 'e' && source_[at] != 'E')) return 0;
    std::size_t end = at + 1;
    if (end < source_.size() && (source_[end] == '+' || source_[end] == '-')) ++end;
    if (end >= source_.size() || !is_digit(source_[end])) return 0;
    while (end < source_.size() && is_digit(source_[end])) ++end;
    return end - at;
  }

  void hexadecimal() {
    std::size_t end = at_ + 2;
    while (end < source_.size() && std::isxdigit(static_cast<unsigned char>(source_[end]))) ++end;
    const bool u = end < source_.size() && (source_[end] == 'u' || source_[end] == 'U');
    if (end == at_ + 2) {
      report(at_, bilingual{"'0x' 后面缺少 0 到 f 的数字", "digits from 0 to f are missing behind '0x'"});
      return push_literal(2, int_value(0));
    }
    whole(end, u ? 1 : 0, 16, 2);
  }

  // Digits up to `end`, `suffix` bytes of u behind them, `prefix` of 0x before.
  void whole(std::size_t end, std::size_t suffix, int base, std::size_t prefix) {
    const std::size_t bytes = end + suffix - at_;
    std::uint64_t n = 0;
    const auto ec = std::from_chars(source_.data() + at_ + prefix, source_.data() + end, n, base).ec;
    constexpr std::uint64_t beyond = std::uint64_t{1} << 63;
    if (ec != std::errc{} || (suffix == 0 && n > beyond)) {
      report(
          at_,
          tell(
              "'{}' 太大了，超出 64 位整数", "'{}' is larger than 64 bits hold", source_.substr(at_, bytes)));
      n = 0;
    }
    push_literal(bytes, suffix != 0 ? uint_value(n) : int_value(static_cast<std::int64_t>(n)));
    out_.back().only_negative = suffix == 0 && n == beyond;
  }

  void real(std::size_t bytes) {
    double d = 0;
    // .5 is read as 0.5.
    const std::string text = fmt::format("{}{}", source_[at_] == '.' ? "0" : "", source_.substr(at_, bytes));
    const auto ec = std::from_chars(text.data(), text.data() + text.size(), d).ec;
    // Too small becomes 0, too large infinity.
    if (ec == std::errc::result_out_of_range) d = std::strtod(text.c_str(), nullptr);
    push_literal(bytes, real_value(d));
  }

  void typed(std::size_t bytes, value_type type) {
    const auto parsed = parse_value(type, {}, source_.substr(at_, bytes));
    if (!parsed) report(at_, parsed.error().both());
    push_literal(bytes, number_value(kind_of(type), parsed.value_or(0)));
  }

  void quoted(const text_shape& shape) {
    std::string text;
    const std::size_t end = read_text(source_, at_, shape, text, problems_);
    push_literal(end - at_, text_value({}, shape.bytes ? kind::bytes : kind::text), std::move(text));
  }

  std::string_view source_;
  std::vector<problem>& problems_;
  std::size_t at_ = 0;
  std::vector<token> out_;
};

}  // namespace

bool is_reserved(std::string_view word) {
  constexpr std::string_view words[] = {"as",        "break",  "const",  "continue", "else", "for",
                                        "function",  "if",     "import", "let",      "loop", "package",
                                        "namespace", "return", "var",    "void",     "while"};
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

std::vector<token> tokenise(std::string_view source, std::vector<problem>& problems) {
  return lexer(source, problems).run();
}

}  // namespace zhili::policy
