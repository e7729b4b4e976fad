// SPDX-License-Identifier: Apache-2.0
#include "scenarios/report/summary.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "actors/workflow_numbers.hpp"
#include "scenarios/report/overlap.hpp"

namespace zhili::scenarios {

std::vector<disclosure_row> disclosure(const figures& f) {
  std::vector<disclosure_row> rows{
      {"products", {"商品", "products"}, f.of(subject_kind::product)},
      {"institutions", {"机构", "institutions"}, f.of(subject_kind::institution)},
      {"practitioners", {"医生", "practitioners"}, f.of(subject_kind::practitioner)},
      {"reviews", {"评价", "reviews"}, f.of(subject_kind::review)},
      {"contents", {"内容", "contents"}, f.of(subject_kind::diary)},
  };
  rows[4].figures += f.of(subject_kind::post);
  rows[4].figures += f.of(subject_kind::ad);
  return rows;
}

std::vector<disclosure_row> disclosure(const scenario& s, const figures& f) {
  std::vector<disclosure_row> rows = disclosure(f);
  if (s.published.contains("contents_and_reviews")) {
    rows.push_back({"contents_and_reviews", {"内容与评价合计", "contents and reviews"}, rows[3].figures});
    rows.back().figures += rows[4].figures;
  }
  return rows;
}

std::optional<volume_figures> volume_of(const scenario& s, const simulation_result& r) {
  if (s.volume.value <= 0) return std::nullopt;
  volume_figures v;
  v.estimated = s.volume.value;
  for (const subject_kind kind : submitted_kinds) {
    const std::uint64_t n = r.submissions_by_kind[static_cast<std::size_t>(kind)];
    const double daily = s.of(kind).per_day.value;
    v.submitted += n;
    if (daily > 0) v.at_daily_volume += static_cast<double>(n) * daily / s.per_day(kind);
  }
  const auto rows = disclosure(r.figures);
  v.contents_caught_at_daily_volume =
      static_cast<double>(rows[3].figures.caught + rows[4].figures.caught) * 1e6 / s.contents_times_ppm;
  return v;
}

double state_bytes_per_live_subject(const run_totals& t) {
  std::uint64_t live = 0;
  for (const partition_totals& p : t.partitions) {
    const workflow_no w = p.id.workflow;
    const bool holds = w == workflow_numbers::onboarding || w == workflow_numbers::product || w == workflow_numbers::content;
    if (holds) live += p.subjects;
  }
  return live == 0 ? 0.0 : static_cast<double>(t.state_bytes) / static_cast<double>(live);
}

std::string finding_name(std::uint32_t key, const policy::pack& pack) {
  const auto code = static_cast<std::uint16_t>(key & 0xffff);
  switch (static_cast<wire::finding_source>(key >> 16)) {
    case wire::finding_source::rule: return code < pack.rule_count() ? pack.rule(code).id : fmt::format("rule {}", code);
    case wire::finding_source::gate: return std::string("gate:") + wire::EnumNamegate(static_cast<wire::gate>(code));
    case wire::finding_source::person: return fmt::format("person:{}", code);
  }
  return "unknown";
}

std::string summary_json(const scenario& s, const simulation_result& r, std::string_view how) {
  using nlohmann::ordered_json;
  constexpr double hour_ms = 3'600'000;
  ordered_json j;
  j["scenario"] = s.name;
  j["how"] = how;
  j["seed"] = r.seed;
  j["lanes"] = r.lanes;
  j["threads"] = r.totals.threads;
  j["submissions"] = r.submissions;
  for (std::size_t k = 0; k < 16; ++k) {
    if (r.submissions_by_kind[k] != 0) {
      j["submissions_by_kind"][wire::EnumNamesubject_kind(static_cast<subject_kind>(k))] = r.submissions_by_kind[k];
    }
  }
  j["decisions"] = r.totals.decisions;
  j["commands"] = r.totals.commands;
  for (std::size_t v = 1; v < r.verdicts.size(); ++v) {
    const char* word = wire::EnumNameverdict(static_cast<verdict>(v));
    if (*word != 0) j["verdicts"][word] = r.verdicts[v];
  }
  kind_figures all;
  for (const disclosure_row& row : disclosure(r.figures)) {
    const std::string key{row.key};
    j["caught"][key] = row.figures.caught;
    j["missed"][key] = row.figures.missed;
    j["wrongful"][key] = row.figures.wrongful;
    j["marked"][key] = {{"unlawful", row.figures.marked_unlawful}, {"lawful", row.figures.marked_lawful}};
    j["suspended_by_index"][key] = row.figures.by_index;
    j["stopped_by_status"][key] = row.figures.by_status;
    j["exposure_hours_by"][key] = static_cast<double>(row.figures.exposure_ms) / hour_ms;
    j["wrongful_hours_by"][key] = static_cast<double>(row.figures.wrongful_ms) / hour_ms;
    all += row.figures;
  }
  for (const disclosure_row& row : disclosure(s, r.figures)) {
    const std::string key{row.key};
    const auto published = s.published.find(key);
    if (published == s.published.end()) continue;
    const auto found = s.agreements.find(key);
    j["published"][key] = {{"value", published->second},
                           {"caught", row.figures.caught},
                           {"off", static_cast<double>(row.figures.caught) / published->second - 1},
                           {"compared", name(found == s.agreements.end() ? agreement::fitted : found->second)}};
  }
  if (const auto v = volume_of(s, r)) {
    j["volume"] = {{"estimated", v->estimated},
                   {"kind", name(s.volume.kind)},
                   {"submitted", v->submitted},
                   {"at_daily_volume", v->at_daily_volume},
                   {"contents_caught_at_daily_volume", v->contents_caught_at_daily_volume}};
  }
  j["exposure_hours"] = static_cast<double>(all.exposure_ms) / hour_ms;
  j["wrongful_hours"] = static_cast<double>(all.wrongful_ms) / hour_ms;
  const figures& f = r.figures;
  j["appeals"] = {{"filed", f.appeals_filed},
                  {"reversed", f.appeals_reversed},
                  {"upheld", f.appeals_upheld},
                  {"p95_h", figures::percentile(f.appeal_times, 950) / 3600.0}};
  partition::account_books sum;
  for (std::size_t k = 0; k < r.totals.books.size(); ++k) {
    const auto& b = r.totals.books[k];
    if (b.submitted == 0) continue;
    sum.submitted += b.submitted;
    sum.decided += b.decided;
    sum.waiting += b.waiting;
    sum.refused += b.refused;
    j["accounted_by_kind"][wire::EnumNamesubject_kind(static_cast<subject_kind>(k))] = {
        {"submitted", b.submitted}, {"decided", b.decided}, {"waiting", b.waiting}, {"refused", b.refused}};
  }
  j["accounted"] = {
      {"submitted", sum.submitted}, {"decided", sum.decided}, {"waiting", sum.waiting}, {"refused", sum.refused}};
  j["desk"] = {{"tasks", f.tasks_opened},
               {"closed", f.tasks_closed},
               {"wait_p50_s", figures::percentile(f.desk_waits, 500)},
               {"wait_p95_s", figures::percentile(f.desk_waits, 950)}};
  j["takedown"] = {{"orders", f.orders},
                   {"acknowledged", f.orders_acknowledged},
                   {"p50_s", figures::percentile(f.takedown_times, 500)},
                   {"p95_s", figures::percentile(f.takedown_times, 950)}};
  j["inspection"] = {{"visits", f.inspection.visits},
                     {"lapses", f.inspection.lapses.count},
                     {"changed_pages", f.inspection.changed_pages.count},
                     {"passed_misses", f.inspection.passed_misses.count},
                     {"wrongful", f.inspection.wrongful},
                     {"mean_age_h",
                      {{"lapses", f.inspection.lapses.mean_h()},
                       {"changed_pages", f.inspection.changed_pages.mean_h()},
                       {"passed_misses", f.inspection.passed_misses.mean_h()}}}};
  for (const auto& [w, n] : f.caught_by_wrong) j["caught_by_wrong"][std::string(name(static_cast<wrong>(w)))] = n;
  for (const auto& [w, n] : f.missed_by_wrong) j["missed_by_wrong"][std::string(name(static_cast<wrong>(w)))] = n;
  const auto by_finding = [&](const char* key, const std::map<std::uint32_t, std::uint64_t>& counts) {
    for (const auto& [finding, n] : counts) j[key][finding_name(finding, *r.pack)] = n;
  };
  by_finding("escalated_by_finding", f.escalated_by_finding);
  by_finding("wrongful_by_finding", f.wrongful_by_finding);
  const phrase_overlap texts = overlap_with(*r.pack);
  j["texts"] = {{"phrases", texts.phrases},
                {"phrases_listed", texts.listed},
                {"harmless", texts.harmless},
                {"harmless_listed", texts.harmless_listed}};
  const fault_counts& x = r.totals.faults;
  j["faults"] = {{"dropped", x.dropped},   {"doubled", x.doubled}, {"delayed", x.delayed}, {"crashed", x.crashed},
                 {"repeated", x.repeated}, {"gaps", x.gaps},       {"resent", x.resent}};
  if (const auto& beside = r.beside_faultless) {
    j["faults"]["subjects"] = beside->subjects;
    j["faults"]["subjects_differing"] = beside->differing;
    for (std::size_t d = 0; d < difference_count; ++d) {
      if (beside->by_cause[d] == 0) continue;
      j["faults"]["differing_by_cause"][std::string(name(static_cast<difference>(d)))] = beside->by_cause[d];
    }
  }
  j["unacknowledged"] = r.totals.unacknowledged;
  j["under_way"] = r.totals.under_way;
  j["subjects"] = r.totals.subjects;
  j["state_bytes_per_subject"] =
      r.totals.subjects == 0 ? 0.0 : static_cast<double>(r.totals.state_bytes) / static_cast<double>(r.totals.subjects);
  for (const partition::workflow_descriptor* w : partition::workflows()) {
    std::uint64_t bytes = 0;
    for (const partition_totals& p : r.totals.partitions) bytes += p.id.workflow == w->number ? p.state_bytes : 0;
    j["state_bytes_by_workflow"][std::string(w->name)] = bytes;
  }
  j["state_bytes_per_live_subject"] = state_bytes_per_live_subject(r.totals);
  j["digest"] = hex(r.totals.digest);
  j["wall_s"] = r.wall_s;
  j["cpu_s"] = r.cpu_s;
  j["rss_max_bytes"] = r.rss_max_bytes;
  return j.dump(2);
}

}  // namespace zhili::scenarios
