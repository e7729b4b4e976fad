// SPDX-License-Identifier: Apache-2.0
// Desk 人工研判: tasks with priority and due time, claims with a lease, decisions with a reason.
#pragma once

#include "actors/desk/state.hpp"
#include "actors/partition/workflow.hpp"

namespace zhili::desk {

namespace msg = wire::desk;
using partition::context;
using partition::decide_sink;
using partition::outcome;
using partition::react_sink;

struct workflow {
  using state = desk::state;
  using commands = type_list<msg::open_task, msg::withdraw_task, msg::claim, msg::decide_task, msg::lease_ends>;
  using submissions = type_list<msg::claim, msg::decide_task>;
  using takes = type_list<>;
  using subscribes = type_list<>;
  using events =
      type_list<wire::decided, msg::task_opened, msg::task_claimed, msg::task_returned, msg::task_closed>;
  static constexpr std::string_view name = "desk";
  static constexpr std::string_view name_zh = "人工研判";
  static constexpr workflow_no number = workflow_numbers::desk;
  static constexpr std::uint32_t behaviour = 2;
};

outcome decide(const state&, const msg::open_task&, const context&, decide_sink&);
outcome decide(const state&, const msg::withdraw_task&, const context&, decide_sink&);
outcome decide(const state&, const msg::claim&, const context&, decide_sink&);
outcome decide(const state&, const msg::decide_task&, const context&, decide_sink&);
outcome decide(const state&, const msg::lease_ends&, const context&, decide_sink&);

void apply(state&, const wire::decided&);
void apply(state&, const msg::task_opened&);
void apply(state&, const msg::task_claimed&);
void apply(state&, const msg::task_returned&);
void apply(state&, const msg::task_closed&);

void react(const state&, const wire::decided&, const context&, react_sink&);
void react(const state&, const msg::task_opened&, const context&, react_sink&);
void react(const state&, const msg::task_claimed&, const context&, react_sink&);
void react(const state&, const msg::task_returned&, const context&, react_sink&);
void react(const state&, const msg::task_closed&, const context&, react_sink&);

}  // namespace zhili::desk
