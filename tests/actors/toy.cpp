// SPDX-License-Identifier: Apache-2.0
#include "tests/actors/toy.hpp"

#include "actors/decision/draft.hpp"

namespace zhili::toy {

using partition::done;
using partition::no_row;
using partition::refused;
using partition::waits;

namespace {
constexpr subject_kind kind = subject_kind::institution;
}

outcome decide(const state& s, const put& c, const context& cx, decide_sink& out) {
  const auto found = s.rows.find(cx.account);
  const auto row = found == no_row ? s.rows.size() : found;
  if ((c.wants & (decide_it | settle_all)) != 0) {
    decision::draft d(cx, cx.account, 1, kind, wire::cause::submission);
    if ((c.wants & settle_all) != 0 && found != no_row) d.settles(static_cast<std::uint8_t>(s.rows[row].waiting));
    d.place(row, 1, verdict::none);
    out.emit<workflow>(noted{cx.account, c.other, 0, 0, 0, row});
    d.emit<workflow>(out);
  }
  out.emit<workflow>(noted{cx.account, c.other, c.amount, c.delay, c.wants, row});
  if ((c.wants & refuse_late) != 0) return refused(kind, wire::refusal::out_of_range, 4);
  return (c.wants & wait) != 0 ? waits(kind) : done(kind, verdict::approve);
}

outcome decide(const state& s, const hand& c, const context& cx, decide_sink& out) {
  const auto found = s.rows.find(cx.account);
  if (c.amount == 0) return refused(kind, wire::refusal::out_of_range, 1);
  out.emit<workflow>(noted{cx.account, {}, c.amount, 0, 0, found == no_row ? s.rows.size() : found});
  return done(kind);
}

outcome decide(const state&, const ring& c, const context& cx, decide_sink& out) {
  out.emit<workflow>(rung{c.amount, cx.now.ms});
  return done(kind);
}

// Every account of the shard speaks.
outcome decide(const state& s, const wire::registry_changed& c, const context&, decide_sink& out) {
  for (std::uint32_t n = 0; n < s.rows.size(); ++n) {
    out.emit<workflow>(noted{s.rows[n].id, {}, c.version(), 0, send_inside, n});
  }
  return done(kind);
}

void apply(state& s, const wire::decided& e) { s.rows[e.head()->row()].waiting -= e.head()->settles(); }

void apply(state& s, const noted& e) {
  if (e.row == s.rows.size()) s.rows.add({e.account, 0, 0});
  s.rows[e.row].total += e.amount;
  if ((e.wants & wait) != 0) ++s.rows[e.row].waiting;
}

void apply(state& s, const rung& e) { s.rings.push_back(e); }

void react(const state&, const wire::decided&, const context&, react_sink&) {}

void react(const state&, const noted& e, const context& cx, react_sink& out) {
  out.act_for(e.account);
  const hand message{e.amount};
  if ((e.wants & send_inside) != 0) out.send(neighbour, e.account, 2, body_of(message));
  if ((e.wants & send_across) != 0) out.send(neighbour, e.other, 2, body_of(message));
  if ((e.wants & set_timer) != 0) {
    out.timer(e.account, cx.now + duration{e.delay}, 3, body_of(ring{e.amount}));
  }
  if ((e.wants & ask_effect) != 0) out.effect(e.account, derive_id(subject_kind::measure, e.account, 0, e.amount), 2, out.event_body());
}

void react(const state&, const rung&, const context&, react_sink&) {}

}  // namespace zhili::toy
