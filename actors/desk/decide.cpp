// SPDX-License-Identifier: Apache-2.0
#include "actors/desk/workflow.hpp"
#include "policy/fields/desk.hpp"

namespace zhili::desk {

using partition::done;
using partition::no_row;
using partition::refused;
using wire::refusal;

namespace {

// Why this reviewer may not take the task now; `none` where they may.
refusal bar(const state& s, const task& t, std::uint64_t reviewer) {
  if (t.mode == mode::closed) return refusal::not_in_this_state;
  if (t.mode == mode::claimed && t.reviewer != reviewer) return refusal::already_taken;
  // Nobody decides an appeal against, or a second look at, their own decision.
  const question& q = s.asked(t);
  if (q.not_by == reviewer || q.nor_by == reviewer) return refusal::not_yours;
  return refusal::none;
}

bool a_person_may_say(verdict v) {
  return v == verdict::approve || v == verdict::label || v == verdict::demote || v == verdict::reject ||
         v == verdict::suspend;
}

}  // namespace

outcome decide(const state& s, const msg::open_task& m, const context& cx, decide_sink& out) {
  if (s.tasks().find(from_wire(m.task())) != no_row) return done(subject_kind::task);
  const msg::task_opened e(
      m.task(), m.subject(), m.owner(), to_wire(cx.account), m.ref(), m.due(), cx.now.ms, m.not_by(), m.nor_by(), m.row(),
      m.kind(), m.workflow(), m.purpose(), m.priority() > 3 ? std::uint8_t{3} : m.priority());
  out.emit<workflow>(e);
  return done(subject_kind::task);
}

outcome decide(const state& s, const msg::withdraw_task& m, const context& cx, decide_sink& out) {
  const row_no n = s.tasks().find(from_wire(m.task()));
  if (n == no_row || s.tasks()[n].mode == mode::closed) return done(subject_kind::task);
  out.emit<workflow>(msg::task_closed(0, cx.now.ms, n, 0, verdict::none, 1));
  return done(subject_kind::task);
}

outcome decide(const state& s, const msg::claim& m, const context& cx, decide_sink& out) {
  const auto no = [](refusal why, std::uint16_t field) { return refused(subject_kind::task, why, field); };
  if (m.task() == nullptr) return no(refusal::malformed, 1);
  if (m.reviewer() == 0) return no(refusal::out_of_range, 2);
  const row_no n = s.tasks().find(from_wire(*m.task()));
  if (n == no_row) return no(refusal::unknown_subject, 1);
  const task& t = s.tasks()[n];
  if (const refusal why = bar(s, t, m.reviewer()); why != refusal::none) return no(why, 1);
  // Long enough for a hard case, short enough that a closed laptop holds nobody up.
  const duration lease{cx.pack->setting(fields::desk::setting::lease)};
  out.emit<workflow>(msg::task_claimed(m.reviewer(), (cx.now + lease).ms, n, t.claims + 1));
  return done(subject_kind::task);
}

outcome decide(const state& s, const msg::decide_task& m, const context& cx, decide_sink& out) {
  const auto no = [](refusal why, std::uint16_t field) { return refused(subject_kind::task, why, field); };
  if (m.task() == nullptr) return no(refusal::malformed, 1);
  if (m.reviewer() == 0) return no(refusal::out_of_range, 2);
  if (!a_person_may_say(m.verdict())) return no(refusal::out_of_range, 3);
  const row_no n = s.tasks().find(from_wire(*m.task()));
  if (n == no_row) return no(refusal::unknown_subject, 1);
  if (const refusal why = bar(s, s.tasks()[n], m.reviewer()); why != refusal::none) return no(why, 1);
  out.emit<workflow>(msg::task_closed(m.reviewer(), cx.now.ms, n, m.reason(), m.verdict(), 0));
  return done(subject_kind::task, m.verdict());
}

outcome decide(const state& s, const msg::lease_ends& m, const context&, decide_sink& out) {
  const task& t = s.tasks()[m.row()];
  // A claim that was given up, renewed or decided made the timer stale.
  if (t.mode == mode::claimed && t.claims == m.serial()) out.emit<workflow>(msg::task_returned(m.row(), m.serial()));
  return done(subject_kind::task);
}

}  // namespace zhili::desk
