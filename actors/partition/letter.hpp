// SPDX-License-Identifier: Apache-2.0
// A message between partitions once it has left its source: what the destination needs to take it, in bytes of its own.
#pragma once

#include <cstring>

#include <boost/container/small_vector.hpp>

#include "actors/partition/engine.hpp"

namespace zhili::partition {

struct letter {
  wire::send_header head;
  partition_id source;
  std::uint32_t incarnation = 0;
  type_no type = 0;
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
  stream_kind kind() const { return static_cast<stream_kind>(head.stream()); }

  /// The command that the destination takes. The view in it lives as long as this.
  command as_command() const {
    command c;
    c.head = wire::command_header(head.account(), 0, head.at(), wire::id(0, head.marks()), {}, head.number(), incarnation,
                                  source.packed(), head.stream(), wire::origin::message);
    c.type = type;
    c.body = body();
    return c;
  }
};

/// What the destination says to the source of a stream: taken up to here; or: send again from behind here.
struct receipt_note {
  /// Whose outbox.
  partition_id source;
  /// The destination and the kind of stream.
  stream_key stream;
  std::uint64_t through = 0;
  bool again = false;
  /// Of the source: under which `through` was sent.
  std::uint32_t incarnation = 1;
};

}  // namespace zhili::partition
