// SPDX-License-Identifier: Apache-2.0
#include "actors/inspection/plan.hpp"

namespace zhili::inspection {

std::int32_t bound_of(const institution& i, const intervals& by) {
  return i.visit_by != 0 ? i.visit_by : i.since + by.of(i.tier());
}

std::int32_t visit_by_after(const institution& i, tier higher, std::int32_t today, const intervals& by) {
  if (i.since + by.of(higher) > today) return 0;
  return std::min(bound_of(i, by), today + 1);
}

std::vector<place> schedule(const state& s, const intervals& by) {
  std::vector<place> all;
  for (row_no row = 0; row < s.institutions.size(); ++row) {
    const institution& i = s.institutions[row];
    if (i.live != 0) all.push_back({bound_of(i, by), i.since, row});
  }
  std::sort(all.begin(), all.end());
  return all;
}

day_plan plan(const std::vector<place>& stalest_first, std::int32_t today, std::int32_t capacity) {
  day_plan p;
  std::int64_t needed = 0;
  for (std::size_t n = 0; n < stalest_first.size(); ++n) {
    const std::int32_t bound = stalest_first[n].bound;
    if (bound <= today) p.due = n + 1;
    // So many have their bound by then; the days from tomorrow until then have room for some of them.
    const std::int64_t room = std::int64_t{capacity} * std::max(bound - today, 0);
    needed = std::max(needed, static_cast<std::int64_t>(n) + 1 - room);
  }
  p.visits = std::max(p.due, static_cast<std::size_t>(std::min<std::int64_t>(needed, capacity)));
  return p;
}

}  // namespace zhili::inspection
