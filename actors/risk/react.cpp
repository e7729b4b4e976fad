// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "actors/risk/workflow.hpp"

namespace zhili::risk {

namespace {

void recount_on(std::int32_t day, row_no row, const context& cx, react_sink& out) {
  if (day == 0) return;
  const msg::recount timer(row, day);
  out.timer(cx.account, start_of_china_day(day), position_in<msg::recount>(workflow::commands{}), body_of(timer));
}

std::int32_t told(std::int64_t points) {
  return static_cast<std::int32_t>(std::min<std::int64_t>(points, std::numeric_limits<std::int32_t>::max()));
}

}  // namespace

void react(const state&, const wire::decided&, const context&, react_sink&) {}

void react(const state&, const msg::charged& e, const context& cx, react_sink& out) {
  recount_on(e.recount_day(), e.account_row(), cx, out);
}

void react(const state&, const msg::taken_back& e, const context& cx, react_sink& out) {
  recount_on(e.recount_day(), e.account_row(), cx, out);
}

void react(const state&, const msg::aged& e, const context& cx, react_sink& out) {
  recount_on(e.recount_day(), e.row(), cx, out);
}

// The band is the account's own affair: content and product keep a copy of it. An institution whose index is high goes
// offline at once; onboarding also hears when it is high no more.
void react(const state&, const msg::band_moved& e, const context& cx, react_sink& out) {
  const std::int32_t points = told(e.points());
  out.publish(wire::band_changed(points, e.version(), e.band(), 0, 0));
  if (cx.account.kind() != subject_kind::institution || (e.band() != 2 && e.before() != 2)) return;
  out.send_shared(workflow_numbers::onboarding, cx.account, wire::index_crossed(points, e.band(), 0, 0));
}

}  // namespace zhili::risk
