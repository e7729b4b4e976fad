// SPDX-License-Identifier: Apache-2.0
// What a pack counts lies in the log and in the state, like all that a decision rests on.
#include "tests/actors/content_form.hpp"

namespace zhili::content::tests {

namespace {

const stage_options counting{.pack = "tests/actors/content_pack_counting"};

}  // namespace

TEST_SUITE("actors/content") {
  TEST_CASE("a submission that a counter counts is noted before its decision, under its author") {
    content_stage s{author, counting};
    s.when(published({})).then(verdict::approve);
    s.then_events(some<msg::content_recorded>{}, some<wire::count_noted>{}, some<wire::decided>{});
    const auto noted = s.events<wire::count_noted>();
    CHECK(noted[0]->key() == author.lo);
    CHECK(noted[0]->value() == 1);
    CHECK(noted[0]->distinct() == 0);
    CHECK_FALSE(s.state().counts.empty());
  }

  TEST_CASE("the third diary of a day is labelled, a repeat and another author's do not count") {
    content_stage s{author, counting};
    s.when(published({}, diary("1"))).then(verdict::approve);
    s.when(published({}, diary("1"))).then(verdict::approve);
    CHECK(s.events<wire::count_noted>().empty());
    s.when(published({}, diary("2"))).then(verdict::approve);
    s.when(published({}, diary("other")).to(user_in(shard_of(author), 3))).then(verdict::approve);
    s.when(published({}, diary("3"))).then(verdict::label);
    CHECK(rules_found(s, counting.pack) == std::vector<std::string>{"t-often"});
  }

  TEST_CASE("when the window has passed the count begins anew") {
    content_stage s{author, counting};
    for (const char* name : {"1", "2"}) s.when(published({}, diary(name))).then(verdict::approve);
    s.advance(hours{25});
    s.when(published({}, diary("3"))).then(verdict::approve);
  }

  TEST_CASE("a second look counts nothing") {
    content_stage s{author, counting};
    for (const char* name : {"1", "2"}) s.when(published({}, diary(name))).then(verdict::approve);
    s.when(published({}, diary("3"))).then(verdict::label);
    s.when(message(band(1)));
    CHECK(s.events<wire::count_noted>().empty());
  }

  TEST_CASE("what was counted is rebuilt from the log, and re-executed from it") {
    content_stage s{author, counting};
    for (const char* name : {"1", "2"}) s.when(published({}, diary(name))).then(verdict::approve);
    CHECK(s.verified());
    partition::hasher live, again;
    s.state().digest(live);
    static_cast<const state*>(s.restored()->state().state())->digest(again);
    CHECK(live.digest() == again.digest());
    partition::hasher counts_alone;
    s.state().counts.digest(counts_alone);
    CHECK(counts_alone.digest() != digest128{});
  }
}

}  // namespace zhili::content::tests
