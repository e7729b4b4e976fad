// SPDX-License-Identifier: Apache-2.0
// Sentences with {slots}, the words that fill them, and the order of sentences that makes a diary or a
// review.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "protocols/types/result.hpp"
#include "scenarios/texts/sections.hpp"

namespace zhili::scenarios {

/// What a text is about decides which sentences and words fit: nobody has stitches after a peel.
enum class topic : std::uint8_t { surgery = 0, injection = 1, skin = 2 };
inline constexpr std::size_t topic_count = 3;

/// A list of lines and, for each topic, which of them fit.
template <class Line>
struct by_topic {
  std::vector<Line> lines;
  std::array<std::vector<std::uint16_t>, topic_count> fitting;
};

struct word_list {
  std::string_view name;
  /// One word for the whole text.
  bool once = false;
  by_topic<std::string_view> words;
};

/// A part of a sentence.
struct piece {
  enum class type : std::uint8_t { literal, word, figure, phrase };

  type what = type::literal;
  /// Index of a word list.
  std::uint16_t list = 0;
  std::string_view text;
  /// A figure lies between these, both included.
  std::uint32_t lowest = 0;
  std::uint32_t highest = 0;
};

using sentence = std::vector<piece>;

/// One stage of a text: `least` to `most` different sentences of these.
struct stage {
  std::uint32_t least = 1;
  std::uint32_t most = 1;
  by_topic<sentence> sentences;
};

/// A kind of text: its stages in order, and the sentences that carry a phrase.
struct text_shape {
  std::vector<stage> stages;
  by_topic<sentence> carriers;
};

inline constexpr std::size_t word_lists_max = 32;
/// So that the sentences already taken fit one word.
inline constexpr std::size_t stage_sentences_max = 64;

/// `[slot]` or `[slot once]`, a word a line; letters s, i, l before | tie it to topics.
result<std::vector<word_list>> read_words(const text_source& source);

/// `[stage n]` or `[stage n-m]` in the order of the text, and `[carrier]`, whose sentences hold {phrase}
/// once.
/// `{a-b}` is a figure from a to b. The result points into `source`, and into `words` by index.
result<text_shape> read_shape(const text_source& source, const std::vector<word_list>& words);

}  // namespace zhili::scenarios
