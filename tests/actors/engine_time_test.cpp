// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "tests/actors/toy.hpp"
#include "tests/testkit/given.hpp"

namespace zhili {
namespace {

using namespace testkit;
using namespace std::chrono_literals;

const account_id clinic = subject(subject_kind::institution, "clinic");

input<toy::put> submits(std::uint64_t amount, duration ring_after = -1ms) {
  const bool timer = ring_after >= 0ms;
  return submission(flat<toy::put>{{amount, {}, ring_after.count(), timer ? toy::set_timer : std::uint32_t{0}, 0}});
}

std::vector<std::uint64_t> order(const toy::state& s) {
  std::vector<std::uint64_t> amounts;
  for (const toy::rung& r : s.rings) amounts.push_back(r.amount);
  return amounts;
}

}  // namespace

TEST_SUITE("actors/engine/time") {
  TEST_CASE("a stamp never goes back, whatever the clock does") {
    stage<toy::workflow> s{clinic};
    const instant noon = s.now();
    partition::command c;
    const toy::hand body{1};
    c.type = 2;
    c.body = body_of(body);
    const auto at = [&](std::uint64_t number, instant clock) {
      c.head = wire::command_header(to_wire(clinic), 0, clock.ms, {}, {}, number, 1, 0x1e00, 1, wire::origin::message);
      s.live().take(c, clock);
      return s.live().last_stamp();
    };
    CHECK(at(1, noon + 10s) == noon + 10s);
    CHECK(at(2, noon - 1h) == noon + 10s);
    CHECK(at(3, noon + 9s) == noon + 10s);
    CHECK(at(4, noon + 11s) == noon + 11s);
    s.commit();
    const auto batch = batch_reader::open(s.batches().back());
    REQUIRE(batch.has_value());
    instant last{0};
    for (const entry_view e : *batch) {
      if (e.kind != entry_kind::command) continue;
      const instant stamp{e.header<wire::command_header>().at()};
      CHECK(stamp >= last);
      last = stamp;
    }
  }

  TEST_CASE("the submitter's time may lie five minutes ahead and thirty days back, not a millisecond more") {
    const struct {
      duration from_now;
      wire::refusal why;
    } cases[] = {{0ms, {}},
                 {5min, {}},
                 {5min + 1ms, wire::refusal::event_time_too_late},
                 {-30 * 24h, {}},
                 {-30 * 24h - 1ms, wire::refusal::event_time_too_early},
                 {24h * 365 * 100, wire::refusal::event_time_too_late},
                 {-24h * 365 * 40, wire::refusal::event_time_too_early}};
    for (const auto& c : cases) {
      CAPTURE(c.from_now.count());
      stage<toy::workflow> s{clinic};
      s.when(submits(1).claimed_at(s.now() + c.from_now));
      if (c.why == wire::refusal::none) {
        s.then(verdict::approve);
      } else {
        s.then(c.why);
        CHECK(s.live().books()[0].refused == 1);
      }
    }
  }

  TEST_CASE("a claim of any size is refused without overflow") {
    stage<toy::workflow> s{clinic};
    s.when(submits(1).claimed_at(never)).then(wire::refusal::event_time_too_late);
    s.when(submits(1).claimed_at({std::numeric_limits<std::int64_t>::min()})).then(wire::refusal::event_time_too_early);
  }

  TEST_CASE("timers fire when they are due, the soonest first, and as they were set where they are due together") {
    stage<toy::workflow> s{clinic};
    s.when(submits(1, 3h));
    s.when(submits(2, 1h));
    s.when(submits(3, 2h));
    s.when(submits(4, 1h));
    s.when(submits(5, 0ms));
    s.when(submits(6, 2h));
    CHECK(s.live().next_timer() == s.now());
    s.advance(59min);
    CHECK(order(s.state()) == std::vector<std::uint64_t>{5});
    const instant begin = s.now() - 59min;
    s.advance(4h);
    CHECK(order(s.state()) == std::vector<std::uint64_t>{5, 2, 4, 3, 6, 1});
    CHECK(s.state().rings[1].at == (begin + 1h).ms);
    CHECK(s.live().next_timer() == never);
  }

  TEST_CASE("a timer that is fired late is stamped with the clock, not with its hour") {
    stage<toy::workflow> s{clinic};
    s.when(submits(1, 1h));
    s.live().fire(s.now() + 5h);
    CHECK(s.state().rings[0].at == (s.now() + 5h).ms);
    CHECK(s.live().last_stamp() == s.now() + 5h);
    s.commit();
  }

  TEST_CASE("a restored partition has the same timers and fires them in the same order") {
    stage<toy::workflow> s{clinic};
    for (std::uint64_t n = 0; n < 40; ++n) s.when(submits(n, std::chrono::minutes{n * 7 % 13}));
    s.advance(5min);
    auto again = s.restored();
    REQUIRE(again->next_timer() == s.live().next_timer());
    const instant end = s.now() + 1h;
    while (again->next_timer() <= end) again->fire(end);
    while (s.live().next_timer() <= end) s.live().fire(end);
    CHECK(order(*static_cast<const toy::state*>(again->state().state())) == order(s.state()));
    CHECK(again->state_digest() == s.live().state_digest());
    s.commit();
  }
}

}  // namespace zhili
