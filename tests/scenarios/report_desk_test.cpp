// SPDX-License-Identifier: Apache-2.0
// How the report counts the desk's load: who is on duty, what waits, what a shift decided; and the bins of its times.
#include <doctest/doctest.h>

#include "scenarios/report/data.hpp"
#include "scenarios/report/desk_load.hpp"

namespace zhili::scenarios {
namespace {

TEST_SUITE_BEGIN("scenarios/report/desk");

instant at(const char* text) { return *parse_instant(text); }
constexpr std::int64_t hour_ms = 3'600'000;

/// Friday 16 July to Sunday 18 July 2021.
scenario weekend(std::vector<reviewer_group> groups) {
  scenario s;
  s.begin = at("2021-07-16");
  s.end = at("2021-07-19");
  s.reviewers = std::move(groups);
  return s;
}

reviewer_group group(const char* queue, std::uint32_t count, int from, int to, bool weekends) {
  reviewer_group g;
  g.queue = queue;
  g.count = count;
  g.from_hour = from;
  g.to_hour = to;
  g.weekends = weekends;
  return g;
}

TEST_CASE("a shift may run past midnight and stay at home at weekends") {
  const reviewer_group late = group("content", 2, 18, 26, false);
  CHECK(on_duty(late, at("2021-07-16T18:00:00")));
  CHECK(on_duty(late, at("2021-07-17T01:00:00")));  // Saturday, but Friday's shift
  CHECK_FALSE(on_duty(late, at("2021-07-17T02:00:00")));
  CHECK_FALSE(on_duty(late, at("2021-07-17T18:00:00")));
  CHECK_FALSE(on_duty(late, at("2021-07-16T17:00:00")));
  CHECK(on_duty(group("content", 2, 18, 26, true), at("2021-07-17T18:00:00")));
}

TEST_CASE("what waits at every hour follows from what waits at the end") {
  const scenario s = weekend({group("content", 3, 9, 18, true)});
  figures f;
  const std::int64_t first = s.begin.ms / hour_ms;
  f.queues["content"][first + 8] = {.opened = 5, .closed = 0, .withdrawn = 0, .handling_ms = 0, .oldest_ms = 0};
  f.queues["content"][first + 9] = {.opened = 1, .closed = 3, .withdrawn = 1, .handling_ms = 3 * 600'000, .oldest_ms = hour_ms};
  f.rests["content"] = {2, 70 * hour_ms};
  const auto queues = queue_loads(s, f);
  REQUIRE(queues.size() == 1);
  const queue_load& q = queues[0];
  REQUIRE(q.hours.size() == 72);
  CHECK(q.hours[7].waiting == 0);
  CHECK(q.hours[8].waiting == 5);
  CHECK(q.hours[9].waiting == 2);
  CHECK(q.hours[71].waiting == 2);
  CHECK(q.hours[8].people == 0);
  CHECK(q.hours[9].people == 3);
  CHECK(q.hours[18].people == 0);
  CHECK(q.sum().people == 3 * 9 * 3);
  CHECK(q.handling_mean_h() == doctest::Approx(1.0 / 6));
}

TEST_CASE("shifts that overlap share by heads, and what is finished after work is the last shift's") {
  const scenario s = weekend({group("content", 1, 8, 16, true), group("content", 3, 12, 20, true), group("appeal", 2, 9, 18, false)});
  figures f;
  const std::int64_t first = s.begin.ms / hour_ms;
  const auto closed = [](std::uint32_t n) { return queue_hour{.opened = n, .closed = n, .withdrawn = 0, .handling_ms = n * 360'000u, .oldest_ms = hour_ms}; };
  f.queues["content"][first + 8] = closed(4);    // the first shift alone
  f.queues["content"][first + 13] = closed(8);   // both
  f.queues["content"][first + 21] = closed(10);  // nobody: the second went home last
  const auto shifts = shift_loads(s, queue_loads(s, f));
  REQUIRE(shifts.size() == 3);
  CHECK(shifts[0].closed == doctest::Approx(4 + 2));
  CHECK(shifts[1].closed == doctest::Approx(6 + 10));
  CHECK(shifts[1].spent_h == doctest::Approx(1.6));
  CHECK(shifts[0].days == 3);
  CHECK(shifts[0].staffed_h == doctest::Approx(24));
  CHECK(shifts[2].days == 1);
  CHECK(shifts[2].staffed_h == doctest::Approx(18));
  CHECK(shifts[2].closed == 0);
}

TEST_CASE("every time falls in one bin, an edge in the bin above") {
  const auto bins = histogram({0, 59, 60, 61, 299, 300, 3599, 3600, 604'799, 604'800, 9'000'000});
  CHECK(bins == std::array<std::uint64_t, 10>{2, 3, 1, 1, 1, 0, 0, 0, 1, 2});
  CHECK(histogram({}) == std::array<std::uint64_t, 10>{});
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::scenarios
