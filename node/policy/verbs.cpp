// SPDX-License-Identifier: Apache-2.0
#include "node/policy/verb.hpp"

namespace zhili::node {

int run_policy_check(const std::vector<std::string>& arguments);
int run_policy_judge(const std::vector<std::string>& arguments);
int run_policy_measure(const std::vector<std::string>& arguments);
int run_policy_eval(const std::vector<std::string>& arguments);

std::span<const verb> policy_verbs() {
  static constexpr verb all[] = {
      {"check", "检查规则包：每处错误都带文件、行、列", "check a pack: every error with file, line, column", run_policy_check},
      {"judge", "判断每一行文字", "judge each line of text", run_policy_judge},
      {"measure", "用标注语句衡量规则包：查出、误伤、人工", "measure a pack on labelled phrases", run_policy_measure},
      {"eval", "计算一个表达式", "compute an expression over facts in JSON", run_policy_eval},
  };
  return all;
}

}  // namespace zhili::node
