// SPDX-License-Identifier: Apache-2.0
#include "actors/inspection/workflow.hpp"

namespace zhili::inspection {

namespace numbers = workflow_numbers;

void react(const state&, const wire::decided&, const context&, react_sink&) {}
void react(const state&, const msg::scheduled&, const context&, react_sink&) {}
void react(const state&, const msg::unscheduled&, const context&, react_sink&) {}
void react(const state&, const msg::band_noted&, const context&, react_sink&) {}
void react(const state&, const msg::day_planned&, const context&, react_sink&) {}

// The credentials, the listings, the ads, and through takedown's index the contents that name it.
void react(const state&, const msg::visited& e, const context&, react_sink& out) {
  const account_id institution = from_wire(e.institution());
  out.act_for(institution);
  const wire::inspect visit(e.institution(), e.visit(), e.sample_per_mille(), 0);
  for (const workflow_no to : {numbers::onboarding, numbers::product, numbers::content, numbers::takedown}) {
    out.send_shared(to, institution, visit);
  }
}

// The timer is the partition's; it is set in the name of the account whose command set it.
void react(const state&, const msg::patrol_set& e, const context& cx, react_sink& out) {
  const msg::plan_day timer(e.due());
  out.timer(cx.account, {e.due()}, position_in<msg::plan_day>(workflow::commands{}), body_of(timer));
}

}  // namespace zhili::inspection
