// SPDX-License-Identifier: Apache-2.0
// What a listing is held against: the gates, which no pack can switch off, and the pack.
#pragma once

#include "actors/decision/draft.hpp"
#include "actors/product/workflow.hpp"

namespace zhili::product {

/// The copies that a judgement of one listing uses.
struct facts_at_hand {
  /// What rows call the packs.
  const partition::pack_numbers& packs;
  const policy::counter_book& counts;
  const institution_copy* institution = nullptr;
  /// nullptr: the listing names nobody.
  const practitioner_copy* practitioner = nullptr;
};

inline facts_at_hand facts_of(const state& s, const listing& l) {
  return {s.packs, s.counts, &s.institutions[l.institution], s.practitioner_of(l)};
}

inline std::uint32_t pack_of(const context& cx) {
  return static_cast<std::uint32_t>(cx.pack_tag);
}
inline std::uint16_t version_of(const institution_copy* c) {
  return static_cast<std::uint16_t>(c->version);
}
inline std::uint16_t version_of(const practitioner_copy* c) {
  return c == nullptr ? std::uint16_t{0} : static_cast<std::uint16_t>(c->version);
}

/// Was it last judged with this pack and these facts?
inline bool judged_with(const listing& l, const facts_at_hand& f, const context& cx) {
  return f.packs.is(static_cast<std::uint8_t>(l.pack), pack_of(cx)) && l.institution_version == version_of(f.institution) &&
         l.practitioner_version == version_of(f.practitioner);
}

/// What counts in a judgement.
struct scrutiny {
  /// The institution's admission. Not for what was approved already: what is shown is the listing's own
  /// status and the institution's, so that a reversal there restores exactly what was.
  bool standing = true;
  /// Gates that only raise a doubt. Not where a person has answered it.
  bool doubts = true;
  /// Not where a person has answered what this pack asks.
  bool pack = true;
  /// The page says something else than what was approved.
  bool page_changed = false;
  /// The first judgement of a submission: it counts for the pack's counters.
  bool first = false;
};

/// How a listing is looked at that was judged before.
scrutiny scrutiny_of(const listing&, const facts_at_hand&, const context&);

/// Holds the listing against gates and pack and notes the facts used.
void judge(
    const listing&, const facts_at_hand&, scrutiny, std::string_view text, const context&, decision::draft&);

/// The gates of today that not even a person can set aside; of an institution only level and subjects.
void hard_gates(const listing&, const facts_at_hand&, const context&, decision::draft&);

/// Is the item beyond what the institution may do?
bool beyond_licence(const listing&, const institution_copy&);

credentials::approval read_number(std::string_view text, instant event_time);
std::uint8_t approval_form_of(const credentials::approval& number);

}  // namespace zhili::product
