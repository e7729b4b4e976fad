// SPDX-License-Identifier: Apache-2.0
// Makes facts and programs of a pack's counters. The loader's inside, as is what it shares with it.
#pragma once

#include "policy/counter_file.hpp"
#include "policy/expression/compile.hpp"

namespace zhili::policy {

/// What names mean at those stages.
naming naming_at(const stage_set& at, std::span<const std::string_view> categories);

/// Slips of the pen go to the node.
expression parse_written(const written& node);

/// Compiles each counter into the pack, where it becomes a fact; what is wrong goes to its nodes.
void add_counters(
    std::span<const counter_source> sources, std::span<const std::string_view> categories, pack::compiled& into);

/// A stage that is counted is judged, be it by no rule; and every stage of a workflow sees its counters. REQUIRES: every
/// counted stage has a plan.
void plan_counters(pack::compiled& pack);

}  // namespace zhili::policy
