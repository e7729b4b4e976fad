// SPDX-License-Identifier: Apache-2.0
#include "scenarios/kernel/kernel.hpp"

#include <algorithm>
#include <set>
#include <thread>
#include <tuple>

#include "scenarios/kernel/barrier.hpp"

namespace zhili::scenarios {

/// The shards of one thread and what it shares with the others.
struct kernel::lane {
  partition::bench work;
  std::vector<std::unique_ptr<shard>> shards;
  /// By parity of the window and receiving thread: the receiver empties one while the sender fills the other.
  std::array<std::vector<exchange>, 2> out;
  std::array<instant, 2> soonest{never, never};
  std::uint64_t windows = 0;
};

kernel::kernel(const run_settings& settings, world& outside) : settings_(settings), outside_(outside) {
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  threads_ = std::clamp(settings.lanes, 1u, std::min<unsigned>(cores, shard_count));
  shards_.resize(shard_count);
  for (unsigned t = 0; t < threads_; ++t) {
    auto l = std::make_unique<lane>();
    for (auto& parity : l->out) parity.resize(threads_);
    lanes_.push_back(std::move(l));
  }
  for (unsigned s = 0; s < shard_count; ++s) {
    // Several lanes to a thread where there are more lanes than cores.
    lane& l = *lanes_[s % std::max(1u, settings.lanes) % threads_];
    const auto number = static_cast<shard_no>(s);
    l.shards.push_back(std::make_unique<shard>(number, settings_, outside.shard(number), l.work));
    shards_[s] = l.shards.back().get();
  }
}

kernel::~kernel() = default;

result<run_totals> kernel::run() {
  for (shard* s : shards_) {
    if (const status started = s->start(); !started) return tl::unexpected(started.error());
  }
  barrier gate(threads_);
  const auto thread_of = [this](shard_no s) { return s % std::max(1u, settings_.lanes) % threads_; };
  const auto drive = [&](unsigned n) {
    lane& own = *lanes_[n];
    instant begin = settings_.begin;
    instant resend_at = settings_.begin + resend_every;
    for (unsigned parity = 0;; parity ^= 1) {
      const instant end = std::min(begin + settings_.hop, settings_.end);
      auto& out = own.out[parity];
      const auto to = [&](shard_no s) -> exchange& { return out[thread_of(s)]; };
      for (auto& s : own.shards) s->run(end, to);
      if (settings_.faults.touches_messages() && begin >= resend_at) {
        for (auto& s : own.shards) s->resend(begin, end, to);
        resend_at = begin + resend_every;
      }
      instant soonest = never;
      for (auto& s : own.shards) {
        soonest = std::min(soonest, s->trouble().empty() ? s->next() : never);
      }
      for (const exchange& x : out) {
        for (const parcel& p : x.parcels) soonest = std::min(soonest, p.due);
        // Someone waits for an answer that only the next window can give.
        for (const receipt_note& note : x.notes) {
          if (note.again) soonest = std::min(soonest, end);
        }
      }
      if (settings_.faults.touches_messages()) soonest = std::min(soonest, resend_at);
      own.soonest[parity] = soonest;
      ++own.windows;
      gate.wait();
      instant next = never;
      for (const auto& l : lanes_) next = std::min(next, l->soonest[parity]);
      const instant next_end = std::min(std::min(next, settings_.end) + settings_.hop, settings_.end);
      auto& later = own.out[parity ^ 1];
      const auto onward = [&](shard_no s) -> exchange& { return later[thread_of(s)]; };
      for (const auto& l : lanes_) {
        exchange& x = l->out[parity][n];
        for (parcel& p : x.parcels) shards_[p.destination().shard]->deliver(std::move(p));
        x.parcels.clear();
        for (const receipt_note& note : x.notes) shards_[note.source.shard]->note(note, next_end, onward);
        x.notes.clear();
      }
      if (next >= settings_.end) return;
      begin = next;
      if (n == 0 && settings_.progress && (own.windows & 63) == 0) settings_.progress(begin);
    }
  };
  std::vector<std::thread> others;
  for (unsigned n = 1; n < threads_; ++n) others.emplace_back(drive, n);
  drive(0);
  for (auto& t : others) t.join();

  run_totals t = totals();
  if (!t.trouble.empty()) return fail(errc::corrupt, t.trouble);
  return t;
}

/// What was sent and not acknowledged is on its way at the end, or lost.
void kernel::count_unacknowledged(run_totals& t) const {
  using name = std::tuple<partition_id, partition::stream_key, std::uint64_t>;
  std::set<name> on_the_way;
  for (const shard* s : shards_) {
    s->each_under_way([&](const parcel& p) {
      on_the_way.insert({p.source, {p.destination(), p.kind()}, p.head.number()});
    });
  }
  for (const shard* s : shards_) {
    for (auto* e : s->engines()) {
      for (const partition::stream_key key : e->unacknowledged_streams()) {
        e->each_unacknowledged(key, [&](const partition::message_view& m) {
          ++(on_the_way.contains({e->id(), key, m.head.number()}) ? t.under_way : t.unacknowledged);
        });
      }
    }
  }
}

partition_totals partition_totals::of(const partition::engine& e) {
  partition_totals p{e.id(), e.commands(), e.decisions(), e.state().subjects(), e.memory_bytes(), e.chain_digest(),
                     e.state_digest(), e.books(), {}};
  for (const auto& day : e.counts().days()) {
    for (const auto& by_verdict : day.by_verdict) {
      for (std::size_t v = 0; v < by_verdict.size(); ++v) p.verdicts[v] += by_verdict[v];
    }
  }
  return p;
}

void run_totals::add(const partition_totals& p) {
  commands += p.commands;
  decisions += p.decisions;
  subjects += p.subjects;
  state_bytes += p.state_bytes;
  const auto id = p.id.packed();
  const digest128 links[2] = {p.chain, {id, 0}};
  digest = chain(digest, std::as_bytes(std::span{links}));
  const digest128 states[2] = {p.state, {id, 0}};
  state_digest = chain(state_digest, std::as_bytes(std::span{states}));
  for (std::size_t k = 0; k < books.size(); ++k) {
    books[k].submitted += p.books[k].submitted;
    books[k].decided += p.books[k].decided;
    books[k].waiting += p.books[k].waiting;
    books[k].refused += p.books[k].refused;
  }
  partitions.push_back(p);
}

run_totals kernel::totals() const {
  run_totals t;
  t.threads = threads_;
  t.windows = lanes_[0]->windows;
  count_unacknowledged(t);
  for (const shard* s : shards_) {
    if (t.trouble.empty()) t.trouble = s->trouble();
    if (t.trouble.empty()) t.trouble = s->check();
    t.faults += s->faults();
    for (const auto* e : s->engines()) t.add(partition_totals::of(*e));
  }
  return t;
}

const partition::engine& kernel::engine_at(partition_id id) const {
  for (const auto* e : shards_[id.shard]->engines()) {
    if (e->id() == id) return *e;
  }
  ZHILI_ASSERT(false, "every workflow has a partition in every shard");
}

digest128 kernel::state_digest_of(partition_id id) const { return engine_at(id).state_digest(); }

}  // namespace zhili::scenarios
