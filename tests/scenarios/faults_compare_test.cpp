// SPDX-License-Identifier: Apache-2.0
// Two runs of one world, subject by subject: who ends elsewhere, and why.
#include <algorithm>

#include "scenarios/report/summary.hpp"
#include "tests/scenarios/runs.hpp"

namespace zhili::scenarios {
namespace {

using namespace testing;

final_status status_of(std::uint64_t n, verdict v) {
  final_status s;
  s.subject = {std::uint64_t{3} << 56, n};
  s.ref = n;
  s.verdict = v;
  return s;
}

TEST_SUITE_BEGIN("scenarios/faults");

TEST_CASE("names the first cause that is true of a subject that ends elsewhere") {
  struct row {
    difference why;
    void (*change)(final_status&);
  };
  const row rows[] = {
      {difference::other_facts, [](final_status&) {}},
      {difference::by_person, [](final_status& s) { s.by_person = true; }},
      {difference::another_hold, [](final_status& s) { s.holds = 2; s.by_person = true; }},
      {difference::another_version, [](final_status& s) { s.ref = 99; s.holds = 2; }},
      {difference::still_waiting, [](final_status& s) { s.waiting = true; s.ref = 99; }},
  };
  for (const row& r : rows) {
    CAPTURE(name(r.why));
    const final_status before = status_of(1, verdict::approve);
    final_status after = status_of(1, verdict::reject);
    r.change(after);
    const status_comparison found = compare({before}, {after});
    CHECK(found.subjects == 1);
    CHECK(found.differing == 1);
    REQUIRE(found.each.size() == 1);
    CHECK(found.each[0].first == before.subject);
    CHECK(found.each[0].second == r.why);
    // The same verdict by another way is no difference.
    after.verdict = before.verdict;
    CHECK(compare({before}, {after}).differing == 0);
    CHECK_FALSE(name(r.why).empty());
    CHECK_FALSE(describe(r.why).zh.empty());
    CHECK_FALSE(describe(r.why).en.empty());
  }
}

TEST_CASE("counts every subject of either run once, and those of one run alone as different") {
  const auto a = std::vector{status_of(1, verdict::approve), status_of(3, verdict::reject), status_of(5, verdict::approve)};
  const auto b = std::vector{status_of(2, verdict::approve), status_of(3, verdict::reject), status_of(5, verdict::label)};
  const status_comparison found = compare(a, b);
  CHECK(found.subjects == 4);
  CHECK(found.differing == 3);
  CHECK(found.by_cause[static_cast<std::size_t>(difference::one_run_alone)] == 2);
  CHECK(found.by_cause[static_cast<std::size_t>(difference::other_facts)] == 1);
  CHECK(compare({}, {}).subjects == 0);
  CHECK(compare(a, a).differing == 0);
}

TEST_CASE("a standing that differs is a difference whatever the verdict") {
  final_status before = status_of(1, verdict::approve);
  before.standing = wire::standing::admitted;
  final_status after = before;
  after.standing = wire::standing::suspended;
  after.holds = 2;
  CHECK(compare({before}, {after}).by_cause[static_cast<std::size_t>(difference::another_hold)] == 1);
}

TEST_CASE("finds every subject of a run, sorted, and no difference between a run and itself") {
  const scenario s = small_world();
  std::vector<final_status> first, again;
  simulation_settings settings = settings_for(9);
  settings.look = [&](const kernel& k) { first = statuses_of(k); };
  const simulation_result r = run(s, settings);
  settings.look = [&](const kernel& k) { again = statuses_of(k); };
  run(s, settings);
  CHECK(std::is_sorted(first.begin(), first.end(), [](const auto& x, const auto& y) { return x.subject < y.subject; }));
  const status_comparison same = compare(first, again);
  CHECK(same.differing == 0);
  // One subject an item: versions of an item are one subject.
  std::uint64_t submitted = 0;
  for (const subject_kind k : submitted_kinds) submitted += r.submissions_by_kind[static_cast<std::size_t>(k)];
  CHECK(first.size() > submitted * 8 / 10);
  CHECK(first.size() <= submitted);
  CHECK(same.subjects == first.size());
}

TEST_CASE("the summary tells how many subjects faults have moved, and why") {
  const scenario s = small_world();
  simulation_result r = run(s, settings_for(9));
  CHECK(summary_json(s, r, "simulate").find("subjects_differing") == std::string::npos);
  r.beside_faultless = compare({status_of(1, verdict::approve), status_of(2, verdict::approve)},
                               {status_of(1, verdict::reject), status_of(2, verdict::approve)});
  const std::string json = summary_json(s, r, "simulate");
  CHECK(json.find("\"subjects\": 2,") != std::string::npos);
  CHECK(json.find("\"subjects_differing\": 1") != std::string::npos);
  CHECK(json.find("\"other_facts\": 1") != std::string::npos);
  CHECK(summary_text(s, r, language::en).find("1 / 2 (50.00 %): facts arrived at another time 1") != std::string::npos);
  CHECK(summary_text(s, r, language::zh).find("事实到达的时间不同 1") != std::string::npos);
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::scenarios
