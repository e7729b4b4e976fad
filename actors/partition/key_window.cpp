// SPDX-License-Identifier: Apache-2.0
#include "actors/partition/key_window.hpp"

#include "protocols/types/limits.hpp"

namespace zhili::partition {
namespace {

constexpr std::int32_t days_kept =
    static_cast<std::int32_t>(std::chrono::ceil<std::chrono::days>(limits::key_kept).count()) + 1;

}  // namespace

const kept_key* key_window::find_in(const day& d, std::uint64_t hi, std::uint64_t lo) {
  if (d.slots.empty()) return nullptr;
  const std::size_t mask = d.slots.size() - 1;
  for (std::size_t i = lo & mask;; i = (i + 1) & mask) {
    const kept_key& k = d.slots[i];
    if (k.empty()) return nullptr;
    if (k.hi == hi && k.lo == lo) return &k;
  }
}

const kept_key* key_window::find(subject_id key) const {
  // Repeats come soon: the newest day first.
  for (auto d = days_.rbegin(); d != days_.rend(); ++d) {
    if (const kept_key* k = find_in(*d, key.hi, key.lo)) return k;
  }
  return nullptr;
}

void key_window::place(std::vector<kept_key>& slots, const kept_key& key) {
  const std::size_t mask = slots.size() - 1;
  std::size_t i = key.lo & mask;
  while (!slots[i].empty()) i = (i + 1) & mask;
  slots[i] = key;
}

void key_window::add(instant at, const kept_key& key) {
  const std::int32_t today = china_day(at);
  while (!days_.empty() && days_.front().number <= today - days_kept) days_.pop_front();
  if (days_.empty() || days_.back().number != today) days_.push_back({today, 0, {}});
  day& d = days_.back();
  if ((d.used + 1) * 5 > d.slots.size() * 4) {
    std::vector<kept_key> larger(d.slots.empty() ? 8 : d.slots.size() * 2);
    for (const kept_key& k : d.slots) {
      if (!k.empty()) place(larger, k);
    }
    d.slots = std::move(larger);
  }
  place(d.slots, key);
  ++d.used;
}

std::size_t key_window::size() const {
  std::size_t n = 0;
  for (const day& d : days_) n += d.used;
  return n;
}

void key_window::digest(hasher& h) const {
  for (const day& d : days_) {
    h.value(d.number);
    h.values(std::span<const kept_key>{d.slots});
  }
}

std::size_t key_window::memory_bytes() const {
  std::size_t n = 0;
  for (const day& d : days_) n += d.slots.capacity() * sizeof(kept_key);
  return n;
}

}  // namespace zhili::partition
