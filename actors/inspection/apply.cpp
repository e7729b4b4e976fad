// SPDX-License-Identifier: Apache-2.0
#include "actors/inspection/workflow.hpp"

namespace zhili::inspection {

namespace {

institution& row_of(state& s, row_no row, const wire::id& id) {
  if (row == s.institutions.size()) {
    institution fresh;
    fresh.id = from_wire(id);
    s.institutions.add(fresh);
  }
  return s.institutions[row];
}

// What the visit before this one brought to light is known by now: two in a row with findings raise the tier, three
// clean ones lower it again, never below what the band asks for.
void learn_from_last_visit(institution& i) {
  if (i.found != 0) {
    i.clean = 0;
    if (++i.with_findings == 2) {
      i.with_findings = 0;
      if (i.raised < 2) ++i.raised;
    }
  } else {
    i.with_findings = 0;
    if (++i.clean == 3) {
      i.clean = 0;
      if (i.raised > 0) --i.raised;
    }
  }
}

}  // namespace

void apply(state&, const wire::decided&) {}

void apply(state& s, const msg::scheduled& e) {
  institution& i = row_of(s, e.row(), e.institution());
  i.live = 1;
  i.since = e.day();
  i.visit_by = 0;
  i.status_version = e.version();
}

void apply(state& s, const msg::unscheduled& e) {
  institution& i = s.institutions[e.row()];
  i.live = 0;
  i.status_version = e.version();
}

void apply(state& s, const msg::band_noted& e) {
  institution& i = row_of(s, e.row(), e.institution());
  if (e.band() > i.band) i.found = 1;
  i.band = e.band();
  i.band_version = e.version();
  if (e.visit_by() != 0) i.visit_by = e.visit_by();
}

void apply(state& s, const msg::visited& e) {
  institution& i = s.institutions[e.row()];
  if (i.visits > 0) learn_from_last_visit(i);
  i.found = 0;
  i.visits = e.visit();
  i.since = e.day();
  i.visit_by = 0;
}

void apply(state& s, const msg::day_planned& e) {
  s.next_plan = 0;
  s.visits += e.visits();
  s.late += e.late();
  s.beyond += e.beyond();
}

void apply(state& s, const msg::patrol_set& e) { s.next_plan = e.due(); }

}  // namespace zhili::inspection
