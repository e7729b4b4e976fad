// SPDX-License-Identifier: Apache-2.0
// Frames to a peer that are lost, doubled or overtaken on purpose, by seed: for rehearsals of what a bad network does.
// The link's thread alone uses it.
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <random>
#include <string_view>

#include "node/link/outbox.hpp"

namespace zhili::node {

/// Of a thousand frames so many; all zero: none.
struct fault_rates {
  std::uint64_t seed = 0;
  std::uint32_t drop = 0;
  std::uint32_t doubled = 0;
  std::uint32_t reorder = 0;
  bool any() const { return drop + doubled + reorder != 0; }
};

struct fault_counts {
  std::uint64_t dropped = 0;
  std::uint64_t doubled = 0;
  std::uint64_t reordered = 0;
};

class frame_faults {
 public:
  using steady = std::chrono::steady_clock;
  /// An overtaken frame goes out behind the next one, or after so long where none follows.
  static constexpr std::chrono::milliseconds late_max{20};

  /// Each pair of names has chances of its own.
  frame_faults(const fault_rates& rates, std::string_view from, std::string_view to);

  /// As `outbox::pop`, with what has become of the frames on their way.
  outgoing next(outbox& queue, steady::time_point now);
  /// Something may come of `next` without anything new in the queue.
  bool waits() const { return !ready_.empty() || late_.has_value(); }
  /// Since this was last called.
  fault_counts counted() { return std::exchange(counted_, {}); }

 private:
  fault_rates rates_;
  std::mt19937_64 chance_;
  std::deque<outgoing> ready_;
  std::optional<outgoing> late_;
  steady::time_point late_until_{};
  fault_counts counted_;
};

}  // namespace zhili::node
