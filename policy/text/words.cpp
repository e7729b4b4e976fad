// SPDX-License-Identifier: Apache-2.0
#include "policy/text/words.hpp"

#include <algorithm>

#include "policy/text/text_table.hpp"

namespace zhili::policy {

bool stand_together(std::uint32_t first, std::uint32_t second) {
  if (first > 0xFFFF || second > 0xFFFF) return false;
  return std::binary_search(table::word_pairs.begin(), table::word_pairs.end(), first << 16 | second);
}

bool stands_alone(std::uint32_t character) { return stand_together('.', character); }

}  // namespace zhili::policy
