// SPDX-License-Identifier: Apache-2.0
// Points and spans of time: milliseconds since 1970-01-01T00:00Z, and the Chinese civil calendar (UTC+8,
// no daylight saving since 1991). Nothing here reads a clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "protocols/types/result.hpp"

namespace zhili {

using duration = std::chrono::duration<std::int64_t, std::milli>;

struct instant {
  std::int64_t ms = 0;

  constexpr auto operator<=>(const instant&) const = default;
  constexpr instant operator+(duration d) const { return {ms + d.count()}; }
  constexpr instant operator-(duration d) const { return {ms - d.count()}; }
  constexpr duration operator-(instant o) const { return duration{ms - o.ms}; }
};

inline constexpr instant never{std::numeric_limits<std::int64_t>::max()};

/// Days since 1970-01-01 in China.
constexpr std::int32_t china_day(instant t) {
  constexpr std::int64_t day_ms = 86'400'000;
  const std::int64_t local = t.ms + 8 * 3'600'000;
  return static_cast<std::int32_t>(local >= 0 ? local / day_ms : (local - day_ms + 1) / day_ms);
}

/// Start of a day in China.
constexpr instant start_of_china_day(std::int32_t day) {
  return {static_cast<std::int64_t>(day) * 86'400'000 - 8 * 3'600'000};
}

/// Hour of the day in China, 0 to 23.
constexpr int china_hour(instant t) {
  return static_cast<int>((t.ms - start_of_china_day(china_day(t)).ms) / 3'600'000);
}

/// Reads 2021-07-18, 2021-07-18T09:30:00 (China time) or a time that ends in Z or +08:00.
result<instant> parse_instant(std::string_view text);
/// Reads 90s, 15m, 36h, 7d, 250ms.
result<duration> parse_duration(std::string_view text);

/// 2021-07-18T09:30:00.000+08:00, or `never`.
std::string to_string(instant t);
/// 2021-07-18
std::string date_string(std::int32_t china_day);

}  // namespace zhili
