// SPDX-License-Identifier: Apache-2.0
// The wire between client, gateway and nodes. One plain thread owns the ZeroMQ context and every socket; other threads
// post entries into a bounded queue per destination, and the thread sends them many to a frame. What comes in is opened
// by open_frame on that thread and handed on; it calls back from there and nowhere else.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "node/link/counts.hpp"
#include "node/link/doors.hpp"
#include "node/link/outbox.hpp"
#include "protocols/frame.hpp"

namespace zhili::node {

/// A client on its connection; another connection of the same client is another one.
struct client_origin {
  /// ZeroMQ's routing id, any bytes.
  std::string id;
  /// Whose key it is; empty without CURVE.
  std::string name;
};

/// What a peer's hello said.
struct peer_facts {
  std::string name;
  std::uint32_t incarnation = 0;
  std::uint32_t behaviour = 0;
  digest256 pack;
};

/// Called on the link's thread, so they may post and must not wait: while they run nothing is sent or received.
/// Empty ones are passed over.
struct link_events {
  /// Anything but hello.
  std::function<void(const std::string& peer, opened_frame frame)> from_peer;
  /// Submissions and requests.
  std::function<void(const client_origin& client, opened_frame frame)> from_client;
  /// Our call to a peer is answered, for the first time or again. What was sent before may be lost and wants to be sent
  /// again; what still waits in its queue goes out first.
  std::function<void(const peer_facts& peer)> peer_up;
  std::function<void(const std::string& peer)> peer_down;
};

struct link_shared;

class zmq_link {
 public:
  /// Binds the doors and begins to call the peers. Errors: those of check_doors, io (a door that cannot be bound).
  static result<std::unique_ptr<zmq_link>> start(link_options options, link_events events);
  ~zmq_link();
  zmq_link(const zmq_link&) = delete;
  zmq_link& operator=(const zmq_link&) = delete;

  /// Any thread; to one peer in the order of the calls. Entries wait while the peer is away, until its queue is full.
  /// Anything but `yes` is counted, and the entry is still the caller's.
  posted post(std::string_view peer, const frame_entry& entry);
  /// Many at once, in their order, until the queue is full; how many were taken. One that no frame takes is passed over.
  std::size_t post(std::string_view peer, std::span<const frame_entry> entries);
  /// Any thread; to a client that has sent something on a connection that still stands.
  posted reply(const client_origin& client, const frame_entry& entry);
  /// Many at once, in their order, until the queue is full. `yes`: all were taken; else why one was not.
  posted reply(const client_origin& client, std::span<const frame_entry> entries);

  /// As bound, with the port; empty where there is no such door.
  const std::string& peers_endpoint() const;
  const std::string& clients_endpoint() const;
  link_counts counts() const;
  /// Entries that wait for a peer; 0 for an unknown one.
  std::size_t waiting(std::string_view peer) const;

  /// Sends what waits, at most drain_max, and ends the thread; within a second, whoever is dead. Not from a callback.
  void stop();

 private:
  explicit zmq_link(std::unique_ptr<link_shared> shared);
  std::unique_ptr<link_shared> shared_;
};

}  // namespace zhili::node
