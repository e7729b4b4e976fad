// SPDX-License-Identifier: Apache-2.0
// Checks an expression against the fields of its stages and the pack's categories, and compiles it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/expression/parse.hpp"
#include "policy/expression/program.hpp"
#include "policy/fields.hpp"

namespace zhili::policy {

class lost_names;

/// What names mean where a rule is judged: some stages of one workflow.
struct naming {
  /// Null: CEL without types, over `variables`; what does not fit is an error when it runs, not when it is
  /// compiled.
  const workflow_info* workflow = nullptr;
  /// Bits as in field_info::stages. A field must be known at each of them.
  std::uint32_t stages = 0;
  /// All the stages have a text: hits() and `text` may be used.
  bool has_text = false;
  /// Names of the pack's categories; the position is the number that hits() counts.
  std::span<const std::string_view> categories;
  /// Names that mean inputs::variables.
  std::span<const std::string_view> variables;
  /// Not a condition: any value may be the outcome.
  bool any_outcome = false;
  /// Names of the pack's scorecards; the position is the number that score() asks.
  std::span<const std::string_view> scorecards = {};
  /// Names of parts that the pack shares: what a slip may have meant.
  std::span<const std::string_view> shared_parts = {};
  /// Names that are not known for a reason that has been reported: what leans on them stays silent. Null: there are none.
  const lost_names* lost = nullptr;
  /// So many unknown names are told what may have been meant: more would be read by nobody, and take long to find.
  std::size_t suggestions_max = 200;
  /// Slots that are surely set: the program is right for such facts alone, and leaves out what they decide. REQUIRES, if not 0:
  /// without it the same expression compiles.
  std::uint64_t given = 0;
};

/// A named part of a condition.
struct let_source {
  std::string_view name;
  const expression* value = nullptr;
};

/// A problem of the condition (part -1) or of the let at that position.
struct compile_problem {
  int part = -1;
  problem what;
  /// The let that stands where a condition should and is none; empty: something else is wrong.
  std::string_view no_condition = {};
};

/// Appends to `pool`; the program is worthless where problems were found. The outcome is true or false,
/// unless there is no workflow or `any_outcome`.
program compile(
    const expression& when, std::span<const let_source> lets, const naming& names, code_pool& pool,
    std::vector<compile_problem>& problems);

}  // namespace zhili::policy
