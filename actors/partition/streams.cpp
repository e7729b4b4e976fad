// SPDX-License-Identifier: Apache-2.0
#include "actors/partition/streams.hpp"

#include <cstring>

namespace zhili::partition {
namespace {

struct record {
  wire::send_header head;
  std::uint32_t type;
  std::uint32_t length;
};
static_assert(sizeof(record) % 8 == 0);

constexpr std::size_t padded(std::size_t n) { return (n + 7) & ~std::size_t{7}; }

}  // namespace

void outbox::push(const wire::send_header& head, std::uint16_t type, bytes_view body) {
  ZHILI_ASSERT(head.number() == next_, "a stream is numbered without gaps");
  const record r{head, type, static_cast<std::uint32_t>(body.size())};
  const std::size_t at = bytes_.size();
  bytes_.resize(at + sizeof r + padded(body.size()));
  std::memcpy(bytes_.data() + at, &r, sizeof r);
  if (!body.empty()) std::memcpy(bytes_.data() + at + sizeof r, body.data(), body.size());
  ++next_;
}

message_view outbox::read(std::size_t& at) const {
  const auto& r = *reinterpret_cast<const record*>(bytes_.data() + at);
  const message_view m{r.head, static_cast<std::uint16_t>(r.type), {bytes_.data() + at + sizeof r, r.length}};
  at += sizeof r + padded(r.length);
  return m;
}

bool outbox::acknowledge(std::uint64_t through) {
  if (through <= through_) return false;
  through_ = through;
  while (!empty()) {
    std::size_t next = head_;
    if (read(next).head.number() > through) break;
    head_ = next;
  }
  if (empty()) {
    bytes_.clear();
    head_ = 0;
    // An idle stream gives its block back: most pairs of partitions rarely speak.
    if (bytes_.capacity() > 4096) bytes_ = {};
  } else if (head_ > 65536 && head_ * 2 > bytes_.size()) {
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
  return true;
}

void outbox::put_before(outbox&& earlier) {
  ZHILI_ASSERT(earlier.next_ == through_ + 1, "a stream is numbered without gaps");
  std::vector<std::byte> all = std::move(earlier.bytes_);
  all.insert(all.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(head_), bytes_.end());
  bytes_ = std::move(all);
  head_ = earlier.head_;
  through_ = earlier.through_;
}

}  // namespace zhili::partition
