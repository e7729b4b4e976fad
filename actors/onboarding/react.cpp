// SPDX-License-Identifier: Apache-2.0
#include "actors/decision/follow_up.hpp"
#include "actors/onboarding/workflow.hpp"

namespace zhili::onboarding {

namespace {

constexpr std::string_view queue = "onboarding";

template <class Command>
constexpr type_no own_type() {
  return position_in<Command>(workflow::commands{});
}

wire::institution_status status_of(const institution& i) {
  return wire::institution_status(
      to_wire(i.id), i.valid_to, i.in_force.departments, i.version, i.standing, i.in_force.level_max, 0, 0);
}

wire::practitioner_credentials credentials_of(const practitioner& p) {
  return wire::practitioner_credentials(
      to_wire(p.id), to_wire(p.in_force.registered_at), p.valid_to, p.in_force.scopes, p.version, p.standing,
      p.in_force.lead, 0, 0);
}

// Names one look into the register: asked again, it is the same look.
subject_id look_up_effect(subject_id institution, std::uint32_t visit) {
  return derive_id(subject_kind::measure, institution, 2, visit);
}

// What every watcher and every subscriber of the account is told.
void publish(const state& s, subject_id subject, row_no row, react_sink& out) {
  if (subject.kind() == subject_kind::institution) {
    out.publish(status_of(s.institutions[row]));
    return;
  }
  const auto fact = credentials_of(s.practitioners[row]);
  out.publish(fact);
  if (const auto found = s.watchers.find(row); found != s.watchers.end()) {
    for (const account_id watcher : found->second) out.send_shared(workflow_numbers::product, watcher, fact);
  }
}

}  // namespace

void react(const state& s, const wire::decided& e, const context& cx, react_sink& out) {
  const wire::decision_head& head = *e.head();
  const subject_id subject = from_wire(head.subject());
  decision::follow_up(e, subject, cx, out, queue);
  if (head.verdict() == verdict::suspend && admission::by_itself(head.cause())) {
    const admission& a = s.admission_of(subject, head.row());
    decision::ask_desk(
        cx, out, subject, subject, head.ref(), head.row(), head.kind(),
        {.queue = queue, .purpose = wire::desk::purpose::re_audit, .priority = 2, .occasion = a.audit});
  }
}

void react(const state&, const msg::institution_recorded&, const context&, react_sink&) {}
void react(const state&, const msg::practitioner_recorded&, const context&, react_sink&) {}
void react(const state&, const msg::snapshot_noted&, const context&, react_sink&) {}

void react(const state&, const msg::task_dropped& e, const context&, react_sink& out) {
  using namespace wire::desk;
  const subject_id task = decision::task_id(from_wire(e.subject()), purpose::submission, e.number());
  out.send(workflow_numbers::desk, decision::queue_account(queue),
           static_cast<type_no>(desk_commandTraits<withdraw_task>::enum_value), body_of(withdraw_task(to_wire(task))));
}

void react(const state& s, const msg::licence_asked& e, const context&, react_sink& out) {
  const institution& i = s.institutions[e.row()];
  const wire::licence_requested look_up(e.institution(), i.ref, e.row(), e.visit());
  out.effect(i.id, look_up_effect(i.id, e.visit()), shared_type<wire::licence_requested>(), body_of(look_up));
}

void react(const state& s, const msg::standing_changed& e, const context& cx, react_sink& out) {
  const subject_id subject = from_wire(e.subject());
  out.act_for(subject);
  publish(s, subject, e.row(), out);
  if (e.standing() != standing::admitted) return;
  const admission& a = s.admission_of(subject, e.row());
  if (a.valid_to <= cx.now.ms) return;
  const msg::credential_ends timer(e.row(), e.version());
  out.timer(subject, {a.valid_to}, own_type<msg::credential_ends>(), body_of(timer));
}

void react(const state& s, const msg::watcher_added& e, const context&, react_sink& out) {
  out.send_shared(workflow_numbers::product, from_wire(e.watcher()), credentials_of(s.practitioners[e.row()]));
}

void react(const state&, const wire::count_noted&, const context&, react_sink&) {}

}  // namespace zhili::onboarding
