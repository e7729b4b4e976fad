// SPDX-License-Identifier: Apache-2.0
// Quality 质检组: a drawn decision is looked at again by somebody who did not make it and is not told what it was. Where
// the two differ a third opinion is asked, and wins.
#pragma once

#include "actors/partition/workflow.hpp"
#include "actors/quality/state.hpp"

namespace zhili::quality {

namespace msg = wire::quality;
using partition::context;
using partition::decide_sink;
using partition::outcome;
using partition::react_sink;

struct workflow {
  using state = quality::state;
  using commands = type_list<msg::sampled>;
  using submissions = type_list<>;
  using takes = type_list<wire::desk_answer>;
  using subscribes = type_list<>;
  using events = type_list<wire::decided, msg::look_opened, msg::agreed, msg::disagreed, msg::third_given>;
  static constexpr std::string_view name = "quality";
  static constexpr std::string_view name_zh = "质检组";
  static constexpr workflow_no number = workflow_numbers::quality;
  static constexpr std::uint32_t behaviour = 2;
};

outcome decide(const state&, const msg::sampled&, const context&, decide_sink&);
outcome decide(const state&, const wire::desk_answer&, const context&, decide_sink&);

void apply(state&, const wire::decided&);
void apply(state&, const msg::look_opened&);
void apply(state&, const msg::agreed&);
void apply(state&, const msg::disagreed&);
void apply(state&, const msg::third_given&);

void react(const state&, const wire::decided&, const context&, react_sink&);
void react(const state&, const msg::look_opened&, const context&, react_sink&);
void react(const state&, const msg::agreed&, const context&, react_sink&);
void react(const state&, const msg::disagreed&, const context&, react_sink&);
void react(const state&, const msg::third_given&, const context&, react_sink&);

/// The task of an opinion on a subject's decision: two of one decision never share a task.
enum class opinion : std::uint8_t { second = 0, third = 1 };
std::uint64_t occasion_of(std::uint32_t decision_number, opinion);

}  // namespace zhili::quality
