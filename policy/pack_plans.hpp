// SPDX-License-Identifier: Apache-2.0
// Rules as written into plans of the stages at which they are judged. Every expression is compiled before the first error is
// answered.
#pragma once

#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/pack_compiled.hpp"
#include "policy/rule_file.hpp"

namespace zhili::policy {

/// Name and expression of the parts under `let` of pack.yaml: every rule may name them.
using shared_lets = std::vector<std::pair<yaml_node, yaml_node>>;

/// Rules, their tests and plans, those of counters too, but for the terms. What is wrong goes to the documents' diagnostics; the
/// pack is worthless then.
void plan_rules(
    std::vector<rule_source> sources, const shared_lets& shared, std::span<const std::string_view> categories,
    pack::compiled& into);

/// The terms that each plan searches for; those of equal categories are compiled once.
status plan_terms(pack::compiled& into);

}  // namespace zhili::policy
