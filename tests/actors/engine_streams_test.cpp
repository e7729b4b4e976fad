// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "actors/onboarding/workflow.hpp"
#include "tests/actors/toy.hpp"
#include "tests/testkit/given.hpp"

namespace zhili {
namespace {

using namespace testkit;
using partition::stream_key;

const account_id clinic = subject(subject_kind::institution, "clinic");
const account_id other = subject(subject_kind::institution, "other");

input<toy::put> submits(std::uint64_t amount, std::uint32_t wants) {
  return submission(flat<toy::put>{{amount, other, 0, wants, 0}});
}

std::vector<std::uint64_t> waiting_in(const partition::engine& e, stream_key to) {
  std::vector<std::uint64_t> amounts;
  e.each_unacknowledged(to, [&](const partition::message_view& m) { amounts.push_back(view_body<toy::hand>(m.body).amount); });
  return amounts;
}

const stream_key inside{{toy::neighbour, shard_of(clinic)}, stream_kind::inside_account};
const stream_key across{{toy::neighbour, shard_of(other)}, stream_kind::across_accounts};

}  // namespace

TEST_SUITE("actors/engine/streams") {
  TEST_CASE("a message inside the account and one to another go in streams of their own, each numbered from 1") {
    stage<toy::workflow> s{clinic};
    s.when(submits(7, toy::send_inside | toy::send_across));
    REQUIRE(s.sent().size() == 2);
    CHECK(s.sent()[0].to == inside.partition);
    CHECK(s.sent()[0].stream == stream_kind::inside_account);
    CHECK(s.sent()[0].account == clinic);
    CHECK(s.sent()[0].number == 1);
    CHECK(s.sent()[1].to == across.partition);
    CHECK(s.sent()[1].stream == stream_kind::across_accounts);
    CHECK(s.sent()[1].account == other);
    CHECK(s.sent()[1].number == 1);
    s.when(submits(8, toy::send_across));
    CHECK(s.sent()[0].number == 2);
    CHECK(waiting_in(s.live(), inside) == std::vector<std::uint64_t>{7});
    CHECK(waiting_in(s.live(), across) == std::vector<std::uint64_t>{7, 8});
  }

  TEST_CASE("an account that happens to live in the same shard is still another account") {
    account_id same_shard;
    for (int i = 0; !same_shard || shard_of(same_shard) != shard_of(clinic); ++i) {
      same_shard = subject(subject_kind::user, std::to_string(i));
    }
    stage<toy::workflow> s{clinic};
    s.when(submission(flat<toy::put>{{1, same_shard, 0, toy::send_across, 0}}));
    CHECK(s.sent()[0].to == inside.partition);
    CHECK(s.sent()[0].stream == stream_kind::across_accounts);
  }

  TEST_CASE("under a control command each account speaks for itself") {
    stage<toy::workflow> s{clinic};
    account_id second;
    for (int i = 0; !second || shard_of(second) != shard_of(clinic); ++i) second = subject(subject_kind::user, std::to_string(i));
    s.when(submits(1, 0));
    s.when(submission(flat<toy::put>{{1, {}, 0, 0, 0}}).to(second));
    s.use_registry({});
    REQUIRE(s.sent().size() == 2);
    for (const sent_message& m : s.sent()) CHECK(m.stream == stream_kind::inside_account);
    CHECK(s.sent()[0].account == clinic);
    CHECK(s.sent()[1].account == second);
  }

  TEST_CASE("what is acknowledged is forgotten, once, up to its number and no further") {
    stage<toy::workflow> s{clinic};
    for (std::uint64_t n = 1; n <= 5; ++n) s.when(submits(n, toy::send_across));
    s.live().acknowledged(across, 2);
    CHECK(waiting_in(s.live(), across) == std::vector<std::uint64_t>{3, 4, 5});
    s.live().acknowledged(across, 1);
    CHECK(waiting_in(s.live(), across) == std::vector<std::uint64_t>{3, 4, 5});
    s.live().acknowledged(across, 999);
    CHECK(waiting_in(s.live(), across).empty());
    s.when(submits(6, toy::send_across));
    CHECK(s.sent()[0].number == 6);
    CHECK(waiting_in(s.live(), across) == std::vector<std::uint64_t>{6});
    s.live().acknowledged(inside, 3);  // nothing was ever sent there
    CHECK(s.live().unacknowledged_streams() == std::vector{across});
  }

  TEST_CASE("acknowledgements are logged with the next batch; without one a restored partition sends again") {
    stage<toy::workflow> s{clinic};
    for (std::uint64_t n = 1; n <= 3; ++n) s.when(submits(n, toy::send_across));
    s.live().acknowledged(across, 2);
    CHECK(waiting_in(*s.restored(), across) == std::vector<std::uint64_t>{1, 2, 3});
    s.when(submits(4, 0));
    CHECK(waiting_in(*s.restored(), across) == std::vector<std::uint64_t>{3});
    const auto batch = batch_reader::open(s.batches().back());
    int acked = 0;
    for (const entry_view e : *batch) acked += e.kind == entry_kind::acked ? 1 : 0;
    CHECK(acked == 1);
  }

  TEST_CASE("messages survive in a restored partition with number, account and body") {
    stage<toy::workflow> s{clinic};
    for (std::uint64_t n = 1; n <= 3; ++n) s.when(submits(n * 11, toy::send_across | toy::send_inside));
    const auto again = s.restored();
    CHECK(waiting_in(*again, across) == std::vector<std::uint64_t>{11, 22, 33});
    CHECK(waiting_in(*again, inside) == std::vector<std::uint64_t>{11, 22, 33});
    again->each_unacknowledged(across, [](const partition::message_view& m) { CHECK(from_wire(m.head.account()) == other); });
    s.live().acknowledged(across, 3);
    s.when(submits(44, toy::send_across));
    CHECK(s.sent()[0].number == 4);
  }

  TEST_CASE("an effect carries its id and the event's own bytes") {
    stage<toy::workflow> s{clinic};
    s.when(submits(9, toy::ask_effect));
    REQUIRE(s.effects().size() == 1);
    CHECK(s.effects()[0].account == clinic);
    CHECK(s.effects()[0].effect == derive_id(subject_kind::measure, clinic, 0, 9));
    CHECK(s.effects()[0].as<toy::noted>().amount == 9);
  }

  TEST_CASE("a published fact goes to every workflow that subscribes to it, and to no other") {
    const type_no fact = shared_type<wire::institution_status>();
    std::vector<workflow_no> subscribers;
    for (const auto* w : partition::workflows()) {
      for (const type_no f : w->subscribes) {
        if (f == fact) subscribers.push_back(w->number);
      }
    }
    const auto known = partition::subscribers_of(fact);
    CHECK(std::vector<workflow_no>(known.begin(), known.end()) == subscribers);
    CHECK_FALSE(subscribers.empty());
    CHECK(partition::subscribers_of(shared_type<wire::page_requested>()).empty());
  }
}

}  // namespace zhili
