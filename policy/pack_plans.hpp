// SPDX-License-Identifier: Apache-2.0
// Rules as written into plans of the stages at which they are judged. Every expression is compiled before the first error is
// answered.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "policy/pack_compiled.hpp"
#include "policy/rule_file.hpp"
#include "policy/shared_parts.hpp"

namespace zhili::policy {

/// What rules are compiled with beside the pack's own lists.
struct planned_with {
  const shared_lets& shared;
  lost_names lost;
  /// No file of rules was left out.
  bool all_rules_read = true;
};

/// Rules, their tests and plans, those of counters too, but for the terms. What is wrong goes to the documents' diagnostics; the
/// pack is worthless then.
void plan_rules(
    std::vector<rule_source> sources, planned_with with, std::span<const std::string_view> categories,
    pack::compiled& into);

/// The terms of the categories of which bit n is set.
result<std::shared_ptr<const matcher>> terms_of(std::uint64_t categories, const pack::compiled& of);

/// The terms that each plan searches for; those of equal categories are compiled once.
status plan_terms(pack::compiled& into);

}  // namespace zhili::policy
