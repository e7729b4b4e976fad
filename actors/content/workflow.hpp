// SPDX-License-Identifier: Apache-2.0
// Content 内容组: diaries, posts, ads and reviews. Texts go through the pack; an ad needs an admitted
// institution (广告法 art. 46); a review is also judged by four plain signs, and never for being negative
// (电子商务法 art. 39).
#pragma once

#include "actors/content/state.hpp"
#include "actors/partition/workflow.hpp"

namespace zhili::content {

namespace msg = wire::content;
using partition::context;
using partition::decide_sink;
using partition::outcome;
using partition::react_sink;

struct workflow {
  using state = content::state;
  using commands = type_list<
      msg::submit_content, msg::withdraw_content, msg::page_seen, msg::tally_due, msg::hour_tally,
      msg::burst_found, msg::text_shared>;
  using submissions = type_list<msg::submit_content, msg::withdraw_content, msg::page_seen>;
  using takes =
      type_list<wire::desk_answer, wire::reversal, wire::mention_label, wire::inspect, wire::inspect_one>;
  using subscribes = type_list<wire::institution_status, wire::band_changed>;
  using events = type_list<
      wire::decided, msg::content_recorded, msg::review_noted, msg::signs_noted, msg::looked_again,
      msg::reading_asked, msg::page_asked, msg::page_noted, msg::withdrawn, msg::mention_dropped,
      msg::label_changed, msg::band_noted, msg::status_noted, msg::tally_made, msg::tally_kept,
      msg::burst_noticed, msg::details_noted, wire::count_noted>;
  static constexpr std::string_view name = "content";
  static constexpr std::string_view name_zh = "内容组";
  static constexpr workflow_no number = workflow_numbers::content;
  static constexpr std::uint32_t behaviour = 5;
};

outcome decide(const state&, const msg::submit_content&, const context&, decide_sink&);
outcome decide(const state&, const msg::withdraw_content&, const context&, decide_sink&);
outcome decide(const state&, const msg::page_seen&, const context&, decide_sink&);
outcome decide(const state&, const msg::tally_due&, const context&, decide_sink&);
outcome decide(const state&, const msg::hour_tally&, const context&, decide_sink&);
outcome decide(const state&, const msg::burst_found&, const context&, decide_sink&);
outcome decide(const state&, const msg::text_shared&, const context&, decide_sink&);
outcome decide(const state&, const wire::desk_answer&, const context&, decide_sink&);
outcome decide(const state&, const wire::reversal&, const context&, decide_sink&);
outcome decide(const state&, const wire::mention_label&, const context&, decide_sink&);
outcome decide(const state&, const wire::inspect&, const context&, decide_sink&);
outcome decide(const state&, const wire::inspect_one&, const context&, decide_sink&);
outcome decide(const state&, const wire::institution_status&, const context&, decide_sink&);
outcome decide(const state&, const wire::band_changed&, const context&, decide_sink&);

void apply(state&, const wire::decided&);
void apply(state&, const msg::content_recorded&);
void apply(state&, const msg::review_noted&);
void apply(state&, const msg::signs_noted&);
void apply(state&, const msg::looked_again&);
void apply(state&, const msg::reading_asked&);
void apply(state&, const msg::page_asked&);
void apply(state&, const msg::page_noted&);
void apply(state&, const msg::withdrawn&);
void apply(state&, const msg::mention_dropped&);
void apply(state&, const msg::label_changed&);
void apply(state&, const msg::band_noted&);
void apply(state&, const msg::status_noted&);
void apply(state&, const msg::tally_made&);
void apply(state&, const msg::tally_kept&);
void apply(state&, const msg::burst_noticed&);
void apply(state&, const msg::details_noted&);
void apply(state&, const wire::count_noted&);

void react(const state&, const wire::decided&, const context&, react_sink&);
void react(const state&, const msg::content_recorded&, const context&, react_sink&);
void react(const state&, const msg::review_noted&, const context&, react_sink&);
void react(const state&, const msg::signs_noted&, const context&, react_sink&);
void react(const state&, const msg::looked_again&, const context&, react_sink&);
void react(const state&, const msg::reading_asked&, const context&, react_sink&);
void react(const state&, const msg::page_asked&, const context&, react_sink&);
void react(const state&, const msg::page_noted&, const context&, react_sink&);
void react(const state&, const msg::withdrawn&, const context&, react_sink&);
void react(const state&, const msg::mention_dropped&, const context&, react_sink&);
void react(const state&, const msg::label_changed&, const context&, react_sink&);
void react(const state&, const msg::band_noted&, const context&, react_sink&);
void react(const state&, const msg::status_noted&, const context&, react_sink&);
void react(const state&, const msg::tally_made&, const context&, react_sink&);
void react(const state&, const msg::tally_kept&, const context&, react_sink&);
void react(const state&, const msg::burst_noticed&, const context&, react_sink&);
void react(const state&, const msg::details_noted&, const context&, react_sink&);
void react(const state&, const wire::count_noted&, const context&, react_sink&);

}  // namespace zhili::content
