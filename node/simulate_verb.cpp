// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "node/files.hpp"
#include "node/options.hpp"
#include "node/progress.hpp"
#include "policy/yaml.hpp"
#include "scenarios/trace/data_folder.hpp"
#include "scenarios/trace/recorder.hpp"
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
    "  zhili simulate smoke --record smoke.ndjson.zst  for zhili replay\n"
    "  zhili simulate smoke --data-dir /tmp/smoke      for zhili verify\n"
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
  plain.prepared = nullptr;
  plain.look = [&](const scenarios::kernel& k) { without = scenarios::statuses_of(k); };
  settings.look = [&](const scenarios::kernel& k) { with = scenarios::statuses_of(k); };
  if (const auto r = scenarios::simulate(s, plain); !r) return r;
  auto r = scenarios::simulate(s, settings);
  if (r) r->beside_faultless = scenarios::compare(without, with);
  return r;
}

/// What a run leaves behind beside its figures.
struct leavings {
  std::unique_ptr<scenarios::recorder> trace;
  std::unique_ptr<scenarios::data_folder> folder;

  status open(const po::variables_map& values, const scenarios::trace_head& head) {
    if (values.count("record") != 0) {
      auto made = scenarios::recorder::create(values["record"].as<std::string>(), head);
      if (!made) return tl::unexpected(made.error());
      trace = std::move(*made);
    }
    if (values.count("data-dir") != 0) {
      auto made = scenarios::data_folder::create(values["data-dir"].as<std::string>());
      if (!made) return tl::unexpected(made.error());
      folder = std::move(*made);
    }
    return {};
  }
  void hook_into(scenarios::simulation_settings& settings, const scenarios::manifest& m, const scenarios::judges& by) {
    settings.listener = trace.get();
    if (folder) {
      settings.log = &folder->log();
      settings.texts = &folder->texts();
    }
    settings.prepared = [this, &m, &by](const auto& schedule, const scenarios::shelf& shelves) {
      if (trace) trace->controls(schedule, shelves);
      return folder ? folder->begin(m, by, shelves) : status{};
    };
  }
  status close(const scenarios::simulation_result& r, const std::string& json) {
    if (trace) {
      if (status done = trace->finish(); !done) return done;
    }
    return folder ? folder->finish(r, json) : status{};
  }
};

}  // namespace

int run_simulate(const std::vector<std::string>& arguments) {
  po::options_description options("options");
  options.add_options()("seed", po::value<std::uint64_t>(), "seed of everything that is left to chance; default: the scenario's")(
      "lanes", po::value<unsigned>()->default_value(2), "shards are dealt to so many lanes; the outcome is the same on any number")(
      "pack", po::value<std::string>(), "pack to judge with, by name or folder; default: the scenario's")(
      "report", po::value<std::string>(), "write a report with pictures there, one HTML file")(
      "record", po::value<std::string>(), "writes what comes from outside and what people decide there: FILE.ndjson or FILE.ndjson.zst")(
      "data-dir", po::value<std::string>(), "keeps the logs there, for zhili verify; a folder that is not there yet")(
      "faults", "drop, double, delay and reorder messages and crash partitions, by seed");
  add_common(options);
  const parsed p = parse(about, options, arguments);
  if (p.exit) return *p.exit;
  const auto& values = p.values;

  const auto file = find_scenario(values["positional"].as<std::vector<std::string>>()[0]);
  if (!file) return complain(file.error(), language_of(p.values));
  const auto yaml = policy::read_file(*file, policy::yaml_bytes_max);
  if (!yaml) return complain({yaml.error().code, file->string() + ": " + yaml.error().detail});
  const auto scenario = scenarios::scenario::parse(*yaml, file->filename().string());
  if (!scenario) return complain(scenario.error(), language_of(p.values));
  const auto folder = find_pack(values.count("pack") != 0 ? values["pack"].as<std::string>() : scenario->pack);
  if (!folder) return complain(folder.error(), language_of(p.values));
  scenarios::judges by;
  if (status loaded = by.add(*folder); !loaded) return complain(loaded.error(), language_of(p.values));

  const std::string report = values.count("report") != 0 ? values["report"].as<std::string>() : "";
  if (!report.empty()) {
    if (const auto may = scenarios::may_write(report); !may)
      return complain(may.error(), language_of(p.values));
  }

  scenarios::simulation_settings settings;
  settings.seed = values.count("seed") != 0 ? values["seed"].as<std::uint64_t>() : scenario->seed;
  settings.lanes = values["lanes"].as<unsigned>();
  if (settings.lanes < 1 || settings.lanes > shard_count) {
    return complain({errc::bad_argument, "--lanes is 1 to 64"});
  }
  settings.pack = by.packs[0];
  if (values.count("faults") != 0) settings.faults = scenarios::fault_plan::draw(settings.seed);
  if (settings.faults.any() && values.count("record") != 0) {
    return complain({errc::bad_argument, "--record and --faults do not go together: no fault comes from outside"});
  }
  const scenarios::manifest m{scenarios::trace_head::of(*scenario, *yaml, settings.seed, *settings.pack), "simulate", *yaml};
  leavings left;
  if (status opened = left.open(values, m.head); !opened)
    return complain(opened.error(), language_of(p.values));
  left.hook_into(settings, m, by);
  const days span{scenario->begin - scenario->opening, scenario->end};
  result<scenarios::simulation_result> r = [&] {
    progress_bar bar(scenario->name, "d");
    settings.progress = [&](instant t) { bar.show(span.done(t), span.all()); };
    return settings.faults.any() ? beside_faultless(*scenario, settings) : scenarios::simulate(*scenario, settings);
  }();
  if (!r) return complain(r.error(), language_of(p.values));
  if (!report.empty()) {
    if (const auto written = scenarios::write_report(report, *scenario, *r); !written)
      return complain(written.error(), language_of(p.values));
  }
  const std::string json = scenarios::summary_json(*scenario, *r, "simulate");
  if (status closed = left.close(*r, json); !closed) return complain(closed.error(), language_of(p.values));
  const std::string text = wants_json(values) ? json : scenarios::summary_text(*scenario, *r, language_of(values));
  std::printf("%s\n", text.c_str());
  return exit_ok;
}

}  // namespace zhili::node
