// SPDX-License-Identifier: Apache-2.0
#include "scenarios/compare_status.hpp"

#include <algorithm>

#include "actors/content/state.hpp"
#include "actors/onboarding/state.hpp"
#include "actors/product/state.hpp"
#include "actors/workflow_numbers.hpp"

namespace zhili::scenarios {

namespace numbers = workflow_numbers;

namespace {

template <class State>
const State& state_of(const kernel& k, workflow_no workflow, shard_no shard) {
  return *static_cast<const State*>(k.engine_at({workflow, shard}).state().state());
}

void add(const onboarding::admission& a, std::vector<final_status>& out) {
  // Somebody asked for a practitioner who never applied.
  if (a.decisions == 0) return;
  out.push_back({a.id, a.ref, a.verdict, a.standing, a.holds, a.waiting != 0, false});
}

difference cause_of(const final_status& a, const final_status& b) {
  if (a.waiting != b.waiting) return difference::still_waiting;
  if (a.ref != b.ref) return difference::another_version;
  if (a.holds != b.holds) return difference::another_hold;
  if (a.by_person || b.by_person) return difference::by_person;
  return difference::other_facts;
}

}  // namespace

std::string_view name(difference d) {
  switch (d) {
    case difference::one_run_alone: return "one_run_alone";
    case difference::still_waiting: return "still_waiting";
    case difference::another_version: return "another_version";
    case difference::another_hold: return "another_hold";
    case difference::by_person: return "by_person";
    case difference::other_facts: return "other_facts";
  }
  return "unknown";
}

text_pair describe(difference d) {
  switch (d) {
    case difference::one_run_alone: return {"只在其中一次提交", "submitted in one run alone"};
    case difference::still_waiting: return {"其中一次仍在等待", "still waiting in one run"};
    case difference::another_version: return {"最后提交的版本不同", "another version was submitted last"};
    case difference::another_hold: return {"停业原因不同", "suspended for another reason"};
    case difference::by_person: return {"人工决定不同", "decided by a person, at another time"};
    case difference::other_facts: return {"事实到达的时间不同", "facts arrived at another time"};
  }
  return {};
}

std::vector<final_status> statuses_of(const kernel& k) {
  std::vector<final_status> out;
  for (shard_no n = 0; n < shard_count; ++n) {
    const auto& papers = state_of<onboarding::state>(k, numbers::onboarding, n);
    for (const auto& i : papers.institutions) add(i, out);
    for (const auto& p : papers.practitioners) add(p, out);
    for (const auto& l : state_of<product::state>(k, numbers::product, n).listings) {
      out.push_back({l.id, l.ref, l.verdict, {}, 0, l.waiting != 0, l.has(product::flag_by_person)});
    }
    for (const auto& c : state_of<content::state>(k, numbers::content, n).contents) {
      out.push_back({c.id, c.ref, c.in_force, {}, 0, c.waiting != 0, c.has(content::flag_by_person)});
    }
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.subject < b.subject; });
  return out;
}

status_comparison compare(const std::vector<final_status>& a, const std::vector<final_status>& b) {
  status_comparison found;
  const auto differs = [&](subject_id subject, difference why) {
    ++found.differing;
    ++found.by_cause[static_cast<std::size_t>(why)];
    found.each.emplace_back(subject, why);
  };
  auto x = a.begin();
  auto y = b.begin();
  while (x != a.end() || y != b.end()) {
    ++found.subjects;
    if (y == b.end() || (x != a.end() && x->subject < y->subject)) {
      differs(x++->subject, difference::one_run_alone);
    } else if (x == a.end() || y->subject < x->subject) {
      differs(y++->subject, difference::one_run_alone);
    } else {
      if (!x->same_as(*y)) differs(x->subject, cause_of(*x, *y));
      ++x;
      ++y;
    }
  }
  return found;
}

}  // namespace zhili::scenarios
