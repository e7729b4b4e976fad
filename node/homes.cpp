// SPDX-License-Identifier: Apache-2.0
#include "node/homes.hpp"

namespace zhili::node {

homes::homes(const node_config& config) {
  for (const auto& [name, peer] : config.peers) {
    names_.push_back(name);
    for (const workflow_no w : peer.workflows) {
      for (const shard_no s : peer.shards) home_[w][s] = static_cast<std::uint8_t>(names_.size() - 1);
    }
  }
}

}  // namespace zhili::node
