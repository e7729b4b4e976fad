// SPDX-License-Identifier: Apache-2.0
#include "actors/decision/follow_up.hpp"
#include "actors/quality/workflow.hpp"

namespace zhili::quality {

namespace {

// Nobody is waiting for the answer: it comes after what does.
constexpr std::uint8_t no_haste = 0;

// Nobody who has given an opinion on the decision already, its own included, is asked for another.
void ask(const state& s, row_no row, opinion which, std::uint64_t second_by, const context& cx, react_sink& out) {
  const look& l = s.looks[row];
  decision::ask_desk(
      cx, out, cx.account, l.subject, l.ref, row, l.kind,
      {.queue = "quality",
       .purpose = wire::desk::purpose::second_look,
       .priority = no_haste,
       .not_by = l.decided_by,
       .nor_by = second_by,
       .occasion = occasion_of(l.number, which)});
}

}  // namespace

void react(const state&, const wire::decided&, const context&, react_sink&) {}
void react(const state&, const msg::agreed&, const context&, react_sink&) {}

void react(const state& s, const msg::look_opened& e, const context& cx, react_sink& out) {
  ask(s, e.row(), opinion::second, 0, cx, out);
}

void react(const state& s, const msg::disagreed& e, const context& cx, react_sink& out) {
  ask(s, e.row(), opinion::third, e.reviewer(), cx, out);
}

void react(const state& s, const msg::third_given& e, const context& cx, react_sink& out) {
  if (e.upheld() != 0) return;
  const look& l = s.looks[e.row()];
  out.send_shared(
      l.workflow, cx.account,
      wire::desk_answer(
          e.task(), to_wire(l.subject), e.reviewer(), l.origin_row, e.verdict(),
          static_cast<std::uint8_t>(wire::desk::purpose::second_look), e.reason()));
}

}  // namespace zhili::quality
