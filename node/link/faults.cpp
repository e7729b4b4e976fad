// SPDX-License-Identifier: Apache-2.0
#include "node/link/faults.hpp"

#include <utility>

#include "protocols/types/hash.hpp"

namespace zhili::node {
namespace {

constexpr std::uint64_t mille = 1000;

outgoing taken(std::deque<outgoing>& from) {
  outgoing first = std::move(from.front());
  from.pop_front();
  return first;
}

}  // namespace

frame_faults::frame_faults(const fault_rates& rates, std::string_view from, std::string_view to) : rates_(rates) {
  std::seed_seq mixed{rates.seed >> 32, rates.seed & 0xffffffff, crc32c(as_bytes_view(from)) + std::uint64_t{0},
                      crc32c(as_bytes_view(to)) + std::uint64_t{0}};
  chance_.seed(mixed);
}

outgoing frame_faults::next(outbox& queue, steady::time_point now) {
  for (;;) {
    if (!ready_.empty()) return taken(ready_);
    outgoing frame = queue.pop();
    if (frame.entries == 0) {
      if (late_ && now >= late_until_) return *std::exchange(late_, std::nullopt);
      return {};
    }
    const std::uint64_t drawn = chance_() % mille;
    if (drawn < rates_.drop) {
      ++counted_.dropped;
      continue;
    }
    if (drawn < rates_.drop + rates_.doubled) {
      ++counted_.doubled;
      ready_.push_back(frame);
    } else if (!late_ && drawn < rates_.drop + rates_.doubled + rates_.reorder) {
      ++counted_.reordered;
      late_ = std::move(frame);
      late_until_ = now + late_max;
      continue;
    }
    // Whatever was held back has been overtaken now.
    if (late_) ready_.push_back(*std::exchange(late_, std::nullopt));
    return frame;
  }
}

}  // namespace zhili::node
