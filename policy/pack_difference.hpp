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

struct changed_rule {
  std::string id;
  bilingual title;
  std::vector<changed_part> parts;
};

struct changed_terms {
  std::string category;
  std::vector<std::string> added, removed;
};

struct pack_difference {
  /// Ids, in the order of their pack.
  std::vector<std::string> added_rules, removed_rules;
  std::vector<changed_rule> changed_rules;
  /// By category; a new category has all its terms added.
  std::vector<changed_terms> terms;
  std::vector<changed_part> settings;

  bool empty() const {
    return added_rules.empty() && removed_rules.empty() && changed_rules.empty() && terms.empty() &&
           settings.empty();
  }
};

pack_difference difference(const pack& from, const pack& to);

}  // namespace zhili::policy
