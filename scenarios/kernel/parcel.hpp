// SPDX-License-Identifier: Apache-2.0
// A message on its way between partitions in virtual time.
#pragma once

#include <cstring>

#include <boost/container/small_vector.hpp>

#include "actors/partition/streams.hpp"
#include "protocols/message.hpp"
#include "protocols/types/time.hpp"

namespace zhili::scenarios {

struct parcel {
  instant due;
  wire::send_header head;
  partition_id source;
  std::uint32_t incarnation = 0;
  type_no type = 0;
  std::uint16_t attempt = 0;
  std::uint32_t length = 0;
  /// In words, so that the body is 8-aligned; most bodies fit without an allocation.
  boost::container::small_vector<std::uint64_t, 10> words;

  void fill(bytes_view body) {
    length = static_cast<std::uint32_t>(body.size());
    words.resize((body.size() + 7) / 8);
    if (!body.empty()) std::memcpy(words.data(), body.data(), body.size());
  }
  bytes_view body() const { return std::as_bytes(std::span{words.data(), words.size()}).first(length); }
  partition_id destination() const { return partition_id::unpack(head.destination()); }
  partition::stream_kind kind() const { return static_cast<partition::stream_kind>(head.stream()); }
};

/// The place of an event in the one total order, after its time: kind of event, destination, source, stream, number.
struct place {
  std::uint64_t high = 0;
  std::uint64_t number = 0;
  auto operator<=>(const place&) const = default;

  static place of(const parcel& p) {
    return {std::uint64_t{p.head.destination()} << 32 | std::uint64_t{p.source.packed()} << 8 | p.head.stream(),
            p.head.number()};
  }
};

}  // namespace zhili::scenarios
