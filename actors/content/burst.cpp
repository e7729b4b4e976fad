// SPDX-License-Identifier: Apache-2.0
#include "actors/content/burst.hpp"

#include <algorithm>
#include <array>

namespace zhili::content {

burst burst_around(
    std::uint32_t hour, std::uint32_t extra, std::span<const arrivals> known, std::uint32_t window,
    std::uint32_t threshold) {
  // Every window that holds `hour` lies within window - 1 hours on either side of it.
  std::array<std::uint32_t, 2 * burst_window_hours_max> by_hour{};
  const std::uint32_t first = hour - (window - 1);
  const std::uint32_t hours = 2 * window - 1;
  for (const arrivals& a : known) {
    if (a.hour >= first && a.hour < first + hours) by_hour[a.hour - first] += a.count;
  }
  by_hour[hour - first] += extra;

  burst found;
  std::uint32_t sum = 0;
  for (std::uint32_t to = 0; to < hours; ++to) {
    sum += by_hour[to];
    if (to >= window) sum -= by_hour[to - window];
    if (to + 1 < window || sum < threshold) continue;
    if (found.count == 0) found.from = first + to + 1 - window;
    found.to = first + to;
    found.count = std::max(found.count, sum);
  }
  return found;
}

}  // namespace zhili::content
