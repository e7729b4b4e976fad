// SPDX-License-Identifier: Apache-2.0
// Tables on a terminal, where a Chinese character takes two columns.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace zhili::scenarios {

using text_row = std::vector<std::string>;

/// 1234567 -> 1,234,567
std::string grouped(std::uint64_t n);

/// The first row is the heading; the first column stands left, the others right. Ends with a newline.
std::string table(const std::vector<text_row>& rows);

}  // namespace zhili::scenarios
