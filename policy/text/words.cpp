// SPDX-License-Identifier: Apache-2.0
#include "policy/text/words.hpp"

#include <array>
#include <memory>

#include "policy/text/text_table.hpp"

namespace zhili::policy {
namespace {

/// The pairs by their hash, the next free place where two meet: asked for about every other character of a text, and a search
/// through the sorted pairs is a dozen guesses of the processor that fail.
class pair_set {
 public:
  pair_set() {
    for (const std::uint32_t pair : table::word_pairs) {
      std::uint32_t at = place(pair);
      while ((*slots_)[at] != 0) at = (at + 1) % slots;
      (*slots_)[at] = pair;
    }
  }
  bool contains(std::uint32_t pair) const {
    for (std::uint32_t at = place(pair);; at = (at + 1) % slots) {
      const std::uint32_t here = (*slots_)[at];
      if (here == pair) return pair != 0;
      if (here == 0) return false;
    }
  }

 private:
  /// Room for half as many again as the 83,000 pairs, so that a free place is never far.
  static constexpr unsigned bits = 17;
  static constexpr std::uint32_t slots = 1U << bits;
  static std::uint32_t place(std::uint32_t pair) { return pair * 0x9E3779B1U >> (32 - bits); }

  std::unique_ptr<std::array<std::uint32_t, slots>> slots_ = std::make_unique<std::array<std::uint32_t, slots>>();
};

const pair_set& pairs() {
  static const pair_set made;
  return made;
}

}  // namespace

bool stand_together(std::uint32_t first, std::uint32_t second) {
  if (first > 0xFFFF || second > 0xFFFF) return false;
  return pairs().contains(first << 16 | second);
}

bool stands_alone(std::uint32_t character) { return stand_together('.', character); }

}  // namespace zhili::policy
