// SPDX-License-Identifier: Apache-2.0
// What `zhili node` runs: a data folder, the packs and registry snapshots that judge, the partitions under their shell.
// Doors (ZeroMQ, HTTP) are given this and know nothing of each other.
#pragma once

#include <condition_variable>
#include <mutex>

#include "node/commit_mark.hpp"
#include "node/node_config.hpp"
#include "node/releases.hpp"
#include "scenarios/trace/data_folder.hpp"

namespace zhili::node {

class server {
 public:
  /// Opens or makes the data folder, rebuilds the partitions, gives them the pack of the configuration where they have
  /// another. `elsewhere`: where letters for other nodes go.
  static result<std::unique_ptr<server>> start(const node_config& config, shell::post_office* elsewhere);
  ~server();

  const node_config& config() const { return config_; }
  shell::shell& partitions() { return *shell_; }
  shell::node_clock& clock() { return clock_; }
  scenarios::data_folder& folder() { return *folder_; }
  const policy::pack& pack() const { return *pack_; }
  const scenarios::shelf& shelves() const { return shelves_; }
  node::releases& releases() { return *releases_; }

  /// Loads the registry snapshots whose time has come. Called by whoever moves the clock, and while waiting.
  void load_due_snapshots();

  /// Waits for a signal, or for the text of what broke; empty: a signal, or `stop`.
  std::string wait();
  void stop();
  /// The partitions run no more. What is acknowledged is kept; nobody gets an answer any more.
  void end() {
    releases_.reset();
    shell_.reset();
  }
  /// From any thread: the node cannot go on.
  void broken(std::string why);
  bool is_broken() const;

 private:
  explicit server(const node_config& config) : config_(config), clock_(config.clock) {}
  status open_folder();
  status read_registry();
  void give_pack();
  void give_snapshot(const scenarios::registry_snapshot& s);

  node_config config_;
  shell::node_clock clock_;
  std::unique_ptr<scenarios::data_folder> folder_;
  std::shared_ptr<const policy::pack> pack_;
  /// Named by logs, by the configuration or by a release.
  scenarios::shelf shelves_;
  /// By rising time; those before `next_snapshot_` are loaded.
  std::vector<std::pair<instant, std::shared_ptr<const scenarios::registry_snapshot>>> snapshots_;
  std::mutex loading_;
  std::size_t next_snapshot_ = 0;
  /// Only where the node goes by a trace.
  std::unique_ptr<commit_mark> mark_;
  std::unique_ptr<shell::shell> shell_;
  std::unique_ptr<node::releases> releases_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::string trouble_;
  bool stops_ = false;
};

}  // namespace zhili::node
