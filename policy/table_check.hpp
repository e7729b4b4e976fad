// SPDX-License-Identifier: Apache-2.0
// Gaps, overlaps and dead rows of a decision table, found by going through every combination that its cells
// can tell apart.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "policy/unary_test.hpp"

namespace zhili::policy {

/// Beyond this many combinations nothing is said.
inline constexpr std::size_t table_combinations_max = 200'000;

struct table_findings {
  /// Rows, from 0, that let the same case through; the later first.
  std::vector<std::pair<std::size_t, std::size_t>> overlaps;
  /// Rows that only cases of earlier rows reach.
  std::vector<std::size_t> dead;
  /// A case that no row covers, in words; empty: none.
  bilingual gap;
  /// The table is too large to go through.
  bool skipped = false;
};

/// REQUIRES: each row has a test for each column.
table_findings check_table(
    const std::vector<table_column>& columns, const std::vector<std::vector<unary_test>>& rows);

}  // namespace zhili::policy
