// SPDX-License-Identifier: Apache-2.0
#include "scenarios/compare/example_data.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "scenarios/report/summary.hpp"

namespace zhili::scenarios {

using nlohmann::ordered_json;

namespace {

ordered_json pair(const policy::bilingual& t) { return {{"zh", t.zh}, {"en", t.en}}; }

ordered_json basis_data(const policy::rule_info& rule, std::int32_t from, std::int32_t to) {
  ordered_json out = ordered_json::array();
  for (const policy::provision& b : rule.basis) {
    if (b.in_force(from) || b.in_force(to)) out.push_back({{"statute", b.statute}, {"article", b.article}});
  }
  return out;
}

void add_rule(const policy::pack& pack, const std::string& id, std::int32_t from, std::int32_t to, ordered_json& row) {
  const policy::rule_info* rule = pack.find_rule(id);
  if (rule == nullptr) return;
  row["title"] = pair(rule->title);
  row["reason"] = pair(rule->reason);
  row["basis"] = basis_data(*rule, from, to);
}

/// The text in pieces, each with the findings that point at it: pieces put together are the text, whatever the evidence
/// overlaps.
ordered_json pieces_of(const example& e) {
  std::vector<std::size_t> cuts{0, e.text.size()};
  for (const example_finding& f : e.findings) {
    if (f.length == 0 || f.begin >= e.text.size()) continue;
    cuts.push_back(f.begin);
    cuts.push_back(std::min<std::size_t>(e.text.size(), std::size_t{f.begin} + f.length));
  }
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  ordered_json out = ordered_json::array();
  for (std::size_t n = 0; n + 1 < cuts.size(); ++n) {
    ordered_json by = ordered_json::array();
    for (std::size_t f = 0; f < e.findings.size(); ++f) {
      const auto& found = e.findings[f];
      const std::size_t end = std::size_t{found.begin} + found.length;
      if (found.length != 0 && found.begin <= cuts[n] && cuts[n + 1] <= std::min(end, e.text.size())) by.push_back(f);
    }
    out.push_back({{"text", e.text.substr(cuts[n], cuts[n + 1] - cuts[n])}, {"findings", by}});
  }
  return out;
}

/// What a listing or content says beside its text, as far as somebody would look at it.
ordered_json facts_of(const example& e, const model& world) {
  ordered_json out = ordered_json::array();
  const item_ref ref = item_ref::unpack(e.ref);
  if (!world.knows(ref)) return out;
  const auto add = [&](const char* name, auto value) { out.push_back({{"name", name}, {"value", value}}); };
  if (ref.kind == subject_kind::product) {
    listing_facts l;
    world.listing(ref, l);
    add("item", l.item);
    add("price", static_cast<double>(l.price_fen) / 100);
    add("list_price", static_cast<double>(l.list_price_fen) / 100);
    if (!l.approval_number.empty()) add("approval_number", l.approval_number);
  } else if (ref.kind != subject_kind::institution && ref.kind != subject_kind::practitioner) {
    content_facts f;
    world.content(ref, f);
    if (ref.kind == subject_kind::ad) {
      add("ad_certificate", f.ad_certificate);
      add("minors_audience", f.minors_audience);
    }
    if (f.stars != 0) add("stars", f.stars);
    if (f.order_before.count() != 0) add("order_hours_before", std::chrono::duration<double, std::ratio<3600>>(f.order_before).count());
  }
  return out;
}

void add_truth(const example& e, const model& world, ordered_json& row) {
  const item_ref ref = item_ref::unpack(e.ref);
  if (!world.knows(ref)) return;
  const truth t = world.truth_of(ref);
  row["truth"] = {{"unlawful", e.unlawful.value_or(t.unlawful())}, {"wrong", name(t.wrong)}, {"lookalike", t.lookalike}};
}

}  // namespace

void add_rule(const comparison& c, const std::string& id, ordered_json& row) {
  const std::int32_t from = china_day(c.scenario.begin), to = china_day(c.scenario.end) - 1;
  add_rule(*c.old, id, from, to, row);
  add_rule(*c.now, id, from, to, row);
}

ordered_json examples_data(const comparison& c, const std::vector<example>& examples, const policy::pack& judged_by) {
  ordered_json out = ordered_json::array();
  std::optional<model> world;
  if (c.truth && !examples.empty()) world.emplace(c.scenario, c.world_seed);
  const auto word = [](verdict v) { return wire::EnumNameverdict(v); };
  for (const example& e : examples) {
    const std::int32_t day = china_day(e.at);
    ordered_json row{{"kind", wire::EnumNamesubject_kind(e.kind)},
                     {"subject", fmt::format("{:016x}", e.subject)},
                     {"day", date_string(day)},
                     {"by", name(e.by)},
                     {"stop", word(e.stop)},
                     {"old", {{"first", word(e.first_old)}, {"last", word(e.last_old)}}},
                     {"now", {{"first", word(e.first_now)}, {"last", word(e.last_now)}}},
                     {"findings", ordered_json::array()},
                     {"text", pieces_of(e)}};
    for (const example_finding& f : e.findings) {
      ordered_json found{{"id", finding_name(f.key, judged_by)}, {"begin", f.begin}, {"length", f.length}};
      add_rule(judged_by, found["id"].get<std::string>(), day, day, found);
      row["findings"].push_back(std::move(found));
    }
    if (world) {
      row["facts"] = facts_of(e, *world);
      add_truth(e, *world, row);
    }
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace zhili::scenarios
