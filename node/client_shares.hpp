// SPDX-License-Identifier: Apache-2.0
// How many submissions of one client may be under way in this node at once, so that a client that floods it delays the
// others by no more than its share. The link's thread alone uses `client_shares`; `under_way` may be lowered by any.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <unordered_map>

namespace zhili::node {

struct client_share {
  std::atomic<std::uint32_t> under_way{0};
  /// When it last submitted.
  std::chrono::steady_clock::time_point seen{};
};

class client_shares {
 public:
  using steady = std::chrono::steady_clock;
  /// Of a client that is alone.
  static constexpr std::uint32_t alone_max = 16384;
  /// Of several together, dealt in equal parts; nobody's part is less than `least`.
  static constexpr std::uint32_t together_max = 4096;
  static constexpr std::uint32_t least = 256;
  /// A client counts as one of several for so long after its last submission.
  static constexpr std::chrono::seconds active_for{1};

  /// The client's, new where it has none.
  std::shared_ptr<client_share> of(const std::string& client, steady::time_point now);
  /// How many each may have under way now.
  std::uint32_t most(steady::time_point now);

 private:
  std::unordered_map<std::string, std::shared_ptr<client_share>> shares_;
  steady::time_point counted_at_{};
  std::uint32_t most_ = alone_max;
};

}  // namespace zhili::node
