// SPDX-License-Identifier: Apache-2.0
#include "scenarios/compare/examples.hpp"

#include <algorithm>
#include <tuple>

#include "scenarios/random.hpp"

namespace zhili::scenarios {
namespace {

std::uint32_t key_of(const wire::finding& f) { return static_cast<std::uint32_t>(f.source()) << 16 | f.code(); }

}  // namespace

std::uint32_t leading_finding(const stop_note& stop) {
  std::uint32_t lead = 0;
  for (const wire::finding& f : stop.found()) {
    if (f.length() > 0) return key_of(f);
    if (lead == 0) lead = key_of(f);
  }
  return lead;
}

void example_sample::add(const outcome_pair& p, const stop_note& stop, std::optional<bool> unlawful) {
  auto& kept = by_finding_[leading_finding(stop)];
  const std::uint64_t order = mix(p.any().subject);
  const auto place = std::upper_bound(kept.begin(), kept.end(), order,
                                      [](std::uint64_t value, const candidate& c) { return value < c.order; });
  if (place == kept.end() && kept.size() >= examples_max) return;
  example e;
  e.ref = stop.ref;
  e.subject = p.any().subject;
  e.kind = p.any().kind;
  e.shard = p.shard;
  e.table = p.table;
  e.row = p.row;
  e.by = by_what(stop);
  e.stop = stop.verdict;
  if (p.old != nullptr) std::tie(e.first_old, e.last_old) = std::pair{p.old->first, p.old->last};
  if (p.now != nullptr) std::tie(e.first_now, e.last_now) = std::pair{p.now->first, p.now->last};
  e.at = stop.at;
  e.unlawful = unlawful;
  for (const wire::finding& f : stop.found()) e.findings.push_back({key_of(f), f.begin(), f.length()});
  kept.insert(place, {order, std::move(e)});
  if (kept.size() > examples_max) kept.pop_back();
}

std::vector<example> example_sample::drawn() {
  std::vector<example> out;
  for (std::size_t turn = 0; turn < examples_max; ++turn) {
    for (auto& [finding, kept] : by_finding_) {
      if (turn >= kept.size() || out.size() == examples_max) continue;
      out.push_back(std::move(kept[turn].what));
    }
  }
  return out;
}

}  // namespace zhili::scenarios
