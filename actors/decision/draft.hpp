// SPDX-License-Identifier: Apache-2.0
// One decision in the making: gates, the pack and people add findings, the weightiest verdict wins, and it becomes the
// `decided` event that every workflow shares.
#pragma once

#include "actors/partition/sink.hpp"

namespace zhili::decision {

/// Weight of a verdict: suspend > reject > escalate > demote > label > approve > none.
int weight(verdict v);

/// Label, demote, reject or suspend: somebody is worse off, is told why and may appeal.
constexpr bool adverse(verdict v) {
  return v == verdict::label || v == verdict::demote || v == verdict::reject || v == verdict::suspend;
}

class draft {
 public:
  /// REQUIRES: one draft at a time in a thread: it fills the thread's bench.
  draft(const partition::context& cx, subject_id subject, std::uint64_t ref, subject_kind kind, wire::cause cause);

  /// A check that no pack can switch off. severity 1 to 5.
  void gate(wire::gate code, verdict v, std::uint8_t severity = 4);
  /// Adds what the pack found and its verdict.
  void judged(const policy::judgement& j);
  /// A person decided: the verdict is theirs, whatever the findings say.
  void person(verdict v, std::uint64_t reviewer, std::uint16_t reason);
  /// A copy of another workflow's fact was used.
  void used(subject_id subject, std::uint16_t fact, std::uint32_t version);
  void settles(std::uint8_t submissions) { head_.mutate_settles(submissions); }
  void place(std::uint32_t row, std::uint32_t number, verdict before);

  zhili::verdict verdict() const { return head_.verdict(); }
  subject_id subject() const { return from_wire(head_.subject()); }
  bool has_gate() const { return gates_ > 0; }

  /// What the case adds to the pack's counters, and the decision.
  template <class Workflow>
  void emit(partition::decide_sink& out) {
    if constexpr (position_in<wire::count_noted>(typename Workflow::events{}) != 0) {
      for (const wire::count_noted& c : counted_) out.emit<Workflow>(c);
    }
    out.emit<Workflow, wire::decided>(build(out.builder()));
  }

 private:
  flatbuffers::Offset<wire::decided> build(flatbuffers::FlatBufferBuilder& b) const;
  void raise(zhili::verdict v);

  wire::decision_head head_;
  std::vector<wire::finding>& findings_;
  std::vector<wire::fact_version>& facts_;
  std::vector<wire::count_noted>& counted_;
  int gates_ = 0;
};

}  // namespace zhili::decision
