// SPDX-License-Identifier: Apache-2.0
// A cluster on this machine: gateway and groups as processes of their own on loopback, each with its file, its folder
// and its log.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "node/client.hpp"

namespace zhili::node {

struct cluster_node {
  std::string name;
  /// Names of workflows, `none` for the gateway.
  std::string workflows;
  std::string shards;
  std::string client_endpoint;
  std::string peer_endpoint;
  int pid = 0;
};

struct cluster_plan {
  std::filesystem::path dir;
  std::string pack;
  /// Ports count up from here.
  unsigned port = 0;
  /// A trace, by whose time the nodes go; empty: they go by the wall clock and know no register.
  std::filesystem::path trace;
  fault_rates faults;
  /// A gateway and three nodes that host a third of the shards of every workflow; else a gateway and the groups.
  bool by_shards = false;
};

class cluster_processes {
 public:
  /// Writes the files below `dir` and starts the processes.
  static result<std::unique_ptr<cluster_processes>> start(const cluster_plan& plan);
  /// Kills what is still running.
  ~cluster_processes();

  const std::vector<cluster_node>& nodes() const { return nodes_; }
  std::filesystem::path data_of(const cluster_node& n) const { return dir_ / n.name / "data"; }
  /// Connections to every node, the gateway's first.
  result<std::vector<std::unique_ptr<client>>> connect(std::size_t window) const;
  /// A connection to one node. io where it does not answer.
  result<std::unique_ptr<client>> connect_to(std::size_t node, std::size_t window) const;
  /// SIGTERM; the process has ended when this returns. io: not with 0.
  status stop_one(std::size_t node);
  /// kill -9; the process is gone when this returns.
  void kill_hard(std::size_t node);
  /// Every thread of the process has stopped when this returns, until `thaw` or `kill_hard`.
  void freeze(std::size_t node);
  void thaw(std::size_t node);
  /// A new process in the place of one that ended.
  status start_again(std::size_t node) { return spawn(nodes_[node]); }
  /// SIGTERM to all; io names a node that did not end well.
  status stop();

 private:
  explicit cluster_processes(std::filesystem::path dir) : dir_(std::move(dir)) {}
  status write_files(const cluster_plan& plan);
  status ended_well(cluster_node& n);
  status spawn(cluster_node& n);

  std::filesystem::path dir_;
  std::vector<cluster_node> nodes_;
};

}  // namespace zhili::node
