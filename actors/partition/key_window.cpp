// SPDX-License-Identifier: Apache-2.0
#include "actors/partition/key_window.hpp"

#include "protocols/types/limits.hpp"

namespace zhili::partition {
namespace {

/// Days that a generation takes keys for: then everything before it has been kept long enough.
constexpr std::int32_t generation_days =
    static_cast<std::int32_t>(std::chrono::ceil<std::chrono::days>(limits::key_kept).count()) + 1;

}  // namespace

const kept_key* key_window::find(subject_id key) const {
  // Repeats come soon: the newer generation first.
  for (const generation* g : {&now_, &before_}) {
    if (const row_no n = g->keys.find(key); n != no_row) return &g->keys[n];
  }
  return nullptr;
}

void key_window::add(instant at, const kept_key& key) {
  const std::int32_t today = china_day(at);
  if (today >= now_.first_day + generation_days) {
    // After a long silence nothing of the older generation is young enough.
    before_ = today < now_.first_day + 2 * generation_days ? std::move(now_) : generation{};
    now_ = {today, {}};
  }
  now_.keys.add(key);
}

std::size_t key_window::size() const { return std::size_t{now_.keys.size()} + before_.keys.size(); }

void key_window::digest(hasher& h) const {
  for (const generation* g : {&before_, &now_}) {
    h.value(g->first_day);
    h.rows(g->keys);
  }
}

std::size_t key_window::memory_bytes() const { return now_.keys.memory_bytes() + before_.keys.memory_bytes(); }

}  // namespace zhili::partition
