// SPDX-License-Identifier: Apache-2.0
#include "scenarios/kernel/shard.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace zhili::scenarios {

using partition::engine;
using partition::stream_key;
using partition::stream_kind;
using partition::taken;

shard::shard(shard_no number, const kernel_settings& settings, shard_world& outside, partition::bench& work)
    : number_(number), settings_(settings), outside_(outside), work_(&work) {
  next_timer_.fill(never);
}

status shard::start() {
  for (const auto* w : partition::workflows()) {
    const partition_id id{w->number, number_};
    auto lease = settings_.log->acquire(id);
    if (!lease) return tl::unexpected(lease.error());
    hosted_partition& p = partitions_[w->number];
    p.lease = *lease;
    p.seq = lease->next.value - 1;
    p.engine = std::make_unique<engine>(
        id, *w, partition::surroundings{settings_.shelves, &outside_.texts(), work_}, lease->incarnation.value);
    present_.push_back(w->number);
    seen_.push_back(p.engine.get());
  }
  outside_.meet(seen_);
  return {};
}

instant shard::next() const {
  instant soonest = outside_.next();
  if (next_control_ < settings_.schedule.size()) soonest = std::min(soonest, settings_.schedule[next_control_].at);
  if (!heap_.empty()) soonest = std::min(soonest, heap_.front().due);
  return std::min(soonest, next_timer_[first_timer_]);
}

void shard::work_at(partition::bench& work) {
  if (work_ == &work) return;
  work_ = &work;
  for (engine* e : seen_) e->work_at(work);
}

void shard::run_until(instant end) {
  window_end_ = end;
  while (trouble_.empty()) {
    // At one time: control, then timers by workflow, then messages, then submissions.
    const instant control_at =
        next_control_ < settings_.schedule.size() ? settings_.schedule[next_control_].at : never;
    const instant timer_at = next_timer_[first_timer_];
    const instant message_at = heap_.empty() ? never : heap_.front().due;
    const instant submission_at = outside_.next();
    const instant soonest = std::min({control_at, timer_at, message_at, submission_at});
    if (soonest >= end) return;
    now_ = soonest;
    if (control_at == soonest) {
      take_control(settings_.schedule[next_control_++]);
    } else if (timer_at == soonest) {
      fire(at(first_timer_));
    } else if (message_at == soonest) {
      const std::uint32_t slot = heap_.front().slot;
      std::pop_heap(heap_.begin(), heap_.end(), std::greater<>{});
      heap_.pop_back();
      take_parcel(slot);
    } else {
      take_submission();
    }
  }
}

// ---- inputs ----

void shard::take_control(const control& c) {
  for (const workflow_no w : present_) {
    partition::command in;
    in.head = wire::command_header({}, 0, c.at.ms, {}, {}, 0, 0, 0, 0, wire::origin::control);
    in.type = c.type;
    in.body = c.body;
    do at(w).engine->take(in, now_);
    while (!commit(at(w)));
  }
}

void shard::take_submission() {
  const submission* taken_now = outside_.take();
  if (taken_now == nullptr) return;
  const submission& s = *taken_now;
  partition::command in;
  in.head = wire::command_header(to_wire(s.account), 0, s.event_time.ms, to_wire(s.key), to_wire(s.subject), 0, 0, 0, 0,
                                 wire::origin::submission);
  in.type = s.type;
  in.body = s.body;
  in.text = s.text;
  hosted_partition& p = at(s.workflow);
  if (!p.engine) {
    trouble_ = fmt::format("a submission for workflow {}, which this program does not have", s.workflow);
    return;
  }
  const fault_plan& f = settings_.faults;
  const bool twice = f.repeat_ppm != 0 && now_ < f.until &&
                     dice(f.seed, s.key.lo, purpose::fault, 1).chance_ppm(f.repeat_ppm);
  partition::receipt r;
  do r = p.engine->take(in, now_);
  while (!commit(p));
  outside_.answered(s, r.outcome, r.taken == taken::again);
  if (!twice) return;
  // The gateway did not hear the answer and asks again.
  ++counts_.repeated;
  const partition::receipt again = p.engine->take(in, now_);
  if (again.taken != taken::again || again.outcome.status != r.outcome.status) {
    trouble_ = fmt::format("a repeated submission was taken twice in {}", p.engine->workflow().name);
  }
}

void shard::fire(hosted_partition& p) {
  do p.engine->fire(now_);
  while (!commit(p));
}

void shard::take_parcel(std::uint32_t slot) {
  // The slab may grow while the parcel is being handled.
  const parcel p = std::move(slab_[slot]);
  free_.push_back(slot);
  hosted_partition& to = at(p.destination().workflow);
  const partition::command in = p.as_command();
  taken how;
  do how = to.engine->take(in, now_).taken;
  while (!commit(to));
  if (how == taken::gap) {
    ++counts_.gaps;
    out_(p.source.shard).asking.push_back({p.source, {p.destination(), p.kind()}, 0, true});
    return;
  }
  acknowledge(p);
}

void shard::acknowledge(const parcel& p) {
  const stream_key stream{p.destination(), p.kind()};
  if (p.source.shard == number_ && p.kind() == stream_kind::inside_account) {
    at(p.source.workflow).engine->acknowledged(stream, p.head.number());
  } else {
    out_(p.source.shard).notes.push_back({p.source, stream, p.head.number(), false});
  }
}

// ---- commits ----

/// False: the process died before the batch was kept, and whoever gave the command gives it again.
bool shard::commit(hosted_partition& p) {
  engine& e = *p.engine;
  if (!e.open()) return true;
  const crash_point point = draw_crash(p);
  ++p.commits;
  if (point == crash_point::before_append) {
    crash(p);
    return !trouble_.empty();
  }
  const bytes_view bytes = e.seal(p.seq + 1, p.lease.epoch.value);
  const storage::append_item item{p.lease, storage::seq{p.seq + 1}, {e.id().packed(), p.seq + 1}, bytes};
  storage::append_outcome outcome;
  settings_.log->append({&item, 1}, {&outcome, 1});
  if (outcome != storage::append_outcome::ok) {
    trouble_ = fmt::format("the log of {} shard {} took no batch {}", e.workflow().name, number_, p.seq + 1);
    return true;
  }
  ++p.seq;
  const batch_reader batch = trusted_batch(bytes);
  if (point != crash_point::before_dispatch) dispatch(p, batch);
  outside_.committed(e, batch);
  e.committed();
  note_timer(e);
  if (point != crash_point::none) crash(p);
  return true;
}

void shard::note_timer(const engine& e) {
  instant& known = next_timer_[e.id().workflow];
  if (known == e.next_timer()) return;
  known = e.next_timer();
  first_timer_ = static_cast<workflow_no>(std::min_element(next_timer_.begin(), next_timer_.end()) - next_timer_.begin());
}

void shard::dispatch(hosted_partition& p, const batch_reader& batch) {
  for (const entry_view entry : batch) {
    if (entry.kind != entry_kind::send) continue;
    send(*p.engine, {entry.header<wire::send_header>(), entry.type, entry.body<wire::send_header>()}, 0);
  }
}

void shard::send(const engine& from, const partition::message_view& m, std::uint16_t attempt) {
  parcel p;
  p.head = m.head;
  p.source = from.id();
  p.incarnation = partitions_[from.id().workflow].lease.incarnation.value;
  p.type = m.type;
  p.attempt = attempt;
  p.fill(m.body);
  const bool inside = p.kind() == stream_kind::inside_account;
  p.due = inside ? std::max(now_, instant{m.head.at()}) : std::max(instant{m.head.at()} + settings_.hop, window_end_);
  if (inside && settings_.inside_delay_max.count() > 0) {
    // Late, but never out of order within its stream.
    dice d(settings_.faults.seed, p.source.packed(), purpose::delay, static_cast<std::uint32_t>(p.head.number()));
    instant& last = last_inside_[{p.destination(), p.kind()}];
    p.due = std::max(last, p.due + duration{d.between(0, settings_.inside_delay_max.count())});
    last = p.due;
  }
  const fault_plan& f = settings_.faults;
  if (f.touches_messages() && now_ < f.until && (f.inside || !inside)) {
    dice d(f.seed ^ (std::uint64_t{p.source.packed()} << 32 | p.head.destination()), p.head.number(), purpose::fault,
           std::uint32_t{attempt} * 4 + p.head.stream());
    const bool drop = d.chance_ppm(f.drop_ppm);
    const bool twice = d.chance_ppm(f.double_ppm);
    const bool late = d.chance_ppm(f.delay_ppm);
    const duration by{d.between(0, std::max<std::int64_t>(f.delay_max.count(), 1))};
    if (twice) {
      ++counts_.doubled;
      parcel copy = p;
      if (f.delay_ppm != 0) copy.due = copy.due + by;
      put(std::move(copy));
    }
    if (late) {
      ++counts_.delayed;
      p.due = p.due + by;
    }
    if (drop) {
      ++counts_.dropped;
      return;
    }
  }
  put(std::move(p));
}

void shard::put(parcel&& p) {
  if (p.kind() == stream_kind::inside_account) {
    deliver(std::move(p));
  } else {
    out_(p.destination().shard).parcels.push_back(std::move(p));
  }
}

void shard::deliver(parcel&& p) {
  std::uint32_t slot;
  const pending event{p.due, place::of(p), 0};
  if (free_.empty()) {
    slot = static_cast<std::uint32_t>(slab_.size());
    slab_.push_back(std::move(p));
  } else {
    slot = free_.back();
    free_.pop_back();
    slab_[slot] = std::move(p);
  }
  heap_.push_back(event);
  heap_.back().slot = slot;
  std::push_heap(heap_.begin(), heap_.end(), std::greater<>{});
}

// ---- acknowledgements, and what faults make necessary ----

void shard::take_note(const receipt_note& n) {
  engine& source = *at(n.source.workflow).engine;
  if (!n.again) {
    source.acknowledged(n.stream, n.through);
    return;
  }
  const auto attempt = static_cast<std::uint16_t>(++draws_);
  source.each_unacknowledged(n.stream, [&](const partition::message_view& m) {
    ++counts_.resent;
    send(source, m, attempt);
  });
}

void shard::resend_all(instant now) {
  now_ = std::max(now_, now);
  const auto attempt = static_cast<std::uint16_t>(++draws_);
  for (const workflow_no w : present_) {
    engine& e = *partitions_[w].engine;
    for (const stream_key key : e.unacknowledged_streams()) {
      e.each_unacknowledged(key, [&](const partition::message_view& m) {
        if (instant{m.head.at()} + settings_.hop * 3 > now) return;
        ++counts_.resent;
        send(e, m, attempt);
      });
    }
  }
}

crash_point shard::draw_crash(const hosted_partition& p) const {
  const fault_plan& f = settings_.faults;
  if (f.crash_ppm == 0 || now_ >= f.until) return crash_point::none;
  dice d(f.seed, std::uint64_t{p.engine->id().packed()} << 40 | p.commits, purpose::fault, 2);
  if (!d.chance_ppm(f.crash_ppm)) return crash_point::none;
  return static_cast<crash_point>(1 + d.below(3));
}

/// The memory is gone; the log is not.
void shard::crash(hosted_partition& p) {
  ++counts_.crashed;
  const auto& workflow = p.engine->workflow();
  const partition_id id = p.engine->id();
  auto lease = settings_.log->acquire(id);
  if (!lease) {
    trouble_ = lease.error().detail;
    return;
  }
  p.lease = *lease;
  p.seq = lease->next.value - 1;
  *std::find(seen_.begin(), seen_.end(), p.engine.get()) = nullptr;
  p.engine = std::make_unique<engine>(
      id, workflow, partition::surroundings{settings_.shelves, &outside_.texts(), work_}, lease->incarnation.value);
  *std::find(seen_.begin(), seen_.end(), nullptr) = p.engine.get();
  const status read = settings_.log->read(id, storage::seq{1}, [&](storage::seq, bytes_view bytes) {
    const auto batch = batch_reader::open(bytes);
    const status restored = batch ? p.engine->restore(*batch) : tl::unexpected(batch.error());
    if (!restored) trouble_ = restored.error().detail;
    return restored.has_value();
  });
  if (!read && trouble_.empty()) trouble_ = read.error().detail;
  note_timer(*p.engine);
  outside_.meet(seen_);
  // What it had sent may never have left: everything unacknowledged goes again, under its old numbers.
  const auto attempt = static_cast<std::uint16_t>(++draws_);
  for (const stream_key key : p.engine->unacknowledged_streams()) {
    p.engine->each_unacknowledged(key, [&](const partition::message_view& m) { send(*p.engine, m, attempt); });
  }
}

std::string shard::check() const {
  for (const workflow_no w : present_) {
    if (std::string broken = partitions_[w].engine->check(); !broken.empty()) return broken;
  }
  return {};
}

}  // namespace zhili::scenarios
