// SPDX-License-Identifier: Apache-2.0
// Points and spans of time as texts and calendar fields, in CEL's range and precision: years 1 to 9999, spans
// of 64 bits of nanoseconds.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string_view>

#include "policy/expression/value.hpp"

namespace zhili::policy {

inline constexpr std::int64_t time_seconds_min = -62135596800;  // 0001-01-01T00:00:00Z
inline constexpr std::int64_t time_seconds_max = 253402300799;  // 9999-12-31T23:59:59Z

/// Takes nothing from the heap for what is printed here.
using short_text = fmt::basic_memory_buffer<char, 64>;
inline std::string_view view(const short_text& text) {
  return {text.data(), text.size()};
}

/// RFC 3339: 2021-07-18T09:30:00Z, with up to nine decimals and any offset. Nothing for anything else.
std::optional<value> parse_time(std::string_view text);
/// In UTC, without needless zeros behind the seconds.
short_text time_text(const value& t);

/// 1h30m, 1.5s, -2ms …: units h m s ms us ns.
std::optional<std::int64_t> parse_span(std::string_view text);
/// In seconds: 5400s, 1.5s.
short_text span_text(std::int64_t nanos);

/// Fields of the calendar at that second of a zone's own time.
struct civil {
  std::int64_t year = 0;
  /// From 0.
  int month = 0, day_of_month = 0, day_of_year = 0;
  /// From 0, a Sunday.
  int day_of_week = 0;
  int hour = 0, minute = 0, second = 0;
};
civil civil_of(std::int64_t local_seconds);

/// Offset from UTC in seconds of 'UTC', 'Asia/Shanghai' (without daylight saving since 1991) and fixed ones
/// such as +08:00, 08:00, -02:30. Nothing for other names.
std::optional<std::int32_t> fixed_offset(std::string_view zone);

}  // namespace zhili::policy
