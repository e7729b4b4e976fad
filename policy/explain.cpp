// SPDX-License-Identifier: Apache-2.0
#include "policy/explain.hpp"

#include <algorithm>
#include <set>

#include "policy/expression/compile.hpp"
#include "policy/expression/error_words.hpp"
#include "policy/pack_compiled.hpp"
#include "policy/pack_plans.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

const stage_info* stage_numbered(const pack& p, std::uint16_t number, const workflow_info*& workflow, std::uint32_t& bit) {
  for (const workflow_info& w : p.workflows()) {
    for (std::size_t i = 0; i < w.stages.size(); ++i) {
      if (w.stages[i].number != number) continue;
      workflow = &w;
      bit = std::uint32_t{1} << i;
      return &w.stages[i];
    }
  }
  return nullptr;
}

// One case at one stage; computes parts of conditions one by one.
class explainer {
 public:
  /// `uncounted`: categories whose hits `in` does not hold.
  explainer(const pack::compiled& c, naming names, const inputs& in, std::uint64_t uncounted)
      : compiled_(c), names_(names), in_(in), uncounted_(uncounted) {}

  std::vector<explained_part> parts(const written_rule& rule) {
    std::vector<explained_part> out;
    const std::size_t count = std::min(rule.lets.size(), program_lets_max);
    values_.clear();
    values_.reserve(count);
    lets_.clear();
    std::vector<problem> ignored;
    for (std::size_t i = 0; i < count; ++i) {
      values_.push_back(parse_expression(rule.lets[i].second, ignored));
      lets_.push_back({rule.lets[i].first, &values_.back()});
    }
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t first = out.size();
      walk(values_[i], values_[i].root, rule.lets[i].second, 0, out);
      if (out.size() > first) out[first].let = rule.lets[i].first;
    }
    const expression when = parse_expression(rule.when, ignored);
    walk(when, when.root, rule.when, 0, out);
    return out;
  }

 private:
  void walk(
      const expression& e, std::uint32_t n, const std::string& source, int depth,
      std::vector<explained_part>& out) {
    if (e.nodes.empty() || e.nodes[n].kind == node_kind::literal) return;
    const expression_node& node = e.nodes[n];
    out.push_back({source.substr(node.begin, node.end - node.begin), value_of(e, n), depth, {}, threshold(e, node)});
    const bool names_alone =
        node.kind == node_kind::presence || (node.kind == node_kind::call && (node.text == "hits" || node.text == "score"));
    if (names_alone) return;
    const bool loop = node.kind == node_kind::call && node.is_member &&
                      (node.text == "all" || node.text == "exists" || node.text == "exists_one" ||
                       node.text == "map" || node.text == "filter");
    // What stands inside a loop has no one value.
    const std::size_t count = loop ? 1 : node.children.size();
    for (std::size_t i = 0; i < count; ++i) walk(e, node.children[i], source, depth + 1, out);
  }

  /// The scorecard that one side of a comparison asks.
  static std::string threshold(const expression& e, const expression_node& node) {
    if (node.kind != node_kind::comparison) return {};
    for (const std::uint32_t side : node.children) {
      const expression_node& asked = e.nodes[side];
      if (asked.kind == node_kind::call && asked.text == "score") return e.nodes[asked.children[0]].text;
    }
    return {};
  }

  bilingual value_of(const expression& e, std::uint32_t n) {
    expression part;
    part.nodes = e.nodes;
    part.root = n;
    code_pool pool;
    std::vector<compile_problem> ignored;
    const program p = compile(part, lets_, names_, pool, ignored);
    if ((p.categories & uncounted_) != 0) return {"没有去数", "not counted"};
    arena memory(std::size_t{4} << 20);
    workspace work{memory, steps_max, nullptr, nullptr, nullptr, compiled_.words.get()};
    const value v = evaluate(p, pool, in_, work);
    if (!v.is(kind::error)) {
      const std::string text = shown(v, 120);
      return {text, text};
    }
    if (v.text() == missing_fact) {
      return e.nodes[n].kind == node_kind::name
                 ? bilingual{"没有提供", "absent"}
                 : bilingual{"算不出来（缺少事实）", "undecided: a fact is absent"};
    }
    return tell("出错：{}", "error: {}", error_words(v.text()));
  }

  const pack::compiled& compiled_;
  naming names_;
  inputs in_;
  std::uint64_t uncounted_;
  std::vector<expression> values_;
  std::vector<let_source> lets_;
};

explained_outcome outcome_of(
    const staged_rule& r, const provision* basis, const pack::compiled& c, const inputs& in) {
  if (r.mode == mode::off) return explained_outcome::off;
  if (basis == nullptr) return explained_outcome::not_in_force;
  arena memory(std::size_t{4} << 20);
  workspace work{memory, steps_max, nullptr, nullptr, nullptr, c.words.get()};
  switch (run(r.when, c.pool, in, work)) {
    case outcome::yes: return explained_outcome::fires;
    case outcome::error: return explained_outcome::error;
    case outcome::no: break;
  }
  return explained_outcome::silent;
}

/// Function and name in brackets of every hits(…) and score(…) in conditions of the stage and in parts that they may lean on.
using asked_names = std::set<std::pair<std::string, std::string>>;

asked_names names_in(const stage_plan& plan, const pack::compiled& c) {
  asked_names out;
  std::vector<problem> ignored;
  const auto look = [&](const std::string& source) {
    const expression e = parse_expression(source, ignored);
    for (const expression_node& n : e.nodes) {
      if (n.kind == node_kind::call && (n.text == "hits" || n.text == "score"))
        out.emplace(n.text, e.nodes[n.children[0]].text);
    }
  };
  for (const staged_rule& r : plan.rules) {
    const written_rule& rule = c.rule_texts[r.rule];
    look(rule.when);
    for (const auto& [name, source] : rule.lets) look(source);
  }
  return out;
}

/// The hits of every lexicon that a rule of the stage names. Those of parts that no condition asks for are counted by no
/// judgement, and nobody shall read that there are none. `uncounted`: categories that could not be searched for.
std::vector<hit> hits_of(
    const stage_plan& plan, const pack::compiled& c, const asked_names& asked, text_reading& read, std::uint64_t& uncounted) {
  matcher::scratch matching;
  std::vector<hit> found;
  plan.terms->scan(read.normalised(), matching, found);
  for (std::size_t i = 0; i < c.categories.size(); ++i) {
    if (asked.contains({"hits", c.categories[i].name})) uncounted |= std::uint64_t{1} << i;
  }
  uncounted &= ~plan.categories;
  if (uncounted == 0) return found;
  const auto others = terms_of(uncounted, c);
  if (!others) return found;
  std::vector<hit> more;
  (*others)->scan(read.normalised(), matching, more);
  found.insert(found.end(), more.begin(), more.end());
  std::stable_sort(found.begin(), found.end(), [](const hit& x, const hit& y) { return x.begin < y.begin; });
  uncounted = 0;
  return found;
}

}  // namespace

explanation explain(
    const pack& p, std::uint16_t stage, const slots& facts, std::string_view text, instant at,
    std::uint64_t account_hash) {
  explanation out;
  scratch memory;
  p.judge(stage, facts, text, at, account_hash, memory, out.verdict);
  const pack::compiled& c = p.internals();
  const stage_plan* plan = c.plan(stage);
  naming names;
  if (plan == nullptr || stage_numbered(p, stage, names.workflow, names.stages) == nullptr) return out;

  text_reading read;
  read.begin(*c.words, text);
  const asked_names asked = names_in(*plan, c);
  std::uint64_t uncounted = 0;
  tally hits;
  for (const hit& h : hits_of(*plan, c, asked, read, uncounted)) {
    hits.add(h);
    explained_hit shown{c.categories[h.category].name, std::string(text.substr(h.begin, h.length)), h.begin};
    // Two terms, or one by its characters and by its sound, may hit the very same words.
    const bool again = std::any_of(out.hits.begin(), out.hits.end(), [&](const explained_hit& other) {
      return other.category == shown.category && other.begin == shown.begin && other.text == shown.text;
    });
    if (!again) out.hits.push_back(std::move(shown));
  }
  std::vector<std::string_view> categories;
  for (const lexicon_category& category : c.categories) categories.push_back(category.name);
  names.has_text = true;
  names.categories = categories;
  score_sheet scores;
  scores.begin(c.scorecards, read);
  names.scorecards = c.scorecard_names;
  const inputs in{
      plan->counter_count == 0 ? facts : memory.facts_with_counters(), hits.count, text, {}, &scores};
  explainer parts(c, names, in, uncounted);
  std::uint16_t decided = 0;
  for (const staged_rule& r : plan->rules) {
    explained_rule& e = out.rules.emplace_back();
    e.rule = r.rule;
    e.basis = c.rules[r.rule].basis_on(china_day(at));
    e.outcome = outcome_of(r, e.basis, c, in);
    // Of a table with hit policy F only the first row counts.
    if (r.first_of != 0 && r.first_of == decided) e.outcome = explained_outcome::silent;
    if (e.outcome == explained_outcome::fires) decided = r.first_of;
    if (r.rule < c.rule_texts.size() && !c.rule_texts[r.rule].when.empty())
      e.parts = parts.parts(c.rule_texts[r.rule]);
  }
  for (const scorecard& card : c.scorecards) {
    if (asked.contains({"score", card.name()})) out.scores.push_back(explain_score(card, read, text));
  }
  return out;
}

const bilingual& correction(const pack& p, std::uint16_t rule) {
  return p.internals().rule_texts[rule].correct;
}

}  // namespace zhili::policy
