// SPDX-License-Identifier: Apache-2.0
#include "scenarios/compare/measures.hpp"

#include "scenarios/report/summary.hpp"

namespace zhili::scenarios {
namespace {

double hours(std::int64_t ms) { return static_cast<double>(ms) / 3.6e6; }

void add_kinds(std::string_view of, const kind_figures& k, std::vector<measure>& out) {
  const auto add = [&](std::string_view what, double value, bool needs_truth = true) {
    out.push_back({std::string(of) + "." + std::string(what), value, needs_truth});
  };
  const auto count = [](std::uint64_t n) { return static_cast<double>(n); };
  add("caught", count(k.caught));
  add("missed", count(k.missed));
  add("wrongful", count(k.wrongful));
  add("unlawful_live_hours", hours(k.exposure_ms));
  add("lawful_down_hours", hours(k.wrongful_ms));
  add("marked_unlawful", count(k.marked_unlawful));
  add("marked_lawful", count(k.marked_lawful));
  add("stopped_with_owner", count(k.by_status));
  add("offline_by_index", count(k.by_index));
  add("to_desk", count(k.to_desk), false);
}

void add_desk(const figures& f, std::vector<measure>& out) {
  std::uint64_t handling_ms = 0, waiting = 0;
  for (const auto& [queue, by_hour] : f.queues) {
    for (const auto& [hour, q] : by_hour) handling_ms += q.handling_ms;
  }
  for (const auto& [queue, rest] : f.rests) waiting += rest.waiting;
  out.push_back({"desk.tasks", static_cast<double>(f.tasks_opened)});
  out.push_back({"desk.closed", static_cast<double>(f.tasks_closed)});
  out.push_back({"desk.hours", hours(static_cast<std::int64_t>(handling_ms))});
  out.push_back({"desk.waiting_at_end", static_cast<double>(waiting)});
  out.push_back({"desk.wait_p95_hours", figures::percentile(f.desk_waits, 950) / 3600.0});
}

}  // namespace

std::vector<measure> measures_of(const simulation_result& r) {
  std::vector<measure> out;
  const figures& f = r.figures;
  kind_figures all;
  for (const disclosure_row& row : disclosure(f)) all += row.figures;
  add_kinds("all", all, out);
  for (const disclosure_row& row : disclosure(f)) add_kinds(row.key, row.figures, out);
  add_desk(f, out);
  out.push_back({"takedown.orders", static_cast<double>(f.orders)});
  out.push_back({"appeals.filed", static_cast<double>(f.appeals_filed)});
  out.push_back({"appeals.reversed", static_cast<double>(f.appeals_reversed)});
  out.push_back({"appeals.upheld", static_cast<double>(f.appeals_upheld)});
  out.push_back({"decisions", static_cast<double>(r.totals.decisions)});
  return out;
}

}  // namespace zhili::scenarios
