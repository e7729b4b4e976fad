// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "node/files.hpp"
#include "node/policy/shared.hpp"
#include "node/verb.hpp"
#include "policy/rule_tests.hpp"

namespace zhili::node {
namespace {

constexpr usage about{
    "policy test", "PACK",
    {"运行写在每条规则旁边的测试（tests:），并说出测试没有触及的规则：没有测试要它触发的，和没有测试要它不触发的。\n"
    "一条测试只问它自己那条规则，不管规则的 mode 是什么。不写 PACK 就是 packs/default。\n"
    "\n"
    "例子\n"
    "  zhili policy test packs/baseline-2021\n"
    "\n"
    "退出码：0 测试全部通过；1 有的不通过；3 规则包有错误",
    "Runs the test lines that stand beside each rule (tests:) and says which rules no test reaches: a rule "
    "that no test\n"
    "expects to fire, and a rule that no test expects to stay silent. A test asks its rule alone, whatever "
    "its mode.\n"
    "PACK is packs/default when it is not named.\n\n"
    "example\n"
    "  zhili policy test packs/baseline-2021\n\n"
    "exit codes: 0 all tests hold; 1 some do not; 3 the pack does not load"},
    true};

void print_json(const policy::rule_test_report& r) {
  nlohmann::ordered_json j;
  j["run"] = r.run;
  j["failed"] = nlohmann::ordered_json::array();
  for (const auto& f : r.failures)
    j["failed"].push_back(
        {{"file", f.file}, {"line", f.line}, {"message", f.message.en}, {"message_zh", f.message.zh}});
  j["never_fired"] = r.never_fired;
  j["never_silent"] = r.never_silent;
  std::printf("%s\n", j.dump(2).c_str());
}

void print_ids(const std::vector<std::string>& ids, std::string_view head) {
  if (ids.empty()) return;
  std::printf("%.*s\n", static_cast<int>(head.size()), head.data());
  for (const std::string& id : ids) std::printf("  %s\n", id.c_str());
}

void print_text(const policy::rule_test_report& r, scenarios::language lang) {
  for (const auto& f : r.failures)
    std::printf("%s:%u: %s\n", f.file.c_str(), f.line, in(lang, f.message).c_str());
  print_ids(r.never_fired, in(lang, "没有测试要求其触发的规则：", "rules that no test expects to fire:"));
  print_ids(
      r.never_silent, in(lang, "没有测试要求其不触发的规则：", "rules that no test expects to stay silent:"));
  const std::string sum = fmt::format(
      fmt::runtime(in(lang, "测试 {} 条，失败 {} 条", "{} tests, {} failed")), r.run, r.failures.size());
  std::printf("%s\n", sum.c_str());
}

}  // namespace

int run_policy_test(const std::vector<std::string>& arguments) {
  const words say{arguments};
  po::options_description options = say.options();
  add_common(options, say);
  const parsed p = parse(about, options, arguments);
  if (p.exit) return *p.exit;
  const auto pack = load_pack(positional_of(p.values, default_pack()));
  if (!pack) return complain(pack.error(), language_of(p.values));
  const policy::rule_test_report report = policy::run_rule_tests(**pack);
  if (wants_json(p.values)) {
    print_json(report);
  } else {
    print_text(report, language_of(p.values));
  }
  return report.failures.empty() ? exit_ok : exit_failed;
}

}  // namespace zhili::node
