// SPDX-License-Identifier: Apache-2.0
// Registry snapshots: which licences the health authority lists, and which it has revoked.
#pragma once

#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "actors/partition/context.hpp"
#include "scenarios/world/model.hpp"

namespace zhili::scenarios {

class registry_snapshot final : public partition::registry {
 public:
  registry_snapshot(std::uint32_t version, std::vector<std::uint64_t> listed, std::vector<std::uint64_t> revoked);

  std::uint32_t version() const override { return version_; }
  digest128 digest() const override { return digest_; }
  entry look_up(std::uint64_t licence) const override;

  /// Sorted.
  const std::vector<std::uint64_t>& listed() const { return listed_; }
  const std::vector<std::uint64_t>& revoked() const { return revoked_; }

 private:
  std::uint32_t version_;
  std::vector<std::uint64_t> listed_;
  std::vector<std::uint64_t> revoked_;
  digest128 digest_;
  std::unordered_map<std::uint64_t, entry> entries_;
};

/// The snapshot of this number in the world model: 0 before the first day, then one every `registry_every`.
std::shared_ptr<const registry_snapshot> snapshot_of(const model& world, std::uint32_t number);

/// What the register's own page says of an institution's licence at a time: it is never late and lacks nobody.
partition::registry::entry looked_up(const model& world, item_ref institution, instant at);

/// Packs and snapshots of a run.
class shelf final : public partition::library {
 public:
  /// A pack may come while partitions read: a node is given one to release.
  void put(std::shared_ptr<const policy::pack> p);
  void put(std::shared_ptr<const registry_snapshot> s);

  std::shared_ptr<const policy::pack> pack(digest128 digest) const override;
  std::shared_ptr<const partition::registry> snapshot(digest128 digest) const override;

  std::vector<std::shared_ptr<const policy::pack>> packs() const;
  const std::vector<std::shared_ptr<const registry_snapshot>>& snapshots() const { return snapshots_; }

 private:
  mutable std::shared_ptr<std::mutex> mutex_ = std::make_shared<std::mutex>();
  std::vector<std::shared_ptr<const policy::pack>> packs_;
  std::vector<std::shared_ptr<const registry_snapshot>> snapshots_;
};

}  // namespace zhili::scenarios
