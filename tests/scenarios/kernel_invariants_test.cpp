// SPDX-License-Identifier: Apache-2.0
// The named invariants over what whole runs leave behind; each check is seen to fail on a planted violation.
#include <algorithm>
#include <map>

#include "actors/workflow_numbers.hpp"
#include "tests/scenarios/witness.hpp"

namespace zhili::scenarios {
namespace {

using namespace testing;
namespace numbers = workflow_numbers;

/// More of everything that ends or comes back: lapses, revocations, high indices, appeals, patrols.
scenario eventful_world() {
  scenario s = scaled(load("smoke"), 0.5);
  s.end = s.begin + std::chrono::days{4};
  s.revoked_per_1000_year.value = 22'000;
  s.renews_in_time_ppm = 300'000;
  s.rogue_ppm = 200'000;
  s.rogue_times = 8;
  s.reactions.appeal_guilty_ppm = 300'000;
  s.reactions.appeal_innocent_ppm = 900'000;
  s.reactions.resubmit_innocent_ppm = 0;
  for (reviewer_group& g : s.reviewers) {
    g.misses_ppm = 200'000;
    g.from_hour = 0;
    g.to_hour = 24;
  }
  return s;
}

/// One run that all planted violations begin from.
const witnessed& quiet_past() {
  static const witnessed w = witness(eventful_world(), settings_for(21));
  return w;
}

TEST_SUITE_BEGIN("scenarios/kernel");

TEST_CASE("the invariants hold at the end of a run") {
  const witnessed& w = quiet_past();
  hold(broken_invariants(w.past, w.states));
  // What they speak of has happened.
  std::map<wire::cause, int> causes;
  int reversed = 0, suspended = 0;
  for (const decision_note& d : w.past.decisions) {
    ++causes[d.cause];
    reversed += d.kind != subject_kind::appeal && d.cause == wire::cause::appeal ? 1 : 0;
    suspended += d.verdict == verdict::suspend ? 1 : 0;
  }
  CHECK(reversed > 10);
  CHECK(suspended > 3);
  CHECK(causes[wire::cause::desk] > 10);
  CHECK(w.past.effects.size() > 100);
  std::uint64_t labelled = 0;
  for (const shard_states& shard : w.states.shards) labelled += shard.contents.labelled();
  CHECK(labelled > 0);
}

TEST_CASE("nothing needs what is inside an account at once") {
  for (const std::uint64_t seed : {22u, 23u}) {
    CAPTURE(seed);
    simulation_settings settings = settings_for(seed);
    settings.inside_delay_max = std::chrono::minutes{10};
    settings.faults.seed = seed;
    const witnessed w = witness(eventful_world(), settings);
    hold(broken_invariants(w.past, w.states));
    CHECK(w.outcome.totals.unacknowledged == 0);
    const auto sum = sum_of(w.outcome.totals);
    CHECK(sum.submitted == sum.decided + sum.waiting + sum.refused);
    CHECK(sum.submitted == w.outcome.submissions);
    CHECK(w.outcome.totals.digest != run(eventful_world(), settings_for(seed)).totals.digest);
  }
}

TEST_CASE("sees an admission without a valid licence") {
  const auto admitted = [](const admission_note& n) {
    return n.what == admission_note::step::moved && n.standing == wire::standing::admitted;
  };
  SUBCASE("that nobody approved") {
    witnessed w = quiet_past();
    const auto at = std::find_if(w.past.admissions.begin(), w.past.admissions.end(), admitted);
    REQUIRE(at != w.past.admissions.end());
    const subject_id who = at->subject;
    std::erase_if(w.past.admissions, [&](const admission_note& n) {
      return n.subject == who && n.what == admission_note::step::decided;
    });
    CHECK(admitted_without_licence(w.past, w.states).size() == 1);
  }
  SUBCASE("that has ended") {
    witnessed w = quiet_past();
    auto& institutions = w.states.shards;
    const auto home = std::find_if(institutions.begin(), institutions.end(), [](const shard_states& s) {
      return s.papers.institutions.size() > 0 && s.papers.institutions[0].standing == wire::standing::admitted;
    });
    REQUIRE(home != institutions.end());
    const subject_id who = home->papers.institutions[0].id;
    for (admission_note& n : w.past.admissions) {
      if (n.subject == who && n.what == admission_note::step::shown) n.valid_to = w.states.end.ms - 1;
    }
    CHECK(admitted_without_licence(w.past, w.states).size() == 1);
  }
  SUBCASE("that only a rejected renewal shows") {
    history past;
    const subject_id who = make_subject_id("", subject_kind::institution, "clinic");
    final_states states;
    states.end = {1000};
    using step = admission_note::step;
    past.admissions = {{who, {1}, step::shown, 500, {}, {}},
                       {who, {1}, step::decided, 0, verdict::approve, {}},
                       {who, {1}, step::moved, 0, {}, wire::standing::admitted},
                       {who, {2}, step::shown, 5000, {}, {}},
                       {who, {2}, step::decided, 0, verdict::reject, {}},
                       {who, {2}, step::moved, 0, {}, wire::standing::admitted}};
    CHECK(admitted_without_licence(past, states).size() == 1);
    past.admissions[4].verdict = verdict::approve;
    CHECK(admitted_without_licence(past, states).empty());
  }
  SUBCASE("that something holds back") {
    witnessed w = quiet_past();
    for (shard_states& s : w.states.shards) {
      if (s.papers.practitioners.size() == 0) continue;
      s.papers.practitioners[0].standing = wire::standing::admitted;
      s.papers.practitioners[0].holds = onboarding::hold_revoked;
      break;
    }
    CHECK(admitted_without_licence(w.past, w.states).size() == 1);
  }
}

TEST_CASE("sees what is shown though its own status forbids it") {
  witnessed w = quiet_past();
  int planted = 0;
  for (shard_states& s : w.states.shards) {
    for (partition::row_no n = 0; n < s.listings.listings.size() && planted == 0; ++n) {
      product::listing& l = s.listings.listings[n];
      const partition::row_no m = s.measures.measures.find(l.id);
      if (m == partition::no_row || l.verdict != verdict::reject || l.mode != product::mode::judged) continue;
      if (s.listings.institutions[l.institution].standing != wire::standing::admitted) continue;
      l.verdict = verdict::approve;
      ++planted;
    }
  }
  REQUIRE(planted == 1);
  CHECK(shown_though_forbidden(w.states).size() == 1);
}

TEST_CASE("sees what is shown though its institution's status forbids it") {
  witnessed w = quiet_past();
  std::size_t shown = 0;
  for (shard_states& s : w.states.shards) {
    for (partition::row_no n = 0; n < s.papers.institutions.size() && shown == 0; ++n) {
      onboarding::institution& i = s.papers.institutions[n];
      const partition::row_no copy = s.listings.institutions.find(i.id);
      if (copy == partition::no_row || i.standing != wire::standing::admitted) continue;
      for (const product::listing& l : s.listings.listings) shown += l.institution == copy && l.live() ? 1u : 0u;
      // Suspended at home; what follows from it never came.
      if (shown != 0) i.standing = wire::standing::suspended;
    }
  }
  REQUIRE(shown > 0);
  const violations found = shown_though_forbidden(w.states);
  CHECK(std::count_if(found.begin(), found.end(), [](const std::string& v) { return v.starts_with("listing"); }) ==
        static_cast<std::ptrdiff_t>(shown));
}

TEST_CASE("sees a content that lacks the label of an institution that is offline, or keeps it") {
  witnessed w = quiet_past();
  CHECK(shown_though_forbidden(w.states).empty());
  int planted = 0;
  for (shard_states& s : w.states.shards) {
    for (partition::row_no n = 0; n < s.contents.contents.size() && planted == 0; ++n) {
      content::publication& c = s.contents.contents[n];
      if (!c.has(content::flag_mentioned) || !content::live(c)) continue;
      c.set(content::flag_institution_offline, !c.has(content::flag_institution_offline));
      ++planted;
    }
  }
  REQUIRE(planted == 1);
  CHECK(shown_though_forbidden(w.states).size() == 1);
}

TEST_CASE("sees an effect that goes out twice") {
  const history& past = quiet_past().past;
  REQUIRE(!past.effects.empty());
  history h = past;
  const auto order = *std::find_if(h.effects.begin(), h.effects.end(), [](const effect_note& e) {
    return e.where.workflow == numbers::takedown && e.origin != wire::origin::timer;
  });
  SUBCASE("under its own id") {
    h.effects.push_back(order);
    CHECK(effects_twice(h).size() == 1);
  }
  SUBCASE("by a timer, and then it may") {
    h.effects.push_back(order);
    h.effects.back().origin = wire::origin::timer;
    CHECK(effects_twice(h).empty());
    h.effects.back().imposed = !order.imposed;
    CHECK(effects_twice(h).size() == 1);
  }
  SUBCASE("under another id") {
    h.effects.push_back(order);
    h.effects.back().effect = derive_id(subject_kind::measure, order.subject, 9, 9);
    CHECK(effects_twice(h).size() == 2);  // two ids for the serial, and a serial out of turn
  }
  SUBCASE("under a serial that skips one") {
    h.effects.push_back(order);
    h.effects.back().serial = 1000;
    h.effects.back().effect = derive_id(subject_kind::measure, order.subject, 9, 9);
    CHECK(effects_twice(h).size() == 1);
  }
}

/// A subject that won its appeal and has heard nothing since.
const decision_note& reversed(const witnessed& w) {
  std::map<subject_id, const decision_note*> last;
  for (const decision_note& d : w.past.decisions) {
    if (d.kind != subject_kind::appeal) last[d.subject] = &d;
  }
  for (const auto& [subject, d] : last) {
    if (d->cause == wire::cause::appeal && d->verdict == verdict::approve && d->kind == subject_kind::product) return *d;
  }
  FAIL("no listing won its appeal");
  return w.past.decisions[0];
}

TEST_CASE("sees a reversal that does not restore what was") {
  witnessed w = quiet_past();
  const decision_note won = reversed(w);
  shard_states& home = w.states.shards[won.where.shard];
  SUBCASE("since it never came") {
    std::erase_if(w.past.decisions, [&](const decision_note& d) {
      return d.subject == won.subject && d.number == won.number && d.kind != subject_kind::appeal;
    });
    CHECK(reversals_incomplete(w.past, w.states).size() == 1);
  }
  SUBCASE("since the subject is still down") {
    home.listings.listings[won.row].verdict = verdict::reject;
    CHECK(reversals_incomplete(w.past, w.states).size() == 1);
  }
  SUBCASE("since the measure goes on") {
    home.measures.measures[home.measures.measures.find(won.subject)].state = takedown::measure_state::in_force;
    CHECK(reversals_incomplete(w.past, w.states).size() == 1);
  }
  SUBCASE("since the points are still charged") {
    home.indices.charges[home.indices.charges.find(won.subject)].standing = 1;
    CHECK(reversals_incomplete(w.past, w.states).size() == 1);
  }
  SUBCASE("since a stop of the account took down an item of its own") {
    decision_note fallen = won;
    fallen.verdict = verdict::reject;
    fallen.before = verdict::approve;
    fallen.cause = wire::cause::fact;
    fallen.findings = {{static_cast<std::uint16_t>(wire::gate::institution_not_admitted), wire::finding_source::gate, 5, 0,
                        0, 0, 0}};
    fallen.number = 0;
    w.past.decisions.push_back(fallen);
    CHECK(reversals_incomplete(w.past, w.states).size() == 1);
  }
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::scenarios
