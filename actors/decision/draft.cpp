// SPDX-License-Identifier: Apache-2.0
#include "actors/decision/draft.hpp"

#include "protocols/types/limits.hpp"

namespace zhili::decision {

int weight(verdict v) {
  switch (v) {
    case verdict::none: return 0;
    case verdict::approve: return 1;
    case verdict::label: return 2;
    case verdict::demote: return 3;
    case verdict::escalate: return 4;
    case verdict::reject: return 5;
    case verdict::suspend: return 6;
  }
  return 0;
}

draft::draft(const partition::context& cx, subject_id subject, std::uint64_t ref, subject_kind kind, wire::cause cause)
    : findings_(cx.work->findings), facts_(cx.work->facts), counted_(cx.work->counted) {
  findings_.clear();
  facts_.clear();
  counted_.clear();
  head_.mutable_subject() = to_wire(subject);
  head_.mutate_ref(ref);
  head_.mutate_pack(cx.pack_tag);
  head_.mutate_event_time(cx.event_time.ms);
  head_.mutate_registry(cx.licensed == nullptr ? 0 : cx.licensed->version());
  head_.mutate_kind(kind);
  head_.mutate_verdict(zhili::verdict::approve);
  head_.mutate_cause(cause);
}

void draft::raise(zhili::verdict v) {
  if (weight(v) > weight(head_.verdict())) head_.mutate_verdict(v);
}

void draft::gate(wire::gate code, zhili::verdict v, std::uint8_t severity) {
  ++gates_;
  findings_.push_back({static_cast<std::uint16_t>(code), wire::finding_source::gate, severity, 0, 0, 0, 0});
  raise(v);
}

void draft::judged(const policy::judgement& j) {
  for (const policy::finding& f : j.findings) {
    if (findings_.size() == limits::findings_max) break;
    findings_.push_back({f.rule, wire::finding_source::rule, f.shadow ? std::uint8_t{0} : f.severity, f.field, 0,
                         f.begin, f.length});
  }
  for (const policy::tick& t : j.counted) {
    counted_.push_back({t.counter, t.key, t.value, t.bucket, t.width, t.distinct ? std::uint8_t{1} : std::uint8_t{0}, 0, 0, 0});
  }
  head_.mutate_points(head_.points() + j.points);
  raise(j.verdict);
}

void draft::person(zhili::verdict v, std::uint64_t reviewer, std::uint16_t reason) {
  findings_.push_back({reason, wire::finding_source::person, 3, 0, 0, 0, 0});
  head_.mutate_verdict(v);
  head_.mutate_decided_by(reviewer);
}

void draft::used(subject_id subject, std::uint16_t fact, std::uint32_t version) {
  facts_.push_back({to_wire(subject), version, fact, 0});
}

void draft::place(std::uint32_t row, std::uint32_t number, zhili::verdict before) {
  head_.mutate_row(row);
  head_.mutate_number(number);
  head_.mutate_before(before);
}

flatbuffers::Offset<wire::decided> draft::build(flatbuffers::FlatBufferBuilder& b) const {
  const auto findings = findings_.empty() ? 0 : b.CreateVectorOfStructs(findings_.data(), findings_.size());
  const auto facts = facts_.empty() ? 0 : b.CreateVectorOfStructs(facts_.data(), facts_.size());
  return wire::Createdecided(b, &head_, findings, facts);
}

}  // namespace zhili::decision
