// SPDX-License-Identifier: Apache-2.0
// A client that gives envelopes as fast as they are answered, over the link that every client of zhili has. What it
// feeds may be a node, or a floor that only says how many it has kept.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "bench/envelopes.hpp"
#include "node/link/link.hpp"

namespace zhili::bench {

class feeder {
 public:
  /// Calls the door of a gateway. io: nobody says hello within ten seconds.
  static result<std::unique_ptr<feeder>> connect(const std::string& endpoint);

  /// Submits everything, at most `window` without answer at once, and waits for the last answer. io: something was
  /// refused, or nothing was heard for a minute.
  status give_all(const envelope_load& load, std::uint32_t window) { return give(load, load.size(), window); }
  /// The first `count` of it.
  status give(const envelope_load& load, std::uint32_t count, std::uint32_t window);
  /// Envelopes that a gateway told to come again.
  std::uint64_t busy() const { return busy_; }

 private:
  feeder() = default;
  void heard(const opened_frame& frame);

  std::mutex mutex_;
  std::condition_variable changed_;
  bool up_ = false;
  std::uint64_t answered_ = 0;
  std::uint64_t busy_ = 0;
  std::string refused_;
  /// To be submitted again.
  std::deque<std::uint32_t> again_;
  std::unique_ptr<node::zmq_link> link_;
};

}  // namespace zhili::bench
