// SPDX-License-Identifier: Apache-2.0
// The tables of policy/data as table_compile.cpp puts them into the program. Internal to policy/text.
#pragma once

#include <cstdint>
#include <span>

namespace zhili::policy::table {

/// What a step makes of one code point: targets[begin, begin + count). Steps as in fold.tsv, signs.tsv and variants.tsv.
struct step {
  std::uint32_t from;
  std::uint16_t begin;
  std::uint8_t count;
  char what;
};

struct kind_range {
  std::uint32_t first;
  std::uint32_t last;
  char kind;
};

struct split {
  std::uint32_t first;
  std::uint32_t second;
  std::uint32_t whole;
  /// One half at least stands nowhere by itself.
  bool sure;
};

/// A character in its parts, which texts keep as they are: targets[begin, begin + count).
struct spelled_out {
  std::uint32_t whole;
  std::uint16_t begin;
  std::uint8_t count;
};

/// A character that is written for another one which it looks like.
struct similar {
  std::uint32_t from;
  std::uint32_t to;
  /// Only where this stands before or behind it; 0: where the other one makes a word with a neighbour.
  std::uint32_t beside;
};

/// A second reading of a character.
struct other_reading {
  std::uint16_t character;
  std::uint16_t syllable;
};

/// Readings are known for these alone.
inline constexpr std::uint32_t han_first = 0x4E00;
inline constexpr std::uint32_t han_last = 0x9FFF;

extern const std::uint64_t digest;
/// Sorted by code point, then step.
extern const std::span<const step> steps;
extern const std::uint32_t targets[];
extern const std::span<const kind_range> kinds;
/// Sorted by both halves.
extern const std::span<const split> splits;
/// Sorted by the whole.
extern const std::span<const spelled_out> parts;
/// Sorted by the character that is written.
extern const std::span<const similar> similars;
/// Sorted: first << 16 | second.
extern const std::span<const std::uint32_t> word_pairs;
/// syllables[readings[c - han_first]]; number 0 is empty: no reading known.
extern const std::uint16_t readings[han_last - han_first + 1];
/// Sorted by character.
extern const std::span<const other_reading> other_readings;
/// At most six letters each, zeros, and in the last place how many letters.
extern const char syllables[][8];
extern const std::uint16_t syllable_count;

}  // namespace zhili::policy::table
