// SPDX-License-Identifier: Apache-2.0
// Takedown 下线处置: every sanction in force, the order to the platform and its acknowledgement, the statement of
// reasons, appeals and full reversal. A measure that the platform has not acknowledged is not in force.
#pragma once

#include "actors/partition/workflow.hpp"
#include "actors/takedown/state.hpp"

namespace zhili::takedown {

namespace msg = wire::takedown;
using partition::context;
using partition::decide_sink;
using partition::outcome;
using partition::react_sink;

struct workflow {
  using state = takedown::state;
  using commands = type_list<msg::impose, msg::lift, msg::acknowledge, msg::file_appeal, msg::resend, msg::term_ends,
                             msg::mentioned, msg::cascade_on>;
  using submissions = type_list<msg::acknowledge, msg::file_appeal>;
  using takes = type_list<wire::desk_answer, wire::inspect>;
  using subscribes = type_list<wire::institution_status>;
  using events = type_list<wire::decided, msg::measure_changed, msg::order_issued, msg::acknowledged, msg::appealed,
                           msg::mention_changed, msg::cascade, msg::inspected_mentions>;
  static constexpr std::string_view name = "takedown";
  static constexpr std::string_view name_zh = "下线处置";
  static constexpr workflow_no number = workflow_numbers::takedown;
  static constexpr std::uint32_t behaviour = 2;
};

outcome decide(const state&, const msg::impose&, const context&, decide_sink&);
outcome decide(const state&, const msg::lift&, const context&, decide_sink&);
outcome decide(const state&, const msg::acknowledge&, const context&, decide_sink&);
outcome decide(const state&, const msg::file_appeal&, const context&, decide_sink&);
outcome decide(const state&, const msg::resend&, const context&, decide_sink&);
outcome decide(const state&, const msg::term_ends&, const context&, decide_sink&);
outcome decide(const state&, const msg::mentioned&, const context&, decide_sink&);
outcome decide(const state&, const msg::cascade_on&, const context&, decide_sink&);
outcome decide(const state&, const wire::desk_answer&, const context&, decide_sink&);
outcome decide(const state&, const wire::institution_status&, const context&, decide_sink&);
outcome decide(const state&, const wire::inspect&, const context&, decide_sink&);

void apply(state&, const wire::decided&);
void apply(state&, const msg::measure_changed&);
void apply(state&, const msg::order_issued&);
void apply(state&, const msg::acknowledged&);
void apply(state&, const msg::appealed&);
void apply(state&, const msg::mention_changed&);
void apply(state&, const msg::cascade&);
void apply(state&, const msg::inspected_mentions&);

void react(const state&, const wire::decided&, const context&, react_sink&);
void react(const state&, const msg::measure_changed&, const context&, react_sink&);
void react(const state&, const msg::order_issued&, const context&, react_sink&);
void react(const state&, const msg::acknowledged&, const context&, react_sink&);
void react(const state&, const msg::appealed&, const context&, react_sink&);
void react(const state&, const msg::mention_changed&, const context&, react_sink&);
void react(const state&, const msg::cascade&, const context&, react_sink&);
void react(const state&, const msg::inspected_mentions&, const context&, react_sink&);

}  // namespace zhili::takedown
