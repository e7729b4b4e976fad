// SPDX-License-Identifier: Apache-2.0
// The world of a scenario on a kernel whose settings lie open, with room for a layer between people and gateway.
#pragma once

#include "storage/memory_log.hpp"
#include "tests/scenarios/runs.hpp"

namespace zhili::scenarios::testing {

class staged final : public world {
 public:
  using layer = std::function<std::unique_ptr<shard_world>(agents&)>;

  /// `between`: what stands before the agents of each shard; empty: nothing does.
  staged(const scenario& s, std::uint64_t seed, const layer& between = {}) : world_(s, seed) {
    shelves_.put(baseline());
    for (shard_no n = 0; n < shard_count; ++n) {
      agents_.push_back(std::make_unique<agents>(world_, n, nullptr, nullptr));
      if (between) layers_.push_back(between(*agents_.back()));
    }
    settings.begin = s.begin - s.opening;
    settings.end = s.end;
    settings.hop = s.hop;
    settings.schedule = schedule_of(world_, *baseline(), shelves_);
    settings.shelves = &shelves_;
    settings.log = &log;
  }

  shard_world& shard(shard_no n) override { return layers_.empty() ? static_cast<shard_world&>(*agents_[n]) : *layers_[n]; }

  run_totals go() {
    kernel k(settings, *this);
    auto totals = k.run();
    ZHILI_ASSERT(totals.has_value(), totals.error().detail);
    return *totals;
  }
  /// After the run, once.
  figures close() {
    figures all;
    for (auto& a : agents_) all.merge(a->books().close(world_.about().end));
    all.finish();
    return all;
  }
  std::uint64_t submissions() const {
    std::uint64_t n = 0;
    for (const auto& a : agents_) n += a->submissions();
    return n;
  }
  const model& about() const { return world_; }

  run_settings settings;
  storage::memory_log log;

 private:
  model world_;
  shelf shelves_;
  std::vector<std::unique_ptr<agents>> agents_;
  std::vector<std::unique_ptr<shard_world>> layers_;
};

}  // namespace zhili::scenarios::testing
