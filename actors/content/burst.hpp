// SPDX-License-Identifier: Apache-2.0
// Bursts of reviews, found at the institution's account from the tallies of all shards.
#pragma once

#include <span>

#include "actors/content/state.hpp"

namespace zhili::content {

/// Hours of event time, both inclusive, and the reviews in them; count 0: no burst.
struct burst {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  std::uint32_t count = 0;
};

inline constexpr std::uint32_t burst_window_hours_max = 7 * 24;

/// The hours that share with `hour` a window of that many hours in which the threshold is reached, and the
/// fullest such window's count. `extra` reviews of `hour` are not in `known` yet. REQUIRES: 1 <= window <=
/// burst_window_hours_max.
burst burst_around(
    std::uint32_t hour, std::uint32_t extra, std::span<const arrivals> known, std::uint32_t window,
    std::uint32_t threshold);

}  // namespace zhili::content
