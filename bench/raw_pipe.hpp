// SPDX-License-Identifier: Apache-2.0
// The floor of a hop: payloads, so many to a ZeroMQ message, from a DEALER to a ROUTER over tcp on loopback.
#pragma once

#include <cstdint>

#include "bench/measure.hpp"

namespace zhili::bench {

struct pipe_plan {
  std::uint64_t payloads = 0;
  std::size_t payload_bytes = 0;
  std::size_t payloads_a_message = 64;
  bool curve = false;
};

/// Copies every payload into its message; the receiver looks at none. errc::io where ZeroMQ does not do it.
result<elapsed> drive_raw_pipe(const pipe_plan& plan);

}  // namespace zhili::bench
