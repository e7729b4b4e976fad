// SPDX-License-Identifier: Apache-2.0
// The ordered streams between partitions: what this one has sent and not yet seen acknowledged, and how far it has
// taken what others sent. Each ordered pair of partitions has two streams, one inside accounts and one for all else.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "protocols/schema/log_generated.h"
#include "protocols/types/hash.hpp"
#include "protocols/types/ids.hpp"
#include "protocols/types/result.hpp"

namespace zhili::partition {

enum class stream_kind : std::uint8_t { inside_account = 0, across_accounts = 1 };

struct stream_key {
  /// The partition at the other end.
  partition_id partition;
  stream_kind kind = stream_kind::inside_account;

  auto operator<=>(const stream_key&) const = default;
};

/// True where such a stream may exist: what comes from a log or a peer is asked first.
constexpr bool valid(stream_key key) {
  return key.partition.workflow < workflow_end && key.partition.shard < shard_count &&
         key.kind <= stream_kind::across_accounts;
}

/// One message as it lies in the outbox or on its way.
struct message_view {
  wire::send_header head;
  std::uint16_t type = 0;
  bytes_view body;
};

/// What a message may carry beside its number; do not renumber.
enum message_mark : std::uint8_t {
  /// The first of its stream in another life of the source: what the life before sent under this number or above was
  /// forgotten in a restore. Stands in the source's log.
  life_begins = 1,
  /// The source has nothing of what came before it in its stream; set on the way, where that was asked for.
  none_before = 2,
};

/// Sent and not acknowledged, first in first out. Bytes lie in one block that empties itself.
class outbox {
 public:
  outbox() = default;
  /// As after `through` was sent and acknowledged.
  explicit outbox(std::uint64_t through) : next_(through + 1), through_(through) {}

  std::uint64_t next_number() const { return next_; }
  std::uint64_t acknowledged() const { return through_; }
  bool empty() const { return head_ == bytes_.size(); }

  /// REQUIRES: head.number() == next_number().
  void push(const wire::send_header& head, std::uint16_t type, bytes_view body);
  /// Forgets everything up to `through`; what lies before it already is ignored. True where something was forgotten.
  bool acknowledge(std::uint64_t through);
  /// Messages that were acknowledged and are to be sent again after all.
  /// REQUIRES: earlier.next_number() == acknowledged() + 1.
  void put_before(outbox&& earlier);
  template <class Visitor>
  void each(Visitor&& visit) const {
    for (std::size_t at = head_; at < bytes_.size();) visit(read(at));
  }

 private:
  message_view read(std::size_t& at) const;

  std::vector<std::byte> bytes_;
  std::size_t head_ = 0;
  std::uint64_t next_ = 1;
  std::uint64_t through_ = 0;
};

/// How far a source's stream has been taken.
struct inbox_mark {
  std::uint64_t number = 0;
  std::uint32_t incarnation = 0;
};

/// A table by stream_key, REQUIRES: valid(key), that costs memory only for workflows at the other end that were ever spoken with.
template <class T>
class stream_table {
 public:
  T& at(stream_key key) {
    auto& page = pages_[page_of(key)];
    if (!page) page = std::make_unique<page_type>();
    return (*page)[slot(key)];
  }
  const T* find(stream_key key) const {
    const auto& page = pages_[page_of(key)];
    return page ? &(*page)[slot(key)] : nullptr;
  }
  /// In the order of workflow, shard, kind.
  template <class Visitor>
  void each(Visitor&& visit) const {
    for (workflow_no w = 0; w < workflow_end; ++w) {
      if (!pages_[w]) continue;
      for (std::size_t s = 0; s < slots; ++s) {
        visit(stream_key{{w, static_cast<shard_no>(s / 2)}, static_cast<stream_kind>(s % 2)},
              std::as_const((*pages_[w])[s]));
      }
    }
  }

 private:
  static constexpr std::size_t slots = std::size_t{shard_count} * 2;
  using page_type = std::array<T, slots>;
  static std::size_t page_of(stream_key key) {
    ZHILI_ASSERT(valid(key), "streams are checked where they come in");
    return key.partition.workflow;
  }
  static std::size_t slot(stream_key key) {
    return std::size_t{key.partition.shard} * 2 + static_cast<std::size_t>(key.kind);
  }
  std::array<std::unique_ptr<page_type>, workflow_end> pages_;
};

}  // namespace zhili::partition
