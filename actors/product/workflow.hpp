// SPDX-License-Identifier: Apache-2.0
// Product 商品组: which treatments may be sold, by whom, at what price (医疗美容服务管理办法;
// 医疗机构管理条例 art. 26; 医师法 art. 14). Every submission of a listing, new or changed, is judged; a
// change of the institution's or the practitioner's standing judges again what depended on it; inspection
// reads pages anew.
#pragma once

#include "actors/partition/workflow.hpp"
#include "actors/product/state.hpp"

namespace zhili::product {

namespace msg = wire::product;
using partition::context;
using partition::decide_sink;
using partition::outcome;
using partition::react_sink;

struct workflow {
  using state = product::state;
  using commands =
      type_list<msg::submit_listing, msg::withdraw_listing, msg::page_seen, msg::request_overdue>;
  using submissions = type_list<msg::submit_listing, msg::withdraw_listing, msg::page_seen>;
  using takes = type_list<wire::practitioner_credentials, wire::desk_answer, wire::reversal, wire::inspect>;
  using subscribes = type_list<wire::institution_status, wire::band_changed>;
  using events = type_list<
      wire::decided, msg::listing_recorded, msg::fact_requested, msg::request_expired,
      wire::institution_status, wire::practitioner_credentials, msg::band_noted, msg::listing_checked,
      msg::page_asked, msg::page_recorded, msg::task_dropped, msg::listing_withdrawn, wire::count_noted>;
  static constexpr std::string_view name = "product";
  static constexpr std::string_view name_zh = "商品组";
  static constexpr workflow_no number = workflow_numbers::product;
  static constexpr std::uint32_t behaviour = 4;
};

outcome decide(const state&, const msg::submit_listing&, const context&, decide_sink&);
outcome decide(const state&, const msg::withdraw_listing&, const context&, decide_sink&);
outcome decide(const state&, const msg::page_seen&, const context&, decide_sink&);
outcome decide(const state&, const msg::request_overdue&, const context&, decide_sink&);
outcome decide(const state&, const wire::practitioner_credentials&, const context&, decide_sink&);
outcome decide(const state&, const wire::desk_answer&, const context&, decide_sink&);
outcome decide(const state&, const wire::reversal&, const context&, decide_sink&);
outcome decide(const state&, const wire::inspect&, const context&, decide_sink&);
outcome decide(const state&, const wire::institution_status&, const context&, decide_sink&);
outcome decide(const state&, const wire::band_changed&, const context&, decide_sink&);

void apply(state&, const wire::decided&);
void apply(state&, const msg::listing_recorded&);
void apply(state&, const msg::fact_requested&);
void apply(state&, const msg::request_expired&);
void apply(state&, const wire::institution_status&);
void apply(state&, const wire::practitioner_credentials&);
void apply(state&, const msg::band_noted&);
void apply(state&, const msg::listing_checked&);
void apply(state&, const msg::page_asked&);
void apply(state&, const msg::page_recorded&);
void apply(state&, const msg::task_dropped&);
void apply(state&, const msg::listing_withdrawn&);
void apply(state&, const wire::count_noted&);

void react(const state&, const wire::decided&, const context&, react_sink&);
void react(const state&, const msg::listing_recorded&, const context&, react_sink&);
void react(const state&, const msg::fact_requested&, const context&, react_sink&);
void react(const state&, const msg::request_expired&, const context&, react_sink&);
void react(const state&, const wire::institution_status&, const context&, react_sink&);
void react(const state&, const wire::practitioner_credentials&, const context&, react_sink&);
void react(const state&, const msg::band_noted&, const context&, react_sink&);
void react(const state&, const msg::listing_checked&, const context&, react_sink&);
void react(const state&, const msg::page_asked&, const context&, react_sink&);
void react(const state&, const msg::page_recorded&, const context&, react_sink&);
void react(const state&, const msg::task_dropped&, const context&, react_sink&);
void react(const state&, const msg::listing_withdrawn&, const context&, react_sink&);
void react(const state&, const wire::count_noted&, const context&, react_sink&);

}  // namespace zhili::product
