// SPDX-License-Identifier: Apache-2.0
// What a link is told: its doors, its peers and clients, their keys; and the check that nothing stands open.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "node/link/faults.hpp"
#include "node/link/outbox.hpp"
#include "protocols/types/hash.hpp"
#include "protocols/types/result.hpp"

namespace zhili::node {

struct link_peer {
  /// As the peer calls itself in its hello.
  std::string name = {};
  /// Of its peers' door, tcp://host:port; empty: it calls, and is not called.
  std::string endpoint = {};
  /// Key file; empty: no CURVE.
  std::filesystem::path public_key = {};
  /// The endpoint is a clients' door (of a gateway): its name, shards and behaviour are not held against ours.
  bool as_client = false;
};

struct link_client {
  /// How it is called in counters and logs.
  std::string name;
  std::filesystem::path public_key;
};

struct link_options {
  /// Our name, as in the peers' configs.
  std::string name;
  /// What our hello says; see hello_entry.
  std::uint32_t incarnation = 0;
  std::uint32_t behaviour = 0;
  digest256 pack;
  /// A peer's behaviour has to lie within.
  std::uint32_t behaviour_min = 0;
  std::uint32_t behaviour_max = 0xffffffff;

  /// tcp://address:port, port * for any; empty: no such door.
  std::string listen_peers;
  std::string listen_clients;
  /// Our key files; both or none. With them every door speaks CURVE and nothing else.
  std::filesystem::path public_key;
  std::filesystem::path secret_key;
  std::vector<link_peer> peers;
  std::vector<link_client> clients;
  /// Lets a door that other machines reach stand without keys.
  bool insecure = false;

  /// For each peer, and for each client's answers.
  outbox_limits peer_queue;
  outbox_limits client_queue{4 * 1024 * 1024, 64 * 1024};
  /// Clients with answers under way at once.
  std::size_t clients_max = 1024;
  /// All their answers together; reached between two looks of the link's thread, it may be passed by one frame each.
  std::size_t clients_bytes_max = 256 * 1024 * 1024;
  /// A peer that has not answered our hello by then is called again.
  std::chrono::milliseconds hello_max{2000};
  std::chrono::milliseconds call_again_after{100};
  /// A connection on which nothing is heard for so long, not even a heartbeat, is cut.
  std::chrono::milliseconds silence_max{5000};
  /// Of rehearsals: what befalls frames to peers; never in production.
  fault_rates faults = {};
  /// How long `stop` goes on sending what waits.
  std::chrono::milliseconds drain_max{300};
};

/// Keys as read, Z85; empty where there are none.
struct link_keys {
  std::string public_key;
  std::string secret_key;
  /// By peer's name.
  std::map<std::string, std::string> server_key;
  /// By key: whose it is.
  std::map<std::string, std::string> peer_of;
  std::map<std::string, std::string> client_of;
};

/// Whether only this machine reaches the endpoint: tcp on 127.*, ::1 or localhost, or ipc.
bool is_local(const std::string& endpoint);

/// Checks everything that can be wrong before a socket exists, and reads the key files. The errors say what to write
/// in the config: bad_argument, and those of read_curve_key.
result<link_keys> check_doors(const link_options& options);

}  // namespace zhili::node
