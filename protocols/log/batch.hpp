// SPDX-License-Identifier: Apache-2.0
// A batch of a partition's log: written entry by entry, sealed with its CRC, read back in place.
// docs/wire.md is normative. Not thread-safe; one writer belongs to one partition.
#pragma once

#include <cstddef>

#include <boost/container/vector.hpp>

#include "protocols/schema/log_generated.h"
#include "protocols/types/hash.hpp"
#include "protocols/types/ids.hpp"
#include "protocols/types/result.hpp"

namespace zhili {

using wire::entry_kind;

inline constexpr std::uint32_t batch_magic = 0x4c5a485a;  // "ZHZL"
inline constexpr std::uint16_t batch_format = 1;

/// One entry of a batch, in place.
struct entry_view {
  entry_kind kind{};
  std::uint16_t type = 0;
  /// The header of the kind (wire::command_header and so on), then the body; both 8-aligned.
  bytes_view content;

  template <class Header>
  const Header& header() const {
    return *reinterpret_cast<const Header*>(content.data());
  }
  template <class Header>
  bytes_view body() const {
    return content.subspan(sizeof(Header));
  }
};

class batch_writer {
 public:
  batch_writer();

  bool empty() const { return entries_ == 0; }
  std::size_t bytes() const { return bytes_.size(); }
  std::uint32_t entries() const { return entries_; }

  /// Where the next entry will begin; with `since` the bytes of the entries of one command.
  std::size_t position() const { return bytes_.size(); }
  /// After `seal`: the whole batch.
  bytes_view sealed() const { return view(); }
  bytes_view since(std::size_t position) const { return view().subspan(position); }

  /// `header` may be empty (events).
  void add(entry_kind kind, std::uint16_t type, bytes_view header, bytes_view body);

  /// Writes the head and the CRC. The view lives until the next call of clear or add.
  bytes_view seal(partition_id partition, std::uint64_t seq, std::uint64_t epoch, std::uint32_t incarnation,
                  std::uint32_t behaviour, digest128 chain);
  void clear();

 private:
  bytes_view view() const { return {bytes_.data(), bytes_.size()}; }

  boost::container::vector<std::byte> bytes_;
  std::uint32_t entries_ = 0;
};

/// A batch that was checked as a whole: head, length, CRC and every entry's bounds and header size.
class batch_reader {
 public:
  /// The bytes must outlive the reader and be 8-aligned.
  static result<batch_reader> open(bytes_view bytes);

  const wire::batch_header& head() const { return *reinterpret_cast<const wire::batch_header*>(bytes_.data()); }

  class iterator {
   public:
    iterator(const std::byte* at) : at_(at) {}
    entry_view operator*() const;
    iterator& operator++();
    bool operator==(const iterator&) const = default;
    /// The first byte of the entry's head.
    const std::byte* position() const { return at_; }

   private:
    const std::byte* at_;
  };
  iterator begin() const { return {bytes_.data() + sizeof(wire::batch_header)}; }
  iterator end() const { return {bytes_.data() + bytes_.size()}; }

 private:
  explicit batch_reader(bytes_view bytes) : bytes_(bytes) {}
  friend batch_reader trusted_batch(bytes_view bytes);
  bytes_view bytes_;
};

/// A batch that this process has just sealed: no second check.
batch_reader trusted_batch(bytes_view bytes);

}  // namespace zhili
