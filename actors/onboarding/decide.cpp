// SPDX-License-Identifier: Apache-2.0
#include "actors/decision/follow_up.hpp"
#include "actors/onboarding/checks.hpp"
#include "actors/onboarding/workflow.hpp"

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
using wire::desk::purpose;

namespace {

// More than this many versions of one application do not wait at the desk at once.
constexpr std::uint8_t waiting_max = 100;

const institution* row_or_null(const partition::row_table<institution>& t, row_no n) {
  return n == no_row ? nullptr : &t[n];
}
const practitioner* row_or_null(const partition::row_table<practitioner>& t, row_no n) {
  return n == no_row ? nullptr : &t[n];
}

bool lets_in(verdict v) { return v == verdict::approve || v == verdict::label || v == verdict::demote; }

gate expired(subject_id subject) {
  return subject.kind() == subject_kind::institution ? gate::licence_expired : gate::registration_expired;
}

/// The standing that a verdict about papers leads to, from the one before it.
standing standing_after(verdict v, standing before, std::uint8_t holds) {
  switch (v) {
    case verdict::approve:
    case verdict::label:
    case verdict::demote: return holds == 0 ? standing::admitted : standing::suspended;
    case verdict::suspend: return standing::suspended;
    case verdict::escalate:
      return before == standing::unknown || before == standing::applied ? standing::checking : before;
    // A renewal that is rejected does not end what is still valid; the timer does that.
    case verdict::reject:
      return before == standing::unknown || before == standing::checking ? standing::applied : before;
    case verdict::none: break;
  }
  return before;
}

void emit_standing(decide_sink& out, subject_id subject, row_no row, const admission* before, standing now,
                   std::uint8_t holds, bool accepts = false) {
  const std::uint32_t version = before == nullptr ? 1 : before->version + 1;
  out.emit<workflow>(msg::standing_changed(
      to_wire(subject), row, version, now, holds, accepts ? std::uint16_t{1} : std::uint16_t{0}, 0));
}

/// What an approval of new papers clears. A high index stays: papers say nothing about it.
std::uint8_t holds_after(verdict v, const admission& a) {
  return lets_in(v) ? static_cast<std::uint8_t>(a.holds & ~(hold_lapsed | hold_revoked)) : a.holds;
}

/// A decision about papers: it settles what waited, and papers that are let in are in force.
/// The draft is complete, the record event already emitted.
outcome conclude(draft& d, const admission* before, row_no row, std::uint8_t holds, const context& cx,
                 decide_sink& out) {
  const subject_kind kind = cx.account.kind();
  const verdict v = d.verdict();
  const bool open = before != nullptr && before->waiting > 0;
  if (open && v != verdict::escalate) d.settles(before->waiting);
  d.place(row, before == nullptr ? 1 : before->decisions + 1, before == nullptr ? verdict::none : before->verdict);
  d.emit<workflow>(out);
  const standing was = before == nullptr ? standing::unknown : before->standing;
  emit_standing(out, cx.account, row, before, standing_after(v, was, holds), holds, lets_in(v));
  return v == verdict::escalate ? waits(kind) : done(kind, v);
}

/// New papers replace those that lie at the desk: that question is asked no more.
void drop_question(const admission* before, row_no row, decide_sink& out) {
  if (before == nullptr || before->asked == 0) return;
  out.emit<workflow>(msg::task_dropped(to_wire(before->id), row, before->asked));
}

/// The admission ends without a submission: a timer, the registry, the index.
void end_admission(const state& s, subject_id subject, row_no row, gate why, cause c, hold h, const context& cx,
                   decide_sink& out) {
  const admission& a = s.admission_of(subject, row);
  draft d(cx, subject, a.ref, subject.kind(), c);
  d.gate(why, verdict::suspend, 5);
  d.place(row, a.decisions + 1, a.verdict);
  d.emit<workflow>(out);
  emit_standing(out, subject, row, &a, standing::suspended, static_cast<std::uint8_t>(a.holds | h));
}

/// As `end_admission`; one that is suspended already gets one more reason to stay so and no second decision.
/// False: there is no admission to end.
bool end_or_hold(const state& s, subject_id subject, row_no row, gate why, cause c, hold h, const context& cx,
                 decide_sink& out) {
  const admission& a = s.admission_of(subject, row);
  if (a.standing == standing::admitted) {
    end_admission(s, subject, row, why, c, h, cx, out);
    return true;
  }
  if (a.standing == standing::suspended && (a.holds & h) == 0) {
    emit_standing(out, subject, row, &a, standing::suspended, static_cast<std::uint8_t>(a.holds | h));
  }
  return false;
}

bool revoked_now(const institution& i, const context& cx) {
  return cx.licensed != nullptr && cx.licensed->look_up(i.in_force.licence) == registry::entry::revoked;
}

/// The same papers once more, and nothing that the answer rested on has changed.
bool is_repeat(const admission* before, std::uint64_t content) {
  return before != nullptr && before->content == content && before->verdict != verdict::none;
}

}  // namespace

outcome decide(const state& s, const msg::submit_institution& m, const context& cx, decide_sink& out) {
  const auto no = [](refusal why, std::uint16_t field) { return refused(subject_kind::institution, why, field); };
  if (cx.subject != cx.account || cx.account.kind() != subject_kind::institution) return no(refusal::wrong_account, 0);
  if (m.uscc() == nullptr || m.uscc()->size() > 64) return no(refusal::malformed, 2);
  if (m.licence_number() == nullptr || m.licence_number()->size() > 64) return no(refusal::malformed, 3);
  if (m.licence_to() <= m.licence_from()) return no(refusal::out_of_range, 5);
  if (m.hospital_grade() > 3) return no(refusal::out_of_range, 7);
  if (m.personal() != nullptr && m.personal()->size() > limits::sealed_bytes_max) return no(refusal::too_large, 8);

  const row_no found = s.institutions.find(cx.subject);
  const institution* before = row_or_null(s.institutions, found);
  if (is_repeat(before, content_of(m, cx.now))) {
    const licence_papers& shown = s.papers_of(found);
    const bool registry_agrees = cx.licensed == nullptr || static_cast<std::uint8_t>(cx.licensed->look_up(shown.licence)) ==
                                                               shown.registry;
    if (registry_agrees) return done(subject_kind::institution, before->verdict);
  }
  if (before != nullptr && before->waiting >= waiting_max) return no(refusal::not_in_this_state, 0);
  const row_no row = before == nullptr ? s.institutions.size() : found;
  draft d(cx, cx.subject, m.ref(), subject_kind::institution, cause::submission);
  const institution_facts facts = check_institution(m, before, s.counts, cx, d);
  out.emit<workflow>(msg::institution_recorded(
      to_wire(cx.subject), m.ref(), facts.licence, facts.content, m.licence_from(), m.licence_to(), m.departments(), row,
      facts.level_max, static_cast<std::uint8_t>(facts.registry), m.hospital_grade(), 0, 0));
  drop_question(before, row, out);
  return conclude(d, before, row, before == nullptr ? std::uint8_t{0} : holds_after(d.verdict(), *before), cx, out);
}

outcome decide(const state& s, const msg::submit_practitioner& m, const context& cx, decide_sink& out) {
  const auto no = [](refusal why, std::uint16_t field) { return refused(subject_kind::practitioner, why, field); };
  if (cx.subject != cx.account || cx.account.kind() != subject_kind::practitioner) return no(refusal::wrong_account, 0);
  if (m.registered_at() == nullptr) return no(refusal::malformed, 4);
  if (m.registered_to() <= m.registered_from()) return no(refusal::out_of_range, 6);
  if (m.in_register() > 2) return no(refusal::out_of_range, 9);
  if (m.personal() != nullptr && m.personal()->size() > limits::sealed_bytes_max) return no(refusal::too_large, 10);

  const row_no found = s.practitioners.find(cx.subject);
  const practitioner* before = row_or_null(s.practitioners, found);
  const std::uint64_t content = content_of(m, cx.now);
  if (is_repeat(before, content)) return done(subject_kind::practitioner, before->verdict);
  if (before != nullptr && before->waiting >= waiting_max) return no(refusal::not_in_this_state, 0);
  const row_no row = before == nullptr ? s.practitioners.size() : found;
  draft d(cx, cx.subject, m.ref(), subject_kind::practitioner, cause::submission);
  check_practitioner(m, before, s.counts, cx, d);
  out.emit<workflow>(msg::practitioner_recorded(
      to_wire(cx.subject), *m.registered_at(), m.ref(), content, m.registered_to(), m.scopes(), row, m.lead(), 0, 0, 0));
  drop_question(before, row, out);
  return conclude(d, before, row, before == nullptr ? std::uint8_t{0} : holds_after(d.verdict(), *before), cx, out);
}

// A credential ends on its day (医疗机构管理条例 art. 22: no practice without a valid licence).
outcome decide(const state& s, const msg::credential_ends& m, const context& cx, decide_sink& out) {
  const admission& a = s.admission_of(cx.account, m.row());
  if (a.valid_to > cx.now.ms) return done(subject_kind::none);
  const bool ended = end_or_hold(s, cx.account, m.row(), expired(cx.account), cause::timer, hold_lapsed, cx, out);
  return done(subject_kind::none, ended ? verdict::suspend : verdict::none);
}

// A snapshot is weeks behind the authorities that revoke; the register's own page is not. It is slow, though: the
// platform is asked to look, and its answer is judged when it comes.
outcome decide(const state& s, const wire::inspect& m, const context& cx, decide_sink& out) {
  const row_no row = s.find(cx.account);
  if (row == no_row) return done(subject_kind::none);
  const admission& a = s.admission_of(cx.account, row);
  if (a.standing != standing::admitted) return done(subject_kind::none, a.verdict);
  if (a.valid_to <= cx.now.ms) {
    end_admission(s, cx.account, row, expired(cx.account), cause::inspection, hold_lapsed, cx, out);
    return done(subject_kind::none, verdict::suspend);
  }
  if (cx.account.kind() == subject_kind::institution && revoked_now(s.institutions[row], cx)) {
    end_admission(s, cx.account, row, gate::registry_revoked, cause::inspection, hold_revoked, cx, out);
    return done(subject_kind::none, verdict::suspend);
  }
  if (cx.account.kind() == subject_kind::institution) {
    out.emit<workflow>(msg::licence_asked(to_wire(cx.account), row, m.visit()));
  }
  return done(subject_kind::none, a.verdict);
}

// Not papers that somebody shows: it counts under no kind of subject. Fields are numbered as in licence_seen.
outcome decide(const state& s, const msg::licence_seen& m, const context& cx, decide_sink& out) {
  const auto no = [](refusal why, std::uint16_t field) { return refused(subject_kind::none, why, field); };
  if (cx.subject != cx.account || cx.account.kind() != subject_kind::institution) return no(refusal::wrong_account, 0);
  if (m.licence_number() == nullptr || m.licence_number()->size() > 64) return no(refusal::malformed, 3);
  const auto seen = static_cast<registry::entry>(m.registry());
  if (seen == registry::entry::unknown || seen > registry::entry::revoked) return no(refusal::out_of_range, 4);
  const row_no row = s.institutions.find(cx.subject);
  if (row == no_row) return no(refusal::unknown_subject, 0);
  const institution& i = s.institutions[row];
  // Another licence is in force by now; and missing alone suspends nobody, as with a snapshot.
  const bool same_licence = xxh3_64(as_bytes_view(text_of(m.licence_number()))) == i.in_force.licence;
  if (!same_licence || seen != registry::entry::revoked) return done(subject_kind::none, i.verdict);
  const bool ended = end_or_hold(s, i.id, row, gate::registry_revoked, cause::inspection, hold_revoked, cx, out);
  return done(subject_kind::none, ended ? verdict::suspend : i.verdict);
}

// A high index takes the institution offline at once and opens a re-audit; hard gates stay apart from it.
outcome decide(const state& s, const wire::index_crossed& m, const context& cx, decide_sink& out) {
  const row_no row = s.find(cx.account);
  if (row == no_row || m.band() < 2) return done(subject_kind::none);
  const admission& a = s.admission_of(cx.account, row);
  if (!a.was_let_in() || (a.holds & hold_index) != 0) return done(subject_kind::none);
  // Also where it is suspended for its licence: a renewal alone must not bring it back unaudited.
  end_admission(s, cx.account, row, gate::index_high, cause::risk, hold_index, cx, out);
  return done(subject_kind::none, verdict::suspend);
}

// A new snapshot: who stands in it as revoked loses the admission; who is missing is left alone.
outcome decide(const state& s, const wire::registry_changed& m, const context& cx, decide_sink& out) {
  for (row_no row = 0; row < s.institutions.size(); ++row) {
    const institution& i = s.institutions[row];
    if (!revoked_now(i, cx)) continue;
    end_or_hold(s, i.id, row, gate::registry_revoked, cause::registry, hold_revoked, cx, out);
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

namespace {

// The audit clears a high index and nothing else: a lapsed or revoked licence only a renewal can mend.
outcome end_audit(const admission& a, row_no row, draft& d, const context& cx, decide_sink& out) {
  const verdict v = d.verdict();
  if (v != verdict::approve || (a.holds & hold_index) == 0) return done(subject_kind::none, v);
  auto left = static_cast<std::uint8_t>(a.holds & ~hold_index);
  if (a.valid_to <= cx.now.ms) left |= hold_lapsed;
  if (left == 0) {
    d.place(row, a.decisions + 1, a.verdict);
    d.emit<workflow>(out);
  }
  emit_standing(out, cx.account, row, &a, left == 0 ? standing::admitted : standing::suspended, left);
  return done(subject_kind::none, v);
}

/// A person lets papers in that have ended while they lay there: nobody is admitted without a valid licence.
void hold_against_time(const state& s, subject_id subject, row_no row, const context& cx, draft& d) {
  if (!lets_in(d.verdict()) || s.end_of_papers(subject, row) > cx.now.ms) return;
  d.gate(expired(subject), s.admission_of(subject, row).was_let_in() ? verdict::suspend : verdict::reject, 5);
}

}  // namespace

outcome decide(const state& s, const wire::desk_answer& m, const context& cx, decide_sink& out) {
  const subject_id subject = from_wire(m.subject());
  const row_no row = s.find(subject);
  if (row == no_row || subject != cx.account) return refused(subject_kind::none, refusal::unknown_subject);
  const admission& a = s.admission_of(subject, row);
  const auto about = static_cast<purpose>(m.purpose());
  // A second opinion that an admission was wrong ends it: rejecting papers alone would leave it as it is.
  const bool ends = about == purpose::second_look && m.verdict() == verdict::reject && a.standing == standing::admitted;
  draft d(cx, subject, a.ref, subject.kind(), about == purpose::second_look ? cause::quality : cause::desk);
  d.person(ends ? verdict::suspend : m.verdict(), m.reviewer(), m.reason());
  // Suspended anew, decided anew, papers renewed while the task lay at the desk: the newer question is answered, or was.
  const std::uint32_t number =
      about == purpose::re_audit ? a.audit : about == purpose::second_look ? a.decisions : a.asked;
  if (number == 0 || !decision::asks_about(from_wire(m.task()), subject, about, number)) return done(subject_kind::none);
  if (about == purpose::re_audit) return end_audit(a, row, d, cx, out);
  const bool settled = about == purpose::second_look ? a.verdict == m.verdict() : a.waiting == 0;
  if (settled) return done(subject_kind::none);
  hold_against_time(s, subject, row, cx, d);
  conclude(d, &a, row, holds_after(d.verdict(), a), cx, out);
  return done(subject_kind::none, d.verdict());
}

// An appeal was upheld: exactly what the sanction took is given back. Time has moved on, though: a credential that has
// ended since is not brought back by an appeal.
outcome decide(const state& s, const wire::reversal& m, const context& cx, decide_sink& out) {
  const subject_id subject = from_wire(m.subject());
  const row_no row = s.find(subject);
  if (row == no_row || subject != cx.account) return refused(subject_kind::none, refusal::unknown_subject);
  const admission& a = s.admission_of(subject, row);
  draft d(cx, subject, a.ref, subject.kind(), cause::appeal);
  d.person(verdict::approve, m.by(), 0);
  if (a.rejected != 0 && m.number() == a.rejected && a.waiting == 0) {
    hold_against_time(s, subject, row, cx, d);
    const auto holds = static_cast<std::uint8_t>(d.verdict() == verdict::suspend ? hold_lapsed : 0);
    conclude(d, &a, row, holds, cx, out);
    return done(subject_kind::none, d.verdict());
  }
  // Newer papers lie in the place of those that were rejected, and nothing was taken.
  if (!a.was_let_in()) return done(subject_kind::none);
  const bool lapsed = a.valid_to <= cx.now.ms;
  if (lapsed) d.gate(expired(subject), verdict::suspend, 5);
  d.place(row, a.decisions + 1, a.verdict);
  d.emit<workflow>(out);
  emit_standing(out, subject, row, &a, lapsed ? standing::suspended : standing::admitted,
                static_cast<std::uint8_t>(lapsed ? hold_lapsed : 0));
  return done(subject_kind::none, d.verdict());
}

}  // namespace zhili::onboarding
