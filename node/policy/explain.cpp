// SPDX-License-Identifier: Apache-2.0
#include "policy/explain.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <iostream>
#include <iterator>

#include "node/files.hpp"
#include "node/policy/case_input.hpp"
#include "node/policy/explain_print.hpp"
#include "node/policy/shared.hpp"
#include "node/policy/text_judge.hpp"
#include "node/verb.hpp"
#include "policy/yaml.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::node {
namespace {

constexpr usage about{
    "policy explain", "",
    {"说明规则包对一件内容为什么这样判：事实、命中的词、评分卡的分是哪些词加起来的、每条触发的规则和它条件的每一部分算出什么、\n"
    "当日有效的法条。--for person 写给当事人看：问题在哪里、怎样改正、怎样申诉。--all 连没有触发的规则也列出来。\n"
    "\n"
    "例子\n"
    "  zhili policy explain --kind ad --text '一元秒杀双眼皮，全国第一'\n"
    "  zhili policy explain --kind review --facts facts.json --text '全市最好' --date 2021-07-18 --for person\n"
    "\n"
    "facts.json：{\"verified_order\": true, \"order_to_review\": \"2h\", \"stars\": 5}",
    "Shows why a pack says what it says of one case: the facts, the terms that were hit, what the scores of scorecards are\n"
    "made of, every rule that fired with what each part of its condition came to, and the provision in force that day.\n"
    "--for person writes what the person concerned gets: what is wrong, what to correct, how to appeal. --all shows the\n"
    "silent rules too.\n\n"
    "examples\n"
    "  zhili policy explain --kind ad --text '一元秒杀双眼皮，全国第一' --lang zh\n"
    "  zhili policy explain --kind review --facts facts.json --text '全市最好' --date 2021-07-18 --for "
    "person\n\n"
    "facts.json: {\"verified_order\": true, \"order_to_review\": \"2h\", \"stars\": 5}"},
    false};

constexpr std::size_t facts_bytes_max = 1 << 20;

result<std::string> facts_text(const po::variables_map& values) {
  if (values.count("facts") == 0) return std::string("{}");
  return policy::read_file(values["facts"].as<std::string>(), facts_bytes_max);
}

result<instant> moment(const po::variables_map& values) {
  if (values.count("date") != 0) return parse_instant(values["date"].as<std::string>());
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return instant{std::chrono::duration_cast<std::chrono::milliseconds>(now).count()};
}

}  // namespace

int run_policy_explain(const std::vector<std::string>& arguments) {
  const words say{arguments};
  po::options_description options = say.options();
  options.add_options()(
      "pack", po::value<std::string>()->default_value(default_pack()), say("用哪个规则包判", "the pack that judges"))(
      "kind", po::value<std::string>()->default_value("post"),
      say("环节：ad、diary、post、review、listing ……，或 流程.环节，或中文名",
          "the stage: ad, diary, post, review, listing …, or workflow.stage"))(
      "text", po::value<std::string>()->default_value(""), say("内容的正文", "the submission's text"))(
      "facts", po::value<std::string>(), say("装着一个 JSON 对象的文件：这个环节的事实", "a file with a JSON object: fields of the stage by name"))(
      "date", po::value<std::string>(), say("按哪一天的法律，2021-07-18；不写就是今天", "the day whose law holds, 2021-07-18; default: today"))(
      "for", po::value<std::string>()->default_value("reviewer"), say("reviewer（审核人员）或 person（当事人）", "reviewer, or person: the one concerned"))(
      "all", say("没有触发的规则也列出来", "rules that stay silent too"));
  add_common(options, say);
  const parsed p = parse(about, options, arguments);
  if (p.exit) return *p.exit;
  const auto& reader = p.values["for"].as<std::string>();
  if (reader != "reviewer" && reader != "person")
    return complain(
        {errc::bad_argument,
         bilingual{"--for 只能是 reviewer（审核人员）或 person（当事人）", "--for is reviewer or person"}},
        language_of(p.values));
  const auto& kind = p.values["kind"].as<std::string>();
  const auto pack = load_pack(p.values["pack"].as<std::string>());
  if (!pack) return complain(pack.error(), language_of(p.values));
  const auto at = find_kind(kind, **pack);
  if (!at) return complain(at.error(), language_of(p.values));
  const auto day = moment(p.values);
  if (!day) return complain(day.error(), language_of(p.values));
  const auto json = facts_text(p.values);
  if (!json) return complain(json.error(), language_of(p.values));
  const auto given = read_case(*json, *at->workflow, *at->stage);
  if (!given) return complain(given.error(), language_of(p.values));

  const auto& text = p.values["text"].as<std::string>();
  const policy::explanation why = policy::explain(**pack, at->stage->number, given->facts, text, *day, 0);
  const explained_case shown{**pack, *at, *given, text, *day, why, p.values.count("all") != 0};
  const scenarios::language lang = language_of(p.values);
  const std::string out = wants_json(p.values) ? explain_json(shown)
                          : reader == "person" ? explain_to_person(shown, lang)
                                               : explain_to_reviewer(shown, lang);
  std::fputs(out.c_str(), stdout);
  return exit_ok;
}

}  // namespace zhili::node
