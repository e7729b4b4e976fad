// SPDX-License-Identifier: Apache-2.0
#include "policy/counting.hpp"

#include <algorithm>

namespace zhili::policy {
namespace {

// Texts by their characters, all else by its number, never one for the other.
std::int64_t hash_of(const value& v) {
  const auto tag = static_cast<std::uint64_t>(v.tag);
  const std::uint64_t h = v.is(kind::text) ? xxh3_64(as_bytes_view(v.text()), tag)
                                           : xxh3_64(std::as_bytes(std::span{&v.number, 1}), tag);
  return static_cast<std::int64_t>(h);
}

/// What the case adds; nothing where it is not counted, or where a fact that it needs is missing.
bool counts(
    const compiled_counter& k, const pack::compiled& c, std::uint16_t stage, const inputs& in, workspace& work, tick& t) {
  if (std::find(k.stages.begin(), k.stages.end(), stage) == k.stages.end()) return false;
  if (!k.counts_all && run(k.when, c.pool, in, work) != outcome::yes) return false;
  if (k.what == counting::count) {
    t.value = 1;
    return true;
  }
  const value v = evaluate(k.of, c.pool, in, work);
  if (v.is(kind::error) || v.is(kind::list) || v.is(kind::map)) return false;
  if (k.what == counting::sum && !v.is(kind::integer) && !v.is(kind::money)) return false;
  t.value = k.what == counting::sum ? v.number : hash_of(v);
  return true;
}

}  // namespace

void count(
    const pack::compiled& c, const stage_plan& plan, const inputs& in, instant event_time, const history& before,
    workspace& work, slots& facts, std::vector<tick>& counted) {
  static const counter_book nothing_yet;
  const counter_book& book = before.book == nullptr ? nothing_yet : *before.book;
  for (std::uint32_t i = 0; i < plan.counter_count; ++i) {
    const compiled_counter& k = c.counters[plan.counter_first + i];
    tick t;
    t.counter = k.id;
    t.key = k.by == counted_by::account ? before.account : before.subject;
    t.bucket = static_cast<std::uint32_t>(event_time.ms / k.width);
    t.width = k.width;
    t.distinct = k.what == counting::distinct;
    const bool adds = before.first && counts(k, c, plan.stage, in, work, t);
    if (!facts.has(k.slot)) facts.set_int(k.slot, adds ? book.with(t) : book.past(t));
    if (adds) counted.push_back(t);
  }
}

}  // namespace zhili::policy
