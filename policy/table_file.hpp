// SPDX-License-Identifier: Apache-2.0
// Decision tables: tables/*.yaml, with their rows in the file or in a CSV beside it. Each row becomes a rule
// of its own, so that everything downstream knows rules alone; docs/tables.md has the format.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/csv.hpp"
#include "policy/rule_file.hpp"

namespace zhili::policy {

/// Gives the text of a file in tables/, nothing where there is none.
using table_source = std::function<std::optional<std::string>(std::string_view name)>;

/// The rows of one table as rules `id.rN`, N the row of the sheet; what is wrong goes to `found`, errors of
/// cells with their name (B7). `number`: the table's, from 1, for hit policy F.
std::vector<rule_source> read_table(
    const yaml_node& root, std::uint16_t number, const std::string& csv_folder, const table_source& csv,
    std::span<const std::string_view> categories, std::span<const workflow_info> known, diagnostics& found);

}  // namespace zhili::policy
