// SPDX-License-Identifier: Apache-2.0
// A message on its way between partitions in virtual time.
#pragma once

#include "actors/partition/letter.hpp"
#include "protocols/types/time.hpp"

namespace zhili::scenarios {

struct parcel : partition::letter {
  instant due;
  std::uint16_t attempt = 0;
};

using partition::receipt_note;

/// The place of an event in the one total order, after its time: kind of event, destination, source, stream, number.
struct place {
  std::uint64_t high = 0;
  std::uint64_t number = 0;
  auto operator<=>(const place&) const = default;

  static place of(const parcel& p) {
    return {std::uint64_t{p.head.destination()} << 32 | std::uint64_t{p.source.packed()} << 8 | p.head.stream(),
            p.head.number()};
  }
};

}  // namespace zhili::scenarios
