// SPDX-License-Identifier: Apache-2.0
// Terms to patterns: each in characters, and where it is long enough as it sounds, backwards, and by its
// initials.
#include <hs.h>

#include <algorithm>
#include <map>

#include "policy/text/matcher.hpp"
#include "policy/text/scan_code.hpp"
#include "policy/text/text_table.hpp"
#include "policy/text/utf8.hpp"
#include "policy/text/words.hpp"
#include "protocols/types/limits.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

constexpr std::uint32_t replacement = 0xFFFD;
/// Shorter sounds are met by chance.
constexpr std::size_t sound_letters_min = 5;
constexpr std::size_t reversed_characters_min = 3;
/// In shorter terms parts that are words stand beside the rest by chance: 女子看 is no 好看.
constexpr std::uint16_t parts_han_min = 3;
/// Shorter terms are met by sound alone only where their line says so.
constexpr std::size_t homophones_min = 3;
/// So many ways of reading one term are looked for.
constexpr std::size_t readings_max = 4;

status check(const term& term, const normalised_text& text) {
  const auto refuse = [&](errc code, const bilingual& why) {
    return fail(
        code,
        tell(
            "第 {1} 个词表的第 {0} 个词：{2}", "term {0} of category {1}: {2}", term.id, term.category, why));
  };
  if (term.text.empty()) return refuse(errc::malformed, {"是空的", "is empty"});
  if (term.text.size() > limits::string_bytes_max)
    return refuse(errc::too_large, tell("超过 {} 字节", "is longer than {} bytes", limits::string_bytes_max));
  // It would match whatever is broken in a text.
  if (std::any_of(text.units.begin(), text.units.end(), [](const text_unit& u) { return u.character == replacement; }))
    return refuse(errc::malformed, {"不是 UTF-8", "is not valid UTF-8"});
  if (text.units.empty())
    return refuse(
        errc::malformed, {"只有符号，判定时都会略去", "has nothing but signs that are left out of texts"});
  return {};
}

result<std::shared_ptr<hs_database>> database_of(const std::vector<std::string>& expressions) {
  if (expressions.empty()) return std::shared_ptr<hs_database>{};
  std::vector<const char*> begins;
  std::vector<std::size_t> lengths;
  std::vector<unsigned> numbers;
  for (const auto& expression : expressions) {
    numbers.push_back(static_cast<unsigned>(begins.size()));
    begins.push_back(expression.data());
    lengths.push_back(expression.size());
  }
  hs_database_t* database = nullptr;
  hs_compile_error_t* why = nullptr;
  const auto outcome = hs_compile_lit_multi(begins.data(), nullptr, numbers.data(), lengths.data(),
                                            static_cast<unsigned>(begins.size()), HS_MODE_BLOCK, nullptr, &database, &why);
  if (outcome != HS_SUCCESS) {
    auto failure = fail(errc::too_large, tell("词表太大，编译不了：{}", "vectorscan: {}", why->message));
    hs_free_compile_error(why);
    return failure;
  }
  return std::shared_ptr<hs_database>{database, [](hs_database* held) { hs_free_database(held); }};
}

}  // namespace

class matcher_builder {
 public:
  explicit matcher_builder(techniques on) : on_(on) { out_.normaliser_ = normaliser::with(on); }

  result<matcher> run(std::span<const term> terms) {
    for (const term& t : terms) {
      if (auto ok = add(t); !ok) return tl::unexpected(ok.error());
    }
    auto characters = database_of(characters_);
    if (!characters) return tl::unexpected(characters.error());
    auto sound = database_of(sound_);
    if (!sound) return tl::unexpected(sound.error());
    auto pinyin = database_of(pinyin_);
    if (!pinyin) return tl::unexpected(pinyin.error());
    out_.characters_.database = std::move(*characters);
    out_.sound_.database = std::move(*sound);
    out_.pinyin_.database = std::move(*pinyin);
    return std::move(out_);
  }

 private:
  status add(const term& t) {
    out_.normaliser_->normalise(t.text, text_);
    if (auto ok = check(t, text_); !ok) return ok;
    const auto number = static_cast<std::uint32_t>(out_.entries_.size());
    matcher::entry e{t.id, t.category, true, false, t.conditions.within, {}, {}};
    e.conditional = !t.conditions.near.empty() || !t.conditions.not_near.empty();
    out_.any_conditions_ |= e.conditional;
    out_.entries_.push_back(std::move(e));
    add_characters(number);
    if (on_.has(technique::reversed)) add_reversed(number);
    if (on_.has(technique::split_characters)) add_parts(number);
    if (on_.has(technique::initials) && t.conditions.initials) add_initials(number);
    if (on_.has(technique::homophones) || on_.has(technique::pinyin)) add_sound(number, t.conditions.by_sound);
    for (const std::string& word : t.conditions.near) {
      auto known = word_number(t, word);
      if (!known) return tl::unexpected(known.error());
      out_.entries_[number].near.push_back(*known);
    }
    for (const std::string& word : t.conditions.not_near) {
      auto known = word_number(t, word);
      if (!known) return tl::unexpected(known.error());
      out_.entries_[number].not_near.push_back(*known);
    }
    return {};
  }

  /// The entry of a word that conditions name: one for all terms that name it.
  result<std::uint32_t> word_number(const term& t, const std::string& word) {
    out_.normaliser_->normalise(word, text_);
    if (auto ok = check({word, t.category, t.id}, text_); !ok) return tl::unexpected(ok.error());
    const auto next = static_cast<std::uint32_t>(out_.entries_.size());
    const auto [place, is_new] = words_.try_emplace(text_.codes, next);
    if (is_new) {
      out_.entries_.emplace_back();
      add_characters(next);
    }
    return place->second;
  }

  matcher::pattern described(std::uint32_t number) const {
    const auto& units = text_.units;
    matcher::pattern p;
    p.entry = number;
    p.first_is_digit = units.front().is(trait::digit);
    p.last_is_digit = units.back().is(trait::digit);
    p.all_letters = std::all_of(units.begin(), units.end(), [](const text_unit& u) { return u.is(trait::letter); });
    for (const text_unit& u : units) p.han = static_cast<std::uint16_t>(p.han + (u.is(trait::han) ? 1 : 0));
    return p;
  }

  void put(matcher::stream& to, std::vector<std::string>& expressions, matcher::pattern p, std::string bytes) {
    p.length = static_cast<std::uint32_t>(bytes.size());
    to.patterns.push_back(p);
    expressions.push_back(std::move(bytes));
  }

  void add_characters(std::uint32_t number) { put_characters(described(number), text_.units); }

  void put_characters(matcher::pattern p, std::span<const text_unit> units) {
    std::string codes;
    for (const text_unit& u : units) {
      codes.append(code_of(u.character).data(), code_bytes);
      p.shares_codes |= shares_code(u.character);
    }
    if (p.shares_codes) {
      p.beats_begin = static_cast<std::uint32_t>(out_.beats_.size());
      p.beats_count = static_cast<std::uint32_t>(units.size());
      for (const text_unit& u : units) out_.beats_.push_back({u.character, 0, u.is(trait::han)});
    }
    put(out_.characters_, characters_, p, std::move(codes));
  }

  /// A term that reads as ordinary words from behind is not looked for so.
  void add_reversed(std::uint32_t number) {
    const auto& units = text_.units;
    if (units.size() < reversed_characters_min) return;
    bool has_han = false, reads_same = true;
    for (std::size_t i = units.size(); i-- > 0;) {
      has_han |= units[i].is(trait::han);
      reads_same &= units[i].character == units[units.size() - 1 - i].character;
      if (i > 0 && stand_together(units[i].character, units[i - 1].character)) return;
    }
    if (!has_han || reads_same) return;
    auto p = described(number);
    std::swap(p.first_is_digit, p.last_is_digit);
    p.spelling = spelling::reversed;
    put_characters(p, text_units(units.rbegin(), units.rend()));
  }

  /// The parts of one of its characters instead of it, where texts keep them apart: they are words, or more than two.
  void add_parts(std::uint32_t number) {
    const auto& units = text_.units;
    if (described(number).han < parts_han_min) return;
    for (std::size_t at = 0; at < units.size(); ++at) {
      auto way = std::lower_bound(table::parts.begin(), table::parts.end(), units[at].character,
                                  [](const table::spelled_out& p, std::uint32_t whole) { return p.whole < whole; });
      for (; way != table::parts.end() && way->whole == units[at].character; ++way) {
        std::string written;
        char one[4];
        for (std::size_t i = 0; i < units.size(); ++i) {
          const auto parts = i == at ? std::span(table::targets + way->begin, way->count) : std::span(&units[i].character, 1);
          for (const std::uint32_t c : parts) written.append(one, utf8::encode(c, one));
        }
        out_.normaliser_->normalise(written, parts_);
        if (parts_.codes == text_.codes) continue;
        auto p = described(number);
        p.first_is_digit = parts_.units.front().is(trait::digit);
        p.last_is_digit = parts_.units.back().is(trait::digit);
        p.spelling = spelling::parts;
        put_characters(p, parts_.units);
      }
    }
  }

  void add_initials(std::uint32_t number) {
    text_units initials;
    for (const text_unit& u : text_.units) {
      const auto reading = u.is(trait::han) ? reading_of(u.character) : std::string_view{};
      if (!u.is(trait::letter) && reading.empty()) continue;
      initials.push_back(u);
      if (!reading.empty()) initials.back().character = static_cast<std::uint32_t>(reading[0]);
    }
    if (initials.size() < 2) return;
    matcher::pattern p = described(number);
    p.spelling = spelling::initials;
    p.all_letters = true;
    put_characters(p, initials);
  }

  void add_sound(std::uint32_t number, bool by_sound) {
    auto p = described(number);
    if (p.han < 2) return;
    p.spelling = spelling::sound;
    p.by_sound = by_sound;
    std::vector<std::vector<std::string_view>> ways{{}};
    std::vector<std::string_view> others;
    spell(text_, spelled_);
    for (std::size_t i = 0; i < text_.units.size(); ++i) {
      const text_unit& u = text_.units[i];
      const std::string_view first = std::string_view(spelled_.letters).substr(spelled_.begins[i], spelled_.begins[i + 1] - spelled_.begins[i]);
      if (first.empty() || first[0] < '0') return;
      others.clear();
      if (u.is(trait::han)) other_readings_of(u.character, others);
      const std::size_t before = ways.size();
      for (const auto other : others) {
        for (std::size_t w = 0; w < before && ways.size() < readings_max; ++w) {
          ways.push_back(ways[w]);
          ways.back().push_back(other);
        }
      }
      for (std::size_t w = 0; w < before; ++w) ways[w].push_back(first);
    }
    for (const auto& way : ways) {
      std::string letters, syllables;
      p.beats_begin = static_cast<std::uint32_t>(out_.beats_.size());
      p.beats_count = static_cast<std::uint32_t>(way.size());
      for (const auto syllable : way) {
        letters += syllable;
        syllables.append(heard(syllable).data(), code_bytes);
      }
      if (letters.size() < sound_letters_min) continue;
      for (std::size_t i = 0; i < way.size(); ++i) {
        const text_unit& u = text_.units[i];
        out_.beats_.push_back({u.character, static_cast<std::uint8_t>(way[i].size()), u.is(trait::han)});
      }
      const bool has_letters = std::any_of(text_.units.begin(), text_.units.end(), [](const text_unit& u) { return u.is(trait::letter); });
      if (on_.has(technique::homophones) && !has_letters && (p.han >= homophones_min || by_sound)) put(out_.sound_, sound_, p, std::move(syllables));
      put(out_.pinyin_, pinyin_, p, std::move(letters));
    }
  }

  techniques on_;
  matcher out_;
  normalised_text text_;
  normalised_text parts_;
  syllable_text spelled_;
  std::vector<std::string> characters_;
  std::vector<std::string> sound_;
  std::vector<std::string> pinyin_;
  std::map<std::string, std::uint32_t> words_;
};

result<matcher> matcher::compile(std::span<const term> terms, techniques on) { return matcher_builder(on).run(terms); }

}  // namespace zhili::policy
