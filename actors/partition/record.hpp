// SPDX-License-Identifier: Apache-2.0
// Small conversions between the engine's values and their form in the log; for the engine's own sources.
#pragma once

#include <span>

#include "actors/partition/engine.hpp"

namespace zhili::partition {

/// Seeds the hash of the body, so that the same bytes for another subject or account are another submission.
inline std::uint64_t hash_of_body(const command& c) {
  const std::uint64_t seed[3] = {c.head.subject().lo(), c.head.account().lo(), c.type};
  return xxh3_64(c.body, xxh3_64(std::as_bytes(std::span{seed})));
}

inline wire::outcome record_of(const outcome& o) { return wire::outcome(o.status, o.verdict, o.why, o.field, o.kind, 0); }

inline outcome outcome_of(const wire::outcome& o) {
  return {o.status(), o.verdict(), o.why(), o.field(), o.kind()};
}

inline stream_key stream_of(std::uint16_t partition, std::uint8_t kind) {
  return {partition_id::unpack(partition), static_cast<stream_kind>(kind)};
}

inline stream_key source_of(const wire::command_header& head) { return stream_of(head.source(), head.stream()); }

}  // namespace zhili::partition
