// SPDX-License-Identifier: Apache-2.0
// What stands between the link and the partitions: hands every frame to the gateway, the mail or the requests.
#pragma once

#include <future>

#include "node/gateway.hpp"
#include "node/mail.hpp"
#include "node/requests.hpp"
#include "node/say.hpp"

namespace zhili::node {

class reception {
 public:
  reception(server& node, const homes& where, mail& away);

  /// Binds the doors and calls the other nodes. Errors: those of zmq_link::start.
  status open();
  /// Takes nothing new any more: submissions are told to come again, letters lie where they are until somebody takes them.
  void drain() {
    draining_.store(true, std::memory_order_relaxed);
    door_.drain();
  }
  /// Sends what waits, then neither hears nor speaks any more. The partitions may end after this, and before this does.
  void close() {
    clerk_.end();
    link_->stop();
  }

  zmq_link& link() { return *link_; }
  const gateway& door() const { return door_; }

 private:
  void from_client(const client_origin& client, opened_frame&& frame);
  void from_peer(const std::string& peer, opened_frame&& frame);

  server& node_;
  const homes& where_;
  mail& away_;
  std::atomic<bool> draining_{false};
  /// Frames may come before every part has its link: they wait for this.
  std::promise<void> set_;
  std::shared_future<void> all_set_ = set_.get_future().share();
  /// Outlives those that speak through it.
  std::unique_ptr<zmq_link> link_;
  gateway door_;
  requests clerk_;
};

}  // namespace zhili::node
