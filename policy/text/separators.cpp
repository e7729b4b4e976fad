// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "policy/text/passes.hpp"

namespace zhili::policy {
namespace {

/// A letter of a foreign word is no word of its own; from so many single ones on they are one that was spread out.
constexpr std::size_t spread_letters = 3;
constexpr std::size_t spread_figures = 4;

bool separates(const text_unit& u) { return u.is(trait::separator); }
bool is_figure(const text_unit& u) { return u.is(trait::digit | trait::numeral); }
bool is_alnum(const text_unit& u) { return u.is(trait::letter | trait::digit | trait::numeral); }
bool is_han(const text_unit& u) { return u.is(trait::han); }

/// What stands between two characters.
struct between {
  bool ends_clause = false;
};

class joiner {
 public:
  explicit joiner(normalised_text& text) : units_(text.units), signs_(text.places) {
    gather(text.places, units_.size(), [this](std::size_t i) { return separates(units_[i]); });
  }

  void run() {
    std::size_t i = 0;
    for (std::size_t k = 0; k < signs_.size();) {
      const std::size_t from = signs_[k];
      if (written_ + from > i && is_plain_end(k)) {
        alone_ = false;
        ++k;
        continue;
      }
      move_down(i, from);
      std::size_t to = from;
      while (k < signs_.size() && signs_[k] == to) ++k, ++to;
      cross(from, to);
      i = to;
    }
    move_down(i, units_.size());
    units_.resize(written_);
  }

 private:
  /// One sign that ends a clause before a word of two characters or more: by far the most frequent, and it stays.
  bool is_plain_end(std::size_t k) const {
    const std::size_t at = signs_[k];
    const std::size_t next = k + 1 < signs_.size() ? signs_[k + 1] : units_.size();
    return units_[at].is(trait::hard) && next > at + 2;
  }

  void move_down(std::size_t from, std::size_t to) {
    if (written_ != from) std::copy(units_.data() + from, units_.data() + to, units_.data() + written_);
    written_ += to - from;
  }

  bool at_end(std::size_t at) const { return at >= units_.size(); }

  /// The signs [from, to): out, or kept.
  void cross(std::size_t from, std::size_t to) {
    const bool at_edge = written_ == 0 || at_end(to);
    between signs;
    std::size_t dots = 0;
    for (std::size_t i = from; i < to; ++i) {
      signs.ends_clause |= units_[i].is(trait::hard);
      dots += units_[i].character == '.' ? 1U : 0U;
    }
    signs.ends_clause |= dots > 1;
    if (!at_edge && joins(to, signs)) {
      units_[to].traits |= trait::gap;
      alone_ = at_end(to + 1) || separates(units_[to + 1]);
      return;
    }
    keep(from, to, at_edge, signs);
    alone_ = at_end(to + 1) || (!at_end(to) && separates(units_[to + 1]));
  }

  bool joins(std::size_t right_at, between signs) const {
    const text_unit& left = units_[written_ - 1];
    const text_unit& right = units_[right_at];
    if (signs.ends_clause) {
      // Character by character, whatever stands between: 微。信。号
      const bool left_alone = written_ == 1 || alone_;
      const bool right_alone = at_end(right_at + 1) || separates(units_[right_at + 1]);
      // 一、二、三 is a list of numbers.
      const bool characters = is_han(left) && is_han(right) && !(is_figure(left) && is_figure(right));
      return characters && left_alone && right_alone;
    }
    if (is_figure(left) && is_figure(right)) return spread(right_at) >= spread_figures;
    if (is_han(left) || is_han(right)) return true;
    if (!is_alnum(left) || !is_alnum(right)) return false;
    const std::size_t count = spread(right_at);
    return count >= spread_letters || (count == 2 && flanked(right_at));
  }

  /// How many single letters or figures stand spread out around the signs; 0: one side is a word or a number.
  std::size_t spread(std::size_t right_at) const {
    std::size_t first = written_ - 1, count = 1;
    while (count < spread_figures && units_[first].is(trait::gap) && first > 0 && is_alnum(units_[first - 1])) {
      --first;
      ++count;
    }
    if (first > 0 && !units_[first].is(trait::gap) && is_alnum(units_[first - 1])) return 0;
    std::size_t at = right_at;
    while (count < spread_figures && !at_end(at) && is_alnum(units_[at])) {
      const bool single = at_end(at + 1) || !is_alnum(units_[at + 1]);
      if (!single) return at == right_at ? 0 : count;
      ++count;
      while (!at_end(++at) && separates(units_[at])) {}
    }
    return count;
  }

  /// Two single letters with nothing but Chinese around them.
  bool flanked(std::size_t right_at) const {
    std::size_t after = right_at + 1;
    while (!at_end(after) && separates(units_[after])) ++after;
    const bool han_left = written_ > 1 && is_han(units_[written_ - 2]);
    const bool han_right = !at_end(after) && is_han(units_[after]);
    return (han_left || written_ < 2) && (han_right || at_end(after)) && (han_left || han_right);
  }

  void keep(std::size_t from, std::size_t to, bool at_edge, between signs) {
    const bool beside_han = (!at_end(to) && is_han(units_[to])) || (written_ > 0 && is_han(units_[written_ - 1]));
    for (std::size_t i = from; i < to; ++i) {
      const text_unit u = units_[i];
      if (u.is(trait::weak) && (at_edge || (signs.ends_clause && beside_han && u.character != '.'))) continue;
      if (u.character == ' ' && written_ > 0 && units_[written_ - 1].character == ' ') continue;
      units_[written_++] = u;
    }
  }

  text_units& units_;
  const text_places& signs_;
  std::size_t written_ = 0;
  /// The character behind the signs before has signs behind it too.
  bool alone_ = false;
};

}  // namespace

void join_across_separators(normalised_text& text) { joiner(text).run(); }

}  // namespace zhili::policy
