// SPDX-License-Identifier: Apache-2.0
// Packs by small numbers, in order of appearance: millions of rows remember which pack judged them last, and there are
// few packs. What lies beyond the numbers is remembered as "some other pack", so that it is judged again.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "actors/partition/hasher.hpp"

namespace zhili::partition {

class pack_numbers {
 public:
  /// Never the number of a pack at hand.
  static constexpr std::uint8_t other = 0;

  /// The pack's number, a new one where it has none; `other` when there are no more.
  std::uint8_t of(std::uint32_t tag) {
    const std::uint8_t known = find(tag);
    if (known != other || tags_.size() == 0xff) return known;
    tags_.push_back(tag);
    return static_cast<std::uint8_t>(tags_.size());
  }
  bool is(std::uint8_t number, std::uint32_t tag) const { return number != other && tags_[number - 1u] == tag; }

  void digest(hasher& h) const { h.values(std::span<const std::uint32_t>{tags_}); }

 private:
  std::uint8_t find(std::uint32_t tag) const {
    const auto at = std::find(tags_.begin(), tags_.end(), tag);
    return at == tags_.end() ? other : static_cast<std::uint8_t>(at - tags_.begin() + 1);
  }

  std::vector<std::uint32_t> tags_;
};

}  // namespace zhili::partition
