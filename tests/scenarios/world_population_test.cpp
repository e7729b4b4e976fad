// SPDX-License-Identifier: Apache-2.0
// Who there is could be: staff, licences, numbers and times that fit together.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "actors/credentials/uscc.hpp"
#include "protocols/schema/onboarding_generated.h"
#include "tests/scenarios/runs.hpp"

namespace zhili::scenarios {
namespace {

using namespace testing;
using wire::onboarding::department;
using wire::onboarding::scope;

TEST_SUITE_BEGIN("scenarios/world");

void check_people(const scenario& s, std::uint64_t seed) {
  const model world(s, seed);
  const population& p = world.people();
  REQUIRE(p.established() == static_cast<std::uint32_t>(s.institutions.value));
  REQUIRE(p.users() == static_cast<std::size_t>(s.users.value));
  const instant opening = s.begin - s.opening;

  std::set<account_id> accounts;
  std::uint64_t rogues = 0, staff = 0;
  for (std::uint64_t n = 0; n < p.institutions(); ++n) {
    const institution_profile& i = p.institution(n);
    CHECK(accounts.insert(i.account).second);
    CHECK(i.shard == shard_of(i.account));
    CHECK(i.licence_from < i.licence_to);
    // Five years, as the licence of an aesthetic provider runs; ten where it was renewed before.
    const std::int64_t years = (i.licence_to - i.licence_from) / (365LL * 86'400'000);
    CHECK((years == 5 || years == 10));
    CHECK(i.level_max <= 4);
    CHECK(i.level_max == credentials::surgery_level_max(i.category, i.grade, i.departments));
    CHECK(i.departments != 0);
    CHECK(i.missing_in_registry <= (s.registry_missing_ppm > 0));
    rogues += i.rogue ? 1 : 0;
    const bool fresh = n >= p.established();
    CHECK((i.applies_at != 0) == fresh);
    if (fresh) {
      CHECK(i.applies_at >= s.begin.ms);
      CHECK(i.applies_at < s.end.ms);
      CHECK((i.licence_to <= i.applies_at) == (i.wrong == wrong::lapsed_licence));
    } else {
      CHECK(i.wrong == wrong::none);
      CHECK(i.licence_from < opening.ms);
      CHECK(p.staff_of(n).size() >= 1);
      staff += p.staff_of(n).size();
      for (const std::uint32_t m : p.staff_of(n)) {
        CHECK(p.practitioner(m).employer == n);
        // Nobody works at a house whose licence has no subject for what they may do.
        std::uint32_t wanted = 0;
        const std::uint32_t scopes = p.practitioner(m).scopes;
        if ((scopes & static_cast<std::uint32_t>(scope::surgery)) != 0) {
          wanted |= static_cast<std::uint32_t>(department::aesthetic_surgery);
        }
        if ((scopes & static_cast<std::uint32_t>(scope::dermatology)) != 0) {
          wanted |= static_cast<std::uint32_t>(department::aesthetic_dermatology);
        }
        CHECK((i.departments & wanted) == wanted);
      }
    }
  }
  CHECK(staff == static_cast<std::uint64_t>(s.practitioners.value));
  const double wanted_rogues = static_cast<double>(p.institutions()) * s.rogue_ppm / 1e6;
  CHECK(std::abs(static_cast<double>(rogues) - wanted_rogues) < 5 * std::sqrt(wanted_rogues + 1));

  for (std::uint64_t n = 0; n < p.practitioners(); ++n) {
    const practitioner_profile& m = p.practitioner(n);
    CHECK(accounts.insert(m.account).second);
    CHECK(m.shard == shard_of(m.account));
    CHECK(m.employer < p.established());
    CHECK(m.scopes != 0);
    CHECK(m.scopes < 16);
    CHECK(m.from < m.to);
    if (m.applies_at == 0) continue;
    CHECK(m.applies_at >= s.begin.ms);
    CHECK(m.applies_at < s.end.ms);
    CHECK((m.to <= m.applies_at) == (m.wrong == wrong::registration_lapsed));
  }
  std::size_t users = 0;
  for (shard_no n = 0; n < shard_count; ++n) {
    users += p.users_of(n).size();
    for (const account_id a : p.users_of(n)) {
      if (shard_of(a) != n) FAIL_CHECK("a user of another shard");
    }
  }
  CHECK(users == p.users());
}

TEST_CASE("the people of smoke are possible") {
  for (const std::uint64_t seed : {1u, 2u, 3u}) check_people(load("smoke"), seed);
}

TEST_CASE("the people of summer-2021 are possible, and as many as the platform spoke of") {
  const scenario s = load("summer-2021");
  CHECK(s.institutions.value == 6'000);
  CHECK(s.practitioners.value == 20'000);
  check_people(s, 1);
}

TEST_CASE("made numbers pass the checks exactly where the truth says so") {
  scenario s = load("smoke");
  s.of(subject_kind::institution).per_day.value = 1'500;
  const model world(s, 5);
  const population& p = world.people();
  REQUIRE(p.institutions() > 4'000);
  const auto snapshot = snapshot_of(world, 0);
  std::map<wrong, int> seen;
  std::set<std::string> numbers;
  for (std::uint64_t n = 0; n < p.institutions(); ++n) {
    const institution_profile& i = p.institution(n);
    CAPTURE(name(i.wrong));
    ++seen[i.wrong];
    const std::string code = population::uscc(i, n);
    const std::string number = population::licence_number(i, n);
    const auto licence = credentials::read_licence(number);
    CHECK(bool(credentials::check_uscc(code)) == (i.wrong != wrong::bad_code));
    CHECK(bool(licence));
    CHECK(licence.kind == i.category);
    CHECK(licence.region == i.region);
    // A forged licence is another holder's; a code whose check digit is wrong agrees with nothing.
    CHECK(credentials::agrees(code, licence) == (i.wrong != wrong::forged_licence && i.wrong != wrong::bad_code));
    CHECK(numbers.insert(number).second);
    using entry = partition::registry::entry;
    const entry wanted = i.wrong == wrong::revoked_licence ? entry::revoked
                         : i.missing_in_registry || i.wrong == wrong::unlicensed || i.wrong == wrong::forged_licence
                             ? entry::missing
                             : entry::listed;
    // Missing wins: what the snapshot lacks it cannot call revoked.
    const entry found = snapshot->look_up(xxh3_64(as_bytes_view(number)));
    CHECK(found == (i.missing_in_registry ? entry::missing : wanted));
  }
  for (const wrong w : {wrong::none, wrong::bad_code, wrong::forged_licence, wrong::lapsed_licence, wrong::revoked_licence,
                        wrong::unlicensed}) {
    CAPTURE(name(w));
    CHECK(seen[w] > 100);
  }
}

TEST_CASE("a later snapshot revokes more and forgets nobody") {
  scenario s = load("smoke");
  s.revoked_per_1000_year.value = 60'000;
  const model world(s, 3);
  auto before = snapshot_of(world, 0);
  for (const std::uint32_t number : {1u, 2u}) {
    const auto now = snapshot_of(world, number);
    CHECK(now->version() == before->version() + 1);
    CHECK(now->digest() != before->digest());
    CHECK(now->revoked().size() > before->revoked().size());
    CHECK(now->listed().size() + now->revoked().size() == before->listed().size() + before->revoked().size());
    CHECK(std::includes(now->revoked().begin(), now->revoked().end(), before->revoked().begin(), before->revoked().end()));
    before = now;
  }
}

TEST_CASE("arrivals follow the hours and days of the scenario") {
  const scenario s = load("smoke");
  const arrival_curve curve(s);
  double sum = 0;
  const std::int32_t monday = 18'827;  // 19 July 2021
  for (std::int32_t day = monday; day < monday + 7; ++day) {
    for (int hour = 0; hour < 24; ++hour) sum += curve.weight(day, hour);
  }
  CHECK(sum / 168 == doctest::Approx(1e6).epsilon(1e-3));
  CHECK(curve.weight(monday, 21) > curve.weight(monday, 4) * 10);
  CHECK(curve.weight(monday + 5, 12) > curve.weight(monday, 12));
  dice d(1, 2, purpose::arrival);
  int evening = 0, night = 0;
  for (int n = 0; n < 4'000; ++n) {
    const instant t = curve.draw(d, s.begin, s.end);
    CHECK(t >= s.begin);
    CHECK(t < s.end);
    evening += china_hour(t) == 21 ? 1 : 0;
    night += china_hour(t) == 4 ? 1 : 0;
  }
  CHECK(evening > night * 5);
}

TEST_CASE("draws what is wrong as often as the shares say, times the factor and the propensity") {
  kind_model k;
  k.wrongs = {{wrong::text, 100'000}, {wrong::hidden, 50'000}};
  struct row {
    std::uint32_t factor;
    std::uint64_t times;
    double text;
  };
  for (const row r : {row{1'000'000, 1'000'000, 0.1}, row{2'000'000, 1'000'000, 0.2}, row{500'000, 2'000'000, 0.1},
                      row{0, 1'000'000, 0}}) {
    CAPTURE(r.factor);
    k.factor_ppm = r.factor;
    int text = 0, hidden = 0;
    constexpr int draws = 20'000;
    for (std::uint64_t n = 0; n < draws; ++n) {
      dice d(1, n, purpose::truth);
      const wrong w = draw_wrong(k, d, r.times);
      text += w == wrong::text ? 1 : 0;
      hidden += w == wrong::hidden ? 1 : 0;
    }
    CHECK(std::abs(text - r.text * draws) < 5 * std::sqrt(r.text * draws + 1));
    CHECK(std::abs(hidden - r.text / 2 * draws) < 5 * std::sqrt(r.text / 2 * draws + 1));
  }
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::scenarios
