// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <iostream>
#include <iterator>

#include "node/options.hpp"
#include "node/policy/facts_json.hpp"
#include "node/policy/zone.hpp"
#include "node/verb.hpp"
#include "policy/expression/dynamic.hpp"
#include "policy/expression/error_words.hpp"
#include "policy/yaml.hpp"

namespace zhili::node {
namespace {

constexpr usage about{
    "policy eval", "",
    {"用 JSON 给出的事实计算一个表达式：试试一个条件是什么结果，也用来和 CEL 的公开测试对照。这里的名字都没有声明类型：\n"
    "没有事实的名字、不能这样用的函数，算到时才是错误，&& 和 || 按 CEL 的规定吸收它。语言本身、和 CEL 的差别、值怎样印出来，\n"
    "见 docs/language.md。\n"
    "\n"
    "例子\n"
    "  zhili policy eval --expr '1 + 2 * 3'\n"
    "  zhili policy eval --expr '[1, 2, 3].filter(x, x > 1)' --format json\n"
    "  echo '{\"price\": 1, \"tags\": [\"新人\"]}' | zhili policy eval --facts - --expr 'price < 10 && \"新人\" in tags'\n"
    "\n"
    "退出码：0 算出来了，--format json 时也包括 {\"error\": …}；3 以错误结束，或事实不是 JSON 对象",
    "Computes an expression over facts given as JSON: to try what a condition says, and to hold the language "
    "against\n"
    "CEL's public test cases. Nothing has a declared type here: a name without a fact, or a function that "
    "does not take\n"
    "such a value, is an error when it is reached, and && and || absorb it as CEL says. docs/language.md has "
    "the language,\n"
    "its differences from CEL and how values are printed.\n\n"
    "examples\n"
    "  zhili policy eval --expr '1 + 2 * 3'\n"
    "  zhili policy eval --expr '[1, 2, 3].filter(x, x > 1)' --format json\n"
    "  echo '{\"price\": 1, \"tags\": [\"新人\"]}' | zhili policy eval --facts - --expr 'price < 10 && "
    "\"新人\" in tags'\n\n"
    "exit codes: 0 computed, with --format json also to an {\"error\": …}; 3 it ended in an error, or FACTS "
    "is no JSON object"},
    false};

constexpr std::size_t facts_bytes_max = 8 << 20;
constexpr std::size_t memory_bytes_max = 64 << 20;
constexpr std::size_t printed_bytes_max = 16 << 20;

result<std::string> facts_text(const po::variables_map& values) {
  if (values.count("facts") == 0) return std::string("{}");
  const auto& name = values["facts"].as<std::string>();
  if (name != "-") return policy::read_file(name, facts_bytes_max);
  std::string text;
  for (char c; text.size() <= facts_bytes_max && std::cin.get(c);) text += c;
  if (text.size() > facts_bytes_max)
    return fail(errc::too_large, bilingual{"事实超过 8 MiB", "more than 8 MiB of facts"});
  return text;
}

int print(const policy::value& v, const bilingual& why, bool json, scenarios::language lang) {
  const bool failed = v.is(policy::kind::error);
  const auto shown = policy::to_json(failed ? policy::text_value(v.text()) : v, printed_bytes_max);
  if (json) {
    std::printf(
        "{\"%s\": %s}\n", failed || !shown ? "error" : "value",
        shown ? shown->c_str() : "\"too large to print\"");
    return exit_ok;
  }
  if (failed) return complain({errc::malformed, why.en.empty() ? policy::error_words(v.text()) : why}, lang);
  std::printf("%s\n", policy::shown(v, printed_bytes_max).c_str());
  return exit_ok;
}

}  // namespace

int run_policy_eval(const std::vector<std::string>& arguments) {
  const words say{arguments};
  po::options_description options = say.options();
  options.add_options()("expr", po::value<std::string>(), say("表达式", "the expression"))(
      "facts", po::value<std::string>(),
      say("装着一个 JSON 对象的文件；- 从标准输入读", "a file with a JSON object of facts; - reads it from standard input"));
  add_common(options, say);
  const parsed p = parse(about, options, arguments);
  if (p.exit) return *p.exit;
  if (p.values.count("expr") == 0)
    return complain(
        {errc::bad_argument,
         bilingual{"缺少 --expr：要计算的式子", "--expr is missing: the expression to compute"}},
        language_of(p.values));

  policy::arena memory(memory_bytes_max);
  const auto text = facts_text(p.values);
  if (!text) return complain(text.error(), language_of(p.values));
  const auto facts = read_facts(*text, memory);
  if (!facts) return complain(facts.error(), language_of(p.values));
  const std::vector<std::string_view> names(facts->names.begin(), facts->names.end());
  policy::workspace work{memory, policy::steps_max, zone_offset, nullptr};
  bilingual why;
  const policy::value out =
      policy::evaluate_cel(p.values["expr"].as<std::string>(), names, facts->values, work, &why);
  return print(out, why, wants_json(p.values), language_of(p.values));
}

}  // namespace zhili::node
