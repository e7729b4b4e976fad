// SPDX-License-Identifier: Apache-2.0
#include <random>

#include "actors/decision/follow_up.hpp"
#include "actors/onboarding/workflow.hpp"
#include "actors/risk/index.hpp"
#include "actors/risk/workflow.hpp"
#include "tests/testkit/given.hpp"

namespace zhili::risk {
namespace {

using namespace testkit;
using std::chrono::days;

const account_id user = subject(subject_kind::user, "brush");
const account_id clinic = subject(subject_kind::institution, "clinic");
const std::string rules = "tests/actors/risk_pack";

subject_id review(int n) { return subject(subject_kind::review, "r" + std::to_string(n)); }

msg::charge against(subject_id who, verdict v, std::int32_t points = 0, std::uint32_t number = 1) {
  return msg::charge(to_wire(who), points, number, who.kind(), v, 0, 0, 0);
}
msg::charge back(subject_id who, std::uint32_t number = 2) {
  return msg::charge(to_wire(who), 0, number, who.kind(), verdict::approve, 1, 0, 0);
}

using risk_stage = stage<workflow>;

std::int64_t points(const risk_stage& s) { return s.state().accounts[0].points; }
int band(const risk_stage& s) { return s.state().accounts[0].band; }

}  // namespace

TEST_SUITE("actors/risk") {
  TEST_CASE("a decision weighs what the pack gives, and by its verdict where the pack gives nothing") {
    risk_stage s{user};
    struct row {
      verdict v;
      std::int32_t given;
      std::int64_t total;
    };
    int n = 0;
    for (const row& r : {row{verdict::label, 0, 1}, row{verdict::demote, 0, 3}, row{verdict::reject, 0, 6},
                         row{verdict::suspend, 0, 16}, row{verdict::label, 7, 23}}) {
      s.when(message(against(review(++n), r.v, r.given)));
      CHECK(points(s) == r.total);
    }
  }

  TEST_CASE("a reversal takes back exactly what that subject was charged") {
    risk_stage s{user};
    s.when(message(against(review(1), verdict::reject, 17)));
    s.when(message(against(review(2), verdict::label)));
    s.when(message(back(review(1)))).then_events(some<msg::taken_back>{[](auto& e) { return e.points() == 17; }});
    CHECK(points(s) == 1);
    SUBCASE("and not twice") { s.when(message(back(review(1), 3))).then_nothing(); }
    SUBCASE("and it may be charged again") {
      s.when(message(against(review(1), verdict::demote, 0, 3)));
      CHECK(points(s) == 3);
    }
  }

  TEST_CASE("a subject weighs what the last decision on it says, not the sum of all of them") {
    risk_stage s{user};
    s.when(message(against(review(1), verdict::reject, 0, 1)));
    s.when(message(against(review(1), verdict::label, 0, 2)));
    CHECK(points(s) == 1);
    CHECK(count(s.state(), 0, china_day(s.now()), 90).adverse_30d == 1);
  }

  TEST_CASE("ignores what it has no use for") {
    risk_stage s{user};
    s.when(message(against(review(1), verdict::reject, 0, 5)));
    SUBCASE("a decision that it knows") { s.when(message(against(review(1), verdict::reject, 9, 5))).then_nothing(); }
    SUBCASE("an older decision") { s.when(message(against(review(1), verdict::reject, 9, 4))).then_nothing(); }
    SUBCASE("an older reversal") { s.when(message(back(review(1), 4))).then_nothing(); }
    SUBCASE("a timer of another day") { s.when(message(msg::recount(0, 1))).then_nothing(); }
    SUBCASE("a timer of an account that is not there") { s.when(message(msg::recount(9, 1))).then_nothing(); }
    SUBCASE("a reversal of what was never charged") { s.when(message(back(review(2)))).then_nothing(); }
    SUBCASE("an account without an index") {
      const account_id doctor = subject(subject_kind::practitioner, "d");
      s.when(message(against(doctor, verdict::suspend)).to(doctor)).then_nothing();
    }
    CHECK(points(s) == 3);
  }

  TEST_CASE("points count for the window and one timer at a time lets them go") {
    risk_stage s{user};
    s.when(message(against(review(1), verdict::reject)));
    const instant first = s.live().next_timer();
    CHECK(first == start_of_china_day(china_day(s.now()) + recent_days));
    s.advance(days{10});
    s.when(message(against(review(2), verdict::demote)))
        .then_events(some<msg::charged>{[](auto& e) { return e.recount_day() == 0; }});
    CHECK(s.live().next_timer() == first);
    s.advance(days{79});
    CHECK(points(s) == 5);
    // The 30-day counts of both have changed, at 30 and 40 days.
    CHECK(s.events<msg::aged>().size() == 2);
    s.advance(days{1});
    CHECK(points(s) == 2);
    s.advance(days{10});
    CHECK(points(s) == 0);
    CHECK(s.live().next_timer() == never);
    CHECK(s.state().accounts[0].first == no_row);
    SUBCASE("a reversal after that gives nothing back, and is counted") {
      s.when(message(back(review(1)))).then_events(some<msg::taken_back>{[](auto& e) { return e.points() == 0; }});
      CHECK(points(s) == 0);
      CHECK(count(s.state(), 0, china_day(s.now()), 90).reversed_30d == 1);
      s.advance(days{30});
      CHECK(s.live().next_timer() == never);
    }
  }

  TEST_CASE("without a rule in the pack the thresholds of the settings make the band") {
    struct row {
      account_id who;
      std::int32_t points;
      int band;
    };
    for (const row& r : {row{user, 39, 0}, row{user, 40, 1}, row{user, 79, 1}, row{user, 80, 2}, row{clinic, 59, 0},
                         row{clinic, 60, 1}, row{clinic, 119, 1}, row{clinic, 120, 2}}) {
      CAPTURE(r.points);
      risk_stage s{r.who};
      s.when(message(against(review(1), verdict::reject, r.points)));
      CHECK(band(s) == r.band);
      const auto told = s.sent<wire::band_changed>();
      CHECK(told.empty() == (r.band == 0));
      for (const auto& f : told) {
        CHECK(f->band() == r.band);
        CHECK(f->points() == r.points);
        CHECK(f->version() == 1);
      }
      CHECK(s.sent<wire::index_crossed>().size() == (r.who == clinic && r.band == 2 ? 1 : 0));
      for (const auto& m : s.sent()) {
        CHECK(m.account == r.who);
        CHECK(m.stream == stream_kind::inside_account);
      }
    }
  }

  TEST_CASE("the pack's rules make the band where it has any") {
    risk_stage s{clinic, {.pack = rules}};
    s.when(message(against(review(1), verdict::reject, 60)));
    CHECK(band(s) == 1);
    s.when(message(against(review(2), verdict::reject, 59)));
    CHECK(band(s) == 1);
    s.when(message(against(review(3), verdict::label, 1)));
    REQUIRE(band(s) == 2);
    CHECK(s.sent<wire::index_crossed>().at(0)->band() == 2);

    SUBCASE("high is told once") {
      s.when(message(against(review(4), verdict::suspend)));
      CHECK(points(s) == 130);
      CHECK(s.sent().empty());
    }
    SUBCASE("a reversal lowers it and onboarding hears of it") {
      s.when(message(back(review(3))));
      CHECK(band(s) == 1);
      CHECK(s.sent<wire::index_crossed>().at(0)->band() == 1);
      CHECK(s.sent<wire::band_changed>().at(0)->version() == 3);
      SUBCASE("lower still is no news to onboarding") {
        s.when(message(back(review(1))));
        CHECK(band(s) == 0);
        CHECK(s.sent<wire::index_crossed>().empty());
        CHECK_FALSE(s.sent<wire::band_changed>().empty());
      }
      SUBCASE("high again is told again") {
        s.when(message(against(review(5), verdict::label, 1)));
        CHECK(s.sent<wire::index_crossed>().at(0)->band() == 2);
      }
    }
    SUBCASE("time lowers it: after a month three decisions are no longer recent, after the window nothing is left") {
      s.advance(days{30});
      CHECK(band(s) == 1);
      CHECK(points(s) == 120);
      s.advance(days{60});
      CHECK(band(s) == 0);
      CHECK(points(s) == 0);
      CHECK(s.live().next_timer() == never);
    }
  }

  TEST_CASE("the suspension that a high index brings about does not run in a circle") {
    risk_stage index{clinic};
    stage<onboarding::workflow> papers{clinic};
    const std::int64_t far = (papers.now() + days{900}).ms;
    papers.given(
        wire::onboarding::institution_recorded(to_wire(clinic), 7, 1, 1, 0, far, 1, 0, 2, 1, 0, 0, 0),
        decided({.subject = clinic}),
        wire::onboarding::standing_changed(to_wire(clinic), 0, 1, wire::standing::admitted, 0, 1, 0));

    int crossings = 0;
    // Whatever one says goes to the other until nothing is said any more.
    const auto talk = [&] {
      for (int round = 0; round < 10; ++round) {
        const auto crossed = index.sent<wire::index_crossed>();
        if (crossed.empty()) return;
        ++crossings;
        papers.when(message(*crossed[0]));
        const auto charges = papers.sent<msg::charge>();
        if (charges.empty()) return;
        index.when(message(*charges[0]));
      }
    };
    index.when(message(against(review(1), verdict::reject, 150)));
    talk();
    CHECK(crossings == 1);
    CHECK(papers.decision().verdict() == verdict::suspend);
    CHECK(papers.decision().cause() == wire::cause::risk);
    CHECK(points(index) == 160);
    CHECK(band(index) == 2);

    // The audit lets it come back: its own charge goes, the others stay, and it is not taken offline again for them.
    const subject_id audit = decision::task_id(
        clinic, wire::desk::purpose::re_audit, papers.state().institutions[0].audit);
    papers.when(message(wire::desk_answer(
        to_wire(audit), to_wire(clinic), 5, 0, verdict::approve, static_cast<std::uint8_t>(wire::desk::purpose::re_audit), 0)));
    REQUIRE(papers.sent<msg::charge>().size() == 1);
    index.when(message(*papers.sent<msg::charge>()[0]));
    talk();
    CHECK(crossings == 1);
    CHECK(points(index) == 150);
    CHECK(papers.state().institutions[0].standing == wire::standing::admitted);
  }

  TEST_CASE("on every day the index is what a plain count of the charges gives") {
    struct plain {
      std::int32_t points = 0;
      std::int32_t day = 0;
      std::int32_t back = 0;
      bool standing = false;
      std::uint32_t number = 0;
    };
    for (std::uint32_t seed = 1; seed <= 5; ++seed) {
      CAPTURE(seed);
      std::mt19937 random{seed};
      std::map<int, plain> model;
      risk_stage s{user, {.pack = rules}};
      for (int step = 0; step < 300; ++step) {
        s.advance(std::chrono::hours{random() % 30});
        const int n = static_cast<int>(random() % (seed < 4 ? 40 : 2000));
        plain& p = model[n];
        const std::int32_t today = china_day(s.now());
        if (random() % 4 == 0) {
          s.when(message(back(review(n), ++p.number)));
          if (p.standing) p = {0, p.day, today, false, p.number};
        } else {
          const auto weight = static_cast<std::int32_t>(1 + random() % 9);
          s.when(message(against(review(n), verdict::reject, weight, ++p.number)));
          p = {weight, today, p.back, true, p.number};
        }
        index want;
        for (const auto& [_, c] : model) {
          if (c.standing && c.day + 90 > today) want.points += c.points;
          if (c.standing && c.day + 30 > today) ++want.adverse_30d;
          if (c.back != 0 && c.back + 30 > today) ++want.reversed_30d;
        }
        if (s.state().accounts.size() == 0) continue;
        const index got = count(s.state(), 0, today, 90);
        REQUIRE(got.points == want.points);
        REQUIRE(got.adverse_30d == want.adverse_30d);
        REQUIRE(got.reversed_30d == want.reversed_30d);
        const index kept = count_without(s.state(), 0, no_row, today, 90);
        REQUIRE(kept.points == want.points);
        REQUIRE(kept.adverse_30d == want.adverse_30d);
        REQUIRE(kept.reversed_30d == want.reversed_30d);
        REQUIRE(points(s) == want.points);
        REQUIRE(band(s) == (want.points >= 80 ? 2 : want.points >= 40 ? 1 : 0));
        REQUIRE((s.live().next_timer() == never) == (s.state().accounts[0].recount_day == 0));
      }
      s.advance(days{200});
      CHECK(points(s) == 0);
      CHECK(band(s) == 0);
      CHECK(s.live().next_timer() == never);
    }
  }

  TEST_CASE("a row of either kind is small") {
    static_assert(sizeof(account) <= 40);
    static_assert(sizeof(charge) <= 40);
  }
}

}  // namespace zhili::risk
