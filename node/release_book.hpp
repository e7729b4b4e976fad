// SPDX-License-Identifier: Apache-2.0
// Releases of packs at one node: what was asked for, by whom and why, who approved it, and what is in force. Rules and
// record alone; node/releases.hpp lets them take effect.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocols/schema/shared_generated.h"
#include "protocols/types/result.hpp"
#include "protocols/types/time.hpp"

namespace zhili::node {

enum class release_state : std::uint8_t {
  /// The node demands a second person, and nobody has approved yet.
  waits_for_approval = 0,
  /// Approved, and its time has not come.
  scheduled = 1,
  in_force = 2,
  /// Another one took its place.
  past = 3,
};

struct release_entry {
  std::uint32_t number = 0;
  release_state state = release_state::scheduled;
  wire::release_stage stage = wire::release_stage::off;
  /// Of a canary 1 to 99.
  std::uint8_t percent = 0;
  /// Digests in hex. `base` judges where `next` does not.
  std::string base;
  std::string next;
  /// As the pack calls itself.
  std::string next_name;
  /// Not before.
  instant at{0};
  std::string by;
  /// Name of the author's CURVE key; empty where the door has none.
  std::string key;
  std::string approved_by;
  std::string why;
  /// Digest in hex of the comparison that it rests on; empty: none was named.
  std::string comparison;
  /// How many of a million judgements may come out otherwise; 0: no bound.
  std::uint32_t guard_ppm = 0;

  bool operator==(const release_entry&) const = default;
};

class release_book {
 public:
  /// How many entries are kept; the partitions' logs keep them all.
  static constexpr std::size_t kept_max = 200;

  release_book() = default;
  /// malformed: not what `json` gave.
  static result<release_book> read(const std::string& json);
  std::string json() const;
  /// Numbers go on above this: partitions that came from elsewhere (a restore, a move) may know higher ones than the record,
  /// and pass over what is not newer.
  void number_above(std::uint32_t known) { numbered_above_ = std::max(numbered_above_, known); }

  /// Enters a release and gives its number. `base` is filled in: what is in force. bad_argument, with the field and what
  /// would be right: nobody said who or why; a stage before the one that must come first (a pack is in shadow before it
  /// is a canary, and a canary before it is enforced); a canary's share that is no share; another one still waits.
  result<std::uint32_t> enter(release_entry asked, instant now, const std::string& base, bool needs_approval);
  /// bad_argument: nothing of that number waits, or the approver is its author (by name or by key).
  status approve(std::uint32_t number, const std::string& by, const std::string& key);
  /// Takes back what has not taken effect yet.
  status withdraw(std::uint32_t number);
  /// Back to the pack before, at once and without anybody's approval: what is in doubt must be able to stop.
  /// bad_argument: there is nothing to go back from.
  result<std::uint32_t> roll_back(const std::string& by, const std::string& key, const std::string& why, instant now);
  /// The same pack again, in shadow: what a guard does.
  result<std::uint32_t> fall_back(const std::string& why, instant now);

  /// What is to take effect now, if anything is.
  const release_entry* due(instant now) const;
  void took_effect(std::uint32_t number);

  /// In force; null: never was any.
  const release_entry* current() const;
  const std::vector<release_entry>& entries() const { return entries_; }

 private:
  release_entry* waiting();
  std::uint32_t add(release_entry e);
  std::vector<release_entry> entries_;
  std::uint32_t numbered_above_ = 0;
};

}  // namespace zhili::node
