// SPDX-License-Identifier: Apache-2.0
#include "actors/quality/workflow.hpp"

namespace zhili::quality {

namespace {

// agreed and disagreed tell the same.
template <class Opinion>
void note_second(state& s, const Opinion& e, mode after) {
  look& l = s.looks[e.row()];
  l.second = e.second();
  l.second_by = e.reviewer();
  l.mode = after;
  ++s.opinions_of(e.workflow(), e.kind())
        .count[static_cast<std::size_t>(e.first())][static_cast<std::size_t>(e.second())];
}

}  // namespace

void apply(state&, const wire::decided&) {}

void apply(state& s, const msg::look_opened& e) {
  look l;
  l.id = from_wire(e.task());
  l.subject = from_wire(e.subject());
  l.ref = e.ref();
  l.decided_by = e.decided_by();
  l.origin_row = e.origin_row();
  l.number = e.number();
  l.kind = e.kind();
  l.workflow = e.workflow();
  l.first = e.verdict();
  s.looks.add(l);
}

void apply(state& s, const msg::agreed& e) { note_second(s, e, mode::agreed); }
void apply(state& s, const msg::disagreed& e) { note_second(s, e, mode::third); }

void apply(state& s, const msg::third_given& e) {
  look& l = s.looks[e.row()];
  l.third = e.verdict();
  l.mode = e.upheld() != 0 ? mode::upheld : mode::overturned;
  opinions& o = s.opinions_of(l.workflow, l.kind);
  ++(e.upheld() != 0 ? o.upheld : o.overturned);
}

}  // namespace zhili::quality
