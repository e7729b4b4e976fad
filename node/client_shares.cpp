// SPDX-License-Identifier: Apache-2.0
#include "node/client_shares.hpp"

#include <algorithm>

namespace zhili::node {
namespace {

/// How often the clients are counted.
constexpr std::chrono::milliseconds count_every{100};
/// Connections that come and go must not pile up.
constexpr std::chrono::seconds forgotten_after{10};

}  // namespace

std::shared_ptr<client_share> client_shares::of(const std::string& client, steady::time_point now) {
  auto& share = shares_[client];
  if (!share) share = std::make_shared<client_share>();
  share->seen = now;
  return share;
}

std::uint32_t client_shares::most(steady::time_point now) {
  if (now - counted_at_ < count_every) return most_;
  counted_at_ = now;
  std::uint32_t active = 0;
  for (auto it = shares_.begin(); it != shares_.end();) {
    const client_share& s = *it->second;
    if (now - s.seen <= active_for) ++active;
    it = now - s.seen > forgotten_after && s.under_way == 0 ? shares_.erase(it) : std::next(it);
  }
  most_ = active <= 1 ? alone_max : std::max(least, together_max / active);
  return most_;
}

}  // namespace zhili::node
