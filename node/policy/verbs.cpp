// SPDX-License-Identifier: Apache-2.0
#include "node/policy/verb.hpp"

namespace zhili::node {

int run_policy_check(const std::vector<std::string>& arguments);
int run_policy_eval(const std::vector<std::string>& arguments);

std::span<const verb> policy_verbs() {
  static constexpr verb all[] = {
      {"check", "检查规则包：每处错误都带文件、行、列", "check a pack: every error with file, line, column", run_policy_check},
      {"eval", "计算一个表达式", "compute an expression over facts in JSON", run_policy_eval},
  };
  return all;
}

}  // namespace zhili::node
