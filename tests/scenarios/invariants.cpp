// SPDX-License-Identifier: Apache-2.0
#include "tests/scenarios/invariants.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "actors/decision/draft.hpp"
#include "actors/workflow_numbers.hpp"
#include "protocols/message.hpp"

namespace zhili::scenarios::testing {

namespace numbers = workflow_numbers;
using partition::no_row;
using partition::row_no;
using takedown::measure_state;
using wire::standing;

namespace {

bool lets_in(verdict v) { return v == verdict::approve || v == verdict::label || v == verdict::demote; }
bool stops(verdict v) { return v == verdict::reject || v == verdict::suspend; }
bool holds(const takedown::measure& m) {
  return m.state == measure_state::ordered || m.state == measure_state::in_force;
}

standing standing_at_home(const final_states& s, account_id institution) {
  const auto& known = s.home_of(institution).papers.institutions;
  const row_no row = known.find(institution);
  return row == no_row ? standing::unknown : known[row].standing;
}

/// Is the subject shown, as far as the workflow that decided knows?
bool shown_by_itself(const shard_states& home, const takedown::measure& m) {
  if (m.workflow == numbers::product) {
    const row_no row = home.listings.listings.find(m.id);
    return row != no_row && home.listings.listings[row].live();
  }
  if (m.workflow == numbers::content) {
    const row_no row = home.contents.contents.find(m.id);
    return row != no_row && content::stands(home.contents.contents[row].in_force) &&
           !home.contents.contents[row].has(content::flag_withdrawn);
  }
  const row_no row = home.papers.find(m.id);
  return row != no_row && home.papers.admission_of(m.id, row).standing == standing::admitted;
}

/// A rejected renewal takes nothing from what is still valid.
bool must_be_down(const takedown::measure& m) {
  return holds(m) && (m.verdict == verdict::suspend || (m.verdict == verdict::reject && m.workflow != numbers::onboarding));
}

void check_measures(const final_states& s, const shard_states& home, violations& out) {
  for (const takedown::measure& m : home.measures.measures) {
    if (!must_be_down(m) || !shown_by_itself(home, m)) continue;
    if (!s.settled(m.workflow, m.owner, numbers::takedown, m.owner)) continue;
    out.push_back(fmt::format("{} is shown under a measure in force", to_string(m.id)));
  }
}

void check_items(const final_states& s, const shard_states& home, violations& out) {
  const auto& listings = home.listings;
  for (const product::listing& l : listings.listings) {
    const account_id owner = listings.owner_of(l);
    const bool shown = l.live() && listings.institutions[l.institution].standing == standing::admitted;
    if (!shown || standing_at_home(s, owner) == standing::admitted) continue;
    if (!s.settled(numbers::onboarding, owner, numbers::product, owner)) continue;
    out.push_back(fmt::format("listing {} is shown, its institution is not admitted", to_string(l.id)));
  }
  const auto& contents = home.contents;
  for (row_no row = 0; row < contents.contents.size(); ++row) {
    const content::publication& c = contents.contents[row];
    if (c.id.kind() != subject_kind::ad || !contents.shown(row)) continue;
    const account_id owner = contents.authors[c.author].id;
    if (standing_at_home(s, owner) == standing::admitted) continue;
    if (!s.settled(numbers::onboarding, owner, numbers::content, owner)) continue;
    out.push_back(fmt::format("ad {} is shown, its institution is not admitted", to_string(c.id)));
  }
}

void check_labels(const final_states& s, const shard_states& home, violations& out) {
  const auto& contents = home.contents;
  for (const content::publication& c : contents.contents) {
    if (!content::live(c) || !c.has(content::flag_mentioned) || c.institution == no_row) continue;
    const account_id named = contents.institutions[c.institution].id;
    const account_id author = contents.authors[c.author].id;
    if (!s.settled(numbers::takedown, named, numbers::content, author)) continue;
    if (!s.settled(numbers::content, author, numbers::takedown, named)) continue;
    if (!s.settled(numbers::onboarding, named, numbers::takedown, named)) continue;
    const bool offline = standing_at_home(s, named) == standing::suspended;
    if (offline == c.has(content::flag_institution_offline)) continue;
    out.push_back(fmt::format("content {} {} the label of an institution that is {}", to_string(c.id),
                              offline ? "lacks" : "carries", offline ? "offline" : "online"));
  }
}

/// The subject's decisions by number.
using by_subject = std::map<subject_id, std::map<std::uint32_t, const decision_note*>>;

by_subject sorted(const history& h) {
  by_subject out;
  for (const decision_note& d : h.decisions) {
    if (d.kind != subject_kind::appeal) out[d.subject][d.number] = &d;
  }
  return out;
}

/// The last decision before a time, and the first after it.
std::pair<const decision_note*, const decision_note*> around(const std::map<std::uint32_t, const decision_note*>& of,
                                                             instant at) {
  const decision_note* before = nullptr;
  for (const auto& [number, d] : of) {
    if (d->at > at) return {before, d};
    // Inside an account the answer comes in the same instant.
    if (d->at == at && d->cause == wire::cause::appeal) return {before, d};
    before = d;
  }
  return {before, nullptr};
}

void check_restored(const final_states& s, const takedown::measure& m, violations& out) {
  const shard_states& home = s.home_of(m.owner);
  if (!shown_by_itself(home, m)) out.push_back(fmt::format("{} won its appeal and is not shown", to_string(m.id)));
  if (holds(m) && s.settled(m.workflow, m.owner, numbers::takedown, m.owner)) {
    out.push_back(fmt::format("{} won its appeal and its measure holds", to_string(m.id)));
  }
  const row_no charged = home.indices.charges.find(m.id);
  if (charged != no_row && home.indices.charges[charged].standing != 0 &&
      s.settled(m.workflow, m.owner, numbers::risk, m.owner)) {
    out.push_back(fmt::format("{} won its appeal and is still charged for it", to_string(m.id)));
  }
}

}  // namespace

violations admitted_without_licence(const history& h, const final_states& s) {
  violations out;
  struct held {
    std::int64_t shown = 0;
    std::optional<std::int64_t> approved;
    standing now{};
  };
  std::map<subject_id, held> all;
  for (const admission_note& note : h.admissions) {
    held& of = all[note.subject];
    switch (note.what) {
      case admission_note::step::shown: of.shown = note.valid_to; break;
      case admission_note::step::moved: of.now = note.standing; break;
      case admission_note::step::decided:
        if (lets_in(note.verdict)) of.approved = of.shown;
        if (note.verdict == verdict::suspend) of.approved.reset();
        break;
    }
  }
  for (const auto& [subject, of] : all) {
    if (of.now != standing::admitted) continue;
    if (!of.approved) {
      out.push_back(fmt::format("{} is admitted and nobody approved its papers", to_string(subject)));
    } else if (*of.approved < s.end.ms) {
      out.push_back(fmt::format("{} is admitted, its papers ended {}", to_string(subject), to_string(instant{*of.approved})));
    }
  }
  for (const shard_states& shard : s.shards) {
    const auto check = [&](const onboarding::admission& a) {
      if (a.standing == standing::admitted && a.holds != 0) {
        out.push_back(fmt::format("{} is admitted although something holds it back", to_string(a.id)));
      }
    };
    for (const auto& i : shard.papers.institutions) check(i);
    for (const auto& p : shard.papers.practitioners) check(p);
  }
  return out;
}

violations shown_though_forbidden(const final_states& s) {
  violations out;
  for (const shard_states& home : s.shards) {
    check_measures(s, home, out);
    check_items(s, home, out);
    check_labels(s, home, out);
  }
  return out;
}

violations effects_twice(const history& h) {
  violations out;
  std::map<subject_id, const effect_note*> by_id;
  std::map<std::tuple<workflow_no, subject_id, type_no, std::uint32_t>, subject_id> by_serial;
  std::map<subject_id, std::uint32_t> orders;
  for (const effect_note& e : h.effects) {
    const auto same_serial = by_serial.try_emplace({e.where.workflow, e.subject, e.type, e.serial}, e.effect).first;
    if (same_serial->second != e.effect) {
      out.push_back(fmt::format("{} serial {} goes out under two ids", to_string(e.subject), e.serial));
    }
    const auto [known, fresh] = by_id.try_emplace(e.effect, &e);
    if (fresh) {
      if (e.where.workflow == numbers::takedown && e.serial != ++orders[e.subject]) {
        out.push_back(fmt::format("orders about {} jump to serial {}", to_string(e.subject), e.serial));
      }
      continue;
    }
    const effect_note& first = *known->second;
    const bool same = first.subject == e.subject && first.serial == e.serial && first.verdict == e.verdict &&
                      first.imposed == e.imposed && first.where == e.where;
    if (!same) out.push_back(fmt::format("effect {} says two things", to_string(e.effect)));
    else if (e.origin != wire::origin::timer) out.push_back(fmt::format("effect {} goes out twice", to_string(e.effect)));
  }
  return out;
}

violations reversals_incomplete(const history& h, const final_states& s) {
  violations out;
  const by_subject decisions = sorted(h);
  for (const decision_note& a : h.decisions) {
    // What stops a whole account stops it as an account; its items keep their own verdicts.
    const bool own_item = a.kind == subject_kind::product || a.kind == subject_kind::ad;
    if (own_item && stops(a.verdict) && lets_in(a.before) && a.cause != wire::cause::submission &&
        a.has_gate(wire::gate::institution_not_admitted)) {
      out.push_back(fmt::format("{} was taken down because its institution is offline", to_string(a.subject)));
    }
    if (a.kind != subject_kind::appeal || a.verdict != verdict::approve || a.before == verdict::none) continue;
    const takedown::measure& m = s.shards[a.where.shard].measures.measures[a.row];
    const auto [before, after] = around(decisions.at(m.id), a.at);
    if (before == nullptr || !decision::adverse(before->verdict)) continue;
    if (after == nullptr || after->cause != wire::cause::appeal) {
      if (after == nullptr && s.settled(numbers::takedown, m.owner, m.workflow, m.owner)) {
        out.push_back(fmt::format("{} won its appeal and nothing came of it", to_string(m.id)));
      }
      continue;
    }
    const bool last = after == decisions.at(m.id).rbegin()->second;
    if (last && after->verdict == verdict::approve) check_restored(s, m, out);
  }
  return out;
}

violations unaccounted(const history& h, const run_totals& t, std::uint64_t submissions) {
  violations out;
  std::uint64_t sum = 0;
  for (std::size_t k = 0; k < t.books.size(); ++k) {
    const partition::account_books& b = t.books[k];
    sum += b.submitted;
    if (b.submitted == b.decided + b.waiting + b.refused && b.waiting <= b.submitted) continue;
    out.push_back(fmt::format("of {} {} submitted, {} decided, {} waiting, {} refused",
                              wire::EnumNamesubject_kind(static_cast<subject_kind>(k)), b.submitted, b.decided, b.waiting,
                              b.refused));
  }
  const std::set<subject_id> once(h.keys.begin(), h.keys.end());
  if (once.size() != h.keys.size()) out.push_back(fmt::format("{} submissions were taken twice", h.keys.size() - once.size()));
  if (sum != submissions) out.push_back(fmt::format("{} were submitted, {} stand in the books", submissions, sum));
  if (h.keys.size() != submissions) {
    out.push_back(fmt::format("{} were submitted, {} stand in the logs", submissions, h.keys.size()));
  }
  if (t.unacknowledged != 0) out.push_back(fmt::format("{} messages were lost", t.unacknowledged));
  return out;
}

violations broken_invariants(const history& h, const final_states& s) {
  violations all = admitted_without_licence(h, s);
  for (const violations& more : {shown_though_forbidden(s), effects_twice(h), reversals_incomplete(h, s)}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

}  // namespace zhili::scenarios::testing
