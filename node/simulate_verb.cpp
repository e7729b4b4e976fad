// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "node/files.hpp"
#include "node/options.hpp"
#include "node/progress.hpp"
#include "scenarios/report/html.hpp"

namespace zhili::node {
namespace {

constexpr usage about{
    "simulate", "SCENARIO",
    "Runs a scenario in virtual time through the same partitions that serve production, and prints what was\n"
    "caught, missed and wronged beside what the platform once published. The same scenario, seed and pack give\n"
    "the same digest on any number of lanes.\n\n"
    "examples\n"
    "  zhili simulate smoke                            three small days, under a second\n"
    "  zhili simulate summer-2021 --lang zh            45 days of a marketplace\n"
    "  zhili simulate smoke --seed 7 --format json     for programs\n"
    "  zhili simulate smoke --faults                   messages lost, doubled, late; partitions crashing\n"
    "  zhili simulate smoke --report report.html       pictures and tables, to open in a browser\n"};

struct days {
  instant begin, end;
  double done(instant t) const { return static_cast<double>((t - begin).count()) / 86.4e6; }
  double all() const { return static_cast<double>((end - begin).count()) / 86.4e6; }
};

/// The run with faults, its subjects held beside those of the same world without.
result<scenarios::simulation_result> beside_faultless(const scenarios::scenario& s,
                                                      scenarios::simulation_settings settings) {
  std::vector<scenarios::final_status> with, without;
  scenarios::simulation_settings plain = settings;
  plain.faults = {};
  plain.log = nullptr;
  plain.texts = nullptr;
  plain.listener = nullptr;
  plain.look = [&](const scenarios::kernel& k) { without = scenarios::statuses_of(k); };
  settings.look = [&](const scenarios::kernel& k) { with = scenarios::statuses_of(k); };
  if (const auto r = scenarios::simulate(s, plain); !r) return r;
  auto r = scenarios::simulate(s, settings);
  if (r) r->beside_faultless = scenarios::compare(without, with);
  return r;
}

}  // namespace

int run_simulate(const std::vector<std::string>& arguments) {
  po::options_description options("options");
  options.add_options()("seed", po::value<std::uint64_t>(), "seed of everything that is left to chance; default: the scenario's")(
      "lanes", po::value<unsigned>()->default_value(2), "shards are dealt to so many lanes; the outcome is the same on any number")(
      "pack", po::value<std::string>(), "pack to judge with, by name or folder; default: the scenario's")(
      "report", po::value<std::string>(), "write a report with pictures there, one HTML file")(
      "faults", "drop, double, delay and reorder messages and crash partitions, by seed");
  add_common(options);
  const parsed p = parse(about, options, arguments);
  if (p.exit) return *p.exit;
  const auto& values = p.values;

  const auto file = find_scenario(values["positional"].as<std::vector<std::string>>()[0]);
  if (!file) return complain(file.error());
  const auto scenario = scenarios::scenario::load(*file);
  if (!scenario) return complain(scenario.error());
  const auto folder = find_pack(values.count("pack") != 0 ? values["pack"].as<std::string>() : scenario->pack);
  if (!folder) return complain(folder.error());
  const auto pack = policy::pack::load(*folder);
  if (!pack) return complain(pack.error());

  const std::string report = values.count("report") != 0 ? values["report"].as<std::string>() : "";
  if (!report.empty()) {
    if (const auto may = scenarios::may_write(report); !may) return complain(may.error());
  }

  scenarios::simulation_settings settings;
  settings.seed = values.count("seed") != 0 ? values["seed"].as<std::uint64_t>() : scenario->seed;
  settings.lanes = values["lanes"].as<unsigned>();
  if (settings.lanes < 1 || settings.lanes > shard_count) {
    return complain({errc::bad_argument, "--lanes is 1 to 64"});
  }
  settings.pack = *pack;
  if (values.count("faults") != 0) settings.faults = scenarios::fault_plan::draw(settings.seed);
  const days span{scenario->begin - scenario->opening, scenario->end};
  result<scenarios::simulation_result> r = [&] {
    progress_bar bar(scenario->name, "d");
    settings.progress = [&](instant t) { bar.show(span.done(t), span.all()); };
    return settings.faults.any() ? beside_faultless(*scenario, settings) : scenarios::simulate(*scenario, settings);
  }();
  if (!r) return complain(r.error());
  if (!report.empty()) {
    if (const auto written = scenarios::write_report(report, *scenario, *r); !written) return complain(written.error());
  }
  const std::string text = wants_json(values) ? scenarios::summary_json(*scenario, *r, "simulate")
                                              : scenarios::summary_text(*scenario, *r, language_of(values));
  std::printf("%s\n", text.c_str());
  return exit_ok;
}

}  // namespace zhili::node
