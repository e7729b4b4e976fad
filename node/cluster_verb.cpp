// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include <fmt/format.h>

#include "node/cluster_books.hpp"
#include "node/cluster_killer.hpp"
#include "node/cluster_rolling.hpp"
#include "node/feed.hpp"
#include "node/files.hpp"
#include "node/options.hpp"
#include "node/progress.hpp"
#include "scenarios/trace/recorder.hpp"
#include "scenarios/trace/data_folder.hpp"

namespace zhili::node {
namespace {

constexpr usage about{
    "cluster", "",
    "Starts gateway, the six groups and desk, risk and signal as processes of their own on this machine, feeds them a\n"
    "trace by its own time, and prints what they decided beside what `zhili replay` decides of the same file. Then every\n"
    "process is stopped and what differs is listed. With --kills, processes are killed while they work and started again.\n\n"
    "examples\n"
    "  zhili cluster                                one day of summer-2021\n"
    "  zhili cluster --scenario smoke --kills 50    three small days, fifty times kill -9\n"
    "  zhili cluster --rolling                      restarts one process after the other under load\n"
    "  zhili cluster --trace day.ndjson.zst --dir /tmp/cluster\n"};

namespace fs = std::filesystem;

constexpr unsigned faults_max = 300;

/// The first days of a scenario as a trace.
status record(const std::string& name, unsigned days, std::uint64_t seed, const fs::path& file) {
  const auto path = find_scenario(name);
  if (!path) return tl::unexpected(path.error());
  auto s = scenarios::scenario::load(*path);
  if (!s) return tl::unexpected(s.error());
  s->end = std::min(s->end, s->begin + std::chrono::days{days});
  const auto folder = find_pack(s->pack);
  if (!folder) return tl::unexpected(folder.error());
  const auto pack = policy::pack::load(*folder);
  if (!pack) return tl::unexpected(pack.error());
  auto to = scenarios::recorder::create(file, scenarios::trace_head::of(*s, {}, seed, **pack));
  if (!to) return tl::unexpected(to.error());
  scenarios::simulation_settings settings;
  settings.seed = seed;
  settings.pack = *pack;
  settings.listener = to->get();
  settings.prepared = [&](const std::vector<scenarios::control>& schedule, const scenarios::shelf& shelves) {
    (*to)->controls(schedule, shelves);
    return status{};
  };
  const auto ran = scenarios::simulate(*s, settings);
  if (!ran) return tl::unexpected(ran.error());
  return (*to)->finish();
}

struct plan {
  fs::path dir;
  fs::path trace;
  std::string pack;
  unsigned kills = 0;
  std::uint64_t seed = 1;
  fault_rates faults;
  unsigned port = 0;
  std::size_t window = 4096;
  bool zh = false;
};

/// What the nodes' folders hold once they are stopped, beside replay. True: every promise was kept.
result<bool> judge(const plan& p, const cluster_processes& cluster, side& here, const fed& f) {
  for (const cluster_node& n : cluster.nodes()) {
    auto folder = scenarios::data_folder::open(cluster.data_of(n));
    if (!folder) return tl::unexpected(folder.error());
    if (const status read = read_decisions((*folder)->log(), here); !read) return tl::unexpected(read.error());
  }
  count_verdicts(here);
  const auto there = replayed(p.trace, p.pack);
  if (!there) return tl::unexpected(there.error());
  std::printf("%s", comparison(here, *there, p.zh).c_str());
  std::uint64_t other = 0;
  const std::string list = differing(here, *there, other, p.zh);
  const std::size_t all = std::max<std::size_t>(there->decided.size(), 1);
  std::printf("  %s %llu / %zu (%.3f %%)\n%s", p.zh ? "最后决定不同的对象（集群 / 重放）" : "subjects that ended otherwise (cluster / replay)",
              static_cast<unsigned long long>(other), all, 100.0 * static_cast<double>(other) / static_cast<double>(all), list.c_str());
  const std::string broken = broken_promises(here, *there, f.counts, p.zh);
  std::printf("  %s\n%s", broken.empty() ? (p.zh ? "账目相合，没有一件重复" : "the books agree, nothing is there twice")
                                        : (p.zh ? "不成立的：" : "what does not hold:"), broken.c_str());
  std::printf("  %s %s\n", p.zh ? "数据目录，可逐个 zhili verify：" : "folders, each for zhili verify:", (p.dir / "nodes").string().c_str());
  return broken.empty() && other * 100 <= all;
}

int run(const plan& p) {
  auto cluster = cluster_processes::start({p.dir / "nodes", p.pack, p.port, p.trace, p.faults, false});
  if (!cluster) return complain(cluster.error());
  auto nodes = (*cluster)->connect(p.window);
  if (!nodes) return complain(nodes.error());
  feed_settings settings;
  settings.settle = std::chrono::seconds{60};
  cluster_killer kills(**cluster, p.kills, p.seed);
  const auto f = [&] {
    progress_bar bar("cluster", "submissions");
    settings.progress = [&](std::uint64_t done, std::uint64_t all) { bar.show(static_cast<double>(done), static_cast<double>(all)); };
    return feed(p.trace, *nodes, settings);
  }();
  kills.end();
  if (!kills.trouble().empty()) return complain({errc::io, kills.trouble()});
  if (!f) return complain(f.error());
  std::printf("%s\n", fed_text(*f, p.zh).c_str());
  if (p.kills != 0) std::printf("%s", killed_text(kills, p.zh).c_str());
  if (!kills.complete()) std::printf("  %s\n", p.zh ? "轨迹先到了头，没有杀满" : "the trace ended before all kills were done");
  side here;
  for (const auto& node : *nodes) {
    if (const status added = add_counts(*node, here); !added) return complain(added.error());
  }
  if (p.faults.any()) {
    std::printf(p.zh ? "  各进程最后一世之间的帧：丢 %llu，重 %llu，乱序 %llu\n" : "  frames between nodes in the last life of each: lost %llu, doubled %llu, overtaken %llu\n",
                static_cast<unsigned long long>(here.faults.dropped), static_cast<unsigned long long>(here.faults.doubled),
                static_cast<unsigned long long>(here.faults.reordered));
  }
  nodes->clear();
  if (const status ended = (*cluster)->stop(); !ended) return complain(ended.error());
  const auto good = judge(p, **cluster, here, *f);
  if (!good) return complain(good.error());
  return *good && kills.complete() ? exit_ok : exit_failed;
}

}  // namespace

int run_cluster(const std::vector<std::string>& arguments) {
  po::options_description options("options");
  options.add_options()("scenario", po::value<std::string>()->default_value("summer-2021"), "record this one first, by name or file")(
      "days", po::value<unsigned>()->default_value(1), "its first days")("seed", po::value<std::uint64_t>()->default_value(1), "its seed, and that of kills")(
      "trace", po::value<std::string>(), "feed this trace instead")(
      "pack", po::value<std::string>()->default_value("baseline-2021"), "pack to judge with, by name or folder")(
      "dir", po::value<std::string>(), "where nodes keep their files; default: a new folder for temporary files")(
      "kills", po::value<unsigned>()->default_value(0), "kill -9 so many processes while they work, half of them in a commit, and start them again")(
      "faults", po::value<unsigned>()->default_value(0), "of a thousand frames between nodes lose so many, send so many twice, and so many behind the next one")(
      "rolling", po::bool_switch(), "no trace: restart a gateway and three nodes one after the other under load, and print each partition's pause")(
      "port", po::value<unsigned>()->default_value(7610), "first of sixteen ports on 127.0.0.1");
  add_common(options);
  const parsed o = parse(about, options, arguments);
  if (o.exit) return *o.exit;
  plan p;
  p.zh = language_of(o.values) == scenarios::language::zh;
  p.pack = o.values["pack"].as<std::string>();
  p.kills = o.values["kills"].as<unsigned>();
  p.seed = o.values["seed"].as<std::uint64_t>();
  p.faults.seed = p.seed;
  p.faults.drop = p.faults.doubled = p.faults.reorder = o.values["faults"].as<unsigned>();
  if (p.faults.drop > faults_max) {
    return complain({errc::bad_argument, fmt::format("--faults {}: at most {} of a thousand, so that something arrives", p.faults.drop, faults_max)});
  }
  p.port = o.values["port"].as<unsigned>();
  std::error_code ec;
  if (o.values.count("dir")) {
    p.dir = o.values["dir"].as<std::string>();
    if (fs::exists(p.dir / "nodes", ec)) {
      return complain({errc::bad_argument, fmt::format("{}: holds a cluster already; name a folder that is not there yet", p.dir.string())});
    }
  } else {
    std::string pattern = (fs::temp_directory_path() / "zhili-cluster-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) return complain({errc::io, "no folder for temporary files can be made"});
    p.dir = pattern;
  }
  fs::create_directories(p.dir, ec);
  p.dir = fs::absolute(p.dir);
  if (o.values["rolling"].as<bool>()) return run_rolling({p.dir / "nodes", p.pack, p.port, {}, {}, true}, p.zh);
  if (o.values.count("trace")) {
    p.trace = fs::absolute(o.values["trace"].as<std::string>());
  } else {
    p.trace = p.dir / "trace.ndjson.zst";
    std::fprintf(stderr, "%s\n", p.zh ? "正在录制…" : "recording ...");
    const status recorded = record(o.values["scenario"].as<std::string>(), o.values["days"].as<unsigned>(),
                                   p.seed, p.trace);
    if (!recorded) return complain(recorded.error());
  }
  return run(p);
}

}  // namespace zhili::node
