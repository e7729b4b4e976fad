// SPDX-License-Identifier: Apache-2.0
#include "actors/product/ruling.hpp"

namespace zhili::product {

using decision::draft;
using partition::done;
using partition::waits;

context on_behalf(account_id owner, const context& cx) {
  context own = cx;
  own.judge_for(owner);
  own.event_time = cx.now;
  return own;
}

void drop_task(const listing& l, row_no row, decide_sink& out) {
  if (l.mode == mode::at_desk) out.emit<workflow>(msg::task_dropped(to_wire(l.id), row, l.decisions));
}

outcome conclude(draft& d, const listing* before, row_no row, decide_sink& out) {
  const verdict v = d.verdict();
  if (before != nullptr && v != verdict::escalate) d.settles(before->waiting);
  d.place(
      row, before == nullptr ? 1 : before->decisions + 1,
      before == nullptr ? verdict::none : before->verdict);
  d.emit<workflow>(out);
  return v == verdict::escalate ? waits(subject_kind::product) : done(subject_kind::product, v);
}

verdict judge_again(
    const listing& l, row_no row, const facts_at_hand& facts, wire::cause why, const context& cx,
    decide_sink& out) {
  const context own = on_behalf(facts.institution->id, cx);
  draft d(own, l.id, l.ref, subject_kind::product, why);
  const scrutiny how = scrutiny_of(l, facts, own);
  judge(l, facts, how, how.pack ? own.text_of(l.text, l.ref) : std::string_view{}, own, d);
  if (l.mode != mode::waiting_facts) {
    const verdict now = l.mode == mode::at_desk ? verdict::escalate : l.verdict;
    // Where the pack was left out, a person's label or demotion stands unless a gate outweighs it.
    const bool same = how.pack ? d.verdict() == now : decision::weight(d.verdict()) <= decision::weight(now);
    if (same) {
      out.emit<workflow>(msg::listing_checked(
          pack_of(own), row, version_of(facts.institution), version_of(facts.practitioner)));
      return now;
    }
    drop_task(l, row, out);
  }
  conclude(d, &l, row, out);
  return d.verdict();
}

}  // namespace zhili::product
