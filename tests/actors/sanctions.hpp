// SPDX-License-Identifier: Apache-2.0
// Sanctions for takedown tests: a listing of a clinic, decided on by product.
#pragma once

#include "actors/takedown/workflow.hpp"
#include "tests/actors/papers.hpp"

namespace zhili::testkit {

namespace msg = wire::takedown;

inline const subject_id listing = subject(subject_kind::product, "listing");

struct sanction_stage : stage<takedown::workflow> {
  sanction_stage() : stage(clinic) {}
  const takedown::measure& measure(std::uint32_t row = 0) const { return state().measures[row]; }
};

/// Product decided against the listing, for one gate; `number`: its how-manieth decision.
inline input<msg::impose> impose(verdict v, std::uint32_t number = 1, std::uint64_t decided_by = 0,
                                 subject_id about = listing) {
  return message(build<msg::impose>([&](auto& b) {
    wire::decision_head head;
    head.mutable_subject() = to_wire(about);
    head.mutate_ref(7);
    head.mutate_pack(0xabc);
    head.mutate_decided_by(decided_by);
    head.mutate_row(3);
    head.mutate_number(number);
    head.mutate_kind(about.kind());
    head.mutate_verdict(v);
    const wire::finding why(16, wire::finding_source::gate, 4, 0, 0, 0, 0);
    const auto findings = b.CreateVectorOfStructs(&why, 1);
    return msg::Createimpose(b, &head, findings, workflow_numbers::product);
  }));
}

inline input<msg::acknowledge> acknowledge(std::uint32_t serial, subject_id effect) {
  return submission(build<msg::acknowledge>([&](auto& b) {
           const wire::id id = to_wire(effect);
           return msg::Createacknowledge(b, &id, serial);
         }))
      .about(listing);
}
inline input<msg::acknowledge> acknowledge(std::uint32_t serial) {
  return acknowledge(serial, takedown::effect_id(listing, serial));
}

inline input<msg::file_appeal> appeal(std::uint8_t ground = 1, subject_id about = listing) {
  return submission(build<msg::file_appeal>([&](auto& b) {
    const wire::id id = to_wire(about);
    return msg::Createfile_appeal(b, &id, ground);
  }));
}

}  // namespace zhili::testkit
