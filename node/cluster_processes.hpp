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
  std::string client_endpoint;
  std::string peer_endpoint;
  int pid = 0;
};

class cluster_processes {
 public:
  /// Writes the files below `dir` and starts the processes. Ports count up from `port`.
  static result<std::unique_ptr<cluster_processes>> start(const std::filesystem::path& dir, const std::string& pack,
                                                          const std::filesystem::path& registry, unsigned port,
                                                          const fault_rates& faults);
  /// Kills what is still running.
  ~cluster_processes();

  const std::vector<cluster_node>& nodes() const { return nodes_; }
  std::filesystem::path data_of(const cluster_node& n) const { return dir_ / n.name / "data"; }
  /// Connections to every node, the gateway's first.
  result<std::vector<std::unique_ptr<client>>> connect(std::size_t window) const;
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
  status write_files(const std::string& pack, const std::filesystem::path& registry, unsigned port, const fault_rates& faults);
  status spawn(cluster_node& n);

  std::filesystem::path dir_;
  std::vector<cluster_node> nodes_;
};

}  // namespace zhili::node
