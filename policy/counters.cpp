// SPDX-License-Identifier: Apache-2.0
#include "policy/counters.hpp"

#include <algorithm>
#include <limits>

namespace zhili::policy {
namespace {

bool in_window(std::uint64_t bucket, std::uint64_t last) { return bucket <= last && bucket + window_buckets > last; }

// Saturating: what overflows would wrap to a small sum.
std::int64_t plus(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return b > 0 ? std::numeric_limits<std::int64_t>::max() : std::numeric_limits<std::int64_t>::min();
}

}  // namespace

const counter_book::row* counter_book::find(const tick& t) const {
  const auto found = kept_.find({t.counter, t.key});
  return found == kept_.end() ? nullptr : &found->second;
}

std::int64_t counter_book::past(const tick& t) const {
  const row* r = find(t);
  if (r == nullptr) return 0;
  std::int64_t sum = 0;
  for (const amount& a : r->amounts) {
    if (in_window(a.bucket, t.bucket)) sum = plus(sum, t.distinct ? 1 : a.value);
  }
  return sum;
}

std::int64_t counter_book::with(const tick& t) const {
  const std::int64_t before = past(t);
  if (!t.distinct) return plus(before, t.value);
  const row* r = find(t);
  const bool known = r != nullptr && std::any_of(r->amounts.begin(), r->amounts.end(), [&](const amount& a) {
    return a.value == t.value && in_window(a.bucket, t.bucket);
  });
  return known ? before : std::min<std::int64_t>(before + 1, distinct_max);
}

void counter_book::add(const tick& t) {
  const auto at = kept_.try_emplace({t.counter, t.key}).first;
  row& r = at->second;
  r.width = t.width;
  r.newest = std::max(r.newest, t.bucket);
  const auto same = std::find_if(r.amounts.begin(), r.amounts.end(), [&](const amount& a) {
    return t.distinct ? a.value == t.value : a.bucket == t.bucket;
  });
  if (same == r.amounts.end()) {
    r.amounts.push_back({t.bucket, t.value});
  } else if (t.distinct) {
    same->bucket = std::max<std::uint64_t>(same->bucket, t.bucket);
  } else {
    same->value = plus(same->value, t.value);
  }
  drop_old(r);
  forget_one_after(at, t);
}

void counter_book::drop_old(row& r) {
  std::erase_if(r.amounts, [&](const amount& a) { return !in_window(a.bucket, r.newest); });
  // Of adding up there is one entry a bucket; only different values can be more.
  if (r.amounts.size() <= distinct_max) return;
  const auto by_age = [](const amount& a, const amount& b) { return a.bucket < b.bucket; };
  r.amounts.erase(std::min_element(r.amounts.begin(), r.amounts.end(), by_age));
}

// Whoever is never counted again would be kept for ever: each tick looks at one neighbour, and keys are hashes.
void counter_book::forget_one_after(rows::iterator at, const tick& t) {
  if (++at == kept_.end()) at = kept_.begin();
  const row& r = at->second;
  const std::uint64_t ends = (std::uint64_t{r.newest} + window_buckets) * r.width;
  if (ends <= std::uint64_t{t.bucket} * t.width) kept_.erase(at);
}

std::size_t counter_book::memory_bytes() const {
  std::size_t n = 0;
  for (const auto& [key, r] : kept_) n += sizeof(rows::value_type) + 40 + r.amounts.capacity() * sizeof(amount);
  return n;
}

}  // namespace zhili::policy
