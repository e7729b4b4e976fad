// SPDX-License-Identifier: Apache-2.0
// Comma-separated values as spreadsheets save them (RFC 4180): quotes, quoted line breaks, CRLF.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/types/result.hpp"

namespace zhili::policy {

struct csv_row {
  std::vector<std::string> cells;
  /// As the spreadsheet numbers it, from 1.
  std::uint32_t number = 0;
};

/// The rows, without empty ones. `text` is UTF-8. malformed: a quote that is not closed; the detail names the cell where
/// it opens. Semicolons and tabs count as commas where the first row has them and no comma.
result<std::vector<csv_row>> read_csv(std::string_view text);

/// B7, as a spreadsheet calls it. `column` from 0, `row` from 1.
std::string cell_name(std::size_t column, std::uint32_t row);

}  // namespace zhili::policy
