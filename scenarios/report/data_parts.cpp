// SPDX-License-Identifier: Apache-2.0
#include "scenarios/report/data_parts.hpp"

#include <nlohmann/json.hpp>

#include "actors/partition/workflow.hpp"
#include "scenarios/report/data.hpp"
#include "scenarios/report/desk_load.hpp"

namespace zhili::scenarios {

using nlohmann::ordered_json;

namespace {

constexpr double hour_ms = 3'600'000;

ordered_json figure_row(std::string_view name, const figure& f) {
  return {{"name", name}, {"kind", scenarios::name(f.kind)}, {"value", f.value}, {"reason", {{"zh", f.reason_zh}, {"en", f.reason}}}};
}

ordered_json share_row(std::string_view group, std::string_view name, std::uint64_t ppm, figure_kind kind) {
  return {{"group", group}, {"name", name}, {"ppm", ppm}, {"kind", scenarios::name(kind)}};
}

ordered_json shares_data(const scenario& s) {
  constexpr std::uint64_t all = 1'000'000;
  ordered_json out = ordered_json::array();
  for (const subject_kind kind : submitted_kinds) {
    const kind_model& k = s.of(kind);
    const char* word = wire::EnumNamesubject_kind(kind);
    // A share that was multiplied to agree with what was published is no assumption any more.
    const figure_kind from = k.factor_ppm == all ? figure_kind::assumed : figure_kind::fitted;
    for (const wrong_share& w : k.wrongs) out.push_back(share_row(word, name(w.what), w.ppm * k.factor_ppm / all, from));
    if (k.lookalike_ppm != 0) out.push_back(share_row(word, "lookalike", k.lookalike_ppm, figure_kind::assumed));
    const auto changes = static_cast<std::uint32_t>(k.changes_ppm.value);
    if (changes != 0) out.push_back(share_row(word, "changes", changes, k.changes_ppm.kind));
  }
  const auto assumed = [&](std::string_view group, std::string_view name, std::uint32_t ppm) {
    out.push_back(share_row(group, name, ppm, figure_kind::assumed));
  };
  assumed("institution", "rogues", s.rogue_ppm);
  assumed("institution", "registry_missing", s.registry_missing_ppm);
  assumed("institution", "revoked_a_year", static_cast<std::uint32_t>(s.revoked_per_1000_year.value * 1000));
  assumed("institution", "renews_in_time", s.renews_in_time_ppm);
  assumed("reactions", "correct", s.reactions.correct_ppm);
  assumed("reactions", "respell", s.reactions.respell_ppm);
  assumed("reactions", "appeal_guilty", s.reactions.appeal_guilty_ppm);
  assumed("reactions", "appeal_innocent", s.reactions.appeal_innocent_ppm);
  assumed("reactions", "resubmit_innocent", s.reactions.resubmit_innocent_ppm);
  return out;
}

double rounded(double value) { return static_cast<double>(static_cast<std::int64_t>(value * 100 + 0.5)) / 100; }

double staffed_day(const queue_load& q, std::size_t from, std::size_t to) {
  double people = 0;
  for (std::size_t h = from; h < to; ++h) people += q.hours[h].people;
  return people;
}

ordered_json by_hour_of_day(const scenario& s, const queue_load& q) {
  std::array<double, 24> opened{}, closed{}, staffed{}, times{};
  for (std::size_t n = 0; n < q.hours.size(); ++n) {
    const auto at = static_cast<std::size_t>(china_hour(s.begin + std::chrono::hours{n}));
    opened[at] += q.hours[n].opened;
    closed[at] += q.hours[n].closed;
    staffed[at] += q.hours[n].people;
    times[at] += 1;
  }
  const double mean = q.handling_mean_h();
  ordered_json out;
  for (std::size_t h = 0; h < 24; ++h) {
    const double days = std::max(1.0, times[h]);
    out["opened"].push_back(rounded(opened[h] / days));
    out["closed"].push_back(rounded(closed[h] / days));
    out["needed_h"].push_back(rounded(opened[h] / days * mean));
    out["staffed_h"].push_back(rounded(staffed[h] / days));
  }
  return out;
}

ordered_json by_day(const scenario& s, const queue_load& q) {
  const double mean = q.handling_mean_h();
  ordered_json out;
  for (std::size_t from = 0; from < q.hours.size();) {
    const std::int32_t day = china_day(s.begin + std::chrono::hours{from});
    std::size_t to = from;
    hour_load sum;
    for (; to < q.hours.size() && china_day(s.begin + std::chrono::hours{to}) == day; ++to) {
      sum.opened += q.hours[to].opened;
      sum.closed += q.hours[to].closed;
      sum.oldest_ms = std::max(sum.oldest_ms, q.hours[to].oldest_ms);
      sum.waiting = q.hours[to].waiting;
    }
    out["opened"].push_back(sum.opened);
    out["closed"].push_back(sum.closed);
    out["waiting"].push_back(sum.waiting);
    out["needed_h"].push_back(rounded(sum.opened * mean));
    out["staffed_h"].push_back(staffed_day(q, from, to));
    out["oldest_h"].push_back(rounded(static_cast<double>(sum.oldest_ms) / hour_ms));
    from = to;
  }
  return out;
}

ordered_json queue_data(const scenario& s, const queue_load& q) {
  const hour_load sum = q.sum();
  ordered_json out{{"name", q.name},
                   {"opened", sum.opened},
                   {"closed", sum.closed},
                   {"withdrawn", sum.withdrawn},
                   {"waiting", q.rest.waiting},
                   {"handling_min", rounded(q.handling_mean_h() * 60)},
                   {"needed_h", rounded(sum.opened * q.handling_mean_h())},
                   {"staffed_h", staffed_day(q, 0, q.hours.size())},
                   {"oldest_h", rounded(static_cast<double>(sum.oldest_ms) / hour_ms)},
                   {"oldest_waiting_h", rounded(static_cast<double>(q.rest.oldest_ms) / hour_ms)},
                   {"by_hour", by_hour_of_day(s, q)},
                   {"by_day", by_day(s, q)}};
  for (const hour_load& h : q.hours) out["waiting_by_hour"].push_back(h.waiting);
  return out;
}

}  // namespace

ordered_json assumptions_data(const scenario& s) {
  ordered_json figures{figure_row("institutions", s.institutions), figure_row("practitioners", s.practitioners),
                       figure_row("users", s.users)};
  if (s.volume.value > 0) {
    figures.push_back(figure_row("volume", s.volume));
    figure times = s.volume;
    times.value = s.contents_times_ppm / 1e6;
    figures.push_back(figure_row("contents_times", times));
  }
  for (const subject_kind kind : submitted_kinds) {
    if (s.of(kind).per_day.value == 0) continue;
    figures.push_back(figure_row(std::string("per_day.") + wire::EnumNamesubject_kind(kind), s.of(kind).per_day));
  }
  return {{"figures", figures}, {"shares", shares_data(s)}};
}

ordered_json flow_data(const traffic_figures& t) {
  ordered_json out{{"workflows", ordered_json::array()}, {"messages", ordered_json::array()}};
  for (const partition::workflow_descriptor* w : partition::workflows()) {
    ordered_json row{{"name", w->name},
                     {"title", {{"zh", w->name_zh}, {"en", w->name}}},
                     {"submissions", t.commands[w->number][0]},
                     {"messages", t.commands[w->number][1]},
                     {"timers", t.commands[w->number][2]},
                     {"effects", t.effects[w->number]},
                     {"events", ordered_json::object()}};
    for (std::size_t type = 1; type < t.event_types; ++type) {
      const std::uint64_t count = t.events[w->number][type];
      if (count != 0) row["events"][std::string(w->event_name(static_cast<type_no>(type)))] = count;
    }
    out["workflows"].push_back(row);
    for (const partition::workflow_descriptor* to : partition::workflows()) {
      const std::uint64_t count = t.messages[w->number][to->number];
      if (count != 0) out["messages"].push_back({{"from", w->name}, {"to", to->name}, {"count", count}});
    }
  }
  return out;
}

ordered_json desk_data(const scenario& s, const figures& f) {
  const auto queues = queue_loads(s, f);
  ordered_json out{{"first_hour", china_hour(s.begin)}, {"queues", ordered_json::array()}, {"shifts", ordered_json::array()}};
  for (const queue_load& q : queues) out["queues"].push_back(queue_data(s, q));
  for (const shift_load& l : shift_loads(s, queues)) {
    const double shifts = static_cast<double>(l.group->count) * l.days;
    out["shifts"].push_back({{"queue", l.group->queue},
                             {"from_hour", l.group->from_hour},
                             {"to_hour", l.group->to_hour},
                             {"weekends", l.group->weekends},
                             {"people", l.group->count},
                             {"days", l.days},
                             {"closed", rounded(l.closed)},
                             {"items_a_reviewer", shifts == 0 ? 0.0 : rounded(l.closed / shifts)},
                             {"spent_h", rounded(l.spent_h)},
                             {"staffed_h", rounded(l.staffed_h)},
                             {"oldest_h", rounded(static_cast<double>(l.oldest_ms) / hour_ms)}});
  }
  return out;
}

ordered_json times_data(const figures& f) {
  ordered_json series = ordered_json::array();
  const auto add = [&](const char* name, const std::vector<std::uint32_t>& sorted) {
    const auto at = [&](unsigned per_mille) { return figures::percentile(sorted, per_mille); };
    series.push_back({{"name", name},
                      {"count", sorted.size()},
                      {"bins", histogram(sorted)},
                      {"p50_s", at(500)},
                      {"p90_s", at(900)},
                      {"p95_s", at(950)},
                      {"p99_s", at(990)},
                      {"max_s", sorted.empty() ? 0 : sorted.back()}});
  };
  add("decision", f.decision_times);
  add("desk", f.desk_waits);
  add("takedown", f.takedown_times);
  add("appeal", f.appeal_times);
  return {{"at_once", f.decided_at_once},
          {"edges_s", time_edges_s},
          {"series", series},
          {"orders", f.orders},
          {"acknowledged", f.orders_acknowledged}};
}

}  // namespace zhili::scenarios
