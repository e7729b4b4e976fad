// SPDX-License-Identifier: Apache-2.0
// The types of facts and settings. All but text are an int64 inside: money in fen, durations in ms, dates in
// days since 1970-01-01 in China, an enumeration the position of its word.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "protocols/types/result.hpp"

namespace zhili::policy {

enum class value_type : std::uint8_t { boolean, integer, money, text, duration, date, enumeration };

/// As they stand in policy/fields/*.yaml, in the order of value_type.
inline constexpr std::string_view value_type_names[] = {"bool",     "int",  "money", "string",
                                                        "duration", "date", "enum"};

/// For messages: "a number", "an amount of money such as 9.9元", ...
bilingual_view described(value_type type);

/// As people write it: 48h, 9.90元, 2021-07-18. Of an enumeration its number.
std::string value_text(value_type type, std::int64_t n);

/// What a person may have meant who wrote that: １元 1块 2015-9-1 是 24小时; empty where nothing of the type
/// is near.
std::string meant_value(value_type type, std::string_view text);

/// Reads a value as people write it; `words` are an enumeration's. malformed, with what would be right.
/// Text has no number: 0.
result<std::int64_t> parse_value(
    value_type type, std::span<const std::string_view> words, std::string_view text);

}  // namespace zhili::policy
