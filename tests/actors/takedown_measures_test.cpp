// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "actors/takedown/workflow.hpp"
#include "tests/actors/sanctions.hpp"

namespace zhili {
namespace {

using namespace testkit;
using namespace std::chrono_literals;
using takedown::effect_id;
using takedown::measure_state;

}  // namespace

TEST_SUITE("actors/takedown/measures") {
  TEST_CASE("a sanction is ordered with its reasons, and in force only when the platform says so") {
    sanction_stage s;
    s.when(impose(verdict::reject));
    CHECK(s.measure().state == measure_state::ordered);
    CHECK(s.measure().in_force_since == 0);
    REQUIRE(s.effects().size() == 1);
    CHECK(s.effects()[0].effect == effect_id(listing, 1));
    CHECK(s.effects()[0].account == clinic);
    const auto& order = s.effects()[0].as<msg::order_issued>();
    CHECK(order.imposed());
    CHECK(order.verdict() == verdict::reject);
    CHECK(order.ref() == 7);
    CHECK(order.pack() == 0xabc);
    REQUIRE(order.findings()->size() == 1);
    CHECK(order.findings()->Get(0)->code() == 16);

    s.advance(1min);
    s.when(acknowledge(1)).then(wire::status::decided);
    CHECK(s.measure().state == measure_state::in_force);
    CHECK(s.measure().in_force_since == s.now().ms);
    CHECK(s.state().reasons.empty());
  }

  TEST_CASE("an order is sent again until it is acknowledged, as the same order with the same reasons") {
    sanction_stage s;
    s.when(impose(verdict::reject));
    const auto first = s.effects();
    for (int n = 0; n < 3; ++n) {
      s.advance(10min);
      REQUIRE(s.effects().size() == 1);
      CHECK(s.effects()[0].effect == first[0].effect);
      CHECK(s.effects()[0].body == first[0].body);
    }
    // A new pack numbers its rules anew; the reasons keep to theirs.
    s.use_pack("tests/actors/desk_pack");
    s.advance(10min);
    REQUIRE(s.effects().size() == 1);
    CHECK(s.effects()[0].as<msg::order_issued>().pack() == 0xabc);
    s.when(acknowledge(1));
    s.advance(24h);
    CHECK(s.effects().empty());
    CHECK(s.live().next_timer() == never);
  }

  TEST_CASE("acknowledged twice is acknowledged once") {
    sanction_stage s;
    s.when(impose(verdict::reject));
    s.when(acknowledge(1));
    const auto since = s.measure().in_force_since;
    s.advance(1h);
    s.when(acknowledge(1)).then(wire::status::decided).then_nothing();
    CHECK(s.measure().in_force_since == since);
  }

  TEST_CASE("refuses an acknowledgement of no order of this subject, naming the field") {
    sanction_stage s;
    s.when(acknowledge(1)).then(wire::refusal::unknown_subject);
    s.when(impose(verdict::reject));
    s.when(acknowledge(0)).then(wire::refusal::out_of_range, 2);
    s.when(acknowledge(2)).then(wire::refusal::out_of_range, 2);
    s.when(acknowledge(1, effect_id(listing, 2))).then(wire::refusal::out_of_range, 1);
    s.when(submission(build<msg::acknowledge>([](auto& b) { return msg::Createacknowledge(b, nullptr, 1); })).about(listing))
        .then(wire::refusal::malformed, 1);
    CHECK(s.measure().state == measure_state::ordered);
  }

  TEST_CASE("only the account that was ordered acknowledges") {
    sanction_stage s;
    s.when(impose(verdict::reject));
    account_id other;
    for (int i = 0; !other || shard_of(other) != shard_of(clinic); ++i) other = subject(subject_kind::user, std::to_string(i));
    s.when(acknowledge(1).to(other).about(listing)).then(wire::refusal::not_yours);
  }

  TEST_CASE("lifting is an order too: lifted is what the platform says is lifted") {
    sanction_stage s;
    s.when(impose(verdict::reject));
    s.when(acknowledge(1));
    s.when(message(msg::lift(to_wire(listing), 3, 2)));
    CHECK(s.measure().state == measure_state::lifting);
    REQUIRE(s.effects().size() == 1);
    CHECK(s.effects()[0].effect == effect_id(listing, 2));
    CHECK_FALSE(s.effects()[0].as<msg::order_issued>().imposed());
    s.advance(10min);
    REQUIRE(s.effects().size() == 1);
    CHECK(s.effects()[0].effect == effect_id(listing, 2));
    s.when(acknowledge(2));
    CHECK(s.measure().state == measure_state::lifted);
    CHECK(s.measure().in_force_since == 0);
    s.when(message(msg::lift(to_wire(listing), 3, 2))).then_nothing();
    s.when(message(msg::lift(to_wire(clinic), 3, 2))).then_nothing();
  }

  TEST_CASE("an acknowledgement of an order that another has overtaken changes no state") {
    sanction_stage s;
    s.when(impose(verdict::label, 1));
    s.when(impose(verdict::reject, 2));
    CHECK(s.effects()[0].effect == effect_id(listing, 2));
    s.when(acknowledge(1)).then(wire::status::decided);
    CHECK(s.measure().state == measure_state::ordered);
    s.when(acknowledge(2));
    CHECK(s.measure().state == measure_state::in_force);
    CHECK(s.measure().verdict == verdict::reject);
    // The overtaken order is not sent again.
    s.advance(1h);
    CHECK(s.effects().empty());
  }

  TEST_CASE("a heavier sanction in the place of one in force is in force from its own acknowledgement on") {
    sanction_stage s;
    s.when(impose(verdict::label, 1));
    s.when(acknowledge(1));
    s.when(impose(verdict::reject, 2));
    CHECK(s.measure().state == measure_state::ordered);
    CHECK(s.measure().in_force_since == 0);
  }

  TEST_CASE("a label or demotion ends with its term and the workflow that decided is told; a rejection does not") {
    for (const verdict v : {verdict::label, verdict::demote, verdict::reject, verdict::suspend}) {
      CAPTURE(static_cast<int>(v));
      const bool ends = v == verdict::label || v == verdict::demote;
      sanction_stage s;
      s.when(impose(v));
      s.when(acknowledge(1));
      s.advance(days{180} - 1ms);
      CHECK(s.measure().state == measure_state::in_force);
      s.advance(1ms);
      CHECK(s.measure().state == (ends ? measure_state::lifting : measure_state::in_force));
      const auto told = s.sent<wire::reversal>();
      REQUIRE(told.size() == (ends ? 1 : 0));
      if (!ends) continue;
      CHECK(s.sent()[0].to.workflow == workflow_numbers::product);
      CHECK(told[0]->by() == 0);
      CHECK(told[0]->row() == 3);
      CHECK(told[0]->number() == 1);
    }
  }

  TEST_CASE("the term of a sanction that another has overtaken ends nothing") {
    sanction_stage s;
    s.when(impose(verdict::label, 1));
    s.advance(days{100});
    s.when(impose(verdict::demote, 2));
    s.when(acknowledge(2));
    s.advance(days{90});
    CHECK(s.measure().state == measure_state::in_force);
    s.advance(days{90});
    CHECK(s.measure().state == measure_state::lifting);
  }

  TEST_CASE("a sanction without a head is refused, not followed") {
    sanction_stage s;
    s.when(message(build<msg::impose>([](auto& b) { return msg::Createimpose(b); }))).then(wire::refusal::malformed, 1);
    CHECK(s.live().refused_inside() == 1);
  }
}

}  // namespace zhili
