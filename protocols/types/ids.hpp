// SPDX-License-Identifier: Apache-2.0
// Who and where: subjects and accounts, workflows, shards, partitions.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "protocols/schema/common_generated.h"
#include "protocols/types/hash.hpp"

namespace zhili {

using wire::subject_kind;
using wire::verdict;

/// A subject, or the account that it lives in: kind in the top byte, then BLAKE2b of (tenant, kind, external id).
struct subject_id {
  std::uint64_t hi = 0;
  std::uint64_t lo = 0;

  auto operator<=>(const subject_id&) const = default;
  explicit operator bool() const { return (hi | lo) != 0; }
  subject_kind kind() const { return static_cast<subject_kind>(hi >> 56); }
};
using account_id = subject_id;

subject_id make_subject_id(std::string_view tenant, subject_kind kind, std::string_view external_id);
/// A part of another id: tasks, measures, effects from (owner, stage, occasion), never from a counter of the process.
subject_id derive_id(subject_kind kind, subject_id owner, std::uint64_t stage, std::uint64_t occasion);

inline subject_id from_wire(const wire::id& v) { return {v.hi(), v.lo()}; }
inline wire::id to_wire(subject_id v) { return wire::id(v.hi, v.lo); }

std::string to_string(subject_id v);

/// 64 shards, fixed for the life of a deployment.
inline constexpr std::uint16_t shard_count = 64;

using workflow_no = std::uint8_t;
/// Workflow numbers lie above 0 and below this.
inline constexpr workflow_no workflow_end = 32;
using shard_no = std::uint8_t;

inline shard_no shard_of(account_id account) {
  const std::uint64_t word[2] = {account.hi, account.lo};
  return static_cast<shard_no>(xxh3_64(std::as_bytes(std::span{word})) % shard_count);
}

/// (workflow, shard): one writer, one log.
struct partition_id {
  workflow_no workflow = 0;
  shard_no shard = 0;

  auto operator<=>(const partition_id&) const = default;
  std::uint16_t packed() const { return static_cast<std::uint16_t>(workflow << 8 | shard); }
  static partition_id unpack(std::uint16_t v) {
    return {static_cast<workflow_no>(v >> 8), static_cast<shard_no>(v & 0xff)};
  }
};

}  // namespace zhili

template <>
struct std::hash<zhili::subject_id> {
  std::size_t operator()(const zhili::subject_id& v) const noexcept { return v.lo; }
};
