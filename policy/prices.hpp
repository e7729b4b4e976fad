// SPDX-License-Identifier: Apache-2.0
// Every amount of money that a text names.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "protocols/types/money.hpp"

namespace zhili::policy {

/// Amounts of one text that are looked at; what comes after them is left out.
inline constexpr std::size_t prices_max = 32;

/// Fills `out` in the order of the text and gives how many.
std::size_t find_prices(std::string_view text, std::span<fen> out);

}  // namespace zhili::policy
