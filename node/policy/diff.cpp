// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "node/files.hpp"
#include "node/policy/shared.hpp"
#include "node/verb.hpp"
#include "policy/pack_difference.hpp"

namespace zhili::node {
namespace {

constexpr usage about{
    "policy diff", "OLD NEW",
    {"说出 NEW 和 OLD 在含义上的差别：多了、少了、改了哪些规则（挪动了哪些界限）、词和设置。排版、注释和文件的次序不算差别。\n"
    "在真实的提交上会改变什么，由 `zhili compare` 来说。\n"
    "\n"
    "例子\n"
    "  zhili policy diff packs/baseline-2021 packs/default\n"
    "\n"
    "退出码：0 有没有差别都是 0；3 有规则包读不出来",
    "Says what NEW judges otherwise than OLD, by meaning: rules added, removed and changed (with the "
    "thresholds that moved),\n"
    "terms and settings. Layout, comments and the order of files count for nothing. What it would change on "
    "real\n"
    "submissions, `zhili compare` says.\n\n"
    "example\n"
    "  zhili policy diff packs/baseline-2021 packs/default\n\n"
    "exit codes: 0 also where they differ; 3 a pack does not load"},
    false, 2};

nlohmann::ordered_json json_of(const std::vector<policy::changed_part>& parts) {
  auto out = nlohmann::ordered_json::array();
  for (const auto& p : parts) out.push_back({{"what", p.what}, {"from", p.from}, {"to", p.to}});
  return out;
}

nlohmann::ordered_json json_of(const std::vector<policy::whole_rule>& rules) {
  auto out = nlohmann::ordered_json::array();
  for (const auto& r : rules)
    out.push_back(
        {{"id", r.id},
         {"zh", r.title.zh},
         {"en", r.title.en},
         {"stages", r.stages},
         {"when", r.when},
         {"verdict", policy::verdict_name(r.verdict)},
         {"points", r.points},
         {"mode", r.mode}});
  return out;
}

void print_json(const policy::pack_difference& d) {
  nlohmann::ordered_json j;
  j["added_rules"] = json_of(d.added_rules);
  j["removed_rules"] = json_of(d.removed_rules);
  j["changed_rules"] = nlohmann::ordered_json::array();
  for (const auto& r : d.changed_rules)
    j["changed_rules"].push_back(
        {{"id", r.id}, {"zh", r.title.zh}, {"en", r.title.en}, {"parts", json_of(r.parts)}});
  j["terms"] = nlohmann::ordered_json::array();
  for (const auto& t : d.terms)
    j["terms"].push_back(
        {{"category", t.category},
         {"is_new", t.is_new},
         {"is_gone", t.is_gone},
         {"added", t.added},
         {"removed", t.removed}});
  j["settings"] = json_of(d.settings);
  j["counters"] = json_of(d.counters);
  j["scorecards"] = json_of(d.scorecards);
  std::printf("%s\n", j.dump(2).c_str());
}

constexpr std::size_t terms_shown_max = 20;

struct word {
  std::string_view key, zh;
};
// What changed, and what the words of a rule's file mean.
constexpr word parts_zh[] = {
    {"threshold", "阈值"}, {"when", "条件"},   {"let", "分条件"},  {"stage", "环节"},   {"verdict", "结论"},
    {"level", "严重程度"}, {"points", "分值"}, {"queue", "队列"},  {"measure", "处置"}, {"mode", "开关"},
    {"basis", "依据"},     {"label", "标注"},  {"reason", "原因"}, {"title", "标题"}};
constexpr word values_zh[] = {{"approve", "通过"},    {"label", "标注"},      {"demote", "降低展示"},
                              {"reject", "不予通过"}, {"escalate", "转人工"}, {"suspend", "暂停账号"},
                              {"off", "关闭"},        {"shadow", "影子"},     {"enforce", "启用"}};

std::string part_name(std::string_view key, scenarios::language lang) {
  if (lang == scenarios::language::zh) {
    for (const word& w : parts_zh) {
      if (w.key == key) return std::string(w.zh);
    }
  }
  return std::string(key);
}

// reject（不予通过）
std::string value_name(std::string_view value, scenarios::language lang) {
  if (lang == scenarios::language::zh) {
    for (const word& w : values_zh) {
      if (w.key == value) return fmt::format("{}（{}）", value, w.zh);
    }
    if (value.starts_with("canary(")) return fmt::format("{}（灰度）", value);
  }
  return std::string(value);
}

std::string whole_text(char sign, const policy::whole_rule& r, scenarios::language lang) {
  std::string out = fmt::format("{} {} {}  {}\n", sign, in(lang, "规则", "rule"), r.id, in(lang, r.title));
  const std::string does = value_name(policy::verdict_name(r.verdict), lang);
  const std::string points =
      r.points == 0 ? "" : fmt::format(fmt::runtime(in(lang, "，{} 分", ", {} points")), r.points);
  out += fmt::format(
      fmt::runtime(in(lang, "    环节 {}；触发时 {}{}；{}\n", "    at {}; {}{} where it fires; {}\n")),
      r.stages, does, points, value_name(r.mode, lang));
  return out + fmt::format(fmt::runtime(in(lang, "    条件 {}\n", "    when {}\n")), r.when);
}

std::string terms_text(char sign, const std::vector<std::string>& terms) {
  if (terms.empty()) return {};
  const std::size_t shown = std::min(terms.size(), terms_shown_max);
  return fmt::format(
      "    {} {}{}\n", sign,
      fmt::join(terms.begin(), terms.begin() + static_cast<std::ptrdiff_t>(shown), " "),
      terms.size() > shown ? fmt::format(" … ({})", terms.size()) : "");
}

std::string text_of(const policy::pack_difference& d, scenarios::language lang) {
  if (d.empty()) return std::string(in(lang, "两个规则包判定相同\n", "the two packs judge alike\n"));
  std::string out;
  for (const auto& r : d.added_rules) out += whole_text('+', r, lang);
  for (const auto& r : d.removed_rules) out += whole_text('-', r, lang);
  for (const auto& r : d.changed_rules) {
    out += fmt::format("~ {} {}  {}\n", in(lang, "规则", "rule"), r.id, in(lang, r.title));
    for (const auto& p : r.parts) {
      const bool words = p.what == "verdict" || p.what == "mode";
      out += fmt::format(
          "    {}: {} → {}\n", part_name(p.what, lang), words ? value_name(p.from, lang) : p.from,
          words ? value_name(p.to, lang) : p.to);
    }
  }
  for (const auto& t : d.terms) {
    out += fmt::format(
        "{} {} {}{}",
        t.is_new    ? '+'
        : t.is_gone ? '-'
                    : '~',
        in(lang, "词表", "lexicon"), t.category, in(lang, t.title).empty() ? "" : "  " + in(lang, t.title));
    if (t.is_new || t.is_gone) {
      out += fmt::format(
          fmt::runtime(in(lang, "：{} 个词\n", ": {} terms\n")),
          t.is_new ? t.added.size() : t.removed.size());
    } else {
      out += fmt::format(
          fmt::runtime(in(lang, "：加 {}，减 {}\n", ": {} added, {} removed\n")), t.added.size(),
          t.removed.size());
    }
    out += terms_text('+', t.added) + terms_text('-', t.removed);
  }
  for (const auto& s : d.settings)
    out += fmt::format("~ {} {}: {} → {}\n", in(lang, "设置", "setting"), s.what, s.from, s.to);
  const auto tell_of = [&](std::string_view what, const std::vector<policy::changed_part>& all) {
    for (const auto& c : all) {
      const char sign = c.from.empty() ? '+' : c.to.empty() ? '-' : '~';
      out += fmt::format("{} {} {}: {}{}{}\n", sign, what, c.what, c.from, sign == '~' ? " → " : "", c.to);
    }
  };
  tell_of(in(lang, "计数器", "counter"), d.counters);
  tell_of(in(lang, "评分卡", "scorecard"), d.scorecards);
  return out;
}

}  // namespace

int run_policy_diff(const std::vector<std::string>& arguments) {
  const words say{arguments};
  po::options_description options = say.options();
  add_common(options, say);
  const parsed p = parse(about, options, arguments);
  if (p.exit) return *p.exit;
  const auto& names = p.values["positional"].as<std::vector<std::string>>();
  if (names.size() != 2)
    return complain(
        {errc::bad_argument,
         bilingual{
             "请给出两个规则包：zhili policy diff 旧包 新包", "give two packs: zhili policy diff OLD NEW"}},
        language_of(p.values));
  const auto before = load_pack(names[0]);
  if (!before) return complain(before.error(), language_of(p.values));
  const auto after = load_pack(names[1]);
  if (!after) return complain(after.error(), language_of(p.values));
  const policy::pack_difference d = policy::difference(**before, **after);
  if (wants_json(p.values)) {
    print_json(d);
  } else {
    std::fputs(text_of(d, language_of(p.values)).c_str(), stdout);
  }
  return exit_ok;
}

}  // namespace zhili::node
