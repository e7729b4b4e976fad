// SPDX-License-Identifier: Apache-2.0
// How many of the phrases that a simulation composes its unlawful texts of contain a term that the pack lists. What is
// caught of them is an input of the simulation; this number says how large a one.
#pragma once

#include "policy/pack.hpp"

namespace zhili::scenarios {

struct phrase_overlap {
  std::uint32_t phrases = 0;
  /// Contain a listed term as they are written, before any respelling.
  std::uint32_t listed = 0;
  std::uint32_t harmless = 0;
  /// Harmless sentences that contain one all the same.
  std::uint32_t harmless_listed = 0;
};

phrase_overlap overlap_with(const policy::pack& pack);

}  // namespace zhili::scenarios
