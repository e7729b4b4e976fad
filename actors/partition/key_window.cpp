// SPDX-License-Identifier: Apache-2.0
#include "actors/partition/key_window.hpp"

#include "protocols/types/limits.hpp"

namespace zhili::partition {
namespace {

/// Days that a generation takes keys for: then everything before it has been kept long enough.
constexpr std::int32_t generation_days =
    static_cast<std::int32_t>(std::chrono::ceil<std::chrono::days>(limits::key_kept).count()) + 1;

}  // namespace

const kept_key* key_window::find_in(const generation& g, subject_id key) {
  if (g.slots.empty()) return nullptr;
  const std::size_t mask = g.slots.size() - 1;
  for (std::size_t i = key.lo & mask;; i = (i + 1) & mask) {
    const kept_key& k = g.slots[i];
    if (k.empty()) return nullptr;
    if (k.hi == key.hi && k.lo == key.lo) return &k;
  }
}

const kept_key* key_window::find(subject_id key) const {
  // Repeats come soon: the newer generation first.
  const kept_key* k = find_in(now_, key);
  return k != nullptr ? k : find_in(before_, key);
}

void key_window::place(std::vector<kept_key>& slots, const kept_key& key) {
  const std::size_t mask = slots.size() - 1;
  std::size_t i = key.lo & mask;
  while (!slots[i].empty()) i = (i + 1) & mask;
  slots[i] = key;
}

void key_window::add(instant at, const kept_key& key) {
  const std::int32_t today = china_day(at);
  if (today >= now_.first_day + generation_days) {
    // After a long silence nothing of the older generation is young enough.
    before_ = today < now_.first_day + 2 * generation_days ? std::move(now_) : generation{};
    now_ = {today, 0, {}};
  }
  if ((now_.used + 1) * 5 > now_.slots.size() * 4) {
    std::vector<kept_key> larger(now_.slots.empty() ? 8 : now_.slots.size() * 2);
    for (const kept_key& k : now_.slots) {
      if (!k.empty()) place(larger, k);
    }
    now_.slots = std::move(larger);
  }
  place(now_.slots, key);
  ++now_.used;
}

std::size_t key_window::size() const { return std::size_t{now_.used} + before_.used; }

void key_window::digest(hasher& h) const {
  for (const generation* g : {&before_, &now_}) {
    h.value(g->first_day);
    h.values(std::span<const kept_key>{g->slots});
  }
}

std::size_t key_window::memory_bytes() const {
  return (now_.slots.capacity() + before_.slots.capacity()) * sizeof(kept_key);
}

}  // namespace zhili::partition
