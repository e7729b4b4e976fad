// SPDX-License-Identifier: Apache-2.0
#include "actors/takedown/workflow.hpp"

namespace zhili::takedown {

void apply(state& s, const wire::decided& e) {
  measure& m = s.measures[e.head()->row()];
  m.appealing = 0;
  m.appeal_by = e.head()->decided_by();
}

void apply(state& s, const msg::measure_changed& e) {
  if (e.row() == s.measures.size()) {
    measure fresh{};
    fresh.id = from_wire(e.subject());
    s.measures.add(fresh);
  }
  measure& m = s.measures[e.row()];
  if (e.state() == measure_state::ordered) {
    m.in_force_since = 0;
    // Another decision may be appealed against anew.
    if (m.number != e.number() || m.workflow != e.workflow()) m.appeals = 0;
  }
  m.owner = from_wire(e.owner());
  m.ref = e.ref();
  m.decided_by = e.decided_by();
  m.serial = e.serial();
  m.origin_row = e.origin_row();
  m.number = e.number();
  m.verdict = e.verdict();
  m.state = e.state();
  m.workflow = e.workflow();
  m.kind = e.kind();
}

void apply(state& s, const msg::order_issued& e) {
  reasons_kept& kept = s.reasons[e.row()];
  kept.pack = e.pack();
  kept.findings.clear();
  if (e.findings() == nullptr) return;
  for (const wire::finding* f : *e.findings()) kept.findings.push_back(*f);
}

// ordered -> in force, lifting -> lifted: by the platform's word alone.
void apply(state& s, const msg::acknowledged& e) {
  measure& m = s.measures[e.row()];
  m.acknowledged = e.serial();
  if (e.serial() != m.serial) return;
  s.reasons.erase(e.row());
  if (m.state == measure_state::ordered) {
    m.state = measure_state::in_force;
    m.in_force_since = e.at();
  } else if (m.state == measure_state::lifting) {
    m.state = measure_state::lifted;
    m.in_force_since = 0;
  }
}

void apply(state& s, const msg::appealed& e) {
  measure& m = s.measures[e.row()];
  m.appealing = 1;
  m.appeals = e.count();
}

void apply(state& s, const msg::mention_changed& e) {
  auto& contents = s.named_or_new(from_wire(e.institution())).contents;
  const shard_no shard = shard_of(from_wire(e.author()));
  const row_no known = contents.find(mention::key_of(shard, e.content_row()));
  const std::uint8_t live = e.live() != 0 ? 1 : 0;
  if (known != partition::no_row) {
    contents[known].live = live;
  } else {
    contents.add({e.content_row(), shard, live, {}});
  }
}

void apply(state& s, const msg::cascade& e) {
  auto& named = s.named_or_new(from_wire(e.institution()));
  named.offline = e.offline();
  if (e.from() == 0) ++named.cascades;
}

void apply(state&, const msg::inspected_mentions&) {}

}  // namespace zhili::takedown
