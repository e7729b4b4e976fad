// SPDX-License-Identifier: Apache-2.0
#include "scenarios/simulate.hpp"

#include <sys/resource.h>

#include "storage/memory_log.hpp"

namespace zhili::scenarios {
namespace {

class agent_world final : public world {
 public:
  agent_world(const model& m, const simulation_settings& s) {
    for (shard_no n = 0; n < shard_count; ++n) {
      shards_.push_back(std::make_unique<agents>(m, n, s.texts, s.listener, s.witness));
    }
  }
  shard_world& shard(shard_no n) override { return *shards_[n]; }
  agents& at(shard_no n) { return *shards_[n]; }

 private:
  std::vector<std::unique_ptr<agents>> shards_;
};

double cpu_seconds() {
  rusage u{};
  getrusage(RUSAGE_SELF, &u);
  const auto s = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return s(u.ru_utime) + s(u.ru_stime);
}

template <class Message>
control control_of(instant at, const Message& m) {
  const bytes_view body = body_of(m);
  return {at, shared_type<Message>(), {body.begin(), body.end()}};
}

}  // namespace

std::uint64_t peak_memory_bytes() {
  rusage u{};
  getrusage(RUSAGE_SELF, &u);
  return static_cast<std::uint64_t>(u.ru_maxrss) * 1024;
}

stopwatch::stopwatch() : cpu_(cpu_seconds()) {}
double stopwatch::wall_s() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - wall_).count();
}
double stopwatch::cpu_s() const { return cpu_seconds() - cpu_; }

control pack_control(instant at, const policy::pack& pack) {
  const digest128 tag = partition::pack_tag(pack);
  return control_of(at, wire::pack_changed(tag.hi, tag.lo, pack.version(), 0));
}

control registry_control(instant at, const registry_snapshot& snapshot) {
  const digest128 digest = snapshot.digest();
  return control_of(at, wire::registry_changed(digest.hi, digest.lo, snapshot.version(), 0));
}

std::vector<control> schedule_of(const model& world, const policy::pack& pack, shelf& shelves) {
  std::vector<control> out;
  const scenario& s = world.about();
  const instant opening = s.begin - s.opening;
  out.push_back(pack_control(opening, pack));
  for (std::uint32_t n = 0;; ++n) {
    const instant at = n == 0 ? opening : world.snapshot_at(n);
    if (at >= s.end || (n > 0 && s.registry_every.count() == 0)) break;
    auto snapshot = snapshot_of(world, n);
    out.push_back(registry_control(at, *snapshot));
    shelves.put(std::move(snapshot));
  }
  return out;
}

void finish(simulation_result& r, const stopwatch& time) {
  for (const partition_totals& p : r.totals.partitions) {
    r.states.emplace_back(p.id, p.state);
    for (std::size_t v = 0; v < p.verdicts.size(); ++v) r.verdicts[v] += p.verdicts[v];
  }
  r.figures.finish();
  r.wall_s = time.wall_s();
  r.cpu_s = time.cpu_s();
  r.rss_max_bytes = peak_memory_bytes();
}

result<simulation_result> simulate(const scenario& s, const simulation_settings& settings) {
  const stopwatch time;
  const model world(s, settings.seed);
  shelf shelves;
  shelves.put(settings.pack);
  agent_world outside(world, settings);
  storage::digest_log digest_only;
  // Who crashes must find its log again.
  storage::memory_log in_memory;
  storage::partition_log& unkept = settings.faults.crash_ppm != 0 ? static_cast<storage::partition_log&>(in_memory) : digest_only;

  run_settings run;
  run.begin = s.begin - s.opening;
  run.end = s.end;
  run.hop = s.hop;
  run.lanes = settings.lanes;
  run.inside_delay_max = settings.inside_delay_max;
  run.faults = settings.faults.healed_by(s.end);
  run.schedule = schedule_of(world, *settings.pack, shelves);
  run.log = settings.log == nullptr ? &unkept : settings.log;
  run.shelves = &shelves;
  run.progress = [&](instant t) {
    if (settings.listener != nullptr) settings.listener->reached(t);
    if (settings.progress) settings.progress(t);
  };
  if (settings.prepared) {
    if (status ready = settings.prepared(run.schedule, shelves); !ready) return tl::unexpected(ready.error());
  }
  kernel k(run, outside);
  auto totals = k.run();
  if (!totals) return tl::unexpected(totals.error());
  if (settings.look) settings.look(k);

  simulation_result r;
  r.totals = std::move(*totals);
  r.pack = settings.pack;
  r.seed = settings.seed;
  r.lanes = settings.lanes;
  for (shard_no n = 0; n < shard_count; ++n) {
    agents& a = outside.at(n);
    r.figures.merge(a.books().close(s.end));
    r.submissions += a.submissions();
    for (std::size_t kind = 0; kind < 16; ++kind) {
      r.submissions_by_kind[kind] += a.submissions(static_cast<subject_kind>(kind));
    }
  }
  finish(r, time);
  return r;
}

}  // namespace zhili::scenarios
