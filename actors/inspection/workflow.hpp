// SPDX-License-Identifier: Apache-2.0
// Inspection 巡查: every live institution is looked at again within the interval of its tier, the stalest first, as many
// a day as the partition has room for. The tier follows from the risk band and from what earlier visits found. What a
// visit turns up is decided, with the cause `inspection`, by the workflows that it is sent to.
#pragma once

#include "actors/inspection/state.hpp"
#include "actors/partition/workflow.hpp"

namespace zhili::inspection {

namespace msg = wire::inspection;
using partition::context;
using partition::decide_sink;
using partition::outcome;
using partition::react_sink;

struct workflow {
  using state = inspection::state;
  using commands = type_list<msg::plan_day>;
  using submissions = type_list<>;
  using takes = type_list<>;
  using subscribes = type_list<wire::institution_status, wire::band_changed>;
  using events = type_list<wire::decided, msg::scheduled, msg::unscheduled, msg::band_noted, msg::visited,
                           msg::day_planned, msg::patrol_set>;
  static constexpr std::string_view name = "inspection";
  static constexpr std::string_view name_zh = "巡查";
  static constexpr workflow_no number = workflow_numbers::inspection;
  static constexpr std::uint32_t behaviour = 1;
};

outcome decide(const state&, const msg::plan_day&, const context&, decide_sink&);
outcome decide(const state&, const wire::institution_status&, const context&, decide_sink&);
outcome decide(const state&, const wire::band_changed&, const context&, decide_sink&);

void apply(state&, const wire::decided&);
void apply(state&, const msg::scheduled&);
void apply(state&, const msg::unscheduled&);
void apply(state&, const msg::band_noted&);
void apply(state&, const msg::visited&);
void apply(state&, const msg::day_planned&);
void apply(state&, const msg::patrol_set&);

void react(const state&, const wire::decided&, const context&, react_sink&);
void react(const state&, const msg::scheduled&, const context&, react_sink&);
void react(const state&, const msg::unscheduled&, const context&, react_sink&);
void react(const state&, const msg::band_noted&, const context&, react_sink&);
void react(const state&, const msg::visited&, const context&, react_sink&);
void react(const state&, const msg::day_planned&, const context&, react_sink&);
void react(const state&, const msg::patrol_set&, const context&, react_sink&);

}  // namespace zhili::inspection
