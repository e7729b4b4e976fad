// SPDX-License-Identifier: Apache-2.0
#include "actors/desk/workflow.hpp"

namespace zhili::desk {

void apply(state&, const wire::decided&) {}

void apply(state& s, const msg::task_opened& e) {
  task t;
  t.id = from_wire(e.task());
  t.subject = from_wire(e.subject());
  t.owner = from_wire(e.owner());
  t.queue = from_wire(e.queue());
  t.ref = e.ref();
  t.not_by = e.not_by();
  t.nor_by = e.nor_by();
  t.due = e.due();
  t.opened = e.opened();
  t.origin_row = e.row();
  t.kind = e.kind();
  t.workflow = e.workflow();
  t.purpose = e.purpose();
  t.priority = e.priority();
  s.add(t);
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
