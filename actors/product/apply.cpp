// SPDX-License-Identifier: Apache-2.0
#include "actors/decision/counts.hpp"
#include "actors/product/workflow.hpp"

namespace zhili::product {

namespace {

void add_listing(state& s, subject_id id, account_id institution) {
  listing fresh;
  fresh.id = id;
  fresh.institution = s.institutions.find_or_add(institution);
  institution_copy& of = s.institutions[fresh.institution];
  fresh.next_of_institution = of.first_listing;
  of.first_listing = s.listings.add(fresh);
}

/// Moves a listing from the chain of whom it named to that of whom it names.
void name_practitioner(state& s, row_no row, row_no now) {
  listing& l = s.listings[row];
  if (l.practitioner == now) return;
  if (l.practitioner != no_row) {
    row_no* link = &s.practitioners[l.practitioner].first_listing;
    while (*link != row) link = &s.listings[*link].next_of_practitioner;
    *link = l.next_of_practitioner;
  }
  l.practitioner = now;
  l.next_of_practitioner = no_row;
  if (now == no_row) return;
  l.next_of_practitioner = s.practitioners[now].first_listing;
  s.practitioners[now].first_listing = row;
}

// What a later change of facts must judge again stands in the findings.
std::uint8_t grounds_of(const wire::decided& e) {
  std::uint8_t grounds = 0;
  if (e.findings() == nullptr) return grounds;
  for (const wire::finding* f : *e.findings()) {
    if (f->source() == wire::finding_source::person) grounds |= flag_by_person;
    if (f->source() != wire::finding_source::gate) continue;
    switch (static_cast<wire::gate>(f->code())) {
      case wire::gate::institution_not_admitted:
      case wire::gate::item_above_level:
      case wire::gate::department_not_licensed: grounds |= flag_by_institution; break;
      case wire::gate::practitioner_not_admitted:
      case wire::gate::practitioner_out_of_scope: grounds |= flag_by_practitioner; break;
      default: break;
    }
  }
  return grounds;
}

void note_versions(state& s, listing& l, const wire::decided& e) {
  l.pack = s.packs.of(static_cast<std::uint32_t>(e.head()->pack()));
  l.institution_version = 0;
  l.practitioner_version = 0;
  if (e.facts() == nullptr) return;
  for (const wire::fact_version* f : *e.facts()) {
    const auto version = static_cast<std::uint16_t>(f->version());
    if (f->fact() == shared_type<wire::institution_status>()) l.institution_version = version;
    if (f->fact() == shared_type<wire::practitioner_credentials>()) l.practitioner_version = version;
  }
}

}  // namespace

void apply(state& s, const wire::decided& e) {
  const wire::decision_head& head = *e.head();
  listing& l = s.listings[head.row()];
  l.decisions = head.number() & decisions_max;
  l.waiting = static_cast<std::uint8_t>(l.waiting - head.settles());
  if (l.on_content < 0xff) ++l.on_content;
  // A submission that was taken back while it waited: what was in force before stays so.
  if (head.verdict() == verdict::none) return;
  const bool doubtful = head.verdict() == verdict::escalate;
  if (doubtful && head.cause() == wire::cause::submission) ++l.waiting;
  l.mode = doubtful ? mode::at_desk : mode::judged;
  if (!doubtful) l.verdict = head.verdict();
  constexpr unsigned submitted = flag_consultation | flag_minors;
  l.flags = static_cast<std::uint8_t>((l.flags & submitted) | grounds_of(e));
  note_versions(s, l, e);
}

void apply(state& s, const msg::listing_recorded& e) {
  if (e.row() == s.listings.size()) add_listing(s, from_wire(e.subject()), from_wire(e.institution()));
  const account_id named = from_wire(e.practitioner());
  name_practitioner(s, e.row(), named ? s.practitioners.find_or_add(named) : no_row);
  listing& l = s.listings[e.row()];
  l.text = name_of(from_wire(e.text()));
  l.ref = e.ref();
  l.content = e.content();
  l.price_fen = e.price_fen();
  l.list_price_fen = e.list_price_fen();
  l.item = e.item();
  l.approval_kind = static_cast<credentials::approval_kind>(e.approval_kind());
  l.approval_form = e.approval_form();
  l.flags = e.flags();
  l.on_content = 0;
  l.mode = e.waits() != 0 ? mode::waiting_facts : mode::judged;
  if (e.waits() != 0) ++l.waiting;
}

void apply(state& s, const msg::fact_requested& e) {
  s.practitioners[e.row()].pending = 1;
}

void apply(state& s, const msg::request_expired& e) {
  s.practitioners[e.row()].pending = 0;
}

void apply(state& s, const wire::institution_status& e) {
  institution_copy& i = s.institutions[s.institutions.find_or_add(from_wire(e.institution()))];
  i.departments = e.departments();
  i.version = e.version();
  i.standing = e.standing();
  i.level_max = e.level_max();
}

void apply(state& s, const wire::practitioner_credentials& e) {
  practitioner_copy& p = s.practitioners[s.practitioners.find_or_add(from_wire(e.practitioner()))];
  p.registered_at = from_wire(e.registered_at());
  p.valid_to = e.valid_to();
  p.scopes = e.scopes();
  p.version = e.version();
  p.standing = e.standing();
  p.lead = e.lead();
  p.answered = 1;
  p.pending = 0;
}

void apply(state& s, const msg::band_noted& e) {
  institution_copy& i = s.institutions[s.institutions.find_or_add(from_wire(e.institution()))];
  i.band = e.band();
  i.band_version = e.version();
}

void apply(state& s, const msg::listing_checked& e) {
  listing& l = s.listings[e.row()];
  l.pack = s.packs.of(e.pack());
  l.institution_version = e.institution_version();
  l.practitioner_version = e.practitioner_version();
}

void apply(state&, const msg::page_asked&) {}

void apply(state& s, const msg::page_recorded& e) {
  listing& l = s.listings[e.row()];
  l.text = name_of(from_wire(e.text()));
  l.price_fen = e.price_fen();
  l.on_content = 0;
}

void apply(state&, const msg::task_dropped&) {}

void apply(state& s, const msg::listing_withdrawn& e) {
  s.listings[e.row()].mode = mode::withdrawn;
}

void apply(state& s, const wire::count_noted& e) {
  decision::apply_to(s.counts, e);
}

}  // namespace zhili::product
