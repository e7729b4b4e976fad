// SPDX-License-Identifier: Apache-2.0
// The door for submissions: opens every envelope, finds the partition's home, hands it on, and tells the client what
// became of it. It keeps nothing: the commit of the partition is the acceptance, and a client that hears no answer asks
// again under the same key.
#pragma once

#include <atomic>
#include <mutex>
#include <span>
#include <unordered_map>

#include "node/client_shares.hpp"
#include "node/homes.hpp"
#include "node/link/link.hpp"
#include "node/server.hpp"
#include "protocols/envelope.hpp"

namespace zhili::node {

struct gateway_counters {
  std::atomic<std::uint64_t> submissions{0};
  std::atomic<std::uint64_t> bad{0};
  std::atomic<std::uint64_t> busy{0};
  /// Of them, because the client had its share under way.
  std::atomic<std::uint64_t> over_share{0};
  std::atomic<std::uint64_t> answers{0};
  std::atomic<std::uint64_t> forwarded{0};
};

class gateway {
 public:
  gateway(server& node, const homes& where) : node_(node), where_(where) {}
  /// Before the first frame.
  void use(zmq_link& link) { link_ = &link; }

  /// From here on every submission is told to come again: another process takes this one's place. From any thread.
  void drain() { draining_.store(true, std::memory_order_relaxed); }

  // Called on the link's thread.
  void from_client(const client_origin& client, opened_frame&& frame);
  /// Submissions that another node's gateway sent on.
  void from_peer(const std::string& peer, opened_frame&& frame);
  /// What another node decided for our clients.
  void answered(const answer_entry& answer);

  const gateway_counters& counters() const { return counted_; }

 private:
  /// Who asked: a client, or a neighbour on behalf of one.
  struct origin {
    std::string peer;
    client_origin client;
    /// Of a client; nullptr: a neighbour.
    std::shared_ptr<client_share> share = nullptr;
  };
  class frame_asker;

  void take(const origin& who, opened_frame&& frame);
  void reply(const origin& who, std::span<const frame_entry> answers);
  void tell_busy(const origin& who, subject_id key, std::uint32_t after_ms);
  void refuse(const origin& who, subject_id key, const error& why);
  void send_on(const origin& who, const opened_envelope& open, bytes_view envelope, const std::string& home);

  server& node_;
  const homes& where_;
  zmq_link* link_ = nullptr;
  gateway_counters counted_;
  std::atomic<bool> draining_{false};
  client_shares shares_;

  std::mutex mutex_;
  /// Whose the answers of other nodes are, by key.
  std::unordered_map<subject_id, origin> sent_on_;
};

}  // namespace zhili::node
