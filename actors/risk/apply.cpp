// SPDX-License-Identifier: Apache-2.0
#include "actors/risk/index.hpp"
#include "actors/risk/workflow.hpp"

namespace zhili::risk {

namespace {

void hang_on(state& s, row_no account, row_no row) {
  if (s.charges[row].next != off_list) return;
  s.charges[row].next = s.accounts[account].first;
  s.accounts[account].first = row;
}

}  // namespace

void apply(state&, const wire::decided&) {}

void apply(state& s, const msg::charged& e) {
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
  a.points += e.points() - c.points;
  if (e.recount_day() != 0) a.recount_day = e.recount_day();
  c.points = e.points();
  c.day = e.day();
  c.number = e.number();
  c.standing = 1;
  hang_on(s, e.account_row(), e.row());
}

void apply(state& s, const msg::taken_back& e) {
  account& a = s.accounts[e.account_row()];
  charge& c = s.charges[e.row()];
  a.points -= c.points;
  if (e.recount_day() != 0) a.recount_day = e.recount_day();
  c.points = 0;
  c.number = e.number();
  c.standing = 0;
  c.taken_back_day = e.day();
  c.was_taken_back = 1;
  hang_on(s, e.account_row(), e.row());
}

void apply(state& s, const msg::aged& e) {
  account& a = s.accounts[e.row()];
  a.recount_day = e.recount_day();
  for (row_no* link = &a.first; *link != no_row;) {
    charge& c = s.charges[*link];
    if (c.day + e.window_days() <= e.day()) {
      a.points -= c.points;
      c.points = 0;
    }
    if (seen(c, e.day(), e.window_days())) {
      link = &c.next;
    } else {
      *link = c.next;
      c.next = off_list;
    }
  }
}

void apply(state& s, const msg::band_moved& e) {
  account& a = s.accounts[e.row()];
  a.band = e.band();
  a.version = e.version();
}

}  // namespace zhili::risk
