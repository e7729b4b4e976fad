// SPDX-License-Identifier: Apache-2.0
#include "actors/desk/workflow.hpp"

namespace zhili::desk {

void react(const state&, const wire::decided&, const context&, react_sink&) {}
void react(const state&, const msg::task_opened&, const context&, react_sink&) {}
void react(const state&, const msg::task_returned&, const context&, react_sink&) {}

void react(const state&, const msg::task_claimed& e, const context& cx, react_sink& out) {
  const msg::lease_ends timer(e.row(), e.serial());
  out.timer(cx.account, {e.until()}, position_in<msg::lease_ends>(workflow::commands{}), body_of(timer));
}

void react(const state& s, const msg::task_closed& e, const context&, react_sink& out) {
  if (e.withdrawn() != 0) return;
  const task& t = s.tasks()[e.row()];
  const question& q = s.asked(t);
  const wire::desk_answer answer(
      to_wire(t.id), to_wire(q.subject), e.reviewer(), q.origin_row, e.verdict(), static_cast<std::uint8_t>(q.purpose),
      e.reason());
  out.send_shared(q.workflow, q.owner, answer);
}

}  // namespace zhili::desk
