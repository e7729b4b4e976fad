// SPDX-License-Identifier: Apache-2.0
#include "scenarios/calibrate.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <thread>

#include <fmt/format.h>

namespace zhili::scenarios {
namespace {

// Caught counts grow a little faster or slower than the shares do: a whole step might swing.
constexpr double damping = 0.9;
constexpr double step_max = 4;
// Other seeds must find the mean within the tolerance too: the fit aims well inside it.
constexpr double aim = 0.5;

/// The largest factor at which the shares of a kind's wrongs still fit into one.
double factor_max(const kind_model& k) {
  std::uint64_t sum = 0;
  for (const wrong_share& share : k.wrongs) sum += share.ppm;
  return sum == 0 ? 1e6 : 1e12 / static_cast<double>(sum);
}

std::uint32_t next_factor(const fitted_figure& f, const kind_model& k) {
  const double wanted = f.caught.mean > 0 ? f.published / f.caught.mean : step_max;
  const double step = std::pow(std::clamp(wanted, 1 / step_max, step_max), damping);
  return static_cast<std::uint32_t>(std::clamp(f.factor_ppm * step, 1.0, std::min(factor_max(k), 1e8)));
}

/// How far all runs together have come.
class shared_progress {
 public:
  shared_progress(std::function<void(double)> report, std::size_t runs) : report_(std::move(report)), done_(runs) {}
  void at(std::size_t run, double share) {
    if (!report_) return;
    std::lock_guard lock(mutex_);
    done_[run] = share;
    double sum = 0;
    for (const double d : done_) sum += d;
    report_(sum);
  }

 private:
  std::function<void(double)> report_;
  std::mutex mutex_;
  std::vector<double> done_;
};

}  // namespace

scenario scaled(const scenario& s, double scale) {
  scenario out = s;
  const auto at_least_one = [&](double v) { return std::max(1.0, std::round(v * scale)); };
  for (figure* f : {&out.institutions, &out.practitioners, &out.users}) f->value = at_least_one(f->value);
  for (kind_model& k : out.kinds) k.per_day.value *= scale;
  out.volume.value *= scale;
  for (reviewer_group& g : out.reviewers) g.count = static_cast<std::uint32_t>(at_least_one(g.count));
  for (auto& [key, value] : out.published) value *= scale;
  return out;
}

result<std::vector<figures>> run_seeds(const scenario& s, const seed_runs& how) {
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  const unsigned jobs = std::clamp(how.jobs == 0 ? cores : how.jobs, 1u, std::max(1u, how.count));
  const instant opening = s.begin - s.opening;
  std::vector<result<figures>> runs(how.count);
  shared_progress progress(how.progress, how.count);
  std::atomic<unsigned> next{0};
  const auto work = [&] {
    for (unsigned n = next++; n < how.count; n = next++) {
      simulation_settings settings;
      settings.seed = how.first + n;
      settings.lanes = 1;
      settings.pack = how.pack;
      settings.progress = [&](instant t) {
        progress.at(n, static_cast<double>((t - opening).count()) / static_cast<double>((s.end - opening).count()));
      };
      auto r = simulate(s, settings);
      runs[n] = r ? result<figures>(std::move(r->figures)) : tl::unexpected(r.error());
      progress.at(n, 1);
    }
  };
  std::vector<std::thread> others;
  for (unsigned j = 1; j < jobs; ++j) others.emplace_back(work);
  work();
  for (auto& t : others) t.join();

  std::vector<figures> out;
  for (auto& r : runs) {
    if (!r) return tl::unexpected(r.error());
    out.push_back(std::move(*r));
  }
  return out;
}

sample_figures sample_of(const std::vector<double>& values) {
  sample_figures out;
  if (values.empty()) return out;
  for (const double v : values) out.mean += v / static_cast<double>(values.size());
  if (values.size() < 2) return out;
  double sum = 0;
  for (const double v : values) sum += (v - out.mean) * (v - out.mean);
  out.deviation = std::sqrt(sum / static_cast<double>(values.size() - 1));
  return out;
}

result<calibration> calibrate(const scenario& s, const calibration_settings& settings) {
  scenario world = scaled(s, settings.scale);
  calibration out;
  for (const fitted_kind& k : fitted_kinds) {
    const auto published = world.published.find(std::string(k.key));
    if (published == world.published.end() || published->second <= 0) continue;
    const std::uint32_t factor = world.of(k.kind).factor_ppm;
    out.figures.push_back({k, published->second, {}, factor, factor});
  }
  if (out.figures.empty()) {
    return fail(errc::not_found, fmt::format("{} names no published figure to fit to", s.name));
  }
  for (;;) {
    seed_runs seeds = settings.seeds;
    if (settings.progress) {
      seeds.progress = [&](double runs) { settings.progress(out.rounds + runs / settings.seeds.count); };
    }
    const auto runs = run_seeds(world, seeds);
    if (!runs) return tl::unexpected(runs.error());
    ++out.rounds;
    double worst = 0;
    for (fitted_figure& f : out.figures) {
      std::vector<double> caught;
      for (const figures& r : *runs) caught.push_back(static_cast<double>(r.of(f.of.kind).caught));
      f.caught = sample_of(caught);
      worst = std::max(worst, std::abs(f.off()));
    }
    out.reached = worst <= settings.tolerance;
    if (worst <= settings.tolerance * aim || out.rounds >= settings.iterations) return out;
    for (fitted_figure& f : out.figures) {
      kind_model& k = world.of(f.of.kind);
      f.factor_ppm = k.factor_ppm = next_factor(f, k);
    }
  }
}

// ---- back into the file ----

namespace {

std::size_t indent_of(std::string_view line) {
  const std::size_t at = line.find_first_not_of(' ');
  return at == std::string_view::npos || line[at] == '#' ? std::string_view::npos : at;
}

bool is_key(std::string_view line, std::string_view key) {
  const std::size_t at = indent_of(line);
  return at != std::string_view::npos && line.substr(at).starts_with(key) &&
         line.substr(at + key.size()).starts_with(":");
}

/// Begin and end of the lines that stand deeper than the line at `at`, which they follow.
struct block {
  std::size_t begin = 0;
  std::size_t end = 0;
};
block block_below(std::string_view text, std::size_t at) {
  const auto line_end = [&](std::size_t from) { return std::min(text.find('\n', from), text.size() - 1) + 1; };
  const std::size_t depth = indent_of(text.substr(at, line_end(at) - at));
  block b{line_end(at), line_end(at)};
  while (b.end < text.size()) {
    const std::size_t indent = indent_of(text.substr(b.end, line_end(b.end) - b.end - 1));
    if (indent != std::string_view::npos && indent <= depth) break;
    b.end = line_end(b.end);
  }
  return b;
}

/// Where the line with this key begins among the block's shallowest lines; npos where there is none.
std::size_t find_key(std::string_view text, block in, std::string_view key) {
  std::size_t depth = std::string_view::npos;
  for (std::size_t at = in.begin; at < in.end; at = std::min(text.find('\n', at), text.size() - 1) + 1) {
    const std::string_view line = text.substr(at, std::min(text.find('\n', at), text.size()) - at);
    const std::size_t indent = indent_of(line);
    if (indent == std::string_view::npos) continue;
    depth = std::min(depth, indent);
    if (indent == depth && is_key(line, key)) return at;
  }
  return std::string_view::npos;
}

}  // namespace

result<std::string> with_factors(std::string yaml, const std::vector<fitted_figure>& fitted) {
  for (const fitted_figure& f : fitted) {
    const std::string_view kind = wire::EnumNamesubject_kind(f.of.kind);
    std::size_t at = find_key(yaml, {0, yaml.size()}, "kinds");
    if (at != std::string::npos) at = find_key(yaml, block_below(yaml, at), kind);
    if (at != std::string::npos) at = find_key(yaml, block_below(yaml, at), "factor_ppm");
    if (at == std::string::npos) {
      return fail(errc::not_found, fmt::format("{} has no line 'factor_ppm: 1000000' of its own to write to", kind));
    }
    const std::size_t from = yaml.find_first_of("0123456789", at);
    const std::size_t to = std::min(yaml.find_first_not_of("0123456789", from), yaml.size());
    if (from >= std::min(yaml.find('\n', at), yaml.size())) {
      return fail(errc::malformed, fmt::format("factor_ppm of {} is no number", kind));
    }
    yaml.replace(from, to - from, std::to_string(f.factor_ppm));
  }
  return yaml;
}

}  // namespace zhili::scenarios
