// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdio>

#include "node/files.hpp"
#include "node/options.hpp"
#include "node/progress.hpp"
#include "node/trace_truth.hpp"
#include "policy/yaml.hpp"
#include "protocols/types/tell.hpp"
#include "scenarios/compare/document.hpp"
#include "scenarios/report/html.hpp"
#include "scenarios/trace/feed.hpp"

namespace zhili::node {
namespace {

constexpr usage about{
    "compare", "SCENARIO|TRACE",
    "What would another pack change? Runs both packs on the same input with the same random numbers, through the whole\n"
    "pipeline: a changed verdict flows on into desk, takedown, appeals and the index. Prints how much of the input could be\n"
    "run again, who is affected, what is caught, missed and wronged, and the hours on either side; with several seeds the\n"
    "mean differences with 95 % intervals. The digest at the end is what a release of the new pack rests on.\n"
    "换一个规则包会改变什么：同样的输入、同样的随机数，把两个规则包各走一遍全流程。\n\n"
    "examples\n"
    "  zhili compare smoke --pack baseline-2021 --pack packs/mine                     three small days, a second\n"
    "  zhili compare summer-2021 --pack baseline-2021 --pack default --report what.html\n"
    "  zhili compare smoke --pack baseline-2021 --pack packs/mine --seeds 20          with intervals\n"
    "  zhili compare week.ndjson.zst --pack baseline-2021 --pack packs/mine           recorded input, people's decisions too\n"};

constexpr unsigned seeds_max = 1000;

struct packs {
  std::shared_ptr<const policy::pack> old, now;
};

result<std::shared_ptr<const policy::pack>> load_pack(const std::string& name) {
  const auto folder = find_pack(name);
  if (!folder) return tl::unexpected(folder.error());
  return policy::pack::load(*folder);
}

result<packs> packs_of(const po::variables_map& values) {
  const auto names = values.count("pack") == 0 ? std::vector<std::string>{} : values["pack"].as<std::vector<std::string>>();
  if (names.size() != 2) {
    return fail(
        errc::bad_argument,
        tell(
            "compare 要两个规则包，旧的在前：--pack 旧包 --pack 新包；这里给了 {} 个",
            "compare needs two packs, the old one first: --pack OLD --pack NEW; given: {}",
            names.size()));
  }
  auto old = load_pack(names[0]);
  if (!old) return tl::unexpected(old.error());
  auto now = load_pack(names[1]);
  if (!now) return tl::unexpected(now.error());
  return packs{std::move(*old), std::move(*now)};
}

result<std::vector<std::uint64_t>> seeds_of(const po::variables_map& values, std::uint64_t otherwise) {
  const int count = values["seeds"].as<int>();
  if (count < 1 || count > static_cast<int>(seeds_max)) {
    return fail(errc::bad_argument, fmt::format("--seeds is 1 to {}, not {}", seeds_max, count));
  }
  const std::uint64_t first = values.count("seed") != 0 ? values["seed"].as<std::uint64_t>() : otherwise;
  std::vector<std::uint64_t> out;
  for (int n = 0; n < count; ++n) out.push_back(first + static_cast<std::uint64_t>(n));
  return out;
}

result<scenarios::comparison> compare_scenario(const std::string& name, const packs& p, const po::variables_map& values) {
  const auto file = find_scenario(name);
  if (!file) return tl::unexpected(file.error());
  const auto yaml = policy::read_file(*file, policy::yaml_bytes_max);
  if (!yaml) return fail(yaml.error().code, file->string() + ": " + yaml.error().detail);
  const auto scenario = scenarios::scenario::parse(*yaml, file->filename().string());
  if (!scenario) return tl::unexpected(scenario.error());
  const auto seeds = seeds_of(values, scenario->seed);
  if (!seeds) return tl::unexpected(seeds.error());
  scenarios::compare_settings settings{p.old, p.now, *seeds, values["lanes"].as<unsigned>(), {}};
  progress_bar bar(scenario->name, "runs");
  const auto runs = static_cast<double>(2 * seeds->size());
  settings.progress = [&](double share) { bar.show(share * runs, runs); };
  return scenarios::compare_packs(*scenario, *yaml, settings);
}

bool is_trace(const std::string& name) { return name.ends_with(".ndjson") || name.ends_with(".ndjson.zst"); }

result<scenarios::comparison> compare_recording(const std::string& file, const packs& p, const po::variables_map& values) {
  const auto feed = scenarios::trace_feed::open(file, false);
  if (!feed) return tl::unexpected(feed.error());
  const scenarios::trace_head& head = (*feed)->head();
  std::string yaml;
  const auto truth = truth_of(head, values.count("scenario") != 0 ? values["scenario"].as<std::string>() : head.scenario, yaml);
  const auto seeds = seeds_of(values, head.seed);
  if (!seeds) return tl::unexpected(seeds.error());
  scenarios::compare_settings settings{p.old, p.now, *seeds, values["lanes"].as<unsigned>(), {}};
  progress_bar bar(head.scenario, "runs");
  const auto runs = static_cast<double>(2 * seeds->size());
  settings.progress = [&](double share) { bar.show(share * runs, runs); };
  return scenarios::compare_trace(file, truth ? &*truth : nullptr, settings);
}

}  // namespace

int run_compare(const std::vector<std::string>& arguments) {
  po::options_description options("options");
  options.add_options()("pack", po::value<std::vector<std::string>>(), "twice: the old pack, then the new one; by name or folder")(
      "seeds", po::value<int>()->default_value(1), "pairs of runs, each with a seed of its own; two or more give intervals")(
      "seed", po::value<std::uint64_t>(), "the first of the seeds; default: the scenario's")(
      "scenario", po::value<std::string>(), "of a trace: the scenario that it was recorded from; default: by its name in the trace")(
      "report", po::value<std::string>(), "write one page with pictures and examples there, in Chinese and English")(
      "lanes", po::value<unsigned>()->default_value(2), "shards are dealt to so many lanes; the outcome is the same on any number");
  add_common(options);
  const parsed p = parse(about, options, arguments);
  if (p.exit) return *p.exit;
  const auto& values = p.values;
  const auto lanes = values["lanes"].as<unsigned>();
  if (lanes < 1 || lanes > shard_count) return complain({errc::bad_argument, "--lanes is 1 to 64"});
  const auto both = packs_of(values);
  if (!both) return complain(both.error(), language_of(p.values));
  const std::string report = values.count("report") != 0 ? values["report"].as<std::string>() : "";
  if (!report.empty()) {
    if (const auto may = scenarios::may_write(report); !may)
      return complain(may.error(), language_of(p.values));
  }
  const std::string input = positional_of(values, "");
  const auto r = is_trace(input) ? compare_recording(input, *both, values) : compare_scenario(input, *both, values);
  if (!r) return complain(r.error(), language_of(p.values));
  if (!report.empty()) {
    if (const auto written = scenarios::write_page(report, scenarios::comparison_html(*r)); !written)
      return complain(written.error(), language_of(p.values));
  }
  const std::string text = wants_json(values) ? scenarios::comparison_json(*r) : scenarios::comparison_text(*r, language_of(values));
  std::printf("%s\n", text.c_str());
  return exit_ok;
}

}  // namespace zhili::node
