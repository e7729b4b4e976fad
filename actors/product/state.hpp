// SPDX-License-Identifier: Apache-2.0
// What product knows of listings, and its copies of the facts that they depend on: institutions of the shard
// and the practitioners whom their listings name. The listings of either hang in a chain, newest first.
#pragma once

#include "actors/credentials/approval.hpp"
#include "actors/partition/hasher.hpp"
#include "actors/partition/pack_numbers.hpp"
#include "actors/partition/row_table.hpp"
#include "policy/counters.hpp"
#include "protocols/schema/product_generated.h"
#include "protocols/types/time.hpp"

namespace zhili::product {

using partition::no_row;
using partition::row_no;
using wire::standing;

/// judged, at_desk, withdrawn -> waiting_facts -> judged, at_desk; judged -> at_desk -> judged; all ->
/// withdrawn.
enum class mode : std::uint8_t {
  /// The verdict is that of what the listing says now.
  judged = 1,
  /// Waits for the credentials of the practitioner whom it names.
  waiting_facts = 2,
  /// A person looks at it; the verdict from before stays in force.
  at_desk = 3,
  withdrawn = 4,
};

/// Bits of listing::flags. The first two come with the submission and stand on the wire.
enum flag : std::uint8_t {
  flag_consultation = 1,
  flag_minors = 2,
  /// A person gave the verdict in force.
  flag_by_person = 4,
  /// Among what the last decision rests on is a refusal for the institution's standing, level or subjects.
  flag_by_institution = 8,
  /// ... for the practitioner's admission or scope.
  flag_by_practitioner = 16,
};

/// Submissions of one listing that may wait, and decisions on it: more submissions are refused.
inline constexpr std::uint8_t waiting_max = 0xff;
inline constexpr std::uint32_t decisions_max = 0xffffff;

struct listing {
  subject_id id;
  text_name text;
  std::uint64_t ref = 0;
  /// XXH3 of all but text and price; with those two what a repeat is known by.
  std::uint64_t content = 0;
  std::uint32_t price_fen = 0;
  /// 0: no price is struck out.
  std::uint32_t list_price_fen = 0;
  row_no institution = no_row;
  /// no_row: nobody is named.
  row_no practitioner = no_row;
  row_no next_of_institution = no_row;
  row_no next_of_practitioner = no_row;
  std::uint32_t decisions : 24 = 0;
  /// Which pack judged last, in the state's pack numbers.
  std::uint32_t pack : 8 = 0;
  /// Low halves of the versions of the facts it was judged with.
  std::uint16_t institution_version = 0;
  std::uint16_t practitioner_version = 0;
  /// 0: a consultation about no item.
  std::uint16_t item = 0;
  /// In force: of the last decision that was not left to the desk.
  zhili::verdict verdict : 4 {};
  product::mode mode : 4 = mode::judged;
  /// Submissions that wait.
  std::uint8_t waiting = 0;
  std::uint8_t flags = 0;
  credentials::approval_kind approval_kind{};
  /// credentials::approval_verdict, and from bit 4 the class of a device.
  std::uint8_t approval_form = 0;
  /// Decisions on what the listing says now, up to 255: what was asked about anything older is stale.
  std::uint8_t on_content = 0;

  bool has(flag f) const { return (flags & f) != 0; }
  /// Shown, as far as the listing itself goes.
  bool live() const {
    return mode != mode::withdrawn &&
           (verdict == verdict::approve || verdict == verdict::label || verdict == verdict::demote);
  }
};

/// What onboarding and risk last said of an institution; standing unknown: onboarding has said nothing.
struct institution_copy {
  subject_id id;
  std::uint32_t departments = 0;
  std::uint32_t version = 0;
  std::uint32_t band_version = 0;
  row_no first_listing = no_row;
  product::standing standing{};
  std::uint8_t level_max = 0;
  std::uint8_t band = 0;
  std::uint8_t spare[5] = {};
};

/// What onboarding last said of a practitioner.
struct practitioner_copy {
  subject_id id;
  account_id registered_at;
  std::int64_t valid_to = 0;
  std::uint32_t scopes = 0;
  std::uint32_t version = 0;
  row_no first_listing = no_row;
  product::standing standing{};
  std::uint8_t lead = 0;
  /// Onboarding has answered, be it that it knows nobody of that name.
  std::uint8_t answered = 0;
  /// Asked, and the time for the answer is not over.
  std::uint8_t pending = 0;

  bool admitted(instant now) const { return standing == standing::admitted && valid_to > now.ms; }
};

static_assert(sizeof(listing) == 88, "there are a few hundred listings for each institution");

class state {
 public:
  partition::row_table<listing> listings;
  partition::row_table<institution_copy> institutions;
  partition::row_table<practitioner_copy> practitioners;
  partition::pack_numbers packs;
  /// For the counters that packs declare.
  policy::counter_book counts;

  account_id owner_of(const listing& l) const { return institutions[l.institution].id; }
  const practitioner_copy* practitioner_of(const listing& l) const {
    return l.practitioner == no_row ? nullptr : &practitioners[l.practitioner];
  }

  void digest(partition::hasher& h) const {
    h.rows(listings);
    h.rows(institutions);
    h.rows(practitioners);
    packs.digest(h);
    counts.digest(h);
  }
  std::uint64_t waiting() const {
    std::uint64_t n = 0;
    for (const listing& l : listings) n += l.waiting;
    return n;
  }
  std::size_t memory_bytes() const {
    return listings.memory_bytes() + institutions.memory_bytes() + practitioners.memory_bytes() +
           counts.memory_bytes();
  }
  std::size_t subjects() const { return listings.size(); }
};

/// Names one request for a page: asked again at the same visit, it is the same request.
inline subject_id page_effect_id(subject_id subject, std::uint32_t visit) {
  return derive_id(subject_kind::measure, subject, 2, visit);
}

}  // namespace zhili::product
