// SPDX-License-Identifier: Apache-2.0
// One multi-pattern pass, by vectorscan, over each of two streams of a normalised text: its characters, and how they
// sound. Every occurrence of every term is placed in the original bytes. A matcher is read-only after compile; each
// thread brings its own scratch.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "policy/text/normaliser.hpp"
#include "policy/text/syllables.hpp"
#include "protocols/types/result.hpp"

struct hs_database;
struct hs_scratch;

namespace zhili::policy {

/// What a lexicon says of a term beside its letters.
struct term_conditions {
  /// One of these must stand near, where there are any; none of those may. Within the sentence.
  std::vector<std::string> near;
  std::vector<std::string> not_near;
  /// How many characters may stand between the term and such a word.
  std::uint16_t within = 12;
  /// Also by the initials of its pinyin: wx for 微信.
  bool initials = false;
  /// Also by sound alone though it has but two syllables.
  bool by_sound = false;
  std::string note;
  bool operator==(const term_conditions&) const = default;
};

/// A term as people wrote it; compile normalises it. `id` and `category` are the caller's and come back in the hits.
struct term {
  std::string text;
  std::uint16_t category = 0;
  std::uint32_t id = 0;
  term_conditions conditions = {};
};

/// By which way a term was found.
enum class spelling : std::uint8_t { characters, sound, reversed, initials, parts };

/// An occurrence: the original bytes that were written for the term.
struct hit {
  std::uint32_t term = 0;
  std::uint16_t category = 0;
  std::uint32_t begin = 0;
  std::uint32_t length = 0;
  policy::spelling spelling = policy::spelling::characters;
  auto operator<=>(const hit&) const = default;
};

class matcher {
 private:
  /// A match of vectorscan's, not yet judged.
  struct candidate {
    std::uint32_t pattern;
    std::uint32_t end;
  };
  /// A match that stands: units [first, last] of the text.
  struct found {
    std::uint32_t entry;
    std::uint32_t first;
    std::uint32_t last;
    policy::spelling spelling;
    auto operator<=>(const found&) const = default;
  };

 public:
  /// More matches than this in one text are not looked at: there is no more to learn from it.
  static constexpr std::size_t candidates_max = 1 << 16;

  /// Working memory of scan, one a thread; it grows by itself and serves any number of matchers in turn.
  class scratch {
   private:
    friend class matcher;
    struct free_scratch {
      void operator()(hs_scratch* memory) const;
    };
    std::unique_ptr<hs_scratch, free_scratch> memory_;
    /// What the memory was last fitted to; held, so that its address cannot come back as another database's.
    std::vector<std::shared_ptr<hs_database>> fitted_;
    std::string syllables_;
    syllable_text letters_;
    std::vector<candidate> candidates_;
    std::vector<found> found_;
  };

  /// Matches nothing, as does one compiled from no terms.
  matcher() = default;

  /// malformed: a term that is empty, not UTF-8 or of nothing but signs; too_large: a term longer than
  /// limits::string_bytes_max. The detail names the term. Equal terms are each reported.
  static result<matcher> compile(std::span<const term> terms, techniques on = techniques::all());

  /// Replaces `out` with all occurrences, overlapping ones too, ordered by begin, then term, then length.
  /// Safe from several threads, each with its own scratch. REQUIRES: `text` comes from words().
  void scan(const normalised_text& text, scratch& memory, std::vector<hit>& out) const;

  /// What texts must be normalised by.
  const normaliser& words() const { return *normaliser_; }

 private:
  friend class matcher_builder;

  /// A term, or a word that a term's conditions name.
  struct entry {
    std::uint32_t id = 0;
    std::uint16_t category = 0;
    bool reported = false;
    bool conditional = false;
    std::uint16_t within = 0;
    std::vector<std::uint32_t> near;
    std::vector<std::uint32_t> not_near;
  };
  /// A syllable of a pattern and the character that the term has there.
  struct beat {
    std::uint32_t character;
    std::uint8_t letters;
    bool is_han;
  };
  struct pattern {
    std::uint32_t entry = 0;
    /// In bytes of its stream.
    std::uint32_t length = 0;
    policy::spelling spelling = policy::spelling::characters;
    bool first_is_digit = false;
    bool last_is_digit = false;
    bool all_letters = false;
    bool by_sound = false;
    /// Some character shares its code: what matches has to be compared.
    bool shares_codes = false;
    std::uint16_t han = 0;
    /// Of patterns of characters that share codes, and of all that sound.
    std::uint32_t beats_begin = 0;
    std::uint32_t beats_count = 0;
  };

  struct stream {
    std::shared_ptr<hs_database> database;
    std::vector<pattern> patterns;
  };

  void collect(const stream& in, std::string_view bytes, scratch& memory) const;
  void judge_characters(const normalised_text& text, scratch& memory) const;
  void judge_sound(const normalised_text& text, scratch& memory) const;
  void judge_pinyin(const normalised_text& text, scratch& memory) const;
  bool same_characters(const normalised_text& text, const pattern& p, std::size_t first) const;
  bool stands(const normalised_text& text, const pattern& p, std::size_t first, std::size_t last) const;
  bool sounds_like(const normalised_text& text, const pattern& p, std::size_t first, std::size_t last) const;
  bool spells(const normalised_text& text, const pattern& p, const syllable_text& sound, std::size_t first, std::size_t last) const;
  bool written_for(const normalised_text& text, const pattern& p, const beat& meant, std::size_t at) const;
  bool conditions_hold(const normalised_text& text, const found& f, const std::vector<found>& all) const;

  std::shared_ptr<const normaliser> normaliser_ = normaliser::with(techniques::all());
  stream characters_;
  /// Terms that may be met by sound alone, syllable for syllable, for texts without letters.
  stream sound_;
  /// All that sound, letter for letter, for texts with them.
  stream pinyin_;
  std::vector<entry> entries_;
  std::vector<beat> beats_;
  bool any_conditions_ = false;
};

}  // namespace zhili::policy
