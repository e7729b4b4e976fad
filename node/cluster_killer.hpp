// SPDX-License-Identifier: Apache-2.0
// kill -9 for the processes of a cluster while they work: half of them at any moment, half while a commit is
// under way.
#pragma once

#include <atomic>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <thread>

#include "node/cluster_processes.hpp"
#include "node/commit_mark.hpp"

namespace zhili::node {

struct kill_count {
  unsigned kills = 0;
  /// Of them, by where the commit of the dead process stood.
  unsigned writing = 0;
  unsigned kept = 0;
};

class cluster_killer {
 public:
  /// At least `kills`, at least half of them in a commit, each node a tenth of them; chances follow from
  /// `seed`.
  cluster_killer(cluster_processes& cluster, unsigned kills, std::uint64_t seed);
  ~cluster_killer() { end(); }
  /// No more kills; every process runs when this returns.
  void end();

  // After `end`.
  const std::map<std::string, kill_count>& killed() const { return killed_; }
  kill_count sum() const;
  /// All that was asked for came about before the end.
  bool complete() const;
  /// Empty, or why a process did not come back.
  const std::string& trouble() const { return trouble_; }

 private:
  void run();
  void wait(std::chrono::microseconds most);
  kill_count times(std::size_t node) const;
  std::size_t killed_least() const;
  /// The node that begins a commit next, somewhere in the middle of it; nothing: none did for a while.
  std::optional<std::size_t> first_to_commit();
  void kill_one(std::size_t node);

  cluster_processes& cluster_;
  unsigned kills_;
  std::mt19937_64 chance_;
  std::map<std::string, kill_count> killed_;
  std::string trouble_;
  std::atomic<bool> over_{false};
  std::thread thread_;
};

/// A line a node, for a person.
std::string killed_text(const cluster_killer& k, bool zh);

}  // namespace zhili::node
