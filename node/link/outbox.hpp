// SPDX-License-Identifier: Apache-2.0
// Entries on their way to one destination, laid into frames as they come, first in first out and bounded. Any thread
// may push; one thread takes.
#pragma once

#include <deque>
#include <mutex>
#include <vector>

#include "protocols/frame.hpp"

namespace zhili::node {

enum class posted {
  yes,
  /// Nothing was taken; the caller holds it back or answers `busy`.
  full,
  /// No such destination, or a client that is not there any more.
  unknown,
  /// No frame would ever take it: `check_entry` says why.
  bad_entry,
};

struct outbox_limits {
  std::size_t bytes_max = 16 * 1024 * 1024;
  std::size_t entries_max = 256 * 1024;
};

/// A frame that is ready to be sent, and how many entries it holds; no bytes: there is none.
struct outgoing {
  std::vector<std::byte> bytes;
  std::uint32_t entries = 0;
};

class outbox {
 public:
  explicit outbox(outbox_limits limits) : limits_(limits) {}

  /// Takes an entry while less than bytes_max and entries_max wait, so it holds at most one entry more than bytes_max.
  posted push(const frame_entry& e);
  /// The oldest frame with all the entries that have come to be in it.
  outgoing pop();
  bool empty() const;
  std::size_t bytes() const;
  std::size_t entries() const;

 private:
  mutable std::mutex mutex_;
  outbox_limits limits_;
  std::deque<frame_writer> frames_;
  std::size_t bytes_ = 0;
  std::size_t entries_ = 0;
};

}  // namespace zhili::node
