// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bitset>

#include "policy/text/passes.hpp"
#include "policy/text/text_table.hpp"
#include "policy/text/words.hpp"

namespace zhili::policy {
namespace {

constexpr std::size_t marks = 1 << 16;
std::size_t mark_of(std::uint32_t first, std::uint32_t second) { return (first * 0x9E3779B1U ^ second * 0x85EBCA6BU) >> 16; }

/// Halves stand side by side in every text; that they are halves of one character is rare, and this says no fast.
bool may_be_halves(std::uint32_t first, std::uint32_t second) {
  static const std::bitset<marks> marked = [] {
    std::bitset<marks> out;
    for (const table::split& s : table::splits) out.set(mark_of(s.first, s.second));
    return out;
  }();
  return marked.test(mark_of(first, second));
}

const table::split* find(std::uint32_t first, std::uint32_t second) {
  if (!may_be_halves(first, second)) return nullptr;
  const auto found = std::lower_bound(
      table::splits.begin(), table::splits.end(), std::pair{first, second},
      [](const table::split& s, const auto& key) { return std::pair{s.first, s.second} < key; });
  return found != table::splits.end() && found->first == first && found->second == second ? &*found : nullptr;
}

/// Halves that are characters of their own are joined only where neither makes a word, a date or a repetition with
/// what stands beside it.
bool ordinary(const text_unit* before, const text_unit& first, const text_unit& second, const text_unit* after) {
  if (before != nullptr && !first.gap) {
    if (before->kind == glyph::digit || (before->bits & mapped::numeral) != 0) return true;
    if (before->character == first.character || stand_together(before->character, first.character)) return true;
  }
  return after != nullptr && !after->gap &&
         (after->character == second.character || stand_together(second.character, after->character));
}

}  // namespace

void join_split_characters(normalised_text& text, const code_point_map& map) {
  auto& units = text.units;
  // Most texts hold halves side by side nowhere: nothing is copied until two of them are.
  const auto meet = [&](std::size_t at) {
    return (units[at].bits & mapped::split_first) != 0 && (units[at + 1].bits & mapped::split_second) != 0 &&
           find(units[at].character, units[at + 1].character) != nullptr;
  };
  std::size_t first_pair = 0;
  while (first_pair + 1 < units.size() && !meet(first_pair)) ++first_pair;
  if (first_pair + 1 >= units.size()) return;
  std::size_t written = first_pair + 1;
  for (std::size_t i = written; i < units.size(); ++i) {
    text_unit u = units[i];
    while (written > 0 && (u.bits & mapped::split_second) != 0 && (units[written - 1].bits & mapped::split_first) != 0) {
      const text_unit& first = units[written - 1];
      const auto* split = find(first.character, u.character);
      if (split == nullptr) break;
      const text_unit* before = written > 1 ? &units[written - 2] : nullptr;
      const text_unit* after = i + 1 < units.size() ? &units[i + 1] : nullptr;
      if (!split->sure && ordinary(before, first, u, after)) break;
      const mapped whole = map.made(split->whole);
      u.character = split->whole;
      u.begin = std::min(u.begin, first.begin);
      u.end = std::max(u.end, first.end);
      u.kind = glyph::han;
      u.bits = whole.bits();
      u.gap = first.gap;
      u.changed = true;
      --written;
    }
    units[written++] = u;
  }
  units.resize(written);
}

}  // namespace zhili::policy
