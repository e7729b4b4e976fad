// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <random>

#include "actors/inspection/workflow.hpp"
#include "tests/testkit/given.hpp"

namespace zhili::inspection {
namespace {

using namespace testkit;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
namespace numbers = workflow_numbers;

const account_id clinic = subject(subject_kind::institution, "clinic");

wire::institution_status status_of(account_id who, std::uint32_t version, wire::standing standing) {
  return wire::institution_status(to_wire(who), 0, 0, version, standing, 1, 0, 0);
}
wire::band_changed band_of(std::uint8_t band, std::uint32_t version) {
  return wire::band_changed(0, version, band, 0, 0);
}

// Visits every 10, 5 and 1 days, with room for two a day.
const std::string strict = "tests/actors/inspection_pack";

using inspection_stage = stage<workflow>;

// Other institutions of the clinic's shard.
std::vector<account_id> neighbours(std::size_t count) {
  std::vector<account_id> all;
  for (int n = 0; all.size() < count; ++n) {
    const account_id a = subject(subject_kind::institution, "i" + std::to_string(n));
    if (shard_of(a) == shard_of(clinic)) all.push_back(a);
  }
  return all;
}

void admit(inspection_stage& s, account_id who, std::uint32_t version) {
  s.when(message(status_of(who, version, wire::standing::admitted)).to(who));
}
void suspend(inspection_stage& s, account_id who, std::uint32_t version) {
  s.when(message(status_of(who, version, wire::standing::suspended)).to(who));
}

int tier_now(const inspection_stage& s) { return static_cast<int>(s.state().institutions[0].tier()); }

// Days between one visit and the next, with something found in the meantime or not.
std::int32_t next_visit(inspection_stage& s, std::uint32_t* band_version = nullptr) {
  // The band rises and falls back: what was found is known, the band itself says nothing.
  if (band_version != nullptr) {
    s.when(message(band_of(1, ++*band_version)));
    s.when(message(band_of(0, ++*band_version)));
  }
  for (int day = 0; day < 400; ++day) {
    s.advance(days{1});
    if (const auto v = s.events<msg::visited>(); !v.empty()) return v[0]->days_since();
  }
  return -1;
}

}  // namespace

TEST_SUITE("actors/inspection") {
  TEST_CASE("an admitted institution is visited when its interval is over: every workflow of it looks") {
    inspection_stage s{clinic};
    admit(s, clinic, 1);
    s.advance(days{29});
    CHECK(s.events<msg::visited>().empty());
    s.advance(days{1});
    REQUIRE(s.events<msg::visited>().size() == 1);
    const auto v = s.events<msg::visited>()[0];
    CHECK(v->visit() == 1);
    CHECK(v->days_since() == 30);
    CHECK(v->tier() == 0);
    CHECK(v->late() == 0);
    REQUIRE(s.sent<wire::inspect>().size() == 4);
    std::vector<workflow_no> to;
    for (const auto& m : s.sent()) {
      to.push_back(m.to.workflow);
      CHECK(m.account == clinic);
      CHECK(m.stream == stream_kind::inside_account);
    }
    CHECK(to == std::vector<workflow_no>{numbers::onboarding, numbers::product, numbers::content, numbers::takedown});
    CHECK(s.sent<wire::inspect>()[0]->visit() == 1);
    CHECK(s.sent<wire::inspect>()[0]->sample_per_mille() == 20);
    CHECK(next_visit(s) == 30);
    CHECK(s.state().visits == 2);
  }

  TEST_CASE("one who is offline is not visited until admitted again") {
    inspection_stage s{clinic};
    admit(s, clinic, 1);
    s.advance(days{20});
    suspend(s, clinic, 2);
    s.advance(days{60});
    CHECK(s.events<msg::visited>().empty());
    admit(s, clinic, 3);
    CHECK(next_visit(s) == 30);
    SUBCASE("closed is offline") {
      s.when(message(status_of(clinic, 4, wire::standing::closed)));
      s.advance(days{60});
      CHECK(s.events<msg::visited>().empty());
    }
    SUBCASE("a renewal does not put the visit off") {
      s.advance(days{20});
      s.when(message(status_of(clinic, 4, wire::standing::admitted))).then_nothing();
      CHECK(next_visit(s) == 30);
    }
    SUBCASE("an older status changes nothing") {
      s.when(message(status_of(clinic, 2, wire::standing::suspended))).then_nothing();
      CHECK(s.state().institutions[0].live == 1);
    }
  }

  TEST_CASE("a partition plans once a day at three in China, each shard at its own minute") {
    inspection_stage s{clinic};
    CHECK(s.live().next_timer() == never);
    admit(s, clinic, 1);
    const account_id other = neighbours(1)[0];
    const auto minute = hours{3} + minutes{shard_of(clinic)};
    CHECK(s.live().next_timer() == start_of_china_day(china_day(s.now()) + 1) + minute);
    admit(s, other, 1);
    s.then_events(some<msg::scheduled>{});
    s.when(message(msg::plan_day(s.now().ms))).then_nothing();
    s.advance(days{10});
    CHECK(s.events<msg::day_planned>().size() == 10);
    CHECK(s.live().next_timer() == start_of_china_day(china_day(s.now()) + 1) + minute);

    SUBCASE("where nobody is live it stops, and starts again") {
      suspend(s, clinic, 2);
      suspend(s, other, 2);
      s.advance(days{2});
      CHECK(s.live().next_timer() == never);
      admit(s, clinic, 3);
      s.advance(days{3});
      CHECK(s.events<msg::day_planned>().size() == 3);
    }
  }

  TEST_CASE("the band gives the tier, and the tier the interval") {
    inspection_stage s{clinic};
    admit(s, clinic, 1);
    SUBCASE("low") { CHECK(next_visit(s) == 30); }
    SUBCASE("raised") {
      s.when(message(band_of(1, 1)));
      CHECK(next_visit(s) == 14);
    }
    SUBCASE("high") {
      s.when(message(band_of(2, 1)));
      CHECK(next_visit(s) == 7);
    }
    SUBCASE("raised when the interval is over already: tomorrow, and not late") {
      s.advance(days{20});
      s.when(message(band_of(1, 1)));
      CHECK(next_visit(s) == 21);
      CHECK(s.state().late == 0);
    }
    SUBCASE("an older band changes nothing") {
      s.when(message(band_of(1, 5)));
      s.when(message(band_of(2, 4))).then_nothing();
    }
    SUBCASE("a band that does not exist is refused") {
      s.when(message(band_of(3, 1))).then(wire::refusal::out_of_range);
    }
    SUBCASE("a user's band is no matter for inspection") {
      const account_id user = subject(subject_kind::user, "u");
      s.when(message(band_of(2, 1)).to(user)).then_nothing();
    }
  }

  TEST_CASE("a band that comes before the admission is kept") {
    inspection_stage s{clinic};
    s.when(message(band_of(2, 1)));
    CHECK(s.live().next_timer() == never);
    admit(s, clinic, 1);
    CHECK(next_visit(s) == 7);
  }

  TEST_CASE("two visits in a row with findings raise the tier by one, three clean ones lower it") {
    inspection_stage s{clinic};
    std::uint32_t band_version = 0;
    admit(s, clinic, 1);
    next_visit(s);
    next_visit(s, &band_version);
    CHECK(tier_now(s) == 0);
    SUBCASE("with a clean one between them they do not") {
      next_visit(s);
      next_visit(s, &band_version);
      CHECK(tier_now(s) == 0);
    }
    SUBCASE("in a row they do") {
      next_visit(s, &band_version);
      CHECK(tier_now(s) == 1);
      CHECK(next_visit(s) == 14);
      CHECK(next_visit(s) == 14);
      CHECK(tier_now(s) == 1);
      CHECK(next_visit(s) == 14);
      CHECK(tier_now(s) == 0);
      CHECK(next_visit(s) == 30);
    }
    SUBCASE("what was known before the first visit is no finding of a visit") {
      inspection_stage fresh{clinic};
      std::uint32_t version = 0;
      admit(fresh, clinic, 1);
      next_visit(fresh, &version);
      next_visit(fresh, &version);
      CHECK(tier_now(fresh) == 0);
    }
    SUBCASE("never above C and never below the band") {
      for (int n = 0; n < 9; ++n) next_visit(s, &band_version);
      CHECK(tier_now(s) == 2);
      s.when(message(band_of(1, ++band_version)));
      for (int n = 0; n < 12; ++n) next_visit(s);
      CHECK(tier_now(s) == 1);
    }
  }

  TEST_CASE("a visit after the bound is counted as late: a new pack asks for more than was done") {
    inspection_stage s{clinic};
    admit(s, clinic, 1);
    s.advance(days{20});
    s.use_pack(strict);
    CHECK(next_visit(s) == 21);
    CHECK(s.state().late == 1);
    CHECK(next_visit(s) == 10);
    CHECK(s.state().late == 1);
  }

  TEST_CASE("a day with too little room visits all who are due, and says by how many it was too little") {
    inspection_stage s{clinic, {.pack = strict}};
    const auto who = neighbours(8);
    for (std::size_t n = 0; n < 5; ++n) admit(s, who[n], 1);
    s.advance(days{10});
    std::vector<std::int32_t> since;
    for (const auto& v : s.events<msg::visited>()) since.push_back(v->days_since());
    // Two a day: the first goes two days early so that all five fit.
    CHECK(since == std::vector<std::int32_t>{8, 9, 9, 10, 10});
    CHECK(s.state().beyond == 0);
    for (std::size_t n = 5; n < 8; ++n) {
      admit(s, who[n], 1);
      s.when(message(band_of(2, 1)).to(who[n]));
    }
    // Interval of a day: all three every day, with room for two.
    s.advance(days{1});
    CHECK(s.state().beyond == 1);
    CHECK(s.state().late == 0);
  }

  TEST_CASE("over sixty days every live institution is visited within the bound of its tier") {
    for (std::uint32_t seed = 1; seed <= 3; ++seed) {
      CAPTURE(seed);
      std::mt19937 random{seed};
      inspection_stage s{clinic};
      struct seen {
        bool live = false;
        std::int32_t since = 0;
        std::uint32_t status = 0, band = 0;
        std::uint32_t visits = 0;
      };
      const std::vector<account_id> who = neighbours(400);
      std::map<account_id, seen> model;
      constexpr std::int32_t bound[] = {30, 14, 7};
      std::size_t visits = 0;
      std::uint64_t beyond = 0;
      for (int day = 0; day < 60; ++day) {
        for (const account_id a : who) {
          seen& m = model[a];
          const auto dice = random() % 1000;
          // Most are admitted at the very start; then a few go offline, come back, rise and fall.
          if (!m.live && (day == 0 ? dice < 800 : dice < 100)) {
            admit(s, a, ++m.status);
            m.live = true;
            m.since = china_day(s.now());
          } else if (m.live && dice < 8) {
            suspend(s, a, ++m.status);
            m.live = false;
          } else if (dice >= 990) {
            s.when(message(band_of(static_cast<std::uint8_t>(random() % 3), ++m.band)).to(a));
          }
        }
        s.advance(days{1});
        const std::int32_t today = china_day(s.now());
        for (const auto& v : s.events<msg::visited>()) {
          seen& m = model[from_wire(v->institution())];
          REQUIRE(m.live);
          REQUIRE(v->day() == today);
          REQUIRE(v->days_since() == today - m.since);
          REQUIRE(v->visit() == ++m.visits);
          REQUIRE(v->late() == 0);
          m.since = today;
          ++visits;
        }
        const auto& rows = s.state().institutions;
        for (const auto& i : rows) {
          if (i.live == 0) continue;
          const std::int32_t age = today - i.since;
          // A tier that rose since gives one day more than its own interval leaves.
          const bool rose_today = i.visit_by != 0;
          REQUIRE(age <= bound[static_cast<int>(i.tier())] + (rose_today ? 30 : 0));
          REQUIRE((!rose_today || i.visit_by > today));
        }
        for (const auto& d : s.events<msg::day_planned>()) {
          REQUIRE(d->late() == 0);
          beyond += d->beyond();
          // Nobody is fetched early on a day that has no room.
          REQUIRE(d->visits() <= std::max(d->due(), 10U));
        }
        REQUIRE(s.live().next_timer() > s.now());
      }
      CHECK(visits > 400);
      CHECK(s.state().visits == visits);
      CHECK(s.state().late == 0);
      CHECK(s.state().beyond == beyond);
    }
  }

  TEST_CASE("a row is small") { static_assert(sizeof(institution) <= 48); }
}

}  // namespace zhili::inspection
