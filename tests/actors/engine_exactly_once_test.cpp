// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "tests/actors/toy.hpp"
#include "tests/testkit/given.hpp"

namespace zhili {
namespace {

using namespace testkit;
using namespace std::chrono_literals;
using partition::taken;

const account_id clinic = subject(subject_kind::institution, "clinic");

/// Another account of the clinic's shard.
account_id neighbour_of(account_id a) {
  for (int i = 0;; ++i) {
    const account_id b = subject(subject_kind::institution, "clinic-" + std::to_string(i));
    if (shard_of(b) == shard_of(a)) return b;
  }
}

toy::put put(std::uint64_t amount, std::uint32_t wants = 0) { return {amount, {}, 0, wants, 0}; }
input<toy::put> submits(std::uint64_t amount, std::uint32_t wants = 0) { return submission(flat<toy::put>{put(amount, wants)}); }
input<toy::hand> hands(std::uint64_t amount) { return message(toy::hand{amount}); }

struct toy_stage : stage<toy::workflow> {
  toy_stage() : stage(clinic) {}
  std::uint64_t total() const { return state().rows.size() == 0 ? 0 : state().rows[0].total; }
};

}  // namespace

TEST_SUITE("actors/engine/exactly_once") {
  TEST_CASE("a submission that comes again is answered with the first outcome and changes nothing") {
    toy_stage s;
    s.when(submits(5).key(1)).then(verdict::approve);
    const auto batches = s.batches().size();
    s.when(submits(5).key(1)).then(verdict::approve);
    CHECK(s.receipt().taken == taken::again);
    CHECK(s.batches().size() == batches);
    CHECK(s.total() == 5);
    s.when(submits(5).key(2)).then(verdict::approve);
    CHECK(s.total() == 10);
  }

  TEST_CASE("what waited or was refused is answered again as such") {
    toy_stage s;
    s.when(submits(5, toy::wait).key(1)).then(wire::status::waiting);
    s.when(submits(7, toy::refuse_late).key(2)).then(wire::refusal::out_of_range, 4);
    s.when(submits(5, toy::wait).key(1)).then(wire::status::waiting);
    CHECK(s.receipt().taken == taken::again);
    s.when(submits(7, toy::refuse_late).key(2)).then(wire::refusal::out_of_range, 4);
    CHECK(s.receipt().taken == taken::again);
    CHECK(s.live().books()[1].submitted == 2);
  }

  TEST_CASE("a key with another body, subject or account is refused, and the first outcome stands") {
    toy_stage s;
    s.when(submits(5).key(1)).then(verdict::approve);
    s.when(submits(6).key(1)).then(wire::refusal::key_reused);
    s.when(submits(5).key(1).about(subject(subject_kind::product, "p"))).then(wire::refusal::key_reused);
    s.when(submits(5).key(1).to(neighbour_of(clinic)).about(clinic)).then(wire::refusal::key_reused);
    s.when(submits(5).key(1)).then(verdict::approve);
    CHECK(s.receipt().taken == taken::again);
    CHECK(s.total() == 5);
  }

  TEST_CASE("a key that comes back with an impossible time does not push the first outcome out") {
    toy_stage s;
    s.when(submits(5).key(1)).then(verdict::approve);
    s.advance(25h);
    s.when(submits(6).key(1).claimed_at(s.now() - 31 * 24h)).then(wire::refusal::key_reused);
    s.when(submits(5).key(1)).then(verdict::approve);
    CHECK(s.receipt().taken == taken::again);
  }

  TEST_CASE("a key is answered for seven days at least, and is new again some time later") {
    toy_stage s;
    s.when(submits(5).key(1)).then(verdict::approve);
    std::uint64_t other_keys = 1;
    for (int day = 1; day <= 7; ++day) {
      s.advance(24h);
      s.when(submits(1).key(++other_keys));
      s.when(submits(5).key(1));
      REQUIRE(s.receipt().taken == taken::again);
    }
    for (int day = 8; day <= 20; ++day) {
      s.advance(24h);
      s.when(submits(1).key(++other_keys));
    }
    s.when(submits(5).key(1)).then(verdict::approve);
    CHECK(s.receipt().taken == taken::yes);
    CHECK(s.total() == 5 + 20 + 5);
  }

  TEST_CASE("a submission without a key is refused: nothing could tell it from its repeat") {
    toy_stage s;
    partition::command c;
    c.head = wire::command_header(to_wire(clinic), 0, s.now().ms, {}, to_wire(clinic), 0, 0, 0, 0, wire::origin::submission);
    c.type = 1;
    const toy::put body = put(5);
    c.body = body_of(body);
    for (int i = 0; i < 2; ++i) {
      const auto r = s.live().take(c, s.now());
      CHECK(r.taken == taken::yes);
      CHECK(r.outcome.why == wire::refusal::malformed);
    }
    s.commit();
    CHECK(s.total() == 0);
  }

  TEST_CASE("of a stream only the next message is taken") {
    toy_stage s;
    s.when(hands(1).numbered(1));
    CHECK(s.receipt().taken == taken::yes);
    s.when(hands(100).numbered(3));
    CHECK(s.receipt().taken == taken::gap);
    s.when(hands(100).numbered(1));
    CHECK(s.receipt().taken == taken::again);
    s.when(hands(2).numbered(2));
    CHECK(s.receipt().taken == taken::yes);
    s.when(hands(4).numbered(3));
    CHECK(s.receipt().taken == taken::yes);
    CHECK(s.total() == 7);
    CHECK(s.batches().size() == 4);  // the pack and three messages
  }

  TEST_CASE("a stream that was never heard begins at 1: an overtaking message does not hide the first") {
    toy_stage s;
    s.when(hands(100).numbered(2));
    CHECK(s.receipt().taken == taken::gap);
    s.when(hands(1).numbered(1));
    CHECK(s.receipt().taken == taken::yes);
    s.when(hands(2).numbered(2));
    CHECK(s.receipt().taken == taken::yes);
    CHECK(s.total() == 3);
  }

  TEST_CASE("a message that is refused is taken: its refusal is logged and counted, and it never comes again") {
    toy_stage s;
    s.when(hands(0).numbered(1)).then(wire::refusal::out_of_range, 1);
    CHECK(s.live().refused_inside() == 1);
    CHECK(s.restored()->refused_inside() == 1);
    s.when(hands(0).numbered(1));
    CHECK(s.receipt().taken == taken::again);
    s.when(hands(3).numbered(2));
    CHECK(s.total() == 3);
  }

  TEST_CASE("each source, and each of its two streams, has a mark of its own") {
    toy_stage s;
    const partition_id a{28, 1}, b{28, 2}, c{27, 1};
    s.when(hands(1).from(a, stream_kind::across_accounts).numbered(1));
    s.when(hands(2).from(a, stream_kind::inside_account).numbered(1));
    s.when(hands(4).from(b, stream_kind::across_accounts).numbered(1));
    s.when(hands(8).from(c, stream_kind::across_accounts).numbered(1));
    CHECK(s.total() == 15);
    CHECK(s.live().mark({a, stream_kind::across_accounts}).number == 1);
    CHECK(s.live().mark({a, stream_kind::inside_account}).number == 1);
    CHECK(s.live().mark({b, stream_kind::inside_account}).number == 0);
    CHECK(s.live().mark({{26, 0}, stream_kind::inside_account}).number == 0);
  }

  TEST_CASE("a new life of the source goes on from where it was restored; its old life is heard no more") {
    toy_stage s;
    for (std::uint64_t n = 1; n <= 3; ++n) s.when(hands(1).numbered(n, 1));
    // Restored from a copy that knew of one message only; its first is still on its way.
    s.when(hands(100).numbered(3, 2));
    CHECK(s.receipt().taken == taken::gap);
    s.when(hands(10).numbered(2, 2).marked(partition::life_begins));
    CHECK(s.receipt().taken == taken::yes);
    CHECK(s.live().gaps().forgotten == 2);
    s.when(hands(100).numbered(4, 1));
    CHECK(s.receipt().taken == taken::again);
    s.when(hands(20).numbered(3, 2));
    CHECK(s.receipt().taken == taken::yes);
    CHECK(s.total() == 33);
    CHECK(s.live().mark({{30, 0}, stream_kind::across_accounts}).incarnation == 2);
    CHECK(s.restored()->gaps().forgotten == 2);
  }

  TEST_CASE("what a copy knew and was not heard yet comes before the new life's first") {
    toy_stage s;
    s.when(hands(1).numbered(1, 1));
    s.when(hands(100).numbered(4, 2).marked(partition::life_begins));
    CHECK(s.receipt().taken == taken::gap);
    s.when(hands(2).numbered(2, 1));
    s.when(hands(3).numbered(3, 1));
    s.when(hands(4).numbered(4, 2).marked(partition::life_begins));
    CHECK(s.receipt().taken == taken::yes);
    CHECK(s.total() == 10);
    CHECK(s.live().gaps().forgotten == 0);
  }

  TEST_CASE("where the source has nothing before a message, what is missing is counted and the stream goes on") {
    toy_stage s;
    s.when(hands(1).numbered(1));
    s.when(hands(100).numbered(5));
    CHECK(s.receipt().taken == taken::gap);
    s.when(hands(5).numbered(5).marked(partition::none_before));
    CHECK(s.receipt().taken == taken::yes);
    s.when(hands(100).numbered(5).marked(partition::none_before));
    CHECK(s.receipt().taken == taken::again);
    s.when(hands(6).numbered(6));
    CHECK(s.total() == 12);
    CHECK(s.live().gaps().missed == 3);
    CHECK(s.restored()->gaps().missed == 3);
  }
}

}  // namespace zhili
