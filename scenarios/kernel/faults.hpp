// SPDX-License-Identifier: Apache-2.0
// What goes wrong, by seed: messages dropped, doubled, delayed, out of order; partitions crashing around a commit;
// submitters sending twice. Everything is decided by the message's own name, so that it is the same on any number of
// lanes.
#pragma once

#include "scenarios/kernel/parcel.hpp"
#include "scenarios/random.hpp"

namespace zhili::scenarios {

/// A stream whose last message was lost is sent again this often. Only faults make it necessary.
inline constexpr duration resend_every = std::chrono::minutes{15};

struct fault_plan {
  std::uint64_t seed = 0;
  std::uint32_t drop_ppm = 0;
  std::uint32_t double_ppm = 0;
  std::uint32_t delay_ppm = 0;
  duration delay_max{0};
  std::uint32_t crash_ppm = 0;
  std::uint32_t repeat_ppm = 0;
  /// Inside accounts too; else only between partitions that a network could part.
  bool inside = true;
  /// Faults stop here and everything must heal.
  instant until = never;

  bool any() const { return drop_ppm + double_ppm + delay_ppm + crash_ppm + repeat_ppm != 0; }
  /// Are messages ever lost or late, so that streams need asking and sending again?
  bool touches_messages() const { return drop_ppm + double_ppm + delay_ppm != 0; }

  /// The same faults, over early enough before `end` that everything lost and late has arrived by then.
  fault_plan healed_by(instant end) const;

  /// Swarm: draws which faults there are and how many from the seed.
  static fault_plan draw(std::uint64_t seed);
  /// Crashes and doubles alone: every state must end as without them.
  static fault_plan crashes(std::uint64_t seed);
};

struct fault_counts {
  std::uint64_t dropped = 0;
  std::uint64_t doubled = 0;
  std::uint64_t delayed = 0;
  std::uint64_t crashed = 0;
  std::uint64_t repeated = 0;
  std::uint64_t gaps = 0;
  std::uint64_t resent = 0;

  fault_counts& operator+=(const fault_counts& o) {
    dropped += o.dropped;
    doubled += o.doubled;
    delayed += o.delayed;
    crashed += o.crashed;
    repeated += o.repeated;
    gaps += o.gaps;
    resent += o.resent;
    return *this;
  }
};

/// Where a partition's process dies.
enum class crash_point : std::uint8_t { none, before_append, before_dispatch, after_dispatch };

}  // namespace zhili::scenarios
