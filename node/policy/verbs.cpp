// SPDX-License-Identifier: Apache-2.0
#include "node/policy/verb.hpp"

namespace zhili::node {

int run_policy_check(const std::vector<std::string>& arguments);
int run_policy_judge(const std::vector<std::string>& arguments);
int run_policy_measure(const std::vector<std::string>& arguments);
int run_policy_release(const std::vector<std::string>& arguments);
int run_policy_eval(const std::vector<std::string>& arguments);

std::span<const verb> policy_verbs() {
  static constexpr verb all[] = {
      {"check", "检查规则包：每处错误都带文件、行、列", "check a pack: every error with file, line, column", run_policy_check},
      {"judge", "判断每一行文字", "judge each line of text", run_policy_judge},
      {"measure", "用标注语句衡量规则包：查出、误伤、人工", "measure a pack on labelled phrases", run_policy_measure},
      {"eval", "计算一个表达式", "compute an expression over facts in JSON", run_policy_eval},
      {"release", "在运行中的节点上发布规则包：影子、灰度、启用、回退", "let a pack come into force on running nodes, step by step", run_policy_release},
  };
  return all;
}

}  // namespace zhili::node
