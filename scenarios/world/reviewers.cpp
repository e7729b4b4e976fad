// SPDX-License-Identifier: Apache-2.0
#include "scenarios/world/reviewers.hpp"

#include "actors/decision/follow_up.hpp"

namespace zhili::scenarios {
namespace {

// How far down the list somebody looks who may not take the first ones.
constexpr int list_depth = 64;

// Nobody gets their own decision back, nor an appeal that they have answered.
bool may_take(const reviewer& r, const desk::state& list, const desk::task& t) {
  const desk::question& q = list.asked(t);
  return list.queue_of(t) == r.queue && q.not_by != r.id && q.nor_by != r.id;
}

bool hidden(wrong w) { return w == wrong::hidden || w == wrong::impostor || w == wrong::disguised; }

}  // namespace

review_desk::review_desk(const model& world, shard_no shard) : world_(world) {
  std::uint64_t group_number = 0;
  for (const reviewer_group& g : world.about().reviewers) {
    ++group_number;
    const account_id queue = decision::queue_account(g.queue);
    if (shard_of(queue) != shard) continue;
    for (std::uint32_t n = 0; n < g.count; ++n) {
      reviewer r;
      r.id = group_number << 32 | (n + 1);
      r.group = &g;
      r.queue = queue;
      people_.push_back(r);
    }
  }
}

instant review_desk::on_duty(const reviewer& r, instant now) const {
  const reviewer_group& g = *r.group;
  constexpr std::int64_t hour_ms = 3'600'000;
  // Yesterday's shift may run past midnight.
  for (std::int32_t day = china_day(now) - 1;; ++day) {
    const int weekday = (day + 3) % 7;  // 0 is Monday
    if (!g.weekends && weekday >= 5) continue;
    const instant from{start_of_china_day(day).ms + g.from_hour * hour_ms};
    const instant to{start_of_china_day(day).ms + g.to_hour * hour_ms};
    if (now < to) return std::max(now, from);
  }
}

const desk::task* review_desk::choose(const reviewer& r, const desk::state& list) const {
  int seen = 0;
  for (const desk::waiting_place& place : list.order()) {
    const desk::task& t = list.tasks()[place.row];
    if (list.queue_of(t) != r.queue) continue;
    if (may_take(r, list, t)) return &t;
    if (++seen == list_depth) break;
  }
  return nullptr;
}

duration review_desk::handling(const reviewer& r) const {
  // Who claims what another gave back needs a time of their own, or a hard task would go round for ever.
  dice d(world_.seed(), r.task.lo, purpose::reviewer, 1 + r.task_claims);
  return duration{std::max<std::int64_t>(1000, d.lognormal(r.group->handling.median.count(), r.group->handling.p90.count()))};
}

verdict review_desk::judge(const reviewer& r, instant now) const {
  return judged_by(*r.group, world_, r.task, item_ref::unpack(r.task_ref), now);
}

verdict judged_by(const reviewer_group& group, const model& world, subject_id task, item_ref ref, instant now) {
  const truth t = world.truth_of(ref);
  dice d(world.seed(), task.lo, purpose::reviewer);
  const std::uint32_t misses = hidden(t.wrong) ? 1'000'000 - group.sees_hidden_ppm : group.misses_ppm;
  const bool passes_unlawful = d.chance_ppm(misses);
  const bool stops_lawful = d.chance_ppm(group.wrongs_ppm);
  const bool unlawful = world.unlawful_at(ref, t, now, never);
  if (unlawful ? passes_unlawful : !stops_lawful) return verdict::approve;
  return verdict::reject;
}

std::size_t review_desk::idle(const desk::state& list, const desk::task& t) const {
  for (std::size_t n = 0; n < people_.size(); ++n) {
    if (!people_[n].busy && may_take(people_[n], list, t)) return n;
  }
  return people_.size();
}

}  // namespace zhili::scenarios
