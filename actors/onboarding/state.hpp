// SPDX-License-Identifier: Apache-2.0
// What onboarding knows of institutions and practitioners. One row each; the standing is the admission itself.
#pragma once

#include <map>
#include <vector>

#include "actors/partition/hasher.hpp"
#include "actors/partition/row_table.hpp"
#include "policy/counters.hpp"
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
  /// When the credential in force ends; 0: none has been in force.
  std::int64_t valid_to = 0;
  /// Raised whenever the published fact changes.
  std::uint32_t version = 0;
  std::uint32_t decisions = 0;
  std::uint32_t rejections = 0;
  /// The decision that asked the desk, while submissions wait for the answer.
  std::uint32_t asked = 0;
  onboarding::standing standing{};
  std::uint8_t holds = 0;
  /// Submissions that wait for the desk.
  std::uint8_t waiting = 0;
  zhili::verdict verdict{};
  /// The decision that rejected papers last: an appeal against it is one for them.
  std::uint32_t rejected = 0;
  /// The decision that asked for a re-audit last.
  std::uint32_t audit = 0;
  std::uint32_t spare = 0;

  /// Does such a suspension open a re-audit? The program ended the admission: a person audits it, from its papers.
  static bool by_itself(wire::cause c) {
    return c == wire::cause::timer || c == wire::cause::registry || c == wire::cause::inspection ||
           c == wire::cause::risk;
  }
  /// Admitted now, or until something ended it.
  bool was_let_in() const {
    return standing == wire::standing::admitted || standing == wire::standing::suspended;
  }
};

/// The papers of an institution.
struct licence_papers {
  /// XXH3 of the licence number: the look-up in the next snapshot.
  std::uint64_t licence = 0;
  std::int64_t from = 0;
  std::int64_t to = 0;
  std::uint32_t departments = 0;
  std::uint8_t level_max = 0;
  /// partition::registry::entry when they were shown.
  std::uint8_t registry = 0;
  std::uint8_t hospital_grade = 0;
  std::uint8_t spare = 0;
};

/// The papers of a practitioner.
struct registration_papers {
  account_id registered_at;
  std::int64_t to = 0;
  std::uint32_t scopes = 0;
  std::uint8_t lead = 0;
  std::uint8_t spare[3] = {};
};

struct institution : admission {
  licence_papers in_force;
};

struct practitioner : admission {
  registration_papers in_force;
};

class state {
 public:
  partition::row_table<institution> institutions;
  partition::row_table<practitioner> practitioners;
  /// Papers that were shown and not accepted: they lie at the desk, or were rejected and may be appealed for. Until they
  /// are accepted the admission rests on those in force, so that a bad renewal widens and prolongs nothing.
  std::map<row_no, licence_papers> shown_licences;
  std::map<row_no, registration_papers> shown_registrations;
  /// Accounts that are told of every change of a practitioner's credentials, by row, without doubles.
  std::map<row_no, std::vector<account_id>> watchers;
  /// For the counters that packs declare.
  policy::counter_book counts;

  const admission& admission_of(subject_id id, row_no row) const {
    return id.kind() == subject_kind::institution ? static_cast<const admission&>(institutions[row])
                                                  : practitioners[row];
  }
  admission& admission_of(subject_id id, row_no row) {
    return id.kind() == subject_kind::institution ? static_cast<admission&>(institutions[row]) : practitioners[row];
  }
  /// When the papers shown last end.
  std::int64_t end_of_papers(subject_id id, row_no row) const {
    if (id.kind() == subject_kind::institution) {
      const auto found = shown_licences.find(row);
      return found == shown_licences.end() ? institutions[row].in_force.to : found->second.to;
    }
    const auto found = shown_registrations.find(row);
    return found == shown_registrations.end() ? practitioners[row].in_force.to : found->second.to;
  }
  /// The licence papers shown last.
  const licence_papers& papers_of(row_no row) const {
    const auto found = shown_licences.find(row);
    return found == shown_licences.end() ? institutions[row].in_force : found->second;
  }
  row_no find(subject_id id) const {
    return id.kind() == subject_kind::institution ? institutions.find(id) : practitioners.find(id);
  }

  void digest(partition::hasher& h) const {
    h.rows(institutions);
    h.rows(practitioners);
    for (const auto& [row, papers] : shown_licences) {
      h.value(row);
      h.value(papers);
    }
    for (const auto& [row, papers] : shown_registrations) {
      h.value(row);
      h.value(papers);
    }
    for (const auto& [row, accounts] : watchers) {
      h.value(row);
      h.values(std::span<const account_id>{accounts});
    }
    counts.digest(h);
  }
  std::uint64_t waiting() const {
    std::uint64_t n = 0;
    for (const auto& r : institutions) n += r.waiting;
    for (const auto& r : practitioners) n += r.waiting;
    return n;
  }
  std::size_t memory_bytes() const {
    std::size_t n = institutions.memory_bytes() + practitioners.memory_bytes() + counts.memory_bytes();
    n += shown_licences.size() * 88 + shown_registrations.size() * 88;
    for (const auto& [row, accounts] : watchers) n += 64 + accounts.capacity() * sizeof(account_id);
    return n;
  }
  std::size_t subjects() const { return institutions.size() + practitioners.size(); }
};

}  // namespace zhili::onboarding
