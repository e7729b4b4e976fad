// SPDX-License-Identifier: Apache-2.0
// Where every subject stands at the end of a run, and how that differs from another run of the same world. Faults may
// not lose or double anything; but what comes later finds another world, and people react to what they see. So some
// subjects end elsewhere, and each of them is counted under its cause.
#pragma once

#include <map>
#include <vector>

#include "scenarios/kernel/kernel.hpp"
#include "scenarios/world/scenario.hpp"

namespace zhili::scenarios {

struct final_status {
  subject_id subject;
  /// Version of the item that was submitted last.
  std::uint64_t ref = 0;
  /// In force; `none`: nothing was decided yet.
  zhili::verdict verdict{};
  /// Of institutions and practitioners, else unknown.
  wire::standing standing{};
  /// onboarding::hold bits.
  std::uint8_t holds = 0;
  /// A submission of it waits for a person or a fact.
  bool waiting = false;
  bool by_person = false;

  bool same_as(const final_status& o) const { return verdict == o.verdict && standing == o.standing; }
};

/// Of onboarding, product and content, sorted by subject. REQUIRES: the run is over.
std::vector<final_status> statuses_of(const kernel& k);

/// Why a subject ends elsewhere; the first that is true of it.
enum class difference : std::uint8_t {
  /// Submitted in one of the runs alone.
  one_run_alone,
  /// In one of the runs it still waits for a person or a fact.
  still_waiting,
  /// Its owner submitted another version last: corrected, spelled again or renewed in one run and not in the other.
  another_version,
  /// Suspended for another reason: the index was high, a credential ended or was revoked in one run alone.
  another_hold,
  /// A person decided it: another reviewer had the task, or had it in one run alone.
  by_person,
  /// The program decided it with other facts: status, credentials, band or a sign arrived at another time.
  other_facts,
};
inline constexpr std::size_t difference_count = 6;

/// As it stands in JSON, and as people read it.
std::string_view name(difference d);
text_pair describe(difference d);

struct status_comparison {
  /// In either run.
  std::uint64_t subjects = 0;
  std::uint64_t differing = 0;
  std::array<std::uint64_t, difference_count> by_cause{};
  /// Every one of them, by subject.
  std::vector<std::pair<subject_id, difference>> each;
};

/// REQUIRES: both sorted by subject, as statuses_of gives them.
status_comparison compare(const std::vector<final_status>& a, const std::vector<final_status>& b);

}  // namespace zhili::scenarios
