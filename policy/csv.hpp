// SPDX-License-Identifier: Apache-2.0
// CSV as spreadsheets write it (RFC 4180): cells in quotes may hold commas, line ends and doubled quotes. Where the first
// line has tabs or semicolons and no comma, they part the cells.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/diagnostics.hpp"

namespace zhili::policy {

/// Where a cell stands: row and column count from 1, as A1 does.
struct csv_cell {
  std::string text;
  std::uint32_t row = 1, column = 1;

  /// "B7"
  std::string name() const;
};

using csv_row = std::vector<csv_cell>;

inline constexpr std::size_t csv_bytes_max = 4 * 1024 * 1024;
inline constexpr std::size_t csv_rows_max = 5'000;
inline constexpr std::size_t csv_columns_max = 64;

/// Rows without anything in them are left out. What is wrong goes to `found`.
std::vector<csv_row> read_csv(
    std::string_view utf8, std::string_view file, diagnostics& found, std::size_t rows_max = csv_rows_max);

}  // namespace zhili::policy
