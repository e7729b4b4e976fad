// SPDX-License-Identifier: Apache-2.0
// Whom the other pack would have treated otherwise: every subject whose story differs, under one change each; the
// institutions and practitioners behind them; what was said first, before and after.
#pragma once

#include <map>
#include <optional>
#include <unordered_set>

#include "scenarios/compare/outcomes.hpp"
#include "scenarios/kernel/kernel.hpp"
#include "scenarios/world/model.hpp"

namespace zhili::scenarios {

/// How a subject's story differs; the first that is true of it.
enum class change : std::uint8_t {
  /// Decided in one of the runs alone.
  one_run_alone,
  newly_stopped,
  newly_let_through,
  /// Stopped in neither or in both: a person is asked who was not, or no longer.
  newly_to_desk,
  no_longer_to_desk,
  /// Labelled or demoted where it was not, or no longer.
  marked_otherwise,
  /// The same was said, and it ended otherwise: an appeal, a person, what still waits.
  ended_otherwise,
};
inline constexpr std::size_t change_count = 7;
std::string_view name(change c);

/// What stopped a subject that the other run did not stop, or no longer does.
enum class stopped_by : std::uint8_t { rule, person, owner, index };
inline constexpr std::size_t stopped_by_count = 4;
std::string_view name(stopped_by s);
stopped_by by_what(const stop_note& s);

/// By what is true of them.
struct by_truth {
  std::uint64_t unlawful = 0;
  std::uint64_t lawful = 0;
  /// Lawful, and stopped for its owner's admission or index: neither right nor wrong of the item itself.
  std::uint64_t for_owner = 0;
  /// Nobody knows.
  std::uint64_t unknown = 0;
  std::uint64_t all() const { return unlawful + lawful + for_owner + unknown; }
};

struct kind_changes {
  std::uint64_t subjects = 0;
  std::uint64_t affected = 0;
  std::array<by_truth, change_count> by_change{};
  /// First said then, first said now: by verdict.
  std::array<std::array<std::uint64_t, 8>, 8> first{};
};

/// Accounts, each counted once.
struct owners_affected {
  std::uint64_t all = 0;
  /// Their own admission differs.
  std::uint64_t own = 0;
  /// Listings or ads of theirs differ (of practitioners: listings that name them).
  std::uint64_t items = 0;
};

struct affected {
  std::array<kind_changes, 16> kinds{};
  owners_affected institutions, practitioners;
  std::array<std::uint64_t, stopped_by_count> stopped_by_now{};
  std::array<std::uint64_t, stopped_by_count> stopped_by_then{};
  /// By finding source and code, of the pack that judged in that run.
  std::map<std::uint32_t, std::uint64_t> findings_now;
  std::map<std::uint32_t, std::uint64_t> findings_then;
};

change change_of(const outcome_pair& p);

/// The stop that one of the runs knows and the other does not; nullptr: it is no such change.
const stop_note* stop_of(const outcome_pair& p, change what, const outcome_book& old, const outcome_book& now);

/// Is the subject unlawful: when it was stopped, or as it first came? nullopt: nobody knows.
std::optional<bool> unlawful(const outcome_pair& p, const stop_note* stop, const model* truth);

/// `truth` nullptr: nobody knows it. `now`: the second run, whose states tell whose a listing is. `seen` is called for
/// every affected subject.
affected count_affected(const outcome_book& old, const outcome_book& now, const kernel& second, const model* truth,
                        const std::function<void(const outcome_pair&, change, const stop_note*)>& seen);

}  // namespace zhili::scenarios
