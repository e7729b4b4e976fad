// SPDX-License-Identifier: Apache-2.0
// The parts under `let` of pack.yaml while rules are compiled: who names which, and one error for one slip in them however
// many rules lean on it. The loader's inside.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/expression/compile.hpp"
#include "policy/lost_names.hpp"
#include "policy/rule_file.hpp"

namespace zhili::policy {

/// Name and expression of the parts under `let` of pack.yaml: every rule may name them.
using shared_lets = std::vector<std::pair<yaml_node, yaml_node>>;

class shared_parts {
 public:
  /// `written` outlives it. `lost`: what else rules may name without complaint.
  shared_parts(const shared_lets& written, lost_names lost);

  std::span<const std::string_view> names() const { return names_; }
  const lost_names& lost() const { return lost_; }

  /// Puts those that the expression names behind the rule's own, and notes what nobody knows. `known`: workflows whose facts
  /// it may name.
  void borrow(
      const expression& e, std::span<const stage_set> known, shared_lets& nodes, std::vector<let_source>& lets);

  /// Once every rule has borrowed. `all_read`: no rule and no condition is missing, so that what nobody names is named by
  /// none. A part that two conditions name by nearly its name is reported in their place.
  void check_names(bool all_read);
  /// Every part could be read as an expression.
  bool all_read() const;

  /// One place where a part is no condition and stands as one. `key`: of the place; `say` reports it there.
  struct misuse {
    std::string key;
    std::string_view rule;
    bilingual message;
    std::function<void()> say;
  };
  /// Keeps it until report_misuses(); false where the name is none of the pack's parts.
  bool keep(std::string_view name, misuse m);
  /// One place is at fault itself; of several the part is, and is reported once.
  void report_misuses() const;

 private:
  std::optional<std::size_t> find(std::string_view name) const;

  const shared_lets& written_;
  lost_names lost_;
  std::vector<std::string_view> names_;
  std::vector<expression> values_;
  std::vector<bool> is_used_;
  /// Names that are neither a part's nor a fact's, with the expressions that hold them.
  std::map<std::string_view, std::set<const expression*>> unknown_;
  /// The first of each part, and the places of all.
  struct misuses {
    misuse first;
    std::set<std::string> places;
  };
  std::map<std::size_t, misuses> misuses_;
};

}  // namespace zhili::policy
