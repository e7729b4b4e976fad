// SPDX-License-Identifier: Apache-2.0
// Runs the `tests:` that stand beside a pack's rules.
#pragma once

#include <string>
#include <vector>

#include "policy/pack.hpp"

namespace zhili::policy {

struct rule_test_failure {
  std::string file;
  std::uint32_t line = 0;
  /// Rule's id, test's name, what was expected and what came.
  bilingual message;
};

struct rule_test_report {
  std::size_t run = 0;
  std::vector<rule_test_failure> failures;
  /// Ids of rules without a test that expects them to fire, or without one that does not.
  std::vector<std::string> never_fired;
  std::vector<std::string> never_silent;
};

/// A test asks whether its rule alone fires, whatever its mode.
rule_test_report run_rule_tests(const pack& p);

}  // namespace zhili::policy
