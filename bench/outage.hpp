// SPDX-License-Identifier: Apache-2.0
// An open loop through a node's death: it is killed under load and started again, and the client asks again for what it
// has heard nothing of.
#pragma once

#include "bench/node_process.hpp"

namespace zhili::bench {

struct outage_plan {
  /// What the node has taken in before.
  std::uint32_t subjects = 0;
  double rate = 0;
  double seconds = 0;
  double kill_after = 0;
};

/// Seconds from the kill.
struct outage {
  double ready_s = 0;
  double first_s = 0;
  double drained_s = 0;
  double submissions = 0;
  double asked_again = 0;
};

/// With a node of its own. errc::corrupt where not every submission was accepted.
result<outage> drive_outage(const settings& s, const outage_plan& plan);

}  // namespace zhili::bench
