// SPDX-License-Identifier: Apache-2.0
// The index of one account, counted from its charges, and the band that the pack makes of it.
#pragma once

#include "actors/partition/context.hpp"
#include "actors/risk/state.hpp"

namespace zhili::risk {

/// The fields adverse_30d and reversed_30d count over so many days, this one included.
inline constexpr std::int32_t recent_days = 30;

struct index {
  std::int64_t points = 0;
  std::uint32_t adverse_30d = 0;
  std::uint32_t reversed_30d = 0;
  /// The next day on which any of this would be less by time alone; 0: never.
  std::int32_t next_change = 0;

  void add(const charge& c, std::int32_t today, std::int32_t window_days);
};

/// True while points, adverse_30d or reversed_30d see the charge.
bool seen(const charge& c, std::int32_t today, std::int32_t window_days);

/// Counts the account's charges as of a day. `left_out`: a charge that is about to change, `no_row`: none.
index count(const state& s, row_no account, std::int32_t today, std::int32_t window_days, row_no left_out = no_row);

/// The same for an account about to be charged, from the sums that it keeps where they hold; an institution's list may
/// be thousands long. `next_change` is set only where no timer runs.
index count_without(const state& s, row_no account, row_no left_out, std::int32_t today, std::int32_t window_days);

/// 0 low, 1 raised, 2 high: by the pack's rules for risk.user and risk.institution, in a pack without them by its
/// thresholds. REQUIRES: cx.pack, and an account that is a user or an institution.
std::uint8_t band_of(const index& i, const partition::context& cx);

}  // namespace zhili::risk
