// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "policy/text/passes.hpp"
#include "policy/text/text_table.hpp"
#include "policy/text/words.hpp"

namespace zhili::policy {
namespace {

/// What stands beside a character in the text; a character that stands behind signs belongs to no word with it.
struct neighbours {
  const text_unit* before;
  const text_unit* after;
  bool before_touches;
  bool after_touches;
};

bool at_home(std::uint32_t character, const neighbours& beside) {
  return (beside.before_touches && stand_together(beside.before->character, character)) ||
         (beside.after_touches && stand_together(character, beside.after->character));
}

bool would_fit(const table::similar& s, const neighbours& beside) {
  if (s.beside != 0) {
    return (beside.before != nullptr && beside.before->character == s.beside) ||
           (beside.after != nullptr && beside.after->character == s.beside);
  }
  return (beside.before != nullptr && stand_together(beside.before->character, s.to)) ||
         (beside.after != nullptr && stand_together(s.to, beside.after->character));
}

}  // namespace

void read_similar_characters(normalised_text& text, const code_point_map& map) {
  auto& units = text.units;
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (!units[i].is(trait::similar)) continue;
    text_unit& u = units[i];
    const neighbours beside{i > 0 ? &units[i - 1] : nullptr, i + 1 < units.size() ? &units[i + 1] : nullptr,
                            i > 0 && !u.is(trait::gap), i + 1 < units.size() && !units[i + 1].is(trait::gap)};
    if (at_home(u.character, beside)) continue;
    auto other = std::lower_bound(table::similars.begin(), table::similars.end(), u.character,
                                  [](const table::similar& s, std::uint32_t c) { return s.from < c; });
    for (; other != table::similars.end() && other->from == u.character; ++other) {
      if (!would_fit(*other, beside)) continue;
      u.become(other->to, (u.traits & trait::kinds) | map.traits_of_made(other->to) | trait::changed);
      break;
    }
  }
}

}  // namespace zhili::policy
