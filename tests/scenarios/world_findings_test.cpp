// SPDX-License-Identifier: Apache-2.0
// In a world whose institutions and practitioners are lawful, each kind of wrong leads to the finding that it should,
// what nobody can see leads to none, and what is right leads to nothing.
#include <algorithm>
#include <map>
#include <set>

#include "actors/workflow_numbers.hpp"
#include "scenarios/report/summary.hpp"
#include "tests/scenarios/witness.hpp"

namespace zhili::scenarios {
namespace {

using namespace testing;

/// Many unlawful items of every kind; nobody's papers end, nobody is missing in the registry.
scenario lawful_world() {
  scenario s = scaled(load("smoke"), 4);
  s.rogue_times = 1;
  s.registry_missing_ppm = 0;
  s.revoked_per_1000_year.value = 0;
  for (const subject_kind k : submitted_kinds) {
    std::uint64_t all = 0;
    for (const wrong_share& w : s.of(k).wrongs) all += w.ppm;
    s.of(k).factor_ppm = static_cast<std::uint32_t>(600'000'000'000 / all);
  }
  s.of(subject_kind::institution).per_day.value = 200;
  s.of(subject_kind::practitioner).per_day.value = 300;
  return s;
}

/// What the first decisions on items of one kind and truth found.
struct outcome_of {
  std::uint64_t items = 0;
  std::uint64_t clean = 0;
  std::map<std::string, std::uint64_t> findings;
  std::uint64_t with(std::string_view name) const {
    const auto found = findings.find(std::string(name));
    return found == findings.end() ? 0 : found->second;
  }
};

struct world_run {
  scenario about = lawful_world();
  model world{about, 31};
  witnessed seen = witness(about, settings_for(31, 2));
  std::map<std::pair<subject_kind, wrong>, outcome_of> first;
  std::map<wrong, std::set<std::string>> later;

  world_run() {
    for (const decision_note& d : seen.past.decisions) {
      const item_ref ref = item_ref::unpack(d.ref);
      if (d.kind == subject_kind::appeal || ref.variant != variant::original) continue;
      const truth t = world.truth_of(ref);
      if (d.number > 1) {
        for (const wire::finding& f : d.findings) later[t.wrong].insert(named(f));
        continue;
      }
      if (t.lookalike || rests_on_lapsed_papers(ref, d.at)) continue;
      outcome_of& o = first[{d.kind, t.wrong}];
      ++o.items;
      std::set<std::string> names;
      for (const wire::finding& f : d.findings) names.insert(named(f));
      // Filed as a lead practitioner or not: no fault, the pack only notes it.
      names.erase("prac-not-lead");
      o.clean += names.empty() ? 1u : 0u;
      for (const std::string& n : names) ++o.findings[n];
    }
  }

 private:
  static std::string named(const wire::finding& f) {
    return finding_name(static_cast<std::uint32_t>(f.source()) << 16 | f.code(), *baseline());
  }
  bool rests_on_lapsed_papers(item_ref ref, instant at) const {
    if (ref.kind == subject_kind::institution || ref.kind == subject_kind::practitioner) {
      return world.truth_of(ref).wrong == wrong::none && world.valid_to(ref) <= at;
    }
    if (ref.kind != subject_kind::product && ref.kind != subject_kind::ad) return false;
    const account_id owner = world.owner_of(ref);
    const population& p = world.people();
    for (std::uint64_t n = 0; n < p.institutions(); ++n) {
      if (p.institution(n).account != owner) continue;
      if (p.institution(n).licence_to <= at.ms) return true;
      for (const std::uint32_t m : p.staff_of(n)) {
        if (p.practitioner(m).to <= at.ms) return true;
      }
    }
    return false;
  }
};

const world_run& lawful() {
  static const world_run w;
  return w;
}

TEST_SUITE_BEGIN("scenarios/world");

TEST_CASE("each kind of wrong that a check can see leads to its finding, every time") {
  struct row {
    subject_kind kind;
    wrong what;
    const char* finding;
  };
  using enum wrong;
  const row rows[] = {
      {subject_kind::institution, bad_code, "gate:uscc_check_digit"},
      {subject_kind::institution, forged_licence, "gate:licence_not_the_holder"},
      {subject_kind::institution, lapsed_licence, "gate:licence_expired"},
      {subject_kind::institution, revoked_licence, "gate:registry_revoked"},
      {subject_kind::institution, unlicensed, "gate:registry_not_listed"},
      {subject_kind::practitioner, malformed_certificate, "gate:certificate_malformed"},
      {subject_kind::practitioner, not_registered, "gate:practitioner_not_registered"},
      {subject_kind::practitioner, registration_lapsed, "gate:registration_expired"},
      {subject_kind::product, not_in_catalogue, "gate:item_not_in_catalogue"},
      {subject_kind::product, above_level, "gate:item_above_level"},
      {subject_kind::product, department_missing, "gate:department_not_licensed"},
      {subject_kind::product, out_of_scope, "gate:practitioner_out_of_scope"},
      {subject_kind::product, unadmitted_practitioner, "gate:practitioner_not_admitted"},
      {subject_kind::product, bait_price, "lst-bait-price"},
      {subject_kind::ad, no_certificate, "ad-uncertified"},
      {subject_kind::ad, to_minors, "ad-minors-audience"},
      {subject_kind::review, no_order, "rev-no-order"},
      {subject_kind::review, quick, "rev-too-soon"},
  };
  for (const row& r : rows) {
    CAPTURE(name(r.what));
    const outcome_of& o = lawful().first.at({r.kind, r.what});
    CHECK(o.items > 20);
    CHECK(o.with(r.finding) == o.items);
  }
  // Two ways to be wrong with an approval number.
  const outcome_of& approval = lawful().first.at({subject_kind::product, approval_wrong});
  CHECK(approval.items > 20);
  CHECK(approval.with("gate:approval_number_malformed") + approval.with("gate:approval_number_wrong_kind") == approval.items);
}

TEST_CASE("what nobody can see leads to no finding when it comes in") {
  using enum wrong;
  for (const auto& [kind, what] : {std::pair{subject_kind::practitioner, impostor}, {subject_kind::product, hidden},
                                   {subject_kind::diary, hidden}, {subject_kind::post, hidden}, {subject_kind::ad, hidden},
                                   {subject_kind::review, ring}, {subject_kind::review, burst},
                                   {subject_kind::review, disguised}}) {
    CAPTURE(wire::EnumNamesubject_kind(kind));
    CAPTURE(name(what));
    const outcome_of& o = lawful().first.at({kind, what});
    CHECK(o.items > 20);
    CHECK(o.clean == o.items);
  }
}

TEST_CASE("licences that are revoked without a word are found by visits, and only by them") {
  scenario s = scaled(load("smoke"), 0.5);
  s.end = s.begin + std::chrono::days{7};
  s.registry_missing_ppm = 0;
  s.renews_in_time_ppm = 1'000'000;
  s.revoked_until_reported = {std::chrono::days{300}, std::chrono::days{300}};
  s.revoked_per_1000_year.value = 20'000;
  const inspection_figures found = run(s, settings_for(5)).figures.inspection;
  CHECK(found.visits > 30);
  CHECK(found.lapses.count > 3);
  CHECK(found.lapses.mean_h() > 1);
  CHECK(found.lapses.mean_h() < 7 * 24);
  s.revoked_per_1000_year.value = 0;
  CHECK(run(s, settings_for(5)).figures.inspection.lapses.count == 0);
}

TEST_CASE("rings show later, by what their authors share") {
  CHECK(lawful().later.at(wrong::ring).contains("rev-shared-text"));
  const auto disguised = lawful().later.find(wrong::disguised);
  if (disguised != lawful().later.end()) CHECK_FALSE(disguised->second.contains("rev-shared-text"));
}

TEST_CASE("some unlawful texts are found, some are not") {
  for (const subject_kind kind : {subject_kind::product, subject_kind::diary, subject_kind::post, subject_kind::ad}) {
    CAPTURE(wire::EnumNamesubject_kind(kind));
    const outcome_of& o = lawful().first.at({kind, wrong::text});
    CHECK(o.items > 100);
    CHECK(o.clean < o.items);
    CHECK(o.clean > 0);
  }
}

TEST_CASE("what is lawful leads to no finding") {
  for (const subject_kind kind : submitted_kinds) {
    CAPTURE(wire::EnumNamesubject_kind(kind));
    const outcome_of& o = lawful().first.at({kind, wrong::none});
    CHECK(o.items > 100);
    for (const auto& [finding, n] : o.findings) FAIL_CHECK(finding << " in " << n << " of " << o.items);
    CHECK(o.clean == o.items);
  }
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::scenarios
