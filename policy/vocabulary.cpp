// SPDX-License-Identifier: Apache-2.0
#include "policy/vocabulary.hpp"

#include <algorithm>

#include "policy/counters.hpp"
#include "policy/slots.hpp"

namespace zhili::policy {

vocabulary::vocabulary() {
  for (const workflow_info& w : policy::workflows()) {
    auto& facts = facts_.emplace_back();
    facts.reserve(w.fields.size() + counters_max);
    facts.assign(w.fields.begin(), w.fields.end());
    workflows_.push_back(w);
    workflows_.back().fields = facts;
  }
}

bool vocabulary::has_fact(const workflow_info& w, std::string_view name) const {
  return std::any_of(w.fields.begin(), w.fields.end(), [&](const field_info& f) { return f.name == name; });
}

bool vocabulary::has_room(const workflow_info& w) const {
  return w.fields.size() < policy::workflows()[place(w)].fields.size() + counters_max;
}

const field_info& vocabulary::add(const workflow_info& w, field_info fact) {
  ZHILI_ASSERT(!has_fact(w, fact.name) && has_room(w), "the caller has asked");
  const auto kept = [&](std::string_view text) -> std::string_view { return texts_.emplace_back(text); };
  fact.name = kept(fact.name);
  fact.zh = kept(fact.zh);
  fact.en = kept(fact.en);
  fact.unit = kept(fact.unit);
  fact.example = kept(fact.example);
  const std::size_t declared = policy::workflows()[place(w)].fields.size();
  fact.slot = static_cast<std::uint16_t>(slots::count_max - counters_max + (w.fields.size() - declared));
  fact.stages = (std::uint32_t{1} << w.stages.size()) - 1;
  auto& facts = facts_[place(w)];
  facts.push_back(fact);
  workflows_[place(w)].fields = facts;
  return facts.back();
}

}  // namespace zhili::policy
