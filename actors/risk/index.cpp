// SPDX-License-Identifier: Apache-2.0
#include "actors/risk/index.hpp"

#include <algorithm>

#include "policy/fields/risk.hpp"

namespace zhili::risk {

namespace setting = fields::risk::setting;
namespace slot = fields::risk::slot;
namespace stage = fields::risk::stage;
using partition::context;

namespace {

std::uint8_t band_by_thresholds(std::int64_t points, bool user, const policy::pack& pack) {
  if (points >= pack.setting(user ? setting::user_high : setting::institution_high)) return 2;
  return points >= pack.setting(user ? setting::user_raised : setting::institution_raised) ? 1 : 0;
}

std::uint8_t band_by_verdict(verdict v) {
  switch (v) {
    case verdict::none:
    case verdict::approve: return 0;
    case verdict::label:
    case verdict::escalate: return 1;
    case verdict::demote:
    case verdict::reject:
    case verdict::suspend: return 2;
  }
  return 0;
}

}  // namespace

void index::add(const charge& c, std::int32_t today, std::int32_t window_days) {
  const auto counts = [&](std::int32_t day, std::int32_t days) {
    if (day + days <= today) return false;
    if (next_change == 0 || day + days < next_change) next_change = day + days;
    return true;
  };
  if (c.points > 0 && counts(c.day, window_days)) points += c.points;
  if (c.standing != 0 && counts(c.day, recent_days)) ++adverse_30d;
  if (c.was_taken_back != 0 && counts(c.taken_back_day, recent_days)) ++reversed_30d;
}

bool seen(const charge& c, std::int32_t today, std::int32_t window_days) {
  index alone;
  alone.add(c, today, window_days);
  return alone.next_change != 0;
}

index count(const state& s, row_no account, std::int32_t today, std::int32_t window_days, row_no left_out) {
  index sum;
  if (account == no_row) return sum;
  for (row_no n = s.accounts[account].first; n != no_row; n = s.charges[n].next) {
    if (n != left_out) sum.add(s.charges[n], today, window_days);
  }
  return sum;
}

index count_without(const state& s, row_no account, row_no left_out, std::int32_t today, std::int32_t window_days) {
  if (account == no_row || window_days != s.window_days || !s.accounts[account].sums_hold_on(today)) {
    return count(s, account, today, window_days, left_out);
  }
  const risk::account& a = s.accounts[account];
  index sum{a.points, a.adverse_30d, a.reversed_30d};
  if (left_out == no_row) return sum;
  index alone;
  alone.add(s.charges[left_out], today, window_days);
  sum.points -= alone.points;
  sum.adverse_30d -= alone.adverse_30d;
  sum.reversed_30d -= alone.reversed_30d;
  return sum;
}

std::uint8_t band_of(const index& i, const context& cx) {
  const bool user = cx.account.kind() == subject_kind::user;
  const std::uint16_t at = user ? stage::user : stage::institution;
  if (!cx.pack->judges(at)) return band_by_thresholds(i.points, user, *cx.pack);
  auto& slots = cx.work->slots;
  slots.clear();
  slots.set_int(slot::points, i.points);
  slots.set_int(slot::adverse_30d, i.adverse_30d);
  slots.set_int(slot::reversed_30d, i.reversed_30d);
  // An index is a sum over time: it is judged by the rules of today, not by those of the day of one charge.
  cx.pack->judge(at, slots, {}, cx.now, cx.account.lo, cx.work->scratch, cx.work->judged);
  return band_by_verdict(cx.work->judged.verdict);
}

}  // namespace zhili::risk
