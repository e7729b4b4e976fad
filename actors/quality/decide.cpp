// SPDX-License-Identifier: Apache-2.0
#include "actors/decision/follow_up.hpp"
#include "actors/quality/workflow.hpp"

namespace zhili::quality {

using partition::done;
using partition::refused;
using wire::refusal;

namespace {

subject_id task_of(subject_id subject, std::uint32_t number, opinion which) {
  return decision::task_id(subject, wire::desk::purpose::second_look, occasion_of(number, which));
}

bool is_opinion(verdict v) {
  return v != verdict::none && v != verdict::escalate && static_cast<std::size_t>(v) < opinions::verdicts;
}

}  // namespace

std::uint64_t occasion_of(std::uint32_t decision_number, opinion which) {
  return std::uint64_t{decision_number} << 1 | static_cast<std::uint64_t>(which);
}

outcome decide(const state& s, const msg::sampled& c, const context&, decide_sink& out) {
  if (!is_opinion(c.verdict())) return refused(subject_kind::none, refusal::out_of_range);
  const subject_id task = task_of(from_wire(c.subject()), c.number(), opinion::second);
  if (s.looks.find(task) != no_row) return done(subject_kind::none);
  out.emit<workflow>(msg::look_opened(
      to_wire(task), c.subject(), c.ref(), c.decided_by(), s.looks.size(), c.row(), c.number(), c.kind(), c.verdict(),
      c.workflow(), 0));
  return done(subject_kind::none);
}

outcome decide(const state& s, const wire::desk_answer& a, const context&, decide_sink& out) {
  if (!is_opinion(a.verdict())) return refused(subject_kind::none, refusal::out_of_range);
  if (a.row() >= s.looks.size()) return refused(subject_kind::none, refusal::unknown_subject);
  const look& l = s.looks[a.row()];
  const subject_id task = from_wire(a.task());
  if (l.mode == mode::second && task == l.id) {
    if (a.verdict() == l.first) {
      out.emit<workflow>(msg::agreed(a.reviewer(), a.row(), l.kind, l.workflow, l.first, a.verdict()));
    } else {
      out.emit<workflow>(msg::disagreed(a.reviewer(), a.row(), l.kind, l.workflow, l.first, a.verdict()));
    }
  } else if (l.mode == mode::third && task == task_of(l.subject, l.number, opinion::third)) {
    const std::uint8_t upheld = a.verdict() == l.first ? 1 : 0;
    out.emit<workflow>(msg::third_given(a.task(), a.reviewer(), a.row(), a.reason(), a.verdict(), upheld));
  }
  return done(subject_kind::none, a.verdict());
}

}  // namespace zhili::quality
