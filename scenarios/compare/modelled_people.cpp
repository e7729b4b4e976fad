// SPDX-License-Identifier: Apache-2.0
#include "scenarios/compare/modelled_people.hpp"

#include "actors/decision/follow_up.hpp"
#include "actors/workflow_numbers.hpp"
#include "protocols/log/batch.hpp"
#include "protocols/message.hpp"
#include "protocols/schema/takedown_generated.h"
#include "scenarios/world/ledger.hpp"

namespace zhili::scenarios {

namespace numbers = workflow_numbers;
namespace desk_msg = wire::desk;
namespace takedown_msg = wire::takedown;

namespace {

// Where the recording has no act to learn from yet.
constexpr duration wait_unknown = std::chrono::hours{4};
constexpr duration handling_unknown = std::chrono::minutes{5};
constexpr duration acknowledged_unknown = std::chrono::minutes{2};
constexpr duration appeal_after = std::chrono::hours{6};
// A task that somebody holds is looked at again; nobody tries for ever.
constexpr duration again_after = std::chrono::hours{1};
constexpr std::uint32_t attempts_max = 48;
/// Handles of modelled reviewers; a task knows two at most who may not have it.
constexpr std::uint64_t modelled_reviewer = 0x6d6f64656c000000U;
constexpr std::uint16_t reason_reviewed = 1000;

template <class Traits>
constexpr type_no type_of() {
  return static_cast<type_no>(Traits::enum_value);
}

}  // namespace

modelled_acts& modelled_acts::operator+=(const modelled_acts& o) {
  decisions += o.decisions;
  claims += o.claims;
  appeals += o.appeals;
  acknowledgements += o.acknowledgements;
  return *this;
}

peopled_shard::peopled_shard(trace_shard& inner, shard_no shard, const people_settings& how) : inner_(inner), how_(how) {
  if (how.before == nullptr) return;
  for (const auto& table : how.before->of(shard).tables) {
    for (const subject_outcome& o : table) {
      if (o.was_stopped()) stopped_before_.insert(o.subject);
    }
  }
}

// ---- time ----

instant peopled_shard::next() { return std::min(inner_.next(), plans_.empty() ? never : plans_.top().at); }

const submission* peopled_shard::take() {
  const instant planned = plans_.empty() ? never : plans_.top().at;
  own_ = planned < inner_.next();
  if (!own_) return inner_.take();
  const plan p = plans_.top();
  plans_.pop();
  return carry_out(p);
}

bool peopled_shard::stays_open(std::uint64_t what) {
  if (how_.as_recorded) left_open_.insert(what);
  return how_.as_recorded || (how_.recorded_run != nullptr && how_.recorded_run->left_open().contains(what));
}

void peopled_shard::schedule(plan p) {
  p.order = ++order_;
  plans_.push(p);
}

const submission* peopled_shard::carry_out(const plan& p) {
  in_hand_ = p;
  builder_.Clear();
  const wire::id about = to_wire(p.about);
  type_no type = 0;
  now_ = {};
  now_.workflow = numbers::desk;
  switch (p.what) {
    case act::claim:
      builder_.Finish(desk_msg::Createclaim(builder_, &about, p.reviewer));
      type = type_of<desk_msg::desk_commandTraits<desk_msg::claim>>();
      break;
    case act::decide:
      builder_.Finish(desk_msg::Createdecide_task(builder_, &about, p.reviewer, answer_of(p, p.at), reason_reviewed));
      type = type_of<desk_msg::desk_commandTraits<desk_msg::decide_task>>();
      break;
    case act::acknowledge:
      now_.workflow = numbers::takedown;
      builder_.Finish(takedown_msg::Createacknowledge(builder_, &about, p.serial));
      type = type_of<takedown_msg::takedown_commandTraits<takedown_msg::acknowledge>>();
      break;
    case act::appeal:
      now_.workflow = numbers::takedown;
      builder_.Finish(takedown_msg::Createfile_appeal(builder_, &about, 1));
      type = type_of<takedown_msg::takedown_commandTraits<takedown_msg::file_appeal>>();
      break;
  }
  now_.at = p.at;
  now_.event_time = p.at;
  now_.account = p.account;
  now_.subject = p.subject;
  now_.key = {mix(p.about.lo ^ (static_cast<std::uint64_t>(p.what) + 11)), mix(static_cast<std::uint64_t>(p.at.ms) ^ p.about.hi)};
  now_.type = type;
  now_.body = body_of(builder_);
  return &now_;
}

void peopled_shard::answered(const submission& s, const partition::outcome& answer, bool repeated) {
  if (!own_) return inner_.answered(s, answer, repeated);
  const bool done = answer.status != wire::status::refused;
  plan p = in_hand_;
  switch (p.what) {
    case act::claim:
      if (done) {
        ++acts_.claims;
        dice d(how_.seed, p.about.lo, purpose::reviewer, 1);
        p.what = act::decide;
        p.at = p.at + drawn(habits_[p.account].handlings, d, handling_unknown);
        schedule(p);
      } else if (tasks_.contains(p.row) && ++p.serial < attempts_max) {
        p.at = p.at + again_after;
        schedule(p);
      }
      break;
    case act::decide: acts_.decisions += done ? 1 : 0; break;
    case act::acknowledge: acts_.acknowledgements += done ? 1 : 0; break;
    case act::appeal: acts_.appeals += done ? 1 : 0; break;
  }
}

// ---- what people see ----

void peopled_shard::committed(const partition::engine& of, const batch_reader& batch) {
  inner_.committed(of, batch);
  const workflow_no w = of.id().workflow;
  instant at;
  for (const entry_view entry : batch) {
    if (entry.kind == entry_kind::command) {
      at = {entry.header<wire::command_header>().at()};
    } else if (entry.kind == entry_kind::event && w == numbers::desk) {
      see_desk(entry, at);
    } else if (entry.kind == entry_kind::effect && w == numbers::takedown) {
      see_order(entry, at);
    } else if (entry.kind == entry_kind::event && w == numbers::takedown) {
      see_takedown(entry, at);
    }
  }
}

void peopled_shard::see_desk(const entry_view& entry, instant at) {
  switch (static_cast<desk_msg::desk_event>(entry.type)) {
    case desk_msg::desk_event::task_opened: {
      const auto& e = view_body<desk_msg::task_opened>(entry.content);
      const std::uint32_t row = tasks_seen_++;
      const task_note t{from_wire(e.task()), from_wire(e.queue()), e.ref(), at, at, e.not_by(), e.nor_by()};
      tasks_[row] = t;
      const auto recorded = how_.recorded->decided.find(t.task.lo);
      const bool to_come = recorded != how_.recorded->decided.end() && recorded->second > at;
      if (!to_come && !stays_open(t.task.lo)) plan_answer(t, row, at);
      break;
    }
    case desk_msg::desk_event::task_claimed: {
      const auto found = tasks_.find(view_body<desk_msg::task_claimed>(entry.content).row());
      if (found != tasks_.end()) found->second.claimed = at;
      break;
    }
    case desk_msg::desk_event::task_closed: {
      const auto& e = view_body<desk_msg::task_closed>(entry.content);
      const auto found = tasks_.find(e.row());
      if (found == tasks_.end()) break;
      const task_note& t = found->second;
      // Only recorded people teach the modelled ones.
      if (e.withdrawn() == 0 && e.reviewer() >> 24 != modelled_reviewer >> 24) {
        habits& h = habits_[t.queue];
        h.waits.push_back(t.claimed - t.opened);
        h.handlings.push_back(at - t.claimed);
        h.verdicts.push_back(e.verdict());
      }
      tasks_.erase(found);
      break;
    }
    default: break;
  }
}

void peopled_shard::plan_answer(const task_note& t, std::uint32_t row, instant at) {
  dice d(how_.seed, t.task.lo, purpose::reviewer, 2);
  plan p;
  p.what = act::claim;
  p.about = p.subject = t.task;
  p.account = t.queue;
  p.ref = t.ref;
  p.row = row;
  p.reviewer = modelled_reviewer + 1;
  while (p.reviewer == t.not_by || p.reviewer == t.nor_by) ++p.reviewer;
  p.at = at + drawn(habits_[t.queue].waits, d, wait_unknown);
  schedule(p);
}

duration peopled_shard::drawn(const std::vector<duration>& from, dice& d, duration otherwise) const {
  const duration drawn = from.empty() ? otherwise : from[d.below(from.size())];
  return std::max<duration>(drawn, std::chrono::seconds{1});
}

verdict peopled_shard::answer_of(const plan& p, instant at) const {
  const item_ref ref = item_ref::unpack(p.ref);
  if (how_.truth != nullptr && how_.truth->knows(ref)) {
    for (const reviewer_group& g : how_.truth->about().reviewers) {
      if (decision::queue_account(g.queue) == p.account) return judged_by(g, *how_.truth, p.about, ref, at);
    }
  }
  const auto found = habits_.find(p.account);
  // Nobody has decided anything here: what a person does not stop stands.
  if (found == habits_.end() || found->second.verdicts.empty()) return verdict::approve;
  dice d(how_.seed, p.about.lo, purpose::reviewer);
  return found->second.verdicts[d.below(found->second.verdicts.size())];
}

void peopled_shard::see_order(const entry_view& entry, instant at) {
  if (entry.type != static_cast<type_no>(takedown_msg::takedown_event::order_issued)) return;
  const auto& head = entry.header<wire::effect_header>();
  const auto& order = view_body<takedown_msg::order_issued>(entry.body<wire::effect_header>());
  const subject_id effect = from_wire(head.effect());
  const account_id owner = from_wire(head.account());
  const std::uint64_t key = recorded_acts::order_key(effect, order.serial());
  // Until it is acknowledged an order is sent again and again.
  if (!ordered_.emplace(std::uint64_t{order.row()} << 32 | order.serial(), at).second) return;
  const auto recorded = how_.recorded->acknowledged.find(key);
  if (recorded != how_.recorded->acknowledged.end() && recorded->second > at) return;
  if (stays_open(key)) return;
  dice d(how_.seed, effect.lo, purpose::platform);
  plan p;
  p.what = act::acknowledge;
  p.about = effect;
  p.account = owner;
  p.subject = from_wire(*order.subject());
  p.serial = order.serial();
  p.at = at + drawn(acknowledged_after_, d, acknowledged_unknown);
  schedule(p);
}

void peopled_shard::see_takedown(const entry_view& entry, instant at) {
  if (entry.type == static_cast<type_no>(takedown_msg::takedown_event::acknowledged)) {
    const auto& e = view_body<takedown_msg::acknowledged>(entry.content);
    const auto found = ordered_.find(std::uint64_t{e.row()} << 32 | e.serial());
    if (found != ordered_.end() && !own_) acknowledged_after_.push_back(at - found->second);
  } else if (entry.type == static_cast<type_no>(takedown_msg::takedown_event::measure_changed)) {
    const auto& e = view_body<takedown_msg::measure_changed>(entry.content);
    if (e.state() == takedown_msg::measure_state::ordered && stops(e.kind(), e.verdict())) see_stop(e, at);
  }
}

/// Whoever was stopped in the recording has said there whether they appeal; of those who were not, as many appeal as did
/// of the others.
void peopled_shard::see_stop(const wire::takedown::measure_changed& e, instant at) {
  const subject_id subject = from_wire(e.subject());
  if (how_.before == nullptr || how_.recorded->appealed.contains(subject.lo)) return;
  if (!stopped_before_.insert(subject.lo).second) return;
  dice d(how_.seed, subject.lo, purpose::appeal);
  if (!d.chance_ppm(how_.appeals_ppm)) return;
  plan p;
  p.what = act::appeal;
  p.about = p.subject = subject;
  p.account = from_wire(e.owner());
  p.at = at + appeal_after;
  schedule(p);
}

}  // namespace zhili::scenarios
