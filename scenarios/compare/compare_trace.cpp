// SPDX-License-Identifier: Apache-2.0
#include "actors/content/state.hpp"
#include "actors/product/state.hpp"
#include "actors/workflow_numbers.hpp"
#include "scenarios/compare/compare.hpp"
#include "scenarios/compare/modelled_people.hpp"
#include "scenarios/trace/replay.hpp"

namespace zhili::scenarios {

namespace numbers = workflow_numbers;

namespace {

using people = std::array<std::unique_ptr<peopled_shard>, shard_count>;

modelled_acts acts_of(const people& shards) {
  modelled_acts out;
  for (const auto& s : shards) out += s->acts();
  return out;
}

/// The text that the partition knows now; empty where it is no longer the one that was stopped.
void read_text(example& e, const kernel& k, people& shards) {
  text_name name{};
  std::uint64_t ref = 0;
  if (e.table == subject_table::product) {
    const auto& l = static_cast<const product::state*>(k.engine_at({numbers::product, e.shard}).state().state())->listings[e.row];
    std::tie(name, ref) = std::pair{l.text, l.ref};
  } else if (e.table == subject_table::content) {
    const auto& c = static_cast<const content::state*>(k.engine_at({numbers::content, e.shard}).state().state())->contents[e.row];
    std::tie(name, ref) = std::pair{c.text, c.ref};
  }
  if (name == text_name{} || ref != e.ref) return;
  if (const auto found = shards[e.shard]->texts().get(name, ref, e.text); !found || !*found) e.text.clear();
}

/// One seed of the modelled people, both packs.
class trace_pair {
 public:
  trace_pair(const std::filesystem::path& file, const scenario* truth, const recorded_acts& acts, const compare_settings& settings,
             std::uint64_t seed, std::function<void(double)> progress)
      : file_(file), truth_(truth), acts_(acts), settings_(settings), seed_(seed), progress_(std::move(progress)) {}

  result<seed_comparison> run() {
    auto first = run_one(settings_.old, old_book_, old_people_, nullptr, 0, 0, nullptr);
    if (!first) return tl::unexpected(first.error());
    old = std::move(*first);
    std::uint64_t stops = 0;
    for (shard_no n = 0; n < shard_count; ++n) stops += old_book_.of(n).stops.size();
    const auto ppm = stops == 0 ? 0 : std::min<std::uint64_t>(1'000'000, acts_.appeals * 1'000'000 / stops);
    scenarios::affected found;
    auto second = run_one(settings_.now, now_book_, now_people_, &old_book_, static_cast<std::uint32_t>(ppm), 0.5,
                          [&](const kernel& k) { found = look(k); });
    if (!second) return tl::unexpected(second.error());
    now = std::move(*second);
    seed_comparison out = compared_runs(old.run, now.run, std::move(found));
    out.seed = seed_;
    return out;
  }

  replay_result old, now;
  std::vector<example> newly_stopped, newly_let_through;
  modelled_acts modelled_old() const { return acts_of(old_people_); }
  modelled_acts modelled_now() const { return acts_of(now_people_); }

 private:
  scenarios::affected look(const kernel& k) {
    example_sample stopped, let_through;
    auto found = count_affected(old_book_, now_book_, k, world_, [&](const outcome_pair& p, change what, const stop_note* stop) {
      if (stop == nullptr) return;
      (what == change::newly_stopped ? stopped : let_through).add(p, *stop, unlawful(p, stop, world_));
    });
    newly_stopped = stopped.drawn();
    newly_let_through = let_through.drawn();
    for (auto* list : {&newly_stopped, &newly_let_through}) {
      if (world_ != nullptr) write_texts(*list, *world_);
      for (example& e : *list) {
        if (e.text.empty()) read_text(e, k, now_people_);
      }
    }
    return found;
  }

  result<replay_result> run_one(const std::shared_ptr<const policy::pack>& pack, outcome_book& book, people& shards,
                                const outcome_book* before, std::uint32_t appeals_ppm, double from,
                                std::function<void(const kernel&)> look) {
    auto feed = trace_feed::open(file_, false);
    if (!feed) return tl::unexpected(feed.error());
    const instant first = (*feed)->head().first(), end = (*feed)->head().end;
    const auto& judged = (*feed)->packs();
    const bool as_recorded = judged.size() == 1 && judged[0].digest == hex(settings_.old->digest());
    replay_settings s;
    s.lanes = settings_.lanes;
    s.packs = {pack};
    s.other_pack = true;
    s.truth = truth_;
    s.witness = &book;
    s.look = std::move(look);
    s.around = [&, before, appeals_ppm](shard_no n, trace_shard& inner, const model* world) -> shard_world* {
      world_ = world;
      shards[n] = std::make_unique<peopled_shard>(inner, n, people_settings{&acts_, world, before, appeals_ppm, seed_,
                                                    before == nullptr && as_recorded,
                                                    before != nullptr && as_recorded ? old_people_[n].get() : nullptr});
      return shards[n].get();
    };
    s.progress = [&, from](instant t) {
      if (progress_) progress_(from + static_cast<double>((t - first).count()) / static_cast<double>((end - first).count()) / 2);
    };
    return replay(**feed, s);
  }

  const std::filesystem::path& file_;
  const scenario* truth_;
  const recorded_acts& acts_;
  const compare_settings& settings_;
  std::uint64_t seed_;
  std::function<void(double)> progress_;
  const model* world_ = nullptr;
  outcome_book old_book_, now_book_;
  people old_people_, now_people_;
};

replayed_share share_of(const recorded_acts& acts, const trace_pair& pair) {
  replayed_share out;
  out.recorded = true;
  const replay_result& r = pair.now;
  out.submissions = r.run.submissions + r.trace.bad;
  out.replayed = r.run.submissions - r.without_text;
  if (r.trace.bad != 0) out.left_out_by.push_back({"bad_line", r.trace.bad});
  if (r.without_text != 0) out.left_out_by.push_back({"no_text", r.without_text});
  if (!r.trace.cut.empty()) out.left_out_by.push_back({"cut", 1});
  const unused_acts &then = pair.old.unused, &now = r.unused;
  const modelled_acts made_old = pair.modelled_old(), made_now = pair.modelled_now();
  out.acts = {
      {"decisions", acts.decisions, then.decisions, now.decisions, made_old.decisions, made_now.decisions},
      {"claims", acts.claims, then.claims, now.claims, made_old.claims, made_now.claims},
      {"appeals", acts.appeals, then.appeals, now.appeals, made_old.appeals, made_now.appeals},
      {"acknowledgements", acts.acknowledgements, then.acknowledgements, now.acknowledgements, made_old.acknowledgements,
       made_now.acknowledgements}};
  return out;
}

}  // namespace

result<comparison> compare_trace(const std::filesystem::path& trace, const scenario* truth, const compare_settings& settings) {
  const stopwatch time;
  const auto acts = read_acts(trace);
  if (!acts) return tl::unexpected(acts.error());
  const auto feed = trace_feed::open(trace, false);
  if (!feed) return tl::unexpected(feed.error());
  comparison out;
  out.scenario = truth != nullptr ? *truth : scenario_of((*feed)->head());
  out.input_digest = hex(acts->digest);
  out.truth = truth != nullptr;
  out.world_seed = (*feed)->head().seed;
  out.old = settings.old;
  out.now = settings.now;
  out.lanes = settings.lanes;
  for (std::size_t n = 0; n < settings.seeds.size(); ++n) {
    const auto progress = [&, n](double share) {
      if (settings.progress) settings.progress((static_cast<double>(n) + share) / static_cast<double>(settings.seeds.size()));
    };
    const auto pair = std::make_unique<trace_pair>(trace, truth, *acts, settings, settings.seeds[n], progress);
    auto one = pair->run();
    if (!one) return tl::unexpected(one.error());
    if (n == 0) {
      out.replayed = share_of(*acts, *pair);
      out.newly_stopped = std::move(pair->newly_stopped);
      out.newly_let_through = std::move(pair->newly_let_through);
    }
    out.seeds.push_back(std::move(*one));
  }
  out.wall_s = time.wall_s();
  out.rss_max_bytes = peak_memory_bytes();
  return out;
}

}  // namespace zhili::scenarios
