// SPDX-License-Identifier: Apache-2.0
// The file of `zhili node --config`: which partitions this node hosts, where it keeps them, who may speak to it.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "actors/shell/shell.hpp"
#include "node/link/faults.hpp"
#include "node/releases.hpp"

namespace zhili::node {

struct node_config {
  /// How other nodes and the log lines call this one.
  std::string name;
  std::filesystem::path data_dir;
  /// By name or folder.
  std::string pack;
  /// A trace, or its control lines: registry snapshots, each loaded when its time comes. Empty: no register is known,
  /// and every licence goes to the desk.
  std::filesystem::path registry;
  shell::node_clock::kind clock = shell::node_clock::kind::real;
  unsigned threads = 2;
  std::vector<workflow_no> workflows;
  std::vector<shard_no> shards;

  /// Where clients speak to the gateway, `tcp://host:port`; empty: this node has none.
  std::string gateway;
  /// Where other nodes speak to this one; empty: it is alone.
  std::string listen;
  /// The other nodes by name.
  struct peer {
    std::string endpoint;
    std::vector<workflow_no> workflows;
    std::vector<shard_no> shards;
    std::string public_key_file;
  };
  std::map<std::string, peer> peers;
  /// `host:port` of /healthz, /readyz and /metrics; empty: none.
  std::string http;
  /// CURVE: this node's secret key, and the public keys of the clients that may speak to the gateway.
  std::filesystem::path secret_key_file;
  std::filesystem::path client_keys_dir;
  /// Who may let another pack come into force here.
  release_rules releases;
  /// Listens elsewhere than on loopback without keys. Shows in every start and in /metrics.
  bool insecure = false;
  /// What befalls frames to other nodes, in rehearsals: only where the node goes by a trace.
  fault_rates faults;
};

/// Every mistake of the file at once, with line, column and suggestion.
result<node_config> read_node_config(const std::filesystem::path& file);
/// As YAML that `read_node_config` takes, defaults included. Holds no secret: keys stand in files of their own.
std::string print_node_config(const node_config& c);

}  // namespace zhili::node
