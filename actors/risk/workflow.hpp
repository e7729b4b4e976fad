// SPDX-License-Identifier: Apache-2.0
// Risk 风险指数: every decision against a user's or an institution's subjects charges the account's index, every
// reversal takes exactly that back, and time lets it go. The pack says which band the points make. A high band of an
// institution takes it offline and opens a re-audit; hard gates (no licence) are no matter of points.
#pragma once

#include "actors/partition/workflow.hpp"
#include "actors/risk/state.hpp"

namespace zhili::risk {

namespace msg = wire::risk;
using partition::context;
using partition::decide_sink;
using partition::outcome;
using partition::react_sink;

struct workflow {
  using state = risk::state;
  using commands = type_list<msg::charge, msg::recount>;
  using submissions = type_list<>;
  using takes = type_list<>;
  using subscribes = type_list<>;
  using events = type_list<wire::decided, msg::charged, msg::taken_back, msg::aged, msg::band_moved>;
  static constexpr std::string_view name = "risk";
  static constexpr std::string_view name_zh = "风险指数";
  static constexpr workflow_no number = workflow_numbers::risk;
  static constexpr std::uint32_t behaviour = 2;
};

outcome decide(const state&, const msg::charge&, const context&, decide_sink&);
outcome decide(const state&, const msg::recount&, const context&, decide_sink&);

void apply(state&, const wire::decided&);
void apply(state&, const msg::charged&);
void apply(state&, const msg::taken_back&);
void apply(state&, const msg::aged&);
void apply(state&, const msg::band_moved&);

void react(const state&, const wire::decided&, const context&, react_sink&);
void react(const state&, const msg::charged&, const context&, react_sink&);
void react(const state&, const msg::taken_back&, const context&, react_sink&);
void react(const state&, const msg::aged&, const context&, react_sink&);
void react(const state&, const msg::band_moved&, const context&, react_sink&);

}  // namespace zhili::risk
