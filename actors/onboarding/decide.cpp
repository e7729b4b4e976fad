// SPDX-License-Identifier: Apache-2.0
#include "actors/onboarding/checks.hpp"
#include "actors/onboarding/workflow.hpp"
#include "protocols/schema/desk_generated.h"

namespace zhili::onboarding {

using decision::draft;
using partition::done;
using partition::no_row;
using partition::refused;
using partition::registry;
using partition::waits;
using wire::cause;
using wire::gate;
using wire::refusal;

namespace {

const institution* row_or_null(const partition::row_table<institution>& t, row_no n) {
  return n == no_row ? nullptr : &t[n];
}
const practitioner* row_or_null(const partition::row_table<practitioner>& t, row_no n) {
  return n == no_row ? nullptr : &t[n];
}

/// The standing that a verdict leads to, from the one before it.
standing standing_after(verdict v, standing before, std::uint8_t holds) {
  switch (v) {
    case verdict::approve:
    case verdict::label:
    case verdict::demote: return holds == 0 ? standing::admitted : standing::suspended;
    case verdict::suspend: return standing::suspended;
    case verdict::escalate: return before == standing::unknown ? standing::checking : before;
    // A renewal that is rejected does not end what is still valid; the timer does that.
    case verdict::reject: return before == standing::checking ? standing::applied : before;
    case verdict::none: break;
  }
  return before;
}

void emit_standing(decide_sink& out, subject_id subject, row_no row, const admission* before, standing now,
                   std::uint8_t holds) {
  const std::uint32_t version = before == nullptr ? 1 : before->version + 1;
  out.emit<workflow>(msg::standing_changed(to_wire(subject), row, version, now, holds, 0, 0));
}

/// What an approval of new papers clears.
std::uint8_t holds_after(verdict v, const admission& a) {
  return v == verdict::approve ? static_cast<std::uint8_t>(a.holds & ~(hold_lapsed | hold_revoked)) : a.holds;
}

/// The draft is complete, the record event already emitted: the decision and the standing that follows from it.
outcome conclude(draft& d, const admission* before, row_no row, std::uint8_t holds, const context& cx,
                 decide_sink& out) {
  const subject_kind kind = cx.account.kind();
  // What waited is decided with the newer papers.
  const bool open = before != nullptr && before->waiting > 0;
  if (open && d.verdict() != verdict::escalate) d.settles(before->waiting);
  d.place(row, before == nullptr ? 1 : before->decisions + 1, before == nullptr ? verdict::none : before->verdict);
  const verdict v = d.verdict();
  d.emit<workflow>(out);
  const standing was = before == nullptr ? standing::unknown : before->standing;
  emit_standing(out, cx.account, row, before, standing_after(v, was == standing::unknown ? standing::applied : was, holds), holds);
  return v == verdict::escalate ? waits(kind) : done(kind, v);
}

/// The admission ends without a submission: a timer, the registry.
void end_admission(const state& s, subject_id subject, row_no row, gate why, cause c, hold h, const context& cx,
                   decide_sink& out) {
  const admission& a = s.admission_of(subject, row);
  draft d(cx, subject, a.ref, subject.kind(), c);
  d.gate(why, verdict::suspend, 5);
  d.place(row, a.decisions + 1, a.verdict);
  d.emit<workflow>(out);
  emit_standing(out, subject, row, &a, standing::suspended, static_cast<std::uint8_t>(a.holds | h));
}

}  // namespace

outcome decide(const state& s, const msg::submit_institution& m, const context& cx, decide_sink& out) {
  const auto no = [](refusal why, std::uint16_t field) { return refused(subject_kind::institution, why, field); };
  if (cx.subject != cx.account || cx.account.kind() != subject_kind::institution) return no(refusal::wrong_account, 0);
  if (m.uscc() == nullptr || m.uscc()->size() > 64) return no(refusal::malformed, 2);
  if (m.licence_number() == nullptr || m.licence_number()->size() > 64) return no(refusal::malformed, 3);
  if (m.licence_to() <= m.licence_from()) return no(refusal::out_of_range, 5);
  if (m.hospital_grade() > 3) return no(refusal::out_of_range, 7);

  const row_no found = s.institutions.find(cx.subject);
  const institution* before = row_or_null(s.institutions, found);
  if (before != nullptr && before->content == content_of(m) && before->verdict != verdict::none) {
    return done(subject_kind::institution, before->verdict);
  }
  const row_no row = before == nullptr ? s.institutions.size() : found;
  draft d(cx, cx.subject, m.ref(), subject_kind::institution, cause::submission);
  const institution_facts facts = check_institution(m, before, cx, d);
  out.emit<workflow>(msg::institution_recorded(
      to_wire(cx.subject), m.ref(), facts.licence, facts.content, m.licence_from(), m.licence_to(), m.departments(), row,
      facts.level_max, static_cast<std::uint8_t>(facts.registry), m.hospital_grade(), 0, 0));
  return conclude(d, before, row, before == nullptr ? std::uint8_t{0} : holds_after(d.verdict(), *before), cx, out);
}

outcome decide(const state& s, const msg::submit_practitioner& m, const context& cx, decide_sink& out) {
  const auto no = [](refusal why, std::uint16_t field) { return refused(subject_kind::practitioner, why, field); };
  if (cx.subject != cx.account || cx.account.kind() != subject_kind::practitioner) return no(refusal::wrong_account, 0);
  if (m.registered_at() == nullptr) return no(refusal::malformed, 4);
  if (m.registered_to() <= m.registered_from()) return no(refusal::out_of_range, 6);
  if (m.in_register() > 2) return no(refusal::out_of_range, 9);

  const row_no found = s.practitioners.find(cx.subject);
  const practitioner* before = row_or_null(s.practitioners, found);
  if (before != nullptr && before->content == content_of(m) && before->verdict != verdict::none) {
    return done(subject_kind::practitioner, before->verdict);
  }
  const row_no row = before == nullptr ? s.practitioners.size() : found;
  draft d(cx, cx.subject, m.ref(), subject_kind::practitioner, cause::submission);
  check_practitioner(m, before, cx, d);
  out.emit<workflow>(msg::practitioner_recorded(
      to_wire(cx.subject), *m.registered_at(), m.ref(), content_of(m), m.registered_to(), m.scopes(), row, m.lead(), 0, 0,
      0));
  return conclude(d, before, row, before == nullptr ? std::uint8_t{0} : holds_after(d.verdict(), *before), cx, out);
}

// A credential ends on its day (医疗机构管理条例 art. 22: no practice without a valid licence).
outcome decide(const state& s, const msg::credential_ends& m, const context& cx, decide_sink& out) {
  const admission& a = s.admission_of(cx.account, m.row());
  if (a.valid_to > cx.now.ms || a.standing != standing::admitted) return done(subject_kind::none);
  const gate why = cx.account.kind() == subject_kind::institution ? gate::licence_expired : gate::registration_expired;
  end_admission(s, cx.account, m.row(), why, cause::timer, hold_lapsed, cx, out);
  return done(subject_kind::none, verdict::suspend);
}

outcome decide(const state& s, const wire::inspect&, const context& cx, decide_sink& out) {
  const row_no row = s.find(cx.account);
  if (row == no_row) return done(subject_kind::none);
  const admission& a = s.admission_of(cx.account, row);
  if (a.standing != standing::admitted) return done(subject_kind::none, a.verdict);
  if (a.valid_to <= cx.now.ms) {
    const gate why = cx.account.kind() == subject_kind::institution ? gate::licence_expired : gate::registration_expired;
    end_admission(s, cx.account, row, why, cause::inspection, hold_lapsed, cx, out);
    return done(subject_kind::none, verdict::suspend);
  }
  if (cx.account.kind() == subject_kind::institution && cx.licensed != nullptr &&
      cx.licensed->look_up(s.institutions[row].licence) == registry::entry::revoked) {
    end_admission(s, cx.account, row, gate::registry_revoked, cause::inspection, hold_revoked, cx, out);
    return done(subject_kind::none, verdict::suspend);
  }
  return done(subject_kind::none, a.verdict);
}

// A high index takes the institution offline at once and opens a re-audit; hard gates stay apart from it.
outcome decide(const state& s, const wire::index_crossed& m, const context& cx, decide_sink& out) {
  const row_no row = s.find(cx.account);
  if (row == no_row) return done(subject_kind::none);
  const admission& a = s.admission_of(cx.account, row);
  if (m.band() < 2 || a.standing != standing::admitted) return done(subject_kind::none);
  end_admission(s, cx.account, row, gate::index_high, cause::risk, hold_index, cx, out);
  return done(subject_kind::none, verdict::suspend);
}

// A new snapshot: who stands in it as revoked loses the admission; who is missing is left alone.
outcome decide(const state& s, const wire::registry_changed& m, const context& cx, decide_sink& out) {
  for (row_no row = 0; row < s.institutions.size(); ++row) {
    const institution& i = s.institutions[row];
    if (i.standing != standing::admitted || cx.licensed->look_up(i.licence) != registry::entry::revoked) continue;
    end_admission(s, i.id, row, gate::registry_revoked, cause::registry, hold_revoked, cx, out);
  }
  out.emit<workflow>(msg::snapshot_noted(m.version(), 0));
  return done(subject_kind::none);
}

outcome decide(const state& s, const wire::watch_practitioner& m, const context& cx, decide_sink& out) {
  row_no row = s.practitioners.find(cx.account);
  if (row == no_row) {
    // Somebody asks for a practitioner who never applied: remembered, so that a later admission reaches them.
    row = s.practitioners.size();
    out.emit<workflow>(msg::practitioner_recorded(to_wire(cx.account), {}, 0, 0, 0, 0, row, 0, 0, 0, 0));
  }
  out.emit<workflow>(msg::watcher_added(m.watcher(), row, 0));
  return done(subject_kind::none);
}

outcome decide(const state& s, const wire::desk_answer& m, const context& cx, decide_sink& out) {
  const subject_id subject = from_wire(m.subject());
  const row_no row = s.find(subject);
  if (row == no_row) return refused(subject_kind::none, refusal::unknown_subject);
  const admission& a = s.admission_of(subject, row);
  const auto purpose = static_cast<wire::desk::purpose>(m.purpose());
  draft d(cx, subject, a.ref, subject.kind(), purpose == wire::desk::purpose::second_look ? cause::quality : cause::desk);
  d.person(m.verdict(), m.reviewer(), m.reason());
  if (purpose == wire::desk::purpose::re_audit) {
    // The audit clears a high index; a lapsed or revoked licence only a renewal can mend.
    const bool cleared = m.verdict() == verdict::approve && (a.holds & ~hold_index) == 0 && a.holds != 0;
    if (cleared) conclude(d, &a, row, static_cast<std::uint8_t>(0), cx, out);
    return done(subject_kind::none, m.verdict());
  }
  // The papers were renewed while the task lay at the desk: the newer decision stands.
  if (purpose == wire::desk::purpose::submission && a.waiting == 0) return done(subject_kind::none);
  if (purpose == wire::desk::purpose::second_look && a.verdict == m.verdict()) return done(subject_kind::none);
  conclude(d, &a, row, holds_after(m.verdict(), a), cx, out);
  return done(subject_kind::none, m.verdict());
}

// An appeal was upheld: exactly what the sanction took is given back.
outcome decide(const state& s, const wire::reversal& m, const context& cx, decide_sink& out) {
  const subject_id subject = from_wire(m.subject());
  const row_no row = s.find(subject);
  if (row == no_row) return refused(subject_kind::none, refusal::unknown_subject);
  const admission& a = s.admission_of(subject, row);
  // Time has moved on: a credential that has ended since is not brought back by an appeal.
  const bool lapsed = a.valid_to <= cx.now.ms;
  draft d(cx, subject, a.ref, subject.kind(), cause::appeal);
  d.person(verdict::approve, m.by(), 0);
  if (lapsed) d.gate(gate::licence_expired, verdict::suspend, 5);
  conclude(d, &a, row, lapsed ? a.holds : std::uint8_t{0}, cx, out);
  return done(subject_kind::none);
}

}  // namespace zhili::onboarding
