// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <string_view>

#include "policy/text/passes.hpp"
#include "policy/text/words.hpp"

namespace zhili::policy {
namespace {

constexpr std::uint32_t no_figure = 10;

/// 零 to 九, which are figures wherever they stand; or no_figure.
[[gnu::always_inline]] inline std::uint32_t plain_figure(std::uint32_t c) {
  if (c == U'一') return 1;  // by far the most frequent
  switch (c) {
    case U'零': return 0;
    case U'二': return 2;
    case U'三': return 3;
    case U'四': return 4;
    case U'五': return 5;
    case U'六': return 6;
    case U'七': return 7;
    case U'八': return 8;
    case U'九': return 9;
    default: return no_figure;
  }
}
constexpr std::u32string_view formal_figures = U"零壹贰叁肆伍陆柒捌玖";

constexpr std::u32string_view ambiguous = U"陆伍拾肆";

/// Tens, hundreds, thousands; 0: no such word.
std::uint32_t scale_of(std::uint32_t c) {
  switch (c) {
    case U'十':
    case U'拾': return 10;
    case U'百':
    case U'佰': return 100;
    case U'千':
    case U'仟': return 1000;
    default: return 0;
  }
}

class writer {
 public:
  explicit writer(normalised_text& text) : in_(text.units), out_(text.spare) {
    out_.clear();
    out_.reserve(in_.capacity());
  }

  void run() {
    const auto begins = [&](std::size_t at) {
      return in_[at].is(trait::numeral) || (in_[at].is(trait::digit) && scale(at + 1) != 0);
    };
    for (std::size_t at = 0; at < in_.size();) {
      std::size_t next = at;
      while (next < in_.size() && !begins(next)) ++next;
      out_.insert(out_.end(), in_.begin() + static_cast<std::ptrdiff_t>(at), in_.begin() + static_cast<std::ptrdiff_t>(next));
      at = next;
      if (at == in_.size()) break;
      if (const std::size_t taken = compound(at); taken != 0) {
        at += taken;
      } else if (const auto f = figure(at)) {
        put(*f, at, at);
        ++at;
      } else {
        out_.push_back(in_[at++]);
      }
    }
    in_.swap(out_);
  }

 private:
  bool is(std::size_t at, char32_t c) const { return at < in_.size() && in_[at].character == c; }

  /// Some formal characters are words of their own too: 大陆, 收拾, 队伍.
  bool in_a_word(std::size_t at) const {
    if (ambiguous.find(static_cast<char32_t>(in_[at].character)) == std::u32string_view::npos) return false;
    const bool left = at > 0 && !in_[at].is(trait::gap) && stand_together(in_[at - 1].character, in_[at].character);
    return left || (at + 1 < in_.size() && !in_[at + 1].is(trait::gap) && stand_together(in_[at].character, in_[at + 1].character));
  }

  std::uint32_t scale(std::size_t at) const {
    if (at >= in_.size() || !in_[at].is(trait::numeral)) return 0;
    return scale_of(in_[at].character);
  }

  std::optional<std::uint32_t> figure(std::size_t at) const {
    if (at >= in_.size()) return {};
    const std::uint32_t c = in_[at].character;
    if (in_[at].is(trait::digit)) return c - '0';
    if (!in_[at].is(trait::numeral)) return {};
    if (const auto n = plain_figure(c); n != no_figure) return n;
    if (c == U'两' && (scale(at + 1) >= 100 || is(at + 1, U'万') || is(at + 1, U'亿') || is(at + 1, U'元') || is(at + 1, U'块')))
      return 2U;
    const auto n = formal_figures.find(static_cast<char32_t>(c));
    if (n == std::u32string_view::npos || in_a_word(at)) return {};
    return static_cast<std::uint32_t>(n);
  }

  /// 一百零二, 两千三, 十五, 3百: how many characters it takes; 0: none begins here.
  std::size_t compound(std::size_t from) {
    if (in_[from].is(trait::digit) && from > 0 && (in_[from - 1].is(trait::digit) || in_[from - 1].character == '.')) return 0;
    std::uint32_t value = 0, above = 10'000;
    std::size_t at = from;
    bool scaled = false;
    while (true) {
      const std::size_t start = at;
      if (scaled && is(at, U'零')) ++at;
      std::uint32_t n = 1;
      std::size_t scale_at = at;
      if (const auto f = figure(at)) {
        n = *f;
        scale_at = at + 1;
      } else if (scale(at) != 10 || (in_[at].character == U'拾' && in_a_word(at))) {
        at = start;
        break;
      }
      const std::uint32_t s = scale(scale_at);
      if (s == 0 || s >= above || n == 0) {
        if (scaled && scale_at != at && n != 0 && s == 0 && !figure(scale_at)) {
          // 三百五 is 350, 三百零五 is 305.
          value += n * (at == start && above > 10 ? above / 10 : 1);
          at = scale_at;
        } else {
          at = start;
        }
        break;
      }
      value += n * s;
      above = s;
      scaled = true;
      at = scale_at + 1;
    }
    if (!scaled) return 0;
    put(value, from, at - 1);
    return at - from;
  }

  void put(std::uint32_t value, std::size_t first, std::size_t last) {
    char digits[12];
    std::size_t count = 0;
    do {
      digits[count++] = static_cast<char>('0' + value % 10);
      value /= 10;
    } while (value != 0);
    text_unit u = in_[first];
    for (std::size_t i = first; i <= last; ++i) {
      u.begin = std::min(u.begin, in_[i].begin);
      u.end = std::max(u.end, in_[i].end);
    }
    while (count > 0) {
      u.become(static_cast<unsigned char>(digits[--count]), trait::digit);
      out_.push_back(u);
      u.traits &= ~trait::gap;
    }
  }

  text_units& in_;
  text_units& out_;
};

}  // namespace

void write_figures(normalised_text& text) {
  // Most numerals are 一 or another plain one: those need neither room nor a look around.
  auto& units = text.units;
  gather(text.places, units.size(), [&](std::size_t i) { return units[i].is(trait::numeral); });
  std::uint32_t most = 0;
  for (const std::uint32_t i : text.places) most = std::max(most, plain_figure(units[i].character));
  if (most == no_figure) return writer(text).run();
  for (const std::uint32_t i : text.places) units[i].become('0' + plain_figure(units[i].character), trait::digit);
}

}  // namespace zhili::policy
