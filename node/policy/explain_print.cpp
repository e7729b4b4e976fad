// SPDX-License-Identifier: Apache-2.0
#include "node/policy/explain_print.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "node/policy/shared.hpp"
#include "protocols/types/hash.hpp"
#include "protocols/types/time.hpp"

namespace zhili::node {
namespace {

using policy::explained_outcome;
using scenarios::language;

constexpr std::string_view verdict_zh[] = {"无",       "通过",   "标注",    "降低展示",
                                           "不予通过", "转人工", "暂停账号"};
constexpr std::string_view verdict_en[] = {"none",   "approve",  "label",  "demote",
                                           "reject", "escalate", "suspend"};
constexpr std::string_view outcome_zh[] = {"触发", "未触发", "缺少事实，未触发", "依据当日未生效", "已关闭"};
constexpr std::string_view outcome_en[] = {
    "fires", "silent", "a fact is missing: silent", "its basis was not in force that day", "off"};

std::string_view verdict_text(verdict v, language lang) {
  return in(lang, verdict_zh[static_cast<std::size_t>(v)], verdict_en[static_cast<std::size_t>(v)]);
}

bool shadow(const policy::rule_info& r) {
  return r.mode == policy::mode::shadow;
}

std::string basis_text(const policy::provision& b, language lang) {
  return lang == language::zh ? fmt::format("《{}》第{}条", b.statute, b.article)
                              : fmt::format("{} art. {}", b.statute, b.article);
}

std::string rule_text(const explained_case& c, const policy::explained_rule& e, language lang) {
  const policy::rule_info& r = c.pack.rule(e.rule);
  const auto outcome = static_cast<std::size_t>(e.outcome);
  std::string out = fmt::format(
      "\n{}  {}  [{}]\n", r.id, in(lang, r.title), in(lang, outcome_zh[outcome], outcome_en[outcome]));
  out += fmt::format("  {}:{}\n", r.file, r.line);
  if (e.outcome == explained_outcome::fires) {
    out += fmt::format(
        "  → {}{}{}\n", verdict_text(r.verdict, lang),
        r.points != 0 ? fmt::format(fmt::runtime(in(lang, "，{} 分", ", {} points")), r.points) : "",
        shadow(r) ? in(lang, "（影子规则，不生效）", " (shadow: without effect)") : "");
    if (e.basis != nullptr)
      out += fmt::format(
          "  {} {} ({} {})\n", in(lang, "依据", "basis"), basis_text(*e.basis, lang),
          date_string(e.basis->valid_from),
          e.basis->valid_to == INT32_MAX ? std::string(in(lang, "起", "on"))
                                         : "– " + date_string(e.basis->valid_to));
    out += fmt::format("  {}\n", in(lang, r.reason));
  }
  for (const policy::explained_part& part : e.parts) {
    out += fmt::format(
        "  {:{}}{}{}  =  {}\n", "", 2 + 2 * part.depth, part.let.empty() ? "" : part.let + ": ", part.source,
        in(lang, part.value));
  }
  return out;
}

constexpr std::size_t terms_shown = 6;
constexpr std::size_t rules_shown = 3;

// A comparison of a score, with the rules that make it: many lean on one shared part.
struct threshold {
  const policy::explained_part* part;
  std::vector<std::string_view> rules;
};

std::vector<threshold> thresholds_of(const explained_case& c, const policy::explained_score& s) {
  std::vector<threshold> out;
  for (const policy::explained_rule& e : c.why.rules) {
    for (const policy::explained_part& part : e.parts) {
      if (part.threshold_of != s.card) continue;
      auto same = std::find_if(out.begin(), out.end(), [&](const threshold& t) {
        return t.part->source == part.source && t.part->value.en == part.value.en;
      });
      if (same == out.end()) same = out.insert(out.end(), {&part, {}});
      const std::string_view id = c.pack.rule(e.rule).id;
      if (same->rules.empty() || same->rules.back() != id) same->rules.push_back(id);
    }
  }
  return out;
}

std::string rules_text(const std::vector<std::string_view>& rules, language lang) {
  const std::vector<std::string_view> few(
      rules.begin(), rules.begin() + static_cast<std::ptrdiff_t>(std::min(rules_shown, rules.size())));
  const std::string named = fmt::format("{}", fmt::join(few, in(lang, "、", ", ")));
  if (rules.size() == few.size()) return named;
  return lang == language::zh ? fmt::format("{} 等 {} 条规则", named, rules.size())
                              : fmt::format("{} and {} more rules", named, rules.size() - few.size());
}

std::string score_text(const explained_case& c, const policy::explained_score& s, language lang) {
  const bool zh = lang == language::zh;
  std::string out = fmt::format(
      fmt::runtime(zh ? "  {}  {}  {}（起点 {}，{} 个词合计 {:+}）\n" : "  {}  {}  {} (begins at {}, {} terms give {:+})\n"), s.card,
      in(lang, s.title), s.score, s.bias, s.terms.size(), s.score - s.bias);
  if (s.length != 0 && s.length < c.text.size())
    out += fmt::format("    {}  {}\n", in(lang, "取自", "of"), c.text.substr(s.begin, s.length));
  for (const threshold& t : thresholds_of(c, s))
    out += fmt::format(
        fmt::runtime(zh ? "    门槛  {}  =  {}（{}）\n" : "    threshold  {}  =  {} ({})\n"), t.part->source,
        in(lang, t.part->value), rules_text(t.rules, lang));
  std::int64_t others = s.score - s.bias;
  const std::size_t shown = std::min(terms_shown, s.terms.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const policy::scored_term& t = s.terms[i];
    others -= t.weight;
    out += fmt::format(
        "    {:+}  {}{}  {} {}\n", t.weight, t.term,
        t.written == t.term ? ""
                            : fmt::format(fmt::runtime(in(lang, "（原文 {}）", " (written {})")), t.written),
        in(lang, "字节", "byte"), t.begin);
  }
  if (s.terms.size() > shown)
    out += fmt::format(
        fmt::runtime(in(lang, "    另有 {} 个词，合计 {:+}\n", "    {} more terms, together {:+}\n")), s.terms.size() - shown,
        others);
  return out;
}

nlohmann::ordered_json score_json(const explained_case& c, const policy::explained_score& s) {
  nlohmann::ordered_json j{{"card", s.card}, {"zh", s.title.zh}, {"en", s.title.en}, {"score", s.score}, {"bias", s.bias}};
  j["begin"] = s.begin;
  j["length"] = s.length;
  j["thresholds"] = nlohmann::ordered_json::array();
  for (const threshold& t : thresholds_of(c, s))
    j["thresholds"].push_back({{"source", t.part->source}, {"value", t.part->value.en}, {"rules", t.rules}});
  j["terms"] = nlohmann::ordered_json::array();
  for (const policy::scored_term& t : s.terms)
    j["terms"].push_back({{"term", t.term}, {"weight", t.weight}, {"text", t.written}, {"begin", t.begin}});
  return j;
}

bool counts(const explained_case& c, const policy::explained_rule& e) {
  return e.outcome == explained_outcome::fires && c.pack.rule(e.rule).mode != policy::mode::shadow;
}

// The words that stand against the person, each once: those of the lexicon that the evidence is of. What else a rule
// counts (the name of a treatment, a voice) says what kind of text it is, and nobody has to delete that.
std::vector<std::string> words_of(const explained_case& c, const policy::explained_rule& e) {
  std::vector<std::string> out;
  for (const policy::finding& f : c.why.verdict.findings) {
    if (f.rule != e.rule || f.length == 0) continue;
    const auto evidence = std::find_if(c.why.hits.begin(), c.why.hits.end(), [&](const policy::explained_hit& h) {
      return h.begin == f.begin && h.text.size() == f.length;
    });
    for (const policy::explained_hit& h : c.why.hits) {
      if (evidence == c.why.hits.end() || h.category != evidence->category) continue;
      if (std::find(out.begin(), out.end(), h.text) == out.end()) out.push_back(h.text);
    }
  }
  return out;
}

std::string correction_of(const explained_case& c, const policy::explained_rule& e, language lang) {
  const std::string& said = in(lang, policy::correction(c.pack, e.rule));
  if (!said.empty()) return said;
  const auto words = words_of(c, e);
  if (!words.empty()) {
    return lang == language::zh ? fmt::format("删去或改写：「{}」", fmt::join(words, "」「"))
                                : fmt::format("take out or rewrite: “{}”", fmt::join(words, "”, “"));
  }
  return std::string(
      in(lang, "更正或补充上述所说的内容后重新提交", "put right what is said above and submit again"));
}

}  // namespace

std::string explain_to_reviewer(const explained_case& c, language lang) {
  std::string out = fmt::format(
      "{} {}  {} v{}  {}\n", kind_name(c.kind, c.pack), c.kind.stage->zh, c.pack.name(), c.pack.version(),
      date_string(china_day(c.day)));
  out += fmt::format("{}: {}\n", in(lang, "结论", "verdict"), verdict_text(c.why.verdict.verdict, lang));
  if (!c.given.shown.empty()) out += fmt::format("\n{}\n", in(lang, "事实", "facts"));
  for (const auto& [name, value] : c.given.shown) out += fmt::format("  {} = {}\n", name, value);
  if (!c.why.hits.empty()) out += fmt::format("\n{}\n", in(lang, "命中词", "terms found"));
  for (const policy::explained_hit& h : c.why.hits)
    out += fmt::format("  {}  {}  {} {}\n", h.category, h.text, in(lang, "字节", "byte"), h.begin);
  if (!c.why.scores.empty()) out += fmt::format("\n{}\n", in(lang, "评分卡", "scorecards"));
  for (const policy::explained_score& s : c.why.scores) out += score_text(c, s, lang);
  for (const policy::explained_rule& e : c.why.rules) {
    if (c.with_silent || e.outcome == explained_outcome::fires) out += rule_text(c, e, lang);
  }
  const auto silent = std::count_if(c.why.rules.begin(), c.why.rules.end(), [](const auto& e) {
    return e.outcome != explained_outcome::fires;
  });
  if (!c.with_silent && silent > 0)
    out += fmt::format(
        fmt::runtime(
            in(lang, "\n另有 {} 条规则未触发（--all 列出）\n",
               "\n{} more rules did not fire (--all lists them)\n")),
        silent);
  return out;
}

std::string explain_to_person(const explained_case& c, language lang) {
  const auto any =
      std::any_of(c.why.rules.begin(), c.why.rules.end(), [&](const auto& e) { return counts(c, e); });
  if (!any || c.why.verdict.verdict == verdict::approve)
    return std::string(
        in(lang, "您提交的内容没有发现问题。\n", "Nothing was found wrong with what you submitted.\n"));
  std::string out = fmt::format(
      fmt::runtime(in(lang, "处理结果：{}\n", "Outcome: {}\n")), verdict_text(c.why.verdict.verdict, lang));
  int n = 0;
  for (const policy::explained_rule& e : c.why.rules) {
    if (!counts(c, e)) continue;
    const policy::rule_info& r = c.pack.rule(e.rule);
    out += fmt::format("\n{}. {}\n", ++n, in(lang, r.title));
    out += fmt::format("   {}{}\n", in(lang, "问题：", "What is wrong: "), in(lang, r.reason));
    if (e.basis != nullptr)
      out += fmt::format("   {}{}\n", in(lang, "依据：", "Basis: "), basis_text(*e.basis, lang));
    out += fmt::format("   {}{}\n", in(lang, "如何改正：", "What to correct: "), correction_of(c, e, lang));
  }
  out +=
      in(lang,
         "\n如有异议：您可以对本处理提出申诉，说明理由并附上证明材料，由未参与本次处理的人员复核；申诉成立的"
         "，恢复原状。\n",
         "\nIf you disagree: you may appeal, with your reasons and documents; somebody who had no part in "
         "this decides, and what\n"
         "was wrongly done is undone.\n");
  return out;
}

std::string explain_json(const explained_case& c) {
  nlohmann::ordered_json j;
  j["pack"] = {{"name", c.pack.name()}, {"version", c.pack.version()}, {"digest", hex(c.pack.digest())}};
  j["stage"] = kind_name(c.kind, c.pack);
  j["date"] = date_string(china_day(c.day));
  j["verdict"] = verdict_text(c.why.verdict.verdict, language::en);
  j["points"] = c.why.verdict.points;
  j["hits"] = nlohmann::ordered_json::array();
  for (const auto& h : c.why.hits)
    j["hits"].push_back({{"category", h.category}, {"text", h.text}, {"begin", h.begin}});
  j["scores"] = nlohmann::ordered_json::array();
  for (const policy::explained_score& s : c.why.scores) j["scores"].push_back(score_json(c, s));
  j["rules"] = nlohmann::ordered_json::array();
  for (const policy::explained_rule& e : c.why.rules) {
    if (!c.with_silent && e.outcome != explained_outcome::fires) continue;
    const policy::rule_info& r = c.pack.rule(e.rule);
    nlohmann::ordered_json rule{{"id", r.id}, {"zh", r.title.zh}, {"en", r.title.en}};
    rule["outcome"] = outcome_en[static_cast<std::size_t>(e.outcome)];
    rule["verdict"] = verdict_text(r.verdict, language::en);
    rule["shadow"] = shadow(r);
    if (e.basis != nullptr) rule["basis"] = {{"statute", e.basis->statute}, {"article", e.basis->article}};
    rule["reason"] = {{"zh", r.reason.zh}, {"en", r.reason.en}};
    rule["correct"] = {{"zh", correction_of(c, e, language::zh)}, {"en", correction_of(c, e, language::en)}};
    rule["parts"] = nlohmann::ordered_json::array();
    for (const auto& part : e.parts)
      rule["parts"].push_back(
          {{"source", part.source}, {"value", part.value.en}, {"depth", part.depth}, {"let", part.let}});
    j["rules"].push_back(std::move(rule));
  }
  return j.dump(2) + "\n";
}

}  // namespace zhili::node
