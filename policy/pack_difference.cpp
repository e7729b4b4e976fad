// SPDX-License-Identifier: Apache-2.0
#include "policy/pack_difference.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "policy/expression/token.hpp"
#include "policy/fields.hpp"
#include "policy/pack_compiled.hpp"

namespace zhili::policy {
namespace {

constexpr std::string_view verdict_names[] = {"none",   "approve",  "label",  "demote",
                                              "reject", "escalate", "suspend"};
constexpr std::string_view level_names[] = {"", "informational", "low", "medium", "high", "critical"};
constexpr std::string_view queue_names[] = {"none", "normal", "high", "urgent"};
constexpr std::string_view mode_names[] = {"off", "shadow", "canary", "enforce"};

std::string mode_text(const rule_info& r) {
  if (r.mode == mode::canary) return fmt::format("canary({}%)", r.canary_percent);
  return std::string(mode_names[static_cast<std::size_t>(r.mode)]);
}

std::string basis_text(const rule_info& r) {
  std::vector<std::string> all;
  for (const provision& b : r.basis) {
    all.push_back(fmt::format(
        "{} {} {}–{}", b.statute, b.article, date_string(b.valid_from),
        b.valid_to == INT32_MAX ? std::string() : date_string(b.valid_to)));
  }
  return fmt::format("{}", fmt::join(all, "; "));
}

std::string stages_text(const written_rule& r) {
  std::vector<std::string> all;
  for (const workflow_info& w : workflows()) {
    for (const stage_info& s : w.stages) {
      if (std::find(r.stages.begin(), r.stages.end(), s.number) != r.stages.end())
        all.push_back(fmt::format("{}.{}", w.name, s.name));
    }
  }
  return fmt::format("{}", fmt::join(all, ", "));
}

// An expression without its layout: its tokens, and those without the values.
struct bare_expression {
  std::vector<std::string> tokens, shape, values;

  explicit bare_expression(std::string_view source) {
    std::vector<problem> ignored;
    for (const token& t : tokenise(source, ignored)) {
      tokens.emplace_back(t.source);
      const bool is_value = t.kind == token_kind::literal;
      shape.emplace_back(is_value ? std::string_view("?") : t.source);
      if (is_value) values.emplace_back(t.source);
    }
  }
};

void compare_expressions(
    std::string_view name, const std::string& from, const std::string& to, changed_rule& out) {
  const bare_expression a(from), b(to);
  if (a.tokens == b.tokens) return;
  if (a.shape != b.shape) {
    out.parts.push_back({std::string(name), from, to});
    return;
  }
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    if (a.values[i] != b.values[i]) out.parts.push_back({"threshold", a.values[i], b.values[i]});
  }
}

std::string lets_text(const written_rule& r) {
  std::string out;
  for (const auto& [name, value] : r.lets)
    out += fmt::format("{}{}: {}", out.empty() ? "" : "; ", name, value);
  return out;
}

void compare_lets(const written_rule& a, const written_rule& b, changed_rule& out) {
  const bool same_names = std::equal(
      a.lets.begin(), a.lets.end(), b.lets.begin(), b.lets.end(),
      [](const auto& x, const auto& y) { return x.first == y.first; });
  if (!same_names) {
    out.parts.push_back({"let", lets_text(a), lets_text(b)});
    return;
  }
  for (std::size_t i = 0; i < a.lets.size(); ++i)
    compare_expressions(a.lets[i].first, a.lets[i].second, b.lets[i].second, out);
}

changed_rule compared(const rule_info& a, const written_rule& at, const rule_info& b, const written_rule& bt) {
  changed_rule out{b.id, b.title, {}};
  const auto part = [&](std::string_view what, std::string from, std::string to) {
    if (from != to) out.parts.push_back({std::string(what), std::move(from), std::move(to)});
  };
  compare_expressions("when", at.when, bt.when, out);
  compare_lets(at, bt, out);
  part("stage", stages_text(at), stages_text(bt));
  part(
      "verdict", std::string(verdict_names[static_cast<std::size_t>(a.verdict)]),
      std::string(verdict_names[static_cast<std::size_t>(b.verdict)]));
  part("level", std::string(level_names[a.severity]), std::string(level_names[b.severity]));
  part("points", fmt::format("{}", a.points), fmt::format("{}", b.points));
  part("queue", std::string(queue_names[a.queue_priority]), std::string(queue_names[b.queue_priority]));
  part("measure", a.measure, b.measure);
  part("mode", mode_text(a), mode_text(b));
  part("basis", basis_text(a), basis_text(b));
  part("label", a.label.zh, b.label.zh);
  part("reason", a.reason.zh, b.reason.zh);
  part("title", a.title.zh, b.title.zh);
  return out;
}

const lexicon_category* lexicon_of(const pack& p, std::string_view category) {
  for (const lexicon_category& c : p.categories()) {
    if (c.name == category) return &c;
  }
  return nullptr;
}

std::set<std::string> terms_of(const lexicon_category* c) {
  if (c == nullptr) return {};
  return {c->terms.begin(), c->terms.end()};
}

whole_rule whole(const rule_info& r, const written_rule& text) {
  return {r.id, r.title, stages_text(text), text.when, r.verdict, r.points, mode_text(r)};
}

void compare_terms(const pack& from, const pack& to, pack_difference& out) {
  std::set<std::string> names;
  for (const pack* p : {&from, &to}) {
    for (const lexicon_category& c : p->categories()) names.insert(c.name);
  }
  for (const std::string& name : names) {
    const lexicon_category* const old = lexicon_of(from, name);
    const lexicon_category* const now = lexicon_of(to, name);
    const auto before = terms_of(old), after = terms_of(now);
    changed_terms changed{name, (now != nullptr ? now : old)->title, old == nullptr, now == nullptr, {}, {}};
    std::set_difference(
        after.begin(), after.end(), before.begin(), before.end(), std::back_inserter(changed.added));
    std::set_difference(
        before.begin(), before.end(), after.begin(), after.end(), std::back_inserter(changed.removed));
    if (!changed.added.empty() || !changed.removed.empty()) out.terms.push_back(std::move(changed));
  }
}

using said_by_name = std::map<std::string, std::string>;

said_by_name counters_of(const pack& p) {
  said_by_name out;
  for (const compiled_counter& k : p.internals().counters) out[k.name] = k.said;
  return out;
}

said_by_name scorecards_of(const pack& p) {
  said_by_name out;
  for (const scorecard& c : p.internals().scorecards)
    out[c.name()] = fmt::format("{} terms, {:016x}", c.terms(), c.fingerprint());
  return out;
}

std::vector<changed_part> compared(const said_by_name& from, const said_by_name& to) {
  std::vector<changed_part> out;
  for (const auto& [name, said] : from) {
    const auto now = to.find(name);
    if (now == to.end() || now->second != said) out.push_back({name, said, now == to.end() ? "" : now->second});
  }
  for (const auto& [name, said] : to) {
    if (!from.contains(name)) out.push_back({name, "", said});
  }
  return out;
}

}  // namespace

std::string_view verdict_name(verdict v) {
  return verdict_names[static_cast<std::size_t>(v)];
}

pack_difference difference(const pack& from, const pack& to) {
  pack_difference out;
  const auto text = [](const pack& p, const rule_info* r) -> const written_rule& {
    return p.internals().rule_texts[static_cast<std::size_t>(r - p.internals().rules.data())];
  };
  for (std::uint16_t i = 0; i < from.rule_count(); ++i) {
    if (to.find_rule(from.rule(i).id) == nullptr)
      out.removed_rules.push_back(whole(from.rule(i), text(from, &from.rule(i))));
  }
  for (std::uint16_t i = 0; i < to.rule_count(); ++i) {
    const rule_info& r = to.rule(i);
    const rule_info* before = from.find_rule(r.id);
    if (before == nullptr) {
      out.added_rules.push_back(whole(r, text(to, &r)));
      continue;
    }
    changed_rule changed = compared(*before, text(from, before), r, text(to, &r));
    if (!changed.parts.empty()) out.changed_rules.push_back(std::move(changed));
  }
  compare_terms(from, to, out);
  out.counters = compared(counters_of(from), counters_of(to));
  out.scorecards = compared(scorecards_of(from), scorecards_of(to));
  for (const workflow_info& w : workflows()) {
    for (const setting_info& s : w.settings) {
      const std::int64_t a = from.setting(s.index), b = to.setting(s.index);
      if (a != b)
        out.settings.push_back(
            {fmt::format("{}.{}", w.name, s.name), value_text(s.type, a), value_text(s.type, b)});
    }
  }
  return out;
}

}  // namespace zhili::policy
