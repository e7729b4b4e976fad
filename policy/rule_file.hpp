// SPDX-License-Identifier: Apache-2.0
// Reads rules/*.yaml: everything of a rule but the meaning of its expressions, which pack_load compiles.
#pragma once

#include <utility>
#include <vector>

#include "policy/fields.hpp"
#include "policy/pack.hpp"
#include "policy/pack_compiled.hpp"
#include "policy/yaml.hpp"

namespace zhili::policy {

/// The stages of one workflow that a rule matches; bits as in field_info::stages.
struct stage_set {
  const workflow_info* workflow = nullptr;
  std::uint32_t stages = 0;
};

/// A rule as written. Its nodes live as long as the documents that they came from.
struct rule_source {
  rule_info info;
  std::vector<stage_set> match;
  /// Name and expression.
  std::vector<std::pair<yaml_node, yaml_node>> lets;
  yaml_node id;
  yaml_node when;
  bilingual correct;
  std::vector<rule_test> tests;
};

/// The rules of one file, in its order; what is wrong goes to the document's diagnostics.
std::vector<rule_source> read_rules(const yaml_node& root);

}  // namespace zhili::policy
