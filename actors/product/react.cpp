// SPDX-License-Identifier: Apache-2.0
#include "actors/decision/follow_up.hpp"
#include "actors/product/workflow.hpp"
#include "policy/fields/product.hpp"
#include "protocols/schema/desk_generated.h"

namespace zhili::product {

namespace {

constexpr std::string_view queue = "product";

}  // namespace

void react(const state& s, const wire::decided& e, const context& cx, react_sink& out) {
  const wire::decision_head& head = *e.head();
  // Taken back while it waited: no sanction follows, and none is lifted.
  if (head.verdict() == verdict::none) return;
  decision::follow_up(e, s.owner_of(s.listings[head.row()]), cx, out, queue);
}

void react(const state&, const msg::fact_requested& e, const context& cx, react_sink& out) {
  out.send_shared(
      workflow_numbers::onboarding, from_wire(e.practitioner()),
      wire::watch_practitioner(e.practitioner(), to_wire(cx.account)));
  const duration patience{cx.pack->setting(fields::product::setting::practitioner_wait)};
  const msg::request_overdue timer(e.row());
  out.timer(
      cx.account, cx.now + patience, position_in<msg::request_overdue>(workflow::commands{}), body_of(timer));
}

void react(const state& s, const msg::page_asked& e, const context&, react_sink& out) {
  const listing& l = s.listings[e.row()];
  const wire::page_requested page(e.subject(), l.ref, e.row(), e.visit());
  out.effect(
      s.owner_of(l), page_effect_id(l.id, e.visit()), shared_type<wire::page_requested>(), body_of(page));
}

void react(const state&, const msg::task_dropped& e, const context&, react_sink& out) {
  using namespace wire::desk;
  const subject_id task = decision::task_id(from_wire(e.subject()), purpose::submission, e.number());
  out.send(
      workflow_numbers::desk, decision::queue_account(queue),
      static_cast<type_no>(desk_commandTraits<withdraw_task>::enum_value),
      body_of(withdraw_task(to_wire(task))));
}

void react(const state&, const msg::listing_recorded&, const context&, react_sink&) {}
void react(const state&, const msg::request_expired&, const context&, react_sink&) {}
void react(const state&, const wire::institution_status&, const context&, react_sink&) {}
void react(const state&, const wire::practitioner_credentials&, const context&, react_sink&) {}
void react(const state&, const msg::band_noted&, const context&, react_sink&) {}
void react(const state&, const msg::listing_checked&, const context&, react_sink&) {}
void react(const state&, const msg::page_recorded&, const context&, react_sink&) {}
void react(const state&, const msg::listing_withdrawn&, const context&, react_sink&) {}

void react(const state&, const wire::count_noted&, const context&, react_sink&) {}

}  // namespace zhili::product
