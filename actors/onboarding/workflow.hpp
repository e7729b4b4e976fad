// SPDX-License-Identifier: Apache-2.0
// Onboarding 入驻组: who may be listed at all. An institution by its licence (医疗机构管理条例 art. 22, 24; 医疗美容服务
// 管理办法), a practitioner by certificate and registration (医师法 art. 13, 14). A lapsed credential ends the admission
// by a timer and opens a re-audit; a renewal restores it.
#pragma once

#include "actors/onboarding/state.hpp"
#include "actors/partition/workflow.hpp"

namespace zhili::onboarding {

namespace msg = wire::onboarding;
using partition::context;
using partition::decide_sink;
using partition::outcome;
using partition::react_sink;

struct workflow {
  using state = onboarding::state;
  using commands = type_list<msg::submit_institution, msg::submit_practitioner, msg::credential_ends,
                             msg::licence_seen>;
  using submissions = type_list<msg::submit_institution, msg::submit_practitioner, msg::licence_seen>;
  using takes = type_list<wire::registry_changed, wire::watch_practitioner, wire::desk_answer, wire::reversal,
                          wire::index_crossed, wire::inspect>;
  using subscribes = type_list<>;
  using events = type_list<wire::decided, msg::institution_recorded, msg::practitioner_recorded, msg::standing_changed,
                           msg::watcher_added, msg::snapshot_noted, msg::task_dropped, msg::licence_asked, wire::count_noted>;
  static constexpr std::string_view name = "onboarding";
  static constexpr std::string_view name_zh = "入驻组";
  static constexpr workflow_no number = workflow_numbers::onboarding;
  static constexpr std::uint32_t behaviour = 2;
};

outcome decide(const state&, const msg::submit_institution&, const context&, decide_sink&);
outcome decide(const state&, const msg::submit_practitioner&, const context&, decide_sink&);
outcome decide(const state&, const msg::credential_ends&, const context&, decide_sink&);
outcome decide(const state&, const msg::licence_seen&, const context&, decide_sink&);
outcome decide(const state&, const wire::registry_changed&, const context&, decide_sink&);
outcome decide(const state&, const wire::watch_practitioner&, const context&, decide_sink&);
outcome decide(const state&, const wire::desk_answer&, const context&, decide_sink&);
outcome decide(const state&, const wire::reversal&, const context&, decide_sink&);
outcome decide(const state&, const wire::index_crossed&, const context&, decide_sink&);
outcome decide(const state&, const wire::inspect&, const context&, decide_sink&);

void apply(state&, const wire::decided&);
void apply(state&, const msg::institution_recorded&);
void apply(state&, const msg::practitioner_recorded&);
void apply(state&, const msg::standing_changed&);
void apply(state&, const msg::watcher_added&);
void apply(state&, const msg::snapshot_noted&);
void apply(state&, const msg::task_dropped&);
void apply(state&, const msg::licence_asked&);
void apply(state&, const wire::count_noted&);

void react(const state&, const wire::decided&, const context&, react_sink&);
void react(const state&, const msg::institution_recorded&, const context&, react_sink&);
void react(const state&, const msg::practitioner_recorded&, const context&, react_sink&);
void react(const state&, const msg::standing_changed&, const context&, react_sink&);
void react(const state&, const msg::watcher_added&, const context&, react_sink&);
void react(const state&, const msg::snapshot_noted&, const context&, react_sink&);
void react(const state&, const msg::task_dropped&, const context&, react_sink&);
void react(const state&, const msg::licence_asked&, const context&, react_sink&);
void react(const state&, const wire::count_noted&, const context&, react_sink&);

}  // namespace zhili::onboarding
