// SPDX-License-Identifier: Apache-2.0
#include "policy/prices.hpp"

#include <array>
#include <optional>

#include "policy/price_words.hpp"

namespace zhili::policy {
namespace {

// An amount is never larger than this many fen: what is, is a number of something else.
constexpr std::int64_t fen_max = std::int64_t{100'000'000'000} * 100;

// A number as written, in hundredths.
struct amount {
  std::int64_t hundredths = 0;
  bool decimals = false;
  /// Written in Chinese numerals; in formal ones (壹), which nobody uses but for money.
  bool chinese = false, formal = false;
  /// 两千八, 一万二: the unit of the last numeral is left out.
  bool elided = false;
  /// Behind it stood 万, 千 or w.
  bool scaled = false;
  /// 一, which with 块 is mostly no price.
  bool is_plain_one = false;
};

class finder {
 public:
  finder(std::string_view text, std::span<fen> out) : text_(text), out_(out) {}

  std::size_t run() {
    cursor at(text_);
    character before{};
    while (!at.done() && count_ < out_.size()) {
      const cursor begin = at;
      const character c = at.next();
      if (c.point == money_sign || digit_of(c) >= 0 || is_numeral(c)) {
        if (const auto end = amount_at(begin, before)) {
          at = *end;
          before = character{};
          continue;
        }
        at = behind_number(begin);
        before = c;
        continue;
      }
      if (is_letter(c)) {
        if (const auto end = after_letters(begin)) {
          at = *end;
          before = character{};
          continue;
        }
      }
      before = c;
    }
    return count_;
  }

 private:
  void add(std::int64_t hundredths) {
    if (hundredths <= fen_max && count_ < out_.size()) out_[count_++] = fen{hundredths};
  }

  // Where nothing was found in a run of digits or numerals, the search goes on behind it.
  cursor behind_number(cursor at) const {
    const bool arabic = digit_of(at.peek()) >= 0;
    at.next();
    while (!at.done()) {
      const character c = at.peek();
      const bool goes_on = arabic ? digit_of(c) >= 0 || c.point == '.' : is_numeral(c);
      if (!goes_on) break;
      at.next();
    }
    return at;
  }

  // RMB 100, CNY100
  std::optional<cursor> after_letters(cursor at) {
    cursor rest = at;
    if (!take_word(rest, "rmb") && !take_word(rest, "cny") && !take_word(rest, "人民币")) return std::nullopt;
    rest.skip_blanks();
    return signed_amount(rest);
  }

  std::optional<cursor> signed_amount(cursor at) {
    const auto n = number(at);
    if (!n) return std::nullopt;
    add(n->hundredths);
    return at;
  }

  std::optional<cursor> amount_at(cursor at, const character& before) {
    const cursor begin = at;
    if (at.peek().point == money_sign) {
      at.next();
      at.skip_blanks();
      return signed_amount(at);
    }
    if (is_letter(before) || before.point == '.' || is_far(before)) return std::nullopt;
    const auto n = number(at);
    if (!n) return std::nullopt;
    if (auto end = with_unit(*n, at)) return end;
    if (auto end = range(*n, at)) return end;
    return bare(*n, begin, at);
  }

  // 九块九, 1块钱, 99.9元起, 9元9, 1280rmb
  std::optional<cursor> with_unit(const amount& n, cursor at) {
    at.skip_blanks();
    if (take_word(at, "rmb") || take_word(at, "yuan") || take_word(at, "人民币")) {
      add(n.hundredths);
      return at;
    }
    const bool yuan = take_word(at, "元");
    if (!yuan && !take_word(at, "块")) return std::nullopt;
    if (yuan && is_other_word_of_yuan(n.is_plain_one, at)) return std::nullopt;
    if (take_word(at, "钱")) {
      add(n.hundredths);
      return at;
    }
    if (!n.decimals && !n.scaled) {
      cursor rest = at;
      if (const auto part = change(rest)) {
        add(n.hundredths + *part);
        return rest;
      }
    }
    if (!yuan && !is_price_of_blocks(n, at)) return std::nullopt;
    add(n.hundredths);
    return at;
  }

  // The 九 of 九块九, the 99 of 1元99, the 5毛 of 9块5毛: in hundredths.
  std::optional<std::int64_t> change(cursor& at) const {
    cursor rest = at;
    const character first = rest.peek();
    std::int64_t part = 0;
    if (digit_of(first) >= 0) {
      part = digit_of(rest.next()) * 10;
      if (digit_of(rest.peek()) >= 0) part += digit_of(rest.next());
      if (digit_of(rest.peek()) >= 0 || rest.peek().point == '.') return std::nullopt;
    } else if (numeral_of(first) > 0 && numeral_of(first) < 10) {
      part = numeral_of(rest.next()) * 10;
      if (is_numeral(rest.peek())) return std::nullopt;
    } else {
      return std::nullopt;
    }
    if (!take_word(rest, "毛") && !take_word(rest, "角") && !is_end_of_price(rest)) return std::nullopt;
    at = rest;
    return part;
  }

  // 100-200元 names both.
  std::optional<cursor> range(const amount& low, cursor at) {
    if (!take_word(at, "-") && !take_word(at, "~") && !take_word(at, "至") && !take_word(at, "到") &&
        !take_word(at, "—"))
      return std::nullopt;
    const auto high = number(at);
    if (!high) return std::nullopt;
    cursor rest = at;
    if (!take_word(rest, "元") && !take_word(rest, "块钱")) return std::nullopt;
    add(low.hundredths);
    add(high->hundredths);
    return rest;
  }

  // 9.9, 1.2万, 两千八: a number that reads as a price without saying so.
  std::optional<cursor> bare(const amount& n, cursor begin, cursor at) {
    if (n.elided || n.scaled) {
      if (is_counted(at) || counts_before(text_, begin)) return std::nullopt;
    } else if (n.decimals) {
      if (is_counted(at) || !reads_as_price(text_, begin, at, n.hundredths)) return std::nullopt;
    } else {
      return std::nullopt;
    }
    add(n.hundredths);
    return at;
  }

  std::optional<amount> number(cursor& at) const {
    if (digit_of(at.peek()) >= 0) return arabic(at);
    if (is_numeral(at.peek())) return chinese(at);
    return std::nullopt;
  }

  std::optional<amount> arabic(cursor& at) const {
    amount n;
    std::int64_t whole = 0;
    int digits = 0;
    const auto take_digits = [&] {
      while (digit_of(at.peek()) >= 0) {
        if (++digits > 11) return false;
        whole = whole * 10 + digit_of(at.next());
      }
      return true;
    };
    if (!take_digits()) return std::nullopt;
    while (at.peek().point == ',' && groups_of_three(at)) {
      at.next();
      if (!take_digits()) return std::nullopt;
    }
    n.hundredths = whole * 100;
    cursor rest = at;
    if (rest.next().point == '.' && digit_of(rest.peek()) >= 0) {
      n.decimals = true;
      std::int64_t unit = 10;
      while (digit_of(rest.peek()) >= 0) {
        n.hundredths += unit * digit_of(rest.next());
        unit /= 10;
      }
      // 1.2.3 is no amount.
      if (rest.peek().point == '.') {
        cursor more = rest;
        more.next();
        if (digit_of(more.peek()) >= 0) return std::nullopt;
      }
      at = rest;
    }
    scale(n, at);
    return n;
  }

  void scale(amount& n, cursor& at) const {
    cursor rest = at;
    std::int64_t by = 0;
    if (take_word(rest, "万")) {
      by = 10'000;
    } else if (take_word(rest, "千")) {
      by = 1'000;
    } else if (take_word(rest, "百")) {
      by = 100;
    } else if (rest.peek().point == 'w') {
      rest.next();
      if (is_letter(rest.peek())) return;
      by = 10'000;
    }
    if (by == 0 || n.hundredths > fen_max / by) return;
    n.hundredths *= by;
    n.scaled = true;
    n.decimals = false;
    at = rest;
  }

  static bool groups_of_three(cursor at) {
    at.next();
    for (int i = 0; i < 3; ++i) {
      if (digit_of(at.next()) < 0) return false;
    }
    return digit_of(at.peek()) < 0;
  }

  // 零, 一千二百八十, 两千八, 一万二, 九点九, 一二三 (digit by digit)
  std::optional<amount> chinese(cursor& at) const {
    amount n;
    n.chinese = true;
    std::int64_t total = 0, section = 0, digit = -1, last_unit = 0;
    int count = 0;
    bool zero = false;
    for (; is_numeral(at.peek()); at.next()) {
      const character c = at.peek();
      n.formal |= c.formal;
      const int v = numeral_of(c);
      if (++count > 16) return std::nullopt;
      if (v < 10) {
        if (digit > 0 || (digit == 0 && v != 0 && last_unit == 0)) return std::nullopt;
        if (v == 0 && last_unit != 0) {
          zero = true;
          digit = -1;
        } else {
          digit = v;
        }
        continue;
      }
      if (v == 10'000) {
        total = (section + (digit > 0 ? digit : 0)) * 10'000;
        if (total == 0) return std::nullopt;
        section = 0;
      } else {
        if (digit < 0 && v != 10) return std::nullopt;
        section += (digit > 0 ? digit : 1) * v;
      }
      last_unit = v;
      digit = -1;
      zero = false;
    }
    n.is_plain_one = count == 1 && digit == 1 && !n.formal;
    std::int64_t whole = total + section;
    if (digit >= 0) {
      n.elided = last_unit >= 100 && !zero && digit > 0;
      whole += n.elided ? digit * last_unit / 10 : digit;
    }
    n.hundredths = whole * 100;
    cursor rest = at;
    if (take_word(rest, "点") && numeral_of(rest.peek()) >= 0 && numeral_of(rest.peek()) < 10) {
      std::int64_t unit = 10;
      while (numeral_of(rest.peek()) >= 0 && numeral_of(rest.peek()) < 10) {
        n.hundredths += unit * numeral_of(rest.next());
        unit /= 10;
      }
      n.decimals = true;
      n.elided = false;
      at = rest;
      scale(n, at);
    }
    return n;
  }

  std::string_view text_;
  std::span<fen> out_;
  std::size_t count_ = 0;
};

}  // namespace

std::size_t find_prices(std::string_view text, std::span<fen> out) {
  return finder(text, out).run();
}

}  // namespace zhili::policy
