// SPDX-License-Identifier: Apache-2.0
// What inspection keeps: one row an institution that was ever live, and when this partition plans next.
#pragma once

#include <algorithm>

#include "actors/partition/hasher.hpp"
#include "actors/partition/row_table.hpp"
#include "protocols/schema/inspection_generated.h"

namespace zhili::inspection {

using partition::no_row;
using partition::row_no;

/// A the trusted, B the ordinary, C the doubtful: numbers as in events.
enum class tier : std::uint8_t { a = 0, b = 1, c = 2 };

inline tier tier_of(std::uint8_t band, std::uint8_t raised) { return static_cast<tier>(std::min(band + raised, 2)); }

struct institution {
  subject_id id;
  /// Of the last visit or, if that is later, the admission; days since 1970-01-01 in China.
  std::int32_t since = 0;
  /// The bound of the next visit where the tier rose too late for its own interval; else 0.
  std::int32_t visit_by = 0;
  std::uint32_t visits = 0;
  std::uint32_t status_version = 0;
  std::uint32_t band_version = 0;
  std::uint8_t live = 0;
  /// Of its risk index.
  std::uint8_t band = 0;
  /// Tiers above the one that the band gives, for what earlier visits found.
  std::uint8_t raised = 0;
  /// The band rose since the last visit: the visit found something.
  std::uint8_t found = 0;
  /// Visits in a row that found something, and that did not.
  std::uint8_t with_findings = 0;
  std::uint8_t clean = 0;
  std::uint8_t spare[6] = {};

  inspection::tier tier() const { return tier_of(band, raised); }
};

class state {
 public:
  partition::row_table<institution> institutions;
  /// When the next day is planned, 0: nobody is live and no timer runs.
  std::int64_t next_plan = 0;
  std::uint64_t visits = 0;
  /// Visits after the bound of their tier, and beyond a day's capacity.
  std::uint64_t late = 0;
  std::uint64_t beyond = 0;

  void digest(partition::hasher& h) const {
    h.rows(institutions);
    h.value(next_plan);
    h.value(visits);
    h.value(late);
    h.value(beyond);
  }
  /// Nothing is submitted to inspection.
  std::uint64_t waiting() const { return 0; }
  std::size_t memory_bytes() const { return institutions.memory_bytes(); }
  std::size_t subjects() const { return institutions.size(); }
};

}  // namespace zhili::inspection
