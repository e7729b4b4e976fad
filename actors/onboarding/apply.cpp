// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "actors/onboarding/workflow.hpp"

namespace zhili::onboarding {

void apply(state& s, const wire::decided& e) {
  const wire::decision_head& head = *e.head();
  admission& a = s.admission_of(from_wire(head.subject()), head.row());
  a.verdict = head.verdict();
  a.decisions = head.number();
  a.waiting = static_cast<std::uint8_t>(a.waiting - head.settles());
  if (head.verdict() == verdict::escalate && head.cause() == wire::cause::submission) ++a.waiting;
  if (head.verdict() == verdict::reject) ++a.rejections;
}

void apply(state& s, const msg::institution_recorded& e) {
  if (e.row() == s.institutions.size()) {
    institution fresh{};
    fresh.id = from_wire(e.institution());
    s.institutions.add(fresh);
  }
  institution& i = s.institutions[e.row()];
  i.ref = e.ref();
  i.licence = e.licence();
  i.content = e.content();
  i.valid_from = e.licence_from();
  i.valid_to = e.licence_to();
  i.departments = e.departments();
  i.level_max = e.level_max();
  i.registry = e.registry();
  i.hospital_grade = e.hospital_grade();
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
  p.registered_at = from_wire(e.registered_at());
  p.valid_to = e.registered_to();
  p.scopes = e.scopes();
  p.lead = e.lead();
}

// The transition table of the admission: everything may be suspended; only what was decided may be admitted.
void apply(state& s, const msg::standing_changed& e) {
  admission& a = s.admission_of(from_wire(e.subject()), e.row());
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

}  // namespace zhili::onboarding
