// SPDX-License-Identifier: Apache-2.0
// submitted = decided + waiting + refused, by kind; what people made stands in the books once.
#include "actors/workflow_numbers.hpp"
#include "tests/scenarios/staged.hpp"
#include "tests/scenarios/witness.hpp"

namespace zhili::scenarios {
namespace {

using namespace testing;
namespace numbers = workflow_numbers;

TEST_SUITE_BEGIN("scenarios/kernel");

TEST_CASE("every submission that people make stands in the books once, under its kind") {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    CAPTURE(seed);
    const witnessed w = witness(scaled(load("smoke"), 0.5), settings_for(seed));
    hold(unaccounted(w.past, w.outcome.totals, w.outcome.submissions));
    const auto& books = w.outcome.totals.books;
    for (const subject_kind k : submitted_kinds) {
      CAPTURE(wire::EnumNamesubject_kind(k));
      const auto n = static_cast<std::size_t>(k);
      CHECK(books[n].submitted == w.outcome.submissions_by_kind[n]);
      CHECK(books[n].decided > 0);
    }
    // Tasks are decided at the desk, measures acknowledged, appeals filed: by people too.
    CHECK(books[static_cast<std::size_t>(subject_kind::task)].decided > 0);
    CHECK(books[static_cast<std::size_t>(subject_kind::measure)].decided > 0);
  }
}

TEST_CASE("sees what is not accounted for") {
  const witnessed w = witness(small_world(), settings_for(4));
  run_totals t = w.outcome.totals;
  history past = w.past;
  const std::uint64_t made = w.outcome.submissions;
  REQUIRE(unaccounted(past, t, made).empty());
  auto& books = t.books[static_cast<std::size_t>(subject_kind::product)];
  SUBCASE("a submission that nobody decided, let wait or refused") {
    books.submitted += 1;
    CHECK(unaccounted(past, t, made).size() == 2);  // the kind does not balance, and one more than was made
  }
  SUBCASE("a decision that was never submitted") {
    books.decided += 1;
    CHECK(unaccounted(past, t, made).size() == 1);
  }
  SUBCASE("a settlement of what did not wait") {
    books.decided += 1;
    books.waiting -= 1;
    CHECK(unaccounted(past, t, made).size() >= 1);
  }
  SUBCASE("a submission that was dropped before the books") { CHECK(unaccounted(past, t, made + 1).size() == 2); }
  SUBCASE("a submission that was taken twice") {
    past.keys.back() = past.keys.front();
    CHECK(unaccounted(past, t, made).size() == 1);
  }
  SUBCASE("a message that was lost") {
    t.unacknowledged = 1;
    CHECK(unaccounted(past, t, made).size() == 1);
  }
}

TEST_CASE("an engine whose log settles what did not wait says so") {
  const partition_id desk{numbers::desk, 0};
  const wire::command_header command({}, 1, 1, {}, {}, 1, 1, partition_id{numbers::quality, 0}.packed(), 1,
                                     wire::origin::message);
  for (const std::uint8_t settles : {std::uint8_t{0}, std::uint8_t{1}}) {
    CAPTURE(settles);
    wire::decision_head head;
    head.mutate_kind(subject_kind::task);
    head.mutate_verdict(verdict::approve);
    head.mutate_settles(settles);
    flatbuffers::FlatBufferBuilder b;
    b.Finish(wire::Createdecided(b, &head));
    batch_writer batch;
    const std::size_t from = batch.position();
    batch.add(entry_kind::command, 1, body_of(command), {});
    batch.add(entry_kind::event, 1, {}, body_of(b));
    const digest128 link = chain({}, batch.since(from));
    const auto read = batch_reader::open(batch.seal(desk, 1, 1, 1, 1, link));
    REQUIRE(read.has_value());
    partition::engine e(desk, *partition::find_workflow(numbers::desk), {}, 1);
    const status restored = e.restore(*read);
    REQUIRE_MESSAGE(restored.has_value(), restored.error().detail);
    CHECK(e.check().empty() == (settles == 0));
  }
}

TEST_CASE("a run whose books do not balance fails, and names the partition") {
  // A world that hands one submission to a workflow that this program does not have.
  class stranger final : public shard_world {
   public:
    explicit stranger(agents& people) : people_(people) {}
    instant next() override { return people_.next(); }
    const submission* take() override {
      const submission* s = people_.take();
      if (s == nullptr) return nullptr;
      now_ = *s;
      now_.workflow = 15;
      return &now_;
    }
    void answered(const submission&, const partition::outcome&, bool) override {}
    void committed(const partition::engine&, const batch_reader&) override {}
    void meet(std::span<partition::engine* const> engines) override { people_.meet(engines); }
    storage::content_store& texts() override { return people_.texts(); }

   private:
    agents& people_;
    submission now_;
  };
  staged stage(small_world(), 1, [](agents& people) { return std::make_unique<stranger>(people); });
  kernel k(stage.settings, stage);
  const auto totals = k.run();
  REQUIRE_FALSE(totals.has_value());
  CHECK(totals.error().code == errc::corrupt);
  CHECK(totals.error().detail.find("workflow 15") != std::string::npos);
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::scenarios
