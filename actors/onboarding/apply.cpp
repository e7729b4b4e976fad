// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "actors/decision/counts.hpp"
#include "actors/onboarding/workflow.hpp"

namespace zhili::onboarding {

void apply(state& s, const wire::decided& e) {
  const wire::decision_head& head = *e.head();
  admission& a = s.admission_of(from_wire(head.subject()), head.row());
  a.verdict = head.verdict();
  a.decisions = head.number();
  a.waiting = static_cast<std::uint8_t>(a.waiting - head.settles());
  if (head.verdict() == verdict::escalate && head.cause() == wire::cause::submission) {
    ++a.waiting;
    a.asked = head.number();
  }
  if (a.waiting == 0) a.asked = 0;
  if (head.verdict() == verdict::suspend && admission::by_itself(head.cause())) a.audit = head.number();
  if (head.verdict() != verdict::reject) return;
  ++a.rejections;
  a.rejected = head.number();
}

void apply(state& s, const msg::institution_recorded& e) {
  if (e.row() == s.institutions.size()) {
    institution fresh{};
    fresh.id = from_wire(e.institution());
    s.institutions.add(fresh);
  }
  institution& i = s.institutions[e.row()];
  i.ref = e.ref();
  i.content = e.content();
  s.shown_licences[e.row()] = {e.licence(),   e.licence_from(), e.licence_to(),      e.departments(),
                               e.level_max(), e.registry(),     e.hospital_grade(), 0};
}

void apply(state& s, const msg::practitioner_recorded& e) {
  if (e.row() == s.practitioners.size()) {
    practitioner fresh{};
    fresh.id = from_wire(e.practitioner());
    s.practitioners.add(fresh);
  }
  practitioner& p = s.practitioners[e.row()];
  p.ref = e.ref();
  p.content = e.content();
  // A row that exists because somebody watches it has shown nothing.
  if (e.content() == 0) return;
  s.shown_registrations[e.row()] = {from_wire(e.registered_at()), e.registered_to(), e.scopes(), e.lead(), {}};
}

namespace {

/// From now on the admission rests on the papers shown last.
void accept_papers(state& s, subject_id subject, row_no row) {
  if (subject.kind() == subject_kind::institution) {
    if (auto shown = s.shown_licences.extract(row)) s.institutions[row].in_force = shown.mapped();
    s.institutions[row].valid_to = s.institutions[row].in_force.to;
  } else {
    if (auto shown = s.shown_registrations.extract(row)) s.practitioners[row].in_force = shown.mapped();
    s.practitioners[row].valid_to = s.practitioners[row].in_force.to;
  }
}

}  // namespace

// The transition table of the admission: everything may be suspended; only what was decided may be admitted.
void apply(state& s, const msg::standing_changed& e) {
  const subject_id subject = from_wire(e.subject());
  if (e.accepts() != 0) accept_papers(s, subject, e.row());
  admission& a = s.admission_of(subject, e.row());
  a.standing = e.standing();
  a.version = e.version();
  a.holds = e.holds();
}

void apply(state& s, const msg::watcher_added& e) {
  auto& list = s.watchers[e.row()];
  const account_id watcher = from_wire(e.watcher());
  if (std::find(list.begin(), list.end(), watcher) == list.end()) list.push_back(watcher);
}

void apply(state&, const msg::snapshot_noted&) {}
void apply(state&, const msg::task_dropped&) {}
void apply(state&, const msg::licence_asked&) {}

void apply(state& s, const wire::count_noted& e) {
  decision::apply_to(s.counts, e);
}

}  // namespace zhili::onboarding
