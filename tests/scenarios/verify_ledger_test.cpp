// SPDX-License-Identifier: Apache-2.0
// The ledger reads logs of several partitions, which say when a thing happened and not which came first within one
// instant: its figures may not depend on that.
#include "actors/workflow_numbers.hpp"
#include "protocols/schema/takedown_generated.h"
#include "tests/scenarios/runs.hpp"

namespace zhili::scenarios {
namespace {

using namespace testing;

/// One command's batch with one event.
struct written_batch {
  partition_id of;
  std::vector<std::byte> bytes;

  written_batch(workflow_no workflow, instant at, type_no event, bytes_view body) : of{workflow, 0} {
    const wire::command_header head({}, at.ms, at.ms, {}, {}, 0, 0, 0, 0, wire::origin::submission);
    batch_writer out;
    out.add(entry_kind::command, 1, body_of(head), {});
    out.add(entry_kind::event, event, {}, body);
    const bytes_view sealed = out.seal(of, 1, 1, 1, 1, {});
    bytes.assign(sealed.begin(), sealed.end());
  }
};

written_batch decision(item_ref ref, verdict v, verdict before, instant at) {
  wire::decision_head head;
  head.mutate_ref(ref.packed());
  head.mutate_kind(ref.kind);
  head.mutate_verdict(v);
  head.mutate_before(before);
  flatbuffers::FlatBufferBuilder b;
  b.Finish(wire::Createdecided(b, &head));
  return {workflow_numbers::product, at, 1, body_of(b)};
}

written_batch order(item_ref ref, instant at) {
  namespace msg = wire::takedown;
  msg::measure_changed e;
  e.mutate_ref(ref.packed());
  e.mutate_state(msg::measure_state::ordered);
  return {workflow_numbers::takedown, at, static_cast<type_no>(msg::takedown_event::measure_changed), body_of(e)};
}

written_batch acknowledgement(instant at) {
  namespace msg = wire::takedown;
  const msg::acknowledged e;
  return {workflow_numbers::takedown, at, static_cast<type_no>(msg::takedown_event::acknowledged), body_of(e)};
}

kind_figures products_after(const model& world, std::initializer_list<const written_batch*> batches) {
  ledger books(world);
  for (const written_batch* b : batches) books.take(b->of, trusted_batch(b->bytes));
  return books.close(world.about().end).of(subject_kind::product);
}

item_ref unlawful_product(const model& world) {
  for (shard_no shard = 0; shard < shard_count; ++shard) {
    for (std::uint64_t n = 1; n < 500; ++n) {
      const item_ref ref{subject_kind::product, shard, variant::original, n};
      if (world.knows(ref) && world.truth_of(ref).wrong == wrong::text) return ref;
    }
  }
  FAIL("smoke has unlawful listings");
  return {};
}

TEST_SUITE_BEGIN("scenarios/verify");

TEST_CASE("an acknowledgement counts after the decisions of its instant, whichever is read first") {
  const scenario s = load("smoke");
  const model world(s, 1);
  const item_ref ref = unlawful_product(world);
  const auto after = [&](int minutes) { return s.begin + std::chrono::minutes{minutes}; };
  const auto passed = decision(ref, verdict::approve, verdict::none, after(10));
  const auto stopped = decision(ref, verdict::reject, verdict::approve, after(40));
  const auto ordered = order(ref, after(40));
  const auto spelled_anew = decision(ref.as(variant::respelled), verdict::approve, verdict::reject, after(60));
  const auto acknowledged = acknowledgement(after(60));

  const kind_figures one = products_after(world, {&passed, &stopped, &ordered, &spelled_anew, &acknowledged});
  const kind_figures other = products_after(world, {&passed, &ordered, &stopped, &acknowledged, &spelled_anew});
  CHECK(one.caught == 1);
  CHECK(one.missed == 1);
  CHECK(one.exposure_ms == std::chrono::milliseconds(std::chrono::minutes{50}).count());
  CHECK(other.missed == one.missed);
  CHECK(other.exposure_ms == one.exposure_ms);
}

TEST_CASE("an order that is acknowledged at the very end ends what it ordered") {
  const scenario s = load("smoke");
  const model world(s, 1);
  const item_ref ref = unlawful_product(world);
  const auto after = [&](int minutes) { return s.begin + std::chrono::minutes{minutes}; };
  const auto passed = decision(ref, verdict::approve, verdict::none, after(10));
  const auto stopped = decision(ref, verdict::reject, verdict::approve, after(40));
  const auto ordered = order(ref, after(40));
  const auto acknowledged = acknowledgement(after(45));
  CHECK(products_after(world, {&passed, &stopped, &ordered, &acknowledged}).exposure_ms == 35 * 60'000);
  CHECK(products_after(world, {&passed, &stopped, &ordered}).exposure_ms == (s.end - after(10)).count());
}

TEST_CASE("handles that the world never made have no truth and do no harm") {
  const scenario s = load("smoke");
  const model world(s, 1);
  const item_ref strange[] = {{subject_kind::product, 200, variant::original, 1},
                              {subject_kind::institution, 1, variant::original, 1u << 30},
                              {subject_kind::queue, 1, variant::original, 1},
                              {subject_kind::review, 1, static_cast<variant>(99), 1}};
  for (const item_ref ref : strange) {
    CHECK_FALSE(world.knows(ref));
    const auto passed = decision(ref, verdict::approve, verdict::none, s.begin);
    const kind_figures k = products_after(world, {&passed});
    CHECK(k.passed + k.missed == 0);
  }
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::scenarios
