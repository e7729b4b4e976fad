// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "policy/text/passes.hpp"

namespace zhili::policy {
namespace {

/// So many letters of another script between Chinese characters are read as the Latin ones that they look like.
constexpr std::size_t strangers_max = 4;
/// So many figures, and a letter among them is one too.
constexpr std::size_t figures_min = 5;
constexpr std::size_t letters_min = 3;

bool is_alike(const text_unit& u) { return u.is(trait::alike); }
bool belongs(const text_unit& u) { return u.is(trait::letter | trait::digit | trait::alike); }

void look_like(text_unit& u, char c, std::uint32_t kind) {
  u.become(static_cast<unsigned char>(c), kind | trait::changed);
}

char figure_like(std::uint32_t letter) {
  switch (letter) {
    case 'o': return '0';
    case 'l':
    case 'i': return '1';
    default: return 0;
  }
}

char letter_like(std::uint32_t figure) {
  constexpr std::string_view letters = "oizeasgtb";
  const auto n = figure - '0';
  return n < letters.size() ? letters[n] : '\0';
}

class run_reader {
 public:
  run_reader(text_units& units, std::size_t from, std::size_t to) : units_(units), from_(from), to_(to) {
    for (std::size_t i = from; i < to; ++i) {
      letters_ += units[i].is(trait::letter) ? 1U : 0U;
      figures_ += units[i].is(trait::digit) ? 1U : 0U;
      strangers_ += is_alike(units[i]) ? 1U : 0U;
    }
  }

  void read() {
    if (strangers_ > 0 && (letters_ > 0 || strangers_between_chinese())) read_strangers();
    if (letters_ == 0 || figures_ == 0) return;
    if (figures_ >= figures_min && 2 * letters_ < figures_) return read_letters_as_figures();
    if (letters_ >= letters_min && letters_ > figures_) read_figures_as_letters();
  }

 private:
  bool strangers_between_chinese() const {
    const bool left = from_ == 0 || units_[from_ - 1].is(trait::han);
    const bool right = to_ == units_.size() || units_[to_].is(trait::han);
    return strangers_ <= strangers_max && left && right && to_ - from_ < units_.size();
  }

  void read_strangers() {
    for (std::size_t i = from_; i < to_; ++i) {
      if (!is_alike(units_[i])) continue;
      look_like(units_[i], latin_alike(units_[i].character), trait::letter);
      ++letters_;
    }
  }

  void read_letters_as_figures() {
    for (std::size_t i = from_; i < to_; ++i) {
      if (units_[i].is(trait::letter) && figure_like(units_[i].character) == 0) return;
    }
    for (std::size_t i = from_; i < to_; ++i) {
      if (units_[i].is(trait::letter)) look_like(units_[i], figure_like(units_[i].character), trait::digit);
    }
  }

  void read_figures_as_letters() {
    for (std::size_t i = from_ + 1; i + 1 < to_; ++i) {
      if (!units_[i].is(trait::digit) || !units_[i - 1].is(trait::letter) || !units_[i + 1].is(trait::letter)) continue;
      if (const char c = letter_like(units_[i].character); c != 0) look_like(units_[i], c, trait::letter);
    }
  }

  text_units& units_;
  std::size_t from_;
  std::size_t to_;
  std::size_t letters_ = 0;
  std::size_t figures_ = 0;
  std::size_t strangers_ = 0;
};

}  // namespace

void read_look_alikes(normalised_text& text) {
  auto& units = text.units;
  for (std::size_t i = 0; i < units.size();) {
    if (!belongs(units[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < units.size() && belongs(units[end])) ++end;
    if (end - i > 1 || is_alike(units[i])) run_reader(units, i, end).read();
    i = end;
  }
}

}  // namespace zhili::policy
