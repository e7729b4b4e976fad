// SPDX-License-Identifier: Apache-2.0
// Signal: keys that accounts share without knowing of each other. So far the texts of reviews: who brings one
// that enough others brought is told, and so are they.
#pragma once

#include "actors/partition/workflow.hpp"
#include "actors/signal/state.hpp"

namespace zhili::signal {

namespace msg = wire::signal;
using partition::context;
using partition::decide_sink;
using partition::outcome;
using partition::react_sink;

struct workflow {
  using state = signal::state;
  using commands = type_list<msg::seen>;
  using submissions = type_list<>;
  using takes = type_list<>;
  using subscribes = type_list<>;
  using events = type_list<wire::decided, msg::sighting_kept>;
  static constexpr std::string_view name = "signal";
  static constexpr std::string_view name_zh = "关联信号";
  static constexpr workflow_no number = workflow_numbers::signal;
  static constexpr std::uint32_t behaviour = 1;
};

outcome decide(const state&, const msg::seen&, const context&, decide_sink&);
void apply(state&, const wire::decided&);
void apply(state&, const msg::sighting_kept&);
void react(const state&, const wire::decided&, const context&, react_sink&);
void react(const state&, const msg::sighting_kept&, const context&, react_sink&);

}  // namespace zhili::signal
