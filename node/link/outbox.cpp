// SPDX-License-Identifier: Apache-2.0
#include "node/link/outbox.hpp"

namespace zhili::node {

posted outbox::push(const frame_entry& e) {
  const std::lock_guard lock(mutex_);
  if (bytes_ >= limits_.bytes_max || entries_ >= limits_.entries_max) return posted::full;
  if (frames_.empty()) frames_.emplace_back();
  std::size_t before = frames_.back().bytes();
  auto added = frames_.back().add(e);
  if (!added) return posted::bad_entry;
  if (!*added) {
    frames_.emplace_back();
    before = frames_.back().bytes();
    added = frames_.back().add(e);
    ZHILI_ASSERT(added && *added, "an entry fits no empty frame");
  }
  bytes_ += frames_.back().bytes() - before;
  ++entries_;
  return posted::yes;
}

outgoing outbox::pop() {
  frame_writer oldest;
  {
    const std::lock_guard lock(mutex_);
    // A writer that took nothing but bad entries is no frame.
    if (entries_ == 0) return {};
    bytes_ -= frames_.front().bytes() - oldest.bytes();
    entries_ -= frames_.front().count();
    oldest = std::move(frames_.front());
    frames_.pop_front();
  }
  // The CRC is taken outside the lock.
  const std::uint32_t entries = oldest.count();
  return {oldest.take(), entries};
}

bool outbox::empty() const {
  const std::lock_guard lock(mutex_);
  return entries_ == 0;
}

std::size_t outbox::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

std::size_t outbox::entries() const {
  const std::lock_guard lock(mutex_);
  return entries_;
}

}  // namespace zhili::node
