// SPDX-License-Identifier: Apache-2.0
#include "policy/pack_plans.hpp"

#include <algorithm>
#include <bit>
#include <deque>
#include <map>
#include <set>

#include "policy/counter_compile.hpp"
#include "policy/expression/compile.hpp"
#include "policy/expression/reach.hpp"
#include "policy/fields.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

bool is_removal(verdict v) {
  return v == verdict::reject || v == verdict::demote || v == verdict::suspend;
}

// A rule with its expressions, which staged programs are compiled from more than once.
struct parsed_rule {
  rule_source source;
  expression when;
  std::deque<expression> values;
  std::vector<let_source> lets;
  std::uint16_t number = 0;
  /// So many of its lets stand in the rule, the others in pack.yaml.
  std::size_t own_lets = 0;

  bool is_read() const {
    return !when.nodes.empty() &&
           std::none_of(lets.begin(), lets.end(), [](const let_source& l) { return l.value->nodes.empty(); });
  }
};

class planner {
 public:
  planner(planned_with with, std::span<const std::string_view> categories, pack::compiled& into)
      : shared_(with.shared, std::move(with.lost)), all_read_(with.all_rules_read), categories_(categories), into_(into) {}

  void run(std::vector<rule_source> sources) {
    for (rule_source& r : sources) add(std::move(r));
    all_read_ = all_read_ && shared_.all_read() &&
                std::all_of(rules_.begin(), rules_.end(), [](const parsed_rule& r) { return r.is_read(); });
    shared_.check_names(all_read_);
    for (parsed_rule& r : rules_) compile_rule(r);
    shared_.report_misuses();
    for (const compiled_counter& k : into_.counters) {
      for (const std::uint16_t stage : k.stages) plan_of(stage);
    }
    std::sort(into_.plans.begin(), into_.plans.end(), [](const auto& a, const auto& b) {
      return a.stage < b.stage;
    });
    for (stage_plan& p : into_.plans) inform(p);
    plan_counters(into_);
    for (stage_plan& p : into_.plans) index(p);
  }

 private:
  // ---- rules as written

  void add(rule_source source) {
    parsed_rule& r = rules_.emplace_back();
    r.number = static_cast<std::uint16_t>(into_.rules.size());
    r.when = parse_written(source.when);
    r.source = std::move(source);
    auto& lets = r.source.lets;
    if (lets.size() > program_lets_max) {
      lets[program_lets_max].first.error(
          tell("'let' 下面超过 {} 个", "more than {} parts under 'let'", program_lets_max));
      lets.resize(program_lets_max);
    }
    for (const auto& [name, value] : lets)
      r.lets.push_back({name.text(), &r.values.emplace_back(parse_written(written(value)))});
    r.own_lets = lets.size();
    shared_.borrow(r.when, r.source.match, lets, r.lets);
    for (std::size_t i = 0; i < r.lets.size(); ++i) shared_.borrow(*r.lets[i].value, r.source.match, lets, r.lets);
    into_.rules.push_back(r.source.info);
  }

  void compile_rule(parsed_rule& r) {
    for (const stage_set& s : r.source.match) compile_at(r, s);
    into_.rule_texts.push_back(text_of(r.source));
    for (rule_test& t : r.source.tests) {
      t.rule = r.number;
      into_.tests.push_back(std::move(t));
    }
  }

  static written_rule text_of(const rule_source& r) {
    written_rule out;
    out.when = r.when.text();
    for (const auto& [name, value] : r.lets) out.lets.emplace_back(name.text(), value.text());
    for (const stage_set& s : r.match) {
      for (std::size_t i = 0; i < s.workflow->stages.size(); ++i) {
        if (s.stages >> i & 1) out.stages.push_back(s.workflow->stages[i].number);
      }
    }
    std::sort(out.stages.begin(), out.stages.end());
    out.correct = r.correct;
    return out;
  }

  // ---- programs

  naming names_at(const stage_set& at) const {
    naming names = naming_at(at, categories_);
    names.scorecards = into_.scorecard_names;
    names.shared_parts = shared_.names();
    names.lost = &shared_.lost();
    names.suggestions_max -= std::min(names.suggestions_max, problems_);
    return names;
  }

  void compile_at(const parsed_rule& r, const stage_set& at) {
    if (r.when.nodes.empty()) return;
    std::vector<compile_problem> problems;
    staged_rule staged;
    staged.when = compile(r.when, r.lets, names_at(at), into_.pool, problems);
    problems_ += problems.size();
    for (compile_problem& p : problems) report(r, std::move(p));
    if (problems.empty() && at.workflow == r.source.match.front().workflow) {
      if (auto never = never_true(r.when, *at.workflow))
        r.source.when.error_at(never->offset, std::move(never->message));
    }
    if (problems.empty() && r.is_read() && !leans_on_lost(r)) check_ground(r.source, at, staged.when);
    rule_index::row row;
    row.constraints = constraints_of(r.when, r.lets, *at.workflow);
    add_to_plans(r, at, staged, std::move(row));
  }

  /// Something that it names is not known, and may well be a ground.
  bool leans_on_lost(const parsed_rule& r) const {
    const auto is_lost = [&](const expression_node& n) {
      return n.kind == node_kind::name && shared_.lost().hold(n.text) &&
             std::none_of(r.lets.begin(), r.lets.end(), [&](const let_source& l) { return l.name == n.text; });
    };
    const auto leans = [&](const expression& e) { return std::any_of(e.nodes.begin(), e.nodes.end(), is_lost); };
    return leans(r.when) ||
           std::any_of(r.lets.begin(), r.lets.end(), [&](const let_source& l) { return leans(*l.value); });
  }

  void report(const parsed_rule& r, compile_problem p) {
    const std::string& rule = r.source.info.id;
    const auto part = static_cast<std::size_t>(p.part);
    const bool is_shared = p.part >= 0 && part >= r.own_lets;
    const written where = p.part < 0 ? r.source.when : written(r.source.lets[part].second);
    const std::string in = is_shared ? std::string(r.lets[part].name) : fmt::format("{} {}", r.number, p.part);
    std::string key = fmt::format("{} {}", in, p.what.offset);
    const bilingual message =
        is_shared ? tell("{}（规则 '{}' 用到它）", "{} (named by the rule '{}')", p.what.message, rule) : p.what.message;
    const auto say = [=, offset = p.what.offset] { where.error_at(offset, message); };
    const bool is_own = std::any_of(r.lets.begin(), r.lets.begin() + static_cast<std::ptrdiff_t>(r.own_lets),
                                    [&](const let_source& l) { return l.name == p.no_condition; });
    if (!is_own && shared_.keep(p.no_condition, {key, rule, p.what.message, say})) return;
    // Once, however many rules borrow it.
    if (!is_shared || reported_.insert(std::move(key)).second) say();
  }

  /// 电子商务法 39: a platform may not delete a consumer's review; being negative is no ground.
  void check_ground(const rule_source& r, const stage_set& at, const program& when) {
    if (!is_removal(r.info.verdict) || when.categories != 0 || when.reads_text || when.slots == 0) return;
    const field_info* last = nullptr;
    for (const field_info& f : at.workflow->fields) {
      if ((when.slots >> f.slot & 1) == 0) continue;
      if (f.no_ground_alone.empty()) return;
      last = &f;
    }
    r.when.error(tell(
        "不能只凭 '{}' 就不予通过或降低展示（{}）：请再写明内容本身有什么问题",
        "'{}' alone is no ground to reject or demote ({}): add what is wrong with the item", last->name,
        last->no_ground_alone));
  }

  // ---- plans

  void add_to_plans(const parsed_rule& r, const stage_set& at, staged_rule staged, rule_index::row row) {
    const rule_info& info = r.source.info;
    staged.first_of = r.source.first_of;
    staged.rule = r.number;
    staged.mode = info.mode;
    staged.canary_percent = info.canary_percent;
    staged.severity = info.severity;
    staged.queue_priority = info.queue_priority;
    staged.verdict = info.verdict;
    staged.points = info.points;
    staged.interval_first = static_cast<std::uint32_t>(into_.intervals.size());
    staged.interval_count = static_cast<std::uint32_t>(info.basis.size());
    for (const provision& p : info.basis) {
      into_.intervals.push_back({p.valid_from, p.valid_to});
      row.days.push_back({p.valid_from, p.valid_to});
    }
    row.off = staged.mode == mode::off;
    for (std::size_t i = 0; i < at.workflow->stages.size(); ++i) {
      if ((at.stages >> i & 1) == 0) continue;
      add_rule(plan_of(at.workflow->stages[i].number), staged, row);
    }
  }

  static void add_rule(stage_plan& plan, const staged_rule& staged, rule_index::row row) {
    plan.reads_text |= staged.when.categories != 0;
    plan.categories |= staged.when.categories;
    plan.has_canary |= staged.mode == mode::canary;
    plan.scores |= staged.when.scores;
    plan.rules.push_back(staged);
    row.needs = staged.when.needs;
    plan.rows.push_back(std::move(row));
  }

  stage_plan& plan_of(std::uint16_t stage) {
    auto plan = std::find_if(
        into_.plans.begin(), into_.plans.end(), [&](const stage_plan& p) { return p.stage == stage; });
    if (plan == into_.plans.end()) {
      plan = into_.plans.insert(plan, stage_plan{});
      plan->stage = stage;
    }
    return *plan;
  }

  static void index(stage_plan& p) {
    p.index.build(p.rows);
    p.rows.clear();
    if (p.informed != nullptr) index(*p.informed);
  }

  /// The plan for cases of which the facts in `given` are known.
  stage_plan informed(const stage_plan& p, std::uint64_t given, code_pool& pool) const {
    stage_plan out;
    out.stage = p.stage;
    for (std::size_t i = 0; i < p.rules.size(); ++i) {
      const parsed_rule& r = rules_[p.rules[i].rule];
      staged_rule staged = p.rules[i];
      for (const stage_set& s : r.source.match) {
        if (s.workflow != &workflow_at(p.stage)) continue;
        naming names = names_at(s);
        names.given = given;
        std::vector<compile_problem> none;
        staged.when = compile(r.when, r.lets, names, pool, none);
      }
      add_rule(out, staged, p.rows[i]);
    }
    return out;
  }

  const workflow_info& workflow_at(std::uint16_t stage) const {
    const auto all = into_.names.workflows();
    return *std::find_if(all.begin(), all.end(), [&](const workflow_info& w) {
      return std::any_of(w.stages.begin(), w.stages.end(), [&](const stage_info& s) { return s.number == stage; });
    });
  }

  /// Of the facts that conditions ask has() of, those that spare a case words to search for.
  void inform(stage_plan& p) {
    std::uint64_t asked = 0;
    for (const staged_rule& r : p.rules) asked |= r.when.asks_for;
    std::uint64_t given = 0;
    for (; asked != 0; asked &= asked - 1) {
      const std::uint64_t one = std::uint64_t{1} << std::countr_zero(asked);
      code_pool tried;
      tried.known_patterns = into_.pool.known_patterns;
      if (informed(p, one, tried).categories != p.categories) given |= one;
    }
    if (given == 0) return;
    p.given = given;
    p.informed = std::make_unique<stage_plan>(informed(p, given, into_.pool));
  }

  shared_parts shared_;
  /// Every rule and every condition could be read.
  bool all_read_;
  std::span<const std::string_view> categories_;
  pack::compiled& into_;
  std::set<std::string> reported_;
  /// Of all conditions so far.
  std::size_t problems_ = 0;
  std::deque<parsed_rule> rules_;
};

}  // namespace

void plan_rules(
    std::vector<rule_source> sources, planned_with with, std::span<const std::string_view> categories,
    pack::compiled& into) {
  planner(std::move(with), categories, into).run(std::move(sources));
}

result<std::shared_ptr<const matcher>> terms_of(std::uint64_t categories, const pack::compiled& of) {
  std::vector<term> terms;
  for (std::size_t c = 0; c < of.categories.size(); ++c) {
    if ((categories >> c & 1) == 0) continue;
    const lexicon_category& category = of.categories[c];
    for (std::size_t i = 0; i < category.terms.size(); ++i)
      terms.push_back(
          {category.terms[i], static_cast<std::uint16_t>(c), static_cast<std::uint32_t>(terms.size()),
           category.conditions[i]});
  }
  auto compiled = matcher::compile(terms, of.text);
  if (!compiled) return tl::unexpected(compiled.error());
  return std::make_shared<const matcher>(std::move(*compiled));
}

status plan_terms(pack::compiled& into) {
  std::map<std::uint64_t, std::shared_ptr<const matcher>> made;
  const auto make = [&](std::uint64_t categories, std::shared_ptr<const matcher>& out) -> status {
    auto& known = made[categories];
    if (known == nullptr) {
      auto terms = terms_of(categories, into);
      if (!terms) return tl::unexpected(terms.error());
      known = std::move(*terms);
    }
    out = known;
    return {};
  };
  into.words = normaliser::with(into.text);
  for (stage_plan& p : into.plans) {
    if (auto ok = make(p.categories, p.terms); !ok) return ok;
    if (p.informed == nullptr) continue;
    if (auto ok = make(p.informed->categories, p.informed->terms); !ok) return ok;
  }
  return {};
}

}  // namespace zhili::policy
