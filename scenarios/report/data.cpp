// SPDX-License-Identifier: Apache-2.0
#include "scenarios/report/data.hpp"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "scenarios/report/data_parts.hpp"
#include "scenarios/report/overlap.hpp"
#include "scenarios/report/summary.hpp"

namespace zhili::scenarios {

using nlohmann::ordered_json;

namespace {

constexpr double hour_ms = 3'600'000;

double hours(std::int64_t ms) { return static_cast<double>(ms) / hour_ms; }

ordered_json pair(const text_pair& t) { return {{"zh", t.zh}, {"en", t.en}}; }
ordered_json pair(const policy::bilingual& t) { return {{"zh", t.zh}, {"en", t.en}}; }

ordered_json about(const scenario& s, const simulation_result& r) {
  return {{"scenario", s.name},
          {"title", pair(s.title)},
          {"from", date_string(china_day(s.begin))},
          {"to", date_string(china_day(instant{s.end.ms - 1}))},
          {"pack", r.pack->name()},
          {"pack_version", r.pack->version()},
          {"seed", r.seed},
          {"lanes", r.lanes},
          {"submissions", r.submissions},
          {"decisions", r.totals.decisions},
          {"digest", hex(r.totals.digest)},
          {"wall_s", r.wall_s},
          {"threads", r.totals.threads}};
}

ordered_json kind_row(const kind_figures& k) {
  return {{"caught", k.caught},
          {"missed", k.missed},
          {"wrongful", k.wrongful},
          {"exposure_hours", hours(k.exposure_ms)},
          {"wrongful_hours", hours(k.wrongful_ms)},
          {"marked_unlawful", k.marked_unlawful},
          {"marked_lawful", k.marked_lawful},
          {"passed", k.passed},
          {"by_index", k.by_index},
          {"by_status", k.by_status},
          {"to_desk", k.to_desk}};
}

ordered_json disclosure_data(const scenario& s, const figures& f) {
  ordered_json rows = ordered_json::array();
  double sum = 0;
  for (const disclosure_row& d : disclosure(s, f)) {
    ordered_json row{{"key", d.key}, {"title", pair(d.title)}, {"published", nullptr}};
    if (const auto found = s.published.find(std::string(d.key)); found != s.published.end()) {
      row["published"] = found->second;
      const auto how = s.agreements.find(std::string(d.key));
      row["compared"] = name(how == s.agreements.end() ? agreement::fitted : how->second);
      sum += found->second;
    }
    row.update(kind_row(d.figures));
    rows.push_back(row);
  }
  ordered_json out{{"rows", rows}, {"source", pair(s.published_source)}, {"parts_sum", sum}, {"total", nullptr}};
  if (const auto total = s.published.find("total"); total != s.published.end()) out["total"] = total->second;
  out["contradictions"] = ordered_json::array();
  for (const text_pair& c : s.contradictions) out["contradictions"].push_back(pair(c));
  return out;
}

ordered_json kinds_data(const simulation_result& r) {
  ordered_json out = ordered_json::array();
  for (std::size_t k = 0; k < r.totals.books.size(); ++k) {
    const partition::account_books& b = r.totals.books[k];
    if (b.submitted == 0) continue;
    ordered_json row{{"kind", wire::EnumNamesubject_kind(static_cast<subject_kind>(k))},
                     {"submitted", b.submitted},
                     {"decided", b.decided},
                     {"waiting", b.waiting},
                     {"refused", b.refused}};
    row.update(kind_row(r.figures.kinds[k]));
    out.push_back(row);
  }
  return out;
}

/// The kinds of a disclosure row.
std::vector<subject_kind> kinds_of(std::string_view key) {
  if (key == "products") return {subject_kind::product};
  if (key == "institutions") return {subject_kind::institution};
  if (key == "practitioners") return {subject_kind::practitioner};
  if (key == "reviews") return {subject_kind::review};
  if (key == "contents_and_reviews") return {subject_kind::review, subject_kind::diary, subject_kind::post, subject_kind::ad};
  return {subject_kind::diary, subject_kind::post, subject_kind::ad};
}

ordered_json days_data(const scenario& s, const figures& f) {
  ordered_json out{{"dates", ordered_json::array()}, {"groups", ordered_json::object()}};
  static const day_figures nothing;
  for (std::int32_t day = china_day(s.begin); start_of_china_day(day) < s.end; ++day) {
    out["dates"].push_back(date_string(day));
    const auto found = f.days.find(day);
    const day_figures& of_day = found == f.days.end() ? nothing : found->second;
    for (const disclosure_row& d : disclosure(s, f)) {
      std::uint64_t decided = 0, caught = 0, missed = 0, wrongful = 0;
      for (const subject_kind kind : kinds_of(d.key)) {
        const auto k = static_cast<std::size_t>(kind);
        decided += of_day.decided[k];
        caught += of_day.caught[k];
        missed += of_day.missed[k];
        wrongful += of_day.wrongful[k];
      }
      ordered_json& group = out["groups"][std::string(d.key)];
      group["decided"].push_back(decided);
      group["caught"].push_back(caught);
      group["missed"].push_back(missed);
      group["wrongful"].push_back(wrongful);
    }
  }
  return out;
}

ordered_json wrongs_data(const figures& f) {
  std::set<std::uint8_t> all;
  for (const auto& [w, n] : f.caught_by_wrong) all.insert(w);
  for (const auto& [w, n] : f.missed_by_wrong) all.insert(w);
  const auto count = [](const std::map<std::uint8_t, std::uint64_t>& from, std::uint8_t w) {
    const auto found = from.find(w);
    return found == from.end() ? 0 : found->second;
  };
  ordered_json out = ordered_json::array();
  for (const std::uint8_t w : all) {
    out.push_back({{"wrong", name(static_cast<wrong>(w))},
                   {"caught", count(f.caught_by_wrong, w)},
                   {"missed", count(f.missed_by_wrong, w)}});
  }
  return out;
}

const policy::rule_info* rule_of(std::uint32_t finding, const policy::pack& pack) {
  const auto code = static_cast<std::uint16_t>(finding & 0xffff);
  const bool is_rule = static_cast<wire::finding_source>(finding >> 16) == wire::finding_source::rule;
  return is_rule && code < pack.rule_count() ? &pack.rule(code) : nullptr;
}

ordered_json findings_data(const scenario& s, const simulation_result& r) {
  const figures& f = r.figures;
  std::set<std::uint32_t> all;
  for (const auto* counts : {&f.findings, &f.wrongful_by_finding, &f.escalated_by_finding}) {
    for (const auto& [finding, n] : *counts) all.insert(finding);
  }
  const auto count = [](const std::map<std::uint32_t, std::uint64_t>& from, std::uint32_t finding) {
    const auto found = from.find(finding);
    return found == from.end() ? 0 : found->second;
  };
  ordered_json out = ordered_json::array();
  for (const std::uint32_t finding : all) {
    ordered_json row{{"id", finding_name(finding, *r.pack)},
                     {"fired", count(f.findings, finding)},
                     {"wrongful", count(f.wrongful_by_finding, finding)},
                     {"escalated", count(f.escalated_by_finding, finding)}};
    if (const policy::rule_info* rule = rule_of(finding, *r.pack)) {
      row["title"] = pair(rule->title);
      row["basis"] = ordered_json::array();
      for (const policy::provision& b : rule->basis) {
        if (b.in_force(china_day(s.begin)) || b.in_force(china_day(s.end) - 1)) {
          row["basis"].push_back({{"statute", b.statute}, {"article", b.article}});
        }
      }
    }
    out.push_back(row);
  }
  return out;
}

ordered_json appeals_data(const simulation_result& r) {
  const figures& f = r.figures;
  const partition::account_books& b = r.totals.books[static_cast<std::size_t>(subject_kind::appeal)];
  return {{"filed", f.appeals_filed}, {"reversed", f.appeals_reversed}, {"upheld", f.appeals_upheld}, {"waiting", b.waiting}};
}

ordered_json texts_data(const policy::pack& pack) {
  const phrase_overlap o = overlap_with(pack);
  return {{"phrases", o.phrases}, {"listed", o.listed}, {"harmless", o.harmless}, {"harmless_listed", o.harmless_listed}};
}

/// null where nothing was made to go wrong.
ordered_json faults_data(const simulation_result& r) {
  const fault_counts& x = r.totals.faults;
  if (x.dropped + x.doubled + x.delayed + x.crashed + x.repeated == 0) return nullptr;
  ordered_json out{{"dropped", x.dropped},   {"doubled", x.doubled}, {"delayed", x.delayed},
                   {"crashed", x.crashed},   {"repeated", x.repeated}, {"resent", x.resent},
                   {"lost", r.totals.unacknowledged}, {"causes", ordered_json::array()}};
  if (const auto& beside = r.beside_faultless) {
    out["subjects"] = beside->subjects;
    out["differing"] = beside->differing;
    for (std::size_t d = 0; d < difference_count; ++d) {
      if (beside->by_cause[d] == 0) continue;
      out["causes"].push_back({{"title", pair(describe(static_cast<difference>(d)))}, {"count", beside->by_cause[d]}});
    }
  }
  return out;
}

ordered_json inspection_data(const inspection_figures& i) {
  return {{"visits", i.visits},
          {"lapses", i.lapses.count},
          {"changed_pages", i.changed_pages.count},
          {"passed_misses", i.passed_misses.count},
          {"wrongful", i.wrongful},
          {"age_days",
           {{"lapses", i.lapses.mean_h() / 24},
            {"changed_pages", i.changed_pages.mean_h() / 24},
            {"passed_misses", i.passed_misses.mean_h() / 24}}}};
}

}  // namespace

std::array<std::uint64_t, time_edges_s.size() + 1> histogram(const std::vector<std::uint32_t>& sorted) {
  std::array<std::uint64_t, time_edges_s.size() + 1> bins{};
  auto from = sorted.begin();
  for (std::size_t n = 0; n < time_edges_s.size(); ++n) {
    const auto to = std::lower_bound(from, sorted.end(), time_edges_s[n]);
    bins[n] = static_cast<std::uint64_t>(to - from);
    from = to;
  }
  bins.back() = static_cast<std::uint64_t>(sorted.end() - from);
  return bins;
}

ordered_json report_data(const scenario& s, const simulation_result& r) {
  ordered_json j;
  j["about"] = about(s, r);
  j["disclosure"] = disclosure_data(s, r.figures);
  j["kinds"] = kinds_data(r);
  j["assumptions"] = assumptions_data(s);
  j["days"] = days_data(s, r.figures);
  j["wrongs"] = wrongs_data(r.figures);
  j["findings"] = findings_data(s, r);
  j["texts"] = texts_data(*r.pack);
  j["faults"] = faults_data(r);
  j["appeals"] = appeals_data(r);
  j["inspection"] = inspection_data(r.figures.inspection);
  j["flow"] = flow_data(r.figures.traffic);
  j["desk"] = desk_data(s, r.figures);
  j["times"] = times_data(r.figures);
  return j;
}

}  // namespace zhili::scenarios
