// SPDX-License-Identifier: Apache-2.0
// What a link has done and refused, counted by cause; written by any thread, read by any thread.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

#include "protocols/types/result.hpp"

namespace zhili::node {

/// The order is that of `name`; all from `truncated` on are refusals.
enum class link_count : std::uint8_t {
  frames_in,
  entries_in,
  bytes_in,
  frames_out,
  entries_out,
  bytes_out,
  /// Calls to peers that were answered, and those that broke after that.
  calls_up,
  calls_down,
  /// Frames to peers that a rehearsal lost, sent twice, or sent behind the next one.
  fault_dropped,
  fault_doubled,
  fault_reordered,

  /// Frames that `open_frame` refused, by its code; `too_large` up to a little above the limit: what is larger still
  /// never comes so far, its connection is cut (`cut_off` counts every connection that ended).
  truncated,
  too_large,
  checksum,
  malformed,
  unknown_type,
  unsupported_version,
  out_of_range,
  /// A message of several parts.
  several_parts,
  /// A kind that does not come from where it came from.
  unexpected_kind,
  /// A frame on a peers' door before its hello.
  no_hello,
  /// A hello under a name that the config does not know, or that is not its key's.
  unknown_peer,
  wrong_key_for_name,
  wrong_shards,
  wrong_behaviour,
  /// A CURVE key that stands in no list.
  unknown_key,
  /// No CURVE, and not from this machine.
  not_loopback,
  /// Connections that never came to be: no ZeroMQ, other mechanism, wrong server key, half-open.
  handshake_failed,
  /// Of ours, refused by a peer's door: our key stands in no list there.
  refused_by_peer,
  cut_off,
  /// Told to whoever posted: a queue is full, or there is no such peer, or an entry that no frame takes.
  queue_full,
  unknown_destination,
  bad_entry,
  /// Entries for a client that has gone; it asks again under the same key.
  client_gone,
  last = client_gone,
};

inline constexpr std::size_t link_counts_n = static_cast<std::size_t>(link_count::last) + 1;

/// Snake case, as in metrics.
std::string_view name(link_count c);
/// Where a frame that `open_frame` refused is counted.
link_count count_of(errc refused);

/// A snapshot.
struct link_counts {
  std::array<std::uint64_t, link_counts_n> value{};
  std::uint64_t operator[](link_count c) const { return value[static_cast<std::size_t>(c)]; }
};

class link_counters {
 public:
  void add(link_count c, std::uint64_t n = 1) {
    value_[static_cast<std::size_t>(c)].fetch_add(n, std::memory_order_relaxed);
  }
  link_counts read() const;

 private:
  std::array<std::atomic<std::uint64_t>, link_counts_n> value_{};
};

}  // namespace zhili::node
