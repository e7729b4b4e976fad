// SPDX-License-Identifier: Apache-2.0
// Parts under `let`, and what known facts leave of a condition.
#include "tests/policy/expressions.hpp"

namespace zhili::policy {
namespace {

TEST_SUITE_BEGIN("policy/expression");

TEST_CASE("a part under let is run when it is first asked for, and once") {
  slots f;
  f.set_int(product::slot::level, 2);
  const lets parts = {{"three", "[1, 2, 3].all(x, x > 0)"}, {"unread", "unknown_fact > 1"}};
  const auto steps = [&](std::string_view when) {
    const compiled c = build(when, listing, {parts[0]});
    REQUIRE(c.errors.empty());
    arena made{std::size_t{1} << 20};
    workspace work{made, steps_max};
    run(c.when, c.pool, {f, nullptr, {}, {}}, work);
    return steps_max - work.steps;
  };
  CHECK(steps("level > 5 && three") == 0);
  const auto once = steps("three");
  CHECK(once > 0);
  CHECK(steps("three && three && !(!three)") == once);
  // Inside of a loop too, whose own place in memory it does not touch.
  CHECK(eval("[1, 2].all(x, three && x < 3)", listing, f, {parts[0]}) == outcome::yes);
  CHECK(eval("[1, 2].exists_one(x, three && x == 2)", listing, f, {parts[0]}) == outcome::yes);
  // What nobody asks for is checked all the same, and costs nothing.
  CHECK(build("level > 1", listing, parts).errors == std::vector<std::string>{"unread+0: unknown field 'unknown_fact'"});
  CHECK(build("level > 1", listing, {parts[0]}).when.slots == build("level > 1", listing).when.slots);
}

TEST_CASE("where facts are given, what hangs on their absence falls away") {
  naming at = at_stage("content", {"ad"});
  const lets parts = {{"unknown", "!has(minors_audience)"}, {"spared", "unknown && hits(toxic) > 0"}};
  const auto given = [&](std::string_view when) {
    naming informed = at;
    informed.given = std::uint64_t{1} << content::slot::minors_audience;
    return build(when, informed, parts).when;
  };
  constexpr std::string_view rule = "hits(absolutes) > 0 && !spared";
  CHECK(build(rule, at, parts).when.categories == 3);
  CHECK(build(rule, at, parts).when.asks_for == std::uint64_t{1} << content::slot::minors_audience);
  CHECK(given(rule).categories == 1);
  CHECK(given(rule).needs == 1);
  CHECK(given("spared || hits(absolutes) > 0").categories == 1);
  CHECK(given("author_band > 0 || !unknown").slots == 0);
  // An error on the other side of a false one is false.
  CHECK(given("author_band > 0 && unknown").slots == 0);
  CHECK(given("author_band > 0 && !unknown").slots != 0);
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::policy
