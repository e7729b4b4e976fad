// SPDX-License-Identifier: Apache-2.0
// Joining what the log says with what is true: caught, missed, wrongful, marked; events, not heads.
#include "tests/scenarios/ledger_book.hpp"

namespace zhili::scenarios {
namespace {

using namespace testing;

TEST_SUITE_BEGIN("scenarios/ledger");

TEST_CASE("sorts decisions by verdict and truth") {
  struct row {
    subject_kind kind;
    wrong truth;
    verdict said;
    std::uint64_t kind_figures::*counted;
  };
  using enum verdict;
  const row rows[] = {
      {subject_kind::product, wrong::bait_price, reject, &kind_figures::caught},
      {subject_kind::product, wrong::hidden, approve, &kind_figures::missed},
      {subject_kind::product, wrong::hidden, label, &kind_figures::marked_unlawful},
      {subject_kind::product, wrong::none, reject, &kind_figures::wrongful},
      {subject_kind::product, wrong::none, approve, &kind_figures::passed},
      {subject_kind::product, wrong::none, demote, &kind_figures::marked_lawful},
      {subject_kind::product, wrong::hidden, escalate, &kind_figures::to_desk},
      {subject_kind::post, wrong::text, reject, &kind_figures::caught},
      {subject_kind::post, wrong::text, demote, &kind_figures::marked_unlawful},
      {subject_kind::ad, wrong::to_minors, reject, &kind_figures::caught},
      {subject_kind::diary, wrong::none, approve, &kind_figures::passed},
      // Demoted, a review counts in no ranking: that is stopping it.
      {subject_kind::review, wrong::no_order, demote, &kind_figures::caught},
      {subject_kind::review, wrong::none, demote, &kind_figures::wrongful},
      {subject_kind::review, wrong::ring, label, &kind_figures::marked_unlawful},
      {subject_kind::review, wrong::disguised, approve, &kind_figures::missed},
  };
  for (const row& r : rows) {
    CAPTURE(wire::EnumNamesubject_kind(r.kind));
    CAPTURE(name(r.truth));
    CAPTURE(wire::EnumNameverdict(r.said));
    book b;
    b.decide(b.find(r.kind, r.truth), b.begin() + hours{5}, {.verdict = r.said});
    const figures f = b.close(b.world().about().end);
    for (const auto counter : {&kind_figures::caught, &kind_figures::missed, &kind_figures::wrongful, &kind_figures::passed,
                               &kind_figures::marked_lawful, &kind_figures::marked_unlawful, &kind_figures::to_desk,
                               &kind_figures::by_index}) {
      CHECK(f.of(r.kind).*counter == (counter == r.counted ? 1u : 0u));
    }
  }
}

TEST_CASE("a licence that ends makes its holder unlawful from that moment") {
  book b;
  const item_ref lawful = b.lawful_institution();
  b.decide(lawful, b.begin() + hours{1}, {.verdict = verdict::suspend, .before = verdict::approve, .cause = wire::cause::desk});
  item_ref ends{};
  for (std::uint64_t n = 0; ends.kind == subject_kind::none; ++n) {
    REQUIRE(n < b.world().people().practitioners());
    const item_ref ref{subject_kind::practitioner, b.world().people().practitioner(n).shard, variant::original, n};
    if (b.world().valid_to(ref) < b.world().about().end && !b.world().truth_of(ref).unlawful()) ends = ref;
  }
  b.decide(ends, b.world().about().end, {.verdict = verdict::suspend, .before = verdict::approve, .cause = wire::cause::timer,
                                         .gate = wire::gate::registration_expired});
  const figures f = b.close(b.world().about().end + hours{1});
  CHECK(f.of(subject_kind::institution).wrongful == 1);
  CHECK(f.of(subject_kind::institution).caught == 0);
  CHECK(f.of(subject_kind::practitioner).wrongful == 0);
  CHECK(f.of(subject_kind::practitioner).caught == 1);
}

TEST_CASE("counts nothing of the opening, but what it left live") {
  book b;
  const item_ref missed = b.find(subject_kind::product, wrong::hidden);
  const item_ref down = b.find(subject_kind::product, wrong::none);
  b.decide(missed, b.begin() - hours{3}, {.verdict = verdict::approve});
  b.decide(down, b.begin() - hours{3}, {.verdict = verdict::reject});
  const figures f = b.close(b.begin() + hours{2});
  const kind_figures& k = f.of(subject_kind::product);
  CHECK(k.missed == 0);
  CHECK(k.wrongful == 0);
  CHECK(f.days.empty());
  CHECK(k.exposure_ms == duration{hours{2}}.count());
  CHECK(k.wrongful_ms == duration{hours{2}}.count());
}

TEST_CASE("counts events: a new submission that is stopped counts again, a second look at the same does not") {
  book b;
  const item_ref ref = b.find(subject_kind::product, wrong::text);
  using enum verdict;
  b.decide(ref, b.begin() + hours{1}, {.verdict = reject});
  b.decide(ref, b.begin() + hours{2}, {.verdict = reject, .before = reject, .cause = wire::cause::fact});
  b.decide(ref, b.begin() + hours{3}, {.verdict = reject, .before = reject, .cause = wire::cause::quality});
  b.decide(ref.as(variant::respelled), b.begin() + hours{4}, {.verdict = reject, .before = reject});
  const figures f = b.close(b.world().about().end);
  CHECK(f.of(subject_kind::product).caught == 2);
  CHECK(f.caught_by_wrong.at(static_cast<std::uint8_t>(wrong::text)) == 2);
}

TEST_CASE("misses an item once for as long as it stays live, and again when it comes back") {
  book b;
  const item_ref ref = b.find(subject_kind::post, wrong::text);
  using enum verdict;
  b.decide(ref, b.begin() + hours{1}, {.verdict = approve});
  b.decide(ref, b.begin() + hours{2}, {.verdict = approve, .before = approve, .cause = wire::cause::inspection});
  b.decide(ref, b.begin() + hours{3}, {.verdict = reject, .before = approve, .cause = wire::cause::desk});
  b.order(ref, 4, true, b.begin() + hours{3});
  b.acknowledge(4, b.begin() + hours{3} + minutes{5});
  b.decide(ref.as(variant::respelled), b.begin() + hours{9}, {.verdict = approve, .before = reject});
  const figures f = b.close(b.begin() + hours{10});
  const kind_figures& k = f.of(subject_kind::post);
  CHECK(k.missed == 2);
  CHECK(k.caught == 1);
  CHECK(k.exposure_ms == duration{hours{2} + minutes{5} + hours{1}}.count());
  CHECK(f.missed_by_wrong.at(static_cast<std::uint8_t>(wrong::text)) == 2);
}

TEST_CASE("an institution taken offline for its index is neither caught nor wronged") {
  book b;
  b.decide(b.lawful_institution(), b.begin() + hours{1},
           {.verdict = verdict::suspend, .before = verdict::approve, .cause = wire::cause::risk, .gate = wire::gate::index_high});
  const figures f = b.close(b.world().about().end);
  const kind_figures& k = f.of(subject_kind::institution);
  CHECK(k.by_index == 1);
  CHECK(k.caught == 0);
  CHECK(k.wrongful == 0);
  CHECK(k.wrongful_ms == 0);
}

TEST_CASE("sorts days by the calendar of China") {
  book b;
  using enum verdict;
  b.decide(b.find(subject_kind::product, wrong::bait_price, 0), b.begin(), {.verdict = reject});
  b.decide(b.find(subject_kind::product, wrong::bait_price, 1), b.begin() + hours{24} - duration{1}, {.verdict = reject});
  b.decide(b.find(subject_kind::product, wrong::bait_price, 2), b.begin() + hours{24}, {.verdict = reject});
  const figures f = b.close(b.world().about().end);
  const std::int32_t first = china_day(b.begin());
  const auto product = static_cast<std::size_t>(subject_kind::product);
  REQUIRE(f.days.size() == 2);
  CHECK(f.days.at(first).caught[product] == 2);
  CHECK(f.days.at(first + 1).caught[product] == 1);
}

TEST_CASE("follows appeals from filing to answer") {
  book b;
  b.appeal(1, b.begin() + hours{1});
  b.appeal(2, b.begin() + hours{1});
  b.appeal(3, b.begin() + hours{1});
  b.answer_appeal(1, verdict::approve, b.begin() + hours{5});
  b.answer_appeal(2, verdict::reject, b.begin() + hours{11});
  const figures f = b.close(b.world().about().end);
  CHECK(f.appeals_filed == 3);
  CHECK(f.appeals_reversed == 1);
  CHECK(f.appeals_upheld == 1);
  CHECK(f.appeal_times == std::vector<std::uint32_t>{4 * 3600, 10 * 3600});
}

TEST_CASE("measures how long a decision waited at the desk, and a task in its queue") {
  book b;
  const item_ref ref = b.find(subject_kind::product, wrong::none);
  b.decide(ref, b.begin() + hours{1}, {.verdict = verdict::escalate});
  b.open_task(wire::desk::purpose::submission, numbers::product, b.begin() + hours{1});
  b.open_task(wire::desk::purpose::appeal, numbers::takedown, b.begin() + hours{1});
  b.open_task(wire::desk::purpose::submission, numbers::content, b.begin() + hours{1});
  b.claim(0, b.begin() + hours{2});
  b.close_task(0, false, b.begin() + hours{2} + minutes{10});
  b.close_task(2, true, b.begin() + hours{3});
  b.decide(ref, b.begin() + hours{2} + minutes{11}, {.verdict = verdict::approve, .cause = wire::cause::desk});
  b.decide(b.find(subject_kind::product, wrong::none, 1), b.begin() + hours{2}, {.verdict = verdict::approve});
  const figures f = b.close(b.world().about().end);
  CHECK(f.tasks_opened == 3);
  CHECK(f.tasks_closed == 1);
  CHECK(f.desk_waits == std::vector<std::uint32_t>{70 * 60});
  CHECK(f.decision_times == std::vector<std::uint32_t>{71 * 60});
  CHECK(f.decided_at_once == 1);
  const std::int64_t hour = b.begin().ms / 3'600'000;
  CHECK(f.queues.at("product").at(hour + 1).opened == 1);
  CHECK(f.queues.at("product").at(hour + 2).closed == 1);
  CHECK(f.queues.at("product").at(hour + 2).handling_ms == duration{minutes{10}}.count());
  CHECK(f.queues.at("product").at(hour + 2).oldest_ms == duration{minutes{70}}.count());
  CHECK(f.queues.at("appeal").at(hour + 1).opened == 1);
  CHECK(f.queues.at("content").at(hour + 1).opened == 1);
}

TEST_CASE("measures how long the platform takes to carry out an order") {
  book b;
  const item_ref ref = b.find(subject_kind::product, wrong::hidden);
  b.order(ref, 7, true, b.begin() + hours{1});
  b.acknowledge(7, b.begin() + hours{1} + minutes{3});
  b.order(ref, 7, false, b.begin() + hours{2});
  b.acknowledge(7, b.begin() + hours{2} + minutes{9});
  const figures f = b.close(b.world().about().end);
  CHECK(f.orders == 2);
  CHECK(f.orders_acknowledged == 2);
  CHECK(f.takedown_times == std::vector<std::uint32_t>{180});
}

TEST_CASE("the figures of shards add up") {
  book a, b;
  using enum verdict;
  a.decide(a.find(subject_kind::product, wrong::bait_price), a.begin() + hours{1}, {.verdict = reject});
  a.open_task(wire::desk::purpose::submission, numbers::product, a.begin() + hours{1});
  a.close_task(0, false, a.begin() + hours{2});
  b.decide(b.find(subject_kind::product, wrong::bait_price), b.begin() + hours{1}, {.verdict = reject});
  b.decide(b.find(subject_kind::post, wrong::text), b.begin() + hours{1}, {.verdict = approve});
  b.open_task(wire::desk::purpose::submission, numbers::product, b.begin() + hours{1});
  b.close_task(0, false, b.begin() + hours{5});
  figures sum;
  sum.merge(a.close(a.begin() + hours{3}));
  sum.merge(b.close(b.begin() + hours{3}));
  sum.finish();
  CHECK(sum.of(subject_kind::product).caught == 2);
  CHECK(sum.of(subject_kind::post).missed == 1);
  CHECK(sum.of(subject_kind::post).exposure_ms == duration{hours{2}}.count());
  CHECK(sum.tasks_opened == 2);
  CHECK(sum.desk_waits == std::vector<std::uint32_t>{3600, 4 * 3600});
  CHECK(sum.days.at(china_day(a.begin())).caught[static_cast<std::size_t>(subject_kind::product)] == 2);
  CHECK(sum.queues.at("product").at(a.begin().ms / 3'600'000 + 1).opened == 2);
}

TEST_CASE("finds the value below which a share of the values lies") {
  CHECK(figures::percentile({}, 500) == 0);
  CHECK(figures::percentile({7}, 950) == 7);
  std::vector<std::uint32_t> hundred;
  for (std::uint32_t n = 1; n <= 100; ++n) hundred.push_back(n);
  CHECK(figures::percentile(hundred, 500) == 51);
  CHECK(figures::percentile(hundred, 950) == 96);
  CHECK(figures::percentile(hundred, 1000) == 100);
}

TEST_CASE("what is taken back while it waits is neither let through nor stopped") {
  book b;
  const item_ref ref = b.find(subject_kind::post, wrong::text);
  b.decide(ref, b.begin() + hours{1}, {.verdict = verdict::escalate});
  b.decide(ref, b.begin() + hours{2}, {.verdict = verdict::none, .before = verdict::none});
  const kind_figures k = b.close(b.begin() + hours{9}).of(subject_kind::post);
  CHECK(k.to_desk == 1);
  CHECK(k.missed + k.passed + k.caught == 0);
  CHECK(k.exposure_ms == 0);
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::scenarios
