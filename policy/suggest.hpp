// SPDX-License-Identifier: Apache-2.0
// "Did you mean": the nearest known word to one that nobody knows.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "protocols/types/bilingual.hpp"

namespace zhili::policy {

/// Changes (insert, delete, replace, swap neighbours) that turn one word into the other, by character, not
/// byte.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The nearest of `known` if it is near enough to be a slip of the pen, or what a Chinese word means there
/// (不予通过 is reject, 条件 is when), else empty. The first of equals wins.
std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

/// "; did you mean 'verdict'?" where a word is near, else "; known are a, b, c" while the list is short, else
/// empty.
bilingual suggestion(std::string_view word, std::span<const std::string_view> known);

}  // namespace zhili::policy
