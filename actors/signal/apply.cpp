// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "actors/signal/workflow.hpp"

namespace zhili::signal {

namespace {

void forget_the_old(state& s, std::int32_t day) {
  if (s.since == 0) s.since = day;
  const std::int32_t terms = s.terms_passed(day);
  if (terms < 1) return;
  if (terms > 1) s.young = {};
  s.old = std::exchange(s.young, {});
  s.since = day;
  std::erase_if(s.more, [&](const auto& entry) { return s.old.find(entry.first) == no_row; });
}

key& young_key(state& s, const msg::sighting_kept& e) {
  const subject_id id = from_wire(e.key());
  row_no n = s.young.find(id);
  if (n == no_row) {
    const row_no before = s.old.find(id);
    n = s.young.add(
        before != no_row ? s.old[before]
                         : key{id, from_wire(e.author()), from_wire(e.subject()), e.row(), 0});
  }
  return s.young[n];
}

}  // namespace

void apply(state&, const wire::decided&) {}

void apply(state& s, const msg::sighting_kept& e) {
  forget_the_old(s, e.day());
  key& k = young_key(s, e);
  k.authors = e.authors();
  if (e.kept() != 0 && e.authors() > 1) {
    s.more[k.id].push_back({from_wire(e.author()), from_wire(e.subject()), e.row(), 0});
  }
}

}  // namespace zhili::signal
