// SPDX-License-Identifier: Apache-2.0
// What content keeps: one row a content, a little more of a review, and at an institution's account the hours
// in which reviews of it came. Most rows are ordinary and never looked at again, so a row is small and owns
// nothing.
#pragma once

#include <deque>
#include <map>
#include <vector>

#include "actors/partition/hasher.hpp"
#include "actors/partition/pack_numbers.hpp"
#include "actors/partition/row_table.hpp"
#include "policy/counters.hpp"
#include "policy/fields/content.hpp"
#include "protocols/schema/content_generated.h"
#include "protocols/types/time.hpp"

namespace zhili::content {

using partition::no_row;
using partition::row_no;
using certificate_form = fields::content::ad_certificate;

enum flag : std::uint16_t {
  /// The author took it away.
  flag_withdrawn = 1,
  /// A person decided last: the program does not overrule them, it asks a person again.
  flag_by_person = 2,
  /// The named institution is offline: shown with a label.
  flag_institution_offline = 4,
  /// Takedown holds it among the live mentions of the named institution.
  flag_mentioned = 8,
  /// What the last event did to flag_mentioned has to be told.
  flag_mention_changed = 16,
  /// Decided without a person while a task lay at the desk, or taken away: the task is withdrawn.
  flag_task_stale = 32,
  flag_minors_audience = 64,
  /// Of an ad, its certificate_form in two bits.
  certificate_shift = 8,
  certificate_mask = 3 << certificate_shift,
};

/// Submissions of one content that may wait, and decisions on it: more submissions are refused.
inline constexpr std::uint8_t waiting_max = 0xff;
inline constexpr std::uint32_t decisions_max = 0xffffff;

/// A content. One line of the cache.
struct publication {
  subject_id id;
  /// Zero: stars alone.
  text_name text;
  std::uint64_t ref = 0;
  /// Row among the authors.
  row_no author = no_row;
  /// Row among the institutions; no_row: none is named.
  row_no institution = no_row;
  /// The author's content before this one.
  row_no older = no_row;
  /// Of a review its place among the reviews; of an ad what it declares (placement and audience, four bits each)
  /// above the version of the institution's status that it was judged by.
  std::uint32_t detail = 0;
  std::uint32_t decisions : 24 = 0;
  /// Which pack judged last, in the state's pack numbers.
  std::uint32_t pack : 8 = 0;
  std::uint16_t flags : 10 = 0;
  /// The last; escalate while a person has it.
  zhili::verdict verdict : 3 {};
  /// The last that was not escalate: what takedown and the index of the account hold.
  zhili::verdict in_force : 3 {};
  /// Submissions that wait for the desk.
  std::uint8_t waiting = 0;
  /// Decisions on the text as it is now, up to 255: what was asked about an older text is stale.
  std::uint8_t on_text = 0;

  static constexpr std::uint32_t version_mask = 0xffffff;
  std::uint32_t judged_version() const { return detail & version_mask; }
  void set_judged_version(std::uint32_t v) { detail = (detail & ~version_mask) | (v & version_mask); }
  wire::content::ad_placement placement() const { return static_cast<wire::content::ad_placement>(detail >> 28); }
  wire::content::ad_audience audience() const { return static_cast<wire::content::ad_audience>(detail >> 24 & 0xf); }
  void declare(wire::content::ad_placement where, wire::content::ad_audience whom) {
    detail = static_cast<std::uint32_t>(where) << 28 | static_cast<std::uint32_t>(whom) << 24 | judged_version();
  }

  bool has(flag f) const { return (flags & f) != 0; }
  void set(flag f, bool on) { set_flags(on ? flags | f : flags & ~f); }
  void set_flags(int all) { flags = static_cast<std::uint16_t>(all) & 0x3ffu; }
  certificate_form certificate() const {
    return static_cast<certificate_form>((flags & certificate_mask) >> certificate_shift);
  }
};
static_assert(sizeof(publication) == 64, "millions of rows");

/// Shown by its own status.
constexpr bool stands(verdict v) {
  return v == verdict::approve || v == verdict::label || v == verdict::demote;
}
inline bool live(const publication& c) {
  return stands(c.verdict) && !c.has(flag_withdrawn);
}

/// What a review has beside its row.
struct review {
  /// Hour of event time in which it was first written: it counts there for the institution.
  std::uint32_t hour = 0;
  /// Seconds since 1970: when this text was written, and when the order was verified; 0: no verified order.
  std::uint32_t at_s = 0;
  std::uint32_t order_at_s = 0;
  /// Reviews of the institution in the burst that it is part of; 0: none.
  std::uint16_t burst = 0;
  /// Authors of its text, up to 255; 0: none other is known.
  std::uint8_t shared_authors = 0;
  std::uint8_t stars = 0;
};

/// What of a text was recognised and not typed.
struct recognised {
  wire::content::recognition source{};
  std::uint8_t confidence = 0;
  bool operator==(const recognised&) const = default;
};

struct author {
  subject_id id;
  row_no newest = no_row;
  std::uint8_t band = 0;
  std::uint8_t spare[3] = {};
};

/// An institution that is named here, or whose account lives here.
struct institution {
  subject_id id;
  /// Copy of its status; version 0: nothing was published to this partition.
  std::uint32_t version = 0;
  wire::standing standing{};
  std::uint8_t spare[3] = {};
};

/// Reviews of an institution that came here since the last tally.
struct pending_tally {
  row_no institution = no_row;
  std::uint32_t hour = 0;
  std::uint32_t count = 0;
};

/// At an institution: one shard's reviews of one hour of event time.
struct arrivals {
  std::uint32_t hour = 0;
  std::uint16_t count = 0;
  shard_no shard = 0;
  /// The shard knows of the burst that this hour is part of.
  std::uint8_t told = 0;
};

/// How long an hour's reviews can still be part of a burst: the longest window and a day.
inline constexpr std::uint32_t burst_hours_kept = 8 * 24;

class state {
 public:
  partition::row_table<publication> contents;
  /// In blocks: a vector would be half empty on the mean.
  std::deque<review> reviews;
  partition::row_table<author> authors;
  /// Version of the band fact, of those whose band is not low.
  std::map<row_no, std::uint32_t> band_versions;
  /// Of those few contents that have it.
  std::map<row_no, recognised> recognised_parts;
  partition::row_table<institution> institutions;
  partition::pack_numbers packs;
  /// For the counters that packs declare.
  policy::counter_book counts;

  /// New reviews that name an institution, as they came; those that can no longer be part of a burst leave in
  /// front.
  std::deque<row_no> recent;
  std::vector<pending_tally> pending;
  /// By row of the institution, of those whose account lives here.
  std::map<row_no, std::vector<arrivals>> by_hour;

  /// Own status AND the institution's status. Of what users write, an institution that is offline only adds a
  /// label.
  bool shown(row_no row) const {
    const publication& c = contents[row];
    if (c.id.kind() != subject_kind::ad) return live(c);
    const row_no owner = institutions.find(authors[c.author].id);
    return live(c) && owner != no_row && institutions[owner].standing == wire::standing::admitted;
  }
  /// Live contents that are labelled because the institution they name is offline.
  std::uint64_t labelled() const {
    std::uint64_t n = 0;
    for (const auto& c : contents) n += live(c) && c.has(flag_institution_offline) ? 1u : 0u;
    return n;
  }

  void expect(account_id author, subject_id content) const {
    contents.expect(content);
    authors.expect(author);
  }

  void digest(partition::hasher& h) const {
    h.rows(contents);
    for (const review& r : reviews) h.value(r);
    h.rows(authors);
    for (const auto& [row, version] : band_versions) {
      h.value(row);
      h.value(version);
    }
    for (const auto& [row, r] : recognised_parts) {
      h.value(row);
      h.value(r);
    }
    h.rows(institutions);
    packs.digest(h);
    for (const row_no row : recent) h.value(row);
    h.values(std::span<const pending_tally>{pending});
    for (const auto& [row, hours] : by_hour) {
      h.value(row);
      h.values(std::span<const arrivals>{hours});
    }
    counts.digest(h);
  }
  std::uint64_t waiting() const {
    std::uint64_t n = 0;
    for (const auto& c : contents) n += c.waiting;
    return n;
  }
  std::size_t memory_bytes() const {
    std::size_t n = contents.memory_bytes() + reviews.size() * sizeof(review) + authors.memory_bytes() +
                    institutions.memory_bytes() + recent.size() * sizeof(row_no) + band_versions.size() * 48 +
                    pending.capacity() * sizeof(pending_tally) + counts.memory_bytes();
    for (const auto& [row, hours] : by_hour) n += 64 + hours.capacity() * sizeof(arrivals);
    return n;
  }
  std::size_t subjects() const { return contents.size(); }
};

/// Hours since 1970, seconds since 1970.
inline std::uint32_t hour_of(instant t) {
  return static_cast<std::uint32_t>(t.ms / 3'600'000);
}
inline std::uint32_t seconds_of(instant t) {
  return static_cast<std::uint32_t>(t.ms / 1000);
}

}  // namespace zhili::content
