// SPDX-License-Identifier: Apache-2.0
#include "scenarios/world/registry.hpp"

#include <algorithm>

namespace zhili::scenarios {

registry_snapshot::registry_snapshot(std::uint32_t version, std::vector<std::uint64_t> listed,
                                     std::vector<std::uint64_t> revoked)
    : version_(version), listed_(std::move(listed)), revoked_(std::move(revoked)) {
  std::sort(listed_.begin(), listed_.end());
  std::sort(revoked_.begin(), revoked_.end());
  digest_ = chain({version_, 0}, std::as_bytes(std::span{listed_}));
  digest_ = chain(digest_, std::as_bytes(std::span{revoked_}));
  for (const std::uint64_t licence : listed_) entries_[licence] = entry::listed;
  for (const std::uint64_t licence : revoked_) entries_[licence] = entry::revoked;
}

partition::registry::entry registry_snapshot::look_up(std::uint64_t licence) const {
  const auto found = entries_.find(licence);
  return found == entries_.end() ? entry::missing : found->second;
}

std::shared_ptr<const registry_snapshot> snapshot_of(const model& world, std::uint32_t number) {
  std::vector<std::uint64_t> listed, revoked;
  const population& people = world.people();
  for (std::size_t n = 0; n < people.institutions(); ++n) {
    const institution_profile& p = people.institution(n);
    // Who has no licence stands in no register; who forged one uses a number that is somebody else's or nobody's.
    if (p.missing_in_registry || p.wrong == wrong::unlicensed || p.wrong == wrong::forged_licence) continue;
    const std::uint64_t licence = xxh3_64(as_bytes_view(population::licence_number(p, n)));
    const bool is_revoked = p.wrong == wrong::revoked_licence || (p.revoked_in != 0 && p.revoked_in <= number);
    (is_revoked ? revoked : listed).push_back(licence);
  }
  return std::make_shared<registry_snapshot>(number + 1, std::move(listed), std::move(revoked));
}

partition::registry::entry looked_up(const model& world, item_ref institution, instant at) {
  using entry = partition::registry::entry;
  const institution_profile& p = world.people().institution(institution.ordinal);
  if (p.wrong == wrong::unlicensed || p.wrong == wrong::forged_licence) return entry::missing;
  const bool revoked = p.wrong == wrong::revoked_licence || (p.revoked_at != 0 && p.revoked_at <= at.ms);
  return revoked ? entry::revoked : entry::listed;
}

void shelf::put(std::shared_ptr<const policy::pack> p) {
  std::lock_guard lock(*mutex_);
  packs_.push_back(std::move(p));
}
void shelf::put(std::shared_ptr<const registry_snapshot> s) { snapshots_.push_back(std::move(s)); }

std::vector<std::shared_ptr<const policy::pack>> shelf::packs() const {
  std::lock_guard lock(*mutex_);
  return packs_;
}

std::shared_ptr<const policy::pack> shelf::pack(digest128 digest) const {
  std::lock_guard lock(*mutex_);
  for (const auto& p : packs_) {
    if (partition::pack_tag(*p) == digest) return p;
  }
  return nullptr;
}

std::shared_ptr<const partition::registry> shelf::snapshot(digest128 digest) const {
  for (const auto& s : snapshots_) {
    if (s->digest() == digest) return s;
  }
  return nullptr;
}

}  // namespace zhili::scenarios
