// SPDX-License-Identifier: Apache-2.0
// What a link's thread and those who post to it share. For node/link alone.
#pragma once

#include <atomic>
#include <future>
#include <map>
#include <mutex>
#include <thread>

#include "node/link/link.hpp"

namespace zhili::node {

/// Answers on their way to one client. There is one only while something waits.
struct client_box {
  explicit client_box(outbox_limits limits) : queue(limits) {}
  outbox queue;
  /// Popped and not yet taken by ZeroMQ; the link's thread alone touches it.
  outgoing held;
};

struct link_shared {
  link_options options;
  link_events events;
  link_keys keys;
  link_counters counters;

  /// Filled before the thread begins and not changed after.
  std::map<std::string, outbox, std::less<>> peers;

  std::mutex clients_mutex;
  std::map<std::string, client_box, std::less<>> clients;
  /// What waits in all of them.
  std::size_t clients_bytes = 0;

  /// The bound endpoints, written before `start` returns.
  std::string peers_endpoint;
  std::string clients_endpoint;

  int wake_fd = -1;
  std::atomic<bool> woken{false};
  std::atomic<bool> stopping{false};
  std::thread thread;

  /// Makes the thread look at the queues, unless somebody has just done so.
  void wake();
};

/// The body of the link's thread: tells `opened` how binding went, then runs until `stopping`.
void run_link(link_shared& shared, std::promise<status> opened);

}  // namespace zhili::node
