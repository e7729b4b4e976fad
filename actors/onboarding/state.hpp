// SPDX-License-Identifier: Apache-2.0
// What onboarding knows of institutions and practitioners. One row each; the standing is the admission itself.
#pragma once

#include <map>
#include <vector>

#include "actors/partition/hasher.hpp"
#include "actors/partition/row_table.hpp"
#include "protocols/schema/onboarding_generated.h"

namespace zhili::onboarding {

using partition::row_no;
using wire::standing;

/// Why a subject that was admitted is not now; several may hold at once.
enum hold : std::uint8_t {
  hold_lapsed = 1,
  hold_index = 2,
  hold_revoked = 4,
};

/// What rows of both kinds share: the admission.
struct admission {
  subject_id id;
  std::uint64_t ref = 0;
  /// XXH3 of all that was shown last.
  std::uint64_t content = 0;
  /// When the credential ends.
  std::int64_t valid_to = 0;
  /// Raised whenever the published fact changes; a timer of an older version is stale.
  std::uint32_t version = 0;
  std::uint32_t decisions = 0;
  std::uint32_t rejections = 0;
  onboarding::standing standing{};
  std::uint8_t holds = 0;
  /// Submissions that wait for the desk.
  std::uint8_t waiting = 0;
  zhili::verdict verdict{};
};

struct institution : admission {
  /// XXH3 of the licence number: the look-up in the next snapshot.
  std::uint64_t licence = 0;
  std::int64_t valid_from = 0;
  std::uint32_t departments = 0;
  std::uint8_t level_max = 0;
  std::uint8_t registry = 0;
  std::uint8_t hospital_grade = 0;
  std::uint8_t spare = 0;
};

struct practitioner : admission {
  subject_id registered_at;
  std::uint32_t scopes = 0;
  std::uint8_t lead = 0;
  std::uint8_t spare[3] = {};
};

class state {
 public:
  partition::row_table<institution> institutions;
  partition::row_table<practitioner> practitioners;
  /// Accounts that are told of every change of a practitioner's credentials, by row, without doubles.
  std::map<row_no, std::vector<account_id>> watchers;

  const admission& admission_of(subject_id id, row_no row) const {
    return id.kind() == subject_kind::institution ? static_cast<const admission&>(institutions[row])
                                                  : practitioners[row];
  }
  admission& admission_of(subject_id id, row_no row) {
    return id.kind() == subject_kind::institution ? static_cast<admission&>(institutions[row]) : practitioners[row];
  }
  row_no find(subject_id id) const {
    return id.kind() == subject_kind::institution ? institutions.find(id) : practitioners.find(id);
  }

  void digest(partition::hasher& h) const {
    h.rows(institutions);
    h.rows(practitioners);
    for (const auto& [row, accounts] : watchers) {
      h.value(row);
      h.values(std::span<const account_id>{accounts});
    }
  }
  std::uint64_t waiting() const {
    std::uint64_t n = 0;
    for (const auto& r : institutions) n += r.waiting;
    for (const auto& r : practitioners) n += r.waiting;
    return n;
  }
  std::size_t memory_bytes() const {
    std::size_t n = institutions.memory_bytes() + practitioners.memory_bytes();
    for (const auto& [row, accounts] : watchers) n += 64 + accounts.capacity() * sizeof(account_id);
    return n;
  }
  std::size_t subjects() const { return institutions.size() + practitioners.size(); }
};

}  // namespace zhili::onboarding
