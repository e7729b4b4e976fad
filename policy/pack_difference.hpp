// SPDX-License-Identifier: Apache-2.0
// What one pack says otherwise than another, by meaning: layout, comments and the order of files count for
// nothing.
#pragma once

#include <string>
#include <vector>

#include "policy/pack.hpp"

namespace zhili::policy {

/// One property of a rule or setting that changed. `what` is its key in the file (verdict, points, basis,
/// when …); "threshold" where only values within a condition changed.
struct changed_part {
  std::string what, from, to;
};

/// A rule that only one of the packs has, with what it does.
struct whole_rule {
  std::string id;
  bilingual title;
  /// workflow.stage, with commas.
  std::string stages;
  std::string when;
  zhili::verdict verdict = zhili::verdict::approve;
  std::int32_t points = 0;
  /// As in its file: enforce, canary(10%) …
  std::string mode;
};

struct changed_rule {
  std::string id;
  bilingual title;
  std::vector<changed_part> parts;
};

struct changed_terms {
  std::string category;
  bilingual title;
  /// Only the new pack has this lexicon, or only the old one.
  bool is_new = false, is_gone = false;
  std::vector<std::string> added, removed;
};

struct pack_difference {
  /// In the order of their pack.
  std::vector<whole_rule> added_rules, removed_rules;
  std::vector<changed_rule> changed_rules;
  /// By category; a new category has all its terms added.
  std::vector<changed_terms> terms;
  std::vector<changed_part> settings;
  /// Counters and scorecards by name; empty on the side that has none of it.
  std::vector<changed_part> counters, scorecards;

  bool empty() const {
    return added_rules.empty() && removed_rules.empty() && changed_rules.empty() && terms.empty() &&
           settings.empty() && counters.empty() && scorecards.empty();
  }
};

/// approve, label, demote, reject, escalate, suspend: as rules write it.
std::string_view verdict_name(verdict v);

pack_difference difference(const pack& from, const pack& to);

}  // namespace zhili::policy
