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
  std::vector<shard*> shards;
  /// By parity of the window and receiving thread: the receiver empties one while the sender fills the other.
  std::array<std::vector<exchange>, 2> out;
  std::array<instant, 2> soonest{never, never};
  std::uint64_t windows = 0;
  /// The window for which everything has come to these shards: from then on any lane may run them.
  alignas(64) std::atomic<std::uint64_t> ready{0};
};

/// Virtual time as all lanes see it: each works out the same.
struct kernel::window {
  std::uint64_t number = 1;
  instant begin;
  instant end;
  instant resend_at;
  bool resends = false;
  unsigned parity() const { return number & 1; }
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
    shards_[s] = std::make_unique<shard>(number, settings_, outside.shard(number), l.work);
    l.shards.push_back(shards_[s].get());
  }
}

kernel::~kernel() = default;

unsigned kernel::home_of(shard_no s) const { return s % std::max(1u, settings_.lanes) % threads_; }

/// Runs a shard to the end of the window unless another lane already does, and says what it leaves for later.
void kernel::run_shard(shard& s, lane& by, const window& w) {
  std::uint64_t before = w.number - 1;
  if (!taken_[s.number()].compare_exchange_strong(before, w.number, std::memory_order_relaxed)) return;
  const auto to = [&](shard_no other) -> exchange& { return by.out[w.parity()][home_of(other)]; };
  s.run(w.end, by.work, to);
  if (w.resends) s.resend(w.begin, w.end, to);
  if (s.trouble().empty()) by.soonest[w.parity()] = std::min(by.soonest[w.parity()], s.next());
}

/// The lane's own shards, then those that another one has not come to: seldom are all lanes done at one time.
void kernel::run_window(unsigned n, const window& w) {
  lane& own = *lanes_[n];
  own.soonest[w.parity()] = settings_.faults.touches_messages() ? w.resend_at : never;
  own.ready.store(w.number, std::memory_order_release);
  for (shard* s : own.shards) run_shard(*s, own, w);
  for (unsigned step = 1; step < threads_; ++step) {
    lane& other = *lanes_[(n + step) % threads_];
    if (other.ready.load(std::memory_order_acquire) != w.number) continue;
    for (auto s = other.shards.rbegin(); s != other.shards.rend(); ++s) run_shard(**s, own, w);
  }
  instant& soonest = own.soonest[w.parity()];
  for (const exchange& x : own.out[w.parity()]) {
    for (const parcel& p : x.parcels) soonest = std::min(soonest, p.due);
    // Someone waits for an answer that only the next window can give.
    if (!x.asking.empty()) soonest = std::min(soonest, w.end);
  }
  ++own.windows;
}

/// What the window has sent to the lane's own shards. Parcels wait in their one order and acknowledgements commute; who asks
/// for a stream again is heard in the order of the streams, whichever lane has run whom.
void kernel::receive(unsigned n, const window& w, instant next_end) {
  auto& later = lanes_[n]->out[w.parity() ^ 1];
  const auto onward = [&](shard_no s) -> exchange& { return later[home_of(s)]; };
  std::vector<receipt_note> asking;
  for (const auto& l : lanes_) {
    exchange& x = l->out[w.parity()][n];
    for (parcel& p : x.parcels) shards_[p.destination().shard]->deliver(std::move(p));
    x.parcels.clear();
    for (const receipt_note& note : x.notes) shards_[note.source.shard]->note(note, next_end, onward);
    x.notes.clear();
    asking.insert(asking.end(), x.asking.begin(), x.asking.end());
    x.asking.clear();
  }
  std::sort(asking.begin(), asking.end(), [](const receipt_note& a, const receipt_note& b) {
    return std::pair(a.source.packed(), a.stream) < std::pair(b.source.packed(), b.stream);
  });
  for (const receipt_note& note : asking) shards_[note.source.shard]->note(note, next_end, onward);
}

result<run_totals> kernel::run() {
  for (const auto& s : shards_) {
    if (const status started = s->start(); !started) return tl::unexpected(started.error());
  }
  barrier gate(threads_);
  const auto drive = [&](unsigned n) {
    window w{1, settings_.begin, std::min(settings_.begin + settings_.hop, settings_.end), settings_.begin + resend_every};
    while (true) {
      run_window(n, w);
      gate.wait();
      instant next = never;
      for (const auto& l : lanes_) next = std::min(next, l->soonest[w.parity()]);
      const instant next_end = std::min(std::min(next, settings_.end) + settings_.hop, settings_.end);
      receive(n, w, next_end);
      if (next >= settings_.end) return;
      w = {w.number + 1, next, next_end, w.resend_at};
      w.resends = settings_.faults.touches_messages() && next >= w.resend_at;
      if (w.resends) w.resend_at = next + resend_every;
      if (n == 0 && settings_.progress && (w.number & 63) == 1) settings_.progress(next);
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
  for (const auto& s : shards_) {
    s->each_under_way([&](const parcel& p) {
      on_the_way.insert({p.source, {p.destination(), p.kind()}, p.head.number()});
    });
  }
  for (const auto& s : shards_) {
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
  for (const auto& s : shards_) {
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
