// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include <fmt/format.h>

#include "node/files.hpp"
#include "node/options.hpp"
#include "node/progress.hpp"
#include "node/trace_truth.hpp"
#include "policy/yaml.hpp"
#include "scenarios/trace/data_folder.hpp"
#include "scenarios/trace/replay_summary.hpp"

namespace zhili::node {
namespace {

constexpr usage about{
    "replay", "FILE",
    "Runs a recorded trace (.ndjson or .ndjson.zst): what was submitted then, and what people decided then, through the\n"
    "partitions of today. With the same pack the digest is that of the recorded run. With another pack, decisions of\n"
    "people that no longer fit are refused and counted. docs/trace.md says what stands in the file.\n\n"
    "examples\n"
    "  zhili simulate smoke --record smoke.ndjson.zst     writes a trace\n"
    "  zhili replay smoke.ndjson.zst                      the same digest again\n"
    "  zhili replay smoke.ndjson.zst --pack packs/mine    what would another pack have done?\n"
    "  zhili replay smoke.ndjson.zst --strict             a bad line ends it\n"};

/// The packs that the trace names, or the one that is given.
result<scenarios::judges> judges_of(const scenarios::trace_feed& feed, const po::variables_map& values) {
  scenarios::judges out;
  if (values.count("pack") != 0) {
    const auto folder = find_pack(values["pack"].as<std::string>());
    if (!folder) return tl::unexpected(folder.error());
    if (status added = out.add(*folder); !added) return tl::unexpected(added.error());
    return out;
  }
  for (const auto& p : feed.packs()) {
    const auto folder = find_pack(p.name);
    if (!folder) return tl::unexpected(folder.error());
    if (status added = out.add(*folder); !added) return tl::unexpected(added.error());
  }
  if (out.packs.empty()) {
    return fail(errc::malformed, "the trace names no pack that judges; give one with --pack");
  }
  return out;
}

void print_bad_lines(const std::string& file, const scenarios::trace_report& r) {
  for (const auto& b : r.first) {
    std::fprintf(stderr, "zhili: %s: line %llu: %s\n", file.c_str(), static_cast<unsigned long long>(b.number), b.why.c_str());
  }
  if (r.bad > r.first.size()) {
    std::fprintf(stderr, "zhili: %s: and %llu more bad lines\n", file.c_str(), static_cast<unsigned long long>(r.bad - r.first.size()));
  }
  if (!r.cut.empty()) std::fprintf(stderr, "zhili: %s\n", r.cut.c_str());
}

}  // namespace

int run_replay(const std::vector<std::string>& arguments) {
  po::options_description options("options");
  options.add_options()("pack", po::value<std::string>(), "pack to judge with, by name or folder; default: those of the trace")(
      "scenario", po::value<std::string>(), "scenario that the trace was recorded from, by name or file; default: by its name in the trace")(
      "lanes", po::value<unsigned>()->default_value(2), "shards are dealt to so many lanes; the outcome is the same on any number")(
      "data-dir", po::value<std::string>(), "keeps the logs there, for zhili verify; a folder that is not there yet")(
      "strict", "the first bad line ends it; default: bad lines are reported, counted and left out");
  add_common(options);
  const parsed p = parse(about, options, arguments);
  if (p.exit) return *p.exit;
  const auto& values = p.values;
  const std::string file = values["positional"].as<std::vector<std::string>>()[0];

  auto feed = scenarios::trace_feed::open(file, values.count("strict") != 0);
  if (!feed) return complain(feed.error());
  const scenarios::trace_head& head = (*feed)->head();
  const auto judges = judges_of(**feed, values);
  if (!judges) return complain(judges.error());
  std::string yaml;
  const auto truth = truth_of(head, values.count("scenario") != 0 ? values["scenario"].as<std::string>() : head.scenario, yaml);
  scenarios::scenario world = truth ? *truth : scenarios::scenario_of(head);
  world.pack = judges->packs[0]->name();

  scenarios::replay_settings settings;
  settings.packs = judges->packs;
  settings.other_pack = values.count("pack") != 0;
  settings.truth = truth ? &*truth : nullptr;
  settings.lanes = values["lanes"].as<unsigned>();
  if (settings.lanes < 1 || settings.lanes > shard_count) return complain({errc::bad_argument, "--lanes is 1 to 64"});
  const auto kept = values.count("data-dir") != 0
                        ? scenarios::data_folder::create(values["data-dir"].as<std::string>())
                        : result<std::unique_ptr<scenarios::data_folder>>(nullptr);
  if (!kept) return complain(kept.error());
  if (*kept) {
    settings.log = &(*kept)->log();
    settings.texts = &(*kept)->texts();
    scenarios::manifest m{head, "replay", yaml};
    m.head.pack = world.pack;
    m.head.pack_digest = hex(judges->packs[0]->digest());
    m.head.behaviour = scenarios::behaviour_now();
    settings.prepared = [&kept, &judges, m](const auto&, const scenarios::shelf& shelves) {
      return (*kept)->begin(m, *judges, shelves);
    };
  }
  const auto r = [&] {
    const auto day = [](duration d) { return static_cast<double>(d.count()) / 86.4e6; };
    progress_bar bar(head.scenario, "d");
    settings.progress = [&](instant t) { bar.show(day(t - head.first()), day(head.end - head.first())); };
    return scenarios::replay(**feed, settings);
  }();
  print_bad_lines(file, (*feed)->report());
  if (!r) return complain(r.error());
  const std::string json = scenarios::replay_json(world, *r);
  if (*kept) {
    if (status done = (*kept)->finish(r->run, json); !done) return complain(done.error());
  }
  std::printf("%s\n", wants_json(values) ? json.c_str() : scenarios::replay_text(world, *r, language_of(values)).c_str());
  return r->trace.cut.empty() ? exit_ok : exit_bad_input;
}

}  // namespace zhili::node
