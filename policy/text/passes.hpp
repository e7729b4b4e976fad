// SPDX-License-Identifier: Apache-2.0
// The passes of the normaliser that look at more than one character, in the order in which they run. Each reads and
// writes `units`; none allocates once `spare` has grown. Internal to policy/text.
#pragma once

#include "policy/text/normalised_text.hpp"

namespace zhili::policy {

/// The numbers below `count` that are wanted, in `places`. What a pass looks for stands anywhere: gathered without
/// a branch it costs no wrong guess of the processor, which is most of what such a pass costs otherwise.
template <class Wanted>
void gather(text_places& places, std::size_t count, const Wanted& wanted) {
  places.resize(count);
  std::uint32_t* const to = places.data();
  std::size_t found = 0;
  for (std::size_t i = 0; i < count; ++i) {
    to[found] = static_cast<std::uint32_t>(i);
    found += wanted(i) ? 1U : 0U;
  }
  places.resize(found);
}

/// Takes out signs, spaces and emoji between characters; keeps what ends a clause and what belongs to words and figures.
void join_across_separators(normalised_text& text);

/// Reads letters of other scripts among Latin ones, letters among figures and figures inside of words as what they look
/// like.
void read_look_alikes(normalised_text& text);

/// Puts together characters that were taken apart, unless the halves belong to ordinary words beside them.
void join_split_characters(normalised_text& text, const code_point_map& map);

/// Reads Chinese characters as the ones that they look like, where they make no word with a neighbour and those do.
void read_similar_characters(normalised_text& text, const code_point_map& map);

/// Writes Chinese numerals as figures: 一百零二 to 102.
void write_figures(normalised_text& text);

}  // namespace zhili::policy
