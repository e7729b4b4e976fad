// SPDX-License-Identifier: Apache-2.0
#include "actors/desk/workflow.hpp"

namespace zhili::desk {

void apply(state&, const wire::decided&) {}

void apply(state& s, const msg::task_opened& e) {
  task t;
  t.id = from_wire(e.task());
  t.priority = e.priority();
  question q;
  q.subject = from_wire(e.subject());
  q.owner = from_wire(e.owner());
  q.ref = e.ref();
  q.not_by = e.not_by();
  q.nor_by = e.nor_by();
  q.due = e.due();
  q.opened = e.opened();
  q.origin_row = e.row();
  q.kind = e.kind();
  q.workflow = e.workflow();
  q.purpose = e.purpose();
  s.add(t, from_wire(e.queue()), q);
}

void apply(state& s, const msg::task_claimed& e) {
  s.change(e.row(), [&](task& t) {
    t.mode = mode::claimed;
    t.reviewer = e.reviewer();
    t.until = e.until();
    t.claims = e.serial();
  });
}

void apply(state& s, const msg::task_returned& e) {
  s.change(e.row(), [](task& t) {
    t.mode = mode::open;
    t.reviewer = 0;
    t.until = 0;
  });
}

void apply(state& s, const msg::task_closed& e) {
  s.change(e.row(), [&](task& t) {
    t.mode = mode::closed;
    t.reviewer = e.reviewer();
    t.until = e.at();
    t.verdict = e.verdict();
    t.reason = e.reason();
  });
}

}  // namespace zhili::desk
