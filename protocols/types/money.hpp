// SPDX-License-Identifier: Apache-2.0
// Money is fen in 64 bits inside and `1元` outside.
#pragma once

#include <string>
#include <string_view>

#include "protocols/types/named.hpp"
#include "protocols/types/result.hpp"

namespace zhili {

using fen = named<std::int64_t, struct fen_tag>;

/// Reads 1元, 9.9元, 1万元; refuses more than two decimals.
result<fen> parse_money(std::string_view text);
/// 1280元, 9.90元
std::string to_string(fen amount);

}  // namespace zhili
