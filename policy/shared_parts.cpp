// SPDX-License-Identifier: Apache-2.0
#include "policy/shared_parts.hpp"

#include <algorithm>

#include "policy/counter_compile.hpp"
#include "policy/suggest.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

constexpr std::size_t compared_max = 20'000;

bool is_fact(std::string_view name, std::span<const stage_set> known) {
  return std::any_of(known.begin(), known.end(), [&](const stage_set& s) {
    return std::any_of(s.workflow->fields.begin(), s.workflow->fields.end(), [&](const field_info& f) {
      return f.name == name;
    });
  });
}

}  // namespace

shared_parts::shared_parts(const shared_lets& written, lost_names lost)
    : written_(written), lost_(std::move(lost)), is_used_(written.size()) {
  for (const auto& [name, value] : written) {
    names_.push_back(name.text());
    values_.push_back(parse_written(policy::written(value)));
  }
}

std::optional<std::size_t> shared_parts::find(std::string_view name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names_.begin());
}

void shared_parts::borrow(
    const expression& e, std::span<const stage_set> known, shared_lets& nodes, std::vector<let_source>& lets) {
  for (const expression_node& n : e.nodes) {
    if (n.kind != node_kind::name) continue;
    if (std::any_of(lets.begin(), lets.end(), [&](const let_source& l) { return l.name == n.text; })) continue;
    if (const auto i = find(n.text)) {
      is_used_[*i] = true;
      nodes.push_back(written_[*i]);
      lets.push_back({names_[*i], &values_[*i]});
    } else if (!known.empty() && n.text != "text" && !is_fact(n.text, known) && !lost_.hold(n.text)) {
      unknown_[n.text].insert(&e);
    }
  }
}

bool shared_parts::all_read() const {
  return std::none_of(values_.begin(), values_.end(), [](const expression& e) { return e.nodes.empty(); });
}

void shared_parts::check_names(bool all_read) {
  std::size_t compared = 0;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (is_used_[i]) continue;
    const std::string_view name = names_[i];
    // Hostile packs have as many of both as they like.
    compared += unknown_.size();
    const auto meant = compared > compared_max ? unknown_.end()
                                               : std::find_if(unknown_.begin(), unknown_.end(), [&](const auto& u) {
                                                   return !nearest(u.first, std::span(&name, 1)).empty();
                                                 });
    if (meant == unknown_.end()) {
      if (all_read)
        written_[i].first.error(
            tell("没有规则用到 '{0}'：删去它，或在规则里写 '{0}'", "no rule names '{0}': remove it", name));
    } else if (const std::size_t conditions = meant->second.size(); conditions > 1) {
      // Of one condition alone it is as likely the condition's slip, and said there.
      written_[i].first.error(tell(
          "没有规则用到 '{0}'，却有 {1} 个条件写了 '{2}'，而规则包里没有 '{2}'；你是不是想写 '{2}'？",
          "no rule names '{0}', but {1} conditions name '{2}', which there is not; did you mean '{2}'?", name,
          conditions, meant->first));
      lost_.add(meant->first);
    }
  }
}

bool shared_parts::keep(std::string_view name, misuse m) {
  const auto part = find(name);
  if (!part) return false;
  auto& kept = misuses_[*part];
  kept.places.insert(m.key);
  if (!kept.first.say) kept.first = std::move(m);
  return true;
}

void shared_parts::report_misuses() const {
  for (const auto& [part, all] : misuses_) {
    if (all.places.size() == 1) {
      all.first.say();
      continue;
    }
    written_[part].second.error(tell(
        "{}（规则 '{}' 等 {} 处把它当条件用）", "{} (the rule '{}' and others use it as a condition, in {} places)",
        all.first.message, all.first.rule, all.places.size()));
  }
}

}  // namespace zhili::policy
