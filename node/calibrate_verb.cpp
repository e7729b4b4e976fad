// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "node/files.hpp"
#include "node/options.hpp"
#include "node/progress.hpp"
#include "policy/yaml.hpp"
#include "scenarios/calibrate.hpp"

namespace zhili::node {
namespace {

namespace fs = std::filesystem;
using scenarios::calibration;
using scenarios::fitted_figure;

constexpr usage about{
    "calibrate", "SCENARIO",
    "Fits what nobody published to what somebody did: factor_ppm of products, institutions, practitioners and\n"
    "reviews, until the mean over the seeds of what is caught of each lies within 2 % of the published figure.\n"
    "Only the shares of unlawful items move. Arrivals and detection stay chance, so single runs go on to scatter\n"
    "around the mean, and what was fitted is no evidence for anything. Every round runs all seeds; a fit takes\n"
    "three to six rounds. Exit code 1: not reached in so many rounds.\n\n"
    "examples\n"
    "  zhili calibrate summer-2021 --write             30 seeds a round at full volume: an hour on two cores\n"
    "  zhili calibrate summer-2021 --scale 0.1         a tenth of the volume and of the published figures\n"
    "  zhili calibrate my.yaml --seeds 4 --iterations 1   how far off it is now\n"};

struct choices {
  scenarios::calibration_settings settings;
  fs::path file;
  bool write = false;
};

std::optional<std::string> wrong_with(const scenarios::calibration_settings& s) {
  if (s.seeds.count < 1 || s.seeds.count > 10'000) return "--seeds is 1 to 10000";
  if (s.iterations < 1 || s.iterations > 100) return "--iterations is 1 to 100";
  if (!(s.scale > 0 && s.scale <= 10)) return "--scale is above 0 and at most 10; 0.1 is a tenth of the volume";
  if (s.seeds.jobs > 1024) return "--jobs is at most 1024";
  return std::nullopt;
}

std::string table(const calibration& c) {
  std::string out = fmt::format("  {:<14}{:>12}{:>12}{:>12}{:>9}{:>13}{:>13}\n", "caught", "mean", "deviation", "published",
                                "off", "factor was", "factor is");
  out += "  " + std::string(85, '-') + '\n';
  for (const fitted_figure& f : c.figures) {
    out += fmt::format("  {:<14}{:>12.1f}{:>12.1f}{:>12.1f}{:>+8.2f}%{:>13}{:>13}\n", f.of.key, f.caught.mean,
                       f.caught.deviation, f.published, f.off() * 100, f.factor_before, f.factor_ppm);
  }
  return out;
}

std::string json(const calibration& c, const choices& chosen) {
  nlohmann::ordered_json j;
  j["scenario"] = chosen.file.stem().string();
  j["seeds"] = chosen.settings.seeds.count;
  j["scale"] = chosen.settings.scale;
  j["rounds"] = c.rounds;
  j["reached"] = c.reached;
  for (const fitted_figure& f : c.figures) {
    j["figures"][std::string(f.of.key)] = {{"mean", f.caught.mean},           {"deviation", f.caught.deviation},
                                           {"published", f.published},        {"off", f.off()},
                                           {"factor_before", f.factor_before}, {"factor_ppm", f.factor_ppm}};
  }
  return j.dump(2);
}

/// The whole new file stands beside the old one before it takes its place.
status write_factors(const fs::path& file, const calibration& c) {
  auto text = policy::read_file(file, policy::yaml_bytes_max);
  if (!text) return tl::unexpected(text.error());
  const auto fitted = scenarios::with_factors(std::move(*text), c.figures);
  if (!fitted) return tl::unexpected(fitted.error());
  if (const auto read = scenarios::scenario::parse(*fitted, file.filename().string()); !read) {
    return tl::unexpected(read.error());
  }
  fs::path beside = file;
  beside += ".new";
  std::ofstream out(beside, std::ios::binary | std::ios::trunc);
  out << *fitted;
  out.close();
  std::error_code ec;
  if (out) fs::rename(beside, file, ec);
  if (!out || ec) return fail(errc::io, fmt::format("cannot write {}", file.string()));
  return {};
}

int fit(const scenarios::scenario& s, choices& chosen, bool as_json) {
  scenarios::calibration_settings& settings = chosen.settings;
  const auto fitted = [&] {
    progress_bar bar(s.name, "rounds");
    settings.progress = [&](double rounds) { bar.show(rounds, settings.iterations); };
    return scenarios::calibrate(s, settings);
  }();
  if (!fitted) return complain(fitted.error());
  std::printf("%s\n", (as_json ? json(*fitted, chosen) : table(*fitted)).c_str());
  if (chosen.write) {
    if (const status written = write_factors(chosen.file, *fitted); !written) return complain(written.error());
    std::fprintf(stderr, "zhili: the factors now stand in %s\n", chosen.file.c_str());
  }
  if (fitted->reached) return exit_ok;
  std::fprintf(stderr, "zhili calibrate: after %u rounds a mean is still more than %.0f %% off\n", fitted->rounds,
               settings.tolerance * 100);
  return exit_failed;
}

}  // namespace

int run_calibrate(const std::vector<std::string>& arguments) {
  choices chosen;
  scenarios::calibration_settings& s = chosen.settings;
  po::options_description options("options");
  options.add_options()("seeds", po::value(&s.seeds.count)->default_value(30), "runs a round, with seeds from the scenario's on")(
      "iterations", po::value(&s.iterations)->default_value(8), "rounds at most")(
      "scale", po::value(&s.scale)->default_value(1), "run at this fraction of the volume, beside this fraction of the published figures")(
      "jobs", po::value(&s.seeds.jobs)->default_value(0), "runs at one time, each on one core; 0: one a core")(
      "pack", po::value<std::string>(), "pack to judge with, by name or folder; default: the scenario's")(
      "write", "write the fitted factor_ppm into the scenario's file; nothing else of it changes");
  add_common(options);
  const parsed p = parse(about, options, arguments);
  if (p.exit) return *p.exit;
  if (const auto wrong = wrong_with(s)) return complain({errc::bad_argument, *wrong});
  chosen.write = p.values.count("write") != 0;

  const auto file = find_scenario(p.values["positional"].as<std::vector<std::string>>()[0]);
  if (!file) return complain(file.error());
  chosen.file = *file;
  const auto scenario = scenarios::scenario::load(*file);
  if (!scenario) return complain(scenario.error());
  const auto folder = find_pack(p.values.count("pack") != 0 ? p.values["pack"].as<std::string>() : scenario->pack);
  if (!folder) return complain(folder.error());
  const auto pack = policy::pack::load(*folder);
  if (!pack) return complain(pack.error());
  s.seeds.pack = *pack;
  s.seeds.first = scenario->seed;
  return fit(*scenario, chosen, wants_json(p.values));
}

}  // namespace zhili::node
