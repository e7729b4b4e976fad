// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "actors/risk/index.hpp"
#include "actors/risk/workflow.hpp"
#include "policy/fields/risk.hpp"

namespace zhili::risk {

namespace setting = fields::risk::setting;
using partition::done;

namespace {

// No single decision may weigh so much that a sum of millions could overflow.
constexpr std::int32_t points_max = 1'000'000;

std::int32_t points_of(const msg::charge& c, const policy::pack& pack) {
  if (c.points() > 0) return std::min(c.points(), points_max);
  switch (c.verdict()) {
    case verdict::label: return static_cast<std::int32_t>(pack.setting(setting::points_label));
    case verdict::demote: return static_cast<std::int32_t>(pack.setting(setting::points_demote));
    case verdict::reject: return static_cast<std::int32_t>(pack.setting(setting::points_reject));
    case verdict::suspend: return static_cast<std::int32_t>(pack.setting(setting::points_suspend));
    case verdict::none:
    case verdict::approve:
    case verdict::escalate: break;
  }
  return 0;
}

std::int32_t window_of(const context& cx) {
  return static_cast<std::int32_t>(cx.pack->setting(setting::window_days));
}

// Only a change of band is told: while it stays high, more charges (the suspension that followed from it is one) go
// no further, so nothing runs in a circle.
void settle_band(const state& s, row_no row, const index& now, const context& cx, decide_sink& out) {
  const bool known = row < s.accounts.size();
  const std::uint8_t before = known ? s.accounts[row].band : std::uint8_t{0};
  const std::uint8_t band = band_of(now, cx);
  if (band == before) return;
  const std::uint32_t version = known ? s.accounts[row].version + 1 : 1;
  out.emit<workflow>(msg::band_moved(
      to_wire(cx.account), now.points, now.adverse_30d, now.reversed_30d, row, version, band, before, 0, 0));
}

}  // namespace

outcome decide(const state& s, const msg::charge& c, const context& cx, decide_sink& out) {
  const subject_kind kind = cx.account.kind();
  // Practitioners and signals have no index.
  if (kind != subject_kind::user && kind != subject_kind::institution) return done(subject_kind::none);
  const row_no found = s.charges.find(from_wire(c.subject()));
  const bool known = found != no_row;
  if (known && c.number() <= s.charges[found].number) return done(subject_kind::none);
  if (c.reversed() != 0 && (!known || s.charges[found].standing == 0)) return done(subject_kind::none);

  const std::int32_t today = china_day(cx.now);
  const row_no account = s.accounts.find(cx.account);
  const row_no account_row = account == no_row ? s.accounts.size() : account;
  charge after = known ? s.charges[found] : charge{};
  const std::int32_t given_back = after.points;
  if (c.reversed() != 0) {
    after.points = 0;
    after.standing = 0;
    after.taken_back_day = today;
    after.was_taken_back = 1;
  } else {
    after.points = points_of(c, *cx.pack);
    after.standing = 1;
    after.day = today;
  }
  index now = count_without(s, account, found, today, window_of(cx));
  now.add(after, today, window_of(cx));
  const bool has_timer = account != no_row && s.accounts[account].recount_day != 0;
  const std::int32_t recount_day = has_timer ? 0 : now.next_change;
  if (c.reversed() != 0) {
    out.emit<workflow>(
        msg::taken_back(c.subject(), given_back, today, c.number(), account_row, found, recount_day));
  } else {
    out.emit<workflow>(msg::charged(
        to_wire(cx.account), c.subject(), after.points, today, c.number(), account_row,
        known ? found : s.charges.size(), recount_day, c.kind(), c.verdict(),
        static_cast<std::uint16_t>(window_of(cx)), 0));
  }
  settle_band(s, account_row, now, cx, out);
  return done(subject_kind::none, c.verdict());
}

outcome decide(const state& s, const msg::recount& c, const context& cx, decide_sink& out) {
  if (c.row() >= s.accounts.size() || s.accounts[c.row()].recount_day != c.day()) return done(subject_kind::none);
  const std::int32_t today = china_day(cx.now);
  const index now = count(s, c.row(), today, window_of(cx));
  out.emit<workflow>(msg::aged(c.row(), today, window_of(cx), now.next_change));
  settle_band(s, c.row(), now, cx, out);
  return done(subject_kind::none);
}

}  // namespace zhili::risk
