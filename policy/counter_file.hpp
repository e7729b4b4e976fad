// SPDX-License-Identifier: Apache-2.0
// Reads counters/*.yaml: everything of a counter but the meaning of its expressions, which pack_load compiles.
#pragma once

#include <vector>

#include "policy/counters.hpp"
#include "policy/rule_file.hpp"

namespace zhili::policy {

/// A counter as written. Its nodes live as long as the document that they came from.
struct counter_source {
  yaml_node name;
  bilingual title;
  std::string unit;
  stage_set match;
  counting what = counting::count;
  counted_by by = counted_by::account;
  duration window{};
  /// What is counted; empty: every submission of these stages.
  written when;
  /// What is added up or told apart.
  written of;
};

/// The counters of one file, in its order; what is wrong goes to the document's diagnostics.
std::vector<counter_source> read_counters(const yaml_node& root, std::span<const workflow_info> known);

}  // namespace zhili::policy
