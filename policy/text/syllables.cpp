// SPDX-License-Identifier: Apache-2.0
#include "policy/text/syllables.hpp"

#include <algorithm>
#include <cstring>
#include <unordered_map>
#include <unordered_set>

#include "policy/text/text_table.hpp"

namespace zhili::policy {
namespace {

/// Stands for what is not heard and joins nothing.
constexpr char silence = '\1';
/// More letters than that in one word are no pinyin that anybody reads.
constexpr std::size_t letters_max = 40;

constexpr std::u32string_view figures = U"零一二三四五六七八九";

/// Of table::syllables.
std::uint16_t number_of(std::uint32_t character) {
  if (character < table::han_first || character > table::han_last) return 0;
  return table::readings[character - table::han_first];
}

const char* entry_of(std::uint32_t character) { return table::syllables[number_of(character)]; }

std::string_view view(const char* entry) { return {entry, static_cast<std::size_t>(entry[7])}; }

/// A space between two words of letters that are syllables each: wei xin.
bool between_syllables(const text_units& units, std::size_t at) {
  const auto word = [&](std::size_t from, int step) {
    char letters[8];
    std::size_t n = 0;
    for (std::size_t i = from; i < units.size() && units[i].is(trait::letter); i += static_cast<std::size_t>(step)) {
      if (n == sizeof letters) return false;
      letters[n++] = static_cast<char>(units[i].character);
    }
    if (step < 0) std::reverse(letters, letters + n);
    return is_syllable({letters, n});
  };
  return at > 0 && word(at - 1, -1) && word(at + 1, 1);
}

/// One figure by itself is a word; a number is not spelled out.
bool stands_alone(const text_units& units, std::size_t at) {
  const auto is_figure = [&](std::size_t i) { return i < units.size() && units[i].is(trait::digit); };
  return !is_figure(at + 1) && (at == 0 || !is_figure(at - 1));
}

/// No syllable has the code of a figure.
std::array<char, code_bytes> code_of_syllable(std::uint16_t number) { return code_of(number == 0 ? silence : table::han_first + number); }

class speller {
 public:
  speller(const normalised_text& text, syllable_text& out) : units_(text.units), out_(out) {
    out.letters.resize(8 * units_.size() + 8);
    out.begins.resize(units_.size() + 1);
  }

  void run() {
    for (std::size_t i = 0; i < units_.size(); ++i) {
      out_.begins[i] = static_cast<std::uint32_t>(written_);
      const text_unit& u = units_[i];
      if (u.is(trait::han)) {
        sound(entry_of(u.character));
      } else if (u.is(trait::letter)) {
        put(static_cast<char>(u.character));
      } else if (u.is(trait::digit)) {
        figure(i);
      } else if (!u.is(trait::weak) || !between_syllables(units_, i)) {
        put(silence);
      }
    }
    out_.begins[units_.size()] = static_cast<std::uint32_t>(written_);
    out_.letters.resize(written_);
  }

 private:
  void put(char c) { out_.letters[written_++] = c; }

  void sound(const char* entry) {
    if (entry[7] == 0) return put(silence);
    std::memcpy(out_.letters.data() + written_, entry, 8);
    written_ += static_cast<std::size_t>(entry[7]);
  }

  void figure(std::size_t at) {
    if (!stands_alone(units_, at)) return put(static_cast<char>(units_[at].character));
    sound(entry_of(figures[units_[at].character - '0']));
  }

  const text_units& units_;
  syllable_text& out_;
  std::size_t written_ = 0;
};

}  // namespace

void spell(const normalised_text& text, syllable_text& out) { speller(text, out).run(); }

void hear(const normalised_text& text, std::string& out) {
  // By character, so that the loop below has no branch to guess: what stands where in a text is chance. Behind the characters the
  // figures again: one by itself is a word, in a number it is none.
  constexpr std::uint32_t characters = 0x10000;
  static const auto sounds = [] {
    std::vector<std::array<char, code_bytes>> made(characters + '9' + 1, code_of_syllable(0));
    for (std::uint32_t c = table::han_first; c <= table::han_last; ++c) made[c] = code_of_syllable(number_of(c));
    for (std::uint32_t figure = 0; figure < figures.size(); ++figure) {
      made['0' + figure] = code_of_syllable(number_of(figures[figure]));
      made[characters + '0' + figure] = code_of('0' + figure);
    }
    return made;
  }();
  const text_units& units = text.units;
  const auto* const by_character = sounds.data();
  out.resize(code_bytes * units.size());
  char* at = out.data();
  std::uint32_t before = 0;
  for (std::size_t i = 0; i < units.size(); ++i, at += code_bytes) {
    const std::uint32_t here = units[i].traits & trait::digit;
    const std::uint32_t after = i + 1 < units.size() ? units[i + 1].traits : 0;
    const std::uint32_t in_number = (here & (before | after)) / trait::digit;
    const std::uint32_t character = std::min(units[i].character, characters - 1);
    std::memcpy(at, by_character[character + in_number * characters].data(), code_bytes);
    before = here;
  }
}

std::array<char, code_bytes> heard(std::string_view spelled) {
  if (spelled.size() == 1 && spelled[0] >= '0' && spelled[0] <= '9') return code_of(static_cast<std::uint32_t>(spelled[0]));
  static const auto numbers = [] {
    std::unordered_map<std::string_view, std::uint16_t> out;
    for (std::uint16_t n = 1; n < table::syllable_count; ++n) out.emplace(view(table::syllables[n]), n);
    return out;
  }();
  const auto known = numbers.find(spelled);
  return code_of_syllable(known == numbers.end() ? std::uint16_t{0} : known->second);
}

std::string_view reading_of(std::uint32_t character) { return view(entry_of(character)); }

void other_readings_of(std::uint32_t character, std::vector<std::string_view>& out) {
  out.clear();
  for (const auto& other : table::other_readings) {
    if (other.character == character) out.push_back(view(table::syllables[other.syllable]));
  }
}

bool is_syllable(std::string_view letters) {
  static const auto all = [] {
    std::unordered_set<std::string_view> out;
    for (std::uint16_t n = 1; n < table::syllable_count; ++n) {
      const auto s = view(table::syllables[n]);
      // Interjections such as m, n, hm are written so by nobody who hides a word.
      if (s.find_first_of("aeiouv") != std::string_view::npos) out.insert(s);
    }
    return out;
  }();
  return all.contains(letters);
}

bool is_pinyin(std::string_view letters) {
  if (letters.size() > letters_max) return false;
  bool reached[letters_max + 1] = {true};
  for (std::size_t end = 1; end <= letters.size(); ++end) {
    for (std::size_t length = 1; length <= std::min<std::size_t>(6, end) && !reached[end]; ++length)
      reached[end] = reached[end - length] && is_syllable(letters.substr(end - length, length));
  }
  return reached[letters.size()];
}

}  // namespace zhili::policy
