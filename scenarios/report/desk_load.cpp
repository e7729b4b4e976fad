// SPDX-License-Identifier: Apache-2.0
#include "scenarios/report/desk_load.hpp"

#include <algorithm>

namespace zhili::scenarios {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr double hour = 3'600'000;

std::int64_t first_hour(const scenario& s) { return s.begin.ms / hour_ms; }
std::int64_t hour_count(const scenario& s) { return (s.end.ms + hour_ms - 1) / hour_ms - first_hour(s); }

std::vector<std::string> queue_names(const scenario& s, const figures& f) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  for (const reviewer_group& g : s.reviewers) add(g.queue);
  for (const auto& [name, hours] : f.queues) add(name);
  for (const auto& [name, rest] : f.rests) add(name);
  return names;
}

// The ledger knows what waits at the end; what waited before follows backwards from what came and went.
void count_waiting(queue_load& q) {
  std::uint64_t waiting = q.rest.waiting;
  for (auto h = q.hours.rbegin(); h != q.hours.rend(); ++h) {
    h->waiting = waiting;
    waiting += h->closed + h->withdrawn;
    waiting -= std::min<std::uint64_t>(waiting, h->opened);
  }
}

// The shifts that answer for an hour: those on duty, else those that went home last.
std::vector<shift_load*> answering(std::vector<shift_load>& shifts, const std::string& queue, instant hour_begin) {
  constexpr int back_max = 7 * 24;
  std::vector<shift_load*> out;
  for (int back = 0; back <= back_max && out.empty(); ++back) {
    const instant at{hour_begin.ms - back * hour_ms};
    for (shift_load& l : shifts) {
      if (l.group->queue == queue && on_duty(*l.group, at)) out.push_back(&l);
    }
  }
  return out;
}

}  // namespace

hour_load queue_load::sum() const {
  hour_load all;
  for (const hour_load& h : hours) {
    all.opened += h.opened;
    all.closed += h.closed;
    all.withdrawn += h.withdrawn;
    all.people += h.people;
    all.handling_ms += h.handling_ms;
    all.oldest_ms = std::max(all.oldest_ms, h.oldest_ms);
  }
  all.waiting = rest.waiting;
  return all;
}

double queue_load::handling_mean_h() const {
  const hour_load all = sum();
  return all.closed == 0 ? 0 : static_cast<double>(all.handling_ms) / hour / all.closed;
}

bool on_duty(const reviewer_group& g, instant at) {
  const std::int32_t today = china_day(at);
  // Yesterday's shift may run past midnight.
  for (const std::int32_t day : {today - 1, today}) {
    const int weekday = (day + 3) % 7;  // 0 is Monday
    if (!g.weekends && weekday >= 5) continue;
    const std::int64_t midnight = start_of_china_day(day).ms;
    if (midnight + g.from_hour * hour_ms <= at.ms && at.ms < midnight + g.to_hour * hour_ms) return true;
  }
  return false;
}

std::vector<queue_load> queue_loads(const scenario& s, const figures& f) {
  std::vector<queue_load> out;
  const auto hours = static_cast<std::size_t>(std::max<std::int64_t>(0, hour_count(s)));
  for (const std::string& name : queue_names(s, f)) {
    queue_load q{name, std::vector<hour_load>(hours), {}};
    for (std::size_t n = 0; n < hours; ++n) {
      const instant at{(first_hour(s) + static_cast<std::int64_t>(n)) * hour_ms};
      for (const reviewer_group& g : s.reviewers) {
        if (g.queue == name && on_duty(g, at)) q.hours[n].people += g.count;
      }
    }
    if (const auto found = f.queues.find(name); found != f.queues.end()) {
      for (const auto& [number, from] : found->second) {
        const std::int64_t n = number - first_hour(s);
        if (n < 0 || n >= hour_count(s)) continue;
        hour_load& h = q.hours[static_cast<std::size_t>(n)];
        h.opened = from.opened;
        h.closed = from.closed;
        h.withdrawn = from.withdrawn;
        h.handling_ms = from.handling_ms;
        h.oldest_ms = from.oldest_ms;
      }
    }
    if (const auto rest = f.rests.find(name); rest != f.rests.end()) q.rest = rest->second;
    count_waiting(q);
    out.push_back(std::move(q));
  }
  return out;
}

std::vector<shift_load> shift_loads(const scenario& s, const std::vector<queue_load>& queues) {
  std::vector<shift_load> out;
  for (const reviewer_group& g : s.reviewers) {
    shift_load l;
    l.group = &g;
    for (std::int32_t day = china_day(s.begin); start_of_china_day(day) < s.end; ++day) {
      if (g.weekends || (day + 3) % 7 < 5) ++l.days;
    }
    l.staffed_h = static_cast<double>(g.count) * (g.to_hour - g.from_hour) * l.days;
    out.push_back(l);
  }
  for (const queue_load& q : queues) {
    for (std::size_t n = 0; n < q.hours.size(); ++n) {
      const hour_load& h = q.hours[n];
      if (h.closed == 0) continue;
      const auto shifts = answering(out, q.name, {(first_hour(s) + static_cast<std::int64_t>(n)) * hour_ms});
      double heads = 0;
      for (const shift_load* l : shifts) heads += l->group->count;
      for (shift_load* l : shifts) {
        const double share = l->group->count / heads;
        l->closed += h.closed * share;
        l->spent_h += static_cast<double>(h.handling_ms) / hour * share;
        l->oldest_ms = std::max(l->oldest_ms, h.oldest_ms);
      }
    }
  }
  return out;
}

}  // namespace zhili::scenarios
