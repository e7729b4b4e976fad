// SPDX-License-Identifier: Apache-2.0
// Packs from folders and registry snapshots from a list, for tests.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "actors/partition/context.hpp"

namespace zhili::testkit {

/// A snapshot that says what a test wrote into it; every licence that it does not name is `missing`.
class written_registry final : public partition::registry {
 public:
  using entries = std::map<std::string, entry>;

  written_registry(std::uint32_t version, const entries& by_licence_number);

  std::uint32_t version() const override { return version_; }
  digest128 digest() const override { return {0x7265676973747279, version_}; }
  entry look_up(std::uint64_t licence) const override;

 private:
  std::uint32_t version_;
  std::map<std::uint64_t, entry> entries_;
};

class shelf final : public partition::library {
 public:
  /// Loads a pack once a process. REQUIRES: the folder holds a good pack; the tests run in the root of the project.
  std::shared_ptr<const policy::pack> load(const std::string& folder);
  void put(std::shared_ptr<const partition::registry> snapshot) { snapshots_[snapshot->digest()] = std::move(snapshot); }

  std::shared_ptr<const policy::pack> pack(digest128 digest) const override;
  std::shared_ptr<const partition::registry> snapshot(digest128 digest) const override;

 private:
  std::map<digest128, std::shared_ptr<const policy::pack>> packs_;
  std::map<digest128, std::shared_ptr<const partition::registry>> snapshots_;
};

}  // namespace zhili::testkit
