// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bitset>

#include "policy/text/passes.hpp"
#include "policy/text/text_table.hpp"
#include "policy/text/words.hpp"

namespace zhili::policy {
namespace {

constexpr std::size_t marks = 1 << 16;
using marked_pairs = std::bitset<marks>;
std::size_t mark_of(std::uint32_t first, std::uint32_t second) { return (first * 0x9E3779B1U ^ second * 0x85EBCA6BU) >> 16; }

/// Halves stand side by side in every text; that they are halves of one character is rare, and this says no fast.
const marked_pairs& marked_halves() {
  static const marked_pairs marked = [] {
    marked_pairs out;
    for (const table::split& s : table::splits) out.set(mark_of(s.first, s.second));
    return out;
  }();
  return marked;
}

/// Of something, perhaps not of the same.
bool are_halves(const text_unit& first, const text_unit& second) {
  static_assert(trait::split_second == trait::split_first << 1);
  return (first.traits & second.traits >> 1 & trait::split_first) != 0;
}

const table::split* find(std::uint32_t first, std::uint32_t second) {
  const auto found = std::lower_bound(
      table::splits.begin(), table::splits.end(), std::pair{first, second},
      [](const table::split& s, const auto& key) { return std::pair{s.first, s.second} < key; });
  return found != table::splits.end() && found->first == first && found->second == second ? &*found : nullptr;
}

/// Halves that are characters of their own are joined only where neither makes a word, a date or a repetition with
/// what stands beside it.
bool ordinary(const text_unit* before, const text_unit& first, const text_unit& second, const text_unit* after) {
  if (before != nullptr && !first.is(trait::gap)) {
    if (before->is(trait::digit | trait::numeral)) return true;
    if (before->character == first.character || stand_together(before->character, first.character)) return true;
  }
  return after != nullptr && !after->is(trait::gap) &&
         (after->character == second.character || stand_together(second.character, after->character));
}

}  // namespace

void join_split_characters(normalised_text& text, const code_point_map& map) {
  auto& units = text.units;
  const marked_pairs& marked = marked_halves();
  const auto meet = [&](const text_unit& first, const text_unit& second) -> const table::split* {
    if (!are_halves(first, second) || !marked[mark_of(first.character, second.character)]) return nullptr;
    return find(first.character, second.character);
  };
  // Most texts hold halves side by side nowhere: nothing is copied until two of them are.
  gather(text.places, std::max<std::size_t>(units.size(), 1) - 1,
         [&](std::size_t i) { return are_halves(units[i], units[i + 1]); });
  const auto first_pair =
      std::find_if(text.places.begin(), text.places.end(), [&](std::uint32_t i) { return meet(units[i], units[i + 1]) != nullptr; });
  if (first_pair == text.places.end()) return;
  std::size_t written = *first_pair + 1;
  for (std::size_t i = written; i < units.size(); ++i) {
    text_unit u = units[i];
    while (written > 0) {
      const text_unit& first = units[written - 1];
      const auto* split = meet(first, u);
      if (split == nullptr) break;
      const text_unit* before = written > 1 ? &units[written - 2] : nullptr;
      const text_unit* after = i + 1 < units.size() ? &units[i + 1] : nullptr;
      if (!split->sure && ordinary(before, first, u, after)) break;
      u.begin = std::min(u.begin, first.begin);
      u.end = std::max(u.end, first.end);
      u.character = split->whole;
      u.traits = trait::han | map.traits_of_made(split->whole) | (first.traits & trait::gap) | trait::changed;
      --written;
    }
    units[written++] = u;
  }
  units.resize(written);
}

}  // namespace zhili::policy
