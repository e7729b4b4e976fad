// SPDX-License-Identifier: Apache-2.0
// What the tests of product share: a clinic, its doctor, and listings with everything in order.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "actors/decision/follow_up.hpp"
#include "actors/product/workflow.hpp"
#include "tests/testkit/given.hpp"

namespace zhili::product::tests {

using namespace testkit;
using std::chrono::hours;
using std::chrono::minutes;
using wire::gate;
using wire::refusal;
using wire::onboarding::department;
using wire::onboarding::scope;
using gates_found = std::vector<gate>;
using product_stage = stage<workflow>;

inline const std::string pack = "tests/actors/product_pack";
inline const account_id clinic = subject(subject_kind::institution, "clinic");
inline const account_id doctor = subject(subject_kind::practitioner, "doctor");
inline const subject_id eyelids = subject(subject_kind::product, "eyelids");
inline constexpr instant far_off{4'102'444'800'000};

/// Another institution whose listings lie in the same partition.
inline account_id neighbour(int which = 0) {
  for (int n = 0;; ++n) {
    const account_id other = subject(subject_kind::institution, "neighbour " + std::to_string(n));
    if (shard_of(other) == shard_of(clinic) && which-- == 0) return other;
  }
}

struct licence_form {
  std::uint32_t version = 1;
  wire::standing standing = wire::standing::admitted;
  std::uint8_t level_max = 1;
  std::uint32_t departments = static_cast<std::uint32_t>(department::aesthetic_surgery);
  account_id institution = clinic;
};
inline wire::institution_status status_of(const licence_form& f) {
  return wire::institution_status(
      to_wire(f.institution), far_off.ms, f.departments, f.version, f.standing, f.level_max, 0, 0);
}

struct certificate_form {
  std::uint32_t version = 1;
  wire::standing standing = wire::standing::admitted;
  account_id registered_at = clinic;
  std::uint32_t scopes = static_cast<std::uint32_t>(scope::surgery);
  std::uint8_t lead = 0;
  instant valid_to = far_off;
  account_id practitioner = doctor;
};
inline wire::practitioner_credentials credentials_of(const certificate_form& f) {
  return wire::practitioner_credentials(
      to_wire(f.practitioner), to_wire(f.registered_at), f.valid_to.ms, f.scopes, f.version, f.standing,
      f.lead, 0, 0);
}

/// Double eyelids: surgery of level 1, no drug or device, 6,000 yuan by the catalogue.
struct listing_form {
  std::uint64_t ref = 77;
  std::uint16_t item = 5;
  account_id practitioner{};
  std::string number{};
  std::int64_t price_fen = 600'000;
  std::int64_t list_price_fen = 0;
  std::string text = "重睑成形术单次，含面诊与复查。";
  bool minors = false;
  bool consultation = false;
};

inline flat<msg::submit_listing> paper(const listing_form& f) {
  const wire::id named = to_wire(f.practitioner);
  const wire::hash256 hash = hash_of(f.text);
  return build<msg::submit_listing>([&](auto& b) {
    const auto number = b.CreateString(f.number);
    return msg::Createsubmit_listing(
        b, f.ref, f.item, &named, number, f.price_fen, f.list_price_fen, &hash,
        static_cast<std::uint32_t>(f.text.size()), f.minors, f.consultation);
  });
}
inline input<msg::submit_listing> listed(const listing_form& f, subject_id what = eyelids) {
  return submission(paper(f)).about(what).text(f.text);
}
inline input<msg::withdraw_listing> taken_back(subject_id what = eyelids) {
  return submission(build<msg::withdraw_listing>([](auto& b) { return msg::Createwithdraw_listing(b, 77); }))
      .about(what);
}
/// Another version than was submitted has a handle of its own.
inline constexpr std::uint64_t shown_handle = 88;

inline input<msg::page_seen> seen(
    const std::string& text, std::int64_t price_fen, subject_id what = eyelids) {
  const wire::hash256 hash = hash_of(text);
  return submission(build<msg::page_seen>([&](auto& b) {
           return msg::Createpage_seen(b, shown_handle, 1, &hash, static_cast<std::uint32_t>(text.size()), price_fen);
         }))
      .about(what)
      .text(text);
}

/// A person's answer to the last question about the listing.
inline wire::desk_answer answer(
    const product_stage& s, verdict v, subject_id what = eyelids,
    wire::desk::purpose purpose = wire::desk::purpose::submission, std::uint32_t number = 0) {
  const auto& rows = s.state().listings;
  const row_no row = rows.find(what);
  if (number == 0) number = rows[row].decisions;
  // Of quality's two questions about a decision the second, whose answer it passes on.
  const bool third = purpose == wire::desk::purpose::second_look;
  const subject_id task = decision::task_id(what, purpose, third ? std::uint64_t{number} << 1 | 1 : number);
  return wire::desk_answer(
      to_wire(task), to_wire(what), 501, row, v, static_cast<std::uint8_t>(purpose), 1000);
}

inline const listing& row_of(const product_stage& s, subject_id what = eyelids) {
  const row_no row = s.state().listings.find(what);
  REQUIRE(row != no_row);
  return s.state().listings[row];
}

/// Ids of the pack's rules among the findings of the last decision.
inline std::vector<std::string> rules_found(const product_stage& s, const std::string& folder = pack) {
  const auto loaded = shelf{}.load(folder);
  std::vector<std::string> ids;
  for (const wire::finding* f : *s.decision_event().findings()) {
    if (f->source() == wire::finding_source::rule) ids.push_back(loaded->rule(f->code()).id);
  }
  return ids;
}

/// An admitted clinic, level 1, surgery.
inline void admit(product_stage& s, const licence_form& f = {}) {
  s.when(message(status_of(f)).to(f.institution));
}
/// The doctor's credentials are known: a listing asked for them and was answered.
inline void introduce(product_stage& s, const certificate_form& f = {}) {
  const subject_id first = subject(subject_kind::product, "names the doctor first");
  s.when(listed({.practitioner = f.practitioner}, first)).then(wire::status::waiting);
  s.when(message(credentials_of(f)));
}

}  // namespace zhili::product::tests
