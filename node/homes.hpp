// SPDX-License-Identifier: Apache-2.0
// Which node hosts a partition, from the configuration: every partition has one home.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "node/node_config.hpp"

namespace zhili::node {

class homes {
 public:
  explicit homes(const node_config& config);

  /// Empty: here. REQUIRES: a partition that exists.
  const std::string& of(partition_id id) const { return names_[home_[id.workflow][id.shard]]; }
  bool here(partition_id id) const { return home_[id.workflow][id.shard] == 0; }
  /// Whether a workflow of this number exists at all.
  static bool known(workflow_no workflow) { return partition::find_workflow(workflow) != nullptr; }

 private:
  /// The first is this node.
  std::vector<std::string> names_{std::string{}};
  std::array<std::array<std::uint8_t, shard_count>, workflow_end> home_{};
};

}  // namespace zhili::node
