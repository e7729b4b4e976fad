// SPDX-License-Identifier: Apache-2.0
#include "scenarios/compare/compare.hpp"

#include "protocols/types/hash.hpp"
#include "scenarios/report/summary.hpp"

namespace zhili::scenarios {
namespace {

std::map<std::string, std::uint64_t> by_name(const std::map<std::uint32_t, std::uint64_t>& counts, const policy::pack& pack) {
  std::map<std::string, std::uint64_t> out;
  for (const auto& [finding, n] : counts) out[finding_name(finding, pack)] += n;
  return out;
}

bool has_text(item_ref ref) {
  return ref.kind != subject_kind::institution && ref.kind != subject_kind::practitioner;
}

/// One seed, both packs.
class seed_pair {
 public:
  seed_pair(const scenario& s, const compare_settings& settings, std::uint64_t seed, std::function<void(double)> progress)
      : scenario_(s), settings_(settings), world_(s, seed), progress_(std::move(progress)) {}

  result<seed_comparison> run(std::vector<example>* stopped, std::vector<example>* let_through) {
    auto old = run_one(settings_.old, old_book_, 0, nullptr);
    if (!old) return tl::unexpected(old.error());
    scenarios::affected found;
    auto now = run_one(settings_.now, now_book_, 0.5, [&](const kernel& k) {
      found = count_affected(old_book_, now_book_, k, &world_, [&](const outcome_pair& p, change what, const stop_note* stop) {
        if (stopped == nullptr || stop == nullptr) return;
        auto& sample = what == change::newly_stopped ? stopped_ : let_through_;
        sample.add(p, *stop, unlawful(p, stop, &world_));
      });
    });
    if (!now) return tl::unexpected(now.error());
    if (stopped != nullptr) {
      *stopped = stopped_.drawn();
      *let_through = let_through_.drawn();
      write_texts(*stopped, world_);
      write_texts(*let_through, world_);
    }
    return compared_runs(*old, *now, std::move(found));
  }

 private:
  result<simulation_result> run_one(const std::shared_ptr<const policy::pack>& pack, outcome_book& book, double from,
                                    std::function<void(const kernel&)> look) {
    const instant opening = scenario_.begin - scenario_.opening;
    simulation_settings s;
    s.seed = world_.seed();
    s.lanes = settings_.lanes;
    s.pack = pack;
    s.witness = &book;
    s.look = std::move(look);
    s.progress = [&, from](instant t) {
      if (!progress_) return;
      const auto part = static_cast<double>((t - opening).count()) / static_cast<double>((scenario_.end - opening).count());
      progress_(from + part / 2);
    };
    return simulate(scenario_, s);
  }

  const scenario& scenario_;
  const compare_settings& settings_;
  model world_;
  std::function<void(double)> progress_;
  outcome_book old_book_, now_book_;
  example_sample stopped_, let_through_;
};

}  // namespace

void write_texts(std::vector<example>& examples, const model& world) {
  for (example& e : examples) {
    const item_ref ref = item_ref::unpack(e.ref);
    if (world.knows(ref) && has_text(ref)) world.text(ref, e.text);
  }
}

seed_comparison compared_runs(const simulation_result& old, const simulation_result& now, scenarios::affected found) {
  seed_comparison out;
  out.seed = now.seed;
  out.old_digest = old.totals.digest;
  out.now_digest = now.totals.digest;
  out.submissions_old = old.submissions;
  out.submissions_now = now.submissions;
  out.old_measures = measures_of(old);
  out.now_measures = measures_of(now);
  out.fired_old = by_name(old.figures.findings, *old.pack);
  out.fired_now = by_name(now.figures.findings, *now.pack);
  out.let_through_by = by_name(found.findings_then, *old.pack);
  out.stopped_by = by_name(found.findings_now, *now.pack);
  out.affected = std::move(found);
  return out;
}

result<comparison> compare_packs(const scenario& s, std::string_view yaml, const compare_settings& settings) {
  const stopwatch time;
  comparison out;
  out.scenario = s;
  out.input_digest = hex(blake2b_256(as_bytes_view(yaml)));
  out.truth = true;
  out.world_seed = settings.seeds.front();
  out.old = settings.old;
  out.now = settings.now;
  out.lanes = settings.lanes;
  for (std::size_t n = 0; n < settings.seeds.size(); ++n) {
    const auto progress = [&, n](double share) {
      if (settings.progress) settings.progress((static_cast<double>(n) + share) / static_cast<double>(settings.seeds.size()));
    };
    const auto pair = std::make_unique<seed_pair>(s, settings, settings.seeds[n], progress);
    auto one = n == 0 ? pair->run(&out.newly_stopped, &out.newly_let_through) : pair->run(nullptr, nullptr);
    if (!one) return tl::unexpected(one.error());
    out.replayed.submissions += one->submissions_old;
    out.seeds.push_back(std::move(*one));
  }
  out.replayed.replayed = out.replayed.submissions;
  out.wall_s = time.wall_s();
  out.rss_max_bytes = peak_memory_bytes();
  return out;
}

}  // namespace zhili::scenarios
