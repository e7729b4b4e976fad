// SPDX-License-Identifier: Apache-2.0
#include "actors/product/checks.hpp"

#include <chrono>

#include "actors/credentials/catalogue.hpp"
#include "actors/credentials/code_text.hpp"
#include "actors/decision/counts.hpp"
#include "policy/fields/product.hpp"

namespace zhili::product {

namespace slot = fields::product::slot;
using credentials::approval_fit;
using credentials::approval_verdict;
using decision::draft;
using wire::gate;

namespace {

/// The item of a listing; nullptr for a consultation about none and for a number that the catalogue does not
/// have.
const credentials::item* item_of(const listing& l) {
  return credentials::find(l.item);
}

bool is_treatment(const listing& l) {
  return l.item != 0 || !l.has(flag_consultation);
}

credentials::approval approval_of(const listing& l) {
  credentials::approval a;
  a.kind = l.approval_kind;
  a.verdict = static_cast<approval_verdict>(l.approval_form & 15);
  a.device_class = l.approval_form >> 4;
  return a;
}

// Onboarding has said what the licence allows.
bool told(const institution_copy& i) {
  return i.standing != standing::unknown;
}

bool above_level(const credentials::item& item, const institution_copy& i) {
  return told(i) && item.level > i.level_max;
}
bool lacks_subject(const credentials::item& item, const institution_copy& i) {
  return told(i) && (i.departments & credentials::departments_for(item.subject)) == 0;
}
bool in_scope(const credentials::item& item, const practitioner_copy& p) {
  return (p.scopes & credentials::scopes_for(item.subject)) != 0;
}

/// Calls found(gate, verdict, severity) for each that fires, in the order of the decision table.
template <class Found>
void each_gate(const listing& l, const facts_at_hand& f, const context& cx, Found&& found) {
  const credentials::item* item = item_of(l);
  const institution_copy& i = *f.institution;

  // 医疗机构管理条例 art. 23 (art. 24 before 1 May 2022): nobody treats without a licence.
  if (i.standing != standing::admitted) found(gate::institution_not_admitted, verdict::reject, 5);
  // 医疗美容服务管理办法: only items of the graded catalogue are medical aesthetics that may be offered.
  if (is_treatment(l) && item == nullptr) found(gate::item_not_in_catalogue, verdict::reject, 4);
  // 医疗机构管理条例 art. 26 (art. 27 before 1 May 2022): only the clinical subjects on the licence.
  if (item != nullptr && lacks_subject(*item, i)) found(gate::department_not_licensed, verdict::reject, 5);
  // 医疗美容项目分级管理目录 (2009) part 1; to exceed the level is to exceed the registered scope (reply of
  // the Ministry of Health of 13 December 2010).
  if (item != nullptr && above_level(*item, i)) found(gate::item_above_level, verdict::reject, 5);

  if (f.practitioner != nullptr) {
    const practitioner_copy& p = *f.practitioner;
    if (p.answered == 0) {
      found(gate::practitioner_unknown, verdict::escalate, 2);
    } else if (!p.admitted(cx.now)) {
      // 医师法 art. 13, 14 (执业医师法 art. 14 before 1 March 2022): nobody practises without registration.
      found(gate::practitioner_not_admitted, verdict::reject, 4);
    } else {
      // 医师法 art. 14: within the registered scope.
      if (item != nullptr && !in_scope(*item, p)) found(gate::practitioner_out_of_scope, verdict::reject, 4);
      // 医师法 art. 14, 15: at the registered place; practice at several places may be filed, which a person
      // must see.
      if (p.registered_at != i.id) found(gate::registration_elsewhere, verdict::escalate, 3);
    }
  }

  if (item == nullptr) return;
  // 药品管理法 art. 98, 医疗器械监督管理条例 art. 86: only approved drugs and registered devices may be used.
  switch (credentials::fits(credentials::need_at(*item, cx.event_time), approval_of(l))) {
    case approval_fit::fits: break;
    case approval_fit::missing:
      if (item->number_required) found(gate::approval_number_malformed, verdict::reject, 4);
      break;
    case approval_fit::malformed: found(gate::approval_number_malformed, verdict::reject, 4); break;
    case approval_fit::wrong_kind:
    case approval_fit::wrong_class: found(gate::approval_number_wrong_kind, verdict::reject, 4); break;
  }
}

void note_facts(const facts_at_hand& f, draft& d) {
  if (told(*f.institution)) {
    d.used(f.institution->id, shared_type<wire::institution_status>(), f.institution->version);
  }
  if (f.practitioner != nullptr && f.practitioner->answered != 0) {
    d.used(f.practitioner->id, shared_type<wire::practitioner_credentials>(), f.practitioner->version);
  }
}

fields::product::approval approval_slot(const listing& l, credentials::product_need need) {
  using fields::product::approval;
  const credentials::approval number = approval_of(l);
  if (number.verdict == approval_verdict::missing) return approval::none;
  if (need == credentials::product_need::none) return number ? approval::good : approval::malformed;
  switch (credentials::fits(need, number)) {
    case approval_fit::fits: return approval::good;
    case approval_fit::wrong_kind:
    case approval_fit::wrong_class: return approval::wrong_kind;
    case approval_fit::missing:
    case approval_fit::malformed: break;
  }
  return approval::malformed;
}

// Registered elsewhere counts as unknown: whether several places are filed, a person must see.
fields::product::practitioner_admitted admitted_slot(const facts_at_hand& f, instant now) {
  using fields::product::practitioner_admitted;
  const practitioner_copy& p = *f.practitioner;
  if (p.answered == 0) return practitioner_admitted::unknown;
  if (!p.admitted(now)) return practitioner_admitted::no;
  return p.registered_at == f.institution->id ? practitioner_admitted::yes : practitioner_admitted::unknown;
}

void fill_price(const listing& l, const credentials::item* item, policy::slots& s) {
  const std::int64_t price = l.price_fen;
  s.set_money(slot::price, fen{price});
  if (item != nullptr) {
    s.set_money(slot::reference_price, fen{item->reference_price_fen});
    s.set_int(slot::price_percent, price * 100 / item->reference_price_fen);
  }
  if (l.list_price_fen != 0) {
    s.set_money(slot::list_price, fen{l.list_price_fen});
    s.set_int(slot::list_price_percent, price * 100 / l.list_price_fen);
  }
}

void fill_slots(const listing& l, const facts_at_hand& f, const context& cx) {
  auto& s = cx.work->slots;
  s.clear();
  const credentials::item* item = item_of(l);
  const auto need =
      item == nullptr ? credentials::product_need::none : credentials::need_at(*item, cx.event_time);
  const auto approval = approval_slot(l, need);
  s.set_bool(slot::in_catalogue, item != nullptr);
  s.set_enum(slot::approval, approval);
  s.set_bool(
      slot::needs_approval,
      item != nullptr && (item->number_required || (need != credentials::product_need::none &&
                                                    approval != fields::product::approval::none)));
  s.set_bool(slot::consultation, l.has(flag_consultation));
  s.set_bool(slot::minors_audience, l.has(flag_minors));
  s.set_int(slot::institution_band, f.institution->band);
  fill_price(l, item, s);
  if (item != nullptr) s.set_int(slot::level, item->level);
  if (told(*f.institution)) {
    s.set_int(slot::level_max, f.institution->level_max);
    if (item != nullptr) s.set_bool(slot::department_licensed, !lacks_subject(*item, *f.institution));
  }
  if (f.practitioner == nullptr) return;
  s.set_enum(slot::practitioner_admitted, admitted_slot(f, cx.now));
  if (f.practitioner->standing == standing::unknown) return;
  s.set_bool(slot::practitioner_lead, f.practitioner->lead != 0);
  if (item != nullptr) s.set_bool(slot::scope_matches, in_scope(*item, *f.practitioner));
}

}  // namespace

scrutiny scrutiny_of(const listing& l, const facts_at_hand& f, const context& cx) {
  // Only what is shown profits: what a person rejected comes back by an appeal, not by a change of facts.
  const bool trusted = l.has(flag_by_person) && l.live();
  scrutiny how;
  how.first = l.mode == mode::waiting_facts;
  how.standing = l.mode == mode::waiting_facts || (l.mode == mode::judged && l.verdict == verdict::reject);
  how.doubts = !trusted || l.practitioner_version != version_of(f.practitioner);
  how.pack = !trusted || !f.packs.is(static_cast<std::uint8_t>(l.pack), pack_of(cx));
  return how;
}

void judge(
    const listing& l, const facts_at_hand& f, scrutiny how, std::string_view text, const context& cx,
    draft& d) {
  note_facts(f, d);
  each_gate(l, f, cx, [&](gate code, verdict v, std::uint8_t severity) {
    if (code == gate::institution_not_admitted && !how.standing) return;
    if (v == verdict::escalate && !how.doubts) return;
    d.gate(code, v, severity);
  });
  if (!how.pack) return;
  // Nothing is approved unread.
  if (text.empty()) return d.gate(gate::none, verdict::escalate, 1);
  fill_slots(l, f, cx);
  const policy::judgement& found = cx.judge(
      fields::product::stage::listing, text, decision::history(f.counts, f.institution->id, l.id, how.first));
  if (how.page_changed) {
    const bool clean = d.verdict() == verdict::approve && found.verdict == verdict::approve;
    d.gate(gate::page_changed, clean ? verdict::escalate : verdict::approve, 3);
  }
  d.judged(found);
}

void hard_gates(const listing& l, const facts_at_hand& f, const context& cx, draft& d) {
  note_facts(f, d);
  each_gate(l, f, cx, [&](gate code, verdict v, std::uint8_t severity) {
    if (v == verdict::reject && code != gate::institution_not_admitted) d.gate(code, v, severity);
  });
}

bool beyond_licence(const listing& l, const institution_copy& i) {
  const credentials::item* item = item_of(l);
  return item != nullptr && (lacks_subject(*item, i) || above_level(*item, i));
}

credentials::approval read_number(std::string_view text, instant event_time) {
  using namespace std::chrono;
  const year_month_day date{sys_days{days{china_day(event_time)}}};
  const int year_max = static_cast<int>(date.year());
  const credentials::approval as_typed = credentials::read_approval(text, year_max);
  // Full-width digits are a habit of typing, not a wrong number.
  return as_typed || text.empty() ? as_typed
                                  : credentials::read_approval(credentials::normalise(text), year_max);
}

std::uint8_t approval_form_of(const credentials::approval& number) {
  return static_cast<std::uint8_t>(
      static_cast<unsigned>(number.verdict) | unsigned{number.device_class} << 4);
}

}  // namespace zhili::product
