// SPDX-License-Identifier: Apache-2.0
// The platform's own handle for one version of an item, as the world model makes it: everything about the version
// follows from it and the seed, so that nobody has to remember what was sent.
#pragma once

#include <cstdint>

#include "protocols/types/ids.hpp"

namespace zhili::scenarios {

/// Which version of an item a handle names.
enum class variant : std::uint8_t {
  original = 0,
  /// The author took out what was wrong.
  corrected = 1,
  /// The author kept it and spelled it another way.
  respelled = 2,
  /// The page after approval, changed behind the platform's back.
  changed = 3,
  /// A credential shown again with a new term.
  renewed = 4,
};

struct item_ref {
  subject_kind kind{};
  /// Where the owner's account lives.
  shard_no shard = 0;
  scenarios::variant variant{};
  /// Counts within kind and shard; for institutions and practitioners the number in the population.
  std::uint64_t ordinal = 0;

  auto operator<=>(const item_ref&) const = default;

  std::uint64_t packed() const {
    return std::uint64_t{static_cast<std::uint8_t>(kind)} << 56 | std::uint64_t{shard} << 48 |
           std::uint64_t{static_cast<std::uint8_t>(variant)} << 40 | ordinal;
  }
  static item_ref unpack(std::uint64_t v) {
    return {static_cast<subject_kind>(v >> 56), static_cast<shard_no>(v >> 48 & 0xff),
            static_cast<scenarios::variant>(v >> 40 & 0xff), v & 0xffffffffffull};
  }
  /// The item itself, whatever its version: the key of its dice.
  std::uint64_t item() const { return packed() & ~(std::uint64_t{0xff} << 40); }
  item_ref as(scenarios::variant v) const { return {kind, shard, v, ordinal}; }
};

}  // namespace zhili::scenarios
