// SPDX-License-Identifier: Apache-2.0
// What expressions can call and calculate: the overloads that the checker knows, and what each does. An error
// among the arguments is the result.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "policy/expression/parse.hpp"
#include "policy/expression/value.hpp"
#include "policy/text/reading.hpp"

namespace zhili::policy {

enum class function : std::uint8_t {
  size,
  contains,
  starts_with,
  ends_with,
  /// By a pattern of the pool or, where none was compiled, by its second argument.
  matches,
  to_int,
  to_uint,
  to_real,
  to_text,
  to_bytes,
  to_bool,
  to_time,
  to_span,
  dyn,
  type_of,
  full_year,
  month,
  day_of_month,
  date,
  day_of_week,
  day_of_year,
  hours,
  minutes,
  seconds,
  milliseconds,
  normalised,
  prices,
};

/// One way to call a function: what it takes and gives. As a member the first argument stands before the dot.
struct overload {
  std::string_view name;
  function id = function::size;
  bool is_member = false;
  std::uint8_t count = 0;
  kind arguments[2] = {kind::any, kind::any};
  kind result = kind::any;
  /// Of a list that it gives: what is in it, and how many at most.
  kind element = kind::any;
  std::uint32_t items_max = 0;
  /// In steps, what a call may cost beside its own.
  std::uint32_t cost = 0;
};
std::span<const overload> overloads();

/// Offset from UTC in seconds of a named zone at that second, nothing for an unknown name.
using zone_rule = std::optional<std::int32_t> (*)(std::string_view zone, std::int64_t utc_seconds);

/// What one evaluation may use.
struct workspace {
  arena& memory;
  /// What is left of its budget; each turn of a loop and each value compared takes one.
  std::int64_t steps = 0;
  /// Null: only the offsets that fixed_offset() knows.
  zone_rule zones = nullptr;
  /// For normalised(): the case's text, which others have read already, and room for any other. Null: it makes its own.
  text_reading* whole = nullptr;
  text_reading* other = nullptr;
  /// By what; null: every technique.
  const normaliser* words = nullptr;
};

inline constexpr std::int64_t steps_max = 1'000'000;

value call_function(function id, std::span<const value> arguments, workspace& w);
value calculate(arithmetic op, const value& a, const value& b, workspace& w);
value negative(const value& v);
value compare_values(relation r, const value& a, const value& b, workspace& w);
/// `item` in a list, or a key in a map.
value is_in(const value& item, const value& container, workspace& w);
/// A list's item or a map's content.
value item_at(const value& container, const value& index, workspace& w);
value member_of(const value& v, std::string_view name, workspace& w);
value has_member(const value& v, std::string_view name);
value make_list(std::span<const value> items, workspace& w);
/// Key, content, key, content.
value make_map(std::span<const value> parts, workspace& w);

inline constexpr std::string_view no_overload =
    "no such overload: a value here has a type that this cannot take";
inline constexpr std::string_view too_large = "the values grew too large";

/// Copies into the arena; an error where it is full.
value kept_text(std::string_view text, workspace& w, kind k = kind::text);

// By file: conversions, text functions, calendar functions.
value convert(function id, const value& v, workspace& w);
value calendar_field(function id, std::span<const value> arguments, workspace& w);
/// Whether the text has a match of the pattern, in RE2's syntax.
value matches_pattern(const value& text, const value& pattern);

}  // namespace zhili::policy
