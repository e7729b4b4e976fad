// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "actors/risk/index.hpp"
#include "actors/risk/workflow.hpp"

namespace zhili::risk {

namespace {

void hang_on(state& s, row_no account, row_no row) {
  if (s.charges[row].next != off_list) return;
  s.charges[row].next = s.accounts[account].first;
  s.accounts[account].first = row;
}

void keep_sums(account& a, std::uint32_t adverse_30d, std::uint32_t reversed_30d) {
  a.adverse_30d = static_cast<std::uint16_t>(std::min<std::uint32_t>(adverse_30d, account::adverse_max));
  a.reversed_30d = static_cast<std::uint8_t>(std::min<std::uint32_t>(reversed_30d, account::reversed_max));
}

/// Without a timer nothing was seen of the account: its sums begin at nothing.
void start_timer(account& a, std::int32_t day) {
  if (day == 0) return;
  a.recount_day = day;
  keep_sums(a, 0, 0);
}

/// What the charge is for the sums of its account: `before` it changes goes out of them, `after` comes in.
void recount(account& a, const charge& before, const charge& after, std::int32_t today, std::int32_t window_days) {
  // Where no timer ran, or it is late, the sums are those of another day.
  if (!a.sums_hold_on(today)) return;
  index out;
  out.add(before, today, window_days);
  index in;
  in.add(after, today, window_days);
  keep_sums(a, a.adverse_30d + in.adverse_30d - out.adverse_30d, a.reversed_30d + in.reversed_30d - out.reversed_30d);
}

void under_window(state& s, std::int32_t days) {
  if (days == s.window_days) return;
  for (row_no n = 0; n < s.accounts.size(); ++n) s.accounts[n].forget_sums();
  s.window_days = days;
}

}  // namespace

void apply(state&, const wire::decided&) {}

void apply(state& s, const msg::charged& e) {
  under_window(s, e.window_days());
  if (e.account_row() == s.accounts.size()) {
    account fresh;
    fresh.id = from_wire(e.account());
    s.accounts.add(fresh);
  }
  if (e.row() == s.charges.size()) {
    charge fresh;
    fresh.id = from_wire(e.subject());
    s.charges.add(fresh);
  }
  account& a = s.accounts[e.account_row()];
  charge& c = s.charges[e.row()];
  const charge before = c;
  a.points += e.points() - c.points;
  start_timer(a, e.recount_day());
  c.points = e.points();
  c.day = e.day();
  c.number = e.number();
  c.standing = 1;
  recount(a, before, c, e.day(), s.window_days);
  hang_on(s, e.account_row(), e.row());
}

void apply(state& s, const msg::taken_back& e) {
  account& a = s.accounts[e.account_row()];
  charge& c = s.charges[e.row()];
  const charge before = c;
  a.points -= c.points;
  start_timer(a, e.recount_day());
  c.points = 0;
  c.number = e.number();
  c.standing = 0;
  c.taken_back_day = e.day();
  c.was_taken_back = 1;
  recount(a, before, c, e.day(), s.window_days);
  hang_on(s, e.account_row(), e.row());
}

void apply(state& s, const msg::aged& e) {
  under_window(s, e.window_days());
  account& a = s.accounts[e.row()];
  a.recount_day = e.recount_day();
  index left;
  for (row_no* link = &a.first; *link != no_row;) {
    charge& c = s.charges[*link];
    if (c.day + e.window_days() <= e.day()) {
      a.points -= c.points;
      c.points = 0;
    }
    if (seen(c, e.day(), e.window_days())) {
      left.add(c, e.day(), e.window_days());
      link = &c.next;
    } else {
      *link = c.next;
      c.next = off_list;
    }
  }
  keep_sums(a, left.adverse_30d, left.reversed_30d);
}

void apply(state& s, const msg::band_moved& e) {
  account& a = s.accounts[e.row()];
  a.band = e.band();
  a.version = e.version();
}

}  // namespace zhili::risk
