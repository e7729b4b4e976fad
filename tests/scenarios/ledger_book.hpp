// SPDX-License-Identifier: Apache-2.0
// A ledger over a small world, and the batches that a test writes into it by hand.
#pragma once

#include "actors/decision/draft.hpp"
#include "actors/workflow_numbers.hpp"
#include "protocols/schema/desk_generated.h"
#include "protocols/schema/onboarding_generated.h"
#include "protocols/schema/takedown_generated.h"
#include "tests/scenarios/runs.hpp"

namespace zhili::scenarios::testing {

namespace numbers = workflow_numbers;
using std::chrono::hours;
using std::chrono::minutes;

struct said {
  zhili::verdict verdict{};
  zhili::verdict before{};
  wire::cause cause = wire::cause::submission;
  wire::gate gate{};
};

class book {
 public:
  book() : world_(scaled(load("smoke"), 1), 3), ledger_(world_) {}

  const model& world() const { return world_; }
  instant begin() const { return world_.about().begin; }

  /// The n-th item of a kind whose original is wrong so; `changes`: a lawful one whose page is changed later.
  item_ref find(subject_kind kind, wrong w, int n = 0, bool changes = false) const {
    for (std::uint64_t at = 0;; ++at) {
      const auto shard = static_cast<shard_no>(at % shard_count);
      const bool listed = kind == subject_kind::product || kind == subject_kind::ad;
      if (listed && world_.rate(kind, shard, china_day(begin()), 12) == 0) continue;
      const item_ref ref{kind, shard, variant::original, at / shard_count + 1};
      const truth t = world_.truth_of(ref);
      if (t.wrong == w && !t.lookalike && (t.changes_after.count() > 0) == changes && n-- == 0) return ref;
    }
  }
  /// The n-th institution of the first day whose papers hold to the end.
  item_ref lawful_institution(int n = 0) const {
    for (std::uint64_t at = 0;; ++at) {
      const institution_profile& i = world_.people().institution(at);
      const item_ref ref{subject_kind::institution, i.shard, variant::original, at};
      if (world_.valid_to(ref) > world_.about().end && i.revoked_at == 0 && n-- == 0) return ref;
    }
  }

  /// The first institution whose licence is revoked during the run.
  item_ref revoked_institution() const {
    for (std::uint64_t at = 0;; ++at) {
      const institution_profile& i = world_.people().institution(at);
      if (i.revoked_at != 0 && i.revoked_at < i.licence_to) return {subject_kind::institution, i.shard, variant::original, at};
    }
  }

  void decide(item_ref ref, instant at, const said& s) {
    wire::decision_head head;
    head.mutable_subject() = to_wire(world_.subject_of(ref));
    head.mutate_ref(ref.packed());
    head.mutate_kind(ref.kind);
    head.mutate_verdict(s.verdict);
    head.mutate_before(s.before);
    head.mutate_cause(s.cause);
    head.mutate_number(s.before == verdict::none ? 1 : 2);
    std::vector<wire::finding> findings;
    if (s.gate != wire::gate{}) {
      findings.push_back({static_cast<std::uint16_t>(s.gate), wire::finding_source::gate, 4, 0, 0, 0, 0});
    }
    const workflow_no of = ref.kind == subject_kind::product ? numbers::product
                           : ref.kind == subject_kind::institution || ref.kind == subject_kind::practitioner
                               ? numbers::onboarding
                               : numbers::content;
    add_decided(of, head, findings, at);
  }
  /// Takedown answers an appeal against the measure in this row.
  void answer_appeal(std::uint32_t row, verdict v, instant at) {
    wire::decision_head head;
    head.mutate_kind(subject_kind::appeal);
    head.mutate_row(row);
    head.mutate_verdict(v);
    head.mutate_before(verdict::reject);
    head.mutate_cause(wire::cause::appeal);
    add_decided(numbers::takedown, head, {}, at);
  }
  /// Takedown orders the platform to take an item down, or to let it up again.
  void order(item_ref ref, std::uint32_t row, bool impose, instant at) {
    namespace msg = wire::takedown;
    const auto state = impose ? msg::measure_state::ordered : msg::measure_state::lifting;
    add(numbers::takedown, type_of<msg::takedown_eventTraits<msg::measure_changed>>(),
        msg::measure_changed(to_wire(world_.subject_of(ref)), {}, ref.packed(), 0, 1, row, 0, 1, verdict::reject, state,
                             numbers::product, ref.kind, 0),
        at);
  }
  void acknowledge(std::uint32_t row, instant at) {
    namespace msg = wire::takedown;
    add(numbers::takedown, type_of<msg::takedown_eventTraits<msg::acknowledged>>(), msg::acknowledged(at.ms, row, 1), at);
  }
  void appeal(std::uint32_t row, instant at) {
    namespace msg = wire::takedown;
    add(numbers::takedown, type_of<msg::takedown_eventTraits<msg::appealed>>(), msg::appealed(row, 1), at);
  }
  void stand(account_id institution, wire::standing s, instant at) {
    namespace msg = wire::onboarding;
    add(numbers::onboarding, type_of<msg::onboarding_eventTraits<msg::standing_changed>>(),
        msg::standing_changed(to_wire(institution), 0, 1, s, 0, 0, 0), at);
  }
  /// Tasks number themselves in the order in which they are opened.
  void open_task(wire::desk::purpose what, workflow_no asked_by, instant at) {
    wire::desk::task_opened e;
    e.mutate_purpose(what);
    e.mutate_workflow(asked_by);
    e.mutate_opened(at.ms);
    add(numbers::desk, type_of<wire::desk::desk_eventTraits<wire::desk::task_opened>>(), e, at);
  }
  void claim(std::uint32_t row, instant at) {
    wire::desk::task_claimed e;
    e.mutate_row(row);
    add(numbers::desk, type_of<wire::desk::desk_eventTraits<wire::desk::task_claimed>>(), e, at);
  }
  void close_task(std::uint32_t row, bool withdrawn, instant at) {
    wire::desk::task_closed e;
    e.mutate_row(row);
    e.mutate_withdrawn(withdrawn ? 1 : 0);
    add(numbers::desk, type_of<wire::desk::desk_eventTraits<wire::desk::task_closed>>(), e, at);
  }

  figures close(instant end) {
    figures f = ledger_.close(end);
    f.finish();
    return f;
  }

 private:
  template <class Traits>
  static constexpr type_no type_of() {
    return static_cast<type_no>(Traits::enum_value);
  }
  void add_decided(workflow_no of, const wire::decision_head& head, const std::vector<wire::finding>& findings, instant at) {
    flatbuffers::FlatBufferBuilder b;
    const auto found = findings.empty() ? 0 : b.CreateVectorOfStructs(findings);
    b.Finish(wire::Createdecided(b, &head, found));
    add_event(of, 1, body_of(b), at);
  }
  template <class Event>
  void add(workflow_no of, type_no type, const Event& e, instant at) {
    add_event(of, type, body_of(e), at);
  }
  void add_event(workflow_no of, type_no type, bytes_view body, instant at) {
    const partition_id where{of, 0};
    batch_writer batch;
    const wire::command_header head({}, at.ms, at.ms, {}, {}, 0, 0, 0, 0, wire::origin::message);
    batch.add(entry_kind::command, 1, body_of(head), {});
    batch.add(entry_kind::event, type, {}, body);
    const bytes_view bytes = batch.seal(where, ++seq_, 1, 1, 1, {});
    const auto read = batch_reader::open(bytes);
    REQUIRE(read.has_value());
    ledger_.take(where, *read);
  }

  model world_;
  ledger ledger_;
  std::uint64_t seq_ = 0;
};

}  // namespace zhili::scenarios::testing
