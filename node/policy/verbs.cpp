// SPDX-License-Identifier: Apache-2.0
#include "node/verb.hpp"

namespace zhili::node {

int run_policy_check(const std::vector<std::string>& arguments);
int run_policy_judge(const std::vector<std::string>& arguments);
int run_policy_measure(const std::vector<std::string>& arguments);
int run_policy_release(const std::vector<std::string>& arguments);
int run_policy_test(const std::vector<std::string>& arguments);
int run_policy_search(const std::vector<std::string>& arguments);
int run_policy_facts(const std::vector<std::string>& arguments);
int run_policy_new(const std::vector<std::string>& arguments);
int run_policy_explain(const std::vector<std::string>& arguments);
int run_policy_diff(const std::vector<std::string>& arguments);
int run_policy_eval(const std::vector<std::string>& arguments);

namespace {

constexpr verb all[] = {
    {"check", "检查规则包：每处错误都带文件、行、列", "check a pack: every error with file, line, column", run_policy_check},
    {"judge", "判断每一行文字", "judge each line of text", run_policy_judge},
    {"measure", "用标注语句衡量规则包：查出、误伤、人工", "measure a pack on labelled phrases", run_policy_measure},
    {"test", "运行规则旁的测试，列出测试没有触及的规则", "run the tests beside the rules; list rules no test reaches", run_policy_test},
    {"search", "查一个词已被哪些规则、词条、字段覆盖", "what already covers a word: rules, terms, facts", run_policy_search},
    {"facts", "列出规则可以使用的字段", "list the facts that a rule can ask for", run_policy_facts},
    {"new", "从模板新建规则包，或给规则包添加规则", "begin a pack, or add to one, from a template", run_policy_new},
    {"explain", "说明一件内容为什么这样判定", "why a pack says what it says of one case", run_policy_explain},
    {"diff", "两个规则包在含义上的差别", "what one pack says otherwise than another", run_policy_diff},
    {"eval", "计算一个表达式", "compute an expression over facts in JSON", run_policy_eval},
    {"release", "在运行中的节点上发布规则包：影子、灰度、启用、回退", "let a pack come into force on running nodes, step by step", run_policy_release},
};

}  // namespace

int run_policy(const std::vector<std::string>& arguments) {
  return run_one_of(
      all, "zhili policy", "zhili policy: 写规则、查规则、试规则。What a policy team does with a pack of rules.", {}, arguments, nullptr);
}

}  // namespace zhili::node
