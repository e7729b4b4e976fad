// SPDX-License-Identifier: Apache-2.0
#include "node/link/counts.hpp"

namespace zhili::node {

std::string_view name(link_count c) {
  constexpr std::array<std::string_view, link_counts_n> names{
      "frames_in",       "entries_in",       "bytes_in",       "frames_out",          "entries_out",
      "bytes_out",       "calls_up",         "calls_down",     "fault_dropped",       "fault_doubled",
      "fault_reordered", "truncated",        "too_large",      "checksum",            "malformed",
      "unknown_type",    "unsupported_version", "out_of_range", "several_parts",      "unexpected_kind",
      "no_hello",        "unknown_peer",     "wrong_key_for_name", "wrong_shards",    "wrong_behaviour",
      "unknown_key",     "not_loopback",     "handshake_failed", "refused_by_peer",   "cut_off",
      "queue_full",      "unknown_destination", "bad_entry",   "client_gone"};
  static_assert(!names.back().empty());
  return names[static_cast<std::size_t>(c)];
}

link_count count_of(errc refused) {
  switch (refused) {
    case errc::truncated: return link_count::truncated;
    case errc::too_large: return link_count::too_large;
    case errc::checksum: return link_count::checksum;
    case errc::unknown_type: return link_count::unknown_type;
    case errc::unsupported_version: return link_count::unsupported_version;
    case errc::out_of_range: return link_count::out_of_range;
    default: return link_count::malformed;
  }
}

link_counts link_counters::read() const {
  link_counts out;
  for (std::size_t i = 0; i < link_counts_n; ++i) out.value[i] = value_[i].load(std::memory_order_relaxed);
  return out;
}

}  // namespace zhili::node
