// SPDX-License-Identifier: Apache-2.0
#include "tests/testkit/shelf.hpp"

namespace zhili::testkit {

written_registry::written_registry(std::uint32_t version, const entries& by_licence_number) : version_(version) {
  for (const auto& [licence, what] : by_licence_number) entries_[xxh3_64(as_bytes_view(licence))] = what;
}

partition::registry::entry written_registry::look_up(std::uint64_t licence) const {
  const auto found = entries_.find(licence);
  return found == entries_.end() ? entry::missing : found->second;
}

std::shared_ptr<const policy::pack> shelf::load(const std::string& folder) {
  static std::map<std::string, std::shared_ptr<const policy::pack>> loaded;
  auto& p = loaded[folder];
  if (!p) {
    const auto read = policy::pack::load(folder);
    ZHILI_ASSERT(read.has_value(), read.error().detail);
    p = *read;
  }
  packs_[partition::pack_tag(*p)] = p;
  return p;
}

std::shared_ptr<const policy::pack> shelf::pack(digest128 digest) const {
  const auto found = packs_.find(digest);
  return found == packs_.end() ? nullptr : found->second;
}

std::shared_ptr<const partition::registry> shelf::snapshot(digest128 digest) const {
  const auto found = snapshots_.find(digest);
  return found == snapshots_.end() ? nullptr : found->second;
}

}  // namespace zhili::testkit
