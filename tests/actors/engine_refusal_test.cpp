// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "actors/desk/workflow.hpp"
#include "actors/onboarding/workflow.hpp"
#include "tests/actors/toy.hpp"
#include "tests/testkit/given.hpp"

namespace zhili {
namespace {

using namespace testkit;

const account_id clinic = subject(subject_kind::institution, "clinic");

input<toy::put> submits(std::uint32_t wants) { return submission(flat<toy::put>{{5, {}, 0, wants, 0}}); }

partition::command raw(wire::origin origin, type_no type, bytes_view body, instant now) {
  partition::command c;
  c.head = wire::command_header(to_wire(clinic), 0, now.ms, {1, 1}, to_wire(clinic), 1, 1, 0x1e00, 1, origin);
  c.type = type;
  c.body = body;
  return c;
}

}  // namespace

TEST_SUITE("actors/engine/refusal") {
  TEST_CASE("a refusal leaves the state as it was, whatever decide had emitted before it") {
    stage<toy::workflow> s{clinic};
    s.when(submits(0)).then(verdict::approve);
    const auto rows = s.state().rows[0].total;
    s.when(submits(toy::refuse_late | toy::send_across | toy::set_timer | toy::ask_effect)).then(wire::refusal::out_of_range, 4);
    CHECK(s.state().rows[0].total == rows);
    CHECK(s.live().next_timer() == never);
    CHECK(s.live().unacknowledged_streams().empty());
  }

  TEST_CASE("a refusal is counted by kind, and stands in the log with its reason and field") {
    stage<toy::workflow> s{clinic};
    s.when(submits(toy::refuse_late));
    s.when(submits(toy::refuse_late));
    s.when(submits(0));
    const auto& books = s.live().books()[static_cast<std::size_t>(subject_kind::institution)];
    CHECK(books == partition::account_books{3, 1, 0, 2});
    const auto batch = batch_reader::open(s.batches()[1]);
    REQUIRE(batch.has_value());
    bool found = false;
    for (const entry_view e : *batch) {
      if (e.kind != entry_kind::outcome) continue;
      found = true;
      CHECK(e.header<wire::outcome>().why() == wire::refusal::out_of_range);
      CHECK(e.header<wire::outcome>().field() == 4);
    }
    CHECK(found);
  }

  TEST_CASE("waiting becomes decided when the deciding event settles it") {
    stage<toy::workflow> s{clinic};
    const auto books = [&] { return s.live().books()[static_cast<std::size_t>(subject_kind::institution)]; };
    s.when(submits(toy::wait));
    s.when(submits(toy::wait));
    CHECK(books() == partition::account_books{2, 0, 2, 0});
    s.when(submits(toy::settle_all));
    CHECK(books() == partition::account_books{3, 3, 0, 0});
    CHECK(s.books_balance().empty());
  }

  TEST_CASE("a body that is not of its type is refused as malformed, an unknown number as such") {
    stage<onboarding::workflow> s{clinic};
    const std::uint64_t junk[2] = {~0ull, 3};
    auto r = s.live().take(raw(wire::origin::submission, 1, std::as_bytes(std::span{junk}), s.now()), s.now());
    CHECK(r.outcome.why == wire::refusal::malformed);
    r = s.live().take(raw(wire::origin::message, 99, {}, s.now()), s.now());
    CHECK(r.outcome.why == wire::refusal::unknown_type);
    CHECK(r.taken == partition::taken::yes);
    s.commit();
    CHECK(s.state().institutions.size() == 0);
  }

  TEST_CASE("nobody outside speaks as a timer, as another partition or as the control") {
    stage<onboarding::workflow> s{clinic};
    const wire::onboarding::credential_ends timer(1'000'000, 1);
    const wire::desk_answer answer({1, 1}, to_wire(clinic), 5, 0, verdict::approve, 0, 0);
    const wire::pack_changed pack(1, 2, 3, 4);
    const struct {
      type_no type;
      bytes_view body;
    } cases[] = {{3, body_of(timer)},
                 {shared_type<wire::desk_answer>(), body_of(answer)},
                 {shared_type<wire::pack_changed>(), body_of(pack)},
                 {0, {}}};
    std::uint64_t key = 10;
    for (const auto& c : cases) {
      CAPTURE(c.type);
      auto in = raw(wire::origin::submission, c.type, c.body, s.now());
      in.head.mutable_key() = wire::id(key++, 1);
      CHECK(s.live().take(in, s.now()).outcome.why == wire::refusal::unknown_type);
    }
    s.commit();
  }

  TEST_CASE("a submission for an account of another shard is refused") {
    stage<toy::workflow> s{clinic};
    int refused = 0;
    for (int i = 0; i < 10; ++i) {
      const account_id other = subject(subject_kind::institution, "other-" + std::to_string(i));
      if (shard_of(other) == shard_of(clinic)) continue;
      ++refused;
      s.when(submission(flat<toy::put>{{5, {}, 0, 0, 0}}).to(other)).then(wire::refusal::wrong_account);
    }
    CHECK(refused > 5);
    CHECK(s.state().rows.size() == 0);
  }

  TEST_CASE("before the first pack nothing is decided") {
    stage<toy::workflow> s{clinic, {.pack = ""}};
    s.when(submits(0)).then(wire::refusal::not_in_this_state);
    s.use_pack("tests/testkit/packs/plain");
    s.when(submits(0)).then(verdict::approve);
  }

  TEST_CASE("a control command that a workflow has no use for is no refusal") {
    stage<desk::workflow> s{subject(subject_kind::queue, "onboarding")};
    s.use_registry({});
    CHECK(s.outcome().status == wire::status::decided);
    CHECK(s.live().refused_inside() == 0);
  }

  TEST_CASE("books that do not add up are found") {
    // A decision that settles what nobody submitted.
    stage<toy::workflow> s{clinic};
    CHECK(s.books_balance().empty());
    stage<toy::workflow> broken{clinic};
    broken.given(toy::noted{clinic, {}, 1, 0, toy::wait, 0});
    CHECK(broken.books_balance().find("the books say 0 wait, the rows say 1") != std::string::npos);
  }
}

}  // namespace zhili
