// SPDX-License-Identifier: Apache-2.0
// Which institutions are visited on a day: the stalest first, no more than there is room for as long as every bound is
// held, and no earlier than is needed for that.
#pragma once

#include <compare>
#include <vector>

#include "actors/inspection/state.hpp"

namespace zhili::inspection {

/// Days between two visits at most, by tier.
struct intervals {
  std::int32_t days[3] = {};

  std::int32_t of(tier t) const { return days[static_cast<std::size_t>(t)]; }
};

/// One institution on the schedule; the first in order is the stalest.
struct place {
  /// The last day on which the visit is in time.
  std::int32_t bound = 0;
  std::int32_t since = 0;
  row_no row = 0;
  auto operator<=>(const place&) const = default;
};

/// The last day on which the next visit is in time.
std::int32_t bound_of(const institution& i, const intervals& by);

/// What `visit_by` becomes with a higher tier: a bound that would lie in the past is tomorrow, though no later than it
/// was. 0: the tier's own interval holds.
std::int32_t visit_by_after(const institution& i, tier higher, std::int32_t today, const intervals& by);

/// The schedule, stalest first.
std::vector<place> schedule(const state& s, const intervals& by);

struct day_plan {
  /// The first so many of the schedule are visited.
  std::size_t visits = 0;
  /// Whose bound is this day or earlier.
  std::size_t due = 0;
};

/// Looks ahead: if some later days hold more bounds than they have room for, visits are brought forward to today, as
/// far as today has room. Whoever is due today is visited with or without room.
day_plan plan(const std::vector<place>& stalest_first, std::int32_t today, std::int32_t capacity);

}  // namespace zhili::inspection
