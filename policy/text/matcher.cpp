// SPDX-License-Identifier: Apache-2.0
#include "policy/text/matcher.hpp"

#include <hs.h>

#include <algorithm>
#include <string_view>
#include <tuple>

#include "policy/text/scan_code.hpp"
#include "policy/text/words.hpp"
#include "protocols/types/limits.hpp"

namespace zhili::policy {
namespace {

/// In a term that short, a character that is a word by itself says more of itself than of what it sounds like.
constexpr std::uint16_t short_han = 3;

/// Letters of pinyin that alone make a term of two syllables.
constexpr std::size_t letters_alone_min = 6;
/// A word of letters that goes on for so long is no pinyin.
constexpr std::size_t word_letters_max = 64;
/// In a term of letters that short, a letter behind it makes another word of it.
constexpr std::size_t short_letters = 3;

bool is_digit(const normalised_text& text, std::size_t at) { return at < text.units.size() && text.units[at].is(trait::digit); }
bool is_letter(const normalised_text& text, std::size_t at) { return at < text.units.size() && text.units[at].is(trait::letter); }
bool is_dot(const normalised_text& text, std::size_t at) { return at < text.units.size() && text.units[at].character == '.'; }

/// Commas, colons and dashes end a clause; what was said of one may be said of the next.
bool ends_sentence(const text_unit& u) {
  return std::u32string_view(U"。!?;\n").find(static_cast<char32_t>(u.character)) != std::u32string_view::npos;
}

/// Of a match in codes; else it is half of a character and half of the next.
bool ends_character(std::size_t end) { return end % code_bytes == 0; }

struct unit_range {
  std::size_t first, last;
};
/// REQUIRES: ends_character(end).
unit_range units_of(std::size_t end, std::size_t length) { return {(end - length) / code_bytes, end / code_bytes - 1}; }

/// An ordinary word reaches over the border between units at - 1 and at.
bool word_across(const normalised_text& text, std::size_t at) {
  if (at == 0 || at >= text.units.size() || text.units[at].is(trait::gap)) return false;
  return stand_together(text.units[at - 1].character, text.units[at].character);
}

/// A number goes on beyond the edge of the match: 1元 within 11元 or 0.1元.
bool cuts_number(const normalised_text& text, bool first_is_digit, bool last_is_digit, std::size_t first, std::size_t last) {
  if (first_is_digit && first > 0 && (is_digit(text, first - 1) || (first > 1 && is_dot(text, first - 1) && is_digit(text, first - 2))))
    return true;
  return last_is_digit && (is_digit(text, last + 1) || (is_dot(text, last + 1) && is_digit(text, last + 2)));
}

/// Signs were taken out inside of the match, and what they parted belongs to other words: 牙刷 好评价.
bool joins_clauses(const normalised_text& text, std::size_t first, std::size_t last) {
  std::size_t first_gap = 0, last_gap = 0;
  for (std::size_t i = first + 1; i <= last; ++i) {
    if (!text.units[i].is(trait::gap)) continue;
    if (first_gap == 0) first_gap = i;
    last_gap = i;
  }
  if (first_gap == 0) return false;
  if (first_gap == first + 1 && word_across(text, first)) return true;
  return last_gap == last && word_across(text, last + 1);
}

}  // namespace

void matcher::scratch::free_scratch::operator()(hs_scratch* memory) const { hs_free_scratch(memory); }

// Two streams of each stage's matcher, of two packs: to fit the memory again reads the whole database.
constexpr std::size_t fitted_max = 64;

void matcher::collect(const stream& in, std::string_view bytes, scratch& memory) const {
  memory.candidates_.clear();
  if (!in.database) return;
  auto& fitted = memory.fitted_;
  if (std::find(fitted.begin(), fitted.end(), in.database) == fitted.end()) {
    auto* grown = memory.memory_.release();
    const auto outcome = hs_alloc_scratch(in.database.get(), &grown);
    ZHILI_ASSERT(outcome == HS_SUCCESS, "no memory for a scan");
    memory.memory_.reset(grown);
    if (fitted.size() == fitted_max) fitted.erase(fitted.begin());
    fitted.push_back(in.database);
  }
  const auto on_match = [](unsigned number, unsigned long long, unsigned long long to, unsigned, void* context) {
    auto& candidates = *static_cast<std::vector<candidate>*>(context);
    candidates.push_back({number, static_cast<std::uint32_t>(to)});
    return candidates.size() < candidates_max ? 0 : 1;
  };
  const auto outcome = hs_scan(in.database.get(), bytes.data(), static_cast<unsigned>(bytes.size()), 0, memory.memory_.get(),
                               on_match, &memory.candidates_);
  ZHILI_ASSERT(outcome == HS_SUCCESS || outcome == HS_SCAN_TERMINATED, "vectorscan refused a scan");
}

bool matcher::stands(const normalised_text& text, const pattern& p, std::size_t first, std::size_t last) const {
  const techniques on = normaliser_->on();
  if (on.has(technique::digits) && cuts_number(text, p.first_is_digit, p.last_is_digit, first, last)) return false;
  if (p.all_letters && on.has(technique::separators)) {
    if (first > 0 && is_letter(text, first - 1)) return false;
    if ((last - first < short_letters || p.spelling == spelling::initials) && is_letter(text, last + 1)) return false;
  }
  // Parts that are words begin another word sooner than they end one: 一女|子评.
  if (p.spelling == spelling::parts) return !word_across(text, first) && !joins_clauses(text, first, last);
  if (p.spelling == spelling::reversed) return !word_across(text, first) && !word_across(text, last + 1);
  return !joins_clauses(text, first, last);
}

bool matcher::same_characters(const normalised_text& text, const pattern& p, std::size_t first) const {
  for (std::size_t i = 0; i < p.beats_count; ++i) {
    if (text.units[first + i].character != beats_[p.beats_begin + i].character) return false;
  }
  return true;
}

void matcher::judge_characters(const normalised_text& text, scratch& memory) const {
  for (const candidate& c : memory.candidates_) {
    if (!ends_character(c.end)) continue;
    const pattern& p = characters_.patterns[c.pattern];
    const auto [first, last] = units_of(c.end, p.length);
    if (stands(text, p, first, last) && (!p.shares_codes || same_characters(text, p, first)))
      memory.found_.push_back({p.entry, static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last), p.spelling});
  }
}

/// Where another character belongs to a word with what stands beside it, it was written for that word.
bool matcher::written_for(const normalised_text& text, const pattern& p, const beat& meant, std::size_t at) const {
  return meant.is_han && !word_across(text, at) && !word_across(text, at + 1) &&
         !(p.han <= short_han && stands_alone(text.units[at].character));
}

bool matcher::sounds_like(const normalised_text& text, const pattern& p, std::size_t first, std::size_t last) const {
  std::size_t same = 0, other = 0;
  for (std::size_t i = first; i <= last; ++i) {
    const beat& meant = beats_[p.beats_begin + i - first];
    const bool is_same = meant.character == text.units[i].character;
    if (!is_same && !written_for(text, p, meant, i)) return false;
    (is_same ? same : other) += 1;
  }
  if (other == 0 || same == 0 || !normaliser_->on().has(technique::homophones)) return false;
  return p.han > short_han ? same >= other : p.han == short_han || p.by_sound;
}

void matcher::judge_sound(const normalised_text& text, scratch& memory) const {
  for (const candidate& c : memory.candidates_) {
    if (!ends_character(c.end)) continue;
    const pattern& p = sound_.patterns[c.pattern];
    const auto [first, last] = units_of(c.end, p.length);
    if (!sounds_like(text, p, first, last)) continue;
    if (cuts_number(text, p.first_is_digit, p.last_is_digit, first, last) || joins_clauses(text, first, last)) continue;
    memory.found_.push_back({p.entry, static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last), spelling::sound});
  }
}

bool matcher::spells(const normalised_text& text, const pattern& p, const syllable_text& sound, std::size_t first,
                     std::size_t last) const {
  const auto beats = std::span(beats_).subspan(p.beats_begin, p.beats_count);
  std::size_t now = 0, beat_letters = 0, same = 0, other = 0, letters = 0;
  for (std::size_t i = first; i <= last; ++i) {
    const text_unit& u = text.units[i];
    const std::size_t length = sound.begins[i + 1] - sound.begins[i];
    if (length == 0) continue;
    if (u.is(trait::letter)) {
      letters += beats[now].is_han ? 1U : 0U;
    } else {
      if (beat_letters != 0 || beats[now].letters != length) return false;
      const bool is_same = beats[now].character == u.character;
      if (!is_same && !written_for(text, p, beats[now], i)) return false;
      (is_same ? same : other) += 1;
    }
    beat_letters += length;
    while (now < beats.size() && beat_letters >= beats[now].letters) beat_letters -= beats[now++].letters;
  }
  const techniques on = normaliser_->on();
  if (other > 0 && !on.has(technique::homophones)) return false;
  if (letters == 0) {
    if (other == 0 || same == 0) return false;
    return p.han > short_han ? same >= other : p.han == short_han || p.by_sound;
  }
  if (!on.has(technique::pinyin)) return false;
  if (same + other == 0 && p.han < 3 && letters < letters_alone_min) return false;
  return p.han >= 3 || p.by_sound || other == 0;
}

void matcher::judge_pinyin(const normalised_text& text, scratch& memory) const {
  const auto& begins = memory.letters_.begins;
  const auto unit_at = [&](std::size_t at) {
    return static_cast<std::size_t>(std::upper_bound(begins.begin(), begins.end(), at) - begins.begin()) - 1;
  };
  // A word of letters goes on beyond the edge: that has to be pinyin too, or it is another word.
  const auto rest_is_pinyin = [&](std::size_t from, std::size_t to) {
    return is_pinyin(std::string_view(memory.letters_.letters).substr(begins[from], begins[to] - begins[from]));
  };
  for (const candidate& c : memory.candidates_) {
    const pattern& p = pinyin_.patterns[c.pattern];
    const std::size_t first = unit_at(c.end - p.length);
    const std::size_t last = unit_at(c.end - 1);
    if (begins[first] != c.end - p.length || begins[last + 1] != c.end) continue;
    if (!spells(text, p, memory.letters_, first, last)) continue;
    std::size_t from = first, to = last + 1;
    if (is_letter(text, first)) {
      while (from > 0 && first - from < word_letters_max && is_letter(text, from - 1)) --from;
    }
    if (is_letter(text, last)) {
      while (to - last < word_letters_max && is_letter(text, to)) ++to;
    }
    if ((from != first && !rest_is_pinyin(from, first)) || (to != last + 1 && !rest_is_pinyin(last + 1, to))) continue;
    if (cuts_number(text, p.first_is_digit, p.last_is_digit, first, last) || joins_clauses(text, first, last)) continue;
    memory.found_.push_back({p.entry, static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last), spelling::sound});
  }
}

bool matcher::conditions_hold(const normalised_text& text, const found& f, const std::vector<found>& all) const {
  const entry& e = entries_[f.entry];
  const auto in_one_sentence = [&](std::uint32_t from, std::uint32_t to) {
    for (std::uint32_t i = from; i < to; ++i) {
      if (ends_sentence(text.units[i])) return false;
    }
    return true;
  };
  const auto stands_near = [&](const std::vector<std::uint32_t>& words) {
    // `all` stands in the order of the text, and no word is longer than a term may be.
    const auto reach = static_cast<std::uint32_t>(e.within + limits::string_bytes_max + 1);
    auto next = std::lower_bound(all.begin(), all.end(), f.first - std::min(f.first, reach),
                                 [](const found& other, std::uint32_t at) { return other.first < at; });
    for (; next != all.end() && next->first <= f.last + reach; ++next) {
      const found& other = *next;
      if (other.spelling != spelling::characters || std::find(words.begin(), words.end(), other.entry) == words.end()) continue;
      const bool before = other.last < f.first, behind = f.last < other.first;
      const std::uint32_t from = before ? other.last + 1 : f.last + 1;
      const std::uint32_t to = before ? f.first : behind ? other.first : from;
      if (to - from <= e.within && in_one_sentence(from, to)) return true;
    }
    return false;
  };
  if (!e.near.empty() && !stands_near(e.near)) return false;
  return e.not_near.empty() || !stands_near(e.not_near);
}

void matcher::scan(const normalised_text& text, scratch& memory, std::vector<hit>& out) const {
  out.clear();
  memory.found_.clear();
  collect(characters_, text.codes, memory);
  judge_characters(text, memory);
  if (text.may_hold_letters && pinyin_.database) {
    spell(text, memory.letters_);
    collect(pinyin_, memory.letters_.letters, memory);
    judge_pinyin(text, memory);
  } else if (!text.may_hold_letters && sound_.database) {
    hear(text, memory.syllables_);
    collect(sound_, memory.syllables_, memory);
    judge_sound(text, memory);
  }
  if (any_conditions_) {
    std::sort(memory.found_.begin(), memory.found_.end(), [](const found& a, const found& b) { return a.first < b.first; });
  }
  for (const found& f : memory.found_) {
    const entry& e = entries_[f.entry];
    if (!e.reported || (e.conditional && !conditions_hold(text, f, memory.found_))) continue;
    const auto [begin, end] = text.written(f.first, f.last);
    out.push_back({e.id, e.category, begin, end - begin, f.spelling});
  }
  const auto place = [](const hit& h) { return std::tuple(h.begin, h.term, h.length, h.category, h.spelling); };
  std::sort(out.begin(), out.end(), [&](const hit& a, const hit& b) { return place(a) < place(b); });
  // Several readings of one term, or two halves of one character, are one place.
  const auto same = [](const hit& a, const hit& b) {
    return std::tie(a.begin, a.term, a.length, a.category) == std::tie(b.begin, b.term, b.length, b.category);
  };
  out.erase(std::unique(out.begin(), out.end(), same), out.end());
}

}  // namespace zhili::policy
