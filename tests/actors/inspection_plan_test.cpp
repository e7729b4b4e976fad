// SPDX-License-Identifier: Apache-2.0
#include "actors/inspection/plan.hpp"

#include <random>

#include <doctest/doctest.h>

namespace zhili::inspection {
namespace {

std::vector<place> with_bounds(const std::vector<std::int32_t>& bounds) {
  std::vector<place> all;
  for (const std::int32_t b : bounds) all.push_back({b, 0, static_cast<row_no>(all.size())});
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace

TEST_SUITE("actors/inspection") {
  TEST_CASE("a day takes what is due, and brings forward what later days have no room for") {
    struct row {
      const char* name;
      std::vector<std::int32_t> bounds;
      std::int32_t capacity;
      std::size_t visits, due;
    };
    const row rows[] = {
        {"nobody is live", {}, 3, 0, 0},
        {"nobody is due: nobody is visited", {110, 120, 130}, 3, 0, 0},
        {"one is due", {100, 110}, 3, 1, 1},
        {"late ones are due too", {90, 95, 101}, 3, 2, 2},
        {"tomorrow holds one more than it has room for", {101, 101, 101, 101}, 3, 1, 0},
        {"the day after tomorrow holds too many for two days", {102, 102, 102, 102, 102, 102, 102}, 3, 1, 0},
        {"no more than today has room for", {101, 101, 101, 101, 101, 101, 101, 101}, 3, 3, 0},
        {"who is due is visited beyond that", {100, 100, 100, 100, 100}, 3, 5, 5},
    };
    for (const row& r : rows) {
      CAPTURE(r.name);
      const day_plan p = plan(with_bounds(r.bounds), 100, r.capacity);
      CHECK(p.visits == r.visits);
      CHECK(p.due == r.due);
    }
  }

  TEST_CASE("the stalest stand first: by bound, then by the last visit") {
    const intervals by{{30, 14, 7}};
    state s;
    const auto add = [&](const char* name, std::int32_t since, std::uint8_t band, std::uint8_t live) {
      institution i;
      i.id = make_subject_id("", subject_kind::institution, name);
      i.since = since;
      i.band = band;
      i.live = live;
      s.institutions.add(i);
    };
    add("trusted", 100, 0, 1);
    add("doubtful", 120, 2, 1);
    add("ordinary", 113, 1, 1);
    add("offline", 1, 2, 0);
    std::vector<row_no> order;
    for (const place& p : schedule(s, by)) order.push_back(p.row);
    CHECK(order == std::vector<row_no>{2, 1, 0});
    // Same bound: who was seen longer ago.
    s.institutions[1].since = 123;
    order.clear();
    for (const place& p : schedule(s, by)) order.push_back(p.row);
    CHECK(order == std::vector<row_no>{2, 0, 1});
  }

  TEST_CASE("a higher tier makes the visit due tomorrow at the latest, and never later than it was") {
    const intervals by{{30, 14, 7}};
    institution i;
    i.since = 100;
    CHECK(visit_by_after(i, tier::c, 105, by) == 0);
    CHECK(visit_by_after(i, tier::c, 106, by) == 0);
    CHECK(visit_by_after(i, tier::c, 107, by) == 108);
    CHECK(visit_by_after(i, tier::c, 120, by) == 121);
    i.band = 1;
    CHECK(visit_by_after(i, tier::c, 114, by) == 114);
    CHECK(visit_by_after(i, tier::c, 116, by) == 114);
  }

  TEST_CASE("while the room suffices on the whole, no bound passes and no day takes more than it has room for") {
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
      CAPTURE(seed);
      std::mt19937 random{seed};
      constexpr std::int32_t interval = 20;
      constexpr std::int32_t capacity = 10;
      // 160 visits in 20 days of 10; all were admitted within three days.
      std::vector<place> all;
      for (row_no n = 0; n < 160; ++n) {
        const auto since = static_cast<std::int32_t>(100 + random() % 3);
        all.push_back({since + interval, since, n});
      }
      for (std::int32_t today = 103; today < 300; ++today) {
        std::sort(all.begin(), all.end());
        const day_plan p = plan(all, today, capacity);
        REQUIRE(p.visits <= static_cast<std::size_t>(capacity));
        for (std::size_t n = 0; n < p.visits; ++n) {
          REQUIRE(all[n].bound >= today);
          all[n] = {today + interval, today, all[n].row};
        }
      }
    }
  }
}

}  // namespace zhili::inspection
