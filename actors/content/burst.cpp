// SPDX-License-Identifier: Apache-2.0
#include "actors/content/burst.hpp"

#include <array>

namespace zhili::content {

burst fullest_window(std::span<const arrivals> known, std::uint32_t hour, std::uint32_t extra, std::uint32_t window,
                     std::uint32_t threshold) {
  // Every window that holds `hour` lies within window - 1 hours on either side of it.
  std::array<std::uint32_t, 2 * burst_window_hours_max> by_hour{};
  const std::uint32_t first = hour - (window - 1);
  const std::uint32_t hours = 2 * window - 1;
  for (const arrivals& a : known) {
    if (a.hour >= first && a.hour < first + hours) by_hour[a.hour - first] += a.count;
  }
  by_hour[hour - first] += extra;

  std::uint32_t sum = 0;
  for (std::uint32_t i = 0; i < window; ++i) sum += by_hour[i];
  burst best{first, hour, sum};
  for (std::uint32_t to = window; to < hours; ++to) {
    sum += by_hour[to];
    sum -= by_hour[to - window];
    if (sum > best.count) best = {first + to - (window - 1), first + to, sum};
  }
  return best.count >= threshold ? best : burst{};
}

}  // namespace zhili::content
