// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "node/options.hpp"
#include "node/policy/judge_options.hpp"
#include "node/policy/lines.hpp"
#include "node/verb.hpp"

namespace zhili::node {
namespace {

constexpr usage about{
    "policy judge", "",
    {"判断标准输入里的每一行文字，一行进，一行出：\n"
    "\n"
    "  结论 TAB 词表 TAB 命中的位置 TAB 还原后的文字\n"
    "\n"
    "结论是 approve（通过）、label（标注）、demote（降低展示）、reject（不予通过）或 escalate（转人工）。词表是触发的规则所依据的\n"
    "词表，位置是其中的词在这一行里的起止字节；没有就写 '-'。行里的 \\n、\\t、\\\\ 和 \\uXXXX 和在 JSON 里的意思一样。长得没有节点\n"
    "会收的文字（超过 64 KiB）转人工，写作 too_long。\n"
    "\n"
    "--kind content --text：除文字之外一无所知。当作不知道发布者、也不知道审查证明的广告来判：消费者在聊、在问、在投诉，或有人在\n"
    "讲解、提醒、引用法律时，同样的词不管。写 --kind ad|diary|post|review|listing 和 --facts，就当作那一类、带着这些事实来判。\n"
    "\n"
    "例子\n"
    "  echo 效果立竿见影 | zhili policy judge --kind content --text\n"
    "  zhili policy judge --kind ad --facts facts.json --date 2021-07-18 < ads.txt",
    "Judges each line of standard input and prints exactly one line for it:\n\n"
    "  verdict TAB categories TAB matched spans TAB normalised text\n\n"
    "The verdict is approve, label, demote, reject or escalate. Categories are the lexicons that the fired rules rest\n"
    "on, spans the places of their terms as bytes begin-end of the line's text; '-' stands for none. In a line,\n"
    "\\n, \\t, \\\\ and \\uXXXX stand for what they stand for in JSON. A text that no node would take for its\n"
    "length (64 KiB) is escalated as too_long.\n\n"
    "--kind content --text: nothing is known but the words. They are judged as an ad of which neither the publisher\n"
    "nor the certificate is known: where consumers talk, ask or complain, or where somebody explains, warns or cites\n"
    "the law, the same words are left alone. With --kind ad|diary|post|review|listing and --facts, the words are\n"
    "judged as that kind, with these facts.\n\n"
    "examples\n"
    "  echo 效果立竿见影 | zhili policy judge --kind content --text\n"
    "  zhili policy judge --kind ad --facts facts.json --date 2021-07-18 < ads.txt\n"}};

void print_text(const judged_text& j, std::string& line) {
  line.assign(verdict_word(j.verdict));
  line += '\t';
  line += j.categories.empty() ? "-" : fmt::format("{}", fmt::join(j.categories, ","));
  line += '\t';
  if (j.spans.empty()) line += '-';
  for (std::size_t i = 0; i < j.spans.size(); ++i) {
    fmt::format_to(std::back_inserter(line), "{}{}-{}", i == 0 ? "" : ",", j.spans[i].first, j.spans[i].second);
  }
  line += '\t';
  append_escaped(j.normalised, line);
  line += '\n';
}

void print_json(const judged_text& j, const policy::pack& pack, std::string& line) {
  nlohmann::ordered_json out{{"verdict", verdict_word(j.verdict)}, {"categories", j.categories}};
  out["spans"] = nlohmann::ordered_json::array();
  for (const auto& [begin, end] : j.spans) out["spans"].push_back({begin, end});
  out["rules"] = nlohmann::ordered_json::array();
  for (const std::uint16_t r : j.rules) {
    out["rules"].push_back({{"id", pack.rule(r).id}, {"zh", pack.rule(r).reason.zh}, {"en", pack.rule(r).reason.en}});
  }
  out["normalised"] = j.normalised;
  line = out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace

int run_policy_judge(const std::vector<std::string>& arguments) {
  const words say{arguments};
  po::options_description options = say.options();
  add_common(options, say);
  add_judge_options(options, say);
  options.add_options()("text", say("每行是一条文字（现在只有这一种）", "the lines are texts (there is no other kind of line yet)"));
  const parsed p = parse(about, options, arguments);
  if (p.exit) return *p.exit;
  judge_setup setup;
  if (const auto ready = set_up(p.values, setup); !ready)
    return complain(ready.error(), language_of(p.values));

  line_reader lines{stdin};
  std::string text, line;
  while (lines.next()) {
    unescape_line(lines.line(), text);
    const judged_text& j = setup.judge->judge(text);
    if (wants_json(p.values)) {
      print_json(j, setup.judge->pack(), line);
    } else {
      print_text(j, line);
    }
    if (std::fwrite(line.data(), 1, line.size(), stdout) != line.size()) return exit_failed;
  }
  if (std::fflush(stdout) != 0 || lines.failed()) return complain(error{errc::io, "standard input or output failed"});
  return exit_ok;
}

}  // namespace zhili::node
