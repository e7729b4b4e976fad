// SPDX-License-Identifier: Apache-2.0
#include "protocols/types/ids.hpp"

#include <fmt/format.h>

#include "protocols/types/limits.hpp"
#include "protocols/types/result.hpp"

namespace zhili {
namespace {

subject_id with_kind(digest128 d, subject_kind kind) {
  constexpr std::uint64_t low_bytes = (1ull << 56) - 1;
  return {(d.hi & low_bytes) | static_cast<std::uint64_t>(kind) << 56, d.lo};
}

}  // namespace

subject_id make_subject_id(std::string_view tenant, subject_kind kind, std::string_view external_id) {
  // tenant NUL kind external-id: the tenant cannot hold a NUL, so no two triples give the same bytes.
  char buffer[limits::tenant_bytes_max + 2 + limits::external_id_bytes_max];
  ZHILI_ASSERT(tenant.size() <= limits::tenant_bytes_max && external_id.size() <= limits::external_id_bytes_max,
               "an external id is checked at the edge");
  std::size_t n = 0;
  n += tenant.copy(buffer, tenant.size());
  buffer[n++] = 0;
  buffer[n++] = static_cast<char>(kind);
  n += external_id.copy(buffer + n, external_id.size());
  return with_kind(blake2b_128(as_bytes_view({buffer, n})), kind);
}

subject_id derive_id(subject_kind kind, subject_id owner, std::uint64_t stage, std::uint64_t occasion) {
  const std::uint64_t word[4] = {owner.hi, owner.lo, stage, occasion};
  return with_kind(xxh3_128(std::as_bytes(std::span{word})), kind);
}

std::string to_string(subject_id v) {
  const char* kind = wire::EnumNamesubject_kind(v.kind());
  return fmt::format("{}:{:014x}{:016x}", kind, v.hi & ((1ull << 56) - 1), v.lo);
}

}  // namespace zhili
