// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdio>
#include <fstream>

#include "node/options.hpp"
#include "node/policy/judge_options.hpp"
#include "node/policy/measurement.hpp"
#include "node/verb.hpp"
#include "policy/yaml.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::node {
namespace {

constexpr usage about{
    "policy measure", "",
    {"量一量规则包：判一批有标注的语句，说出违法的查出多少、别的误伤多少、留给人工多少；每个比例都带 95% 区间（Wilson）。\n"
    "\n"
    "文件每行一条语句：标注 TAB 语句 TAB 来源。标注 ok 是无害的语句，talk 是消费者的日常说话，其他的写明违反什么\n"
    "（MA04、AL9_3_ABS ……）。判法和 'zhili policy judge --kind content --text' 一样。\n"
    "\n"
    "例子\n"
    "  zhili policy measure --labelled tests/policy/data/development.tsv\n"
    "  zhili policy measure --labelled mine.tsv --pack packs/baseline-2021 --date 2021-07-18 --report mine.md",
    "Judges labelled phrases and says how many illegal ones the pack finds,\n"
    "how many others it touches, and how much work is left to people; every share with its 95 % interval (Wilson).\n\n"
    "The file has a line for each phrase: label TAB phrase TAB source. The label 'ok' is a harmless phrase, 'talk'\n"
    "ordinary talk of consumers, any other says what is illegal (MA04, AL9_3_ABS …). Phrases are judged as by\n"
    "'zhili policy judge --kind content --text'.\n\n"
    "examples\n"
    "  zhili policy measure --labelled tests/policy/data/development.tsv\n"
    "  zhili policy measure --labelled mine.tsv --pack packs/baseline-2021 --date 2021-07-18 --report mine.md\n"}};

/// Mean of what summer-2021 assumes for its content desk: lognormal, median 60 s, 90 % within 3 min.
constexpr auto handling_default = "87s";

}  // namespace

int run_policy_measure(const std::vector<std::string>& arguments) {
  const words say{arguments};
  po::options_description options = say.options();
  add_common(options, say);
  add_judge_options(options, say);
  options.add_options()("labelled", po::value<std::string>(), say("语句：标注 TAB 语句 TAB 来源", "the phrases: label TAB phrase TAB source"))(
      "report", po::value<std::string>(), say("另写一页报告到这个文件（Markdown）", "write the page there too (Markdown)"))(
      "handling", po::value<std::string>()->default_value(handling_default), say("人工处理一件要多久", "a person's time for one case"));
  const parsed p = parse(about, options, arguments);
  if (p.exit) return *p.exit;
  if (p.values.count("labelled") == 0) {
    return complain(
        {errc::bad_argument,
         bilingual{
             "policy measure：请用 --labelled FILE.tsv 给出标注好的语句",
             "policy measure: --labelled FILE.tsv names the phrases"}},
        language_of(p.values));
  }
  const auto handling = parse_duration(p.values["handling"].as<std::string>());
  if (!handling)
    return complain(
        {errc::bad_argument, tell("--handling：{}", "--handling: {}", handling.error().both())},
        language_of(p.values));
  const std::string file = p.values["labelled"].as<std::string>();
  const auto text = policy::read_file(file, labelled_bytes_max);
  if (!text) return complain(text.error(), language_of(p.values));
  const auto phrases = read_labelled(*text, file);
  if (!phrases) return complain(phrases.error(), language_of(p.values));
  judge_setup setup;
  if (const auto ready = set_up(p.values, setup); !ready)
    return complain(ready.error(), language_of(p.values));

  const measurement m = measure(*setup.judge, *phrases);
  const measured_what what{file,       setup.judge->pack().name(),           hex(setup.judge->pack().digest()),
                           setup.date, p.values["kind"].as<std::string>(), *handling};
  const std::string page = measurement_text(m, what, language_of(p.values) == scenarios::language::zh);
  const std::string out = wants_json(p.values) ? measurement_json(m, what) : page;
  std::fputs(out.c_str(), stdout);
  if (p.values.count("report") != 0) {
    const std::string to = p.values["report"].as<std::string>();
    std::ofstream report(to, std::ios::binary);
    if (!(report << page) || !report.flush())
      return complain({errc::io, tell("写不进 {}", "cannot write {}", to)}, language_of(p.values));
  }
  return std::fflush(stdout) == 0 ? exit_ok : exit_failed;
}

}  // namespace zhili::node
