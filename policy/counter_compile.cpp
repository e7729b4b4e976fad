// SPDX-License-Identifier: Apache-2.0
#include "policy/counter_compile.hpp"

#include <algorithm>

#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

program compile_part(
    const written& part, const stage_set& at, bool any_outcome, std::span<const std::string_view> categories,
    pack::compiled& into) {
  const expression e = parse_written(part);
  if (e.nodes.empty()) return {};
  naming names = naming_at(at, categories);
  names.any_outcome = any_outcome;
  std::vector<compile_problem> problems;
  const program out = compile(e, {}, names, into.pool, problems);
  for (compile_problem& p : problems) part.error_at(p.what.offset, std::move(p.what.message));
  return out;
}

void check_counted(const counter_source& source, kind gives) {
  if (source.what == counting::sum && gives != kind::integer && gives != kind::money && gives != kind::any)
    source.of.error(tell(
        "sum 只能加整数或金额，这里是{}", "a sum adds up whole numbers or amounts; this is {}",
        described(gives)));
  if (source.what == counting::distinct && (gives == kind::list || gives == kind::map))
    source.of.error(tell(
        "distinct 数的是不同的单个值，这里是{}", "what is told apart is one value; this is {}",
        described(gives)));
}

bool can_be_named(const counter_source& source, const vocabulary& names) {
  const workflow_info& w = *source.match.workflow;
  if (names.has_fact(w, source.name.text())) {
    source.name.error(tell(
        "'{}' 已经是 '{}' 的一个事实：换个名字", "'{}' is a fact of '{}' already: choose another name",
        source.name.text(), w.name));
    return false;
  }
  if (!names.has_room(w)) {
    source.name.error(
        tell("'{1}' 的计数器超过 {0} 个", "more than {0} counters for '{1}'", counters_max, w.name));
    return false;
  }
  return true;
}

// Two packs whose counters say the same go on from one count; another condition begins anew.
std::uint64_t identity_of(const counter_source& s) {
  const std::string all = fmt::format(
      "{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}", s.name.text(), s.match.workflow->name, s.match.stages,
      static_cast<int>(s.what), static_cast<int>(s.by), s.window.count(), s.when.text(), s.of.text());
  return xxh3_64(as_bytes_view(all));
}

std::string said(const counter_source& s) {
  constexpr std::string_view what[] = {"count", "sum", "distinct"};
  std::string out(what[static_cast<std::size_t>(s.what)]);
  if (!s.of.text().empty()) out += fmt::format(" of {}", s.of.text());
  out += fmt::format(" by {} within {} min:", s.by == counted_by::account ? "account" : "subject", s.window.count() / 60'000);
  for (std::size_t i = 0; i < s.match.workflow->stages.size(); ++i) {
    if ((s.match.stages >> i & 1) != 0) out += fmt::format(" {}", s.match.workflow->stages[i].name);
  }
  if (!s.when.text().empty()) out += fmt::format(" when {}", s.when.text());
  return out;
}

// What counts nothing but a fact that is no ground is no ground either.
std::string_view ground_of(const stage_set& at, const compiled_counter& counter) {
  if (counter.counts_all || counter.when.categories != 0 || counter.when.reads_text) return {};
  std::string_view ground;
  for (const field_info& f : at.workflow->fields) {
    if ((counter.when.slots >> f.slot & 1) == 0) continue;
    if (f.no_ground_alone.empty()) return {};
    ground = f.no_ground_alone;
  }
  return ground;
}

field_info fact_of(const counter_source& source, const compiled_counter& counter) {
  const bool money = source.what == counting::sum && counter.of.gives == kind::money;
  field_info fact;
  fact.name = source.name.text();
  fact.zh = source.title.zh;
  fact.en = source.title.en;
  fact.unit = source.unit;
  fact.since = "pack";
  fact.type = money ? value_type::money : value_type::integer;
  fact.example = money ? "1000元" : "20";
  fact.no_ground_alone = ground_of(source.match, counter);
  return fact;
}

void add_counter(const counter_source& source, std::span<const std::string_view> categories, pack::compiled& into) {
  const stage_set& at = source.match;
  if (at.workflow == nullptr || source.name.text().empty() || !can_be_named(source, into.names)) return;
  compiled_counter counter;
  counter.id = identity_of(source);
  counter.name = source.name.text();
  counter.said = said(source);
  counter.what = source.what;
  counter.by = source.by;
  counter.width = static_cast<std::uint32_t>((source.window.count() + window_buckets - 1) / window_buckets);
  counter.counts_all = source.when.text().empty();
  if (!counter.counts_all) counter.when = compile_part(source.when, at, false, categories, into);
  if (source.what != counting::count) counter.of = compile_part(source.of, at, true, categories, into);
  check_counted(source, counter.of.gives);
  for (std::size_t i = 0; i < at.workflow->stages.size(); ++i) {
    if ((at.stages >> i & 1) != 0) counter.stages.push_back(at.workflow->stages[i].number);
  }
  counter.slot = into.names.add(*at.workflow, fact_of(source, counter)).slot;
  into.counters.push_back(std::move(counter));
}

std::uint16_t workflow_of(const compiled_counter& k) { return k.stages.front() / 256; }

}  // namespace

naming naming_at(const stage_set& at, std::span<const std::string_view> categories) {
  naming names{at.workflow, at.stages, true, categories, {}, false};
  for (std::size_t i = 0; i < at.workflow->stages.size(); ++i) {
    if ((at.stages >> i & 1) != 0 && !at.workflow->stages[i].has_text) names.has_text = false;
  }
  return names;
}

expression parse_written(const written& node) {
  if (!node.is_single()) return {};
  std::vector<problem> problems;
  expression e = parse_expression(node.text(), problems);
  // What is wrong then is not what the expression lacks.
  if (!problems.empty() && node.reports_cut()) return {};
  for (problem& p : problems) node.error_at(p.offset, std::move(p.message));
  return e;
}

void add_counters(
    std::span<const counter_source> sources, std::span<const std::string_view> categories, pack::compiled& into) {
  for (const counter_source& source : sources) add_counter(source, categories, into);
}

void plan_counters(pack::compiled& pack) {
  auto& counters = pack.counters;
  std::stable_sort(counters.begin(), counters.end(), [](const auto& a, const auto& b) {
    return workflow_of(a) < workflow_of(b);
  });
  const auto add_to = [&](stage_plan& plan) {
    const auto of_workflow = [&](const compiled_counter& k) { return workflow_of(k) == plan.stage / 256; };
    const auto first = std::find_if(counters.begin(), counters.end(), of_workflow);
    plan.counter_first = static_cast<std::uint32_t>(first - counters.begin());
    plan.counter_count = static_cast<std::uint32_t>(std::count_if(first, counters.end(), of_workflow));
    for (const compiled_counter& k : counters) {
      if (std::find(k.stages.begin(), k.stages.end(), plan.stage) == k.stages.end()) continue;
      plan.categories |= k.when.categories | k.of.categories;
      plan.reads_text |= plan.categories != 0;
    }
  };
  for (stage_plan& plan : pack.plans) {
    add_to(plan);
    if (plan.informed != nullptr) add_to(*plan.informed);
  }
}

}  // namespace zhili::policy
