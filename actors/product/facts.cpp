// SPDX-License-Identifier: Apache-2.0
// What other workflows publish and inspection asks for: the copies change, and what depended on them is
// judged again.
#include "actors/product/ruling.hpp"

namespace zhili::product {

using partition::done;
using wire::cause;

namespace {

/// A fact that turned worse may end what is shown, or what a person is looking at.
bool may_fall(const listing& l) {
  return l.mode == mode::at_desk || (l.mode == mode::judged && l.live());
}

/// A fact that turned better may bring back what was rejected for it. What a person or the pack alone
/// rejected rests on no fact: restored papers do not undo that.
bool may_return(const listing& l, flag ground) {
  return l.mode == mode::judged && l.verdict == verdict::reject && l.has(ground);
}

/// Drawn by hash, so that the same visit draws the same listings in every run.
bool drawn(const listing& l, const wire::inspect& m) {
  const std::uint64_t word[2] = {l.id.lo, m.visit()};
  return xxh3_64(std::as_bytes(std::span{word})) % 1000 < m.sample_per_mille();
}

}  // namespace

// An institution that goes offline keeps its listings: what is shown is the listing's status and the
// institution's.
outcome decide(const state& s, const wire::institution_status& m, const context& cx, decide_sink& out) {
  const row_no row = s.institutions.find(from_wire(m.institution()));
  if (row != no_row && m.version() <= s.institutions[row].version) return done(subject_kind::none);
  out.emit<workflow>(m);
  if (row == no_row) return done(subject_kind::none);
  institution_copy now = s.institutions[row];
  now.departments = m.departments();
  now.version = m.version();
  now.standing = m.standing();
  now.level_max = m.level_max();
  for (row_no n = now.first_listing; n != no_row; n = s.listings[n].next_of_institution) {
    const listing& l = s.listings[n];
    const bool falls = may_fall(l) && beyond_licence(l, now);
    const bool returns = now.standing == standing::admitted && may_return(l, flag_by_institution);
    if (falls || returns) judge_again(l, n, {s.packs, s.counts, &now, s.practitioner_of(l)}, cause::fact, cx, out);
  }
  return done(subject_kind::none);
}

outcome decide(const state& s, const wire::band_changed& m, const context& cx, decide_sink& out) {
  if (cx.account.kind() != subject_kind::institution) return done(subject_kind::none);
  const row_no row = s.institutions.find(cx.account);
  if (row != no_row && m.version() <= s.institutions[row].band_version) return done(subject_kind::none);
  out.emit<workflow>(msg::band_noted(to_wire(cx.account), m.version(), m.band(), 0, 0));
  return done(subject_kind::none);
}

// The answer that listings wait for, or a change: of several institutions of the shard.
outcome decide(const state& s, const wire::practitioner_credentials& m, const context& cx, decide_sink& out) {
  const row_no row = s.practitioners.find(from_wire(m.practitioner()));
  if (row == no_row) return done(subject_kind::none);
  practitioner_copy now = s.practitioners[row];
  if (now.answered != 0 && m.version() <= now.version) return done(subject_kind::none);
  out.emit<workflow>(m);
  now.registered_at = from_wire(m.registered_at());
  now.valid_to = m.valid_to();
  now.scopes = m.scopes();
  now.version = m.version();
  now.standing = m.standing();
  now.lead = m.lead();
  now.answered = 1;
  for (row_no n = now.first_listing; n != no_row; n = s.listings[n].next_of_practitioner) {
    const listing& l = s.listings[n];
    if (l.mode == mode::waiting_facts || may_fall(l) || may_return(l, flag_by_practitioner)) {
      judge_again(l, n, {s.packs, s.counts, &s.institutions[l.institution], &now}, cause::fact, cx, out);
    }
  }
  return done(subject_kind::none);
}

// No answer in time: nothing is approved by silence, a person decides.
outcome decide(const state& s, const msg::request_overdue& m, const context& cx, decide_sink& out) {
  const practitioner_copy& p = s.practitioners[m.row()];
  if (p.pending == 0) return done(subject_kind::none);
  out.emit<workflow>(msg::request_expired(m.row()));
  for (row_no n = p.first_listing; n != no_row; n = s.listings[n].next_of_practitioner) {
    const listing& l = s.listings[n];
    if (l.mode == mode::waiting_facts) judge_again(l, n, facts_of(s, l), cause::timer, cx, out);
  }
  return done(subject_kind::none);
}

outcome decide(const state& s, const wire::inspect& m, const context& cx, decide_sink& out) {
  const row_no row = s.institutions.find(from_wire(m.institution()));
  if (row == no_row || cx.pack == nullptr) return done(subject_kind::none);
  for (row_no n = s.institutions[row].first_listing; n != no_row; n = s.listings[n].next_of_institution) {
    const listing& l = s.listings[n];
    if (l.mode != mode::judged || !l.live()) continue;
    const facts_at_hand facts = facts_of(s, l);
    if (!judged_with(l, facts, cx)) {
      const verdict now = judge_again(l, n, facts, cause::inspection, cx, out);
      // What fell, or is being looked at, need not be read.
      if (now == verdict::reject || now == verdict::escalate) continue;
    }
    if (drawn(l, m)) out.emit<workflow>(msg::page_asked(to_wire(l.id), n, m.visit()));
  }
  return done(subject_kind::none);
}

}  // namespace zhili::product
